// SPDX-License-Identifier: Apache-2.0
/// All numbers of 16 bits are widened to what the formats say.
#include "cxrlt/cuda/reduced_float.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "cuda/device_support.hpp"

using namespace cxrlt;

namespace {

/// The number that sign, exponent and fraction stand for.
double number_of(std::uint32_t bits, int fraction_bits, int exponent_bits) {
  const std::uint32_t fraction = bits & ((1U << fraction_bits) - 1);
  const std::uint32_t exponent = bits >> fraction_bits & ((1U << exponent_bits) - 1);
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const double sign = bits >> 15 != 0 ? -1 : 1;
  const double scaled = static_cast<double>(fraction) * std::ldexp(1.0, -fraction_bits);
  if (exponent == 0) return sign * std::ldexp(scaled, 1 - bias);
  if (exponent == (1U << exponent_bits) - 1) {
    return fraction != 0 ? std::numeric_limits<double>::quiet_NaN()
                         : sign * std::numeric_limits<double>::infinity();
  }
  return sign * std::ldexp(1 + scaled, static_cast<int>(exponent) - bias);
}

bool same_number(float found, double expected) {
  if (std::isnan(expected)) return is_nan(found);
  return static_cast<double>(found) == expected && std::signbit(found) == std::signbit(expected);
}

}  // namespace

TEST_CASE("every number of 16 bits is widened exactly") {
  for (std::uint32_t bits = 0; bits < 0x1'0000; ++bits) {
    const auto stored = static_cast<std::uint16_t>(bits);
    CAPTURE(bits);
    REQUIRE(same_number(widened(Float16{stored}), number_of(bits, 10, 5)));
    REQUIRE(same_number(widened(Bfloat16{stored}), number_of(bits, 7, 8)));
  }
  static_assert(widened(Float16{0x3C00}) == 1.0F);
  static_assert(widened(Bfloat16{0xC040}) == -3.0F);
}
