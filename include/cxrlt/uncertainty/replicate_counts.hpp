// SPDX-License-Identifier: Apache-2.0
/// Ranked cells under many weightings at once: average precision and AUROC of 128 replicates in one
/// walk, or the threshold counts of each, for every other metric of ranking.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/averaging.hpp"
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

/// Walks from the highest threshold down: `sum(begin, end, sums)` sums the weights of cells, and
/// `visit(score, step)` gets what stands at each threshold. `step.above` is then what stands below
/// the last.
template <class Sum, class SumCells, class Visit>
CXRLT_ALWAYS_INLINE inline void walk_steps(const RankedCells& cells, const SumCells& sum,
                                           LaneStep<Sum>& step, const Visit& visit) {
  std::uint32_t done = 0;
  for (const RankedCells::Threshold& threshold : cells.thresholds) {
    sum(done, threshold.above, step.above);
    sum(threshold.above, threshold.tied, step.tied);
    sum(threshold.tied, threshold.positives, step.positive);
    visit(threshold.score, step);
    done = threshold.positives;
  }
  sum(done, static_cast<std::uint32_t>(cells.size()), step.above);
}

inline WeightedUnits weighted_units(const RankedCells& cells, const WeightBatch& batch) {
  return {cells.unit.data(), batch.counts.data(), batch.most};
}

/// Puts some thresholds into steps, and adds these to the sums.
template <bool narrow, class Sum>
CXRLT_ALWAYS_INLINE inline void add_thresholds(const WeightedUnits& cells,
                                               std::span<const RankedCells::Threshold> thresholds,
                                               std::uint32_t done, bool ties, LaneStep<Sum>* steps,
                                               LaneSums& sums) {
  const std::uint32_t first = done;
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    const RankedCells::Threshold& threshold = thresholds[k];
    sum_cells<narrow>(cells, done, threshold.above, steps[k].above);
    if (ties || sizeof(Sum) == sizeof(std::uint32_t)) {
      sum_cells<narrow>(cells, threshold.above, threshold.tied, steps[k].tied);
    }
    sum_cells<narrow>(cells, threshold.tied, threshold.positives, steps[k].positive);
    done = threshold.positives;
  }
  // The next thresholds have about as many cells.
  const std::size_t each = std::min<std::size_t>(done - first, kReadMore) / (kLanes / 8);
  const auto ask = [&](std::size_t b) CXRLT_ALWAYS_INLINE {
    const std::size_t cell = done + kReadAhead + b * each;
    for (std::size_t k = cell; k < cell + each; ++k) CXRLT_PREFETCH(cells.row<narrow>(k));
  };
  // Each variant takes compilers seconds, so those of rare use are one.
  if constexpr (sizeof(Sum) == sizeof(std::uint32_t)) {
    add_steps<true>(steps, thresholds.size(), sums, ask);
  } else if (ties) {
    add_steps<true>(steps, thresholds.size(), sums, ask);
  } else {
    add_steps<false>(steps, thresholds.size(), sums, ask);
  }
}

/// `totals` are the sums of all cells, or empty.
template <bool narrow>
CXRLT_ALWAYS_INLINE inline void sum_ranking(const RankedCells& ranked, const WeightBatch& batch,
                                            std::span<const double> totals, LaneSums& sums) {
  constexpr std::size_t at_a_time = 16;
  LaneStep<std::uint8_t> byte_steps[at_a_time];
  LaneStep<std::uint16_t> short_steps[at_a_time];
  LaneStep<std::uint32_t> steps[at_a_time];
  const WeightedUnits cells = weighted_units(ranked, batch);
  const std::span<const RankedCells::Threshold> all = ranked.thresholds;
  std::fill_n(sums.n_negative, kLanes, kNothing);
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
    if (narrow && longest <= cells.at_once<std::uint8_t>()) {
      add_thresholds<true>(cells, some, done, n_tied > 0, byte_steps, sums);
    } else if (narrow && longest <= cells.at_once<std::uint16_t>()) {
      add_thresholds<true>(cells, some, done, n_tied > 0, short_steps, sums);
    } else {
      add_thresholds<narrow>(cells, some, done, n_tied > 0, steps, sums);
    }
    done = before;
  }
  if (!totals.empty()) {
    for (std::size_t lane = 0; lane < totals.size(); ++lane) {
      sums.n_negative[lane] = totals[lane] - sums.n_positive[lane];
    }
    return;
  }
  alignas(64) std::uint32_t below[kLanes];  // the last threshold
  sum_cells<narrow>(cells, done, static_cast<std::uint32_t>(ranked.size()), below);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    sums.n_negative[lane] = std::floor(sums.n_negative[lane]) + below[lane];
  }
}

/// Sums the weights of cells [begin, end), all lanes.
CXRLT_ALWAYS_INLINE inline void sum_weights(const std::uint32_t* unit, std::uint32_t begin,
                                            std::uint32_t end, const double* weights,
                                            double* sums) {
  std::fill_n(sums, kLanes, 0.0);
  for (; begin < end; ++begin) {
    const double* const weight = weights + std::size_t{unit[begin]} * kLanes;
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += weight[lane];
  }
}

