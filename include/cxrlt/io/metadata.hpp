// SPDX-License-Identifier: Apache-2.0
/// What is known about rows beside their labels: patient, view, centre.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/id_reader.hpp"
#include "cxrlt/io/truth_file.hpp"

namespace cxrlt {

/// One column of metadata, a value per row; a value may be empty.
struct MetadataColumn {
  std::string name;
  std::vector<std::string> values;
};

namespace detail {

/// Where each row of the truth stands in a table; reports `missing_id` for the first row that is
/// not there, with the number of such rows.
inline std::vector<std::size_t> rows_of_truth(const CsvTable& table, std::size_t id_column,
                                              const TruthTable& truth, const ProblemSink& sink) {
  IdReader ids(table, id_column);
  for (std::size_t row = 0; row < table.n_rows(); ++row) ids.read(sink);
  std::vector<std::size_t> rows;
  rows.reserve(truth.ids.size());
  std::size_t n_missing = 0;
  std::size_t first_missing = 0;
  for (std::size_t row = 0; row < truth.ids.size(); ++row) {
    const std::optional<std::size_t> found = ids.index().find(truth.ids[row]);
    rows.push_back(found.value_or(kNoColumn));
    if (!found && n_missing++ == 0) first_missing = row;
  }
  if (n_missing > 0) {
    Problem problem;
    problem.code = "missing_id";
    problem.file = truth.file;
    problem.line = truth.lines[first_missing];
    problem.id = truth.ids[first_missing];
    problem.count = n_missing;
    problem.message = "no row with this id in " + table.file();
    if (n_missing > 1) problem.message += "; this holds for " + count_of(n_missing, "row");
    sink(std::move(problem));
  }
  return rows;
}

}  // namespace detail

/// The columns `names` of `table`, one value per row of `rows` (`kNoColumn`: an empty value).
/// Reports `missing_column`, with the closest name, for one that is not there; it is left out.
inline std::vector<MetadataColumn> read_metadata_columns(const CsvTable& table,
                                                         std::span<const std::string> names,
                                                         std::span<const std::size_t> rows,
                                                         const ProblemSink& sink) {
  std::vector<MetadataColumn> columns;
  for (const std::string& name : names) {
    const std::size_t column = name.empty() ? kNoColumn : find_column(table.header(), name);
    if (column == kNoColumn) {
      sink(detail::header_problem(
          table, "missing_column", kNoColumn,
          "no column " + in_quotes(name) + closest_hint(name, table.header())));
      continue;
    }
    MetadataColumn out{name, {}};
    out.values.reserve(rows.size());
    for (const std::size_t row : rows) {
      out.values.emplace_back(row == kNoColumn ? std::string_view() : table.cell(row, column));
    }
    columns.push_back(std::move(out));
  }
  return columns;
}

/// Reads the columns `names` of a metadata table for each row of the truth, joined by id. The id
/// column is found by `options`, whose aliases may name the truth's. Reports `missing_id_column`,
/// `duplicate_column`, `missing_column`, `duplicate_id`, and `missing_id` with the truth's line
/// where a row is not found. O(cells).
inline std::vector<MetadataColumn> read_metadata(const CsvTable& table, const IdOptions& options,
                                                 std::span<const std::string> names,
                                                 const TruthTable& truth, const ProblemSink& sink) {
  const std::size_t id_column = find_id_column(table, options, {}, sink);
  report_duplicate_columns(table, sink);
  if (id_column == kNoColumn) return {};
  const std::vector<std::size_t> rows = detail::rows_of_truth(table, id_column, truth, sink);
  return read_metadata_columns(table, names, rows, sink);
}

}  // namespace cxrlt
