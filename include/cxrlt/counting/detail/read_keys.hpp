// SPDX-License-Identifier: Apache-2.0
/// Scores as keys, class after class, from any layout.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"

namespace cxrlt::detail {

/// The key of a score's bits without a branch, so that loops over it become vector code.
template <class Score, class Key = typename OrderedKey<Score>::type>
CXRLT_ALWAYS_INLINE inline Key key_of_bits(Key bits) {
  constexpr Key sign = OrderedKey<Score>::sign;
  const Key is_negative = Key{0} - (bits >> (sizeof(Key) * 8 - 1));
  const Key is_negative_zero = bits == sign ? 1 : 0;
  return (bits ^ (is_negative | sign)) + is_negative_zero;
}

template <class Score>
CXRLT_ALWAYS_INLINE inline typename OrderedKey<Score>::type bits_at(const Score* score) {
  typename OrderedKey<Score>::type bits;
  std::memcpy(&bits, score, sizeof bits);
  return bits;
}

/// The side of a square of scores that is turned at once: 32 bytes.
template <class Score>
inline constexpr std::size_t tile_side = 32 / sizeof(Score);

#if CXRLT_VECTORS

/// The keys of a vector of scores' bits.
template <class Score, class Bits>
CXRLT_ALWAYS_INLINE inline void turn_into_keys(Bits& bits) {
  using Key = typename OrderedKey<Score>::type;
  constexpr Key sign = OrderedKey<Score>::sign;
  const Bits is_negative = Key{0} - (bits >> (sizeof(Key) * 8 - 1));
  // A comparison of vectors gives -1 where it is true.
  bits = (bits ^ (is_negative | sign)) - reinterpret_cast<Bits>(bits == sign);
}

/// Interleaves the lower and the upper halves of two vectors.
template <class V>
CXRLT_ALWAYS_INLINE inline void interleave(const V& a, const V& b, V& lower, V& upper) {
  if constexpr (sizeof(V) / sizeof(a[0]) == 8) {
    lower = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    upper = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  } else {
    lower = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    upper = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  }
}

/// Transposes a square: interleaving its two halves row by row, as often as its side can be halved.
template <class V, std::size_t side>
CXRLT_ALWAYS_INLINE inline void transpose(V (&rows)[side]) {
  if constexpr (side == 8) {
    V a[8];
    V b[8];
    interleave(rows[0], rows[4], a[0], a[1]);
    interleave(rows[1], rows[5], a[2], a[3]);
    interleave(rows[2], rows[6], a[4], a[5]);
    interleave(rows[3], rows[7], a[6], a[7]);
    interleave(a[0], a[4], b[0], b[1]);
    interleave(a[1], a[5], b[2], b[3]);
    interleave(a[2], a[6], b[4], b[5]);
    interleave(a[3], a[7], b[6], b[7]);
    interleave(b[0], b[4], rows[0], rows[1]);
    interleave(b[1], b[5], rows[2], rows[3]);
    interleave(b[2], b[6], rows[4], rows[5]);
    interleave(b[3], b[7], rows[6], rows[7]);
  } else {
    static_assert(side == 4);
    V a[4];
    interleave(rows[0], rows[2], a[0], a[1]);
    interleave(rows[1], rows[3], a[2], a[3]);
    interleave(a[0], a[2], rows[0], rows[1]);
    interleave(a[1], a[3], rows[2], rows[3]);
  }
}

#endif

/// Turns the rows of a square tile into columns of keys.
template <class Score, class Key>
CXRLT_ALWAYS_INLINE inline void read_tile(const Score* from, std::ptrdiff_t row_stride, Key* to,
                                          std::size_t key_stride) {
  constexpr std::size_t side = tile_side<Score>;
#if CXRLT_VECTORS
  using Row = Vector<Key, side * sizeof(Key)>;
  Row rows[side];
  CXRLT_UNROLL(8)
  for (std::size_t i = 0; i < side; ++i) {
    load(from + static_cast<std::ptrdiff_t>(i) * row_stride, rows[i]);
    turn_into_keys<Score>(rows[i]);
  }
  transpose(rows);
  CXRLT_UNROLL(8)
  for (std::size_t j = 0; j < side; ++j) store(rows[j], to + j * key_stride);
#else
  for (std::size_t i = 0; i < side; ++i) {
    for (std::size_t j = 0; j < side; ++j) {
      to[j * key_stride + i] = key_of_bits<Score>(bits_at(
          from + static_cast<std::ptrdiff_t>(i) * row_stride + static_cast<std::ptrdiff_t>(j)));
    }
  }
#endif
}

/// Writes the keys of scores that lie side by side.
template <class Score, class Key>
CXRLT_ALWAYS_INLINE inline void read_contiguous(const Score* from, std::size_t n, Key* to) {
  std::size_t i = 0;
#if CXRLT_VECTORS
  using Keys = Vector<Key>;
  constexpr std::size_t lanes = sizeof(Keys) / sizeof(Key);
  for (; i + lanes <= n; i += lanes) {
    Keys keys;
    load(from + i, keys);
    turn_into_keys<Score>(keys);
    store(keys, to + i);
  }
#endif
  for (; i < n; ++i) to[i] = key_of_bits<Score>(bits_at(from + i));
}

/// Writes the keys of the classes `first_class` ... of rows [begin, end): those of a class lie side
/// by side, `key_stride` apart from those of the next.
template <class Score, class Key = typename OrderedKey<Score>::type>
void read_keys(MatrixView<const Score> scores, std::size_t first_class, std::size_t n_classes,
               std::size_t begin, std::size_t end, Key* keys, std::size_t key_stride) {
  run_dispatched([=]() CXRLT_ALWAYS_INLINE {
    const std::ptrdiff_t row_stride = scores.sample_stride();
    const auto read_one = [&](std::size_t slot, std::size_t from, std::size_t to) {
      const Score* const column = &scores(0, first_class + slot);
      Key* const to_keys = keys + slot * key_stride;
      if (row_stride == 1) {
        read_contiguous(column + from, to - from, to_keys + from);
      } else {
        for (std::size_t i = from; i < to; ++i) {
          to_keys[i] =
              key_of_bits<Score>(bits_at(column + static_cast<std::ptrdiff_t>(i) * row_stride));
        }
      }
    };
    // Rows that fit the nearest cache: all their classes are taken from it.
    constexpr std::size_t block = 64;
    constexpr std::size_t side = tile_side<Score>;
    const bool tiles = scores.class_stride() == 1 && row_stride != 1 && n_classes >= side;
    const std::size_t step = tiles ? block : end - begin;
    for (std::size_t row = begin; row < end; row += step) {
      const std::size_t stop = end - row < step ? end : row + step;
      const std::size_t whole = tiles ? row + (stop - row) / side * side : row;
      for (std::size_t slot = 0; tiles && slot < n_classes; slot += side) {
        // The last tile begins earlier, so that it does not end beyond the last class.
        const std::size_t first = slot + side <= n_classes ? slot : n_classes - side;
        for (std::size_t i = row; i < whole; i += side) {
          read_tile(&scores(i, first_class + first), row_stride, keys + first * key_stride + i,
                    key_stride);
        }
      }
      for (std::size_t slot = 0; slot < n_classes; ++slot) read_one(slot, whole, stop);
    }
  });
}

}  // namespace cxrlt::detail
