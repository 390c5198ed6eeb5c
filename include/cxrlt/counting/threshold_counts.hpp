// SPDX-License-Identifier: Apache-2.0
/// The hub: one summary per class from which every metric of ranking and threshold search follows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt {

/// Counts of one class at the thresholds that matter: the k distinct scores, descending, at which
/// a positive stands. Between two of them recall cannot change and precision only falls, so AP,
/// AUROC, the best F-beta, operating points and both curves are exact from these alone.
/// `Count` is `std::uint64_t`, or `double` where rows carry weights.
template <class Count = std::uint64_t>
struct ThresholdCounts {
  std::vector<double> threshold;  ///< the scores, widened exactly
  std::vector<Count> tp;          ///< positives with score >= threshold
  std::vector<Count> fp;          ///< negatives with score >= threshold
  std::vector<Count> fp_above;    ///< negatives with score > threshold; the rest of fp ties
  Count n_positive = 0;
  Count n_negative = 0;

  std::size_t size() const { return threshold.size(); }
};

/// Counts one class. Equal scores are one group whatever their order; -0 equals +0; infinities are
/// allowed. Missing labels are left out.
/// @param scores  n scores, higher means more likely positive
/// @param labels  n labels in {0, 1, missing}
/// @throws InvalidArgument if sizes differ, a score of a labelled cell is NaN, or a label is none.
/// Cost: O(n log n).
inline ThresholdCounts<> count_thresholds(ColumnView<const float> scores, LabelColumnView labels) {
  return detail::sorted_counts<ThresholdCounts<>>(scores, labels);
}
/// @copydoc count_thresholds(ColumnView<const float>, LabelColumnView)
inline ThresholdCounts<> count_thresholds(ColumnView<const double> scores, LabelColumnView labels) {
  return detail::sorted_counts<ThresholdCounts<>>(scores, labels);
}

/// Counts one class with a weight per row. Weight 0 equals deleting the row.
/// @throws InvalidArgument also if a weight is negative or not finite.
inline ThresholdCounts<double> count_thresholds(ColumnView<const float> scores,
                                                LabelColumnView labels,
                                                std::span<const double> row_weights) {
  return detail::weighted_counts<ThresholdCounts<double>>(scores, labels, row_weights);
}
/// @copydoc count_thresholds(ColumnView<const float>, LabelColumnView, std::span<const double>)
inline ThresholdCounts<double> count_thresholds(ColumnView<const double> scores,
                                                LabelColumnView labels,
                                                std::span<const double> row_weights) {
  return detail::weighted_counts<ThresholdCounts<double>>(scores, labels, row_weights);
}

}  // namespace cxrlt
