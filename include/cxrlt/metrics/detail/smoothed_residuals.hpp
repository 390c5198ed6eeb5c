// SPDX-License-Identifier: Apache-2.0
/// Residuals of probabilities smoothed by a Gaussian that is reflected at 0 and 1, and the integral
/// of their absolute value.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include "cxrlt/metrics/detail/value_and_slope.hpp"

namespace cxrlt::detail {

/// What one probability adds: the sum of w (y - p) there over the total weight.
struct Residual {
  double probability = 0;
  double mass = 0;
};

/// Mass at a point of a grid over [0, 1].
struct GridMass {
  std::int64_t index = 0;
  double mass = 0;
};

/// Lagrange's weights of the points -2 ... 3 for a point d in [0, 1].
inline std::array<double, 6> lagrange_weights(double d) {
  std::array<double, 6> weights{-1.0 / 120, 1.0 / 24, -1.0 / 12, 1.0 / 12, -1.0 / 24, 1.0 / 120};
  double left = 1;
  double right = 1;
  for (std::size_t k = 0; k < 6; ++k) {
    weights[k] *= left;
    weights[5 - k] *= right;
    left *= d + 2 - static_cast<double>(k);
    right *= d - 3 + static_cast<double>(k);
  }
  return weights;
}

/// Each residual spread over the six nearest of the points 0, 1/m, ..., 1, so that sums of mass
/// times polynomials of degree five stay as they are; what would lie outside is reflected.
/// Residuals by ascending probability, m >= 6; so are the points.
inline std::vector<GridMass> spread_on_grid(std::span<const Residual> residuals, std::int64_t m) {
  std::vector<GridMass> points;
  for (const Residual& residual : residuals) {
    const double position = residual.probability * static_cast<double>(m);
    const std::int64_t base = std::min(static_cast<std::int64_t>(position), m - 1);
    std::int64_t next = points.empty() ? base - 2 : std::max(base - 2, points.back().index + 1);
    for (; next <= base + 3; ++next) points.push_back({next, 0});
    GridMass* const nearest = points.data() + points.size() - 6;
    const auto weights = lagrange_weights(position - static_cast<double>(base));
    for (std::size_t k = 0; k < 6; ++k) nearest[k].mass += weights[k] * residual.mass;
  }
  while (points.back().index > m) {
    points[points.size() - 1 - static_cast<std::size_t>(2 * (points.back().index - m))].mass +=
        points.back().mass;
    points.pop_back();
  }
  std::size_t first = 0;
  for (; points[first].index < 0; ++first) {
    points[first + static_cast<std::size_t>(-2 * points[first].index)].mass += points[first].mass;
  }
  points.erase(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(first));
  return points;
}

/// The points with their mirror images at 0 and 1, and the images of those, as far as `reach`
/// beyond [0, m]; ascending. The mass at 0 and at m stands twice: half of it is reflected.
inline std::vector<GridMass> with_images(std::span<const GridMass> points, std::int64_t m,
                                         std::int64_t reach) {
  std::vector<GridMass> result;
  const auto add = [&](std::int64_t index, double mass) {
    if (index >= -reach && index <= m + reach) result.push_back({index, mass});
  };
  const std::int64_t n_images = (reach + m - 1) / m;
  for (std::int64_t image = -n_images; image <= n_images; ++image) {
    if (image % 2 == 0) {
      for (const GridMass& point : points) add(image * m + point.index, point.mass);
    } else {
      for (auto point = points.rbegin(); point != points.rend(); ++point) {
        add((image + 1) * m - point->index, point->mass);
      }
    }
  }
  return result;
}

/// The integral over [0, u] of the cubic with these values and slopes at 0 and 1.
inline double cubic_integral(const ValueAndSlope& a, const ValueAndSlope& b, double u) {
  const double u2 = u * u;
  const double u3 = u2 * u;
  const double u4 = u2 * u2;
  return a.value * (u - u3 + u4 / 2) + a.slope * (u2 / 2 - 2 * u3 / 3 + u4 / 4) +
         b.value * (u3 - u4 / 2) + b.slope * (u4 / 4 - u3 / 3);
}

/// The integral over [0, 1] of the absolute value of that cubic, where it has at most one root.
inline double absolute_integral(const ValueAndSlope& a, const ValueAndSlope& b) {
  const double whole = cubic_integral(a, b, 1);
  if (a.value * b.value >= 0) return std::abs(whole);
  double low = 0;
  double high = 1;
  for (int step = 0; step < 40; ++step) {
    const double u = (low + high) / 2;
    const double u2 = u * u;
    const double v = 1 - u;
    const double value = a.value * (1 + 2 * u) * v * v + a.slope * u * v * v +
                         b.value * u2 * (3 - 2 * u) - b.slope * u2 * v;
    ((value < 0) == (a.value < 0) ? low : high) = u;
  }
  const double part = cubic_integral(a, b, low);
  return std::abs(part) + std::abs(whole - part);
}

/// The integral over [0, 1] of |sum_i mass_i K(t, p_i)|, with K the Gaussian of width sigma > 0
/// reflected at 0 and 1. From values and slopes at points at most sigma / 16 apart, joined by
/// cubics; the error is about 1e-7 of the value. `residuals` is not empty and ascends.
/// Cost: O(n) and, where residuals lie, 300 products for each point of the grid.
inline double smoothed_integral(std::span<const Residual> residuals, double sigma) {
  constexpr double points_per_sigma = 16;
  constexpr double furthest = 8.5;  // the Gaussian is below 1e-16 from here on
  const double n_points = std::ceil(points_per_sigma / sigma);
  const std::int64_t m = static_cast<std::int64_t>(n_points);
  const double step = 1 / (n_points * sigma);  // in units of sigma
  const std::int64_t reach = static_cast<std::int64_t>(std::ceil(furthest / step));
  std::vector<ValueAndSlope> kernel;
  for (std::int64_t j = -reach; j <= reach; ++j) {
    const double x = static_cast<double>(j) * step;
    const double density = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
    kernel.push_back({density * step, -x * density * step * step});
  }
  const std::vector<GridMass> masses = with_images(spread_on_grid(residuals, m), m, reach);

  double integral = 0;
  ValueAndSlope before;
  std::int64_t last = -1;  // where `before` stands
  std::size_t first = 0;
  for (std::int64_t at = 0; at <= m; ++at) {
    while (first < masses.size() && masses[first].index < at - reach) ++first;
    if (first == masses.size()) break;
    at = std::max(at, masses[first].index - reach);  // nothing reaches the points between
    if (at > m) break;
    ValueAndSlope here;
    for (std::size_t i = first; i < masses.size() && masses[i].index <= at + reach; ++i) {
      const ValueAndSlope& share = kernel[static_cast<std::size_t>(at - masses[i].index + reach)];
      here.value += masses[i].mass * share.value;
      here.slope += masses[i].mass * share.slope;
    }
    if (last >= 0 && last == at - 1) integral += absolute_integral(before, here);
    before = here;
    last = at;
  }
  return integral;
}

}  // namespace cxrlt::detail
