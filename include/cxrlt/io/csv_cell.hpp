// SPDX-License-Identifier: Apache-2.0
/// Writing one cell of a CSV.
#pragma once

#include <string>
#include <string_view>

namespace cxrlt {

/// A cell of a CSV, quoted where RFC 4180 asks for it.
inline std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + '"';
}

}  // namespace cxrlt
