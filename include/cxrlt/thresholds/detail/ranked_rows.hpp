// SPDX-License-Identifier: Apache-2.0
/// The labelled rows of one class in the order of their scores.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"

namespace cxrlt::detail {

/// One labelled row.
struct RankedRow {
  double score = 0;
  bool positive = false;
  int fold = 0;
};

/// Rows from the highest score to the lowest.
using RankedRows = std::vector<RankedRow>;

inline std::size_t count_positives(const RankedRows& rows) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const RankedRow& row) { return row.positive; }));
}

/// The labelled rows, ranked; equal scores in the order of rows.
template <class Score>
RankedRows rank_rows(ColumnView<const Score> scores, LabelColumnView labels,
                     std::span<const int> folds) {
  RankedRows rows;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (labels[i] == kMissing) continue;
    rows.push_back({static_cast<double>(scores[i]), labels[i] == 1, folds[i]});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const RankedRow& a, const RankedRow& b) {
    return ordered_key(a.score) > ordered_key(b.score);
  });
  return rows;
}

/// The rows of one fold, or of all others, still ranked.
inline RankedRows rows_of_fold(const RankedRows& rows, int fold, bool inside) {
  RankedRows some;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(some),
               [&](const RankedRow& row) { return (row.fold == fold) == inside; });
  return some;
}

/// Calls `visit(k)` for every k for which a threshold predicts exactly the first k >= 1 rows.
template <class Visit>
void for_each_cut(const RankedRows& rows, const Visit& visit) {
  for (std::size_t k = 1; k <= rows.size(); ++k) {
    if (k == rows.size() || rows[k].score != rows[k - 1].score) visit(k);
  }
}

/// The counts of decisions at a threshold.
inline ConfusionCounts<> confusion_of(const RankedRows& rows, double threshold) {
  ConfusionCounts<> counts;
  for (const RankedRow& row : rows) {
    const bool predicted = row.score >= threshold;
    ++(row.positive ? (predicted ? counts.tp : counts.fn) : (predicted ? counts.fp : counts.tn));
  }
  return counts;
}

}  // namespace cxrlt::detail
