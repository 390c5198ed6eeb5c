// SPDX-License-Identifier: Apache-2.0
/// Counting all classes of a matrix, spread over threads.
#pragma once

#include <cstddef>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/threshold_counts.hpp"

namespace cxrlt {

namespace detail {

template <class Score>
std::vector<ThresholdCounts<>> count_classes(MatrixView<const Score> scores, LabelMatrixView labels,
                                             const Cpu& policy) {
  check_same_size(scores.n_samples(), labels.n_samples(), "samples");
  check_same_size(scores.n_classes(), labels.n_classes(), "classes");
  std::vector<ThresholdCounts<>> counts(scores.n_classes());
  parallel_for(
      counts.size(), for_size(policy, scores.n_samples() * scores.n_classes()),
      [&](std::size_t c) { counts[c] = count_thresholds(scores.column(c), labels.column(c)); });
  return counts;
}

}  // namespace detail

/// Counts every class of n_samples x n_classes scores; the result has one entry per class.
/// Equal for every number of threads.
inline std::vector<ThresholdCounts<>> count_thresholds(MatrixView<const float> scores,
                                                       LabelMatrixView labels,
                                                       const Cpu& policy = {}) {
  return detail::count_classes(scores, labels, policy);
}
/// @copydoc count_thresholds(MatrixView<const float>, LabelMatrixView, const Cpu&)
inline std::vector<ThresholdCounts<>> count_thresholds(MatrixView<const double> scores,
                                                       LabelMatrixView labels,
                                                       const Cpu& policy = {}) {
  return detail::count_classes(scores, labels, policy);
}

}  // namespace cxrlt
