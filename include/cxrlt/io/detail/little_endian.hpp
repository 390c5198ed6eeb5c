// SPDX-License-Identifier: Apache-2.0
/// Whole numbers as file formats store them.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cxrlt::detail {

/// An unsigned integer of the first `n` bytes (at most 8), the least significant first.
inline std::uint64_t little_endian(std::string_view bytes, std::size_t n) {
  std::uint64_t value = 0;
  for (std::size_t i = n; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// Appends the bytes of a number, the least significant first.
template <class T>
void append_little_endian(std::string& text, T value) {
  std::array<char, sizeof(T)> bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
  if constexpr (std::endian::native == std::endian::big) std::reverse(bytes.begin(), bytes.end());
  text.append(bytes.data(), bytes.size());
}

}  // namespace cxrlt::detail
