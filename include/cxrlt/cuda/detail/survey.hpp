// SPDX-License-Identifier: Apache-2.0
/// The first look at the labels: how many positives and missing labels every class has, and every
/// strip of it, so that each thread knows where to write what it will find.
#pragma once

#include <thrust/functional.h>
#include <thrust/scan.h>
#include <thrust/transform_reduce.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/cuda/detail/bits.hpp"
#include "cxrlt/cuda/detail/cells.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"

namespace cxrlt::detail {

/// Two counts in one word, so that one scan adds up both.
struct Tally {
  static CXRLT_HD std::uint64_t of(std::uint32_t positives, std::uint32_t missing) {
    return std::uint64_t{missing} << 32 | positives;
  }
  static CXRLT_HD std::uint32_t positives(std::uint64_t tally) {
    return static_cast<std::uint32_t>(tally);
  }
  static CXRLT_HD std::uint32_t missing(std::uint64_t tally) {
    return static_cast<std::uint32_t>(tally >> 32);
  }
};

inline namespace CXRLT_DEVICE_SYSTEM {

/// Counts the labels of each strip.
template <class Element>
struct TallyStrips {
  Cells<Element> cells;
  Strips strips;
  std::uint32_t first_class;
  std::uint64_t* tallies;
  std::uint32_t* faults;

  CXRLT_HD void operator()(std::uint32_t thread) const {
    const Strip strip = strips.strip(thread);
    std::uint32_t n_positive = 0;
    std::uint32_t n_missing = 0;
    for (std::uint32_t row = strip.lane; row < strips.n_samples; row += strips.n_lanes) {
      const Cell cell = cells.cell(row, first_class + strip.slot);
      n_positive += cell == Cell::positive ? 1U : 0U;
      n_missing += cell == Cell::missing ? 1U : 0U;
      if (cell == Cell::fault) add_atomically(faults, 1);
    }
    tallies[strips.place(strip)] = Tally::of(n_positive, n_missing);
  }
};

/// The scanned tally at the first strip of each class, and at the end of the last.
struct TallyOfSlot {
  const std::uint64_t* before;
  std::uint32_t n_lanes;
  std::uint64_t* by_slot;

  CXRLT_HD void operator()(std::uint32_t slot) const {
    by_slot[slot] = before[std::size_t{slot} * n_lanes];
  }
};

/// Consecutive classes whose labels were looked at.
struct Survey {
  Strips strips;
  std::uint32_t first_class = 0;
  const std::uint64_t* before = nullptr;  ///< on the device: the tally of all strips before each
  std::vector<std::uint32_t> n_positive;  ///< by slot
  std::vector<std::uint32_t> n_negative;
};

/// The place of a cell in the order in which faults are named: by class, then by row. Larger than
/// any place where the cell is all right.
template <class Element>
struct FaultPlace {
  Cells<Element> cells;
  std::uint64_t n_samples;

  CXRLT_HD std::uint64_t operator()(std::uint64_t place) const {
    const auto row = static_cast<std::uint32_t>(place % n_samples);
    const auto class_index = static_cast<std::uint32_t>(place / n_samples);
    const Cell cell = cells.cell(row, class_index);
    const bool wrong =
        cell == Cell::fault || (cell != Cell::missing && is_nan(cells.score(row, class_index)));
    return wrong ? place : ~std::uint64_t{0};
  }
};

/// @throws InvalidArgument naming the cell, if its label is none
template <class Element>
void check_label(DeviceRun& run, const Cells<Element>& cells, std::size_t row,
                 std::size_t class_index) {
  const unsigned char* const byte =
      cells.labels + static_cast<std::ptrdiff_t>(row) * cells.label_sample_stride +
      static_cast<std::ptrdiff_t>(class_index) * cells.label_class_stride;
  const unsigned char label = run.download(byte, 1)[0];
  if (cells.cell_of(label) != Cell::fault) return;
  const int number = cells.missing == 255 ? static_cast<signed char>(label) : label;
  throw InvalidArgument("the label of sample " + std::to_string(row) + " in class " +
                        std::to_string(class_index) + " is " + std::to_string(number) +
                        "; expected 0, 1 or missing (-1)");
}

/// Names the first fault of the lowest class that has one; called where one was noticed.
template <class Element>
[[noreturn]] void throw_first_fault(DeviceRun& run, const Cells<Element>& cells,
                                    std::size_t n_samples, std::size_t n_classes) {
  const thrust::counting_iterator<std::uint64_t> places(0);
  const std::uint64_t place = thrust::transform_reduce(
      run.policy(), places, places + static_cast<std::ptrdiff_t>(n_samples * n_classes),
      FaultPlace<Element>{cells, n_samples}, ~std::uint64_t{0}, thrust::minimum<std::uint64_t>());
  const std::size_t row = place % n_samples;
  const std::size_t class_index = place / n_samples;
  check_label(run, cells, row, class_index);
  throw InvalidArgument("the score of sample " + std::to_string(row) + " in class " +
                        std::to_string(class_index) + " is NaN");
}

/// Looks at the labels of classes [first_class, first_class + n_slots).
template <class Element>
Survey survey_labels(DeviceRun& run, const Cells<Element>& cells, std::uint32_t n_samples,
                     std::uint32_t first_class, std::uint32_t n_slots, std::uint32_t* faults) {
  Survey survey;
  survey.strips = {n_samples, n_slots, lanes_for(n_samples, n_slots),
                   cells.label_class_stride < cells.label_sample_stride};
  survey.first_class = first_class;
  const std::uint32_t size = survey.strips.size();
  auto* const tallies = run.filled<std::uint64_t>(std::size_t{size} + 1, 0);
  run.for_each(size, TallyStrips<Element>{cells, survey.strips, first_class, tallies, faults});
  thrust::exclusive_scan(run.policy(), tallies, tallies + size + 1, tallies);
  survey.before = tallies;
  auto* const by_slot = run.room_for<std::uint64_t>(std::size_t{n_slots} + 1);
  run.for_each(n_slots + 1, TallyOfSlot{tallies, survey.strips.n_lanes, by_slot});
  const std::vector<std::uint64_t> ends = run.download(by_slot, std::size_t{n_slots} + 1);
  for (std::uint32_t slot = 0; slot < n_slots; ++slot) {
    const std::uint32_t n_positive =
        Tally::positives(ends[slot + 1]) - Tally::positives(ends[slot]);
    const std::uint32_t n_missing = Tally::missing(ends[slot + 1]) - Tally::missing(ends[slot]);
    survey.n_positive.push_back(n_positive);
    survey.n_negative.push_back(n_samples - n_missing - n_positive);
  }
  return survey;
}

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace cxrlt::detail
