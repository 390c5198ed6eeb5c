// SPDX-License-Identifier: Apache-2.0
/// Histogram calibration of one class: the observed rate of each bin.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/metrics/calibration_error.hpp"

namespace cxrlt {

/// How a histogram divides [0, 1].
enum class BinRule : std::uint8_t {
  equal_width,  ///< edges k / n
  equal_mass,   ///< about as many rows in each; equal probabilities stay together
};

/// A constant per bin of probabilities (Zadrozny and Elkan 2001): (k + 1/2) / (n + 1) for k
/// positives among n rows, which is neither 0 nor 1 whatever few labels say. An empty bin gets its
/// middle. All scores of a bin become ties, and neighbours may change places, so AP and AUROC
/// change.
struct HistogramCalibration {
  std::vector<double> lower;        ///< where bins begin, strictly ascending; none: the identity
  std::vector<double> probability;  ///< of each bin
  FitSummary labels;

  /// Fits n probabilities against n labels in {0, 1, missing}. With one kind of label only: no
  /// bins, and `labels.why` says so.
  /// @throws InvalidArgument if sizes differ, n_bins < 1, a probability is NaN or outside [0, 1],
  /// or a label is none. Cost: O(n); equal mass O(n log n).
  static HistogramCalibration fit(ColumnView<const double> probabilities, LabelColumnView truth,
                                  BinRule rule = BinRule::equal_width, int n_bins = default_bins) {
    return fit_column(probabilities, truth, rule, n_bins);
  }
  /// @copydoc fit(ColumnView<const double>, LabelColumnView, BinRule, int)
  static HistogramCalibration fit(ColumnView<const float> probabilities, LabelColumnView truth,
                                  BinRule rule = BinRule::equal_width, int n_bins = default_bins) {
    return fit_column(probabilities, truth, rule, n_bins);
  }

  /// The calibrated probability of p in [0, 1].
  double operator()(double p) const {
    if (lower.empty()) return p;
    const auto above = std::upper_bound(lower.begin() + 1, lower.end(), p);
    return probability[static_cast<std::size_t>(above - lower.begin()) - 1];
  }

 private:
  template <class Score>
  static HistogramCalibration fit_column(ColumnView<const Score> probabilities,
                                         LabelColumnView truth, BinRule rule, int n_bins) {
    HistogramCalibration fitted;
    fitted.labels = detail::for_each_calibration_row(probabilities, truth, [](double, bool) {});
    const CalibrationBins bins = rule == BinRule::equal_width
                                     ? reliability_bins(probabilities, truth, n_bins)
                                     : equal_mass_bins(probabilities, truth, n_bins);
    if (!fitted.labels.fitted()) return fitted;
    for (const CalibrationBin& bin : bins.bins) {
      const double n = static_cast<double>(bin.count);
      fitted.lower.push_back(bin.lower);
      fitted.probability.push_back(bin.count == 0
                                       ? (bin.lower + bin.upper) / 2
                                       : (std::round(bin.observed_rate * n) + 0.5) / (n + 1));
    }
    return fitted;
  }
};

}  // namespace cxrlt
