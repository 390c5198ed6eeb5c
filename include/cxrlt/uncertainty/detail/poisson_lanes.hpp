// SPDX-License-Identifier: Apache-2.0
/// Poisson numbers for 128 replicates at a time: exact, and equal for every instruction set.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "cxrlt/core/random.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/uncertainty/detail/count_rows.hpp"

namespace cxrlt::detail {

/// What a random number is for; no two uses share a stream.
enum class RandomUse : std::uint32_t { bits = 1U << 30, refinement = 2U << 30, draws = 3U << 30 };

/// The generator of one lane of a batch, for one use.
inline Random lane_random(std::uint64_t seed, std::size_t batch, std::size_t lane, RandomUse use) {
  const std::uint64_t stream = batch * kLanes + lane;
  return Random(seed, stream | std::uint64_t{static_cast<std::uint32_t>(use)} << 32);
}

/// The Poisson distribution of one mean in (0, 1] over 2^16 cells of equal probability, which are
/// numbered from -2^15. Each number up to 6 owns as many whole cells as its probability holds. The
/// few that remain are undecided: a second draw shares them out.
class PoissonCells {
 public:
  static constexpr std::size_t kNumbers = 7;
  static constexpr std::uint8_t kUndecided = kNumbers;

  explicit PoissonCells(double mean) : mean_(mean) {
    double probability = std::exp(-mean);
    std::int32_t begin = -0x8000;
    for (std::size_t k = 0; k < kNumbers; ++k) {
      const double cells = probability * 0x1p16;
      const auto whole = static_cast<std::int32_t>(cells);
      rest_[k] = cells - whole;
      begin += whole;
      last_[k] = static_cast<std::int16_t>(begin - 1);
      probability *= mean / static_cast<double>(k + 1);
    }
    undecided_ = 0x8000 - begin;
    next_probability_ = probability;
  }

  /// The last cell of numbers up to k.
  std::int16_t last(std::size_t k) const { return last_[k]; }

  /// The number of a cell, or `kUndecided`.
  std::uint8_t number(std::int16_t cell) const {
    std::uint8_t number = 0;
    for (const std::int16_t last : last_)
      number = static_cast<std::uint8_t>(number + (cell > last));
    return number;
  }

  /// The number at a place in [0, 1) among the undecided cells.
  std::uint8_t number_at(double place) const {
    const double wanted = place * undecided_;
    double cumulative = 0;
    double probability = next_probability_;
    for (std::uint8_t number = 0; number < 60; ++number) {
      if (number < kNumbers) {
        cumulative += rest_[number];
      } else {
        cumulative += probability * 0x1p16;
        probability *= mean_ / (number + 1);
      }
      if (wanted < cumulative) return number;
    }
    return 60;
  }

 private:
  double mean_;
  std::array<std::int16_t, kNumbers> last_{};
  std::array<double, kNumbers> rest_{};  ///< the part of a cell that each number lacks
  double undecided_ = 0;                 ///< how many cells are
  double next_probability_ = 0;          ///< of the number `kNumbers`
};

/// Draws Poisson numbers for one unit after the other: 64 generators xoshiro128++ (Blackman and
/// Vigna 2021) side by side, started from `Random::philox` of (seed, batch, stratum), each for two
/// lanes, of which one gets the low half of a word and the next one the high half.
class PoissonLanes {
 public:
  PoissonLanes(std::uint64_t seed, std::size_t batch, std::uint32_t stratum, double mean)
      : cells_(mean) {
    for (std::size_t j = 0; j < kStreams; ++j) {
      const std::array<std::uint32_t, 4> start = Random::philox(
          {static_cast<std::uint32_t>(j), stratum, static_cast<std::uint32_t>(batch),
           static_cast<std::uint32_t>(RandomUse::bits)},
          {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
      for (std::size_t word = 0; word < 4; ++word) state_[word][j] = start[word];
      state_[0][j] |= j == 0 ? 1U : 0U;  // all zeros would stay so
    }
  }

  const PoissonCells& cells() const { return cells_; }

  /// The numbers of the next n units: of unit k and a lane at `numbers[k * kLanes + lane]`. Returns
  /// whether some are `PoissonCells::kUndecided`.
  CXRLT_ALWAYS_INLINE bool draw(std::size_t n, std::uint8_t* numbers) {
#if CXRLT_VECTORS
    using Words = Vector<std::uint32_t, 32>;
    using Cells = Vector<std::int16_t, 32>;
    using Numbers = Vector<std::uint8_t, 16>;
    constexpr std::size_t width = 8;
    Cells undecided = {};
    for (std::size_t j = 0; j < kStreams; j += width) {
      Words state[4];
      CXRLT_UNROLL(4)
      for (std::size_t word = 0; word < 4; ++word) load(state_[word] + j, state[word]);
      for (std::size_t k = 0; k < n; ++k) {
        Words result;
        step(state, result);
        const auto cell = reinterpret_cast<Cells>(result);
        Cells sum = {};
        // A comparison of vectors gives -1 where it is true.
        CXRLT_UNROLL(6)
        for (std::size_t number = 0; number + 1 < PoissonCells::kNumbers; ++number) {
          sum -= reinterpret_cast<Cells>(cell > cells_.last(number));
        }
        const auto beyond = reinterpret_cast<Cells>(cell > cells_.last(PoissonCells::kNumbers - 1));
        sum -= beyond;
        undecided |= beyond;
        store(__builtin_convertvector(sum, Numbers), numbers + k * kLanes + 2 * j);
      }
      CXRLT_UNROLL(4)
      for (std::size_t word = 0; word < 4; ++word) store(state[word], state_[word] + j);
    }
    std::uint64_t any[sizeof(Cells) / 8];
    store(undecided, any);
    return (any[0] | any[1] | any[2] | any[3]) != 0;
#else
    bool any = false;
    for (std::size_t j = 0; j < kStreams; ++j) {
      std::uint32_t state[4] = {state_[0][j], state_[1][j], state_[2][j], state_[3][j]};
      for (std::size_t k = 0; k < n; ++k) {
        std::uint32_t result = 0;
        step(state, result);
        for (std::size_t half = 0; half < 2; ++half) {
          const auto bits = static_cast<std::uint16_t>(result >> (16 * half));
          const std::uint8_t number = cells_.number(static_cast<std::int16_t>(bits));
          any = any || number == PoissonCells::kUndecided;
          numbers[k * kLanes + 2 * j + half] = number;
        }
      }
      for (std::size_t word = 0; word < 4; ++word) state_[word][j] = state[word];
    }
    return any;
#endif
  }

 private:
  template <class Word>
  CXRLT_ALWAYS_INLINE static void step(Word* state, Word& result) {
    const Word sum = state[0] + state[3];
    result = (sum << 7 | sum >> 25) + state[0];
    const Word shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = state[3] << 11 | state[3] >> 21;
  }

  static constexpr std::size_t kStreams = kLanes / 2;
  PoissonCells cells_;
  std::uint32_t state_[4][kStreams];
};

}  // namespace cxrlt::detail
