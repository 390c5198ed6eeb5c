// SPDX-License-Identifier: Apache-2.0
/// Sums over the positives of each class, from which average precision, AUROC and the best F1
/// follow. They are formed in tiles of a fixed number of positives, the tiles in tiles of tiles,
/// and so on: an order that depends on no number of threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/cuda/detail/batch.hpp"
#include "cxrlt/cuda/detail/bits.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"
#include "cxrlt/cuda/detail/rank_classes.hpp"
#include "cxrlt/cuda/detail/ranked_positives.hpp"

namespace cxrlt::detail {

/// What the positives of a tile, or of a class, add up to.
struct RankingSums {
  double precision = 0;                   ///< each group: its size times the precision at it
  std::uint64_t twice_wins_and_ties = 0;  ///< the numerator of AUROC
  double best_f1 = -1;
  double best_threshold = std::numeric_limits<double>::quiet_NaN();

  /// Adds what comes next in order. Of equal maxima of F1 the first stays, the highest threshold.
  CXRLT_HD void add(const RankingSums& next) {
    precision += next.precision;
    twice_wins_and_ties += next.twice_wins_and_ties;
    if (next.best_f1 > best_f1) {
      best_f1 = next.best_f1;
      best_threshold = next.best_threshold;
    }
  }
};

/// The sums of one group of positives with equal scores. Products come before quotients, so that
/// they are whole numbers, and no compiler can fuse a product with a sum.
CXRLT_HD inline RankingSums sums_of_group(const PositiveGroup& group, double threshold,
                                          std::uint32_t n_positive, std::uint32_t n_negative) {
  const double tp = static_cast<double>(group.tp);
  const double predicted = tp + static_cast<double>(group.fp);
  RankingSums sums;
  sums.precision = static_cast<double>(group.size) * tp / predicted;
  sums.twice_wins_and_ties =
      group.size * (2 * std::uint64_t{n_negative - group.fp} + (group.fp - group.fp_above));
  sums.best_f1 = 2 * tp / (static_cast<double>(n_positive) + predicted);
  sums.best_threshold = threshold;
  return sums;
}

inline constexpr std::uint32_t kTile = 32;

/// How many tiles hold each of these numbers of things.
inline std::vector<std::uint32_t> tiles_of(std::vector<std::uint32_t> sizes) {
  for (std::uint32_t& size : sizes) size = (size + kTile - 1) / kTile;
  return sizes;
}

inline namespace CXRLT_DEVICE_SYSTEM {

/// Adds up the positives of one tile.
template <class Element>
struct SumPositives {
  RankedPositives<Element> positives;
  const std::uint32_t* n_negative;   ///< by slot
  const std::uint32_t* tile_begins;  ///< by slot
  RankingSums* tiles;

  CXRLT_HD void operator()(std::uint32_t tile) const {
    const Batch<Element>& batch = positives.batch;
    const std::uint32_t slot = range_of(tile_begins, batch.strips.n_slots, tile);
    const std::uint32_t end = batch.begins[slot + 1];
    const std::uint32_t n_positive = end - batch.begins[slot];
    std::uint32_t positive = batch.begins[slot] + (tile - tile_begins[slot]) * kTile;
    const std::uint32_t last = end - positive < kTile ? end : positive + kTile;
    RankingSums sums;
    for (; positive < last; ++positive) {
      if (!positives.ends_group(slot, positive)) continue;
      sums.add(sums_of_group(positives.group(slot, positive), positives.score(positive), n_positive,
                             n_negative[slot]));
    }
    tiles[tile] = sums;
  }
};

/// Adds up tiles.
struct SumTiles {
  const RankingSums* parts;
  const std::uint32_t* part_begins;  ///< by slot
  const std::uint32_t* tile_begins;
  std::uint32_t n_slots;
  RankingSums* tiles;

  CXRLT_HD void operator()(std::uint32_t tile) const {
    const std::uint32_t slot = range_of(tile_begins, n_slots, tile);
    const std::uint32_t end = part_begins[slot + 1];
    std::uint32_t part = part_begins[slot] + (tile - tile_begins[slot]) * kTile;
    const std::uint32_t last = end - part < kTile ? end : part + kTile;
    RankingSums sums;
    for (; part < last; ++part) sums.add(parts[part]);
    tiles[tile] = sums;
  }
};

/// The sums of every class of a batch, by slot; those of a class without positives are empty.
template <class Element>
std::vector<RankingSums> ranking_sums(DeviceRun& run, const RankedBatch<Element>& ranked) {
  const std::uint32_t n_slots = ranked.classes.size();
  std::vector<std::uint32_t> sizes = tiles_of(ranked.classes.n_positive);
  SlotRanges ranges(run, sizes);
  auto* tiles = run.room_for<RankingSums>(ranges.total);
  run.for_each(ranges.total,
               SumPositives<Element>{ranked.positives, run.upload(ranked.classes.n_negative),
                                     ranges.begins, tiles});
  while (*std::max_element(sizes.begin(), sizes.end()) > 1) {
    sizes = tiles_of(std::move(sizes));
    const SlotRanges above(run, sizes);
    auto* const sums = run.room_for<RankingSums>(above.total);
    run.for_each(above.total, SumTiles{tiles, ranges.begins, above.begins, n_slots, sums});
    tiles = sums;
    ranges = above;
  }
  const std::vector<RankingSums> copied = run.download(tiles, ranges.total);
  std::vector<RankingSums> by_slot(n_slots);
  std::size_t next = 0;
  for (std::uint32_t slot = 0; slot < n_slots; ++slot) {
    if (sizes[slot] > 0) by_slot[slot] = copied[next++];
  }
  return by_slot;
}

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace cxrlt::detail
