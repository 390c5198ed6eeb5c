// SPDX-License-Identifier: Apache-2.0
/// Averages over classes and groups.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/evaluate/detail/class_values.hpp"
#include "cxrlt/evaluate/evaluation.hpp"
#include "cxrlt/evaluate/options.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/observed_over_expected.hpp"

namespace cxrlt::detail {

/// Names the first of the classes that the truth leaves undefined, and refuses.
inline void refuse_undefined(const MetricKey& key, const std::vector<ClassEvaluation>& classes,
                             const std::vector<ClassSummary>& summaries,
                             std::span<const std::size_t> members) {
  for (const std::size_t c : members) {
    const ClassSupport& support = summaries[c].support;
    if (truth_defines(key.metric->averaging.needs, support)) continue;
    const Undefined why = missing_labels(key.metric->averaging.needs, {&support, 1});
    throw Error("the metric '" + key.name + "' is undefined for class '" + classes[c].name + "' (" +
                std::string(to_string(why)) + "), and undefined values are refused");
  }
}

/// One average over the given classes.
inline NamedAverage average_of(const MetricKey& key, std::size_t k,
                               const std::vector<ClassEvaluation>& classes,
                               const std::vector<ClassSummary>& summaries,
                               std::span<const std::size_t> members, Weighting weighting,
                               const EvaluationOptions& options) {
  AveragingRule rule = key.metric->averaging;
  rule.policy = options.undefined.of(key.metric->name);
  if (rule.policy == UndefinedPolicy::error) {
    refuse_undefined(key, classes, summaries, members);
  }
  std::vector<MetricValue> values;
  std::vector<ClassSupport> support;
  for (const std::size_t c : members) {
    values.push_back(classes[c].values[k].value);
    support.push_back(summaries[c].support);
  }
  return {key.name, average(values, support, rule, weighting)};
}

/// The ratio of sums for a group: positives over expected positives of its classes with samples.
inline void replace_by_ratio_of_sums(NamedAverage& average,
                                     const std::vector<ClassSummary>& summaries,
                                     std::span<const std::size_t> members,
                                     const EvaluationOptions& options) {
  if (average.value.n_defined == 0 || average.value.why == Undefined::not_probabilities) return;
  double observed = 0;
  double expected = 0;
  for (const std::size_t c : members) {
    observed += summaries[c].observed;
    expected += summaries[c].expected;
  }
  MetricValue ratio = MetricValue::undefined(Undefined::no_predictions);
  if (expected > 0) ratio = {observed / expected};
  average.value.value = ratio.value;
  average.value.why = ratio.why;
  if (options.row_weights.empty()) {
    const auto positives = static_cast<std::uint64_t>(observed);
    average.interval = cxrlt::observed_over_expected(positives, expected, options.level).interval;
  }
}

/// Averages in one scope over the given classes.
inline std::vector<NamedAverage> averages_of(const std::vector<MetricKey>& class_keys,
                                             const std::vector<MetricKey>& wanted,
                                             const std::vector<ClassEvaluation>& classes,
                                             const std::vector<ClassSummary>& summaries,
                                             std::span<const std::size_t> members, Scope scope,
                                             const EvaluationOptions& options) {
  std::vector<NamedAverage> averages;
  for (const MetricKey& key : wanted) {
    const auto place = std::find(class_keys.begin(), class_keys.end(), key);
    const auto k = static_cast<std::size_t>(place - class_keys.begin());
    averages.push_back(average_of(key, k, classes, summaries, members,
                                  scope == Scope::weighted ? Weighting::support : Weighting::equal,
                                  options));
    if (scope == Scope::group && key.metric->ratio_of_sums) {
      replace_by_ratio_of_sums(averages.back(), summaries, members, options);
    }
  }
  return averages;
}

}  // namespace cxrlt::detail
