// SPDX-License-Identifier: Apache-2.0
/// Newton's method for smooth convex functions of several variables, with steps that never go
/// uphill.
#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <limits>
#include <utility>

#include "cxrlt/core/error.hpp"

namespace cxrlt::detail {

/// A convex function at one point.
struct ConvexValue {
  double value = 0;
  Eigen::VectorXd gradient;
  Eigen::MatrixXd curvature;

  explicit ConvexValue(Eigen::Index n)
      : gradient(Eigen::VectorXd::Zero(n)), curvature(Eigen::MatrixXd::Zero(n, n)) {}

  void add(const ConvexValue& other) {
    value += other.value;
    gradient += other.gradient;
    curvature += other.curvature;
  }
};

/// The point where `function(x) -> ConvexValue` is least. Steps are halved until the value falls
/// enough; falls that rounding hides are let through, as near the end they are all that is left.
/// @throws Error where that does not end, which needs a function without a minimum.
template <class Function>
Eigen::VectorXd minimise_convex(const Function& function, Eigen::VectorXd x) {
  constexpr int max_steps = 200;
  constexpr double least_fall = 1e-4;
  constexpr double rounding = 1e-13;
  ConvexValue here = function(x);
  double last_norm = std::numeric_limits<double>::infinity();
  for (int step = 0; step < max_steps; ++step) {
    // Where all rows are all but decided, the curvature vanishes in double.
    here.curvature.diagonal().array() += 1e-14 * here.curvature.trace() + 1e-300;
    const Eigen::VectorXd direction = here.curvature.ldlt().solve(-here.gradient);
    const double slope = here.gradient.dot(direction);
    const double tiny = 1e-12 * (1 + x.lpNorm<Eigen::Infinity>());
    const double norm = direction.lpNorm<Eigen::Infinity>();
    // Steps that fall by less than can be told, and no longer shrink, are rounding alone.
    const bool is_noise = -slope <= rounding * here.value && norm > last_norm / 2;
    if (!(slope < 0) || is_noise) return x;
    last_norm = norm;
    double length = 1;
    while (true) {
      const Eigen::VectorXd next_x = x + length * direction;
      if (length * norm <= tiny) return next_x;
      ConvexValue next = function(next_x);
      if (next.value <= here.value + least_fall * length * slope + rounding * here.value) {
        x = next_x;
        here = std::move(next);
        break;
      }
      length /= 2;
    }
  }
  throw Error("a calibration did not converge");
}

}  // namespace cxrlt::detail
