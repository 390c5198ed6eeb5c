// SPDX-License-Identifier: Apache-2.0
/// Is it text? UTF-8 by the table of well-formed sequences of the Unicode standard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace cxrlt {

namespace detail {

/// Bytes of the well-formed sequence that starts at `at`, or 0.
inline std::size_t utf8_sequence(std::string_view text, std::size_t at) {
  const auto byte = [&text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned>(static_cast<unsigned char>(text[i])) : 0U;
  };
  const auto continues = [&byte](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(at);
  const unsigned second = byte(at + 1);
  if (lead >= 0xC2 && lead <= 0xDF) return continues(at + 1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second >= 0xA0;
    return !overlong && !surrogate && continues(at + 1) && continues(at + 2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && second < 0x90;
    const bool beyond = lead == 0xF4 && second >= 0x90;
    const bool complete = continues(at + 1) && continues(at + 2) && continues(at + 3);
    return !overlong && !beyond && complete ? 4 : 0;
  }
  return 0;
}

}  // namespace detail

/// The position of the first byte that is not text: NUL, or no part of a well-formed UTF-8
/// sequence (Unicode 15, table 3-7); `npos` where all is text. O(n), eight bytes at a time.
inline std::size_t find_not_text(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101ULL;
  constexpr std::uint64_t highs = 0x8080'8080'8080'8080ULL;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text.size() - i >= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + i, sizeof word);
      const bool has_zero = ((word - ones) & ~word & highs) != 0;
      if ((word & highs) == 0 && !has_zero) {
        i += sizeof word;
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0) return i;
    const std::size_t size = byte < 0x80 ? 1 : detail::utf8_sequence(text, i);
    if (size == 0) return i;
    i += size;
  }
  return std::string_view::npos;
}

}  // namespace cxrlt
