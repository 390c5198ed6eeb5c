// SPDX-License-Identifier: Apache-2.0
/// What the columns of a table are: which one holds the ids, which ones count and which do not.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/number.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// The position of a column that is not there.
inline constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

/// How the id column is found.
struct IdOptions {
  std::string id_column = {};  ///< must be there, under this name or an alias; "": any
  std::vector<std::string> id_aliases = {};  ///< tried next, in this order
};

/// The first column of this name, or `kNoColumn`. O(columns).
inline std::size_t find_column(std::span<const std::string> header, std::string_view name) {
  const auto found = std::find(header.begin(), header.end(), name);
  return found == header.end() ? kNoColumn : static_cast<std::size_t>(found - header.begin());
}

/// Those of `columns`, which ascend, whose every cell is such that `holds(cell)`. One walk over the
/// rows, which ends where no column is left.
template <class Holds>
std::vector<std::size_t> columns_where(const CsvTable& table, std::vector<std::size_t> columns,
                                       const Holds& holds) {
  for (std::size_t row = 0; row < table.n_rows() && !columns.empty(); ++row) {
    CellCursor cells = table.row(row);
    std::size_t at = 0;
    std::size_t n_kept = 0;
    for (const std::size_t column : columns) {
      cells.skip(column - at);
      at = column + 1;
      if (holds(cells.next())) columns[n_kept++] = column;
    }
    columns.resize(n_kept);
  }
  return columns;
}

/// True for an unnamed first column that holds 0, 1, ..., n - 1: an index that was saved with the
/// table; also under the name `Unnamed: 0` that pandas gives it when it saves it again. O(rows).
inline bool is_saved_index(const CsvTable& table, std::size_t column) {
  const std::string& name = table.header()[column];
  if (column != 0 || !(name.empty() || name == "Unnamed: 0") || table.n_rows() == 0) return false;
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    const ParsedNumber number = parse_number(table.cell(row, 0));
    if (number.kind != NumberKind::number || number.value != static_cast<double>(row)) return false;
  }
  return true;
}

namespace detail {

/// A problem of the header: line 1, and the 1-based column where there is one.
inline Problem header_problem(const CsvTable& table, const char* code, std::size_t column,
                              std::string message) {
  Problem problem;
  problem.code = code;
  problem.file = table.file();
  problem.line = 1;
  problem.column = column == kNoColumn ? 0 : column + 1;
  problem.message = std::move(message);
  return problem;
}

/// The first positions of the names of a header.
inline std::unordered_map<std::string_view, std::size_t> index_header(
    std::span<const std::string> header) {
  std::unordered_map<std::string_view, std::size_t> index;
  index.reserve(header.size());
  for (std::size_t c = 0; c < header.size(); ++c) index.try_emplace(header[c], c);
  return index;
}

}  // namespace detail

/// The column that holds the ids: `options.id_column` or one of the aliases; where no `id_column`
/// is asked for and there is no alias, the first named column. Reports `missing_id_column` (also
/// where the first named column is one of `classes`, so that there is none left for ids) and
/// returns `kNoColumn` then.
inline std::size_t find_id_column(const CsvTable& table, const IdOptions& options,
                                  std::span<const std::string> classes, const ProblemSink& sink) {
  const std::vector<std::string>& header = table.header();
  if (!options.id_column.empty()) {
    const std::size_t column = find_column(header, options.id_column);
    if (column != kNoColumn) return column;
  }
  for (const std::string& alias : options.id_aliases) {
    const std::size_t column = alias.empty() ? kNoColumn : find_column(header, alias);
    if (column != kNoColumn) return column;
  }
  if (!options.id_column.empty()) {
    std::string names = in_quotes(options.id_column);
    for (const std::string& alias : options.id_aliases) names += " or " + in_quotes(alias);
    sink(detail::header_problem(table, "missing_id_column", kNoColumn,
                                "no id column " + names + closest_hint(options.id_column, header)));
    return kNoColumn;
  }
  const auto is_named = [](const std::string& name) { return !name.empty(); };
  auto named =
      std::find_if(header.begin() + (is_saved_index(table, 0) ? 1 : 0), header.end(), is_named);
  if (named == header.end()) named = std::find_if(header.begin(), header.end(), is_named);
  const auto column = static_cast<std::size_t>(named - header.begin());
  if (std::find(classes.begin(), classes.end(), *named) != classes.end()) {
    sink(detail::header_problem(
        table, "missing_id_column", column,
        "no id column: the first named column, " + in_quotes(*named) + ", is a class"));
    return kNoColumn;
  }
  return column;
}

