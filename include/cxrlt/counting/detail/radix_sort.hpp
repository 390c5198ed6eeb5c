// SPDX-License-Identifier: Apache-2.0
/// Radix sort of words whose lowest bit, the label, is no part of the order.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "cxrlt/counting/detail/instruction_set.hpp"

namespace cxrlt::detail {

/// Turns counts into the places where each digit's words begin.
inline void to_begins(std::uint32_t* counts, std::size_t n) {
  std::uint32_t begin = 0;
  for (std::size_t digit = 0; digit < n; ++digit) {
    const std::uint32_t count = counts[digit];
    counts[digit] = begin;
    begin += count;
  }
}

/// Moves words to their digit's places; equal digits stay in order.
template <class Word>
void scatter(const Word* from, std::size_t n, int shift, Word digit_mask, std::uint32_t* begins,
             Word* to) {
  for (std::size_t i = 0; i < n; ++i) {
    const Word word = from[i];
    to[begins[(word >> shift) & digit_mask]++] = word;
  }
}

template <class Word>
CXRLT_ALWAYS_INLINE inline bool is_stray(const Word* word) {
  return (word[-1] | 1) > (word[0] | 1);
}

/// Which words of [first, first + 64) stand below the word before them, as bits.
template <class Word>
CXRLT_ALWAYS_INLINE inline std::uint64_t find_strays(const Word* first) {
  std::uint64_t strays = 0;
#if CXRLT_VECTORS
  using Words = Vector<Word>;
  constexpr std::size_t lanes = sizeof(Words) / sizeof(Word);
  for (std::size_t j = 0; j < 64; j += lanes) {
    Words before;
    Words now;
    load(first + j - 1, before);
    load(first + j, now);
    strays |= lanes_that_hold<Word>(reinterpret_cast<Words>((before | 1) > (now | 1))) << j;
  }
#else
  for (std::size_t j = 0; j < 64; ++j) strays |= std::uint64_t{is_stray(first + j)} << j;
#endif
  return strays;
}

/// Moves the word at `place` down to where it belongs; returns by how many places.
template <class Word>
std::size_t insert_stray(Word* words, std::size_t place) {
  const Word word = words[place];
  const std::size_t from = place;
  for (; place > 0 && (words[place - 1] | 1) > (word | 1); --place) words[place] = words[place - 1];
  words[place] = word;
  return from - place;
}

/// Finishes what is nearly sorted by moving words to their places; false, with the words in any
/// order, where that takes too many moves.
template <class Word>
bool insert_strays(Word* words, std::size_t n) {
  return run_dispatched([=]() CXRLT_ALWAYS_INLINE {
    std::size_t moves_left = 4 * n + 64;
    std::size_t sorted = 1;  // the words before are in order
    while (sorted < n) {
      if (n - sorted >= 64) {
        const std::uint64_t strays = find_strays(words + sorted);
        sorted += strays == 0 ? 64 : static_cast<std::size_t>(std::countr_zero(strays));
        if (strays == 0) continue;
      }
      const std::size_t moves = insert_stray(words, sorted);
      if (moves > moves_left) return false;
      moves_left -= moves;
      ++sorted;
    }
    return true;
  });
}

inline constexpr int kMostDigitBits = 12;

/// Sorts by every digit, however the words lie.
template <class Word>
Word* sort_by_all_digits(Word* words, std::size_t n, int n_bits, Word* other,
                         std::uint32_t* counts) {
  constexpr int digit_bits = 11;
  constexpr Word digit_mask = (Word{1} << digit_bits) - 1;
  for (int shift = 1; shift <= n_bits; shift += digit_bits) {
    std::fill_n(counts, std::size_t{1} << digit_bits, 0U);
    for (std::size_t i = 0; i < n; ++i) ++counts[(words[i] >> shift) & digit_mask];
    to_begins(counts, std::size_t{1} << digit_bits);
    scatter(words, n, shift, digit_mask, counts, other);
    std::swap(words, other);
  }
  return words;
}

/// Sorts n < 2^32 words, whose distances have at most `n_bits` bits, by distance. Two passes over
/// the highest bits bring scores that do not cluster nearly into order, and insertion does the
/// rest; what clusters is sorted by all digits.
/// @param n_dense  how many words there would be if all of their range were filled as densely as
///                 the parts in which they lie: n, unless they were picked by their place
/// @param other   room for as many words
/// @param counts  room for 2 * 2^kMostDigitBits counters
/// @return where the sorted words lie: `words` or `other`
template <class Word>
Word* radix_sort(Word* words, std::size_t n, std::size_t n_dense, int n_bits, Word* other,
                 std::uint32_t* counts) {
  const int digit_bits =
      std::clamp((static_cast<int>(std::bit_width(n_dense)) + 6) / 2, 4, kMostDigitBits);
  const std::size_t n_digits = std::size_t{1} << digit_bits;
  const Word digit_mask = static_cast<Word>(n_digits - 1);
  const int shift = 1 + std::max(0, n_bits - 2 * digit_bits);
  std::uint32_t* const low = counts;
  std::uint32_t* const high = counts + n_digits;
  std::fill_n(counts, 2 * n_digits, 0U);
  for (std::size_t i = 0; i < n; ++i) {
    const Word digits = words[i] >> shift;
    ++low[digits & digit_mask];
    ++high[(digits >> digit_bits) & digit_mask];
  }
  to_begins(low, n_digits);
  to_begins(high, n_digits);
  scatter(words, n, shift, digit_mask, low, other);
  scatter(other, n, shift + digit_bits, digit_mask, high, words);
  if (shift == 1 || insert_strays(words, n)) return words;
  return sort_by_all_digits(words, n, n_bits, other, counts);
}

}  // namespace cxrlt::detail
