// SPDX-License-Identifier: Apache-2.0
/// A batch that was counted: its positives in order, with the false positives at each.
#pragma once

#include <cstdint>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/cuda/detail/batch.hpp"
#include "cxrlt/cuda/detail/bits.hpp"
#include "cxrlt/cuda/detail/cells.hpp"

namespace cxrlt::detail {

/// Positives of one score, and the counts there.
struct PositiveGroup {
  std::uint32_t size;
  std::uint32_t tp, fp, fp_above;
};

inline namespace CXRLT_DEVICE_SYSTEM {

/// False positives at each positive, as running sums through all classes.
struct FalsePositives {
  const std::uint32_t* sums;  ///< two for each positive: score above its own, and at least its own
  const std::uint32_t* before;  ///< by slot: what to take off
};

template <class Element>
struct RankedPositives {
  using Key = typename Batch<Element>::Key;

  Batch<Element> batch;
  const Key* keys;
  FalsePositives false_positives;

  CXRLT_HD double score(std::uint32_t positive) const {
    return static_cast<double>(
        from_ordered_key<ScoreOf<Element>>(static_cast<Key>(~keys[positive])));
  }

  /// Whether a positive is the last of those that have its score.
  CXRLT_HD bool ends_group(std::uint32_t slot, std::uint32_t positive) const {
    return positive + 1 == batch.begins[slot + 1] || keys[positive + 1] != keys[positive];
  }

  /// The group that a positive ends.
  CXRLT_HD PositiveGroup group(std::uint32_t slot, std::uint32_t positive) const {
    const std::uint32_t begin = batch.begins[slot];
    std::uint32_t first = positive;
    if (positive > begin && keys[positive - 1] == keys[positive]) {
      first = first_not_below(keys, begin, positive, keys[positive]);
    }
    const std::uint32_t before = false_positives.before[slot];
    return {positive + 1 - first, positive + 1 - begin,
            false_positives.sums[2 * positive + 1] - before,
            false_positives.sums[2 * first] - before};
  }
};

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace cxrlt::detail
