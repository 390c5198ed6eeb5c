// SPDX-License-Identifier: Apache-2.0
/// Intervals on every value of an evaluation, from its replicates.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/evaluate/evaluation.hpp"
#include "cxrlt/evaluate/replicates.hpp"
#include "cxrlt/metrics/metric_name.hpp"
#include "cxrlt/metrics/metric_table.hpp"
#include "cxrlt/uncertainty/bootstrap_interval.hpp"

namespace cxrlt {

/// How intervals are made.
struct IntervalOptions {
  double level = 0.95;
  /// Empty for the default: `logit` for the average precision of a class with fewer than
  /// `bootstrap_positives` positive rows (clusters), `normal` for everything else.
  std::optional<IntervalMethod> method = {};
};

namespace detail {

/// Whether a value rests on a class with few positive units. Classes without any are left out of
/// averages, or have no value.
inline bool is_small_sample(Scope scope, std::size_t member, const Evaluation& evaluation,
                            std::span<const std::size_t> positive_units) {
  const auto is_small = [&](std::size_t c) {
    return positive_units[c] > 0 && positive_units[c] < small_sample_positives;
  };
  switch (scope) {
    case Scope::class_:
      return is_small(member);
    case Scope::group: {
      const std::vector<std::size_t>& classes = evaluation.groups[member].group.classes;
      return std::any_of(classes.begin(), classes.end(), is_small);
    }
    case Scope::macro:
    case Scope::weighted:
      for (std::size_t c = 0; c < positive_units.size(); ++c) {
        if (is_small(c)) return true;
      }
      return false;
    case Scope::micro:
    case Scope::samples:
    case Scope::pooled:
    case Scope::rows:
      break;
  }
  std::size_t all = 0;
  for (const std::size_t units : positive_units) all += units;
  return all < small_sample_positives;
}

}  // namespace detail

/// The evaluation of all rows with an interval on every value that has none of its own, and that
/// exists: `resampled`, with its method, bias, estimand and what it rests on (see
/// `bootstrap_interval`). Average precisions of classes with few positives take the interval of
/// `average_precision_interval`, with positive clusters for positives where rows were drawn by
/// cluster; their bias and standard error are still those of the replicates.
/// @param left_out  for `bca`: the same values by `Resampler::leave_out`
/// @throws InvalidArgument unless the level lies in (0, 1), for `logit` as the method of all
/// values, for `bca` without `left_out`, or if that has other values. Cost: O(B) a value, O(B log
/// B) for quantiles, for B replicates.
inline Evaluation add_intervals(const EvaluationReplicates& replicates,
                                const IntervalOptions& options = {},
                                const EvaluationReplicates* left_out = nullptr) {
  if (left_out != nullptr && left_out->n_values() != replicates.n_values()) {
    throw InvalidArgument("add_intervals: the values with something left out are others");
  }
  Evaluation result = replicates.estimate;
  std::size_t k = 0;
  for_each_value(result, [&](Scope scope, std::size_t member, auto& entry) {
    const std::size_t place = k++;
    const double estimate = value_or_nan(entry);
    if (entry.interval || is_nan(estimate)) return;
    const Metric& metric =
        detail::metric_of(std::string_view(entry.name).substr(0, entry.name.find('@')));
    IntervalInput input{estimate, replicates.of(place), {}, metric.lowest, metric.highest};
    if (left_out != nullptr) input.left_out = left_out->of(place);
    ResampledInterval interval =
        bootstrap_interval(input, options.level, options.method.value_or(IntervalMethod::normal));
    if (!options.method && scope == Scope::class_ && metric.name == "average_precision" &&
        replicates.positive_units[member] < bootstrap_positives) {
      interval.method = IntervalMethod::logit;
      interval.interval =
          average_precision_interval(estimate, replicates.positive_units[member], options.level);
    }
    interval.small_sample =
        detail::is_small_sample(scope, member, replicates.estimate, replicates.positive_units);
    entry.resampled = interval;
  });
  return result;
}

}  // namespace cxrlt
