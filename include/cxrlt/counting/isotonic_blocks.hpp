// SPDX-License-Identifier: Apache-2.0
/// Isotonic regression of labels on scores: the blocks of neighbouring scores that share one rate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

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
/// are still to be found, by `find_extents` (block_extents.hpp). O(positives).
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

}  // namespace cxrlt
