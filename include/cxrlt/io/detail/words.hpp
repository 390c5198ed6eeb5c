// SPDX-License-Identifier: Apache-2.0
/// Eight bytes of text at a time, as one number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cxrlt::detail {

constexpr std::uint64_t eight_times(std::uint64_t byte) {
  return 0x0101'0101'0101'0101ULL * byte;
}

/// The eight bytes at `at`.
inline std::uint64_t load_word(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// A one in the highest bit of every byte that is `byte`, and zeros.
constexpr std::uint64_t mark_bytes(std::uint64_t word, char byte) {
  word ^= eight_times(static_cast<unsigned char>(byte));
  return ~(((word & eight_times(0x7F)) + eight_times(0x7F)) | word) & eight_times(0x80);
}

/// The number of ones. Where the processor may lack an instruction for it, `std::popcount` is a
/// call into a library, which takes longer than this.
constexpr std::size_t count_ones(std::uint64_t word) {
  word -= (word >> 1) & eight_times(0x55);
  word = (word & eight_times(0x33)) + ((word >> 2) & eight_times(0x33));
  word = (word + (word >> 4)) & eight_times(0x0F);
  return static_cast<std::size_t>((word * eight_times(1)) >> 56);
}

}  // namespace cxrlt::detail
