// SPDX-License-Identifier: Apache-2.0
/// The smooth calibration error of one class: no bins, and a width that the data choose.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/probability_groups.hpp"
#include "cxrlt/metrics/detail/smoothed_residuals.hpp"

namespace cxrlt {

namespace detail {

/// Widths are not told apart below this.
inline constexpr double least_width = 1e-12;

/// The width at which the smoothed error equals it, between `low` and `high`. The error never grows
/// with the width, so the error at any width bounds the wanted one on the other side, and |error -
/// width| bounds how far the width is off. By secants inside the bounds.
inline double width_of_equal_error(std::span<const Residual> residuals, double low, double high) {
  constexpr double tolerance = 1e-9;
  low = std::max(low, least_width);
  double width = high;
  double last_width = 0;
  double last_excess = 0;
  for (int step = 0; step < 200; ++step) {
    const double error = smoothed_integral(residuals, width);
    const double excess = error - width;
    low = std::max(low, std::min(error, width));
    high = std::min(high, std::max(error, width));
    if (std::abs(excess) <= tolerance * width || high - low <= tolerance * high) break;
    double next = step == 0 ? low : width - excess * (width - last_width) / (excess - last_excess);
    if (step > 0 && !(next > low && next < high)) next = (low + high) / 2;
    last_width = width;
    last_excess = excess;
    width = next;
  }
  return width;
}

template <class Score>
MetricValue smooth_ece(ColumnView<const Score> probabilities, LabelColumnView labels,
                       std::span<const double> row_weights) {
  const ProbabilityGroups all = probability_groups(probabilities, labels, row_weights);
  if (all.why != Undefined::none) return MetricValue::undefined(all.why);
  std::vector<Residual> residuals;
  double sum = 0;
  double absolute_sum = 0;
  for (const ProbabilityGroup& group : all.groups) {
    const double mass = (group.positive - group.weight * group.probability) / all.weight;
    residuals.push_back({group.probability, mass});
    sum += mass;
    absolute_sum += std::abs(mass);
  }
  // The error lies between these at every width; residuals of one sign have one error at all.
  if (absolute_sum - std::abs(sum) <= least_width) return {absolute_sum};
  return {width_of_equal_error(residuals, std::abs(sum), absolute_sum)};
}

}  // namespace detail

/// The smooth calibration error of Blasiok and Nakkiran (2023): the residuals y - p, smoothed over
/// p by a Gaussian of width s that is reflected at 0 and 1, integrate in absolute value to smECE(s)
/// = integral over [0, 1] of |sum_i (w_i / w) (y_i - p_i) K_s(t, p_i)| dt, and the error is the one
/// s with smECE(s) = s. It needs no bins, changes continuously with the probabilities, and sees
/// errors of tail classes: there is no smallest width. Range [0, 1], lower is better; between |mean
/// y - mean p| and the mean absolute residual of the distinct probabilities. Ties share one
/// residual. Computed to 1e-6 of the value, but no further than to 1e-12.
/// @param probabilities  n probabilities; values within 1e-6 of [0, 1] are clipped to it
/// @param labels         n labels in {0, 1, missing}; missing ones are left out
/// @param row_weights    n weights, or none at all for equal weights; weight 0 equals deleting
/// Undefined without labelled rows, and `not_probabilities` if a value lies further out.
/// @throws InvalidArgument if sizes differ, a probability of a labelled row is NaN or infinite, a
/// label is none, or a weight is negative or not finite.
/// Cost: O(n log n), and about ten times O(n + g) for g points of a grid 16 times finer than the
/// value, where probabilities lie.
inline MetricValue smooth_ece(ColumnView<const float> probabilities, LabelColumnView labels,
                              std::span<const double> row_weights = {}) {
  return detail::smooth_ece(probabilities, labels, row_weights);
}
/// @copydoc smooth_ece(ColumnView<const float>, LabelColumnView, std::span<const double>)
inline MetricValue smooth_ece(ColumnView<const double> probabilities, LabelColumnView labels,
                              std::span<const double> row_weights = {}) {
  return detail::smooth_ece(probabilities, labels, row_weights);
}

}  // namespace cxrlt
