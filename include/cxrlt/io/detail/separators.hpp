// SPDX-License-Identifier: Apache-2.0
/// Where commas and line ends stand, 64 bytes at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif

#include "cxrlt/io/detail/words.hpp"

namespace cxrlt::detail {

/// A bit for each of the n bytes at `at` that is `byte`, the first byte's the lowest; n <= 64.
inline std::uint64_t find_byte_one_by_one(const char* at, char byte, std::size_t n) {
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < n; ++i) found |= std::uint64_t{at[i] == byte ? 1U : 0U} << i;
  return found;
}

/// As `find_byte_one_by_one`, of 64 bytes; where there are no wider instructions.
inline std::uint64_t find_byte_by_word(const char* at, char byte) {
  if (std::endian::native != std::endian::little) return find_byte_one_by_one(at, byte, 64);
  std::uint64_t found = 0;
  for (int k = 0; k < 8; ++k) {
    // The product moves the lowest bits of all bytes into the highest byte.
    const std::uint64_t marks = mark_bytes(load_word(at + 8 * k), byte) >> 7;
    found |= (marks * 0x0102'0408'1020'4080ULL >> 56) << (8 * k);
  }
  return found;
}

/// As `find_byte_one_by_one`, of 64 bytes.
inline std::uint64_t find_byte(const char* at, char byte) {
#if defined(__SSE2__) || defined(_M_X64)
  const __m128i wanted = _mm_set1_epi8(byte);
  std::uint64_t found = 0;
  for (int k = 0; k < 4; ++k) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * k));
    const int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));
    found |= std::uint64_t{static_cast<std::uint32_t>(mask)} << (16 * k);
  }
  return found;
#else
  return find_byte_by_word(at, byte);
#endif
}

/// As `find_byte_one_by_one`; n <= 64.
inline std::uint64_t find_byte(const char* at, char byte, std::size_t n) {
  return n == 64 ? find_byte(at, byte) : find_byte_one_by_one(at, byte, n);
}

/// Walks the separators of a text from left to right; its end counts as one, too.
class Separators {
 public:
  Separators(const char* at, const char* end) : base_(at), end_(end) { load(); }

  /// The next separator.
  const char* next() {
    while (found_ == 0) {
      base_ += std::min<std::ptrdiff_t>(end_ - base_, 64);
      load();
    }
    return base_ + std::countr_zero(found_);
  }
  /// Goes behind it. At the end of the text it stays.
  void pass() { found_ &= found_ - 1; }

 private:
  void load() {
    const auto left = static_cast<std::size_t>(end_ - base_);
    const std::size_t n = std::min<std::size_t>(left, 64);
    found_ = find_byte(base_, ',', n) | find_byte(base_, '\n', n);
    if (left < 64) found_ |= std::uint64_t{1} << left;
  }

  const char* base_;
  const char* end_;
  std::uint64_t found_ = 0;
};

}  // namespace cxrlt::detail
