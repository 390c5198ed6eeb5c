// SPDX-License-Identifier: Apache-2.0
/// Probabilities as the shortest decimals that read back to the same double.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "cxrlt/io/detail/words.hpp"

namespace cxrlt::detail {

/// digits / 10^places; none where there are no places.
struct PlainDecimal {
  std::uint64_t digits = 0;
  std::size_t places = 0;
};

/// For doubles that are whole multiples of 2^-(53 + i): the fewest decimal places whose unit is no
/// larger than that, and five to their power.
struct DecimalScale {
  std::size_t places;
  std::uint64_t power_of_five;
};

inline constexpr std::array<DecimalScale, 33> decimal_scales = [] {
  std::array<DecimalScale, 33> scales{};
  std::size_t places = 0;
  std::uint64_t power = 1;
  for (std::size_t i = 0; i < scales.size(); ++i) {
    // 10^-places <= 2^-(53 + i), as 2^(53 + i - places) <= 5^places.
    for (; places + 64 <= 53 + i || power < 1ULL << (53 + i - places); ++places) power *= 5;
    scales[i] = {places, power};
  }
  return scales;
}();

inline PlainDecimal without_last_zeros(PlainDecimal decimal) {
  constexpr std::array<std::uint64_t, 4> powers{100'000'000, 10'000, 100, 10};
  std::size_t zeros = 8;
  for (const std::uint64_t power : powers) {
    if (decimal.digits % power == 0) decimal = {decimal.digits / power, decimal.places - zeros};
    zeros /= 2;
  }
  return decimal;
}

/// Of the decimals that are nearer to `value` than to any other double, those of the fewest places,
/// and of these the nearest. For values in [2^-33, 1); none for others, for powers of two, and
/// where two decimals are as near. Exact: in whole numbers, which for these exponents have at most
/// 115 bits, where others need a table of large powers (Steele and White 1990; Adams 2018).
inline PlainDecimal shortest_decimal(double value) {
#if defined(__SIZEOF_INT128__)
  __extension__ using Wide = unsigned __int128;
  constexpr std::uint64_t hidden_bit = 1ULL << 52;
  if (!(value >= 0x1p-33 && value < 1)) return {};
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t fraction = bits & (hidden_bit - 1);
  if (fraction == 0) return {};  // the double below is nearer than the one above
  const std::size_t exponent = 1075 - static_cast<std::size_t>(bits >> 52);
  const DecimalScale scale = decimal_scales[exponent - 53];
  // All in parts of the last place, of which that has `unit`: doubles are a step apart, and up to
  // `upper`, half a step above, decimals are nearest to this one.
  const std::size_t shift = exponent - scale.places + 1;
  const std::uint64_t unit = 1ULL << shift;
  const std::uint64_t step = 2 * scale.power_of_five;
  const Wide upper = Wide{scale.power_of_five} * (2 * (hidden_bit | fraction) + 1);
  // A step is longer than a unit and shorter than ten: one decimal at most has a place less. None
  // lies in the middle between two doubles, which takes 54 places or more.
  const auto below = static_cast<std::uint64_t>(upper >> shift);
  const std::uint64_t rest = static_cast<std::uint64_t>(upper) & (unit - 1);
  const std::uint64_t to_ten = below % 10 * unit + rest;
  const Wide rounded = upper - scale.power_of_five + unit / 2;
  if ((static_cast<std::uint64_t>(rounded) & (unit - 1)) == 0) return {};  // two are as near
  const bool is_shorter = to_ten < step;
  const auto nearest = static_cast<std::uint64_t>(rounded >> shift);
  const PlainDecimal decimal{is_shorter ? below / 10 : nearest,
                             scale.places - (is_shorter ? 1 : 0)};
  return decimal.digits % 10 == 0 ? without_last_zeros(decimal) : decimal;
#else
  static_cast<void>(value);
  return {};
#endif
}

/// The eight digits of a number below 10^8, one a byte, the first one lowest.
inline std::uint64_t split_digits(std::uint64_t number) {
  // Two halves of four digits, four pairs, eight digits: a product and a shift divide each part.
  const std::uint64_t halves = number / 10'000 | number % 10'000 << 32;
  const std::uint64_t high_pairs = halves * 10'486 >> 20 & 0x0000'007F'0000'007FULL;
  const std::uint64_t pairs = high_pairs | (halves - 100 * high_pairs) << 16;
  const std::uint64_t tens = pairs * 103 >> 10 & 0x000F'000F'000F'000FULL;
  return tens | (pairs - 10 * tens) << 8;
}

/// 24 digits, eight a word, the first one lowest.
using DigitWords = std::array<std::uint64_t, 3>;

/// Writes the digits from number `skip` (0 to 23) on, and some that say nothing: 24 bytes. They are
/// moved in registers, as processors wait where text is read at another place than it was just
/// written to.
inline void write_digits(DigitWords words, std::size_t skip, char* at) {
  for (int step = 0; step < 2; ++step) {
    const bool has_word = skip >= 8;
    words = {has_word ? words[1] : words[0], has_word ? words[2] : words[1], words[2]};
    skip -= has_word ? 8 : 0;
  }
  const std::size_t bits = 8 * skip;
  const auto from = [bits](std::uint64_t word, std::uint64_t next) {
    return (word >> bits | next << (63 - bits) << 1) | eight_times('0');
  };
  const DigitWords text{from(words[0], words[1]), from(words[1], words[2]), from(words[2], 0)};
  std::memcpy(at, text.data(), sizeof text);
}

/// The zeros before the first digit that is none, of digits that are not all 0.
inline std::size_t count_first_zeros(const DigitWords& words) {
  std::size_t word = 0;
  while (words[word] == 0) ++word;
  return 8 * word + static_cast<std::size_t>(std::countr_zero(words[word])) / 8;
}

/// Writes the value as `{fmt}` does by default, and returns where it ends; null, and nothing
/// written, where `shortest_decimal` has none: then `{fmt}` decides. 26 bytes may be written to.
inline char* write_plain_number(double value, char* at) {
  if (std::endian::native != std::endian::little) return nullptr;
  const PlainDecimal decimal = shortest_decimal(value);
  if (decimal.places == 0) return nullptr;
  constexpr std::uint64_t eight_digits = 100'000'000;
  const std::uint64_t high = decimal.digits / eight_digits;
  const DigitWords digits{split_digits(high / eight_digits), split_digits(high % eight_digits),
                          split_digits(decimal.digits % eight_digits)};
  constexpr std::size_t n_digits = sizeof digits;
  if (value >= 1e-4) {
    *at++ = '0';
    *at++ = '.';
    write_digits(digits, n_digits - decimal.places, at);
    return at + decimal.places;
  }
  const std::size_t n_zeros = count_first_zeros(digits);
  const std::size_t n_after = n_digits - n_zeros - 1;  // the first, which stands before the point
  write_digits(digits, n_zeros, at++);
  if (n_after > 0) {
    *at++ = '.';
    write_digits(digits, n_zeros + 1, at);
    at += n_after;
  }
  const std::size_t exponent = decimal.places - n_after;
  *at++ = 'e';
  *at++ = '-';
  *at++ = static_cast<char>('0' + exponent / 10);
  *at++ = static_cast<char>('0' + exponent % 10);
  return at;
}

}  // namespace cxrlt::detail
