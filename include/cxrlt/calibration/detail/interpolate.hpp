// SPDX-License-Identifier: Apache-2.0
/// Piecewise linear maps.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"

namespace cxrlt::detail {

/// The value at `x` of the polyline through knots, both ascending; constant outside. It never
/// falls, in double either. NaN at NaN. O(log knots).
inline double interpolate(const std::vector<double>& xs, const std::vector<double>& ys, double x) {
  if (is_nan(x)) return x;
  if (x <= xs.front()) return ys.front();
  if (x >= xs.back()) return ys.back();
  const auto above = std::upper_bound(xs.begin() + 1, xs.end() - 1, x);
  const std::size_t k = static_cast<std::size_t>(above - xs.begin());
  const double share = (x - xs[k - 1]) / (xs[k] - xs[k - 1]);
  return std::min(ys[k - 1] + share * (ys[k] - ys[k - 1]), ys[k]);
}

}  // namespace cxrlt::detail
