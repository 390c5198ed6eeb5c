// SPDX-License-Identifier: Apache-2.0
/// The few functions that kernels of losses are written in, for one number; `lane_math.hpp` has
/// them for several numbers side by side. Kernels call them without `detail::`, by using
/// declarations, so that those are found which stand beside the type, whatever header comes first.
#pragma once

#include <cmath>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"

namespace cxrlt::detail {

// exp(x) for x <= 0: all that losses need, and all that the form for several numbers can.
CXRLT_HD inline float exp_below_one(float x) {
  return std::exp(x);
}
CXRLT_HD inline double exp_below_one(double x) {
  return std::exp(x);
}

// log(1 + e) for e = exp(exponent), exponent <= 0.
CXRLT_HD inline float log1p_of_exp(float e, float /*exponent*/) {
  return std::log1p(e);
}
CXRLT_HD inline double log1p_of_exp(double e, double /*exponent*/) {
  return std::log1p(e);
}

// log(x) for normal x > 0.
CXRLT_HD inline float log_of(float x) {
  return std::log(x);
}
CXRLT_HD inline double log_of(double x) {
  return std::log(x);
}

// -|x|
CXRLT_HD inline float minus_abs(float x) {
  return x < 0 ? x : -x;
}
CXRLT_HD inline double minus_abs(double x) {
  return x < 0 ? x : -x;
}

CXRLT_HD inline float select(bool condition, float yes, float no) {
  return condition ? yes : no;
}
CXRLT_HD inline double select(bool condition, double yes, double no) {
  return condition ? yes : no;
}

/// log(sum + lost) for a rounded sum and the little that rounding it lost.
template <class Real>
CXRLT_HD CXRLT_ALWAYS_INLINE inline Real log_of_sum(const Real& sum, const Real& lost) {
  return log_of(sum) + lost / sum;
}

/// What a logistic loss is made of at margin m, each part without overflow or cancellation.
template <class Real>
struct LogisticTerms {
  Real p;      ///< sigmoid(m)
  Real q;      ///< sigmoid(-m) = 1 - p
  Real log_p;  ///< log sigmoid(m) = -softplus(-m), <= 0
  Real log_q;  ///< log sigmoid(-m) = -softplus(m), <= 0
};

template <class Real>
CXRLT_HD CXRLT_ALWAYS_INLINE inline LogisticTerms<Real> logistic_terms(const Real& m) {
  const Real zero(0);
  const Real one(1);
  const auto is_negative = m < zero;
  const Real lower = minus_abs(m);
  const Real e = exp_below_one(lower);
  const Real large = one / (one + e);
  const Real small = e * large;
  const Real rest = log1p_of_exp(e, lower);
  return {select(is_negative, small, large), select(is_negative, large, small),
          -(rest - select(is_negative, m, zero)), -(rest - select(is_negative, zero, -m))};
}

}  // namespace cxrlt::detail
