// SPDX-License-Identifier: Apache-2.0
/// The four counts of decisions at each of many thresholds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt {

namespace detail {

inline void check_descending(std::span<const double> thresholds) {
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    check_threshold(thresholds[k]);
    if (k > 0 && !(thresholds[k] < thresholds[k - 1])) {
      throw InvalidArgument("thresholds do not descend: two neighbours are equal, or rise");
    }
  }
}

template <class Score>
std::vector<ConfusionCounts<>> confusions(ColumnView<const Score> scores, LabelColumnView labels,
                                          std::span<const double> thresholds) {
  check_same_size(scores.size(), labels.size(), "samples");
  check_descending(thresholds);
  // First the rows that each threshold is the first to accept; the last entry takes those that none
  // accepts.
  std::vector<ConfusionCounts<>> counts(thresholds.size() + 1);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Label label = checked_label(labels[i], i);
    if (label == kMissing) continue;
    if (is_nan(scores[i])) throw_nan_score(i);
    const auto first = std::lower_bound(thresholds.begin(), thresholds.end(),
                                        static_cast<double>(scores[i]), std::greater<>());
    counts[static_cast<std::size_t>(first - thresholds.begin())].add(label == 1, true);
  }
  for (std::size_t k = 1; k < counts.size(); ++k) counts[k] += counts[k - 1];
  const ConfusionCounts<> all = counts.back();
  counts.pop_back();
  for (ConfusionCounts<>& at : counts) {
    at.fn = all.tp - at.tp;
    at.tn = all.fp - at.fp;
  }
  return counts;
}

}  // namespace detail

/// Counts the decisions of one class at each threshold: predicted positive where score >=
/// threshold. Equal to `count_confusion` at every one of them, which may be any numbers, scores of
/// other classes among them. Missing labels are left out.
/// @param thresholds  strictly descending; infinities are allowed
/// @return an entry per threshold
/// @throws InvalidArgument as `count_confusion`, and if thresholds do not descend.
/// Cost: O(n log thresholds + thresholds).
inline std::vector<ConfusionCounts<>> count_confusions(ColumnView<const float> scores,
                                                       LabelColumnView labels,
                                                       std::span<const double> thresholds) {
  return detail::confusions(scores, labels, thresholds);
}
/// @copydoc count_confusions(ColumnView<const float>, LabelColumnView, std::span<const double>)
inline std::vector<ConfusionCounts<>> count_confusions(ColumnView<const double> scores,
                                                       LabelColumnView labels,
                                                       std::span<const double> thresholds) {
  return detail::confusions(scores, labels, thresholds);
}

}  // namespace cxrlt
