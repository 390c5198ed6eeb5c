// SPDX-License-Identifier: Apache-2.0
/// Whole numbers as file formats store them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cxrlt::detail {

/// An unsigned integer of the first `n` bytes (at most 8), the least significant first.
inline std::uint64_t little_endian(std::string_view bytes, std::size_t n) {
  std::uint64_t value = 0;
  for (std::size_t i = n; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace cxrlt::detail
