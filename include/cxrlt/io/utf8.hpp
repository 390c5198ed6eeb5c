// SPDX-License-Identifier: Apache-2.0
/// Is it text? UTF-8 by the table of well-formed sequences of the Unicode standard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cxrlt/io/detail/words.hpp"

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

/// How many bytes at the start are ASCII but NUL for sure: whole blocks of 64, then of 8. O(n).
inline std::size_t plain_bytes(std::string_view text) {
  std::size_t i = 0;
  const auto are_plain = [&](std::size_t n_words) {
    std::uint64_t marks = 0;
    for (std::size_t k = 0; k < n_words; ++k) {
      const std::uint64_t word = load_word(text.data() + i + k * sizeof word);
      // Of ASCII bytes, only a zero borrows and so sets a high bit.
      marks |= word | (word - eight_times(1));
    }
    return (marks & eight_times(0x80)) == 0;
  };
  while (text.size() - i >= 64 && are_plain(8)) i += 64;
  while (text.size() - i >= 8 && are_plain(1)) i += 8;
  return i;
}

}  // namespace detail

/// The position of the first byte that is not text: NUL, or no part of a well-formed UTF-8
/// sequence (Unicode 15, table 3-7); `npos` where all is text. O(n), 64 bytes at a time.
inline std::size_t find_not_text(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    i += detail::plain_bytes(text.substr(i));
    if (i == text.size()) break;
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0) return i;
    const std::size_t size = byte < 0x80 ? 1 : detail::utf8_sequence(text, i);
    if (size == 0) return i;
    i += size;
  }
  return std::string_view::npos;
}

}  // namespace cxrlt
