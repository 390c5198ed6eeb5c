// SPDX-License-Identifier: Apache-2.0
/// Eight bytes of text at a time, as one number.
#pragma once

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

}  // namespace cxrlt::detail
