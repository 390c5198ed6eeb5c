// SPDX-License-Identifier: Apache-2.0
/// The way from a matrix to false positives at each positive: survey, batches, sorted positives,
/// counted negatives.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/cuda/cuda.hpp"
#include "cxrlt/cuda/detail/batch.hpp"
#include "cxrlt/cuda/detail/cells.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"
#include "cxrlt/cuda/detail/ranked_positives.hpp"
#include "cxrlt/cuda/detail/search_negatives.hpp"
#include "cxrlt/cuda/detail/slot_keys.hpp"
#include "cxrlt/cuda/detail/sort_negatives.hpp"
#include "cxrlt/cuda/detail/survey.hpp"
#include "cxrlt/cuda/device_matrix_view.hpp"

namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM {

/// A batch that was counted, and its classes as the host knows them.
template <class Element>
struct RankedBatch {
  RankedPositives<Element> positives;
  const BatchClasses& classes;

  std::uint32_t class_index(std::uint32_t slot) const {
    return positives.batch.first_class + classes.survey_slots[slot];
  }
};

/// Which way suits a class. To sort is worth it only where nearly each row is a positive, and few
/// negatives are left.
inline bool sorts(NegativeWay way, std::uint32_t n_positive, std::uint32_t n_negative) {
  if (way != NegativeWay::automatic) return way == NegativeWay::sort;
  return n_positive / 4 > n_negative;
}

/// The classes of a survey, cut into batches that keep within a number of bytes and are counted in
/// one way each.
template <class Key>
std::vector<BatchClasses> batches_of(const Survey& survey, NegativeWay way, bool sorted,
                                     std::size_t scratch_bytes) {
  constexpr std::size_t most_positives = std::size_t{1}
                                         << 28;  // their tables are indexed by 32 bits
  std::vector<BatchClasses> batches;
  std::size_t bytes = 0;
  std::size_t positives = 0;
  for (std::uint32_t slot = 0; slot < survey.strips.n_slots; ++slot) {
    const std::uint32_t n_positive = survey.n_positive[slot];
    const std::uint32_t n_negative = survey.n_negative[slot];
    if (sorts(way, n_positive, n_negative) != sorted) continue;
    const std::size_t keys = n_positive + (sorted ? std::size_t{n_negative} : 0);
    const std::size_t wanted =
        6 * sizeof(Key) * keys + sizeof(std::uint32_t) * 2 * std::size_t{n_positive} +
        (sorted ? 0 : sizeof(std::uint32_t) * std::size_t{table_size(n_positive)});
    if (batches.empty() || bytes + wanted > scratch_bytes ||
        positives + n_positive > most_positives) {
      batches.emplace_back();
      bytes = 0;
      positives = 0;
    }
    bytes += wanted;
    positives += n_positive;
    batches.back().survey_slots.push_back(slot);
    batches.back().n_positive.push_back(n_positive);
    batches.back().n_negative.push_back(n_negative);
  }
  return batches;
}

/// Counts one batch.
template <class Element>
RankedBatch<Element> rank_batch(DeviceRun& run, const Cells<Element>& cells, const Survey& survey,
                                const BatchClasses& classes, bool sorted, std::uint32_t* faults) {
  using Key = typename Batch<Element>::Key;
  const SlotRanges ranges(run, classes.n_positive);
  Strips strips = survey.strips;
  strips.n_slots = classes.size();
  const Batch<Element> batch{
      cells,         strips,        survey.first_class, run.upload(classes.survey_slots),
      survey.before, ranges.begins, ranges.total,       faults};
  SlotKeys<Key> unsorted(run, ranges.total);
  using Writer = typename SlotKeys<Key>::Writer;
  run.for_each(strips.size(), GatherKeys<Element, Writer>{batch, Cell::positive, ranges.begins,
                                                          unsorted.writer()});
  const Key* const keys = unsorted.sorted(run, strips.n_slots);
  const FalsePositives false_positives =
      sorted ? sort_negatives(run, batch, keys, classes.n_negative)
             : search_negatives(run, batch, keys, classes.n_positive);
  return {{batch, keys, false_positives}, classes};
}

/// Throws unless scores and labels have one shape, of a size that can be counted.
template <class Element>
void check_device_matrices(DeviceMatrixView<const Element> scores, DeviceLabelMatrixView labels) {
  check_same_size(scores.n_samples(), labels.n_samples(), "samples");
  check_same_size(scores.n_classes(), labels.n_classes(), "classes");
  constexpr std::size_t most = (std::size_t{1} << 31) - 1;
  if (scores.n_samples() > most || scores.n_classes() > most) {
    throw InvalidArgument("a device counts up to 2147483647 samples of as many classes; found " +
                          std::to_string(scores.n_samples()) + " of " +
                          std::to_string(scores.n_classes()));
  }
}

/// Counts every class and hands batches of them to `take`, in an order that is no promise. Faults
/// are noticed in passing, and named at the end of a batch.
template <class Element, class Take>
void rank_classes(DeviceRun& run, DeviceMatrixView<const Element> scores,
                  DeviceLabelMatrixView labels, NegativeWay way, std::size_t scratch_bytes,
                  const Take& take) {
  const auto n_samples = static_cast<std::uint32_t>(scores.n_samples());
  const auto n_classes = static_cast<std::uint32_t>(scores.n_classes());
  if (n_samples == 0) return;
  const Cells<Element> cells(scores, labels);
  auto* const faults = run.filled<std::uint32_t>(1, 0);
  const auto check_faults = [&] {
    if (run.download(faults, 1)[0] > 0) throw_first_fault(run, cells, n_samples, n_classes);
  };
  const std::uint32_t most_cells = (std::uint32_t{1} << 31) - 1;
  const std::uint32_t at_once = std::min(n_classes, most_cells / n_samples);
  for (std::uint32_t first = 0; first < n_classes; first += at_once) {
    const DeviceArena::Mark before_survey = run.arena().mark();
    const Survey survey =
        survey_labels(run, cells, n_samples, first, std::min(at_once, n_classes - first), faults);
    for (const bool sorted : {false, true}) {
      using Key = typename Batch<Element>::Key;
      for (const BatchClasses& classes : batches_of<Key>(survey, way, sorted, scratch_bytes)) {
        const DeviceArena::Mark before_batch = run.arena().mark();
        take(rank_batch(run, cells, survey, classes, sorted, faults));
        check_faults();
        run.arena().release(before_batch);
      }
    }
    run.arena().release(before_survey);
  }
}

}  // namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM
