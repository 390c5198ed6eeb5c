// SPDX-License-Identifier: Apache-2.0
/// Sums of small integer weights for 64 replicates side by side.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/uncertainty/detail/poisson_lanes.hpp"
#include "cxrlt/uncertainty/ranked_cells.hpp"

namespace cxrlt::detail {

/// Vectors stand in memory with the lowest byte first.
#if CXRLT_VECTORS
inline constexpr bool kByteVectors = std::endian::native == std::endian::little;
#else
inline constexpr bool kByteVectors = false;
#endif

/// Where the sum of a lane stands among those of all 64. Four lanes share a word of 32 bits, and
/// taking words apart by shifts leaves lanes 0, 4, 8, ... side by side: cheaper than any other
/// order.
constexpr std::size_t place_of_lane(std::size_t lane) {
  if (!kByteVectors) return lane;
  const std::size_t half = lane / 32;
  return half * 32 + lane % 4 * 8 + lane % 32 / 4;
}

/// Adds the weights of cells [begin, end) to the sums of all lanes, each at its place.
/// @param unit  of each cell; readable a little beyond the last, by `kReadAhead`
/// @param most  no weight is larger; at least 1
CXRLT_ALWAYS_INLINE inline void add_byte_cells(const std::uint32_t* unit, std::uint32_t begin,
                                               std::uint32_t end, const std::uint8_t* weights,
                                               [[maybe_unused]] std::uint32_t most,
                                               std::int32_t* sums) {
#if CXRLT_VECTORS
  if constexpr (kByteVectors) {
    using Bytes = Vector<std::uint8_t, 32>;
    using Words = Vector<std::uint32_t, 32>;
    const std::uint32_t block = 255 / most;  // so many weights fit into a byte
    while (begin < end) {
      const std::uint32_t stop = end - begin < block ? end : begin + block;
      Bytes low = {};
      Bytes high = {};
      for (; begin < stop; ++begin) {
        __builtin_prefetch(weights + std::size_t{unit[begin + kReadAhead]} * kLanes);
        const std::uint8_t* const weight = weights + std::size_t{unit[begin]} * kLanes;
        Bytes some;
        load(weight, some);
        low += some;
        load(weight + 32, some);
        high += some;
      }
      const auto low_words = reinterpret_cast<Words>(low);
      const auto high_words = reinterpret_cast<Words>(high);
      CXRLT_UNROLL(4)
      for (unsigned byte = 0; byte < 4; ++byte) {
        Words sum;
        load(sums + 8 * byte, sum);
        sum += low_words >> (8 * byte) & 255;
        store(sum, sums + 8 * byte);
        load(sums + 32 + 8 * byte, sum);
        sum += high_words >> (8 * byte) & 255;
        store(sum, sums + 32 + 8 * byte);
      }
    }
    return;
  }
#endif
  for (; begin < end; ++begin) {
    const std::uint8_t* const weight = weights + std::size_t{unit[begin]} * kLanes;
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += weight[lane];
  }
}

/// Adds what one threshold adds to the sums from which average precision and AUROC follow:
/// `fresh` (tp / predicted), and `fresh` (fp + fp above). Integers until the division.
CXRLT_ALWAYS_INLINE inline void add_threshold(const std::int32_t* tp, const std::int32_t* fp,
                                              const std::int32_t* above, std::int32_t* before,
                                              double* precision, double* not_above) {
  std::size_t lane = 0;
#if CXRLT_VECTORS
  using Words = Vector<std::int32_t, 16>;
  using Numbers = Vector<double, 32>;
  CXRLT_UNROLL(4)
  for (; lane < kLanes; lane += 4) {
    Words found;
    Words predicted;
    Words wrong;
    Words fresh;
    load(tp + lane, found);
    load(fp + lane, predicted);
    load(above + lane, wrong);
    load(before + lane, fresh);
    wrong += predicted;
    predicted += found;
    fresh = found - fresh;
    store(found, before + lane);
    // Where nothing has weight yet, 0 / 1 adds the nothing that it should.
    predicted -= predicted == 0;
    const Numbers gained = __builtin_convertvector(fresh, Numbers);
    const Numbers share =
        __builtin_convertvector(found, Numbers) / __builtin_convertvector(predicted, Numbers);
    Numbers sum;
    load(precision + lane, sum);
    sum += gained * share;
    store(sum, precision + lane);
    load(not_above + lane, sum);
    sum += gained * __builtin_convertvector(wrong, Numbers);
    store(sum, not_above + lane);
  }
#endif
  for (; lane < kLanes; ++lane) {
    const std::int32_t predicted = tp[lane] + fp[lane];
    const auto fresh = static_cast<double>(tp[lane] - before[lane]);
    precision[lane] += fresh * (static_cast<double>(tp[lane]) /
                                static_cast<double>(predicted > 0 ? predicted : 1));
    not_above[lane] += fresh * static_cast<double>(fp[lane] + above[lane]);
    before[lane] = tp[lane];
  }
}

}  // namespace cxrlt::detail
