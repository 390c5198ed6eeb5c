// SPDX-License-Identifier: Apache-2.0
/// Counting negatives by sorting them: each positive is looked up among the sorted negatives of its
/// class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/cuda/detail/batch.hpp"
#include "cxrlt/cuda/detail/bits.hpp"
#include "cxrlt/cuda/detail/cells.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"
#include "cxrlt/cuda/detail/ranked_positives.hpp"
#include "cxrlt/cuda/detail/slot_keys.hpp"

namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM {

/// Looks up one positive among the negatives.
template <class Element>
struct LookUpPositive {
  using Key = typename Batch<Element>::Key;

  Batch<Element> batch;
  const Key* keys;
  const Key* negatives;
  const std::uint32_t* negative_begins;  ///< by slot
  std::uint32_t* sums;

  CXRLT_HD void operator()(std::uint32_t positive) const {
    const std::uint32_t slot = batch.slot_of_positive(positive);
    const std::uint32_t end = negative_begins[slot + 1];
    const Key key = keys[positive];
    const std::uint32_t above = first_not_below(negatives, negative_begins[slot], end, key);
    sums[2 * positive] = above;
    sums[2 * positive + 1] = first_above(negatives, above, end, key);
  }
};

/// Counts by sorting the negatives.
template <class Element>
FalsePositives sort_negatives(DeviceRun& run, const Batch<Element>& batch,
                              const typename Batch<Element>::Key* keys,
                              const std::vector<std::uint32_t>& n_negative) {
  using Key = typename Batch<Element>::Key;
  const SlotRanges ranges(run, n_negative);
  auto* const sums = run.room_for<std::uint32_t>(std::size_t{2} * batch.n_positive);
  const DeviceArena::Mark mark = run.arena().mark();
  SlotKeys<Key> unsorted(run, ranges.total);
  using Writer = typename SlotKeys<Key>::Writer;
  run.for_each(batch.strips.size(), GatherKeys<Element, Writer>{batch, Cell::negative,
                                                                ranges.begins, unsorted.writer()});
  const Key* const negatives = unsorted.sorted(run, batch.strips.n_slots);
  run.for_each(batch.n_positive,
               LookUpPositive<Element>{batch, keys, negatives, ranges.begins, sums});
  run.arena().release(mark);
  return {sums, ranges.begins};
}

}  // namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM
