// SPDX-License-Identifier: Apache-2.0
/// Counting scores against labels: one class, or all classes of a matrix spread over threads.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/detail/count_matrix.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/threshold_counts.hpp"

namespace cxrlt {

namespace detail {

template <class Score>
std::vector<ThresholdCounts<>> count_classes(MatrixView<const Score> scores, LabelMatrixView labels,
                                             const Cpu& policy) {
  check_same_shape(scores, labels);
  std::vector<ThresholdCounts<>> counts(scores.n_classes());
  count_matrix(scores, labels, Strategy::automatic,
               for_size(policy, scores.n_samples() * scores.n_classes()), counts);
  return counts;
}

template <class Score, class Visit>
void visit_classes(MatrixView<const Score> scores, LabelMatrixView labels, const Visit& visit,
                   const Cpu& policy) {
  check_same_shape(scores, labels);
  visit_matrix(scores, labels, visit, for_size(policy, scores.n_samples() * scores.n_classes()));
}

template <class Score>
ThresholdCounts<> count_column(ColumnView<const Score> scores, LabelColumnView labels) {
  check_same_size(scores.size(), labels.size(), "samples");
  const MatrixView<const Score> matrix(scores.data(), scores.size(), 1, scores.stride(), 1);
  std::vector<ThresholdCounts<>> counts(1);
  count_matrix(matrix, labels.as_matrix(), Strategy::automatic, Cpu{1}, counts);
  return std::move(counts[0]);
}

}  // namespace detail

/// Counts one class. Equal scores are one group whatever their order; -0 equals +0; infinities are
/// allowed. Missing labels are left out.
/// @param scores  n scores, higher means more likely positive
/// @param labels  n labels in {0, 1, missing}
/// @throws InvalidArgument if sizes differ, a score of a labelled cell is NaN, or a label is none.
/// Cost: O(n) for scores that do not cluster, about 1 to 4 ns each; O(n log n) in the worst case.
inline ThresholdCounts<> count_thresholds(ColumnView<const float> scores, LabelColumnView labels) {
  return detail::count_column(scores, labels);
}
/// @copydoc count_thresholds(ColumnView<const float>, LabelColumnView)
inline ThresholdCounts<> count_thresholds(ColumnView<const double> scores, LabelColumnView labels) {
  return detail::count_column(scores, labels);
}

/// Counts every class of n_samples x n_classes scores; the result has one entry per class.
/// Equal for every number of threads and either storage order. With `policy.workspace`, scratch
/// memory is kept for the next call.
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

/// Counts every class as `count_thresholds` and hands its counts to `visit(c, counts)`: once for
/// each class, in any order, for different classes at the same time where `policy` has several
/// threads. The counts are gone after the call, so that memory does not grow with the number of
/// classes: the fastest way to values of which each comes from the counts of one class.
/// @throws InvalidArgument as `count_thresholds`, perhaps after some classes were visited; and
/// whatever `visit` throws.
template <class Visit>
void visit_thresholds(MatrixView<const float> scores, LabelMatrixView labels, const Visit& visit,
                      const Cpu& policy = {}) {
  detail::visit_classes(scores, labels, visit, policy);
}
/// @copydoc visit_thresholds
template <class Visit>
void visit_thresholds(MatrixView<const double> scores, LabelMatrixView labels, const Visit& visit,
                      const Cpu& policy = {}) {
  detail::visit_classes(scores, labels, visit, policy);
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
