// SPDX-License-Identifier: Apache-2.0
/// Confidence intervals from an estimate and its standard error. `Interval` itself, with the reason
/// why there may be none, stands in `core/types.hpp`.
#pragma once

#include <algorithm>
#include <cmath>

#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/normal.hpp"

namespace cxrlt {

/// The normal interval estimate +- z standard_error (Wald), z the two-sided quantile of the level,
/// cut off at the ends of the metric's range. It contains the estimate. With a standard error of 0
/// it is a point: whoever calls decides whether that is honest.
/// @param standard_error >= 0
/// @throws InvalidArgument unless the level lies in (0, 1). Cost: O(1).
inline Interval normal_interval(double estimate, double standard_error, double level, double lowest,
                                double highest) {
  const double reach = detail::two_sided_normal_quantile(level) * standard_error;
  return {std::max(lowest, estimate - reach), std::min(highest, estimate + reach), level};
}

/// The normal interval on the logit scale (Pepe 2003, section 5.2.4), for an estimate p in (0, 1):
/// sigmoid(logit(p) +- z standard_error / (p (1 - p))). It lies in [0, 1], contains the
/// estimate, and is wider towards one half.
/// @param standard_error >= 0, of p itself
/// @throws InvalidArgument unless the level lies in (0, 1). Cost: O(1).
inline Interval logit_interval(double estimate, double standard_error, double level) {
  const double reach =
      detail::two_sided_normal_quantile(level) * standard_error / (estimate * (1 - estimate));
  const double centre = logit(estimate);
  return {std::min(estimate, sigmoid(centre - reach)), std::max(estimate, sigmoid(centre + reach)),
          level};
}

}  // namespace cxrlt
