// SPDX-License-Identifier: Apache-2.0
/// The labelled rows of one class in the order of their scores.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/detail/add_score.hpp"
#include "cxrlt/counting/rank_order.hpp"
#include "cxrlt/counting/threshold_counts.hpp"

namespace cxrlt::detail {

/// One labelled row.
struct RankedRow {
  double score = 0;
  double logit = 0;  ///< where probabilities are fitted
  std::uint32_t row = 0;
  int fold = 0;
  bool positive = false;
};

/// Rows from the highest score to the lowest.
using RankedRows = std::vector<RankedRow>;

inline std::size_t count_positives(const RankedRows& rows) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const RankedRow& row) { return row.positive; }));
}

/// The labelled rows, ranked; equal scores in the order of rows.
/// @throws InvalidArgument if the score of one is NaN, a label is none, or for 2^31 rows or more.
template <class Score>
RankedRows rank_rows(ColumnView<const Score> scores, LabelColumnView labels) {
  std::vector<Score> labelled;
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (checked_label(labels[i], i) == kMissing) continue;
    if (is_nan(scores[i])) throw_nan_score(i);
    labelled.push_back(scores[i]);
    rows.push_back(static_cast<std::uint32_t>(i));
  }
  RankedRows ranked;
  ranked.reserve(rows.size());
  for (const std::size_t i : rank_order(ColumnView<const Score>(labelled))) {
    RankedRow& row = ranked.emplace_back();
    row.score = static_cast<double>(labelled[i]) + 0.0;  // -0 becomes 0
    row.row = rows[i];
    row.positive = labels[rows[i]] == 1;
  }
  return ranked;
}

/// Puts the rows into folds, one number for each row of the class.
inline void assign_folds(RankedRows& rows, const std::vector<int>& folds) {
  for (RankedRow& row : rows) row.fold = folds[row.row];
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

/// The counts at the scores of positives.
inline ThresholdCounts<> counts_of(const RankedRows& rows) {
  ThresholdCounts<> counts;
  std::size_t counted = 0;
  for_each_cut(rows, [&](std::size_t k) {
    std::uint64_t n_positive = 0;
    std::uint64_t n_negative = 0;
    for (; counted < k; ++counted) ++(rows[counted].positive ? n_positive : n_negative);
    add_score(counts, rows[k - 1].score, n_positive, n_negative);
  });
  return counts;
}

/// How many rows a threshold predicts.
inline std::size_t n_predicted(const RankedRows& rows, double threshold) {
  const auto end = std::partition_point(
      rows.begin(), rows.end(), [&](const RankedRow& row) { return row.score >= threshold; });
  return static_cast<std::size_t>(end - rows.begin());
}

/// The counts of decisions at a threshold.
inline ConfusionCounts<> confusion_of(const RankedRows& rows, double threshold) {
  ConfusionCounts<> counts;
  for (const RankedRow& row : rows) counts.add(row.positive, row.score >= threshold);
  return counts;
}

}  // namespace cxrlt::detail
