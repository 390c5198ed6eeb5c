// SPDX-License-Identifier: Apache-2.0
/// The bootstrap where scores lie on a device: average precision and AUROC of every class in every
/// replicate, equal to those of the processor to the bit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/cuda/cuda.hpp"
#include "cxrlt/cuda/detail/cells.hpp"
#include "cxrlt/cuda/detail/cells_in_order.hpp"
#include "cxrlt/cuda/detail/device_arena.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"
#include "cxrlt/cuda/detail/rank_classes.hpp"
#include "cxrlt/cuda/detail/replicate_walk.hpp"
#include "cxrlt/cuda/detail/survey.hpp"
#include "cxrlt/cuda/device_matrix_view.hpp"
#include "cxrlt/cuda/reduced_float.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/uncertainty/detail/count_rows.hpp"
#include "cxrlt/uncertainty/detail/replicate_sums.hpp"
#include "cxrlt/uncertainty/resampling.hpp"

namespace cxrlt {

/// Average precision and AUROC of one class in all replicates, by their numbers.
struct ClassReplicates {
  std::vector<MetricValue> average_precision;
  std::vector<MetricValue> auroc;
  std::vector<ClassSupport> support;
};

namespace detail {

/// Throws unless the weights are those of so many rows, and small integers.
inline void check_replicates(std::size_t n_samples, const Resampler& resampler) {
  if (n_samples != resampler.n_rows()) {
    throw InvalidArgument("rank_replicates: scores of " + std::to_string(n_samples) +
                          " samples, but weights of " + std::to_string(resampler.n_rows()));
  }
  if (!resampler.integer()) {
    throw InvalidArgument(
        "rank_replicates: a device takes integer weights up to 255 alone; Bayesian and other "
        "weights are for the processor");
  }
}

/// How many classes are sorted, and how many batches of replicates walk down them, at a time.
struct ReplicateParts {
  std::uint32_t n_classes;
  std::size_t n_batches;
};

/// What keeps within a number of bytes, half of them for cells being sorted: one class and one
/// batch at least. Cells and threads are numbered by 31 bits.
inline ReplicateParts parts_of(std::uint32_t n_samples, std::uint32_t n_classes,
                               const Resampler& resampler, std::size_t key_bytes,
                               std::size_t scratch_bytes) {
  constexpr std::size_t most = (std::size_t{1} << 31) - 1;
  const std::size_t sorting = n_samples * (sizeof(CellWord) + key_bytes);
  const std::size_t classes = std::clamp<std::size_t>(
      std::min(most / std::max<std::size_t>(n_samples, kLanes), scratch_bytes / 2 / sorting), 1,
      std::max(1U, n_classes));
  const std::size_t cells = classes * n_samples * sizeof(CellWord);
  const std::size_t left = scratch_bytes - std::min(scratch_bytes, cells);
  const std::size_t batch =
      kLanes * (resampler.n_units() + classes * sizeof(ReplicateSums));  // a byte each: the wide
  const std::size_t batches = std::min(resampler.n_batches(), most / (classes * kLanes));
  return {static_cast<std::uint32_t>(classes), std::clamp<std::size_t>(left / batch, 1, batches)};
}

inline namespace CXRLT_DEVICE_SYSTEM {

/// Walks all replicates down the classes of a survey, some batches of weights at a time.
inline void rank_survey(DeviceRun& run, const CellsInOrder& order, const Survey& survey,
                        const Resampler& resampler, std::size_t batches_at_once,
                        std::vector<ClassReplicates>& replicates) {
  std::vector<WeightBatch> batches;
  for (std::size_t first = 0; first < resampler.n_batches(); first += batches_at_once) {
    batches.resize(std::min(batches_at_once, resampler.n_batches() - first));
    parallel_for(batches.size(), for_size({}, batches.size() * resampler.n_units() * kLanes),
                 [&](std::size_t b) { resampler.fill(first + b, batches[b]); });
    const DeviceArena::Mark mark = run.arena().mark();
    const std::vector<ReplicateSums> sums =
        walk_replicates(run, order, survey.strips.n_slots, batches);
    run.arena().release(mark);
    auto of_batch = sums.begin();
    for (std::uint32_t slot = 0; slot < survey.strips.n_slots; ++slot) {
      ClassReplicates& to = replicates[survey.first_class + slot];
      for (const WeightBatch& batch : batches) {
        for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
          const ReplicateSums& of_lane = of_batch[static_cast<std::ptrdiff_t>(lane)];
          to.average_precision.push_back(of_lane.average_precision());
          to.auroc.push_back(of_lane.auroc());
          to.support.push_back({of_lane.n_positive, of_lane.n_negative});
        }
        of_batch += kLanes;
      }
    }
  }
}

template <class Element>
std::vector<ClassReplicates> rank_replicates_on_device(DeviceMatrixView<const Element> scores,
                                                       DeviceLabelMatrixView labels,
                                                       const Resampler& resampler,
                                                       const Cuda& policy) {
  using Key = typename OrderedKey<ScoreOf<Element>>::type;
  check_device_matrices(scores, labels);
  check_replicates(scores.n_samples(), resampler);
  return with_our_errors([&] {
    DeviceRun run(policy);
    const auto n_samples = static_cast<std::uint32_t>(scores.n_samples());
    const auto n_classes = static_cast<std::uint32_t>(scores.n_classes());
    const Cells<Element> cells(scores, labels);
    const ReplicateParts parts =
        parts_of(n_samples, n_classes, resampler, sizeof(Key), policy.scratch_bytes);
    auto* const faults = run.filled<std::uint32_t>(1, 0);
    const std::uint32_t* const unit_of_row = run.upload(resampler.unit_of_row().data(), n_samples);
    std::vector<ClassReplicates> replicates(n_classes);
    for (std::uint32_t first = 0; first < n_classes; first += parts.n_classes) {
      const DeviceArena::Mark mark = run.arena().mark();
      const std::uint32_t n_slots = std::min(parts.n_classes, n_classes - first);
      const Survey survey = survey_labels(run, cells, n_samples, first, n_slots, faults);
      const CellsInOrder order = order_cells(run, cells, survey, unit_of_row, faults);
      if (run.download(faults, 1)[0] > 0) throw_first_fault(run, cells, n_samples, n_classes);
      rank_survey(run, order, survey, resampler, parts.n_batches, replicates);
      run.arena().release(mark);
    }
    return replicates;
  });
}

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace detail

inline namespace CXRLT_DEVICE_SYSTEM {

/// Average precision and AUROC of every class of n_samples x n_classes scores on a device, in every
/// replicate of a `Resampler`: those of the rows drawn (Efron 1979). One entry a class, with
/// `resampler.n_replicates()` values each, on the host, equal to the bit to those of `rank_cells`
/// and `rank_replicates` on the processor. Equal scores are one threshold; -0 equals +0; infinities
/// are allowed; missing labels are left out. Undefined where a replicate has lost the labels that
/// a value needs. Returns when the device has finished.
/// @param scores     float, double, `Float16` or `Bfloat16` on the device, in any layout; higher
/// means more likely positive
/// @param labels     on the device, in {0, 1, missing}
/// @param resampler  of n_samples rows, with integer weights: multinomial, Poisson, given or
/// leaving out, with clusters and strata
/// @throws InvalidArgument if shapes or numbers of samples differ, weights are no integers
/// (`Resampler::integer`), there is no such device, a score of a labelled cell is NaN, or a label
/// is none (the lowest class at fault is named, and its first sample); Error where there is no
/// device or driver, or the device runs out of memory.
/// Cost: O(n C) for each replicate, one thread of the device for each class of each. Weights are
/// drawn by all cores of the processor and copied, anew for each part of the classes. Memory,
/// within `policy.scratch_bytes` or for one class and 128 replicates at least: 8 bytes a cell
/// (double scores: 12) while cells are sorted, then 4; and for each 128 replicates 64 to 128 bytes
/// a unit, on the host too, and 4 KiB a class. Beside it 4 bytes a row, and what sorting a class
/// takes.
template <class T>
requires detail::DeviceScore<std::remove_const_t<T>> std::vector<ClassReplicates> rank_replicates(
    DeviceMatrixView<T> scores, DeviceLabelMatrixView labels, const Resampler& resampler,
    const Cuda& policy) {
  return detail::rank_replicates_on_device<std::remove_const_t<T>>(scores, labels, resampler,
                                                                   policy);
}

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace cxrlt
