// SPDX-License-Identifier: Apache-2.0
/// The normal distribution, and the chi-squared distribution of one degree of freedom.
#pragma once

#include <cmath>
#include <numbers>
#include <string>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"

namespace cxrlt::detail {

/// The probability that a chi-squared variable is at least x >= 0.
inline double chi_squared_tail(double x) {
  return std::erfc(std::sqrt(x / 2));
}

/// P(|Z| >= |z|), Z standard normal: the two-sided p-value of z.
inline double two_sided_normal_tail(double z) {
  return std::erfc(std::abs(z) / std::numbers::sqrt2);
}

/// @throws InvalidArgument unless the level of an interval lies in (0, 1).
inline void check_level(double level) {
  if (!(level > 0 && level < 1)) {
    throw InvalidArgument("an interval's level is " + number_text(level) +
                          "; expected a number between 0 and 1, both excluded");
  }
}

/// The z >= 0 with P(|Z| <= z) = level, Z standard normal; its square is the chi-squared quantile.
/// @throws InvalidArgument unless the level lies in (0, 1).
inline double two_sided_normal_quantile(double level) {
  check_level(level);
  // Newton's method from 0: the tail is convex, so no step goes too far.
  constexpr int max_steps = 200;
  const double slope_at_zero = std::sqrt(2 / std::numbers::pi);
  double z = 0;
  for (int step = 0; step < max_steps; ++step) {
    const double surplus = std::erfc(z / std::numbers::sqrt2) - (1 - level);
    const double next = z + surplus / (slope_at_zero * std::exp(-z * z / 2));
    if (!(next > z)) break;
    z = next;
  }
  return z;
}

}  // namespace cxrlt::detail
