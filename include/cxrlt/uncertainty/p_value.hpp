// SPDX-License-Identifier: Apache-2.0
/// The p-value of a difference whose replicates are known.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "cxrlt/core/ordered_key.hpp"

namespace cxrlt {

namespace detail {

/// Two statistics that differ by rounding alone are equal.
inline bool at_least_as_extreme(double null, double observed, double scale = 1) {
  return std::abs(null) >= std::abs(observed) - 1e-12 * scale;
}

}  // namespace detail

/// The two-sided p-value of a difference by the shifted distribution of its replicates:
/// (1 + number of |d* - d| >= |d|) / (1 + B), over the B replicates that have a value (Davison and
/// Hinkley 1997, section 4.4; Efron and Tibshirani 1993, chapter 16). What rounding alone keeps
/// below |d| counts. In (0, 1]; 1 for a difference of 0. NaN where none has a value.
/// Cost: O(B).
inline double shifted_p_value(double difference, std::span<const double> replicates) {
  std::size_t n_defined = 0;
  std::size_t n_reached = 0;
  for (const double value : replicates) {
    if (is_nan(value)) continue;
    ++n_defined;
    n_reached += detail::at_least_as_extreme(value - difference, difference) ? 1 : 0;
  }
  if (n_defined == 0 || is_nan(difference)) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(1 + n_reached) / static_cast<double>(1 + n_defined);
}

}  // namespace cxrlt
