// SPDX-License-Identifier: Apache-2.0
/// Centred isotonic calibration of one class: as isotonic, but it keeps the order of scores.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/detail/interpolate.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/block_extents.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/counting/isotonic_blocks.hpp"

namespace cxrlt {

/// Isotonic regression with each of its steps drawn together into one point, at the mean score and
/// the rate of its rows, and straight lines between the points (Oron and Flournoy 2017). It is
/// strictly increasing on [0, 1], so AP and AUROC stay what they were, and for rates strictly
/// between 0 and 1 it estimates better than the flat steps do.
///
/// To stay strict at the ends, where the authors are content with constants: a lowest step without
/// positives gets the rate 1/2 / (n + 1) of its n rows, or half of the next step's rate if that is
/// less, and a highest step without negatives the same by symmetry; below the first point the map
/// runs straight to (0, 0), above the last to (1, 1), unless the point itself lies at that end.
/// Strict is meant in exact arithmetic. In double two scores become equal where the map is flatter
/// than double can tell: scores of 7 digits (float) stay apart where neighbours of them are mapped
/// more than 2^-53 apart.
struct CentredIsotonicCalibration {
  std::vector<double> score;        ///< knots, strictly ascending; none: the identity
  std::vector<double> probability;  ///< at the knots, strictly ascending
  FitSummary labels;

  /// Fits n probabilities against n labels in {0, 1, missing}. With one kind of label only: no
  /// knots, and `labels.why` says so.
  /// @throws InvalidArgument if sizes differ, a probability is NaN or outside [0, 1], or a label is
  /// none. Cost: as `IsotonicCalibration::fit`.
  static CentredIsotonicCalibration fit(ColumnView<const double> probabilities,
                                        LabelColumnView truth) {
    return fit_column(probabilities, truth);
  }
  /// @copydoc fit(ColumnView<const double>, LabelColumnView)
  static CentredIsotonicCalibration fit(ColumnView<const float> probabilities,
                                        LabelColumnView truth) {
    return fit_column(probabilities, truth);
  }

  /// The calibrated probability of p in [0, 1].
  double operator()(double p) const {
    return score.empty() ? p : detail::interpolate(score, probability, p);
  }

 private:
  template <class Score>
  static CentredIsotonicCalibration fit_column(ColumnView<const Score> probabilities,
                                               LabelColumnView truth) {
    CentredIsotonicCalibration fitted;
    std::vector<double> values;  // within [0, 1]
    std::vector<Label> labels;
    fitted.labels =
        detail::for_each_calibration_row(probabilities, truth, [&](double p, bool positive) {
          values.push_back(p);
          labels.push_back(positive ? Label{1} : Label{0});
        });
    if (!fitted.labels.fitted()) return fitted;
    const ColumnView<const double> column(values);
    std::vector<IsotonicBlock> blocks = pool_adjacent_violators(count_thresholds(column, labels));
    find_extents(column, labels, blocks);
    const std::vector<double> centres = mean_scores(column, labels, blocks);
    if (centres.front() > 0) fitted.add_knot(0, 0);
    for (std::size_t k = 0; k < blocks.size(); ++k) fitted.add_knot(centres[k], rate(blocks, k));
    if (centres.back() < 1) fitted.add_knot(1, 1);
    return fitted;
  }

  /// The rate of a block, moved off 0 and 1. With both kinds of labels a block of rate 0 or 1 has a
  /// neighbour.
  static double rate(const std::vector<IsotonicBlock>& blocks, std::size_t k) {
    const IsotonicBlock& block = blocks[k];
    const double smoothed = 0.5 / (static_cast<double>(block.n_rows) + 1);
    if (block.n_positive == 0) return std::min(smoothed, blocks[k + 1].rate() / 2);
    if (block.n_positive == block.n_rows) {
      return 1 - std::min(smoothed, (1 - blocks[k - 1].rate()) / 2);
    }
    return block.rate();
  }

  void add_knot(double at, double value) {
    score.push_back(at);
    probability.push_back(value);
  }
};

}  // namespace cxrlt
