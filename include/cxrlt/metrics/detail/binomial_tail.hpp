// SPDX-License-Identifier: Apache-2.0
/// The upper tail of a binomial count.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "cxrlt/metrics/detail/poisson.hpp"

namespace cxrlt::detail {

/// x ln(x / mean) + mean - x, the deviance of a count x > 0 from its mean.
inline double count_deviance(double x, double mean) {
  const double u = (mean - x) / x;
  const double log_ratio = std::abs(u) < 0.5 ? std::log1p(u) : std::log(mean / x);
  return x * (u - log_ratio);
}

/// The probability of k successes in n trials, for 1 <= k <= n and p in (0, 1). The saddle-point
/// form (Loader 2000) keeps its digits for large n.
inline double binomial_probability(double k, double n, double p) {
  if (k == n) return std::pow(p, n);
  const double rest = n - k;
  return std::exp(stirling_remainder(n) - stirling_remainder(k) - stirling_remainder(rest) -
                  count_deviance(k, n * p) - count_deviance(rest, n * (1 - p))) *
         std::sqrt(n / (2 * std::numbers::pi * k * rest));
}

/// P(X >= k) for X binomial with n trials of probability p in (0, 1). The smaller tail is summed
/// term by term away from k, so it keeps its digits; O(sqrt(n)) terms.
inline double binomial_tail(std::uint64_t at_least, std::uint64_t n_trials, double p) {
  if (at_least == 0) return 1;
  if (at_least > n_trials) return 0;
  constexpr double negligible = std::numeric_limits<double>::epsilon() / 8;
  const double n = static_cast<double>(n_trials);
  const double k = static_cast<double>(at_least);
  double sum = 0;
  double term = binomial_probability(k, n, p);
  if (k > n * p) {
    for (double i = k; term > sum * negligible; i += 1) {
      sum += term;
      term *= (n - i) / (i + 1) * p / (1 - p);
    }
    return sum;
  }
  for (double i = k; i >= 1 && term > sum * negligible; i -= 1) {
    term *= i / (n - i + 1) * (1 - p) / p;
    sum += term;
  }
  return 1 - sum;
}

}  // namespace cxrlt::detail
