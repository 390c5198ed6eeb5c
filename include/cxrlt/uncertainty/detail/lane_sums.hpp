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

/// The sums over cells [begin, end), as many as fit into bytes.
template <bool narrow>
CXRLT_ALWAYS_INLINE inline void sum_cells(const WeightedUnits& cells, std::uint32_t begin,
                                          std::uint32_t end, std::uint8_t* sums) {
  Vector<std::uint8_t, 32> sum[4] = {};
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
  CXRLT_UNROLL(4)
  for (std::size_t j = 0; j < 4; ++j) store(sum[j], sums + 32 * j);
}

/// The sums over cells [begin, end), as many as fit into numbers twice as wide as `Part`.
template <bool narrow, class Part, class Sum>
CXRLT_ALWAYS_INLINE inline void sum_parts(const WeightedUnits& cells, std::uint32_t begin,
                                          std::uint32_t end, Sum* sums) {
  using Sums = Vector<Sum, 32>;
  constexpr std::size_t width = sizeof(Sums) / sizeof(Sum);
  constexpr std::size_t n = kLanes / width;
  Sums sum[n] = {};
  while (begin < end) {
    const std::uint32_t stop = std::min(end - begin, cells.at_once<Part>()) + begin;
    alignas(64) Part parts[kLanes];
    sum_cells<narrow>(cells, begin, stop, parts);
    CXRLT_UNROLL(16)
    for (std::size_t j = 0; j < n; ++j) {
      Sums some;
      load_wide(parts + width * j, some);
      sum[j] += some;
    }
    begin = stop;
  }
  CXRLT_UNROLL(16)
  for (std::size_t j = 0; j < n; ++j) store(sum[j], sums + width * j);
}

template <bool narrow>
CXRLT_ALWAYS_INLINE inline void sum_cells(const WeightedUnits& cells, std::uint32_t begin,
                                          std::uint32_t end, std::uint16_t* sums) {
  sum_parts<narrow, std::uint8_t>(cells, begin, end, sums);
}
template <bool narrow>
CXRLT_ALWAYS_INLINE inline void sum_cells(const WeightedUnits& cells, std::uint32_t begin,
                                          std::uint32_t end, std::uint32_t* sums) {
  sum_parts<narrow, std::uint16_t>(cells, begin, end, sums);
}

#else

/// The sums over cells [begin, end), as many as fit into them.
template <bool narrow, class Sum>
inline void sum_cells(const WeightedUnits& cells, std::uint32_t begin, std::uint32_t end,
                      Sum* sums) {
  constexpr std::size_t row_bytes = narrow ? kLanes / 2 : kLanes;
  const auto add = [](Sum& sum, int weight) { sum = static_cast<Sum>(sum + weight); };
  std::fill_n(sums, kLanes, Sum{0});
  for (; begin < end; ++begin) {
    const std::uint8_t* const row = cells.row<narrow>(begin);
    for (std::size_t j = 0; j < row_bytes; ++j) {
      add(sums[j], narrow ? row[j] & 15 : row[j]);
      if constexpr (narrow) add(sums[kLanes / 2 + j], row[j] >> 4);
    }
  }
}

#endif

/// What stands at one threshold, of all lanes.
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

/// Adds a step to the sums.
template <bool ties, class Sum>
CXRLT_ALWAYS_INLINE inline void add_step(const LaneStep<Sum>& step, LaneSums& sums) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    ReplicateSums of_lane = sums.at(lane);
    of_lane.add(step.above[lane], step.positive[lane], ties ? step.tied[lane] : 0);
    sums.set(lane, of_lane);
  }
}

/// Adds steps to the sums, eight lanes at a time, whose sums then stay in registers. All but the
/// precision is exact. The sums of negatives begin above 0, if only by `kNothing`, which no sum of
/// integers keeps: where nothing has weight yet, 0 / kNothing is 0.
template <bool ties, class Sum, class Ask>
CXRLT_ALWAYS_INLINE inline void add_steps(const LaneStep<Sum>* steps, std::size_t n, LaneSums& sums,
                                          [[maybe_unused]] const Ask& ask) {
#if CXRLT_VECTORS
  using Numbers = Vector<double, 32>;
  // Integers below 2^52 set into the digits of 2^52: cheaper than conversions are.
  const auto read = [](const Sum* from, Numbers* numbers) CXRLT_ALWAYS_INLINE {
    CXRLT_UNROLL(2)
    for (std::size_t part = 0; part < 2; ++part) {
      Vector<std::uint64_t, 32> words;
      load_wide(from + 4 * part, words);
      numbers[part] = reinterpret_cast<Numbers>(words | 0x4330'0000'0000'0000) - 0x1p52;
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
      read(steps[k].above + 8 * b, above);
      read(steps[k].positive + 8 * b, fresh);
      if constexpr (ties) read(steps[k].tied + 8 * b, tied);
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
