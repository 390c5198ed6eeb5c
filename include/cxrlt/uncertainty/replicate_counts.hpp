// SPDX-License-Identifier: Apache-2.0
/// Ranked cells under many weightings at once: average precision and AUROC of 128 replicates in one
/// walk, or the threshold counts of each, for every other metric of ranking.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/uncertainty/detail/lane_sums.hpp"
#include "cxrlt/uncertainty/detail/poisson_lanes.hpp"
#include "cxrlt/uncertainty/ranked_cells.hpp"
#include "cxrlt/uncertainty/resampling.hpp"

namespace cxrlt {

/// Average precision and AUROC of one class in up to 128 replicates.
struct RankingReplicates {
  std::array<MetricValue, detail::kLanes> average_precision;
  std::array<MetricValue, detail::kLanes> auroc;
  std::array<ClassSupport, detail::kLanes> support;
};

namespace detail {

/// Walks from the highest threshold down. `add(begin, end, sums)` adds the weights of cells to
/// sums, of positives or of negatives; `visit(k)` is called when those of threshold k are complete.
template <class Sum, class Add, class Visit>
CXRLT_ALWAYS_INLINE inline void walk_cells(const RankedCells& cells, Sum* tp, Sum* fp,
                                           Sum* fp_above, std::size_t lanes, const Add& add,
                                           const Visit& visit) {
  std::uint32_t done = 0;
  for (std::size_t k = 0; k < cells.thresholds.size(); ++k) {
    const RankedCells::Threshold& threshold = cells.thresholds[k];
    add(done, threshold.above, fp);
    std::copy_n(fp, lanes, fp_above);
    add(threshold.above, threshold.tied, fp);
    add(threshold.tied, threshold.positives, tp);
    visit(k);
    done = threshold.positives;
  }
  add(done, static_cast<std::uint32_t>(cells.size()), fp);
}

/// Puts some thresholds into steps, and adds these to the sums.
template <bool narrow, class Sum>
CXRLT_ALWAYS_INLINE inline void add_thresholds(const WeightedUnits& cells,
                                               std::span<const RankedCells::Threshold> thresholds,
                                               std::uint32_t done, bool ties, LaneStep<Sum>* steps,
                                               RankingSums& sums) {
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    const RankedCells::Threshold& threshold = thresholds[k];
    sum_cells<narrow>(cells, done, threshold.above, steps[k].above);
    if (ties) sum_cells<narrow>(cells, threshold.above, threshold.tied, steps[k].tied);
    sum_cells<narrow>(cells, threshold.tied, threshold.positives, steps[k].positive);
    done = threshold.positives;
  }
  if (ties) {
    add_steps<true>(steps, thresholds.size(), sums);
  } else {
    add_steps<false>(steps, thresholds.size(), sums);
  }
}

template <bool narrow>
CXRLT_ALWAYS_INLINE inline void sum_ranking(const RankedCells& ranked, const WeightBatch& batch,
                                            RankingSums& sums) {
  constexpr std::size_t at_a_time = 16;
  LaneStep<std::uint8_t> small_steps[at_a_time];
  LaneStep<std::uint32_t> steps[at_a_time];
  const WeightedUnits cells{ranked.unit.data(), batch.counts.data(), 255 / batch.most};
  const std::span<const RankedCells::Threshold> all = ranked.thresholds;
  RankingSums placed;
  std::uint32_t done = 0;
  for (std::size_t first = 0; first < all.size(); first += at_a_time) {
    const auto some = all.subspan(first, std::min(at_a_time, all.size() - first));
    std::uint32_t longest = 0;
    std::uint32_t n_tied = 0;
    std::uint32_t before = done;
    for (const RankedCells::Threshold& threshold : some) {
      const std::uint32_t tied = threshold.tied - threshold.above;
      longest =
          std::max({longest, threshold.above - before, tied, threshold.positives - threshold.tied});
      n_tied += tied;
      before = threshold.positives;
    }
    if (longest <= cells.at_once) {
      add_thresholds<narrow>(cells, some, done, n_tied > 0, small_steps, placed);
    } else {
      add_thresholds<narrow>(cells, some, done, n_tied > 0, steps, placed);
    }
    done = before;
  }
  // Below the last threshold there are negatives, and no positive.
  sum_cells<narrow>(cells, done, static_cast<std::uint32_t>(ranked.size()), steps[0].above);
  std::fill_n(steps[0].positive, kLanes, 0U);
  add_steps<false>(steps, 1, placed);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const std::size_t place = place_of_lane(lane);
    sums.n_positive[lane] = placed.n_positive[place];
    sums.n_negative[lane] = placed.n_negative[place];
    sums.precision[lane] = placed.precision[place];
    sums.losses[lane] = placed.losses[place];
  }
}

/// Adds the weights of cells to the sums of all lanes.
CXRLT_ALWAYS_INLINE inline void add_weights(const std::uint32_t* unit, std::uint32_t begin,
                                            std::uint32_t end, const double* weights,
                                            double* sums) {
  for (; begin < end; ++begin) {
    const double* const weight = weights + std::size_t{unit[begin]} * kLanes;
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += weight[lane];
  }
}

