// SPDX-License-Identifier: Apache-2.0
/// The scores of two models in one order, from which the counts of any exchange follow without
/// sorting again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/rank_order.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/uncertainty/detail/swaps.hpp"

namespace cxrlt::detail {

/// (mid-rank - 1/2) / n of each score, from the lowest: in (0, 1), equal scores share one.
template <class Score>
std::vector<double> scaled_mid_ranks(const std::vector<Score>& scores) {
  const std::vector<std::size_t> order = rank_order(ColumnView<const Score>(scores));
  const std::size_t n = order.size();
  std::vector<double> ranks(n);
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin;
    while (end < n && scores[order[end]] == scores[order[begin]]) ++end;
    // The tied rows have the descending places begin ... end - 1.
    const double twice = 2 * static_cast<double>(n) - static_cast<double>(begin + end);
    for (; begin < end; ++begin) ranks[order[begin]] = twice / (2 * static_cast<double>(n));
  }
  return ranks;
}

/// Both models' ranks of the labelled rows of one class, merged in descending order.
class JointOrder {
 public:
  template <class Score>
  JointOrder(ColumnView<const Score> first, ColumnView<const Score> second, LabelColumnView labels,
             std::span<const std::size_t> unit_of) {
    std::vector<std::size_t> rows;
    std::array<std::vector<Score>, 2> scores;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const Label label = checked_label(labels[i], i);
      if (label == kMissing) continue;
      if (is_nan(first[i]) || is_nan(second[i])) throw_nan_score(i);
      rows.push_back(i);
      scores[0].push_back(first[i]);
      scores[1].push_back(second[i]);
      ++(label == 1 ? n_positive_ : n_negative_);
    }
    const std::size_t n = rows.size();
    std::vector<double> ranks = scaled_mid_ranks(scores[0]);
    const std::vector<double> of_second = scaled_mid_ranks(scores[1]);
    ranks.insert(ranks.end(), of_second.begin(), of_second.end());
    for (const std::size_t place : rank_order(ColumnView<const double>(ranks))) {
      const std::size_t row = rows[place % n];
      if (!items_.empty()) items_.back().ends_tie = items_.back().rank != ranks[place];
      items_.push_back({ranks[place], unit_of[row], place / n != 0, labels[row] == 1, true});
    }
  }

  /// The counts of both models after the exchange.
  void count(const Swaps& swaps, std::array<ThresholdCounts<>, 2>& counts) const {
    for (ThresholdCounts<>& one : counts) {
      one.threshold.clear();
      one.tp.clear();
      one.fp.clear();
      one.fp_above.clear();
      one.n_positive = n_positive_;
      one.n_negative = n_negative_;
    }
    // By label, then by model.
    std::array<std::array<std::uint64_t, 2>, 2> seen{};
    std::array<std::array<std::uint64_t, 2>, 2> above{};
    for (const Item& item : items_) {
      const std::size_t model = (item.second ? 1U : 0U) ^ swaps[item.unit];
      ++seen[item.positive ? 1 : 0][model];
      if (!item.ends_tie) continue;
      for (std::size_t k = 0; k < 2; ++k) {
        if (seen[1][k] == above[1][k]) continue;
        counts[k].threshold.push_back(item.rank);
        counts[k].tp.push_back(seen[1][k]);
        counts[k].fp.push_back(seen[0][k]);
        counts[k].fp_above.push_back(above[0][k]);
      }
      above = seen;
    }
  }

 private:
  struct Item {
    double rank;
    std::size_t unit;
    bool second;
    bool positive;
    bool ends_tie;  ///< the last item of its rank
  };

  std::vector<Item> items_;
  std::uint64_t n_positive_ = 0;
  std::uint64_t n_negative_ = 0;
};

}  // namespace cxrlt::detail
