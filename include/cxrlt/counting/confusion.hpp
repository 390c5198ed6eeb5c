// SPDX-License-Identifier: Apache-2.0
/// The four counts of decisions at one threshold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt {

/// Decisions against truth. `Count` is `std::uint64_t`, or `double` where rows carry weights.
template <class Count = std::uint64_t>
struct ConfusionCounts {
  Count tp = 0;  ///< positives predicted positive
  Count fp = 0;  ///< negatives predicted positive
  Count fn = 0;  ///< positives predicted negative
  Count tn = 0;  ///< negatives predicted negative

  /// Counts `amount` for one decision.
  void add(bool positive, bool predicted, Count amount = 1) {
    (positive ? (predicted ? tp : fn) : (predicted ? fp : tn)) += amount;
  }

  ConfusionCounts& operator+=(const ConfusionCounts& other) {
    tp += other.tp;
    fp += other.fp;
    fn += other.fn;
    tn += other.tn;
    return *this;
  }

  Count total() const { return tp + fp + fn + tn; }
  bool operator==(const ConfusionCounts&) const = default;
};

namespace detail {

/// Counts decisions: `predicted(i)` and `weight(i)` are asked for every labelled row of weight.
template <class Count, class Predicted, class Weight>
ConfusionCounts<Count> confusion_of(LabelColumnView labels, const Predicted& predicted,
                                    const Weight& weight) {
  ConfusionCounts<Count> counts;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Label label = checked_label(labels[i], i);
    const Count amount = weight(i);
    if (label == kMissing || !(amount > 0)) continue;
    counts.add(label == 1, predicted(i), amount);
  }
  return counts;
}

template <class Count, class Score, class Weight>
ConfusionCounts<Count> confusion(ColumnView<const Score> scores, LabelColumnView labels,
                                 double threshold, const Weight& weight) {
  check_same_size(scores.size(), labels.size(), "samples");
  check_threshold(threshold);
  const auto predicted = [&](std::size_t i) {
    if (is_nan(scores[i])) throw_nan_score(i);
    return static_cast<double>(scores[i]) >= threshold;
  };
  return confusion_of<Count>(labels, predicted, weight);
}

}  // namespace detail

/// Counts the decisions of one class in one pass: predicted positive where score >= threshold.
/// float scores are compared as doubles, which is exact. Missing labels are left out.
/// @throws InvalidArgument if sizes differ, the threshold or a score of a labelled cell is NaN, or
/// a label is none.
/// Cost: O(n).
inline ConfusionCounts<> count_confusion(ColumnView<const float> scores, LabelColumnView labels,
                                         double threshold) {
  return detail::confusion<std::uint64_t>(scores, labels, threshold,
                                          [](std::size_t) { return std::uint64_t{1}; });
}
/// @copydoc count_confusion(ColumnView<const float>, LabelColumnView, double)
inline ConfusionCounts<> count_confusion(ColumnView<const double> scores, LabelColumnView labels,
                                         double threshold) {
  return detail::confusion<std::uint64_t>(scores, labels, threshold,
                                          [](std::size_t) { return std::uint64_t{1}; });
}

/// The same with a weight per row; weight 0 equals deleting the row.
/// @throws InvalidArgument also if a weight is negative or not finite.
inline ConfusionCounts<double> count_confusion(ColumnView<const double> scores,
                                               LabelColumnView labels, double threshold,
                                               std::span<const double> row_weights) {
  detail::check_same_size(scores.size(), row_weights.size(), "row weights");
  return detail::confusion<double>(scores, labels, threshold, [&](std::size_t i) {
    return detail::checked_weight(row_weights[i], i);
  });
}
/// @copydoc count_confusion(ColumnView<const double>, LabelColumnView, double, std::span<const
/// double>)
inline ConfusionCounts<double> count_confusion(ColumnView<const float> scores,
                                               LabelColumnView labels, double threshold,
                                               std::span<const double> row_weights) {
  detail::check_same_size(scores.size(), row_weights.size(), "row weights");
  return detail::confusion<double>(scores, labels, threshold, [&](std::size_t i) {
    return detail::checked_weight(row_weights[i], i);
  });
}

}  // namespace cxrlt