CXRLT_ALWAYS_INLINE inline void sum_ranking(const RankedCells& cells, const double* weights,
                                            RankingSums& sums) {
  double above[kLanes] = {};
  double before[kLanes] = {};
  walk_cells(
      cells, sums.n_positive, sums.n_negative, above, kLanes,
      [&](std::uint32_t begin, std::uint32_t end, double* sum)
          CXRLT_ALWAYS_INLINE { add_weights(cells.unit.data(), begin, end, weights, sum); },
      [&](std::size_t) CXRLT_ALWAYS_INLINE {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          const double tp = sums.n_positive[lane];
          const double fp = sums.n_negative[lane];
          const double fresh = tp - before[lane];
          sums.precision[lane] += fresh * (tp / (tp + fp > 0 ? tp + fp : 1));
          sums.losses[lane] += fresh * ((fp + above[lane]) * 0.5);
          before[lane] = tp;
        }
      });
}

/// The threshold counts of some lanes, from the first on.
template <std::size_t lanes>
void count_lanes(const RankedCells& cells, const WeightBatch& batch, std::size_t first,
                 ThresholdCounts<double>* counts) {
  double tp[lanes] = {};
  double fp[lanes] = {};
  double above[lanes] = {};
  walk_cells(
      cells, tp, fp, above, lanes,
      [&](std::uint32_t begin, std::uint32_t end, double* sum) {
        for (; begin < end; ++begin) {
          for (std::size_t j = 0; j < lanes; ++j) {
            sum[j] += batch.weight(cells.unit[begin], first + j);
          }
        }
      },
      [&](std::size_t k) {
        for (std::size_t j = 0; j < lanes; ++j) {
          ThresholdCounts<double>& to = counts[j];
          if (!(tp[j] > (to.tp.empty() ? 0.0 : to.tp.back()))) continue;
          to.threshold.push_back(cells.thresholds[k].score);
          to.tp.push_back(tp[j]);
          to.fp.push_back(fp[j]);
          to.fp_above.push_back(above[j]);
        }
      });
  for (std::size_t j = 0; j < lanes; ++j) {
    counts[j].n_positive = tp[j];
    counts[j].n_negative = fp[j];
  }
}

inline void clear(ThresholdCounts<double>& counts) {
  counts.threshold.clear();
  counts.tp.clear();
  counts.fp.clear();
  counts.fp_above.clear();
}

}  // namespace detail

/// Average precision and AUROC of one class in every replicate of a batch: what `average_precision`
/// and `auroc` are of the rows drawn, bit for bit where weights are counts. Undefined where a
/// replicate has lost the labels that they need.
/// Cost: about 3 ns a cell, and 50 ns a distinct positive score, for all 64 together.
inline RankingReplicates rank_replicates(const RankedCells& cells, const WeightBatch& batch) {
  detail::RankingSums sums;
  detail::run_dispatched([&]() CXRLT_ALWAYS_INLINE {
    if (!batch.integer()) {
      detail::sum_ranking(cells, batch.weights.data(), sums);
    } else if (batch.counts.narrow()) {
      detail::sum_ranking<true>(cells, batch, sums);
    } else {
      detail::sum_ranking<false>(cells, batch, sums);
    }
  });
  RankingReplicates result;
  for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
    ThresholdCounts<double> support;
    support.n_positive = sums.n_positive[lane];
    support.n_negative = sums.n_negative[lane];
    result.support[lane] = {support.n_positive, support.n_negative};
    const Undefined no_precision = detail::needs_positives(support);
    result.average_precision[lane] = no_precision != Undefined::none
                                         ? MetricValue::undefined(no_precision)
                                         : MetricValue{sums.precision[lane] / support.n_positive};
    const Undefined no_area = detail::needs_both_labels(support);
    const double twice_wins_and_ties =
        2 * (support.n_negative * support.n_positive - sums.losses[lane]);
    result.auroc[lane] =
        no_area != Undefined::none
            ? MetricValue::undefined(no_area)
            : MetricValue{
                  std::max(0.0, detail::share_of_pairs(twice_wins_and_ties, support.n_positive,
                                                       support.n_negative))};
  }
  return result;
}

/// The threshold counts of one class in every replicate of a batch, from which every metric of
/// ranking follows; `counts` gets an entry a replicate. They are those of the rows drawn: a
/// threshold whose positives have all lost their weight is none.
/// Cost: about 10 ns a cell and 5 ns a replicate and distinct positive score, for all 64 together.
inline void count_replicates(const RankedCells& cells, const WeightBatch& batch,
                             std::vector<ThresholdCounts<double>>& counts) {
  constexpr std::size_t lanes = 8;  // of whose counts memory for 64 would be much
  counts.resize(detail::kLanes);
  for (std::size_t lane = 0; lane < batch.n_lanes; lane += lanes) {
    for (std::size_t j = lane; j < lane + lanes; ++j) detail::clear(counts[j]);
    detail::count_lanes<lanes>(cells, batch, lane, counts.data() + lane);
  }
  counts.resize(batch.n_lanes);
}

}  // namespace cxrlt
