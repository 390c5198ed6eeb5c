// SPDX-License-Identifier: Apache-2.0
/// Weights of models as a small CSV, which a search writes and another run reads.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/text.hpp"
#include "cxrlt/ensemble/detail/weight_range.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/number.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// A column `class`, then a column for each model; a line for each class, or a single one with an
/// empty class that holds for all.
/// @param weights  of each model: one, or one a class
inline std::string model_weights_csv(std::span<const std::string> models,
                                     std::span<const std::string> classes,
                                     std::span<const std::vector<double>> weights) {
  std::string text = "class";
  for (const std::string& model : models) text += ',' + csv_cell(model);
  text += '\n';
  const std::size_t n_lines = weights.empty() ? 0 : weights.front().size();
  for (std::size_t k = 0; k < n_lines; ++k) {
    if (n_lines > 1) text += csv_cell(classes[k]);
    for (const std::vector<double>& of_model : weights) text += fmt::format(",{}", of_model[k]);
    text += '\n';
  }
  return text;
}

namespace detail {

[[noreturn]] inline void throw_bad_weights(const CsvTable& table, std::size_t row,
                                           std::size_t column, const char* code,
                                           std::string message) {
  Problem problem;
  problem.code = code;
  problem.file = table.file();
  problem.line = table.line(row);
  problem.column = column + 1;
  problem.class_name = std::string(table.cell(row, 0));
  problem.message = std::move(message);
  throw DataError(std::move(problem));
}

inline std::vector<double> weights_of_row(const CsvTable& table, std::size_t row) {
  std::vector<double> weights;
  for (std::size_t m = 1; m < table.n_columns(); ++m) {
    const std::string_view cell = table.cell(row, m);
    const ParsedNumber number = parse_number(cell);
    if (number.kind != NumberKind::number ||
        (number.value != 0 && !is_positive_weight(number.value))) {
      throw_bad_weights(table, row, m, "not_a_number",
                        in_quotes(cell) + " is no weight; expected 0, or from 1e-100 to 1e100");
    }
    weights.push_back(number.value);
  }
  if (std::all_of(weights.begin(), weights.end(), [](double weight) { return weight == 0; })) {
    throw_bad_weights(table, row, 0, "not_a_number", "all weights are 0; expected one above 0");
  }
  return weights;
}

}  // namespace detail

/// Reads what `model_weights_csv` writes: the weights of each model, one or one a class in the
/// order of `classes`. Models are known by their place, not by name, so that weights found on
/// validation files go with test files. Other classes of the file are left out.
/// @throws DataError for a file that cannot be read or has another number of models, a class that
/// stands twice or is missing (naming the closest), or a weight that is none, a line of zeros.
inline std::vector<std::vector<double>> read_model_weights(const std::filesystem::path& path,
                                                           std::span<const std::string> classes,
                                                           std::size_t n_models) {
  const ProblemSink sink = throw_errors([](Problem) {});
  const CsvTable table = parse_csv(read_input(path, sink).value(), sink).value();
  if (table.header().front() != "class" || table.n_columns() != n_models + 1) {
    sink(detail::header_problem(
        table, "bad_header", kNoColumn,
        "expected a column 'class' and then " + detail::count_of(n_models, "column") +
            ", one for each file of predictions; found: " + joined(table.header())));
  }
  std::vector<std::vector<double>> rows(classes.size());
  std::vector<std::string> known;
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    const std::string_view name = table.cell(row, 0);
    std::vector<double> weights = detail::weights_of_row(table, row);
    if (name.empty() && table.n_rows() == 1) {
      rows.assign(1, std::move(weights));
      break;
    }
    if (name.empty()) {
      detail::throw_bad_weights(table, row, 0, "empty_cell",
                                "a line without a class holds for all, and must stand alone");
    }
    known.emplace_back(name);
    const auto found = std::find(classes.begin(), classes.end(), name);
    if (found == classes.end()) continue;
    std::vector<double>& of_class = rows[static_cast<std::size_t>(found - classes.begin())];
    if (!of_class.empty()) {
      detail::throw_bad_weights(table, row, 0, "duplicate_class",
                                "the class stands in this file twice");
    }
    of_class = std::move(weights);
  }
  std::vector<std::vector<double>> of_models(n_models);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (rows[k].empty()) {
      Problem problem = detail::file_problem(
          table.file(), "missing_class",
          "there are no weights for this class" + closest_hint(classes[k], known));
      problem.class_name = classes[k];
      sink(std::move(problem));
    }
    for (std::size_t m = 0; m < n_models; ++m) of_models[m].push_back(rows[k][m]);
  }
  return of_models;
}

}  // namespace cxrlt