CXRLT_ALWAYS_INLINE inline void sum_ranking(const RankedCells& cells, const double* weights,
                                            LaneSums& sums) {
  LaneStep<double> step;
  walk_steps(
      cells,
      [&](std::uint32_t begin, std::uint32_t end, double* to)
          CXRLT_ALWAYS_INLINE { sum_weights(cells.unit.data(), begin, end, weights, to); },
      step,
      [&](double, const LaneStep<double>& at) CXRLT_ALWAYS_INLINE { add_step<true>(at, sums); });
  for (std::size_t lane = 0; lane < kLanes; ++lane) sums.n_negative[lane] += step.above[lane];
}

/// Adds what stands at a threshold to the counts of each replicate.
template <class Sum>
void add_counts(double score, const LaneStep<Sum>& step,
                std::vector<ThresholdCounts<double>>& counts) {
  for (std::size_t lane = 0; lane < counts.size(); ++lane) {
    ThresholdCounts<double>& to = counts[lane];
    const double fp_above = to.n_negative + step.above[lane];
    to.n_negative = fp_above + step.tied[lane];
    if (!(step.positive[lane] > 0)) continue;
    to.n_positive += step.positive[lane];
    to.threshold.push_back(score);
    to.tp.push_back(to.n_positive);
    to.fp.push_back(to.n_negative);
    to.fp_above.push_back(fp_above);
  }
}

template <class Sum, class SumCells>
void count_steps(const RankedCells& cells, const SumCells& sum,
                 std::vector<ThresholdCounts<double>>& counts) {
  LaneStep<Sum> step;
  walk_steps(cells, sum, step,
             [&](double score, const LaneStep<Sum>& at) { add_counts(score, at, counts); });
  for (std::size_t lane = 0; lane < counts.size(); ++lane) {
    counts[lane].n_negative += step.above[lane];
  }
}

template <bool narrow>
void count_integers(const RankedCells& ranked, const WeightBatch& batch,
                    std::vector<ThresholdCounts<double>>& counts) {
  const WeightedUnits cells = weighted_units(ranked, batch);
  const auto sum = [&](std::uint32_t begin, std::uint32_t end, std::uint32_t* sums) {
    run_dispatched([=]() CXRLT_ALWAYS_INLINE { sum_cells<narrow>(cells, begin, end, sums); });
  };
  count_steps<std::uint32_t>(ranked, sum, counts);
}

inline void clear(ThresholdCounts<double>& counts) {
  counts.threshold.clear();
  counts.tp.clear();
  counts.fp.clear();
  counts.fp_above.clear();
  counts.n_positive = counts.n_negative = 0;
}

}  // namespace detail

/// Average precision and AUROC of one class in every replicate of a batch: what `average_precision`
/// and `auroc` are of the rows drawn, bit for bit where weights are counts. Undefined where a
/// replicate has lost the labels that they need.
/// @param totals  sums of the weights of all cells, one a replicate, where they are known, else
///                empty: with counts as weights, cells below the last positive need not be read;
///                with others they are not used
/// @throws InvalidArgument if there are totals, but not one a replicate.
/// Cost: about 3 ns a cell, and 50 ns a distinct positive score, for all 128 together.
inline RankingReplicates rank_replicates(const RankedCells& cells, const WeightBatch& batch,
                                         std::span<const double> totals = {}) {
  if (!totals.empty() && totals.size() != batch.n_lanes) {
    throw InvalidArgument("rank_replicates: " + std::to_string(totals.size()) + " totals for " +
                          std::to_string(batch.n_lanes) + " replicates");
  }
  detail::LaneSums sums;
  detail::run_dispatched([&]() CXRLT_ALWAYS_INLINE {
    if (!batch.integer()) {
      detail::sum_ranking(cells, batch.weights.data(), sums);
    } else if (batch.counts.narrow()) {
      detail::sum_ranking<true>(cells, batch, totals, sums);
    } else {
      detail::sum_ranking<false>(cells, batch, totals, sums);
    }
  });
  RankingReplicates result;
  for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
    const detail::ReplicateSums of_lane = sums.at(lane);
    result.support[lane] = {of_lane.n_positive, of_lane.n_negative};
    result.average_precision[lane] = of_lane.average_precision();
    result.auroc[lane] = of_lane.auroc();
  }
  return result;
}

/// The threshold counts of one class in every replicate of a batch, from which every metric of
/// ranking follows; `counts` gets an entry a replicate. They are those of the rows drawn: a
/// threshold whose positives have all lost their weight is none.
/// Cost: about 5 ns a cell, for all 128 together, and 5 ns a replicate and distinct positive score;
/// 32 bytes for each of the latter.
inline void count_replicates(const RankedCells& cells, const WeightBatch& batch,
                             std::vector<ThresholdCounts<double>>& counts) {
  counts.resize(batch.n_lanes);
  for (ThresholdCounts<double>& one : counts) detail::clear(one);
  if (!batch.integer()) {
    const auto sum = [&](std::uint32_t begin, std::uint32_t end, double* sums) {
      detail::sum_weights(cells.unit.data(), begin, end, batch.weights.data(), sums);
    };
    detail::count_steps<double>(cells, sum, counts);
  } else if (batch.counts.narrow()) {
    detail::count_integers<true>(cells, batch, counts);
  } else {
    detail::count_integers<false>(cells, batch, counts);
  }
}

}  // namespace cxrlt
