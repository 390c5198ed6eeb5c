// SPDX-License-Identifier: Apache-2.0
/// Text from files, made fit for a message: quoted, without control characters, cut when long.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cxrlt/core/text.hpp"

namespace cxrlt {

/// `text` in single quotes; control characters become '?', and what is longer than `max_bytes` is
/// cut at a character of UTF-8 and ends in "...".
inline std::string in_quotes(std::string_view text, std::size_t max_bytes = 60) {
  std::size_t size = text.size();
  if (size > max_bytes) {
    size = max_bytes;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  }
  std::string out = "'" + printable(text.substr(0, size));
  if (size < text.size()) out += "...";
  return out + "'";
}

}  // namespace cxrlt
