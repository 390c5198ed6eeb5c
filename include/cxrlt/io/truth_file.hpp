// SPDX-License-Identifier: Apache-2.0
/// The truth from a table: an id column, and a column of labels per class.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/class_columns.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/detail/read_columns.hpp"
#include "cxrlt/io/id_column.hpp"
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
  IdColumn ids;
  std::vector<std::size_t> lines;  ///< of each row, 1-based
  std::vector<std::string> classes;
  std::vector<std::size_t> class_columns;  ///< 0-based in the file; `kNoColumn` if missing
  ClassColumns<Label> labels;              ///< `kMissing` where a cell was bad
  std::size_t n_uncertain = 0;             ///< cells of -1
};

namespace detail {

/// What a cell of the truth says, before any policy.
enum class LabelCell : std::uint8_t { negative, positive, blank, uncertain, other };

inline LabelCell label_of(double number) {
  if (number == 0) return LabelCell::negative;
  if (number == 1) return LabelCell::positive;
  return number == -1 ? LabelCell::uncertain : LabelCell::other;
}

inline LabelCell label_cell(std::string_view cell) {
  if (cell.empty()) return LabelCell::blank;
  if (cell == "0") return LabelCell::negative;
  if (cell == "1") return LabelCell::positive;
  const ParsedNumber number = parse_number(cell);
  return number.kind == NumberKind::number ? label_of(number.value) : LabelCell::other;
}

inline bool is_label_or_blank(std::string_view cell) {
  const LabelCell kind = label_cell(cell);
  return kind != LabelCell::uncertain && kind != LabelCell::other;
}

inline Label apply(UncertainPolicy policy) {
  if (policy == UncertainPolicy::positive) return 1;
  return policy == UncertainPolicy::negative ? Label{0} : kMissing;
}

/// Cells as labels under the policies; see `ColumnReader`.
struct LabelReader {
  using Value = Label;
  UncertainPolicy uncertain = UncertainPolicy::missing;
  BlankPolicy blank = BlankPolicy::missing;
  std::size_t n_uncertain = 0;  ///< cells of -1 so far

  bool read_plain(CellCursor& cells, Label& label) const {
    return cells.next_if([&label](std::string_view cell) {
      if (!cell.starts_with('0') && !cell.starts_with('1')) return false;
      if (cell.size() != 1 && cell.substr(1) != ".0") return false;
      label = cell.front() == '1' ? Label{1} : Label{0};
      return true;
    });
  }

  CellFault read(std::string_view cell, Label& label) {
    label = kMissing;
    switch (label_cell(cell)) {
      case LabelCell::negative:
        label = 0;
        return {};
      case LabelCell::positive:
        label = 1;
        return {};
      case LabelCell::blank:
        if (blank == BlankPolicy::negative) label = 0;
        if (blank != BlankPolicy::error) return {};
        return {"empty_cell", "the cell is empty; expected 0 or 1 (blank labels are refused)"};
      case LabelCell::uncertain:
        ++n_uncertain;
        label = apply(uncertain);
        if (uncertain != UncertainPolicy::error) return {};
        return {"uncertain_label",
                "the label is -1; expected 0 or 1 (uncertain labels are refused)"};
      case LabelCell::other:
        break;
    }
    const bool is_number = parse_number(cell).kind == NumberKind::number;
    const char* code = is_number                 ? "not_a_label"
                       : has_decimal_comma(cell) ? "decimal_comma"
                                                 : "not_a_number";
    return {code,
            in_quotes(cell) + " is no label; expected 0, 1, blank (missing) or -1 (uncertain)"};
  }
};

}  // namespace detail

/// The classes of a truth file where nobody names them: its named columns, less the id and
/// `others`, that either bear a name of `prediction_names` or hold nothing but 0, 1 and blank. In
/// the truth's order, each name once. O(cells).
inline std::vector<std::string> select_classes(const CsvTable& truth, std::size_t id_column,
                                               std::span<const std::string> prediction_names,
                                               const std::vector<std::string>& others) {
  const auto predicted = detail::index_header(prediction_names);
  const auto columns = detail::index_header(truth.header());
  std::vector<std::string> classes = detail::all_classes(truth, id_column, others);
  std::vector<std::size_t> candidates;
  for (const std::string& name : classes) {
    if (!predicted.contains(name)) candidates.push_back(columns.at(name));
  }
  const std::vector<std::size_t> labels =
      columns_where(truth, std::move(candidates), detail::is_label_or_blank);
  std::erase_if(classes, [&](const std::string& name) {
    return !predicted.contains(name) &&
           !std::binary_search(labels.begin(), labels.end(), columns.at(name));
  });
  return classes;
}

/// Reads ids and labels: each cell a number equal to 0 or 1, blank, or -1. Problems, in file order:
/// of the header `missing_id_column`, `duplicate_column`, `missing_class`; of the rows
/// `duplicate_id`, `empty_cell` (no id, or a blank label under `BlankPolicy::error`),
/// `uncertain_label` (under `UncertainPolicy::error`), `not_a_label` (another number),
/// `not_a_number`, `decimal_comma`, each with line, column, class and id. Equal for every number of
/// threads. O(cells) time; beside the result, memory for one block of text a thread.
inline std::optional<TruthTable> read_truth(const CsvTable& table, const TruthOptions& options,
                                            const ProblemSink& sink, const Cpu& policy = {}) {
  TruthTable truth;
  truth.file = table.file();
  truth.classes = options.classes;
  const std::size_t id_column =
      find_id_column(table, {options.id_column, options.id_aliases}, options.classes, sink);
  if (id_column != kNoColumn) truth.id_column = table.header()[id_column];
  report_saved_index(table, sink);
  report_duplicate_columns(table, sink);
  truth.class_columns = find_class_columns(table, id_column, truth.classes, sink);

  truth.labels = {table.n_rows(), truth.classes.size()};
  detail::ColumnReader reader(table, id_column, truth.class_columns,
                              detail::LabelReader{options.uncertain, options.blank});
  truth.ids = reader.read(truth.labels, kMissing, sink, policy);
  truth.lines = detail::lines_of(table);
  for (const detail::LabelReader& part : reader.readers) truth.n_uncertain += part.n_uncertain;
  return truth;
}

}  // namespace cxrlt
