// SPDX-License-Identifier: Apache-2.0
/// The best or first threshold of one class by a simple criterion, exact over all thresholds.
/// Of equal values the highest threshold is taken; equal scores are one threshold. Each takes the
/// counts of one class from `count_thresholds`.
#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/metrics/threshold.hpp"

namespace cxrlt {

namespace detail {

/// No threshold; +inf, which predicts nothing, where the target is out of reach.
inline OperatingPoint no_operating_point(Undefined why) {
  using Limits = std::numeric_limits<double>;
  const bool attainable = why != Undefined::unattainable;
  return {attainable ? Limits::quiet_NaN() : Limits::infinity(), MetricValue::undefined(why),
          attainable};
}

inline void check_target(double target, const char* metric) {
  if (is_nan(target) || target < 0 || target > 1) {
    throw InvalidArgument(std::string(metric) + ": the target is " + number_text(target) +
                          "; expected a value in [0, 1]");
  }
}

/// The k-th threshold's precision.
template <class Count>
double precision_at(const ThresholdCounts<Count>& counts, std::size_t k) {
  return static_cast<double>(counts.tp[k]) / static_cast<double>(counts.tp[k] + counts.fp[k]);
}

/// The k-th threshold's recall.
template <class Count>
double recall_at(const ThresholdCounts<Count>& counts, std::size_t k) {
  return static_cast<double>(counts.tp[k]) / static_cast<double>(counts.n_positive);
}

}  // namespace detail

/// The threshold with the highest `f_beta` over all distinct scores, and that value:
/// max_k (1 + b^2) TP_k / (b^2 positives + TP_k + FP_k) (van Rijsbergen 1979 for F; the search is
/// exact). Range [0, 1], higher is better, but optimistic: chosen on the labels it is measured on.
/// Undefined without positives. @throws InvalidArgument unless beta is in [1e-100, 1e100].
/// Cost: O(distinct positive scores).
template <class Count>
OperatingPoint best_f_beta(const ThresholdCounts<Count>& counts, double beta) {
  detail::check_beta(beta, "best_f_beta");
  if (const Undefined why = detail::needs_positives(counts); why != Undefined::none) {
    return detail::no_operating_point(why);
  }
  const double b2 = beta * beta;
  OperatingPoint best{0, {-1}};
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double predicted = static_cast<double>(counts.tp[k] + counts.fp[k]);
    const double value = (1 + b2) * static_cast<double>(counts.tp[k]) /
                         (b2 * static_cast<double>(counts.n_positive) + predicted);
    if (value > best.value.value) best = {counts.threshold[k], {value}};
  }
  return best;
}

/// The threshold with the highest informedness J = TPR - FPR (Youden 1950), and that value. Where
/// no threshold beats predicting nothing, J is 0 at the threshold +inf. Range [0, 1], higher is
/// better, but optimistic as `best_f_beta`. Undefined unless both kinds of label are present.
/// Cost: O(distinct positive scores).
template <class Count>
OperatingPoint best_informedness(const ThresholdCounts<Count>& counts) {
  if (const Undefined why = detail::needs_both_labels(counts); why != Undefined::none) {
    return detail::no_operating_point(why);
  }
  const double n_positive = static_cast<double>(counts.n_positive);
  const double n_negative = static_cast<double>(counts.n_negative);
  double best = 0;
  double threshold = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < counts.size(); ++k) {
    // J times both totals: a whole number, so equal maxima are seen as equal.
    const double scaled = static_cast<double>(counts.tp[k]) * n_negative -
                          static_cast<double>(counts.fp[k]) * n_positive;
    if (scaled > best) {
      best = scaled;
      threshold = counts.threshold[k];
    }
  }
  return {threshold, {best / (n_positive * n_negative)}};
}

/// The highest recall TP / positives among thresholds with precision TP / (TP + FP) >= target
/// (exact, by definition). Range [0, 1], higher is better. Undefined without positives, and
/// (`unattainable`, threshold +inf) where no threshold reaches the target.
/// @throws InvalidArgument if the target is outside [0, 1].
/// Cost: O(distinct positive scores).
template <class Count>
OperatingPoint recall_at_precision(const ThresholdCounts<Count>& counts, double target) {
  detail::check_target(target, "recall_at_precision");
  if (const Undefined why = detail::needs_positives(counts); why != Undefined::none) {
    return detail::no_operating_point(why);
  }
  for (std::size_t k = counts.size(); k-- > 0;) {
    if (detail::precision_at(counts, k) >= target) {
      return {counts.threshold[k], {detail::recall_at(counts, k)}};
    }
  }
  return detail::no_operating_point(Undefined::unattainable);
}

/// The highest precision TP / (TP + FP) among thresholds with recall TP / positives >= target
/// (exact, by definition). Range [0, 1], higher is better. Undefined without positives.
/// @throws InvalidArgument if the target is outside [0, 1].
/// Cost: O(distinct positive scores).
template <class Count>
OperatingPoint precision_at_recall(const ThresholdCounts<Count>& counts, double target) {
  detail::check_target(target, "precision_at_recall");
  if (const Undefined why = detail::needs_positives(counts); why != Undefined::none) {
    return detail::no_operating_point(why);
  }
  OperatingPoint best{0, {-1}};
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double value = detail::precision_at(counts, k);
    if (detail::recall_at(counts, k) >= target && value > best.value.value) {
      best = {counts.threshold[k], {value}};
    }
  }
  return best;
}

/// The highest sensitivity (recall) TP / positives among thresholds with specificity
/// 1 - FP / negatives >= target (exact, by definition). Range [0, 1], higher is better; 0 at the
/// threshold +inf where only predicting nothing is specific enough.
/// Undefined unless both kinds of label are present.
/// @throws InvalidArgument if the target is outside [0, 1].
/// Cost: O(distinct positive scores).
template <class Count>
OperatingPoint sensitivity_at_specificity(const ThresholdCounts<Count>& counts, double target) {
  detail::check_target(target, "sensitivity_at_specificity");
  if (const Undefined why = detail::needs_both_labels(counts); why != Undefined::none) {
    return detail::no_operating_point(why);
  }
  const double n_negative = static_cast<double>(counts.n_negative);
  for (std::size_t k = counts.size(); k-- > 0;) {
    if (static_cast<double>(counts.n_negative - counts.fp[k]) / n_negative >= target) {
      return {counts.threshold[k], {detail::recall_at(counts, k)}};
    }
  }
  return {std::numeric_limits<double>::infinity(), {0}};
}

}  // namespace cxrlt
