// SPDX-License-Identifier: Apache-2.0
/// Logistic regression with an intercept and few features.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <vector>

#include "cxrlt/calibration/detail/newton.hpp"

namespace cxrlt::detail {

/// One row of a logistic regression.
template <int n_features>
struct LogisticRow {
  Eigen::Matrix<double, n_features, 1> features;
  double target = 0;  ///< in [0, 1]
};

/// Coefficients of the features, and of the constant 1 last.
template <int n_features>
using LogisticWeights = Eigen::Matrix<double, n_features + 1, 1>;

/// The minimum of sum_i [softplus(z_i) - t_i z_i] + ridge / 2 |slopes|^2 with z = slopes x +
/// intercept, by Newton's method from `start`. The intercept is not held down.
/// @throws Error where that does not end, which needs targets of one kind without a ridge.
/// Cost: about ten passes; fewer where the start is near.
template <int n_features>
LogisticWeights<n_features> fit_logistic(const std::vector<LogisticRow<n_features>>& rows,
                                         const LogisticWeights<n_features>& start, double ridge) {
  using Weights = LogisticWeights<n_features>;
  const auto evaluate = [&](const Eigen::VectorXd& at) {
    const Weights weights = at;
    double loss = ridge / 2 * weights.template head<n_features>().squaredNorm();
    Weights gradient = Weights::Zero();
    Eigen::Matrix<double, n_features + 1, n_features + 1> curvature;
    curvature.setZero();
    for (const auto& row : rows) {
      Weights x;
      x << row.features, 1.0;
      const double z = weights.dot(x);
      // One exponential serves the loss and the probability.
      const double e = std::exp(-std::abs(z));
      const double p = (z >= 0 ? 1 : e) / (1 + e);
      loss += std::max(z, 0.0) + std::log1p(e) - row.target * z;
      gradient += (p - row.target) * x;
      curvature.noalias() += (p * (1 - p)) * x * x.transpose();
    }
    gradient.template head<n_features>() += ridge * weights.template head<n_features>();
    curvature.diagonal().template head<n_features>().array() += ridge;
    ConvexValue value(n_features + 1);
    value.value = loss;
    value.gradient = gradient;
    value.curvature = curvature;
    return value;
  };
  return minimise_convex(evaluate, start);
}

}  // namespace cxrlt::detail
