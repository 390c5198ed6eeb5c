// SPDX-License-Identifier: Apache-2.0
/// Rare classes: most negatives need only be counted. Where no positive stands in a bin of
/// distances, none of the thresholds lies there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "cxrlt/counting/detail/class_words.hpp"

namespace cxrlt::detail {

/// The words that share a bin with a positive, and how many negatives were left out before each
/// bin.
template <class Word>
struct FilteredWords {
  std::size_t size = 0;
  int shift = 0;
  const std::uint32_t* left_out = nullptr;  ///< by bin

  std::uint64_t left_out_before(Word word) const { return left_out[word >> shift]; }
};

inline constexpr int kMostBinBits = 14;

/// Keeps in `kept`, in their order, the words whose bin holds a positive.
/// @param n_bits  of the distances
/// @param few     whether few words are expected to be kept
/// @param bins    room for 2 * 2^bin_bits counters
/// @param kept    room for n + 1 words
template <class Word>
FilteredWords<Word> filter_bins(const Word* words, const std::uint64_t* positive, std::size_t n,
                                int n_bits, int bin_bits, bool few, std::uint32_t* bins,
                                Word* kept) {
  // The highest bit of a counter says that the bin holds a positive. Neighbours are counted in
  // turn in two sets of counters: one hot counter would make each word wait for the one before.
  constexpr std::uint32_t mark = 0x8000'0000U;
  const int shift = 1 + std::max(0, n_bits - bin_bits);
  const std::size_t n_bins = std::size_t{1} << std::min(n_bits, bin_bits);
  std::uint32_t* const even = bins;
  std::uint32_t* const odd = bins + n_bins;
  std::fill_n(bins, 2 * n_bins, 0U);
  for_each_bit(positive, n, [=](std::size_t i) {
    even[words[i] >> shift] = mark;
    odd[words[i] >> shift] = mark;
  });
  std::size_t size = 0;
  const auto count = [&](const auto& take) CXRLT_ALWAYS_INLINE {
    std::size_t i = 0;
    for (; i + 2 <= n; i += 2) {
      take(words[i], even[words[i] >> shift]++);
      take(words[i + 1], odd[words[i + 1] >> shift]++);
    }
    if (i < n) take(words[i], even[words[i] >> shift]++);
  };
  if (few) {
    count([&](Word word, std::uint32_t bin) CXRLT_ALWAYS_INLINE {
      if (bin >= mark) kept[size++] = word;
    });
  } else {
    count([&](Word word, std::uint32_t bin) CXRLT_ALWAYS_INLINE {
      kept[size] = word;
      size += bin >> 31;
    });
  }
  std::uint32_t left_out = 0;
  for (std::size_t bin = 0; bin < n_bins; ++bin) {
    const std::uint32_t in_bin = (even[bin] & mark) != 0 ? 0 : even[bin] + odd[bin];
    bins[bin] = left_out;
    left_out += in_bin;
  }
  return {size, shift, bins};
}

}  // namespace cxrlt::detail
