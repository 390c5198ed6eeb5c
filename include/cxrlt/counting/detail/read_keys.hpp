// SPDX-License-Identifier: Apache-2.0
/// Scores as keys, class after class, from any layout.
#pragma once

#include <array>
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

inline constexpr std::size_t kTile = 4;

/// A tile of 4 x 4 scores, whose rows are turned into columns of keys.
template <class Score, class Key>
CXRLT_ALWAYS_INLINE inline void read_tile(const Score* from, std::ptrdiff_t row_stride, Key* to,
                                          std::size_t key_stride) {
#if CXRLT_VECTORS
  using Row = Vector<Key, kTile * sizeof(Key)>;
  const auto read_row = [&](std::ptrdiff_t i, Row& keys) CXRLT_ALWAYS_INLINE {
    constexpr Key sign = OrderedKey<Score>::sign;
    Row bits;
    load(from + i * row_stride, bits);
    const Row is_negative = Key{0} - (bits >> (sizeof(Key) * 8 - 1));
    // A comparison of vectors gives -1 where it is true.
    keys = (bits ^ (is_negative | sign)) - reinterpret_cast<Row>(bits == sign);
  };
  Row r0, r1, r2, r3;
  read_row(0, r0);
  read_row(1, r1);
  read_row(2, r2);
  read_row(3, r3);
  const Row a = __builtin_shufflevector(r0, r1, 0, 4, 1, 5);
  const Row b = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
  const Row c = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
  const Row d = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
  store<Row>(__builtin_shufflevector(a, c, 0, 1, 4, 5), to);
  store<Row>(__builtin_shufflevector(a, c, 2, 3, 6, 7), to + key_stride);
  store<Row>(__builtin_shufflevector(b, d, 0, 1, 4, 5), to + 2 * key_stride);
  store<Row>(__builtin_shufflevector(b, d, 2, 3, 6, 7), to + 3 * key_stride);
#else
  for (std::size_t i = 0; i < kTile; ++i) {
    for (std::size_t j = 0; j < kTile; ++j) {
      to[j * key_stride + i] = key_of_bits<Score>(bits_at(
          from + static_cast<std::ptrdiff_t>(i) * row_stride + static_cast<std::ptrdiff_t>(j)));
    }
  }
#endif
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
        for (std::size_t i = from; i < to; ++i)
          to_keys[i] = key_of_bits<Score>(bits_at(column + i));
      } else {
        for (std::size_t i = from; i < to; ++i) {
          to_keys[i] =
              key_of_bits<Score>(bits_at(column + static_cast<std::ptrdiff_t>(i) * row_stride));
        }
      }
    };
    // Rows that fit the nearest cache: all their classes are taken from it.
    constexpr std::size_t block = 64;
    const bool tiles = scores.class_stride() == 1 && row_stride != 1;
    const std::size_t in_tiles = tiles ? n_classes / kTile * kTile : 0;
    const std::size_t step = tiles ? block : end - begin;
    for (std::size_t row = begin; row < end; row += step) {
      const std::size_t stop = end - row < step ? end : row + step;
      const std::size_t whole = row + (stop - row) / kTile * kTile;
      for (std::size_t slot = 0; slot < in_tiles; slot += kTile) {
        for (std::size_t i = row; i < whole; i += kTile) {
          read_tile(&scores(i, first_class + slot), row_stride, keys + slot * key_stride + i,
                    key_stride);
        }
        for (std::size_t k = 0; k < kTile; ++k) read_one(slot + k, whole, stop);
      }
      for (std::size_t slot = in_tiles; slot < n_classes; ++slot) read_one(slot, row, stop);
    }
  });
}

}  // namespace cxrlt::detail
