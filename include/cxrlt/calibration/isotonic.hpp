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
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/block_extents.hpp"
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

  /// Fits each class of n_samples x n_classes scores: equal to fitting each column, and faster.
  /// Equal for every number of threads.
  static std::vector<IsotonicCalibration> fit(MatrixView<const double> scores,
                                              LabelMatrixView truth, const Cpu& policy = {}) {
    return fit_matrix(scores, truth, policy);
  }
  /// @copydoc fit(MatrixView<const double>, LabelMatrixView, const Cpu&)
  static std::vector<IsotonicCalibration> fit(MatrixView<const float> scores, LabelMatrixView truth,
                                              const Cpu& policy = {}) {
    return fit_matrix(scores, truth, policy);
  }

  /// The calibrated probability of a score. Without knots the score itself: a probability where the
  /// map was fitted on probabilities.
  double operator()(double value) const {
    return score.empty() ? value : detail::interpolate(score, probability, value);
  }

 private:
  template <class Score>
  static IsotonicCalibration fit_column(ColumnView<const Score> scores, LabelColumnView truth) {
    detail::check_same_size(scores.size(), truth.size(), "samples");
    return fit_matrix(MatrixView<const Score>(scores.data(), scores.size(), 1, scores.stride(), 1),
                      truth.as_matrix(), Cpu{1})[0];
  }

  template <class Score>
  static std::vector<IsotonicCalibration> fit_matrix(MatrixView<const Score> scores,
                                                     LabelMatrixView truth, const Cpu& policy) {
    const Cpu threads = for_size(policy, scores.n_samples() * scores.n_classes());
    std::vector<IsotonicCalibration> fitted(scores.n_classes());
    ClassBlocks blocks(scores.n_classes());
    visit_thresholds(
        scores, truth,
        [&](std::size_t k, const ThresholdCounts<>& counts) {
          fitted[k].labels = detail::summarise_labels(counts.n_positive, counts.n_negative);
          if (fitted[k].labels.fitted()) blocks[k] = pool_adjacent_violators(counts);
        },
        threads);
    find_extents(scores, truth, blocks, threads);
    for (std::size_t k = 0; k < blocks.size(); ++k) fitted[k].add_knots(blocks[k]);
    return fitted;
  }

  void add_knots(const std::vector<IsotonicBlock>& blocks) {
    if (blocks.empty()) return;
    if (!is_finite(blocks.front().lowest) || !is_finite(blocks.back().highest)) {
      throw InvalidArgument("isotonic calibration: a score is infinite");
    }
    for (const IsotonicBlock& block : blocks) {
      add_knot(block.lowest, block.rate());
      if (block.highest > block.lowest) add_knot(block.highest, block.rate());
    }
  }

  void add_knot(double at, double rate) {
    score.push_back(at);
    probability.push_back(rate);
  }
};

}  // namespace cxrlt
