// SPDX-License-Identifier: Apache-2.0
/// Which units exchange the models' scores in one permutation.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/random.hpp"

namespace cxrlt::detail {

/// A fair coin per unit.
class Swaps {
 public:
  Swaps() = default;

  /// No unit exchanges anything.
  explicit Swaps(std::size_t n_units) : coins_(n_units) {}

  /// The coins of one replicate; they depend on nothing else, so that all classes share them and no
  /// number of threads changes them.
  void toss(std::size_t n_units, std::uint64_t seed, std::size_t replicate) {
    Random random(seed, replicate);
    coins_.resize(n_units);
    for (std::size_t begin = 0; begin < n_units; begin += 32) {
      const std::uint32_t bits = random();
      const std::size_t n = std::min<std::size_t>(32, n_units - begin);
      for (std::size_t k = 0; k < n; ++k) {
        coins_[begin + k] = static_cast<std::uint8_t>(bits >> k & 1U);
      }
    }
  }

  /// 1 where the unit exchanges, else 0.
  std::uint32_t operator[](std::size_t unit) const { return coins_[unit]; }

 private:
  std::vector<std::uint8_t> coins_;
};

}  // namespace cxrlt::detail
