// SPDX-License-Identifier: Apache-2.0
/// Predictions from a table: an id column, and a column of scores per class.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/class_columns.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/detail/plain_number.hpp"
#include "cxrlt/io/detail/read_columns.hpp"
#include "cxrlt/io/id_column.hpp"
#include "cxrlt/io/number.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// What is read from a prediction file.
struct PredictionOptions {
  std::vector<std::string> classes =
      {};                      ///< in this order; none: every named column but id and others
  std::string id_column = {};  ///< must be there, under this name or an alias; "": any
  std::vector<std::string> id_aliases = {};
  bool allow_infinite = false;                  ///< accept scores of +inf and -inf
  std::vector<std::string> other_columns = {};  ///< known columns that are no classes
};

/// The value of a cell that is no score.
inline constexpr double kNoScore = std::numeric_limits<double>::quiet_NaN();

/// Scores by class, and where they stood.
struct PredictionTable {
  std::string file;       ///< base name
  std::string id_column;  ///< its name; "" where it is missing
  IdColumn ids;
  std::vector<std::size_t> lines;  ///< of each row, 1-based
  std::vector<std::string> classes;
  std::vector<std::size_t> class_columns;  ///< 0-based in the file; `kNoColumn` if missing
  ClassColumns<double> scores;             ///< NaN where a cell was bad or missing
  std::vector<std::string> header;
};

namespace detail {

inline CellFault score_fault(std::string_view cell, const ParsedNumber& number,
                             bool allow_infinite) {
  switch (number.kind) {
    case NumberKind::number:
      return {};
    case NumberKind::empty:
      return {"empty_cell", "the cell is empty; expected a number"};
    case NumberKind::nan:
      return {"not_finite", in_quotes(cell) + " is not finite; expected a number"};
    case NumberKind::infinite:
      if (allow_infinite) return {};
      return {"not_finite", in_quotes(cell) +
                                " is not finite; infinite scores are accepted only as logits or "
                                "where nothing but ranking metrics is asked for"};
    case NumberKind::overflow:
      return {"not_finite", in_quotes(cell) + " is too large for a number of double precision"};
    case NumberKind::not_a_number:
      break;
  }
  if (has_decimal_comma(cell)) {
    return {"decimal_comma", in_quotes(cell) + " has a decimal comma; expected a decimal point"};
  }
  return {"not_a_number", in_quotes(cell) + " is not a number"};
}

/// Cells as scores; see `ColumnReader`.
struct ScoreReader {
  using Value = double;
  bool allow_infinite = false;

  bool read_plain(CellCursor& cells, double& score) const {
    return cells.next_if([&score](std::string_view cell) {
      return read_plain_number(cell.data(), cell.data() + cell.size(), score);
    });
  }
  CellFault read(std::string_view cell, double& score) const {
    const ParsedNumber number = parse_number(cell);
    CellFault fault = score_fault(cell, number, allow_infinite);
    score = fault.code == nullptr ? number.value : kNoScore;
    return fault;
  }
};

/// Every named column but the id and those named in `others`, each name once.
inline std::vector<std::string> all_classes(const CsvTable& table, std::size_t id_column,
                                            const std::vector<std::string>& others) {
  std::vector<std::string> classes;
  const auto index = index_header(table.header());
  for (std::size_t c = 0; c < table.n_columns(); ++c) {
    const std::string& name = table.header()[c];
    const bool is_other = find_column(others, name) != kNoColumn;
    if (c == id_column || name.empty() || is_other || is_saved_index(table, c)) continue;
    if (index.at(name) == c) classes.push_back(name);
  }
  return classes;
}

/// Reports the columns of a prediction file that are neither id, class nor otherwise known.
inline void report_extra_prediction_columns(const CsvTable& table, std::size_t id_column,
                                            const PredictionTable& predictions,
                                            const std::vector<std::string>& others,
                                            const ProblemSink& sink) {
  std::vector<bool> known(table.n_columns(), false);
  const auto index = index_header(table.header());
  for (const std::size_t c : predictions.class_columns) {
    if (c != kNoColumn) known[c] = true;
  }
  if (id_column != kNoColumn) known[id_column] = true;
  for (const std::string& name : others) {
    const auto found = index.find(name);
    if (found != index.end()) known[found->second] = true;
  }
  // A repeated name is reported as such already.
  const auto is_used = [&](std::size_t c) { return known[index.at(table.header()[c])]; };
  report_extra_columns(table, is_used, sink);
}

}  // namespace detail

/// Reads ids and scores. Problems, in file order: of the header `missing_id_column`,
/// `duplicate_column`, `missing_class`, `extra_column` (see `report_extra_columns`); of the rows
/// `duplicate_id`, `empty_cell`, `not_a_number`, `decimal_comma`, `not_finite` (NaN, overflow, and
/// +-inf unless allowed), each with line, column, class and id. What is missing or bad is NaN (an
/// id: empty), so that a caller whose sink does not throw goes on. Equal for every number of
/// threads. O(cells) time; beside the result, memory for one block of text a thread.
inline std::optional<PredictionTable> read_predictions(const CsvTable& table,
                                                       const PredictionOptions& options,
                                                       const ProblemSink& sink,
                                                       const Cpu& policy = {}) {
  PredictionTable predictions;
  predictions.file = table.file();
  predictions.header = table.header();
  const std::size_t id_column =
      find_id_column(table, {options.id_column, options.id_aliases}, options.classes, sink);
  if (id_column != kNoColumn) predictions.id_column = table.header()[id_column];
  report_duplicate_columns(table, sink);
  predictions.classes = options.classes.empty()
                            ? detail::all_classes(table, id_column, options.other_columns)
                            : options.classes;
  predictions.class_columns = find_class_columns(table, id_column, predictions.classes, sink);
  detail::report_extra_prediction_columns(table, id_column, predictions, options.other_columns,
                                          sink);

  predictions.scores = {table.n_rows(), predictions.classes.size()};
  detail::ColumnReader reader(table, id_column, predictions.class_columns,
                              detail::ScoreReader{options.allow_infinite});
  predictions.ids = reader.read(predictions.scores, kNoScore, sink, policy);
  predictions.lines = detail::lines_of(table);
  return predictions;
}

}  // namespace cxrlt
