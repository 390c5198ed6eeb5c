// SPDX-License-Identifier: Apache-2.0
/// Logistic regression with an intercept and few features, by Newton steps that never go uphill.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"

namespace cxrlt::detail {

/// One row of a logistic regression.
template <std::size_t n_features>
struct LogisticRow {
  std::array<double, n_features> features{};
  double target = 0;  ///< in [0, 1]
  double weight = 1;  ///< > 0
  double offset = 0;  ///< a part of the logit that is not fitted
};

/// Coefficients of the features, and of the constant 1 last.
template <std::size_t n_features>
using LogisticWeights = std::array<double, n_features + 1>;

/// A symmetric matrix, of which the lower triangle counts.
template <std::size_t n>
using Symmetric = std::array<std::array<double, n>, n>;

/// The solution x of a x = b for a positive definite matrix, by its factors L D L'.
template <std::size_t n>
std::array<double, n> solve_positive(Symmetric<n> a, std::array<double, n> b) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      for (std::size_t k = 0; k < j; ++k) a[i][j] -= a[i][k] * a[j][k] * a[k][k];
      if (j < i) a[i][j] /= a[j][j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
  }
  for (std::size_t i = n; i-- > 0;) {
    b[i] /= a[i][i];
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k][i] * b[k];
  }
  return b;
}

/// The offset and the dot product with the features and the constant 1.
template <std::size_t n_features>
double logit_of(const LogisticWeights<n_features>& weights, const LogisticRow<n_features>& row) {
  double z = row.offset + weights[n_features];
  for (std::size_t k = 0; k < n_features; ++k) z += weights[k] * row.features[k];
  return z;
}

/// Gradient and curvature of the loss, without the ridge.
template <std::size_t n_features>
struct LogisticSlopes {
  LogisticWeights<n_features> gradient{};
  Symmetric<n_features + 1> curvature{};

  void add(const LogisticRow<n_features>& row, double p) {
    const auto x = [&](std::size_t k) { return k < n_features ? row.features[k] : 1.0; };
    const double variance = row.weight * p * (1 - p);
    for (std::size_t i = 0; i <= n_features; ++i) {
      gradient[i] += row.weight * (p - row.target) * x(i);
      for (std::size_t k = 0; k <= i; ++k) curvature[i][k] += variance * x(i) * x(k);
    }
  }
};

/// The slopes of sum_i w_i [softplus(z_i) - t_i z_i] with z = slopes x + intercept +
/// offset.
template <std::size_t n_features>
LogisticSlopes<n_features> logistic_slopes(const std::vector<LogisticRow<n_features>>& rows,
                                           const LogisticWeights<n_features>& weights) {
  LogisticSlopes<n_features> slopes;
  for (const auto& row : rows) slopes.add(row, sigmoid(logit_of(weights, row)));
  return slopes;
}

/// The minimum of sum_i w_i [softplus(z_i) - t_i z_i] + ridge / 2 |slopes|^2 with z = slopes x +
/// intercept + offset. The intercept is not held down. Newton's steps are halved until the loss
/// falls enough (Lin, Lin and Weng 2007); falls that rounding hides are let through, as near the
/// end they are all that is left.
/// @throws Error where that does not end, which needs targets of one kind without a ridge.
/// Cost: about ten passes.
template <std::size_t n_features>
LogisticWeights<n_features> fit_logistic(const std::vector<LogisticRow<n_features>>& rows,
                                         LogisticWeights<n_features> weights, double ridge) {
  constexpr std::size_t n = n_features + 1;
  constexpr int max_steps = 200;
  constexpr double least_fall = 1e-4;
  constexpr double rounding = 1e-13;
  const auto largest = [](const std::array<double, n>& x) {
    double size = 0;
    for (const double value : x) size = std::max(size, std::abs(value));
    return size;
  };
  const auto loss_at = [&](const LogisticWeights<n_features>& at) {
    double loss = 0;
    for (std::size_t k = 0; k < n_features; ++k) loss += ridge / 2 * at[k] * at[k];
    for (const auto& row : rows) {
      const double z = logit_of(at, row);
      loss += row.weight * (softplus(z) - row.target * z);
    }
    return loss;
  };
  double loss = loss_at(weights);
  double last_size = std::numeric_limits<double>::infinity();
  for (int step = 0; step < max_steps; ++step) {
    auto [gradient, curvature] = logistic_slopes(rows, weights);
    double trace = curvature[n_features][n_features];
    for (std::size_t k = 0; k < n_features; ++k) {
      gradient[k] += ridge * weights[k];
      curvature[k][k] += ridge;
      trace += curvature[k][k];
    }
    // Where all rows are all but decided, the curvature vanishes in double.
    for (std::size_t k = 0; k < n; ++k) curvature[k][k] += 1e-12 * trace + 1e-300;
    auto direction = solve_positive<n>(curvature, gradient);
    double slope = 0;
    for (std::size_t k = 0; k < n; ++k) {
      direction[k] = -direction[k];
      slope += gradient[k] * direction[k];
    }
    const double size = largest(direction);
    const double tiny = 1e-12 * (1 + largest(weights));
    // Steps that fall by less than can be told, and no longer shrink, are rounding alone.
    const bool is_noise = -slope <= rounding * loss && size > last_size / 2;
    if (!(slope < 0) || size <= tiny || is_noise) return weights;
    last_size = size;
    double length = 1;
    while (true) {
      LogisticWeights<n_features> next = weights;
      for (std::size_t k = 0; k < n; ++k) next[k] += length * direction[k];
      const double next_loss = loss_at(next);
      if (next_loss <= loss + least_fall * length * slope + rounding * loss) {
        weights = next;
        loss = next_loss;
        break;
      }
      length /= 2;
      // No representable step goes further down: this is the minimum.
      if (length * size <= tiny) return weights;
    }
  }
  throw Error("a logistic regression did not converge");
}

}  // namespace cxrlt::detail
