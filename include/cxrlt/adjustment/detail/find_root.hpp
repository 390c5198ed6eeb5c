// SPDX-License-Identifier: Apache-2.0
/// Newton's method where it stays within what is known of the root, bisection where it does not.
#pragma once

#include <algorithm>
#include <cmath>

#include "cxrlt/metrics/detail/value_and_slope.hpp"

namespace cxrlt::detail {

/// The root in [low, high], low >= 0, of a function that is positive just above `low`, falls, and
/// is negative just below `high`, to about 1e-10 of it or, where it is smooth, far closer. The ends
/// themselves are never asked for.
/// @param function  x -> ValueAndSlope
/// @param x         where to begin, within (low, high)
template <class Function>
double root_of_falling(const Function& function, double low, double high, double x) {
  constexpr int max_steps = 200;
  constexpr double short_step = 1e-10;  // the error after a step is about its square
  for (int step = 0; step < max_steps; ++step) {
    const ValueAndSlope at = function(x);
    if (at.value == 0) return x;
    (at.value > 0 ? low : high) = x;
    const double newton = at.slope < 0 ? x - at.value / at.slope : low;
    if (std::abs(newton - x) <= short_step * x) return std::clamp(newton, low, high);
    const double next = newton > low && newton < high ? newton : low + (high - low) / 2;
    if (std::abs(next - x) <= short_step * x) return next;
    x = next;
  }
  return x;
}

}  // namespace cxrlt::detail
