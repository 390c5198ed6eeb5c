// SPDX-License-Identifier: Apache-2.0
/// Average precision, AUROC and the best F1 of every class, computed on a device: what a training
/// loop looks at after each epoch.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "cxrlt/core/types.hpp"
#include "cxrlt/cuda/cuda.hpp"
#include "cxrlt/cuda/detail/rank_classes.hpp"
#include "cxrlt/cuda/detail/ranking_sums.hpp"
#include "cxrlt/cuda/device_matrix_view.hpp"
#include "cxrlt/cuda/reduced_float.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/metrics/operating_points.hpp"

namespace cxrlt {

/// How well the scores of one class rank.
struct RankingSummary {
  MetricValue average_precision;
  MetricValue auroc;
  OperatingPoint best_f1;
  std::uint64_t n_positive = 0;
  std::uint64_t n_negative = 0;
};

namespace detail::inline CXRLT_DEVICE_SYSTEM {

/// The values of one class from its sums; without positives there are none to add up.
inline RankingSummary summary_of(const RankingSums& sums, std::uint32_t n_positive,
                                 std::uint32_t n_negative) {
  ThresholdCounts<> none;
  none.n_positive = n_positive;
  none.n_negative = n_negative;
  RankingSummary summary;
  summary.n_positive = n_positive;
  summary.n_negative = n_negative;
  summary.auroc = MetricValue::undefined(needs_both_labels(none));
  if (const Undefined why = needs_positives(none); why != Undefined::none) {
    summary.average_precision = MetricValue::undefined(why);
    summary.best_f1 = no_operating_point(why);
    return summary;
  }
  summary.average_precision = {sums.precision / static_cast<double>(n_positive)};
  summary.best_f1 = {sums.best_threshold, {sums.best_f1}};
  if (summary.auroc.why == Undefined::none) {
    summary.auroc = {share_of_pairs(sums.twice_wins_and_ties, none.n_positive, none.n_negative)};
  }
  return summary;
}

template <class Element>
std::vector<RankingSummary> summarise_on_device(DeviceMatrixView<const Element> scores,
                                                DeviceLabelMatrixView labels, const Cuda& policy,
                                                NegativeWay way = NegativeWay::automatic) {
  check_device_matrices(scores, labels);
  return with_our_errors([&] {
    DeviceRun run(policy);
    std::vector<RankingSummary> summaries(scores.n_classes(), summary_of({}, 0, 0));
    const auto take = [&](const RankedBatch<Element>& ranked) {
      const std::vector<RankingSums> sums = ranking_sums(run, ranked);
      for (std::uint32_t slot = 0; slot < ranked.classes.size(); ++slot) {
        summaries[ranked.class_index(slot)] = summary_of(
            sums[slot], ranked.classes.n_positive[slot], ranked.classes.n_negative[slot]);
      }
    };
    rank_classes(run, scores, labels, way, policy.scratch_bytes, take);
    return summaries;
  });
}

}  // namespace detail::inline CXRLT_DEVICE_SYSTEM

inline namespace CXRLT_DEVICE_SYSTEM {

/// `average_precision`, `auroc` and `best_f_beta(..., 1)` of every class of n_samples x n_classes
/// scores on a device, one entry per class; nothing else is copied to the host. Definitions, ties
/// and undefined values are those of these functions. AUROC, the best F1 and its threshold equal
/// theirs to the bit; average precision is added up in another order, one that depends on the
/// number of positives alone, and agrees to about 1e-15. Returns when the device has finished.
/// @param scores  float, double, `Float16` or `Bfloat16` on the device, in any layout; higher means
/// more likely positive
/// @param labels  on the device, in {0, 1, missing}
/// @throws as `count_thresholds` on a device. Cost: docs/gpu.md.
template <class T>
requires detail::DeviceScore<std::remove_const_t<T>> std::vector<RankingSummary> summarise_ranking(
    DeviceMatrixView<T> scores, DeviceLabelMatrixView labels, const Cuda& policy) {
  return detail::summarise_on_device<std::remove_const_t<T>>(scores, labels, policy);
}

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace cxrlt
