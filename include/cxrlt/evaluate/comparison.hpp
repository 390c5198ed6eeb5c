// SPDX-License-Identifier: Apache-2.0
/// Two models on the same rows: the differences of their values, with intervals and p-values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/evaluate/evaluation.hpp"
#include "cxrlt/evaluate/intervals.hpp"
#include "cxrlt/evaluate/replicates.hpp"
#include "cxrlt/metrics/metric_name.hpp"
#include "cxrlt/uncertainty/bootstrap_interval.hpp"
#include "cxrlt/uncertainty/multiple_testing.hpp"
#include "cxrlt/uncertainty/p_value.hpp"

namespace cxrlt {

/// One value of two models.
struct ComparedValue {
  Scope scope = Scope::macro;
  std::string member;  ///< the class or group
  std::string metric;  ///< canonical name
  MetricValue first;
  MetricValue second;
  MetricValue difference;      ///< first - second
  ResampledInterval interval;  ///< of the difference; its bias is that of the difference
  MetricValue p_value;         ///< two-sided, of no difference
  /// Holm's p-value among all classes of this metric; that of the value itself elsewhere.
  MetricValue adjusted;
};

namespace detail {

inline MetricValue plain_value(const NamedValue& entry) {
  return entry.value;
}
inline MetricValue plain_value(const NamedAverage& entry) {
  return {entry.value.value, entry.value.why};
}

/// The name of the class or group that a value is of.
inline std::string member_name(Scope scope, std::size_t member, const Evaluation& evaluation) {
  if (scope == Scope::class_) return evaluation.classes[member].name;
  if (scope == Scope::group) return evaluation.groups[member].group.name;
  return "";
}

inline MetricValue difference_of(const MetricValue& first, const MetricValue& second) {
  if (!first.defined()) return first;
  if (!second.defined()) return second;
  return {first.value - second.value};
}

}  // namespace detail

/// Fills in Holm's p-values (Holm 1979): the classes of each metric are a family of tests of their
/// own. O(values log values).
inline void adjust_for_classes(std::vector<ComparedValue>& values) {
  std::vector<bool> done(values.size(), false);
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (values[k].scope != Scope::class_) {
      values[k].adjusted = values[k].p_value;
      continue;
    }
    if (done[k]) continue;
    std::vector<std::size_t> family;
    std::vector<MetricValue> p_values;
    for (std::size_t j = k; j < values.size(); ++j) {
      if (values[j].scope != Scope::class_ || values[j].metric != values[k].metric) continue;
      family.push_back(j);
      p_values.push_back(values[j].p_value);
      done[j] = true;
    }
    const std::vector<MetricValue> adjusted = holm(p_values);
    for (std::size_t j = 0; j < family.size(); ++j) values[family[j]].adjusted = adjusted[j];
  }
}

/// Compares two evaluations, replicate by replicate on the same resampled rows, so that what both
/// models find hard cancels out. Every value of the first is compared with that of the second, in
/// the order of `for_each_value`. The interval of a difference is the normal one (see
/// `bootstrap_interval`), p-values are those of `shifted_p_value`, Holm's for classes.
/// A replicate in which either model has no value is left out.
/// @throws InvalidArgument if the two are not values of the same metrics, classes and replicates.
/// Cost: O(B) a value.
inline std::vector<ComparedValue> compare(const EvaluationReplicates& first,
                                          const EvaluationReplicates& second, double level = 0.95) {
  if (first.n_replicates != second.n_replicates || first.values.size() != second.values.size() ||
      first.positive_units != second.positive_units) {
    throw InvalidArgument(
        "compare: the two are not values of the same metrics and classes in the same replicates");
  }
  std::vector<MetricValue> of_second;
  for_each_value(second.estimate, [&](Scope, std::size_t, const auto& entry) {
    of_second.push_back(detail::plain_value(entry));
  });
  std::vector<ComparedValue> result;
  std::vector<double> differences(first.n_replicates);
  for_each_value(first.estimate, [&](Scope scope, std::size_t member, const auto& entry) {
    const std::size_t k = result.size();
    ComparedValue value;
    value.scope = scope;
    value.member = detail::member_name(scope, member, first.estimate);
    value.metric = entry.name;
    value.first = detail::plain_value(entry);
    result.push_back(std::move(value));
    for (std::size_t b = 0; b < differences.size(); ++b) {
      differences[b] = first.of(k)[b] - second.of(k)[b];
    }
    result[k].interval.n_replicates = first.n_replicates;
    result[k].interval.small_sample =
        detail::is_small_sample(scope, member, first.estimate, first.positive_units);
    result[k].interval.interval = Interval::undefined(Undefined::not_estimable, level);
    ComparedValue& compared = result[k];
    compared.second = of_second[k];
    compared.difference = detail::difference_of(compared.first, compared.second);
    if (!compared.difference.defined()) {
      compared.p_value = compared.difference;
      return;
    }
    const bool small_sample = compared.interval.small_sample;
    compared.interval = bootstrap_interval({compared.difference.value, differences}, level);
    compared.interval.small_sample = small_sample;
    const double p_value = shifted_p_value(compared.difference.value, differences);
    compared.p_value =
        is_nan(p_value) ? MetricValue::undefined(Undefined::not_estimable) : MetricValue{p_value};
  });
  adjust_for_classes(result);
  return result;
}

}  // namespace cxrlt
