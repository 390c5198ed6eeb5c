// SPDX-License-Identifier: Apache-2.0
/// The logistic function and its relatives, without overflow or cancellation.
#pragma once

#include <cmath>

namespace cxrlt {

/// The logistic function 1 / (1 + exp(-z)), in [0, 1]; accurate in both tails.
inline double sigmoid(double z) {
  if (z >= 0) return 1 / (1 + std::exp(-z));
  const double e = std::exp(z);
  return e / (1 + e);
}

/// The log-odds log(p / (1 - p)) of a probability; -inf at 0, +inf at 1.
inline double logit(double p) {
  return std::log(p) - std::log1p(-p);
}

/// log(1 + exp(z)), exact where exp(z) would overflow or vanish.
inline double softplus(double z) {
  return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z));
}

}  // namespace cxrlt
