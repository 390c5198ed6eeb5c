// SPDX-License-Identifier: Apache-2.0
/// Plain decimal numbers, such as 0.0271 or 2.71e-05, exactly and eight digits at a time.
#pragma once

#include <array>
#include <bit>
#include <cfloat>
#include <cstddef>
#include <cstdint>

#include "cxrlt/io/detail/words.hpp"

namespace cxrlt::detail {

/// The powers of ten that a double holds exactly.
inline constexpr std::array<double, 23> exact_powers_of_ten{
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// The eight bytes at `at` less '0' each; the first byte is the lowest.
inline std::uint64_t load_digits(const char* at) {
  return load_word(at) ^ eight_times('0');
}

inline bool are_digits(std::uint64_t word) {
  // A byte above 9 reaches the high bit, by itself or by the sum.
  return (((word + eight_times(0x76)) | word) & eight_times(0x80)) == 0;
}

/// The number that eight digits make.
inline std::uint64_t join_digits(std::uint64_t word) {
  constexpr std::uint64_t pairs = 0x0000'00FF'0000'00FFULL;
  constexpr std::uint64_t first = 100 + (1'000'000ULL << 32);
  constexpr std::uint64_t second = 1 + (10'000ULL << 32);
  word = word * 10 + (word >> 8);
  return ((word & pairs) * first + ((word >> 16) & pairs) * second) >> 32;
}

/// For n digits at the end of a text: which of its last eight bytes, and of the eight before, they
/// are. By a table, as lengths change from number to number and a branch would be guessed wrong.
struct DigitMasks {
  std::uint64_t low;
  std::uint64_t high;
};

inline constexpr std::array<DigitMasks, 17> digit_masks = [] {
  const auto last_bytes = [](std::size_t n) { return n == 0 ? 0 : ~0ULL << (64 - 8 * n); };
  std::array<DigitMasks, 17> masks{};
  for (std::size_t n = 0; n < masks.size(); ++n) {
    masks[n] = {last_bytes(n < 8 ? n : 8), last_bytes(n < 8 ? 0 : n - 8)};
  }
  return masks;
}();

inline constexpr std::array<std::uint64_t, 17> whole_powers_of_ten = [] {
  std::array<std::uint64_t, 17> powers{1};
  for (std::size_t k = 1; k < powers.size(); ++k) powers[k] = powers[k - 1] * 10;
  return powers;
}();

/// Reads the cell from `at` to `end` if it is a plain number: a digit, a point, at most 16 digits,
/// maybe an exponent of two digits, all of them below 2^53 together; with a minus or without. False
/// where it is another, or none: then `parse_number` decides. What is read is the nearest double:
/// both the digits and the power of ten are exact, and IEEE arithmetic rounds once (Clinger 1990).
/// 24 bytes in front of `end` must be readable.
inline bool read_plain_number(const char* at, const char* end, double& value) {
  if (std::endian::native != std::endian::little || FLT_EVAL_METHOD != 0) return false;
  if (end[-1] == '\r') --end;
  const bool negative = *at == '-';
  at += negative ? 1 : 0;
  std::ptrdiff_t exponent = 0;
  if (end[-4] == 'e') {
    const auto tens = static_cast<unsigned char>(end[-2] - '0');
    const auto ones = static_cast<unsigned char>(end[-1] - '0');
    if (tens > 9 || ones > 9 || (end[-3] != '-' && end[-3] != '+')) return false;
    exponent = end[-3] == '-' ? -(tens * 10 + ones) : tens * 10 + ones;
    end -= 4;
  }
  if (end - at < 3 || end - at > 18 || at[1] != '.') return false;
  const auto n = static_cast<std::size_t>(end - at) - 2;  // digits behind the point
  const DigitMasks masks = digit_masks[n];
  const std::uint64_t low = load_digits(end - 8) & masks.low;
  const std::uint64_t high = load_digits(end - 16) & masks.high;
  const auto whole = static_cast<unsigned char>(*at - '0');
  if (whole > 9 || !are_digits(low) || !are_digits(high)) return false;
  const std::uint64_t number = whole * whole_powers_of_ten[n] +
                               join_digits(high) * whole_powers_of_ten[8] + join_digits(low);
  exponent -= static_cast<std::ptrdiff_t>(n);
  if (number > (1ULL << 53) || exponent < -22 || exponent > 22) return false;
  const auto digits = static_cast<double>(number);
  const double magnitude = exponent < 0
                               ? digits / exact_powers_of_ten[static_cast<std::size_t>(-exponent)]
                               : digits * exact_powers_of_ten[static_cast<std::size_t>(exponent)];
  value = negative ? -magnitude : magnitude;
  return true;
}

}  // namespace cxrlt::detail
