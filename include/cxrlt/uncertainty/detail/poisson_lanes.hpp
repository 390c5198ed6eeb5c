// SPDX-License-Identifier: Apache-2.0
/// Poisson numbers for 64 replicates at a time: exact, and equal for every instruction set.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "cxrlt/core/random.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"

namespace cxrlt::detail {

/// Replicates whose weights stand side by side.
inline constexpr std::size_t kLanes = 64;

/// What a random number is for; no two uses share a stream.
enum class RandomUse : std::uint32_t { bits = 1U << 30, refinement = 2U << 30, draws = 3U << 30 };

/// The generator of one lane of a batch, for one use.
inline Random lane_random(std::uint64_t seed, std::size_t batch, std::size_t lane, RandomUse use) {
  const std::uint64_t stream = batch * kLanes + lane;
  return Random(seed, stream | std::uint64_t{static_cast<std::uint32_t>(use)} << 32);
}

/// 16 random bits for each of 64 lanes at a time: 32 generators xoshiro128++ (Blackman and Vigna
/// 2021) side by side, started from `Random::philox` of (seed, batch). Plain loops over arrays,
/// which become vector code.
class LaneBits {
 public:
  LaneBits(std::uint64_t seed, std::size_t batch, std::uint32_t stratum) {
    for (std::size_t j = 0; j < kStreams; ++j) {
      const std::array<std::uint32_t, 4> start = Random::philox(
          {static_cast<std::uint32_t>(j), stratum, static_cast<std::uint32_t>(batch),
           static_cast<std::uint32_t>(RandomUse::bits)},
          {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
      for (std::size_t word = 0; word < 4; ++word) state_[word][j] = start[word];
      state_[0][j] |= j == 0 ? 1U : 0U;  // all zeros would stay so
    }
  }

  /// The low halves of the 32 results for the first 32 lanes, the high halves for the others.
  CXRLT_ALWAYS_INLINE void next(std::uint16_t* bits) {
#if CXRLT_VECTORS
    using Words = Vector<std::uint32_t, 32>;
    constexpr std::size_t width = 8;
    CXRLT_UNROLL(4)
    for (std::size_t j = 0; j < kStreams; j += width) {
      Words state[4];
      Words result;
      CXRLT_UNROLL(4)
      for (std::size_t word = 0; word < 4; ++word) load(state_[word] + j, state[word]);
      step(state, result);
      CXRLT_UNROLL(4)
      for (std::size_t word = 0; word < 4; ++word) store(state[word], state_[word] + j);
      using Halves = Vector<std::uint16_t, 16>;
      store(__builtin_convertvector(result & 0xFFFF, Halves), bits + j);
      store(__builtin_convertvector(result >> 16, Halves), bits + kStreams + j);
    }
#else
    for (std::size_t j = 0; j < kStreams; ++j) {
      std::uint32_t state[4] = {state_[0][j], state_[1][j], state_[2][j], state_[3][j]};
      std::uint32_t result = 0;
      step(state, result);
      for (std::size_t word = 0; word < 4; ++word) state_[word][j] = state[word];
      bits[j] = static_cast<std::uint16_t>(result);
      bits[kStreams + j] = static_cast<std::uint16_t>(result >> 16);
    }
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
  std::uint32_t state_[4][kStreams];
};

/// The Poisson distribution of one mean in (0, 1], cut into 2^16 cells of equal probability. Most
/// cells belong to one number; those that hold a step of the distribution function are looked at
/// more closely.
class PoissonCells {
 public:
  explicit PoissonCells(double mean) : mean_(mean) {
    double probability = std::exp(-mean);
    double cumulative = probability;
    for (std::size_t k = 0; k < steps_.size(); ++k) {
      steps_[k] = static_cast<std::uint16_t>(std::min(cumulative * 0x1p16, 65535.0));
      probability *= mean / static_cast<double>(k + 1);
      cumulative += probability;
    }
  }

  double mean() const { return mean_; }

  /// The numbers of all lanes by their cells. Returns whether a cell holds a step.
  CXRLT_ALWAYS_INLINE bool numbers(const std::uint16_t* cells, std::uint8_t* numbers) const {
#if CXRLT_VECTORS
    using Cells = Vector<std::uint16_t, 32>;
    using Numbers = Vector<std::uint8_t, 16>;
    constexpr std::size_t width = 16;
    Cells undecided = {};
    CXRLT_UNROLL(4)
    for (std::size_t lane = 0; lane < kLanes; lane += width) {
      Cells cell;
      load(cells + lane, cell);
      Cells sum = {};
      CXRLT_UNROLL(8)
      for (std::size_t k = 0; k < kSteps; ++k) {
        // A comparison of vectors gives -1 where it is true.
        sum -= reinterpret_cast<Cells>(cell > steps_[k]);
        undecided |= reinterpret_cast<Cells>(cell == steps_[k]);
      }
      store(__builtin_convertvector(sum, Numbers), numbers + lane);
    }
    std::uint64_t any[sizeof(Cells) / 8];
    std::memcpy(any, &undecided, sizeof any);
    return (any[0] | any[1] | any[2] | any[3]) != 0;
#else
    bool any = false;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      std::uint8_t number = 0;
      for (const std::uint16_t step : steps_) {
        number = static_cast<std::uint8_t>(number + (cells[lane] > step));
        any = any || cells[lane] == step;
      }
      numbers[lane] = number;
    }
    return any;
#endif
  }

  /// Whether the cell holds a step.
  bool is_undecided(std::uint16_t cell) const {
    return std::find(steps_.begin(), steps_.end(), cell) != steps_.end();
  }

  /// The number at a place in [0, 1) within a cell, by the distribution function.
  std::uint8_t number(std::uint16_t cell, double place) const {
    const double wanted = (static_cast<double>(cell) + place) * 0x1p-16;
    double probability = std::exp(-mean_);
    double cumulative = probability;
    std::uint8_t number = 0;
    while (wanted >= cumulative && number < 60) {
      ++number;
      probability *= mean_ / number;
      cumulative += probability;
    }
    return number;
  }

 private:
  static constexpr std::size_t kSteps = 8;
  double mean_;
  /// The cells that hold the steps from 0 to 1, 1 to 2, ...; the last cell holds all that follow.
  std::array<std::uint16_t, kSteps> steps_{};
};

}  // namespace cxrlt::detail
