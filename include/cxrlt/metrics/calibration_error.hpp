// SPDX-License-Identifier: Apache-2.0
/// Calibration errors of one class, from bins of probabilities: ECE, MCE and their variants.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/adaptive_bins.hpp"
#include "cxrlt/metrics/reliability_bins.hpp"

namespace cxrlt {

/// The expected calibration error of any bins, sum_k (w_k / w) |rate_k - p_k|, with the observed
/// rate and the mean probability of each. Range [0, 1], lower is better. Undefined as the bins.
inline MetricValue ece(const CalibrationBins& result) {
  if (result.why != Undefined::none) return MetricValue::undefined(result.why);
  double gaps = 0;
  double total = 0;
  for (const CalibrationBin& bin : result.bins) {
    if (bin.count == 0) continue;
    gaps += bin.weight * std::abs(bin.observed_rate - bin.mean_probability);
    total += bin.weight;
  }
  return {gaps / total};
}

/// The largest |rate_k - p_k| of any bins with at least `min_count` rows (empty ones never count).
/// Range [0, 1], lower is better. Undefined as the bins, and `no_samples` if none has so many.
inline MetricValue mce(const CalibrationBins& result, std::uint64_t min_count = 1) {
  if (result.why != Undefined::none) return MetricValue::undefined(result.why);
  MetricValue largest = MetricValue::undefined(Undefined::no_samples);
  for (const CalibrationBin& bin : result.bins) {
    if (bin.count == 0 || bin.count < min_count) continue;
    const double gap = std::abs(bin.observed_rate - bin.mean_probability);
    if (!largest.defined() || gap > largest.value) largest = {gap};
  }
  return largest;
}

/// A calibration error without the share that chance adds to it.
struct DebiasedError {
  MetricValue value;  ///< the root of `squared`, or 0 where that is negative
  double squared = std::numeric_limits<double>::quiet_NaN();  ///< unbiased, perhaps negative
  std::uint64_t n_left_out = 0;                               ///< rows that are alone in their bin
};

/// The debiased L2 calibration error of any bins (Broecker 2012; Kumar, Liang and Ma 2019): the
/// root of sum_k (n_k / n) [(rate_k - p_k)^2 - rate_k (1 - rate_k) / (n_k - 1)], or 0 where the sum
/// is negative. What is taken off is the variance of the rate, so the sum is on average the squared
/// gap of the bins, however few rows they have; the plain sum, like ECE, never reaches 0. To
/// average over classes or samples, average `squared`: the root is bent. A row that is alone in its
/// bin tells nothing of a variance; it is left out of the sum and of n, and counted. Range [0, 1],
/// lower is better. Undefined as the bins, and `no_samples` if every row is alone.
/// @throws InvalidArgument for bins with row weights: n_k counts rows.
inline DebiasedError debiased_l2_error(const CalibrationBins& result) {
  DebiasedError error;
  error.value = MetricValue::undefined(result.why);
  if (result.why != Undefined::none) return error;
  double sum = 0;
  double n_used = 0;
  for (const CalibrationBin& bin : result.bins) {
    const double n = static_cast<double>(bin.count);
    if (bin.weight != n) {
      throw InvalidArgument("debiased_l2_error: a bin of " + std::to_string(bin.count) +
                            " rows has weight " + number_text(bin.weight) +
                            "; expected bins without row weights");
    }
    if (bin.count == 1) ++error.n_left_out;
    if (bin.count < 2) continue;
    const double gap = bin.observed_rate - bin.mean_probability;
    sum += n * (gap * gap - bin.observed_rate * (1 - bin.observed_rate) / (n - 1));
    n_used += n;
  }
  if (!(n_used > 0)) {
    error.value = MetricValue::undefined(Undefined::no_samples);
    return error;
  }
  error.squared = sum / n_used;
  error.value = {std::sqrt(std::max(0.0, error.squared))};
  return error;
}

/// The expected calibration error sum_k (w_k / w) |rate_k - p_k| over `reliability_bins` (Naeini,
/// Cooper, Hauskrecht 2015), with the observed rate and the mean probability of each bin.
/// Range [0, 1], lower is better. It cannot see the tail: probabilities that are 100 times too
/// small for a class with prevalence 0.001 cost 0.001; `observed_over_expected` shows them.
/// Parameters, when undefined and throws: as `reliability_bins`. Cost: O(n).
inline MetricValue ece(ColumnView<const float> probabilities, LabelColumnView labels,
                       int n_bins = default_bins, std::span<const double> row_weights = {}) {
  return ece(reliability_bins(probabilities, labels, n_bins, row_weights));
}
/// @copydoc ece(ColumnView<const float>, LabelColumnView, int, std::span<const double>)
inline MetricValue ece(ColumnView<const double> probabilities, LabelColumnView labels,
                       int n_bins = default_bins, std::span<const double> row_weights = {}) {
  return ece(reliability_bins(probabilities, labels, n_bins, row_weights));
}

/// The maximum calibration error: the largest |rate_k - p_k| over `reliability_bins` with at least
/// `min_count` rows (empty bins never count). Range [0, 1], lower is better; a single row can
/// decide it. Undefined also (`no_samples`) if no bin has `min_count` rows. Otherwise as `ece`.
inline MetricValue mce(ColumnView<const float> probabilities, LabelColumnView labels,
                       int n_bins = default_bins, std::uint64_t min_count = 1,
                       std::span<const double> row_weights = {}) {
  return mce(reliability_bins(probabilities, labels, n_bins, row_weights), min_count);
}
/// @copydoc mce(ColumnView<const float>, LabelColumnView, int, std::uint64_t, std::span<const
/// double>)
inline MetricValue mce(ColumnView<const double> probabilities, LabelColumnView labels,
                       int n_bins = default_bins, std::uint64_t min_count = 1,
                       std::span<const double> row_weights = {}) {
  return mce(reliability_bins(probabilities, labels, n_bins, row_weights), min_count);
}

/// The ECE over `equal_mass_bins` (Nixon et al. 2019): rare classes, whose probabilities crowd near
/// 0, get more than one bin. Range [0, 1], lower is better. Cost: O(n log n). Otherwise as `ece`.
inline MetricValue ece_mass(ColumnView<const float> probabilities, LabelColumnView labels,
                            int n_bins = default_bins, std::span<const double> row_weights = {}) {
  return ece(equal_mass_bins(probabilities, labels, n_bins, row_weights));
}
/// @copydoc ece_mass(ColumnView<const float>, LabelColumnView, int, std::span<const double>)
inline MetricValue ece_mass(ColumnView<const double> probabilities, LabelColumnView labels,
                            int n_bins = default_bins, std::span<const double> row_weights = {}) {
  return ece(equal_mass_bins(probabilities, labels, n_bins, row_weights));
}

/// The ECE over `sweep_bins` (Roelofs et al. 2022): as many bins of equal mass as keep the observed
/// rates in order, so that no number has to be chosen. Range [0, 1], lower is better. Undefined,
/// throws and cost: as `sweep_bins`.
inline MetricValue ece_sweep(ColumnView<const float> probabilities, LabelColumnView labels) {
  return ece(sweep_bins(probabilities, labels));
}
/// @copydoc ece_sweep(ColumnView<const float>, LabelColumnView)
inline MetricValue ece_sweep(ColumnView<const double> probabilities, LabelColumnView labels) {
  return ece(sweep_bins(probabilities, labels));
}

/// The ECE with p, the probability of the positive label, held against "the decision p >= 0.5 was
/// right" instead of the label. It is no measure of calibration: a sure and right negative (p near
/// 0) costs almost 1, so a perfect model scores about the share of negatives. It exists because
/// evaluation code that mixes up accuracy and rate reports it (torchmetrics issue 2519), and a
/// published number of that kind can be compared only with the same form. Range [0, 1].
/// Parameters, when undefined, throws and cost: as `ece`.
inline MetricValue ece_correctness(ColumnView<const float> probabilities, LabelColumnView labels,
                                   int n_bins = default_bins,
                                   std::span<const double> row_weights = {}) {
  return ece(detail::equal_width_bins(probabilities, labels, n_bins, row_weights,
                                      detail::CalibrationTarget::correctness));
}
/// @copydoc ece_correctness(ColumnView<const float>, LabelColumnView, int, std::span<const double>)
inline MetricValue ece_correctness(ColumnView<const double> probabilities, LabelColumnView labels,
                                   int n_bins = default_bins,
                                   std::span<const double> row_weights = {}) {
  return ece(detail::equal_width_bins(probabilities, labels, n_bins, row_weights,
                                      detail::CalibrationTarget::correctness));
}

}  // namespace cxrlt
