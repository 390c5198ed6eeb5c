// SPDX-License-Identifier: Apache-2.0
/// Asymmetric loss: positives and negatives focused apart, easy negatives left out.
#pragma once

#include <cstddef>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/host_device.hpp"
#include "cxrlt/losses/class_terms.hpp"
#include "cxrlt/losses/focal.hpp"

namespace cxrlt {

/// The asymmetric loss (Ridnik et al. 2021): with p = sigmoid(z),
///   y = 1:  -(1 - p)^gamma_positive log p
///   y = 0:  -p_m^gamma_negative log(1 - p_m),  p_m = max(p - shift, 0).
/// A negative is the easier the smaller p, so its weight is a power of p_m, and below the shift it
/// is left out. (A widespread form has the power of 1 - p_m, and so drops the hard ones.)
/// Range [0, inf). The gradient of a negative jumps at p = shift if gamma_negative is 0; there, and
/// below, it is 0.
struct AsymmetricKernel {
  double gamma_positive = 0;  ///< at least 0
  double gamma_negative = 4;  ///< at least 0
  double shift = 0.05;        ///< m in [0, 1)
  /// Derivatives take the powers for constants, as the authors' first implementation does. They are
  /// then not those of the value.
  bool detach = false;

  template <class Real, class Condition>
  CXRLT_HD CXRLT_ALWAYS_INLINE CellLoss<Real> operator()(const Real& z,
                                                         const Condition& is_positive) const {
    using detail::select;
    const CellLoss<Real> yes = of_positive(z);
    const CellLoss<Real> no = of_negative(z);
    return {select(is_positive, yes.value, no.value),
            select(is_positive, yes.gradient, no.gradient),
            select(is_positive, yes.curvature, no.curvature)};
  }

  /// Where y = 1.
  template <class Real>
  CXRLT_HD CXRLT_ALWAYS_INLINE CellLoss<Real> of_positive(const Real& z) const {
    using detail::exp_below_one;
    using detail::logistic_terms;
    if (!detach) return FocalKernel{gamma_positive}.of_margin(z);
    const auto terms = logistic_terms(z);
    const Real w = exp_below_one(Real(static_cast<Real>(gamma_positive) * terms.log_q));
    return {-w * terms.log_p, -w * terms.q, w * terms.p * terms.q};
  }

  /// Where y = 0. With x = p_m, h = -log(1 - x) and a = (1 - p) / (1 - x), derivatives by z are
  ///   x^gamma p (a + gamma (1 - p) h / x)  and
  ///   x^gamma p (p (a^2 + gamma (1 - p) (2 a / x + (gamma - 1) (1 - p) h / x^2))
  ///              + (1 - 2 p) (a + gamma (1 - p) h / x)).
  template <class Real>
  CXRLT_HD CXRLT_ALWAYS_INLINE CellLoss<Real> of_negative(const Real& z) const {
    using detail::exp_below_one;
    using detail::log_of;
    using detail::log_of_sum;
    using detail::logistic_terms;
    using detail::select;
    const Real zero(0);
    const Real one(1);
    const Real g = static_cast<Real>(gamma_negative);
    const auto terms = logistic_terms(z);
    const Real& p = terms.p;
    const Real& q = terms.q;
    // Below this x^gamma and x are as good as 0, and quotients by x would overflow.
    const Real least = static_cast<Real>(shift > 0 ? 1e-16 : 1e-30);
    const Real above = p - static_cast<Real>(shift);
    const auto counts = above > least;
    const Real x = select(counts, above, least);
    // With a shift 1 - x is q + shift, which is precise where x is near 1. Near 0 it is rounded.
    // Without a shift all is known. No branch: gcc takes vectors apart whose conditions hold beyond
    // one.
    const auto is_shifted = static_cast<Real>(shift) > zero;
    const auto is_low = x < static_cast<Real>(0.5);
    const Real rest = q + static_cast<Real>(shift);
    const Real one_less = select(is_low, one - x, rest);
    const Real lost = select(is_low, (one - one_less) - x, zero);
    const Real h = -select(is_shifted, log_of_sum(one_less, lost), terms.log_q);
    const Real a = select(is_shifted, q / rest, one);
    const Real log_x = select(is_shifted, log_of(x), terms.log_p);
    const Real w = select(counts, exp_below_one(Real(g * log_x)), zero);
    const Real ratio = h / x;
    const Real focus = detach ? zero : Real(g * q);
    const Real slope = a + focus * ratio;
    const Real bend = a * a + focus * (a + a + (g - one) * q * ratio) / x;
    return {w * h, w * p * slope, w * p * (p * bend + (one - p - p) * slope)};
  }
};

using AsymmetricLoss = LabelLoss<AsymmetricKernel>;

/// The asymmetric loss of each label. The authors sum over cells: `Reduction::sum`. Weights of the
/// classes, such as `prevalence_weights`, are set by `with_class_weights` or in `classes`.
/// O(classes).
/// @throws InvalidArgument if a power is negative or not finite, or the shift not in [0, 1).
inline AsymmetricLoss asymmetric_loss(std::size_t n_classes, const AsymmetricKernel& options = {}) {
  detail::checked_at_least_zero(options.gamma_positive, "asymmetric loss: gamma of positives");
  detail::checked_at_least_zero(options.gamma_negative, "asymmetric loss: gamma of negatives");
  if (!is_finite(options.shift) || options.shift < 0 || options.shift >= 1) {
    throw InvalidArgument("asymmetric loss: the shift is " + detail::text_of(options.shift) +
                          "; expected a number in [0, 1)");
  }
  return {options, std::vector<ClassTerms>(n_classes)};
}

}  // namespace cxrlt
