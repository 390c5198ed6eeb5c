// SPDX-License-Identifier: Apache-2.0
/// One cell as a number: decimal, to the nearest double, independent of the locale.
#pragma once

#include <fast_float/fast_float.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <system_error>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/text.hpp"

namespace cxrlt {

/// What a cell holds.
enum class NumberKind : std::uint8_t {
  number,        ///< a finite number
  empty,         ///< nothing
  not_a_number,  ///< text, or a form that is not read (hexadecimal, decimal comma)
  nan,           ///< "nan" in any case, with or without a sign
  infinite,      ///< "inf" or "infinity" in any case, with or without a sign
  overflow,      ///< a number beyond the range of double
};

/// A cell's value (NaN where there is none) and what the cell holds.
struct ParsedNumber {
  double value = std::numeric_limits<double>::quiet_NaN();
  NumberKind kind = NumberKind::empty;
};

namespace detail {

/// Compares with a word in lower case.
constexpr bool equals_word(std::string_view text, std::string_view lower_case_word) {
  if (text.size() != lower_case_word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (ascii_lower(text[i]) != lower_case_word[i]) return false;
  }
  return true;
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace detail

/// The number in `cell`, which is trimmed already: digits with an optional sign, decimal point and
/// exponent. Rounds to the nearest double, so that underflow gives 0 or a subnormal number;
/// hexadecimal is not a number. Never throws.
inline ParsedNumber parse_number(std::string_view cell) {
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (cell.empty()) return {nothing, NumberKind::empty};
  const bool negative = cell.front() == '-';
  const std::string_view digits = negative || cell.front() == '+' ? cell.substr(1) : cell;
  if (digits.empty()) return {nothing, NumberKind::not_a_number};
  if (!detail::is_digit(digits.front()) && digits.front() != '.') {
    if (detail::equals_word(digits, "nan")) return {nothing, NumberKind::nan};
    if (detail::equals_word(digits, "inf") || detail::equals_word(digits, "infinity")) {
      return {negative ? -infinity : infinity, NumberKind::infinite};
    }
    return {nothing, NumberKind::not_a_number};
  }
  double value = 0;
  const char* const end = digits.data() + digits.size();
  const auto result = fast_float::from_chars(digits.data(), end, value);
  // Newer versions call under- and overflow out of range, older ones neither: the value decides.
  const bool read = result.ec == std::errc() || result.ec == std::errc::result_out_of_range;
  if (!read || result.ptr != end) return {nothing, NumberKind::not_a_number};
  if (!is_finite(value)) return {nothing, NumberKind::overflow};
  return {negative ? -value : value, NumberKind::number};
}

/// True for a number written with a decimal comma, such as `0,5` or `-1,25e-3`.
inline bool has_decimal_comma(std::string_view cell) {
  const std::size_t comma = cell.find(',');
  if (comma == std::string_view::npos || comma == 0 || comma + 1 == cell.size()) return false;
  const std::string_view whole = cell.substr(0, comma);
  const std::string_view fraction = cell.substr(comma + 1);
  return detail::is_digit(fraction.front()) && detail::is_digit(whole.back()) &&
         whole.find_first_of(".eE") == std::string_view::npos &&
         fraction.find('.') == std::string_view::npos &&
         parse_number(whole).kind == NumberKind::number &&
         parse_number(fraction).kind == NumberKind::number;
}

}  // namespace cxrlt
