// SPDX-License-Identifier: Apache-2.0
/// The walk of a replicate down the sorted cells of a class: one thread each, so that sums are
/// formed in the order of the processor's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/cuda/detail/cells_in_order.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"
#include "cxrlt/uncertainty/detail/count_rows.hpp"
#include "cxrlt/uncertainty/detail/replicate_sums.hpp"
#include "cxrlt/uncertainty/resampling.hpp"

namespace cxrlt::detail {

/// A `WeightBatch` on the device.
struct LaneWeights {
  CountRowsView rows;
  std::uint32_t n_lanes;  ///< further lanes are not to be read
};

/// Where one replicate stands. Its weights sum up to less than 2^32, as on the processor: there are
/// 2^27 rows at most, and 2^24 where weights are given.
class ReplicateWalk {
 public:
  CXRLT_HD void add(CellWord cell, std::uint32_t weight) {
    if (cell.positive()) {
      positive_ += weight;
    } else {
      tied_ += weight;
    }
    if (cell.ends_group()) end_group();
  }

  /// The sums when all cells are added.
  CXRLT_HD ReplicateSums sums() const {
    ReplicateSums all = sums_;
    all.n_negative += above_;
    return all;
  }

 private:
  CXRLT_HD void end_group() {
    if (positive_ == 0) {  // nearly always: integers alone
      above_ += tied_;
    } else {
      sums_.add(above_, positive_, tied_);
      above_ = 0;
    }
    positive_ = tied_ = 0;
  }

  ReplicateSums sums_;
  std::uint32_t above_ = 0;  ///< negatives since the last threshold
  std::uint32_t positive_ = 0;
  std::uint32_t tied_ = 0;  ///< negatives of the group at hand
};

inline namespace CXRLT_DEVICE_SYSTEM {

/// Walks one replicate down one class. Neighbouring threads have neighbouring replicates of a
/// class: they read one cell, and weights side by side.
struct WalkReplicate {
  CellsInOrder order;
  const LaneWeights* batches;
  std::uint32_t n_batches;
  ReplicateSums* sums;

  CXRLT_HD void operator()(std::uint32_t thread) const {
    constexpr auto n_lanes = static_cast<std::uint32_t>(kLanes);
    const std::uint32_t lane = thread % n_lanes;
    const LaneWeights batch = batches[thread / n_lanes % n_batches];
    if (lane >= batch.n_lanes) return;
    const std::uint32_t slot = thread / n_lanes / n_batches;
    std::uint32_t at = order.classes.begins[slot];
    const std::uint32_t end = order.classes.begins[slot + 1];
    constexpr std::uint32_t together = 8;  // reads that do not wait for one another
    ReplicateWalk walk;
    for (; end - at >= together; at += together) {
      CellWord cells[together];
      std::uint32_t weights[together];
      for (std::uint32_t k = 0; k < together; ++k) {
        cells[k] = order.cells[at + k];
        weights[k] = batch.rows(cells[k].unit(), lane);
      }
      for (std::uint32_t k = 0; k < together; ++k) walk.add(cells[k], weights[k]);
    }
    for (; at < end; ++at) {
      walk.add(order.cells[at], batch.rows(order.cells[at].unit(), lane));
    }
    sums[thread] = walk.sums();
  }
};

/// The sums of all replicates of some batches: those of batch b in class `slot` are the 128 from
/// 128 (slot n_batches + b) on, of which the batch's lanes are filled.
inline std::vector<ReplicateSums> walk_replicates(DeviceRun& run, const CellsInOrder& order,
                                                  std::uint32_t n_slots,
                                                  const std::vector<WeightBatch>& batches) {
  std::vector<LaneWeights> weights;
  for (const WeightBatch& batch : batches) {
    const CountRows& counts = batch.counts;
    weights.push_back({{run.upload(counts.data(), counts.n_bytes()), counts.narrow()},
                       static_cast<std::uint32_t>(batch.n_lanes)});
  }
  const std::size_t n_sums = n_slots * batches.size() * kLanes;
  auto* const sums = run.room_for<ReplicateSums>(n_sums);
  run.for_each(
      static_cast<std::uint32_t>(n_sums),
      WalkReplicate{order, run.upload(weights), static_cast<std::uint32_t>(batches.size()), sums});
  return run.download(sums, n_sums);
}

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace cxrlt::detail
