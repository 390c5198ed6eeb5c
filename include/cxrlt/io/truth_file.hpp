// SPDX-License-Identifier: Apache-2.0
/// The truth from a table: an id column, and a column of labels per class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/id_reader.hpp"
#include "cxrlt/io/number.hpp"
#include "cxrlt/io/prediction_file.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// What a label of -1 becomes.
enum class UncertainPolicy : std::uint8_t { missing, positive, negative, error };

/// What a blank cell of the truth becomes.
enum class BlankPolicy : std::uint8_t { missing, negative, error };

/// What is read from a truth file.
struct TruthOptions {
  std::vector<std::string> classes = {};  ///< in this order
  std::string id_column = {};             ///< must be there, under this name or an alias; "": any
  std::vector<std::string> id_aliases = {};
  UncertainPolicy uncertain = UncertainPolicy::missing;
  BlankPolicy blank = BlankPolicy::missing;
};

/// Labels by class, and where they stood.
struct TruthTable {
  std::string file;       ///< base name
  std::string id_column;  ///< its name; "" where it is missing
  std::vector<std::string> ids;
  std::vector<std::size_t> lines;  ///< of each row, 1-based
  std::vector<std::string> classes;
  std::vector<std::size_t> class_columns;  ///< 0-based in the file; `kNoColumn` if missing
  std::vector<std::vector<Label>> labels;  ///< per class; `kMissing` where a cell was bad
  std::size_t n_uncertain = 0;             ///< cells of -1
};

namespace detail {

/// What a cell of the truth says, before any policy.
enum class LabelCell : std::uint8_t { negative, positive, blank, uncertain, other };

inline LabelCell label_cell(std::string_view cell) {
  if (cell.empty()) return LabelCell::blank;
  if (cell == "0") return LabelCell::negative;
  if (cell == "1") return LabelCell::positive;
  const ParsedNumber number = parse_number(cell);
  if (number.kind != NumberKind::number) return LabelCell::other;
  if (number.value == 0) return LabelCell::negative;
  if (number.value == 1) return LabelCell::positive;
  return number.value == -1 ? LabelCell::uncertain : LabelCell::other;
}

/// True where the column holds nothing but 0, 1 and blank.
inline bool is_label_column(const CsvTable& table, std::size_t column) {
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    const LabelCell cell = label_cell(table.cell(row, column));
    if (cell == LabelCell::uncertain || cell == LabelCell::other) return false;
  }
  return true;
}

inline Label apply(UncertainPolicy policy) {
  if (policy == UncertainPolicy::positive) return 1;
  return policy == UncertainPolicy::negative ? Label{0} : kMissing;
}

/// The label of a cell under the policies, and the fault if it is none.
inline CellFault read_label(std::string_view cell, const TruthOptions& options, Label& label) {
  label = kMissing;
  const LabelCell kind = label_cell(cell);
  switch (kind) {
    case LabelCell::negative:
      label = 0;
      return {};
    case LabelCell::positive:
      label = 1;
      return {};
    case LabelCell::blank:
      if (options.blank == BlankPolicy::negative) label = 0;
      if (options.blank != BlankPolicy::error) return {};
      return {"empty_cell", "the cell is empty; expected 0 or 1 (blank labels are refused)"};
    case LabelCell::uncertain:
      label = apply(options.uncertain);
      if (options.uncertain != UncertainPolicy::error) return {};
      return {"uncertain_label", "the label is -1; expected 0 or 1 (uncertain labels are refused)"};
    case LabelCell::other:
      break;
  }
  const bool is_number = parse_number(cell).kind == NumberKind::number;
  const char* code = is_number                 ? "not_a_label"
                     : has_decimal_comma(cell) ? "decimal_comma"
                                               : "not_a_number";
  return {code, in_quotes(cell) + " is no label; expected 0, 1, blank (missing) or -1 (uncertain)"};
}

}  // namespace detail

/// The classes of a truth file where nobody names them: its named columns, less the id and
/// `others`, that either bear a name of `prediction_names` or hold nothing but 0, 1 and blank. In
/// the truth's order, each name once. O(cells).
inline std::vector<std::string> select_classes(const CsvTable& truth, std::size_t id_column,
                                               std::span<const std::string> prediction_names,
                                               const std::vector<std::string>& others) {
  const auto predicted = detail::index_header(prediction_names);
  const auto columns = detail::index_header(truth.header());
  std::vector<std::string> classes;
  for (std::string& name : detail::all_classes(truth, id_column, others)) {
    if (predicted.contains(name) || detail::is_label_column(truth, columns.at(name))) {
      classes.push_back(std::move(name));
    }
  }
  return classes;
}

/// Reads ids and labels: each cell a number equal to 0 or 1, blank, or -1. Problems, in file order:
/// of the header `missing_id_column`, `duplicate_column`, `missing_class`; of the rows
/// `duplicate_id`, `empty_cell` (no id, or a blank label under `BlankPolicy::error`),
/// `uncertain_label` (under `UncertainPolicy::error`), `not_a_label` (another number),
/// `not_a_number`, `decimal_comma`, each with line, column, class and id. O(cells) time.
inline std::optional<TruthTable> read_truth(const CsvTable& table, const TruthOptions& options,
                                            const ProblemSink& sink) {
  TruthTable truth;
  truth.file = table.file();
  truth.classes = options.classes;
  const std::size_t id_column =
      find_id_column(table, {options.id_column, options.id_aliases}, options.classes, sink);
  if (id_column != kNoColumn) truth.id_column = table.header()[id_column];
  report_saved_index(table, sink);
  report_duplicate_columns(table, sink);
  truth.class_columns = find_class_columns(table, id_column, truth.classes, sink);

  const std::size_t n_rows = table.n_rows();
  truth.ids.reserve(n_rows);
  truth.lines.reserve(n_rows);
  truth.labels.assign(truth.classes.size(), std::vector<Label>(n_rows, kMissing));
  IdReader ids(table, id_column);
  for (std::size_t row = 0; row < n_rows; ++row) {
    const std::string_view id = ids.read(row, sink);
    truth.ids.emplace_back(id);
    truth.lines.push_back(table.line(row));
    for (std::size_t k = 0; k < truth.classes.size(); ++k) {
      const std::size_t column = truth.class_columns[k];
      if (column == kNoColumn) continue;
      const std::string_view cell = table.cell(row, column);
      detail::CellFault fault = detail::read_label(cell, options, truth.labels[k][row]);
      if (fault.code != nullptr) {
        sink(detail::cell_problem(table, row, column, id, std::move(fault)));
      }
      if (detail::label_cell(cell) == detail::LabelCell::uncertain) ++truth.n_uncertain;
    }
  }
  return truth;
}

}  // namespace cxrlt
