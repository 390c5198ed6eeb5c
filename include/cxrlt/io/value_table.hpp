// SPDX-License-Identifier: Apache-2.0
/// A table of metric values, such as a published leaderboard: a name and a column a metric.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/text.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/detail/load_tables.hpp"
#include "cxrlt/io/id_reader.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/number.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/metrics/metric_name.hpp"

namespace cxrlt {

/// Values of some metrics, row by row.
struct ValueTable {
  InputInfo input;
  std::vector<MetricName> metrics;  ///< `text` is the column's name
  std::vector<std::string> names;   ///< of the rows
  /// One row a name, one value a metric; a blank cell is `not_estimable`.
  std::vector<std::vector<MetricValue>> values;
};

namespace detail {

/// The metric that a column's name means, as it is written or in lower case (`mAP`), if any.
inline std::optional<MetricName> metric_of_column(const std::string& name) {
  for (const std::string& text : {name, ascii_lower(name)}) {
    try {
      MetricName metric = parse_metric_name(text);
      metric.text = name;
      return metric;
    } catch (const InvalidArgument&) {
      // Another column, which holds no metric.
    }
  }
  return std::nullopt;
}

inline bool is_same_value(const MetricName& a, const MetricName& b) {
  return a.scope == b.scope && a.member == b.member && a.key == b.key;
}

inline MetricValue read_value_cell(const CsvTable& table, std::size_t row, std::size_t column,
                                   std::string_view name, const ProblemSink& sink) {
  const std::string_view cell = table.cell(row, column);
  const ParsedNumber number = parse_number(cell);
  if (number.kind == NumberKind::number || number.kind == NumberKind::infinite) {
    return {number.value};
  }
  if (number.kind != NumberKind::empty && number.kind != NumberKind::nan) {
    Problem problem;
    problem.code = "not_a_number";
    problem.file = table.file();
    problem.line = table.line(row);
    problem.column = column + 1;
    problem.id = std::string(name);
    problem.message = in_quotes(cell) + " is no value of a metric; expected a number, or blank";
    sink(std::move(problem));
  }
  return MetricValue::undefined(Undefined::not_estimable);
}

}  // namespace detail

/// Reads a CSV whose first named column holds names and others, in any order, values of metrics
/// under names that `parse_metric_name` knows, capitals aside (`mAP`, `micro:f1`, `ece`). A blank
/// cell, or `nan`, is a value that does not exist. Columns that name no metric are left out with a
/// note.
/// @param wanted  the metrics to read, in this order; empty: all that there are, in the file's
/// Problems: those of `read_input` and `parse_csv`; `missing_column` for a wanted metric without a
/// column, or where there is no metric at all; `duplicate_column`, `duplicate_id`, `empty_cell` (no
/// name), `not_a_number`. Throws them as `DataError`; notes go to `notes`. O(bytes).
inline ValueTable read_value_table(const std::filesystem::path& path,
                                   std::span<const MetricName> wanted, std::vector<Problem>& notes,
                                   const Cpu& policy = {}) {
  const ProblemSink sink =
      throw_errors([&notes](Problem problem) { notes.push_back(std::move(problem)); });
  const CsvTable table =
      parse_csv(read_input(path, sink, policy).value(), sink, {}, policy).value();
  const std::size_t name_column = find_id_column(table, {}, {}, sink);
  report_duplicate_columns(table, sink);
  std::vector<MetricName> metrics;
  std::vector<std::size_t> columns;
  std::vector<std::string> others;
  for (std::size_t c = 0; c < table.n_columns(); ++c) {
    if (c == name_column || is_saved_index(table, c) || table.header()[c].empty()) continue;
    const std::optional<MetricName> metric = detail::metric_of_column(table.header()[c]);
    if (!metric) {
      others.push_back(table.header()[c]);
      continue;
    }
    for (const MetricName& known : metrics) {
      if (!detail::is_same_value(known, *metric)) continue;
      sink(detail::header_problem(table, "duplicate_column", c,
                                  in_quotes(metric->text) + " is the same metric as " +
                                      in_quotes(known.text) + ", further left"));
    }
    metrics.push_back(*metric);
    columns.push_back(c);
  }
  ValueTable result;
  result.input = detail::input_info("values", table);
  std::vector<std::size_t> chosen;
  for (const MetricName& name : wanted) {
    const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const MetricName& metric) {
      return detail::is_same_value(metric, name);
    });
    if (found == metrics.end()) {
      sink(detail::header_problem(table, "missing_column", kNoColumn,
                                  "no column for the metric " + in_quotes(name.text) +
                                      closest_hint(name.text, table.header())));
    }
    const auto k = static_cast<std::size_t>(found - metrics.begin());
    chosen.push_back(columns[k]);
    result.metrics.push_back(metrics[k]);
  }
  if (wanted.empty()) {
    chosen = columns;
    result.metrics = metrics;
  }
  if (result.metrics.empty()) {
    sink(detail::header_problem(table, "missing_column", kNoColumn,
                                "no column bears the name of a metric, such as map, auroc, f1 or "
                                "ece; 'cxrlt metrics' lists them"));
  }
  if (!others.empty()) {
    std::string text = "left out, being no metric:";
    for (std::size_t i = 0; i < others.size() && i < 5; ++i) text += " " + in_quotes(others[i]);
    if (others.size() > 5) text += " ...";
    sink(detail::dataset_note(table.file(), "extra_column", std::move(text), others.size()));
  }
  IdReader names(table, name_column);
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    names.read(sink);
    const std::string name(names.ids()[row]);
    result.names.push_back(name);
    std::vector<MetricValue> values;
    for (const std::size_t c : chosen) {
      values.push_back(detail::read_value_cell(table, row, c, name, sink));
    }
    result.values.push_back(std::move(values));
  }
  return result;
}

}  // namespace cxrlt
