// SPDX-License-Identifier: Apache-2.0
/// The hub: one summary per class from which every metric of ranking and threshold search follows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

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

}  // namespace cxrlt
