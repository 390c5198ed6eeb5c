// SPDX-License-Identifier: Apache-2.0
/// Logistic regression with an intercept and few features, by Newton steps that never go uphill.
#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"

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
/// intercept. The intercept is not held down. Newton's steps are halved until the loss falls enough
/// (Lin, Lin and Weng 2007).
/// @throws Error where that does not end, which needs targets of one kind without a ridge.
/// Cost: about ten passes.
template <int n_features>
LogisticWeights<n_features> fit_logistic(const std::vector<LogisticRow<n_features>>& rows,
                                         LogisticWeights<n_features> weights, double ridge) {
  using Weights = LogisticWeights<n_features>;
  using Curvature = Eigen::Matrix<double, n_features + 1, n_features + 1>;
  constexpr int max_steps = 200;
  constexpr double least_fall = 1e-4;
  const auto extended = [](const LogisticRow<n_features>& row) {
    Weights x;
    x << row.features, 1.0;
    return x;
  };
  const auto loss_at = [&](const Weights& at) {
    double loss = ridge / 2 * at.template head<n_features>().squaredNorm();
    for (const auto& row : rows) {
      const double z = at.dot(extended(row));
      loss += softplus(z) - row.target * z;
    }
    return loss;
  };
  double loss = loss_at(weights);
  for (int step = 0; step < max_steps; ++step) {
    Weights gradient = Weights::Zero();
    Curvature curvature = Curvature::Zero();
    for (const auto& row : rows) {
      const Weights x = extended(row);
      const double p = sigmoid(weights.dot(x));
      gradient += (p - row.target) * x;
      curvature.noalias() += (p * (1 - p)) * x * x.transpose();
    }
    gradient.template head<n_features>() += ridge * weights.template head<n_features>();
    curvature.diagonal().template head<n_features>().array() += ridge;
    // Where all rows are all but decided, the curvature vanishes in double.
    curvature.diagonal().array() += 1e-12 * curvature.trace() + 1e-300;
    const Weights direction = curvature.ldlt().solve(-gradient);
    const double slope = gradient.dot(direction);
    const double tiny = 1e-12 * (1 + weights.template lpNorm<Eigen::Infinity>());
    if (!(slope < 0) || direction.template lpNorm<Eigen::Infinity>() <= tiny) return weights;
    double length = 1;
    while (true) {
      const Weights next = weights + length * direction;
      const double next_loss = loss_at(next);
      if (next_loss <= loss + least_fall * length * slope) {
        weights = next;
        loss = next_loss;
        break;
      }
      length /= 2;
      // No representable step goes further down: this is the minimum.
      if (length * direction.template lpNorm<Eigen::Infinity>() <= tiny) return weights;
    }
  }
  throw Error("a logistic regression did not converge");
}

}  // namespace cxrlt::detail
