// SPDX-License-Identifier: Apache-2.0
/// Numbers in names and rules, read and written the same whatever the program's locale is.
#pragma once

#include <cstdio>
#include <locale>
#include <optional>
#include <sstream>
#include <string>

#include "cxrlt/core/ordered_key.hpp"

namespace cxrlt {

/// The number in the shortest form of at most `digits` significant digits: 0.1, 1000, 1e-07.
inline std::string number_text(double value, int digits = 15) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.precision(digits);
  text << value;
  return text.str();
}

/// The finite decimal number that the whole text is, or nothing. Some standard libraries would
/// also read hexadecimal numbers, `inf` and `nan`.
inline std::optional<double> number_of(const std::string& text) {
  if (text.find_first_not_of("+-.0123456789eE") != std::string::npos) return std::nullopt;
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());
  double value = 0;
  const bool whole = static_cast<bool>(stream >> std::noskipws >> value) && stream.peek() == EOF;
  return whole && is_finite(value) ? std::optional<double>(value) : std::nullopt;
}

}  // namespace cxrlt
