// SPDX-License-Identifier: Apache-2.0
/// The best or first threshold of one class by a simple criterion, exact over all thresholds.
/// Of equal values the highest threshold is taken.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/discrimination.hpp"

namespace cxrlt {

namespace detail {

inline OperatingPoint no_operating_point(Undefined why) {
  return {std::numeric_limits<double>::quiet_NaN(), MetricValue::undefined(why), false};
}

inline void check_target(double target, const char* metric) {
  if (!(target >= 0 && target <= 1)) {
    throw InvalidArgument(std::string(metric) + ": the target is " + std::to_string(target) +
                          "; expected a value in [0, 1]");
  }
}

template <class Count>
Undefined needs_positives(const ThresholdCounts<Count>& counts) {
  if (counts.n_positive > 0) return Undefined::none;
  return counts.n_negative > 0 ? Undefined::no_positives : Undefined::no_samples;
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

/// The threshold with the highest F-beta over all distinct scores, and that value.
/// Undefined without positives. @throws InvalidArgument unless beta is positive and finite.
/// Cost: O(distinct positive scores).
template <class Count>
OperatingPoint best_f_beta(const ThresholdCounts<Count>& counts, double beta) {
  if (!(beta > 0) || !is_finite(beta)) {
    throw InvalidArgument("best_f_beta: beta is " + std::to_string(beta) +
                          "; expected a positive number");
  }
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

/// The threshold with the highest informedness (Youden's J = TPR - FPR), and that value. Where no
/// threshold beats predicting nothing, J is 0 at the threshold +inf.
/// Undefined unless both kinds of label are present.
template <class Count>
OperatingPoint best_informedness(const ThresholdCounts<Count>& counts) {
  if (const Undefined why = needs_both_labels(counts.n_positive, counts.n_negative);
      why != Undefined::none) {
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

/// The highest recall among thresholds with precision >= target. Range [0, 1].
/// Undefined without positives, and (`unattainable`, threshold +inf) where no threshold reaches the
/// target. @throws InvalidArgument if the target is outside [0, 1].
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
  return {std::numeric_limits<double>::infinity(), MetricValue::undefined(Undefined::unattainable),
          false};
}

/// The highest precision among thresholds with recall >= target. Range [0, 1].
/// Undefined without positives. @throws InvalidArgument if the target is outside [0, 1].
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

/// The highest recall (sensitivity) among thresholds with specificity >= target. Range [0, 1];
/// 0 at the threshold +inf where only predicting nothing is specific enough.
/// Undefined unless both kinds of label are present.
/// @throws InvalidArgument if the target is outside [0, 1].
template <class Count>
OperatingPoint sensitivity_at_specificity(const ThresholdCounts<Count>& counts, double target) {
  detail::check_target(target, "sensitivity_at_specificity");
  if (const Undefined why = needs_both_labels(counts.n_positive, counts.n_negative);
      why != Undefined::none) {
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
