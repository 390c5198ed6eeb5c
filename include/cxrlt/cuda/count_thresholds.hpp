// SPDX-License-Identifier: Apache-2.0
/// Counting scores against labels that lie on a device: `ThresholdCounts` of every class, equal to
/// those of the processor to the bit.
#pragma once

#include <thrust/copy.h>
#include <thrust/iterator/counting_iterator.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/cuda/cuda.hpp"
#include "cxrlt/cuda/detail/rank_classes.hpp"
#include "cxrlt/cuda/device_matrix_view.hpp"
#include "cxrlt/cuda/reduced_float.hpp"

namespace cxrlt {

namespace detail::inline CXRLT_DEVICE_SYSTEM {

/// One threshold as it is copied to the host.
struct ThresholdRow {
  double threshold;
  std::uint32_t tp, fp, fp_above;
  std::uint32_t slot;
};

/// Whether a positive is the last of its class with its score.
template <class Element>
struct EndsGroup {
  RankedPositives<Element> positives;

  CXRLT_HD bool operator()(std::uint32_t positive) const {
    return positives.ends_group(positives.batch.slot_of_positive(positive), positive);
  }
};

/// The counts at the score of a positive that ends a group.
template <class Element>
struct RowOfPositive {
  RankedPositives<Element> positives;
  const std::uint32_t* ends;
  ThresholdRow* rows;

  CXRLT_HD void operator()(std::uint32_t i) const {
    const std::uint32_t slot = positives.batch.slot_of_positive(ends[i]);
    const PositiveGroup group = positives.group(slot, ends[i]);
    rows[i] = {positives.score(ends[i]), group.tp, group.fp, group.fp_above, slot};
  }
};

template <class Element>
std::vector<ThresholdCounts<>> count_on_device(DeviceMatrixView<const Element> scores,
                                               DeviceLabelMatrixView labels, const Cuda& policy,
                                               NegativeWay way = NegativeWay::automatic) {
  check_device_matrices(scores, labels);
  return with_our_errors([&] {
    DeviceRun run(policy);
    std::vector<ThresholdCounts<>> counts(scores.n_classes());
    const auto take = [&](const RankedBatch<Element>& ranked) {
      const std::uint32_t n_positive = ranked.positives.batch.n_positive;
      auto* const ends = run.room_for<std::uint32_t>(n_positive);
      const thrust::counting_iterator<std::uint32_t> all(0);
      const auto* const behind = thrust::copy_if(run.policy(), all, all + n_positive, ends,
                                                 EndsGroup<Element>{ranked.positives});
      const auto n_rows = static_cast<std::uint32_t>(behind - ends);
      auto* const rows = run.room_for<ThresholdRow>(n_rows);
      run.for_each(n_rows, RowOfPositive<Element>{ranked.positives, ends, rows});
      const std::vector<ThresholdRow> copied = run.download(rows, n_rows);
      std::size_t next = 0;
      for (std::uint32_t slot = 0; slot < ranked.classes.size(); ++slot) {
        ThresholdCounts<>& of_class = counts[ranked.class_index(slot)];
        of_class.n_positive = ranked.classes.n_positive[slot];
        of_class.n_negative = ranked.classes.n_negative[slot];
        for (; next < copied.size() && copied[next].slot == slot; ++next) {
          of_class.threshold.push_back(copied[next].threshold);
          of_class.tp.push_back(copied[next].tp);
          of_class.fp.push_back(copied[next].fp);
          of_class.fp_above.push_back(copied[next].fp_above);
        }
      }
    };
    rank_classes(run, scores, labels, way, policy.scratch_bytes, take);
    return counts;
  });
}

}  // namespace detail::inline CXRLT_DEVICE_SYSTEM

inline namespace CXRLT_DEVICE_SYSTEM {

/// Counts every class of n_samples x n_classes scores on a device; the result, on the host, has one
/// entry per class, and equals that of the processor to the bit. Only the thresholds at which a
/// positive stands are copied to the host. Returns when the device has finished.
/// @param scores  float, double, `Float16` or `Bfloat16` on the device, in any layout; higher means
/// more likely positive
/// @param labels  on the device, in {0, 1, missing}
/// Equal scores are one group whatever their order; -0 equals +0; infinities are allowed. Missing
/// labels are left out.
/// @throws InvalidArgument if shapes differ, there is no such device, a score of a labelled cell is
/// NaN, or a label is none (the lowest class at fault is named, and its first sample); Error where
/// there is no device or driver, or the device runs out of memory.
/// Cost: docs/gpu.md. Memory: about 50 bytes per positive (double scores: 90) of the classes that
/// `policy.scratch_bytes` holds at once.
template <class T>
requires detail::DeviceScore<std::remove_const_t<T>> std::vector<ThresholdCounts<>>
count_thresholds(DeviceMatrixView<T> scores, DeviceLabelMatrixView labels, const Cuda& policy) {
  return detail::count_on_device<std::remove_const_t<T>>(scores, labels, policy);
}

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace cxrlt
