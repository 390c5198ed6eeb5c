// SPDX-License-Identifier: Apache-2.0
/// Ranked cells under many weightings at once: average precision and AUROC of 64 replicates in one
/// walk, or the threshold counts of each, for every other metric of ranking.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/uncertainty/detail/byte_lanes.hpp"
#include "cxrlt/uncertainty/detail/poisson_lanes.hpp"
#include "cxrlt/uncertainty/ranked_cells.hpp"
#include "cxrlt/uncertainty/resampling.hpp"

namespace cxrlt {

/// Average precision and AUROC of one class in up to 64 replicates.
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

/// Sums of the walk from which both metrics follow, for each lane.
struct RankingSums {
  double precision[kLanes] = {};  ///< of (tp - tp before) precision
  double not_above[kLanes] = {};  ///< of (tp - tp before) (fp + fp above)
  double n_positive[kLanes] = {};
  double n_negative[kLanes] = {};
};

CXRLT_ALWAYS_INLINE inline void sum_ranking(const RankedCells& cells, const std::uint8_t* counts,
                                            std::uint32_t most, RankingSums& sums) {
  // Integer sums stay below 2^31: there are fewer than 2^27 rows, each drawn once in the mean.
  std::int32_t tp[kLanes] = {};
  std::int32_t fp[kLanes] = {};
  std::int32_t above[kLanes] = {};
  std::int32_t before[kLanes] = {};
  RankingSums placed;
  walk_cells(
      cells, tp, fp, above, kLanes,
      [&](std::uint32_t begin, std::uint32_t end, std::int32_t* sum)
          CXRLT_ALWAYS_INLINE { add_byte_cells(cells.unit.data(), begin, end, counts, most, sum); },
      [&](std::size_t) CXRLT_ALWAYS_INLINE {
        add_threshold(tp, fp, above, before, placed.precision, placed.not_above);
      });
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const std::size_t place = place_of_lane(lane);
    sums.precision[lane] = placed.precision[place];
    sums.not_above[lane] = placed.not_above[place];
    sums.n_positive[lane] = tp[place];
    sums.n_negative[lane] = fp[place];
  }
}

/// Adds the weights of cells to the sums of some lanes.
template <class Weight>
CXRLT_ALWAYS_INLINE inline void add_lane_cells(const std::uint32_t* unit, std::uint32_t begin,
                                               std::uint32_t end, const Weight* weights,
                                               std::size_t lanes, double* sums) {
  for (; begin < end; ++begin) {
    const Weight* const weight = weights + std::size_t{unit[begin]} * kLanes;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      sums[lane] += static_cast<double>(weight[lane]);
    }
  }
}

CXRLT_ALWAYS_INLINE inline void sum_ranking(const RankedCells& cells, const double* weights,
                                            RankingSums& sums) {
  double above[kLanes] = {};
  double before[kLanes] = {};
  walk_cells(
      cells, sums.n_positive, sums.n_negative, above, kLanes,
      [&](std::uint32_t begin, std::uint32_t end, double* sum) CXRLT_ALWAYS_INLINE {
        add_lane_cells(cells.unit.data(), begin, end, weights, kLanes, sum);
      },
      [&](std::size_t) CXRLT_ALWAYS_INLINE {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          const double tp = sums.n_positive[lane];
          const double fp = sums.n_negative[lane];
          const double fresh = tp - before[lane];
          sums.precision[lane] += fresh * (tp / (tp + fp > 0 ? tp + fp : 1));
          sums.not_above[lane] += fresh * (fp + above[lane]);
          before[lane] = tp;
        }
      });
}

template <std::size_t lanes, class Weight>
void count_lanes(const RankedCells& cells, const Weight* weights, ThresholdCounts<double>* counts) {
  double tp[lanes] = {};
  double fp[lanes] = {};
  double above[lanes] = {};
  walk_cells(
      cells, tp, fp, above, lanes,
      [&](std::uint32_t begin, std::uint32_t end, double* sum) {
        add_lane_cells(cells.unit.data(), begin, end, weights, lanes, sum);
      },
      [&](std::size_t k) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          ThresholdCounts<double>& to = counts[lane];
          if (!(tp[lane] > (to.tp.empty() ? 0.0 : to.tp.back()))) continue;
          to.threshold.push_back(cells.thresholds[k].score);
          to.tp.push_back(tp[lane]);
          to.fp.push_back(fp[lane]);
          to.fp_above.push_back(above[lane]);
        }
      });
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    counts[lane].n_positive = tp[lane];
    counts[lane].n_negative = fp[lane];
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
    if (batch.integer()) {
      detail::sum_ranking(cells, batch.counts.data(), batch.most, sums);
    } else {
      detail::sum_ranking(cells, batch.weights.data(), sums);
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
        2 * support.n_negative * support.n_positive - sums.not_above[lane];
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
    if (batch.integer()) {
      detail::count_lanes<lanes>(cells, batch.counts.data() + lane, counts.data() + lane);
    } else {
      detail::count_lanes<lanes>(cells, batch.weights.data() + lane, counts.data() + lane);
    }
  }
  counts.resize(batch.n_lanes);
}

}  // namespace cxrlt
