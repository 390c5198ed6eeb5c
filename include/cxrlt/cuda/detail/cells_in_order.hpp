// SPDX-License-Identifier: Apache-2.0
/// The labelled cells of some classes in the order of their scores: sorted once, walked for every
/// weighting of the rows.
#pragma once

#include <thrust/sort.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/cuda/detail/batch.hpp"
#include "cxrlt/cuda/detail/bits.hpp"
#include "cxrlt/cuda/detail/cells.hpp"
#include "cxrlt/cuda/detail/device_arena.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"
#include "cxrlt/cuda/detail/survey.hpp"

namespace cxrlt::detail {

/// A labelled cell in one word: whose weight it has (units are below 2^27), whether it is a
/// positive, and whether it is the last of its class with its score.
struct CellWord {
  static constexpr std::uint32_t kUnits = (1U << 27) - 1;
  static constexpr std::uint32_t kPositive = 1U << 30;
  static constexpr std::uint32_t kEndsGroup = 1U << 31;

  std::uint32_t bits;

  CXRLT_HD std::uint32_t unit() const { return bits & kUnits; }
  CXRLT_HD bool positive() const { return (bits & kPositive) != 0; }
  CXRLT_HD bool ends_group() const { return (bits & kEndsGroup) != 0; }
};

inline namespace CXRLT_DEVICE_SYSTEM {

/// The cells of all classes of a survey, from the highest score of each down; on the device.
struct CellsInOrder {
  SlotRanges classes;
  const CellWord* cells;
};

/// Writes the labelled cells of a strip, and their keys, behind those of the strips before it.
template <class Element>
struct GatherCells {
  Cells<Element> cells;
  Strips strips;
  std::uint32_t first_class;
  const std::uint64_t* before;       ///< the survey's tallies before each of its strips
  const std::uint32_t* begins;       ///< by slot
  const std::uint32_t* unit_of_row;  ///< none is as large as 2^27
  typename OrderedKey<ScoreOf<Element>>::type* keys;
  CellWord* words;
  std::uint32_t* faults;

  CXRLT_HD void operator()(std::uint32_t thread) const {
    const Strip strip = strips.strip(thread);
    const std::uint32_t class_index = first_class + strip.slot;
    const std::uint64_t tally =
        before[strips.place(strip)] - before[strips.place(Strip{strip.slot, 0})];
    std::uint32_t place =
        begins[strip.slot] + strips.rows_before(strip.lane) - Tally::missing(tally);
    for (std::uint32_t row = strip.lane; row < strips.n_samples; row += strips.n_lanes) {
      const Cell cell = cells.cell(row, class_index);
      if (cell == Cell::missing) continue;
      const auto score = cells.score(row, class_index);
      if (is_nan(score)) add_atomically(faults, 1);
      keys[place] = descending_key(score);
      words[place] = {unit_of_row[row] | (cell == Cell::positive ? CellWord::kPositive : 0U)};
      ++place;
    }
  }
};

/// Marks a sorted cell if the next one has another score or class.
template <class Key>
struct MarkGroupEnd {
  const Key* keys;
  const std::uint32_t* begins;  ///< by slot
  std::uint32_t n_slots;
  CellWord* words;

  CXRLT_HD void operator()(std::uint32_t i) const {
    const std::uint32_t end = begins[range_of(begins, n_slots, i) + 1];
    if (i + 1 == end || keys[i + 1] != keys[i]) words[i].bits |= CellWord::kEndsGroup;
  }
};

/// Sorts the cells of the classes of a survey. NaN is counted in `faults`; what the survey counted
/// there leaves an order that means nothing.
template <class Element>
CellsInOrder order_cells(DeviceRun& run, const Cells<Element>& cells, const Survey& survey,
                         const std::uint32_t* unit_of_row, std::uint32_t* faults) {
  using Key = typename OrderedKey<ScoreOf<Element>>::type;
  const std::uint32_t n_slots = survey.strips.n_slots;
  std::vector<std::uint32_t> sizes;
  for (std::uint32_t slot = 0; slot < n_slots; ++slot) {
    sizes.push_back(survey.n_positive[slot] + survey.n_negative[slot]);
  }
  const SlotRanges classes(run, sizes);
  auto* const words = run.room_for<CellWord>(classes.total);
  const DeviceArena::Mark mark = run.arena().mark();
  auto* const keys = run.room_for<Key>(classes.total);
  run.for_each(survey.strips.size(),
               GatherCells<Element>{cells, survey.strips, survey.first_class, survey.before,
                                    classes.begins, unit_of_row, keys, words, faults});
  std::uint32_t begin = 0;
  for (const std::uint32_t size : sizes) {
    const DeviceArena::Mark before_sort = run.arena().mark();
    thrust::sort_by_key(run.policy(), keys + begin, keys + begin + size, words + begin);
    run.arena().release(before_sort);
    begin += size;
  }
  run.for_each(classes.total, MarkGroupEnd<Key>{keys, classes.begins, n_slots, words});
  run.arena().release(mark);
  return {classes, words};
}

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace cxrlt::detail
