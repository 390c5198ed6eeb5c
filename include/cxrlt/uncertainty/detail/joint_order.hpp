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
    std::vector<double> ranks = scaled_mid_ranks(scores[0]);
    const std::vector<double> of_second = scaled_mid_ranks(scores[1]);
    ranks.insert(ranks.end(), of_second.begin(), of_second.end());
    const std::vector<std::size_t> order = rank_order(ColumnView<const double>(ranks));
    const auto add = [&](std::size_t place) {
      const bool is_second = place >= rows.size();
      const std::size_t unit = unit_of[rows[is_second ? place - rows.size() : place]];
      cells_.push_back(static_cast<std::uint32_t>(unit << 1 | (is_second ? 1U : 0U)));
    };
    for (std::size_t begin = 0; begin < order.size();) {
      const double rank = ranks[order[begin]];
      const std::size_t n_above = cells_.size();
      std::vector<std::size_t> positives;
      for (; begin < order.size() && ranks[order[begin]] == rank; ++begin) {
        const std::size_t place = order[begin];
        if (labels[rows[place % rows.size()]] == 1) {
          positives.push_back(place);
        } else {
          add(place);
        }
      }
      if (positives.empty()) continue;
      const std::size_t n_tied = cells_.size();
      for (const std::size_t place : positives) add(place);
      steps_.push_back({rank, n_above, n_tied, cells_.size()});
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
    std::array<std::uint64_t, 2> tp{};
    std::array<std::uint64_t, 2> fp{};
    std::size_t at = 0;
    // Adds the cells up to `end` to the model that they belong to after the exchange.
    const auto pass = [&](std::size_t end, std::array<std::uint64_t, 2>& passed) {
      const std::size_t n = end - at;
      std::uint64_t n_second = 0;
      for (; at < end; ++at) n_second += (cells_[at] & 1U) ^ swaps[cells_[at] >> 1];
      passed[0] += n - n_second;
      passed[1] += n_second;
    };
    for (const Step& step : steps_) {
      pass(step.above_end, fp);
      const std::array<std::uint64_t, 2> fp_above = fp;
      pass(step.tied_end, fp);
      const std::array<std::uint64_t, 2> tp_before = tp;
      pass(step.end, tp);
      for (std::size_t k = 0; k < 2; ++k) {
        if (tp[k] == tp_before[k]) continue;
        counts[k].threshold.push_back(step.rank);
        counts[k].tp.push_back(tp[k]);
        counts[k].fp.push_back(fp[k]);
        counts[k].fp_above.push_back(fp_above[k]);
      }
    }
  }

 private:
  /// A rank at which a positive stands: where its cells end.
  struct Step {
    double rank;
    std::size_t above_end;  ///< negatives of higher ranks, since the step before
    std::size_t tied_end;   ///< negatives of this rank
    std::size_t end;        ///< its positives
  };

  std::vector<std::uint32_t> cells_;  ///< twice the unit, plus 1 for the second model's
  std::vector<Step> steps_;
  std::uint64_t n_positive_ = 0;
  std::uint64_t n_negative_ = 0;
};

}  // namespace cxrlt::detail
