// SPDX-License-Identifier: Apache-2.0
/// Some classes at work together: where their positives and their scratch memory lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/cuda/detail/bits.hpp"
#include "cxrlt/cuda/detail/cells.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"
#include "cxrlt/cuda/detail/survey.hpp"

namespace cxrlt::detail {

/// How the negatives of a class are counted between its positives.
enum class NegativeWay : std::uint8_t {
  automatic,  ///< what suits the class
  search,     ///< each negative is looked up among the positives
  sort,       ///< negatives are sorted, and each positive is looked up among them
};

inline namespace CXRLT_DEVICE_SYSTEM {

/// The classes of a batch as the host knows them, by their slots in it.
struct BatchClasses {
  std::vector<std::uint32_t> survey_slots;  ///< their places in the survey
  std::vector<std::uint32_t> n_positive;
  std::vector<std::uint32_t> n_negative;

  std::uint32_t size() const { return static_cast<std::uint32_t>(survey_slots.size()); }
};

/// 0, sizes[0], sizes[0] + sizes[1], ...
inline std::vector<std::uint32_t> begins_of(const std::vector<std::uint32_t>& sizes) {
  std::vector<std::uint32_t> begins{0};
  for (const std::uint32_t size : sizes) begins.push_back(begins.back() + size);
  return begins;
}

/// Ranges, one for each slot, on the host and on the device.
struct SlotRanges {
  std::uint32_t total = 0;
  const std::uint32_t* begins = nullptr;  ///< on the device: n_slots + 1

  SlotRanges() = default;
  SlotRanges(DeviceRun& run, const std::vector<std::uint32_t>& sizes) {
    const std::vector<std::uint32_t> on_host = begins_of(sizes);
    total = on_host.back();
    begins = run.upload(on_host);
  }
};

/// A batch on the device. Positives are numbered through all its classes, by descending score in
/// each; `Key` is ascending then.
template <class Element>
struct Batch {
  using Key = typename OrderedKey<ScoreOf<Element>>::type;

  Cells<Element> cells;
  Strips strips;                      ///< of the batch
  std::uint32_t first_class;          ///< of the survey
  const std::uint32_t* survey_slots;  ///< by slot, on the device
  const std::uint64_t* before;        ///< the survey's tallies before each of its strips
  const std::uint32_t* begins;        ///< of each class's positives: n_slots + 1
  std::uint32_t n_positive;           ///< of all classes
  std::uint32_t* faults;              ///< counts what must not be

  CXRLT_HD std::uint32_t class_of(std::uint32_t slot) const {
    return first_class + survey_slots[slot];
  }
  CXRLT_HD std::uint32_t slot_of_positive(std::uint32_t positive) const {
    return range_of(begins, strips.n_slots, positive);
  }
  /// The tally of the strips of the same class before this one.
  CXRLT_HD std::uint64_t tally_before(Strip strip) const {
    const std::uint64_t* const of_class =
        before + static_cast<std::size_t>(survey_slots[strip.slot]) * strips.n_lanes;
    return of_class[strip.lane] - of_class[0];
  }
};

/// Writes the keys of all positives, or of all negatives, class by class.
template <class Element, class Writer>
struct GatherKeys {
  Batch<Element> batch;
  Cell wanted;
  const std::uint32_t* begins;  ///< where each class's keys go
  Writer writer;

  CXRLT_HD void operator()(std::uint32_t thread) const {
    const Strips& strips = batch.strips;
    const Strip strip = strips.strip(thread);
    const std::uint32_t class_index = batch.class_of(strip.slot);
    const std::uint64_t tally = batch.tally_before(strip);
    std::uint32_t place = begins[strip.slot];
    place += wanted == Cell::positive
                 ? Tally::positives(tally)
                 : strips.rows_before(strip.lane) - Tally::positives(tally) - Tally::missing(tally);
    for (std::uint32_t row = strip.lane; row < strips.n_samples; row += strips.n_lanes) {
      if (batch.cells.cell(row, class_index) != wanted) continue;
      const auto score = batch.cells.score(row, class_index);
      if (is_nan(score)) add_atomically(batch.faults, 1);
      writer.put(place++, strip.slot, descending_key(score));
    }
  }
};

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace cxrlt::detail
