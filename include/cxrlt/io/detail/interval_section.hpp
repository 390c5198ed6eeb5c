// SPDX-License-Identifier: Apache-2.0
/// The part of a page that shows how little the numbers say: values with their intervals.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/evaluate/evaluation.hpp"
#include "cxrlt/io/detail/score_cells.hpp"
#include "cxrlt/io/table.hpp"
#include "cxrlt/uncertainty/bootstrap_interval.hpp"

namespace cxrlt::detail {

/// Whether any value has an interval by replicates.
inline bool has_intervals(const Evaluation& evaluation) {
  const auto any = [](const auto& entries) {
    return std::any_of(entries.begin(), entries.end(),
                       [](const auto& entry) { return entry.resampled.has_value(); });
  };
  return any(evaluation.macro) || any(evaluation.micro);
}

/// `[0.123, 0.456]`, `+` after one by the number of positives; `-` where there is none.
template <class Entry>
std::string interval_cell(const Entry& entry, int decimals = 3) {
  if (!interval_of(entry)) return "-";
  const Interval interval = *interval_of(entry);
  const bool by_positives = entry.resampled && entry.resampled->method == IntervalMethod::logit;
  return "[" + fixed(interval.lower, decimals) + ", " + fixed(interval.upper, decimals) + "]" +
         (by_positives ? "+" : " ");
}

/// The metrics of the section, and how columns name them.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 3> interval_metrics{
    {{"average_precision", "AP"}, {"auroc", "AUROC"}, {"f1", "F1"}}};

template <class Entries>
std::vector<std::string> interval_row(const std::string& name, const Entries& entries) {
  bool small = false;
  std::vector<std::string> row{name};
  for (const auto& [metric, title] : interval_metrics) {
    const auto* const entry = find_value(entries, metric);
    row.push_back(cell(entries, metric));
    row.push_back(entry == nullptr ? "-" : interval_cell(*entry));
    small = small || (entry != nullptr && entry->resampled && entry->resampled->small_sample);
  }
  if (small) row.front() += " *";
  return row;
}

/// The values of classes, groups and averages with their intervals. `cluster` names the column
/// whose values were drawn; "" where rows were.
inline PageSection interval_section(const Evaluation& evaluation, const std::string& cluster) {
  PageSection section;
  section.table.columns = {{"", Align::left}};
  for (const auto& [metric, title] : interval_metrics) {
    section.table.columns.push_back({std::string(title)});
    section.table.columns.push_back({"interval "});
  }
  for (const std::size_t c : by_frequency(evaluation.classes)) {
    section.table.rows.push_back(
        interval_row(evaluation.classes[c].name, evaluation.classes[c].values));
  }
  for (const GroupEvaluation& group : evaluation.groups) {
    section.table.rows.push_back(interval_row(group.group.name, group.values));
  }
  section.table.rows.push_back(interval_row("macro", evaluation.macro));
  section.table.rows.push_back(interval_row("weighted", evaluation.weighted));
  section.table.rows.push_back(interval_row("micro", evaluation.micro));

  const NamedAverage* const macro = find_value(evaluation.macro, "average_precision");
  if (macro != nullptr && macro->resampled) {
    const ResampledInterval& resampled = *macro->resampled;
    section.title =
        fmt::format("Intervals at the level {:g}, from {} replicates of {}",
                    resampled.interval.level, grouped(resampled.n_replicates),
                    cluster.empty() ? "the rows" : "all rows of each '" + cluster + "'");
    section.lines.push_back(fmt::format(
        "In the mean the replicates' macro AP is {:+.3f} off: so biased is the macro AP of a small "
        "test set, too.",
        resampled.bias));
  }
  section.lines.push_back(
      "Intervals are for the expected value on a test set of this size and class mix: the value "
      "+- z standard errors.");
  section.lines.push_back(fmt::format(
      "+  AP of fewer than {} positives: from their number (Boyd, Eng and Page 2013), for the "
      "population's value.",
      bootstrap_positives));
  section.lines.push_back(fmt::format(
      "*  rests on a class with fewer than {} positives, of which no interval is to be trusted.",
      small_sample_positives));
  return section;
}

}  // namespace cxrlt::detail
