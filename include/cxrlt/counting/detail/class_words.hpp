// SPDX-License-Identifier: Apache-2.0
/// A class as unsigned words that hold key and label together: the form in which it is counted.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"

namespace cxrlt::detail {

/// The lowest and the highest of some keys.
template <class Key>
struct KeyRange {
  Key low = std::numeric_limits<Key>::max();
  Key high = 0;

  void include(const KeyRange& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
};

/// The labelled rows of one class: a key each, and a bit each that says whether it is positive.
template <class Score>
struct ClassKeys {
  using Key = typename OrderedKey<Score>::type;
  Key* keys = nullptr;                      ///< may be written over by the counting
  const std::uint64_t* positive = nullptr;  ///< bit i % 64 of word i / 64; no bit beyond `size`
  std::size_t size = 0;
  std::size_t n_positive = 0;
  KeyRange<Key> range = {};
};

inline constexpr std::size_t kBitsPerWord = 64;

constexpr std::size_t bit_words(std::size_t n_bits) {
  return (n_bits + kBitsPerWord - 1) / kBitsPerWord;
}

inline bool has_bit(const std::uint64_t* bits, std::size_t i) {
  return (bits[i / kBitsPerWord] >> (i % kBitsPerWord) & 1) != 0;
}

inline std::size_t count_bits(const std::uint64_t* bits, std::size_t n_words) {
  return run_dispatched([=]() CXRLT_ALWAYS_INLINE {
    std::size_t count = 0;
    for (std::size_t w = 0; w < n_words; ++w) {
      count += static_cast<std::size_t>(std::popcount(bits[w]));
    }
    return count;
  });
}

/// Calls `visit(i)` for every bit that is set, from the lowest.
template <class Visit>
CXRLT_ALWAYS_INLINE inline void for_each_bit(const std::uint64_t* bits, std::size_t n_bits,
                                             const Visit& visit) {
  for (std::size_t w = 0; w < bit_words(n_bits); ++w) {
    for (std::uint64_t left = bits[w]; left != 0; left &= left - 1) {
      visit(w * kBitsPerWord + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }
}

template <class Key>
KeyRange<Key> key_range(const Key* keys, std::size_t n) {
  return run_dispatched([=]() CXRLT_ALWAYS_INLINE {
    constexpr std::size_t lanes = 16;
    std::array<Key, lanes> low;
    std::array<Key, lanes> high;
    low.fill(std::numeric_limits<Key>::max());
    high.fill(0);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
      for (std::size_t j = 0; j < lanes; ++j) low[j] = keys[i + j] < low[j] ? keys[i + j] : low[j];
      for (std::size_t j = 0; j < lanes; ++j) {
        high[j] = keys[i + j] > high[j] ? keys[i + j] : high[j];
      }
    }
    KeyRange<Key> range;
    for (std::size_t j = 0; j < lanes; ++j) range.include({low[j], high[j]});
    for (; i < n; ++i) range.include({keys[i], keys[i]});
    return range;
  });
}

/// How keys become distances from the highest, so that a distance and a label fit one word.
/// Between the negative and the positive scores lies a wide gap in which no key stands: distances
/// leave it out.
template <class Key>
struct Packing {
  Key high = 0;
  Key gap_below = 0;  ///< keys below this one lie beyond the gap ...
  Key gap = 0;        ///< ... which is so wide
  Key largest = 0;    ///< distance

  Key distance(Key key) const { return high - key - (key < gap_below ? gap : Key{0}); }
  Key key(Key distance) const {
    return high - distance - (distance > high - gap_below ? gap : Key{0});
  }
  /// Whether one bit of `Word` is left for the label, and one word for "none".
  template <class Word>
  bool fits() const {
    return largest < std::numeric_limits<Word>::max() / 2;
  }
};

/// The packing of n keys that lie within the range.
template <class Score, class Key = typename OrderedKey<Score>::type>
Packing<Key> packing_of(const Key* keys, std::size_t n, const KeyRange<Key>& range) {
  constexpr Key zero = OrderedKey<Score>::sign;
  if (range.low >= zero || range.high < zero) {
    return {range.high, range.low, 0, range.high - range.low};
  }
  const auto [highest_negative, lowest_other] = run_dispatched([=]() CXRLT_ALWAYS_INLINE {
    KeyRange<Key> edges{0, std::numeric_limits<Key>::max()};
    for (std::size_t i = 0; i < n; ++i) {
      const Key key = keys[i];
      edges.low = key < zero && key > edges.low ? key : edges.low;
      edges.high = key >= zero && key < edges.high ? key : edges.high;
    }
    return edges;
  });
  const Key gap = lowest_other - highest_negative - 1;
  return {range.high, lowest_other, gap, range.high - range.low - gap};
}

/// Writes the words of a class: twice the distance, plus 1 for a positive. Ascending words are
/// descending scores. The words may take the place of the keys.
template <class Score, class Word, class Key = typename OrderedKey<Score>::type>
void pack(const ClassKeys<Score>& keys, const Packing<Key>& packing, Word* words) {
  run_dispatched([from = keys.keys, n = keys.size, packing, words]() CXRLT_ALWAYS_INLINE {
    std::size_t i = 0;
#if CXRLT_VECTORS
    if constexpr (sizeof(Word) == sizeof(Key)) {
      using Words = Vector<Word>;
      constexpr std::size_t lanes = sizeof(Words) / sizeof(Word);
      for (; i + lanes <= n; i += lanes) {
        Words some;
        load(from + i, some);
        const Words beyond = reinterpret_cast<Words>(some < packing.gap_below);
        store<Words>((packing.high - some - (beyond & packing.gap)) << 1, words + i);
      }
    }
#endif
    for (; i < n; ++i) words[i] = static_cast<Word>(packing.distance(from[i])) << 1;
  });
  for_each_bit(keys.positive, keys.size, [words](std::size_t i) { words[i] |= 1; });
}

}  // namespace cxrlt::detail
