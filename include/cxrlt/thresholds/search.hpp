// SPDX-License-Identifier: Apache-2.0
/// The best threshold of one class, exact over all thresholds.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/operating_points.hpp"
#include "cxrlt/thresholds/objective.hpp"

namespace cxrlt {

/// The four counts at the k-th threshold.
template <class Count>
ConfusionCounts<Count> confusion_at(const ThresholdCounts<Count>& counts, std::size_t k) {
  ConfusionCounts<Count> at;
  at.tp = counts.tp[k];
  at.fp = counts.fp[k];
  at.fn = counts.n_positive - counts.tp[k];
  at.tn = counts.n_negative - counts.fp[k];
  return at;
}

/// The threshold with the highest Matthews correlation, and that value. Where none is above 0
/// nothing is predicted: the threshold is +inf, at which MCC does not exist (`one_margin_empty`).
/// Between two thresholds with a positive only false positives are added, by which a positive MCC
/// falls: with k predictions it is (TP n - k P) / sqrt(k (n - k) P N), and TP n - k P <= P (n - k).
/// So the counts hold every candidate. Undefined unless both kinds of label are present.
/// Cost: O(distinct positive scores).
template <class Count>
OperatingPoint best_mcc(const ThresholdCounts<Count>& counts) {
  if (const Undefined why = detail::needs_both_labels(counts); why != Undefined::none) {
    return detail::no_operating_point(why);
  }
  OperatingPoint best{std::numeric_limits<double>::infinity(),
                      MetricValue::undefined(Undefined::one_margin_empty)};
  constexpr double rounding = 1 + 1e-14;  // equal values may differ by it
  double highest = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const MetricValue value = mcc(confusion_at(counts, k));
    if (!value.defined() || !(value.value > highest * rounding)) continue;
    highest = value.value;
    best = {counts.threshold[k], value};
  }
  return best;
}

/// The threshold with the lowest mean cost of a row, `mean_cost`, and that value. Nothing predicted
/// at all (+inf) is a candidate, and so is nothing gained by going on to a score without a
/// positive. Undefined without rows. @throws InvalidArgument as `check_objective`.
/// Cost: O(distinct positive scores).
template <class Count>
OperatingPoint lowest_cost(const ThresholdCounts<Count>& counts, const Objective& objective) {
  check_objective(objective);
  ConfusionCounts<Count> nothing;
  nothing.fn = counts.n_positive;
  nothing.tn = counts.n_negative;
  OperatingPoint best{std::numeric_limits<double>::infinity(), mean_cost(nothing, objective)};
  if (!best.value.defined()) return detail::no_operating_point(best.value.why);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const MetricValue value = mean_cost(confusion_at(counts, k), objective);
    if (value.value < best.value.value) best = {counts.threshold[k], value};
  }
  return best;
}

/// The best threshold for an objective, over all distinct scores and predicting nothing; of equal
/// values the highest. A target out of reach is `attainable = false` with the threshold +inf. The
/// value is optimistic: it is chosen on the labels that it is measured on. Undefined as the metrics
/// of `metrics/operating_points.hpp`, of which this is the choice by name.
/// @throws InvalidArgument as `check_objective`, and for `cardinality`, which is of all classes.
/// Cost: O(distinct positive scores).
template <class Count>
OperatingPoint best_threshold(const ThresholdCounts<Count>& counts, const Objective& objective) {
  check_objective(objective);
  switch (objective.kind) {
    case ObjectiveKind::f_beta:
      return best_f_beta(counts, objective.beta);
    case ObjectiveKind::informedness:
      return best_informedness(counts);
    case ObjectiveKind::mcc:
      return best_mcc(counts);
    case ObjectiveKind::cost:
      return lowest_cost(counts, objective);
    case ObjectiveKind::cardinality:
      throw InvalidArgument("cardinality is an objective of all classes, not of one");
    case ObjectiveKind::recall_at_least:
      return precision_at_recall(counts, objective.target);
    case ObjectiveKind::precision_at_least:
      return recall_at_precision(counts, objective.target);
    case ObjectiveKind::specificity_at_least:
      break;
  }
  return sensitivity_at_specificity(counts, objective.target);
}

}  // namespace cxrlt
