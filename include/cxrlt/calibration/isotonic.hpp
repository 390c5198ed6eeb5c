// SPDX-License-Identifier: Apache-2.0
/// Isotonic calibration of one class.
#pragma once

#include <cstddef>
#include <vector>

#include "cxrlt/calibration/detail/interpolate.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/counting/isotonic_blocks.hpp"
#include "cxrlt/counting/threshold_counts.hpp"

namespace cxrlt {

/// The non-decreasing step map that fits the labels best in squares, and in likelihood too (Ayer et
/// al. 1955; Zadrozny and Elkan 2002): linear between the ends of its steps and constant outside,
/// as scikit-learn's `IsotonicRegression(out_of_bounds="clip")`. Equal scores stay equal. Scores on
/// one step become ties, so AP and AUROC may change.
struct IsotonicCalibration {
  std::vector<double> score;        ///< knots, strictly ascending; none: the identity
  std::vector<double> probability;  ///< at the knots, ascending
  FitSummary labels;

  /// Fits n finite scores (probabilities or logits: only their order and distances matter) against
  /// n labels in {0, 1, missing}. With one kind of label only: no knots, and `labels.why` says so.
  /// @throws InvalidArgument if sizes differ, a score is NaN or infinite, or a label is none.
  /// Cost: of `count_thresholds`, and O(n log steps).
  static IsotonicCalibration fit(ColumnView<const double> scores, LabelColumnView truth) {
    return fit_column(scores, truth);
  }
  /// @copydoc fit(ColumnView<const double>, LabelColumnView)
  static IsotonicCalibration fit(ColumnView<const float> scores, LabelColumnView truth) {
    return fit_column(scores, truth);
  }

  /// The calibrated probability of a score. Without knots the score itself: a probability where the
  /// map was fitted on probabilities.
  double operator()(double value) const {
    return score.empty() ? value : detail::interpolate(score, probability, value);
  }

 private:
  template <class Score>
  static IsotonicCalibration fit_column(ColumnView<const Score> scores, LabelColumnView truth) {
    IsotonicCalibration fitted;
    const ThresholdCounts<> counts = count_thresholds(scores, truth);
    fitted.labels = detail::summarise_labels(counts.n_positive, counts.n_negative);
    if (!fitted.labels.fitted()) return fitted;
    std::vector<IsotonicBlock> blocks = pool_adjacent_violators(counts);
    find_extents(scores, truth, blocks);
    if (!is_finite(blocks.front().lowest) || !is_finite(blocks.back().highest)) {
      throw InvalidArgument("isotonic calibration: a score is infinite");
    }
    for (const IsotonicBlock& block : blocks) {
      fitted.add_knot(block.lowest, block.rate());
      if (block.highest > block.lowest) fitted.add_knot(block.highest, block.rate());
    }
    return fitted;
  }

  void add_knot(double at, double rate) {
    score.push_back(at);
    probability.push_back(rate);
  }
};

}  // namespace cxrlt
