// SPDX-License-Identifier: Apache-2.0
/// Small files with a value per class: training counts, priors, groups.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/number.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/metrics/frequency_groups.hpp"

namespace cxrlt {

namespace detail {

/// A CSV with the columns `class` and `what`.
struct ClassTable {
  CsvTable table;
  std::size_t class_column;
  std::size_t value_column;

  [[noreturn]] void fail(std::size_t row, const char* code, std::string message) const {
    Problem problem;
    problem.code = code;
    problem.file = table.file();
    problem.line = table.line(row);
    problem.column = value_column + 1;
    problem.class_name = std::string(table.cell(row, class_column));
    problem.message = std::move(message);
    throw DataError(std::move(problem));
  }
};

inline ClassTable read_class_table(const std::filesystem::path& path, std::string_view what) {
  const ProblemSink sink = throw_errors([](Problem) {});
  CsvTable table = parse_csv(read_input(path, sink).value(), sink).value();
  const std::size_t class_column = find_column(table.header(), "class");
  const std::size_t value_column = find_column(table.header(), what);
  if (class_column == kNoColumn || value_column == kNoColumn) {
    throw DataError(header_problem(table, "bad_header", kNoColumn,
                                   "expected the columns 'class' and '" + std::string(what) + "'"));
  }
  return {std::move(table), class_column, value_column};
}

/// The index of the class that a row names, if it is one of ours.
inline std::optional<std::size_t> class_of_row(const ClassTable& file, std::size_t row,
                                               std::span<const std::string> classes) {
  const std::string_view name = file.table.cell(row, file.class_column);
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found == classes.end()) return std::nullopt;
  return static_cast<std::size_t>(found - classes.begin());
}

inline void check_named_once(const ClassTable& file, std::size_t row, std::vector<bool>& named,
                             std::size_t c) {
  if (named[c]) file.fail(row, "duplicate_class", "the class stands in this file twice");
  named[c] = true;
}

}  // namespace detail

/// Training positives per class from a CSV `class,count`. Classes of the file that are not asked
/// for are left out; classes without a row get no count.
/// @throws DataError for a file that cannot be read, a class that stands twice, or a count that is
/// no whole number >= 0.
inline std::vector<TrainCount> read_train_counts(const std::filesystem::path& path,
                                                 std::span<const std::string> classes) {
  const detail::ClassTable file = detail::read_class_table(path, "count");
  std::vector<TrainCount> counts(classes.size());
  std::vector<bool> named(classes.size());
  for (std::size_t row = 0; row < file.table.n_rows(); ++row) {
    const std::optional<std::size_t> c = detail::class_of_row(file, row, classes);
    const std::string_view cell = file.table.cell(row, file.value_column);
    const ParsedNumber number = parse_number(cell);
    if (number.kind != NumberKind::number || !(number.value >= 0 && number.value < 0x1p53) ||
        number.value != static_cast<double>(static_cast<std::uint64_t>(number.value))) {
      file.fail(row, "not_a_number",
                in_quotes(cell) + " is no count; expected a whole number >= 0");
    }
    if (!c) continue;
    detail::check_named_once(file, row, named, *c);
    counts[*c] = static_cast<std::uint64_t>(number.value);
  }
  if (std::find(named.begin(), named.end(), true) == named.end()) {
    Problem problem;
    problem.code = "unknown_class";
    problem.file = file.table.file();
    problem.message = "none of its classes is one of the " + std::to_string(classes.size()) +
                      " classes to be scored; the first is " +
                      in_quotes(file.table.cell(0, file.class_column));
    throw DataError(std::move(problem));
  }
  return counts;
}

/// A prior per class from a CSV `class,prior`, in the order of `classes`. Classes of the file that
/// are not asked for are left out.
/// @throws DataError for a file that cannot be read, a class that stands twice or without a row
/// (naming the closest), or a prior that is no number between 0 and 1, both excluded.
inline std::vector<double> read_class_priors(const std::filesystem::path& path,
                                             std::span<const std::string> classes) {
  const detail::ClassTable file = detail::read_class_table(path, "prior");
  std::vector<double> priors(classes.size());
  std::vector<bool> named(classes.size());
  std::vector<std::string> known;
  for (std::size_t row = 0; row < file.table.n_rows(); ++row) {
    known.emplace_back(file.table.cell(row, file.class_column));
    const std::string_view cell = file.table.cell(row, file.value_column);
    const ParsedNumber number = parse_number(cell);
    if (number.kind != NumberKind::number || !(number.value > 0 && number.value < 1)) {
      file.fail(row, "not_a_number",
                in_quotes(cell) + " is no prior; expected a number between 0 and 1, both excluded");
    }
    const std::optional<std::size_t> c = detail::class_of_row(file, row, classes);
    if (!c) continue;
    detail::check_named_once(file, row, named, *c);
    priors[*c] = number.value;
  }
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (named[c]) continue;
    Problem problem;
    problem.code = "missing_class";
    problem.file = file.table.file();
    problem.class_name = classes[c];
    problem.message = "there is no prior for this class" + closest_hint(classes[c], known);
    throw DataError(std::move(problem));
  }
  return priors;
}

/// Groups of classes from a CSV `class,group`, in the order in which the groups first occur.
/// Classes of the file that are not asked for are left out; classes without a row, or with an
/// empty group, belong to no group.
/// @throws DataError for a file that cannot be read or a class that stands twice.
inline std::vector<ClassGroup> read_class_groups(const std::filesystem::path& path,
                                                 std::span<const std::string> classes) {
  const detail::ClassTable file = detail::read_class_table(path, "group");
  std::vector<ClassGroup> groups;
  std::vector<bool> named(classes.size());
  for (std::size_t row = 0; row < file.table.n_rows(); ++row) {
    const std::string group(file.table.cell(row, file.value_column));
    const std::optional<std::size_t> c = detail::class_of_row(file, row, classes);
    if (!c || group.empty()) continue;
    detail::check_named_once(file, row, named, *c);
    auto found = std::find_if(groups.begin(), groups.end(),
                              [&](const ClassGroup& known) { return known.name == group; });
    if (found == groups.end()) {
      groups.push_back({group, "listed in " + file.table.file(), {}});
      found = groups.end() - 1;
    }
    found->classes.push_back(*c);
  }
  for (ClassGroup& group : groups) std::sort(group.classes.begin(), group.classes.end());
  return groups;
}

}  // namespace cxrlt
