// SPDX-License-Identifier: Apache-2.0
/// An interval of an AUROC that needs no variance of the data.
#pragma once

#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/normal.hpp"

namespace cxrlt::detail {

/// Hanley and McNeil's variance of an AUROC t, with the mean of both kinds in place of either:
/// t (1 - t) [1 + k (1 - t) / (2 - t) + k t / (1 + t)] / (m n), k = (m + n) / 2 - 1.
inline double hanley_mcneil_variance(double auroc, double n_positive, double n_negative) {
  const double others = (n_positive + n_negative) / 2 - 1;
  return auroc * (1 - auroc) *
         (1 + others * (1 - auroc) / (2 - auroc) + others * auroc / (1 + auroc)) /
         (n_positive * n_negative);
}

/// Newcombe's method 5 (2006): all t with (t - estimate)^2 <= z^2 V(t), V as above. Like Wilson's
/// interval of a proportion it has a width, and lies in [0, 1], at estimates of 0 and 1 as well.
/// One positive or one negative is enough.
/// @throws InvalidArgument unless the level lies in (0, 1).
inline Interval newcombe_interval(double estimate, double n_positive, double n_negative,
                                  double level) {
  const double z = two_sided_normal_quantile(level);
  // Halving the range between a value inside and one outside (or the end of the range).
  const auto limit = [&](double outside) {
    double inside = estimate;
    for (int step = 0; step < 60; ++step) {
      const double middle = inside + (outside - inside) / 2;
      const double gap = middle - estimate;
      const double reach = z * z * hanley_mcneil_variance(middle, n_positive, n_negative);
      (gap * gap <= reach ? inside : outside) = middle;
    }
    return inside;
  };
  return {estimate > 0 ? limit(0) : 0, estimate < 1 ? limit(1) : 1, level};
}

}  // namespace cxrlt::detail
