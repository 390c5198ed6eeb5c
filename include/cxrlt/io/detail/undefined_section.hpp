// SPDX-License-Identifier: Apache-2.0
/// What is undefined in an evaluation, and why, for people.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/io/detail/score_cells.hpp"
#include "cxrlt/io/score_report.hpp"
#include "cxrlt/io/table.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/metric_table.hpp"

namespace cxrlt::detail {

/// What an undefined value of a class does to the averages of its metric, in words.
inline std::string effect_on_averages(const ScoreReport& report, const ClassEvaluation& one,
                                      const NamedValue& value) {
  const Metric* metric = find_metric(std::string_view(value.name).substr(0, value.name.find('@')));
  if (metric == nullptr || value.value.why == Undefined::not_probabilities ||
      report.undefined.of(metric->name) != UndefinedPolicy::skip) {
    return "";
  }
  const ClassSupport support{static_cast<double>(one.n_positive),
                             static_cast<double>(one.n_negative)};
  const AveragingRule& rule = metric->averaging;
  if (!truth_defines(rule.needs, support)) return " (left out of averages)";
  return is_nan(rule.when_predictions_undefine) ? " (leaves averages undefined)"
                                                : " (counts 0 in averages)";
}

inline std::string reason_in_words(Undefined why) {
  switch (why) {
    case Undefined::no_samples:
      return "no labelled sample";
    case Undefined::no_positives:
      return "no positives in the truth";
    case Undefined::no_negatives:
      return "no negatives in the truth";
    case Undefined::no_predictions:
      return "nothing is predicted at the threshold";
    case Undefined::one_margin_empty:
      return "all decisions, or all labels, are of one kind";
    case Undefined::not_probabilities:
      return "scores lie outside [0, 1]: not probabilities";
    case Undefined::unattainable:
      return "no threshold reaches the target";
    case Undefined::not_estimable:
      return "the data leave the value open";
    case Undefined::none:
      break;
  }
  return "";
}

/// What is undefined: for each reason and set of classes, the metrics that it concerns.
inline PageSection undefined_section(const ScoreReport& report) {
  using Reason = std::pair<Undefined, std::string>;  // with the effect on averages
  std::map<std::pair<Reason, std::vector<std::string>>, std::vector<std::string>> found;
  const std::vector<ClassEvaluation>& classes = report.evaluation.classes;
  const std::size_t n_values = classes.empty() ? 0 : classes.front().values.size();
  for (std::size_t k = 0; k < n_values; ++k) {
    std::map<Reason, std::vector<std::string>> names;
    for (const ClassEvaluation& one : classes) {
      const NamedValue& value = one.values[k];
      if (value.value.defined()) continue;
      names[{value.value.why, effect_on_averages(report, one, value)}].push_back(one.name);
    }
    for (auto& [reason, members] : names) {
      found[{reason, std::move(members)}].push_back(classes.front().values[k].name);
    }
  }
  PageSection section;
  for (const auto& [key, metrics] : found) {
    const auto& [reason, members] = key;
    const std::string who = members.size() == classes.size() && members.size() > 1
                                ? "all classes"
                                : joined_names(members);
    section.lines.push_back(fmt::format("{}: {}: {}{}", joined_names(metrics, 8),
                                        reason_in_words(reason.first), who, reason.second));
  }
  if (!section.lines.empty()) section.title = "Undefined";
  return section;
}

}  // namespace cxrlt::detail
