// SPDX-License-Identifier: Apache-2.0
/// Counting negatives without sorting them: each is looked up among the sorted positives of its
/// class. A table says where to look, so that a few steps are enough.
#pragma once

#include <thrust/functional.h>
#include <thrust/scan.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/cuda/detail/batch.hpp"
#include "cxrlt/cuda/detail/bits.hpp"
#include "cxrlt/cuda/detail/cells.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"
#include "cxrlt/cuda/detail/ranked_positives.hpp"

namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM {

/// Entries in the table of a class: none without positives, else one for each bin and one more.
/// There are 2 to 4 bins for each positive, up to a limit.
inline std::uint32_t table_size(std::uint32_t n_positive) {
  constexpr int most_bits = 26;
  if (n_positive == 0) return 0;
  return (std::uint32_t{1} << std::min(width_of_bits(n_positive) + 1, most_bits)) + 1;
}

/// Where to look for a key among the positives of one class. The keys between its first and last
/// positive are cut into bins of equal width; positives [table[b], table[b + 1]) lie in bin b.
template <class Key>
struct PositiveBins {
  std::uint32_t begin = 0;  ///< of its positives
  std::uint32_t end = 0;
  Key first = 0;
  Key last = 0;
  int shift = 0;
  std::uint32_t* table = nullptr;

  CXRLT_HD std::uint32_t bin(Key key) const {
    return static_cast<std::uint32_t>((key - first) >> shift);
  }
  /// The first positive whose key is not below `key`, which is no larger than `last`.
  CXRLT_HD std::uint32_t find(const Key* keys, Key key) const {
    if (key <= first) return begin;
    const std::uint32_t b = bin(key);
    return first_not_below(keys, table[b], table[b + 1], key);
  }
};

/// The tables of all classes of a batch.
template <class Key>
struct Tables {
  const Key* keys;
  const std::uint32_t* begins;        ///< of positives, by slot
  const std::uint32_t* table_begins;  ///< by slot
  std::uint32_t* entries;

  CXRLT_HD PositiveBins<Key> of(std::uint32_t slot) const {
    PositiveBins<Key> table;
    table.begin = begins[slot];
    table.end = begins[slot + 1];
    if (table.begin == table.end) return table;
    table.first = keys[table.begin];
    table.last = keys[table.end - 1];
    const int bin_bits = width_of_bits(table_begins[slot + 1] - table_begins[slot] - 1) - 1;
    const int wide = width_of_bits(table.last - table.first) - bin_bits;
    table.shift = wide > 0 ? wide : 0;
    table.table = entries + table_begins[slot];
    return table;
  }
};

/// Enters each positive that is the last of its bin behind that bin; a running maximum does the
/// rest.
template <class Element>
struct EnterPositives {
  using Key = typename Batch<Element>::Key;

  Batch<Element> batch;
  Tables<Key> tables;

  CXRLT_HD void operator()(std::uint32_t positive) const {
    const PositiveBins<Key> table = tables.of(batch.slot_of_positive(positive));
    if (positive == table.begin) table.table[0] = positive;
    const std::uint32_t bin = table.bin(tables.keys[positive]);
    if (positive + 1 == table.end || table.bin(tables.keys[positive + 1]) != bin) {
      table.table[bin + 1] = positive + 1;
    }
  }
};

/// Counts the negatives of a strip: counters 2 p and 2 p + 1 are for those between positive p and
/// the one before it, and for those that tie with p. What lies below all positives matters to no
/// threshold.
template <class Element>
struct SearchNegatives {
  using Key = typename Batch<Element>::Key;

  Batch<Element> batch;
  Tables<Key> tables;
  std::uint32_t* counters;

  CXRLT_HD void operator()(std::uint32_t thread) const {
    const Strips& strips = batch.strips;
    const Strip strip = strips.strip(thread);
    const std::uint32_t class_index = batch.class_of(strip.slot);
    const PositiveBins<Key> table = tables.of(strip.slot);
    // Neighbouring rows that meet in one counter are added in one go: where most scores are equal,
    // threads would queue for it.
    std::uint32_t place = 0;
    std::uint32_t n = 0;
    const auto count = [&](Cell cell, ScoreOf<Element> score) {
      if (cell != Cell::negative) return;
      if (is_nan(score)) add_atomically(batch.faults, 1);
      const Key key = descending_key(score);
      if (table.begin == table.end || key > table.last) return;
      const std::uint32_t positive = table.find(tables.keys, key);
      const std::uint32_t found = 2 * positive + (tables.keys[positive] == key ? 1U : 0U);
      if (found != place && n > 0) {
        add_atomically(counters + place, n);
        n = 0;
      }
      place = found;
      ++n;
    };
    constexpr std::uint32_t together = 4;  // reads that do not wait for one another
    const std::uint32_t step = strips.n_lanes;
    std::uint32_t row = strip.lane;
    for (; row + (together - 1) * step < strips.n_samples; row += together * step) {
      unsigned char bytes[together];
      ScoreOf<Element> scores[together];
      for (std::uint32_t k = 0; k < together; ++k) {
        bytes[k] = batch.cells.byte(row + k * step, class_index);
        scores[k] = batch.cells.score(row + k * step, class_index);
      }
      for (std::uint32_t k = 0; k < together; ++k) {
        count(batch.cells.cell_of(bytes[k]), scores[k]);
      }
    }
    for (; row < strips.n_samples; row += step) {
      count(batch.cells.cell(row, class_index), batch.cells.score(row, class_index));
    }
    if (n > 0) add_atomically(counters + place, n);
  }
};

/// The running sum of the counters before a class's first.
struct SumsBefore {
  const std::uint32_t* begins;
  const std::uint32_t* sums;
  std::uint32_t* before;

  CXRLT_HD void operator()(std::uint32_t slot) const {
    const std::uint32_t begin = begins[slot];
    before[slot] = begin == 0 ? 0 : sums[2 * begin - 1];
  }
};

/// Counts by looking up each negative. Sums run through all classes and may pass 2^32: only their
/// differences within a class matter, and these do not.
template <class Element>
FalsePositives search_negatives(DeviceRun& run, const Batch<Element>& batch,
                                const typename Batch<Element>::Key* keys,
                                const std::vector<std::uint32_t>& n_positive) {
  using Key = typename Batch<Element>::Key;
  std::vector<std::uint32_t> sizes;
  for (const std::uint32_t n : n_positive) sizes.push_back(table_size(n));
  const SlotRanges ranges(run, sizes);
  const Tables<Key> tables{keys, batch.begins, ranges.begins,
                           run.filled<std::uint32_t>(ranges.total, 0)};
  run.for_each(batch.n_positive, EnterPositives<Element>{batch, tables});
  thrust::inclusive_scan(run.policy(), tables.entries, tables.entries + ranges.total,
                         tables.entries, thrust::maximum<std::uint32_t>());

  const std::size_t n_counters = std::size_t{2} * batch.n_positive;
  auto* const counters = run.filled<std::uint32_t>(n_counters, 0);
  run.for_each(batch.strips.size(), SearchNegatives<Element>{batch, tables, counters});
  thrust::inclusive_scan(run.policy(), counters, counters + n_counters, counters);
  auto* const before = run.room_for<std::uint32_t>(batch.strips.n_slots);
  run.for_each(batch.strips.n_slots, SumsBefore{batch.begins, counters, before});
  return {counters, before};
}

}  // namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM
