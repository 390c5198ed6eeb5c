// SPDX-License-Identifier: Apache-2.0
/// Sums of small integer weights for 128 replicates side by side.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/counting/detail/unfused.hpp"
#include "cxrlt/uncertainty/detail/count_rows.hpp"
#include "cxrlt/uncertainty/detail/replicate_sums.hpp"
#include "cxrlt/uncertainty/ranked_cells.hpp"

namespace cxrlt::detail {

/// The units of a class's cells, and the weights that they have.
struct WeightedUnits {
  const std::uint32_t* unit;    ///< of each cell; readable beyond the last, see `kSpareCells`
  const std::uint8_t* weights;  ///< of a `CountRows`
  std::uint32_t most;           ///< no weight is larger

  /// The weights of a cell, all lanes.
  template <bool narrow>
  const std::uint8_t* row(std::size_t cell) const {
    return weights + std::size_t{unit[cell]} * (narrow ? kLanes / 2 : kLanes);
  }
  /// So many weights fit into a sum.
  template <class Sum>
  std::uint32_t at_once() const {
    return std::numeric_limits<Sum>::max() / most;
  }
};

#if CXRLT_VECTORS

/// The sums over cells [begin, end), as many as fit into bytes; lane 32 j + k is byte k of sum j.
template <bool narrow>
CXRLT_ALWAYS_INLINE inline void sum_few(const WeightedUnits& cells, std::uint32_t begin,
                                        std::uint32_t end, Vector<std::uint8_t, 32>* sum) {
  CXRLT_UNROLL(4)
  for (std::size_t j = 0; j < 4; ++j) sum[j] = Vector<std::uint8_t, 32>{};
  for (; begin < end; ++begin) {
    CXRLT_PREFETCH(cells.row<narrow>(begin + kReadAhead));
    const std::uint8_t* const row = cells.row<narrow>(begin);
    Vector<std::uint8_t, 32> some;
    if constexpr (narrow) {
      load(row, some);
      sum[0] += some & 15;
      sum[2] += some >> 4;
      load(row + 32, some);
      sum[1] += some & 15;
      sum[3] += some >> 4;
    } else {
      CXRLT_UNROLL(4)
      for (std::size_t j = 0; j < 4; ++j) {
        load(row + 32 * j, some);
        sum[j] += some;
      }
    }
  }
}

/// The sums over cells [begin, end), as many as fit into 16 bits. Of each 32 lanes those of even
/// number come first: they part more cheaply than in order.
template <bool narrow>
CXRLT_ALWAYS_INLINE inline void sum_cells(const WeightedUnits& cells, std::uint32_t begin,
                                          std::uint32_t end, std::uint16_t* sums) {
  Vector<std::uint16_t, 32> sum[8] = {};
  while (begin < end) {
    const std::uint32_t stop = std::min(end - begin, cells.at_once<std::uint8_t>()) + begin;
    Vector<std::uint8_t, 32> few[4];
    sum_few<narrow>(cells, begin, stop, few);
    CXRLT_UNROLL(4)
    for (std::size_t j = 0; j < 4; ++j) {
      const auto pairs = reinterpret_cast<Vector<std::uint16_t, 32>>(few[j]);
      sum[2 * j] += pairs & 255;
      sum[2 * j + 1] += pairs >> 8;
    }
    begin = stop;
  }
  CXRLT_UNROLL(8)
  for (std::size_t j = 0; j < 8; ++j) store(sum[j], sums + 16 * j);
}

/// Vectors in which the sums of eight lanes are words of 64 bits. Taking words apart by shifts is
/// cheaper than any order of lanes that comes by itself.
using LongWords = Vector<std::uint64_t, 32>;

/// Block b of 16 takes from 32 bytes, as 4 long words, half of each or all.
CXRLT_ALWAYS_INLINE inline void take_block(const std::uint16_t* sums, std::size_t b,
                                           LongWords* words) {
  LongWords all;
  load(sums + 16 * (b / 2), all);
  const std::size_t shift = 32 * (b % 2);
  words[0] = all >> shift & 0xFFFF;
  words[1] = all >> (shift + 16) & 0xFFFF;
}
CXRLT_ALWAYS_INLINE inline void take_block(const std::uint32_t* sums, std::size_t b,
                                           LongWords* words) {
  LongWords both;
  load(sums + 8 * b, both);
  words[0] = both & 0xFFFF'FFFF;
  words[1] = both >> 32;
}

/// Where block by block, a lane then stands.
constexpr std::size_t place_of_lane(std::size_t lane) {
  return lane / 32 * 32 + lane % 2 * 16 + lane / 2 % 4 * 4 + lane % 32 / 8;
}

/// Where it stands among words, of which blocks take every second one.
constexpr std::size_t place_of_word(std::size_t lane) {
  return lane / 32 * 32 + lane % 2 * 16 + lane / 4 % 2 * 8 + lane % 32 / 8 * 2 + lane / 2 % 2;
}

#else

template <bool narrow>
inline void sum_cells(const WeightedUnits& cells, std::uint32_t begin, std::uint32_t end,
                      std::uint16_t* sums) {
  constexpr std::size_t row_bytes = narrow ? kLanes / 2 : kLanes;
  const auto add = [](std::uint16_t& sum, int weight) {
    sum = static_cast<std::uint16_t>(sum + weight);
  };
  std::fill_n(sums, kLanes, std::uint16_t{0});
  for (; begin < end; ++begin) {
    const std::uint8_t* const row = cells.row<narrow>(begin);
    for (std::size_t j = 0; j < row_bytes; ++j) {
      add(sums[j], narrow ? row[j] & 15 : row[j]);
      if constexpr (narrow) add(sums[kLanes / 2 + j], row[j] >> 4);
    }
  }
}

constexpr std::size_t place_of_lane(std::size_t lane) {
  return lane;
}
constexpr std::size_t place_of_word(std::size_t lane) {
  return lane;
}

#endif

/// Adds sums of 16 bits to those of 32.
CXRLT_ALWAYS_INLINE inline void add_sums(const std::uint16_t* some, std::uint32_t* sums) {
#if CXRLT_VECTORS
  for (std::size_t b = 0; b < kLanes / 8; ++b) {
    LongWords words[2];
    take_block(some, b, words);
    LongWords sum;
    load(sums + 8 * b, sum);
    sum += words[0] | words[1] << 32;
    store(sum, sums + 8 * b);
  }
#else
  for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += some[lane];
#endif
}

/// The sums over cells [begin, end) of all lanes.
template <bool narrow>
CXRLT_ALWAYS_INLINE inline void sum_cells(const WeightedUnits& cells, std::uint32_t begin,
                                          std::uint32_t end, std::uint32_t* sums) {
  std::fill_n(sums, kLanes, 0U);
  while (begin < end) {
    const std::uint32_t stop = std::min(end - begin, cells.at_once<std::uint16_t>()) + begin;
    alignas(64) std::uint16_t some[kLanes];
    sum_cells<narrow>(cells, begin, stop, some);
    add_sums(some, sums);
    begin = stop;
  }
}

/// What stands at one threshold, of all lanes, where `sum_cells` puts them.
template <class Sum>
struct LaneStep {
  alignas(64) Sum above[kLanes];  ///< negatives since the threshold before
  Sum positive[kLanes];           ///< positives at the threshold
  Sum tied[kLanes];               ///< negatives that tie with them
};

inline constexpr double kNothing = 1e-300;

/// The `ReplicateSums` of all lanes.
struct LaneSums {
  double n_positive[kLanes] = {};
  double n_negative[kLanes] = {};
  double precision[kLanes] = {};
  double losses[kLanes] = {};

  CXRLT_ALWAYS_INLINE ReplicateSums at(std::size_t lane) const {
    return {n_positive[lane], n_negative[lane], precision[lane], losses[lane]};
  }
  CXRLT_ALWAYS_INLINE void set(std::size_t lane, const ReplicateSums& sums) {
    n_positive[lane] = sums.n_positive;
    n_negative[lane] = sums.n_negative;
    precision[lane] = sums.precision;
    losses[lane] = sums.losses;
  }
};

/// Adds a step to the sums, which stand as its lanes do.
template <bool ties, class Sum>
CXRLT_ALWAYS_INLINE inline void add_step(const LaneStep<Sum>& step, LaneSums& sums) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    ReplicateSums of_lane = sums.at(lane);
    of_lane.add(step.above[lane], step.positive[lane], ties ? step.tied[lane] : 0);
    sums.set(lane, of_lane);
  }
}

/// Adds steps to the sums, which stand block by block, a block at a time, whose sums then stay in
/// registers. All but the precision is exact. The sums of negatives begin above 0, if only by
/// `kNothing`, which no sum of integers keeps: where nothing has weight yet, 0 / kNothing is 0.
template <bool ties, class Sum, class Ask>
CXRLT_ALWAYS_INLINE inline void add_steps(const LaneStep<Sum>* steps, std::size_t n, LaneSums& sums,
                                          [[maybe_unused]] const Ask& ask) {
#if CXRLT_VECTORS
  using Numbers = Vector<double, 32>;
  // Integers below 2^52 set into the digits of 2^52: cheaper than conversions are.
  const auto read = [](const Sum* from, std::size_t b, Numbers* numbers) CXRLT_ALWAYS_INLINE {
    LongWords words[2];
    take_block(from, b, words);
    for (std::size_t part = 0; part < 2; ++part) {
      numbers[part] = reinterpret_cast<Numbers>(words[part] | 0x4330'0000'0000'0000) - 0x1p52;
    }
  };
  const auto load_both = [](const double* from, Numbers* numbers) CXRLT_ALWAYS_INLINE {
    load(from, numbers[0]);
    load(from + 4, numbers[1]);
  };
  const auto store_both = [](const Numbers* numbers, double* to) CXRLT_ALWAYS_INLINE {
    store(numbers[0], to);
    store(numbers[1], to + 4);
  };
  for (std::size_t b = 0; b < kLanes / 8; ++b) {
    Numbers tp[2];
    Numbers fp[2];
    Numbers precision[2];
    Numbers losses[2];
    ask(b);
    load_both(sums.n_positive + 8 * b, tp);
    load_both(sums.n_negative + 8 * b, fp);
    load_both(sums.precision + 8 * b, precision);
    load_both(sums.losses + 8 * b, losses);
    for (std::size_t k = 0; k < n; ++k) {
      Numbers above[2];
      Numbers tied[2];
      Numbers fresh[2];
      read(steps[k].above, b, above);
      read(steps[k].positive, b, fresh);
      if constexpr (ties) read(steps[k].tied, b, tied);
      CXRLT_UNROLL(2)
      for (std::size_t part = 0; part < 2; ++part) {
        fp[part] += above[part];
        Numbers lost = fp[part];
        if constexpr (ties) {
          fp[part] += tied[part];
          lost += tied[part] * 0.5;
        }
        tp[part] += fresh[part];
        add_product<Numbers>(fresh[part], tp[part] / (tp[part] + fp[part]), precision[part]);
        add_product(fresh[part], lost, losses[part]);
      }
    }
    store_both(tp, sums.n_positive + 8 * b);
    store_both(fp, sums.n_negative + 8 * b);
    store_both(precision, sums.precision + 8 * b);
    store_both(losses, sums.losses + 8 * b);
  }
#else
  for (std::size_t k = 0; k < n; ++k) add_step<ties>(steps[k], sums);
#endif
}

}  // namespace cxrlt::detail
