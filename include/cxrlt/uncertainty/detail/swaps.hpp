// SPDX-License-Identifier: Apache-2.0
/// Which units exchange the models' scores in one permutation.
#pragma once

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
  explicit Swaps(std::size_t n_units) : words_((n_units + 31) / 32) {}

  /// The coins of one replicate; they depend on nothing else, so that all classes share them and no
  /// number of threads changes them.
  void toss(std::size_t n_units, std::uint64_t seed, std::size_t replicate) {
    Random random(seed, replicate);
    words_.resize((n_units + 31) / 32);
    for (std::uint32_t& word : words_) word = random();
  }

  /// 1 where the unit exchanges, else 0.
  std::uint32_t operator[](std::size_t unit) const { return words_[unit / 32] >> unit % 32 & 1U; }

 private:
  std::vector<std::uint32_t> words_;
};

}  // namespace cxrlt::detail
