// SPDX-License-Identifier: Apache-2.0
/// Labels as bits: a byte per cell becomes two bits, one that says positive and one that says
/// labelled.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/counting/detail/class_words.hpp"

namespace cxrlt::detail {

/// The bits of the labels of some classes: for each class `stride` words, row i at bit i % 64 of
/// word i / 64.
struct LabelBits {
  std::uint64_t* positive = nullptr;
  std::uint64_t* missing = nullptr;
  std::atomic<std::uint8_t>* unusual =
      nullptr;  ///< per class: it has a missing label, or one that is none
  std::size_t stride = 0;
};

/// Reads the bits of up to 64 rows of one class, label by label.
inline void read_bits_of_class(LabelMatrixView labels, std::size_t c, std::size_t first_row,
                               std::size_t n_rows, const LabelBits& bits, std::size_t slot) {
  std::uint64_t positive = 0;
  std::uint64_t missing = 0;
  for (std::size_t i = 0; i < n_rows; ++i) {
    const Label label = labels(first_row + i, c);
    positive |= std::uint64_t{label == 1} << i;
    missing |= std::uint64_t{label == kMissing} << i;
    if (label != 0 && label != 1) bits.unusual[slot].store(1, std::memory_order_relaxed);
  }
  bits.positive[slot * bits.stride + first_row / kBitsPerWord] = positive;
  bits.missing[slot * bits.stride + first_row / kBitsPerWord] = missing;
}

inline constexpr std::size_t kBytesPerWord = 8;

/// Eight words of eight bytes, transposed: byte j of word i goes to byte i of word j.
CXRLT_ALWAYS_INLINE inline void transpose_bytes(const std::uint64_t (&from)[kBytesPerWord],
                                                std::uint64_t (&to)[kBytesPerWord]) {
  CXRLT_UNROLL(8)
  for (std::size_t j = 0; j < kBytesPerWord; ++j) {
    std::uint64_t word = 0;
    CXRLT_UNROLL(8)
    for (std::size_t i = 0; i < kBytesPerWord; ++i) {
      word |= (from[i] >> (8 * j) & 0xFF) << (8 * i);
    }
    to[j] = word;
  }
}

/// Reads 64 rows of eight classes that lie side by side. Eight labels are one word, and words
/// shifted by their row make the bits of eight rows, if every byte is 0 or 1; false if not.
CXRLT_ALWAYS_INLINE inline bool read_bits_of_tile(const unsigned char* bytes,
                                                  std::ptrdiff_t row_stride, std::size_t stride,
                                                  std::uint64_t* positive) {
  std::uint64_t seen = 0;
  std::uint64_t by_row[kBytesPerWord];
  for (std::size_t g = 0; g < kBytesPerWord; ++g) {
    std::uint64_t eight_rows = 0;
    CXRLT_UNROLL(8)
    for (std::size_t i = 0; i < 8; ++i) {
      std::uint64_t row;
      std::memcpy(&row, bytes + static_cast<std::ptrdiff_t>(8 * g + i) * row_stride, sizeof row);
      seen |= row;
      eight_rows |= row << i;
    }
    by_row[g] = eight_rows;
  }
  if ((seen & 0xFEFE'FEFE'FEFE'FEFEULL) != 0) return false;
  std::uint64_t by_class[kBytesPerWord];
  transpose_bytes(by_row, by_class);
  for (std::size_t j = 0; j < kBytesPerWord; ++j) positive[j * stride] = by_class[j];
  return true;
}

/// Reads 64 contiguous labels of one class; false if one is neither 0 nor 1.
CXRLT_ALWAYS_INLINE inline bool read_bits_of_column(const unsigned char* bytes,
                                                    std::uint64_t& positive) {
  std::uint64_t seen = 0;
  std::uint64_t bits = 0;
  for (std::size_t g = 0; g < kBytesPerWord; ++g) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes + 8 * g, sizeof eight);
    seen |= eight;
    // The product gathers the lowest bits of eight bytes in its highest byte.
    bits |= (eight * 0x0102'0408'1020'4080ULL) >> 56 << (8 * g);
  }
  positive = bits;
  return (seen & 0xFEFE'FEFE'FEFE'FEFEULL) == 0;
}

/// Reads the labels of the classes `first_class` ... of rows [begin, end); `begin` is a multiple of
/// 64. The bits beyond the last row are 0.
inline void read_label_bits(LabelMatrixView labels, std::size_t first_class, std::size_t n_classes,
                            std::size_t begin, std::size_t end, const LabelBits& bits) {
  const MatrixView<const unsigned char> bytes = labels.bytes();
  const std::size_t n_all = bytes.n_classes();
  const bool little = std::endian::native == std::endian::little;
  const bool side_by_side = little && bytes.class_stride() == 1 && n_all >= kBytesPerWord;
  const bool contiguous = little && bytes.sample_stride() == 1;
  run_dispatched([&]() CXRLT_ALWAYS_INLINE {
    for (std::size_t row = begin; row < end; row += kBitsPerWord) {
      const std::size_t n_rows = std::min(kBitsPerWord, end - row);
      const bool whole = n_rows == kBitsPerWord;
      const std::size_t word = row / kBitsPerWord;
      for (std::size_t slot = 0; slot < n_classes;) {
        const std::size_t c = first_class + slot;
        const std::size_t left = n_classes - slot;
        std::uint64_t* const positive = bits.positive + slot * bits.stride + word;
        std::size_t n_done = 1;
        bool done = false;
        if (whole && side_by_side && left >= kBytesPerWord) {
          n_done = kBytesPerWord;
          done = read_bits_of_tile(&bytes(row, c), bytes.sample_stride(), bits.stride, positive);
        } else if (whole && side_by_side && slot + left >= kBytesPerWord) {
          // The last tile begins earlier, so that it does not end beyond the last class.
          const std::size_t back = kBytesPerWord - left;
          n_done = left;
          done = read_bits_of_tile(&bytes(row, c - back), bytes.sample_stride(), bits.stride,
                                   positive - back * bits.stride);
        } else if (whole && contiguous) {
          done = read_bits_of_column(&bytes(row, c), *positive);
        }
        for (std::size_t k = 0; k < n_done; ++k) {
          if (done) {
            bits.missing[(slot + k) * bits.stride + word] = 0;
          } else {
            read_bits_of_class(labels, c + k, row, n_rows, bits, slot + k);
          }
        }
        slot += n_done;
      }
    }
  });
}

}  // namespace cxrlt::detail
