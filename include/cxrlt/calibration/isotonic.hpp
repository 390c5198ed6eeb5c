// SPDX-License-Identifier: Apache-2.0
/// Isotonic calibration of one class.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/counting/threshold_counts.hpp"

namespace cxrlt {

namespace detail {

/// Neighbouring scores that isotonic regression gives one value.
struct IsotonicBlock {
  double lowest = 0;   ///< the lowest score in it
  double highest = 0;  ///< the highest
  std::uint64_t n_positive = 0;
  std::uint64_t n_rows = 0;

  double rate() const { return static_cast<double>(n_positive) / static_cast<double>(n_rows); }
};

/// The blocks of the isotonic regression of labels on scores, ascending, by pooling adjacent
/// violators. A run of negatives after a positive always violates, so a block begins at a score at
/// which a positive stands, and threshold counts hold all that is needed. The comparison of rates
/// is exact. The highest scores of blocks, and the lowest of the first, are still to be found.
inline std::vector<IsotonicBlock> pool_adjacent_violators(const ThresholdCounts<>& counts) {
  std::vector<IsotonicBlock> blocks;
  const std::uint64_t below = counts.n_negative - (counts.size() == 0 ? 0 : counts.fp.back());
  const double lowest = -std::numeric_limits<double>::infinity();
  if (below > 0) blocks.push_back({lowest, lowest, 0, below});
  for (std::size_t k = counts.size(); k-- > 0;) {
    const std::uint64_t tp_above = k == 0 ? 0 : counts.tp[k - 1];
    const std::uint64_t fp_above = k == 0 ? 0 : counts.fp[k - 1];
    const std::uint64_t n_positive = counts.tp[k] - tp_above;
    IsotonicBlock block{counts.threshold[k], counts.threshold[k], n_positive,
                        n_positive + counts.fp[k] - fp_above};
    while (!blocks.empty() &&
           blocks.back().n_positive * block.n_rows >= block.n_positive * blocks.back().n_rows) {
      block.lowest = blocks.back().lowest;
      block.n_positive += blocks.back().n_positive;
      block.n_rows += blocks.back().n_rows;
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  return blocks;
}

/// Fills in the extreme scores of blocks.
template <class Score>
void find_extents(ColumnView<const Score> scores, LabelColumnView labels,
                  std::vector<IsotonicBlock>& blocks) {
  std::vector<double> starts;
  for (const IsotonicBlock& block : blocks) starts.push_back(block.lowest);
  std::vector<double> highest(blocks.size(), -std::numeric_limits<double>::infinity());
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (labels[i] == kMissing) continue;
    const double score = static_cast<double>(scores[i]);
    // The last block that begins at or below the score, by halving without a branch.
    const double* first = starts.data();
    for (std::size_t n = starts.size(); n > 1; n -= n / 2) {
      first += first[n / 2] <= score ? n / 2 : 0;
    }
    double& top = highest[static_cast<std::size_t>(first - starts.data())];
    top = std::max(top, score);
    lowest = std::min(lowest, score);
  }
  for (std::size_t k = 0; k < blocks.size(); ++k) blocks[k].highest = highest[k];
  if (!blocks.empty()) blocks.front().lowest = lowest;
}

/// The value at `x` of the polyline through ascending knots; constant outside.
inline double interpolate(const std::vector<double>& xs, const std::vector<double>& ys, double x) {
  if (x <= xs.front()) return ys.front();
  if (x >= xs.back()) return ys.back();
  const auto above = std::upper_bound(xs.begin(), xs.end(), x);
  const std::size_t k = static_cast<std::size_t>(above - xs.begin());
  const double share = (x - xs[k - 1]) / (xs[k] - xs[k - 1]);
  return ys[k - 1] + share * (ys[k] - ys[k - 1]);
}

}  // namespace detail

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
    std::vector<detail::IsotonicBlock> blocks = detail::pool_adjacent_violators(counts);
    detail::find_extents(scores, truth, blocks);
    if (!is_finite(blocks.front().lowest) || !is_finite(blocks.back().highest)) {
      throw InvalidArgument("isotonic calibration: a score is infinite");
    }
    for (const detail::IsotonicBlock& block : blocks) {
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