/// Reports `duplicate_column` for each named column whose name stands further left already.
inline void report_duplicate_columns(const CsvTable& table, const ProblemSink& sink) {
  const auto index = detail::index_header(table.header());
  for (std::size_t c = 0; c < table.n_columns(); ++c) {
    const std::string& name = table.header()[c];
    const std::size_t first = index.at(name);
    if (name.empty() || first == c) continue;
    sink(detail::header_problem(table, "duplicate_column", c,
                                "two columns are named " + in_quotes(name) + ": columns " +
                                    std::to_string(first + 1) + " and " + std::to_string(c + 1)));
  }
}

/// Reports a saved index, which is left out, with a note `extra_column`.
inline void report_saved_index(const CsvTable& table, const ProblemSink& sink) {
  if (!is_saved_index(table, 0)) return;
  Problem problem = detail::header_problem(table, "extra_column", 0,
                                           "the first column is a saved index; it is left out");
  problem.severity = Severity::note;
  sink(std::move(problem));
}

/// Reports the columns for which `is_used` is false: a named one, and an unnamed one that is not
/// empty, each with a warning `extra_column`; a saved index, and all unnamed empty ones together,
/// with a note of the same code.
template <class IsUsed>
void report_extra_columns(const CsvTable& table, const IsUsed& is_used, const ProblemSink& sink) {
  std::vector<std::size_t> unnamed;
  for (std::size_t c = 0; c < table.n_columns(); ++c) {
    if (table.header()[c].empty() && !is_saved_index(table, c)) unnamed.push_back(c);
  }
  const std::vector<std::size_t> blank =
      columns_where(table, std::move(unnamed), [](std::string_view cell) { return cell.empty(); });
  const auto report = [&](Severity severity, std::size_t column, std::string message) {
    Problem problem = detail::header_problem(table, "extra_column", column, std::move(message));
    problem.severity = severity;
    sink(std::move(problem));
  };
  for (std::size_t c = 0; c < table.n_columns(); ++c) {
    const std::string& name = table.header()[c];
    if (!name.empty() && is_used(c)) continue;
    if (is_saved_index(table, c)) {
      report_saved_index(table, sink);
    } else if (!name.empty()) {
      report(Severity::warning, c,
             "the column " + in_quotes(name) + " is neither id nor class; it is left out");
    } else if (!std::binary_search(blank.begin(), blank.end(), c)) {
      report(Severity::warning, c, "a column without a name holds values; it is left out");
    }
  }
  if (!blank.empty()) {
    Problem problem =
        detail::header_problem(table, "extra_column", blank.front(),
                               blank.size() == 1 ? "an unnamed empty column is left out"
                                                 : std::to_string(blank.size()) +
                                                       " unnamed empty columns are left "
                                                       "out");
    problem.severity = Severity::note;
    problem.count = blank.size();
    sink(std::move(problem));
  }
}

/// The columns of `classes` in a table, `kNoColumn` where one is missing; each of these is reported
/// as `missing_class`, with the closest name that no class bears.
inline std::vector<std::size_t> find_class_columns(const CsvTable& table, std::size_t id_column,
                                                   std::span<const std::string> classes,
                                                   const ProblemSink& sink) {
  auto index = detail::index_header(table.header());
  if (id_column != kNoColumn) index.erase(table.header()[id_column]);
  std::vector<std::size_t> columns;
  columns.reserve(classes.size());
  for (const std::string& name : classes) {
    const auto found = index.find(name);
    columns.push_back(name.empty() || found == index.end() ? kNoColumn : found->second);
  }
  if (std::find(columns.begin(), columns.end(), kNoColumn) == columns.end()) return columns;

  std::vector<bool> taken(table.n_columns(), false);
  for (const std::size_t c : columns) {
    if (c != kNoColumn) taken[c] = true;
  }
  std::vector<std::string> free_names;
  for (std::size_t c = 0; c < table.n_columns(); ++c) {
    if (!taken[c] && c != id_column) free_names.push_back(table.header()[c]);
  }
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (columns[k] != kNoColumn) continue;
    Problem problem = detail::header_problem(
        table, "missing_class", kNoColumn,
        "no column for class " + in_quotes(classes[k]) + closest_hint(classes[k], free_names));
    problem.class_name = classes[k];
    sink(std::move(problem));
  }
  return columns;
}

}  // namespace cxrlt
