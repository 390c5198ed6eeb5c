// SPDX-License-Identifier: Apache-2.0
/// Isotonic regression of labels on scores: the blocks of neighbouring scores that share one rate.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/threshold_counts.hpp"

namespace cxrlt {

/// Neighbouring scores that isotonic regression gives one value.
struct IsotonicBlock {
  double lowest = 0;   ///< the lowest score in it
  double highest = 0;  ///< the highest
  std::uint64_t n_positive = 0;
  std::uint64_t n_rows = 0;

  double rate() const { return static_cast<double>(n_positive) / static_cast<double>(n_rows); }
};

/// The blocks of the isotonic regression of labels on scores, ascending, by pooling adjacent
/// violators. A run of negatives after a positive always violates, so a block begins at a score at
/// which a positive stands, and threshold counts hold all that is needed. The comparison of rates
/// is exact for fewer than 2^32 rows. The highest scores of blocks, and the lowest of the first,
/// are still to be found, by `find_extents`. O(positives).
inline std::vector<IsotonicBlock> pool_adjacent_violators(const ThresholdCounts<>& counts) {
  std::vector<IsotonicBlock> blocks;
  const std::uint64_t below = counts.n_negative - (counts.size() == 0 ? 0 : counts.fp.back());
  const double lowest = -std::numeric_limits<double>::infinity();
  if (below > 0) blocks.push_back({lowest, lowest, 0, below});
  for (std::size_t k = counts.size(); k-- > 0;) {
    const std::uint64_t tp_above = k == 0 ? 0 : counts.tp[k - 1];
    const std::uint64_t fp_above = k == 0 ? 0 : counts.fp[k - 1];
    const std::uint64_t n_positive = counts.tp[k] - tp_above;
    IsotonicBlock block{counts.threshold[k], counts.threshold[k], n_positive,
                        n_positive + counts.fp[k] - fp_above};
    while (!blocks.empty() &&
           blocks.back().n_positive * block.n_rows >= block.n_positive * blocks.back().n_rows) {
      block.lowest = blocks.back().lowest;
      block.n_positive += blocks.back().n_positive;
      block.n_rows += blocks.back().n_rows;
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  return blocks;
}

namespace detail {

/// Finds the block of a score.
class BlockSearch {
 public:
  explicit BlockSearch(const std::vector<IsotonicBlock>& blocks) {
    for (const IsotonicBlock& block : blocks) starts_.push_back(block.lowest);
  }

  /// The last block that begins at or below the score, by halving without a branch.
  std::size_t operator()(double score) const {
    const double* first = starts_.data();
    for (std::size_t n = starts_.size(); n > 1; n -= n / 2) {
      first += first[n / 2] <= score ? n / 2 : 0;
    }
    return static_cast<std::size_t>(first - starts_.data());
  }

 private:
  std::vector<double> starts_;
};

}  // namespace detail

/// Fills in the extreme scores of blocks, made from these scores and labels. O(n log blocks).
template <class Score>
void find_extents(ColumnView<const Score> scores, LabelColumnView labels,
                  std::vector<IsotonicBlock>& blocks) {
  const detail::BlockSearch block_of(blocks);
  std::vector<double> highest(blocks.size(), -std::numeric_limits<double>::infinity());
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (labels[i] == kMissing) continue;
    const double score = static_cast<double>(scores[i]);
    double& top = highest[block_of(score)];
    top = std::max(top, score);
    lowest = std::min(lowest, score);
  }
  for (std::size_t k = 0; k < blocks.size(); ++k) blocks[k].highest = highest[k];
  if (!blocks.empty()) blocks.front().lowest = lowest;
}

/// The mean score of each block's rows, within its extent; after `find_extents`, of the same scores
/// and labels, which are finite. O(n log blocks).
template <class Score>
std::vector<double> mean_scores(ColumnView<const Score> scores, LabelColumnView labels,
                                const std::vector<IsotonicBlock>& blocks) {
  const detail::BlockSearch block_of(blocks);
  std::vector<double> means(blocks.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (labels[i] == kMissing) continue;
    const double score = static_cast<double>(scores[i]);
    means[block_of(score)] += score;
  }
  for (std::size_t k = 0; k < blocks.size(); ++k) {
    const double mean = means[k] / static_cast<double>(blocks[k].n_rows);
    // Rounding may carry the mean of equal scores out of its block.
    means[k] = std::clamp(mean, blocks[k].lowest, blocks[k].highest);
  }
  return means;
}

}  // namespace cxrlt
