// SPDX-License-Identifier: Apache-2.0
/// The exact (Garwood) confidence interval of a Poisson mean, through the regularised incomplete
/// gamma function and its inverse.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "cxrlt/core/types.hpp"

namespace cxrlt::detail {

/// ln(n!) - (n ln n - n + ln(2 pi n) / 2), the remainder of Stirling's formula, for n >= 1. By the
/// product up to 15, then the series (error < 1e-15).
inline double stirling_remainder(double n) {
  if (n <= 15) {
    double factorial = 1;
    for (double i = 2; i <= n; i += 1) factorial *= i;
    return std::log(factorial) - (n * std::log(n) - n + std::log(2 * std::numbers::pi * n) / 2);
  }
  const double u = 1 / (n * n);
  return (1.0 / 12 - u * (1.0 / 360 - u * (1.0 / 1260 - u * (1.0 / 1680 - u / 1188)))) / n;
}

/// The probability exp(-mean) mean^n / n! that a Poisson count is n, for n >= 1 and mean > 0. The
/// saddle-point form (Loader 2000) keeps its digits for large n.
inline double poisson_probability(double n, double mean) {
  const double u = (mean - n) / n;
  const double log_ratio = std::abs(u) < 0.5 ? std::log1p(u) : std::log(mean / n);
  return std::exp(-stirling_remainder(n) - n * (u - log_ratio)) /
         std::sqrt(2 * std::numbers::pi * n);
}

/// Both tails of a Poisson count around n.
struct PoissonTails {
  double at_least = 0;  ///< P(X >= n), the regularised lower incomplete gamma function P(n, mean)
  double below = 1;     ///< P(X < n), the upper one
};

/// The tails for whole n >= 1 and mean > 0. The smaller one is summed term by term away from n, so
/// it keeps its digits; O(sqrt(n)) terms.
inline PoissonTails poisson_tails(double n, double mean) {
  constexpr double negligible = std::numeric_limits<double>::epsilon() / 8;
  double sum = 0;
  double term = poisson_probability(n, mean);
  if (mean < n) {
    for (double k = n; term > sum * negligible; k += 1) {
      sum += term;
      term *= mean / (k + 1);
    }
    return {sum, 1 - sum};
  }
  for (double k = n; k >= 1 && term > sum * negligible; k -= 1) {
    term *= k / mean;
    sum += term;
  }
  return {1 - sum, sum};
}

/// Newton's method for ln(tail) = ln(target). Both tails are log-concave, `at_least` in ln(mean)
/// and `below` in the mean, so after the first step the iterates approach the root from one side.
inline double mean_with_at_least(double n, double target) {
  double mean = n;
  for (int i = 0; i < 200; ++i) {
    const double tail = poisson_tails(n, mean).at_least;
    const double slope = n * poisson_probability(n, mean) / tail;
    const double step = std::log(target / tail) / slope;
    mean *= std::exp(step);
    if (std::abs(step) <= 4 * std::numeric_limits<double>::epsilon()) break;
  }
  return mean;
}

inline double mean_with_below(double n, double target) {
  double mean = n;
  for (int i = 0; i < 200; ++i) {
    const double tail = poisson_tails(n, mean).below;
    const double slope = n * poisson_probability(n, mean) / (mean * tail);
    const double step = std::log(tail / target) / slope;
    mean += step;
    if (std::abs(step) <= 4 * std::numeric_limits<double>::epsilon() * mean) break;
  }
  return mean;
}

/// The exact two-sided interval of a Poisson mean of which `observed` events were seen (Garwood
/// 1936): the means at which the count is (1 - level) / 2 of the way into either tail, that is the
/// chi-square quantiles with 2 observed and 2 observed + 2 degrees of freedom, halved. The lower
/// limit is 0 for no event. `level` in (0, 1).
inline Interval poisson_interval(std::uint64_t observed, double level) {
  const double tail = (1 - level) / 2;
  const double n = static_cast<double>(observed);
  return {observed == 0 ? 0 : mean_with_at_least(n, tail), mean_with_below(n + 1, tail), level};
}

}  // namespace cxrlt::detail
