// SPDX-License-Identifier: Apache-2.0
/// Focal loss: less weight for cells that are right already.
#pragma once

#include <cstddef>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/host_device.hpp"
#include "cxrlt/losses/class_terms.hpp"

namespace cxrlt {

/// -(1 - p_t)^gamma log p_t (Lin et al. 2017), where p_t = sigmoid(z) for a positive and
/// sigmoid(-z) for a negative. With m the logit of p_t, q = 1 - p_t and w = q^gamma,
/// d/dm = w (gamma p_t log p_t - q) and
/// d^2/dm^2 = w p_t (q (2 gamma + 1) + gamma log p_t (q - gamma p_t)); the latter is negative for
/// some cells that are wrong. Range [0, inf).
struct FocalKernel {
  double gamma = 2;  ///< at least 0; 0 is binary cross-entropy

  template <class Real, class Condition>
  CXRLT_HD CXRLT_ALWAYS_INLINE CellLoss<Real> operator()(const Real& z,
                                                         const Condition& is_positive) const {
    using detail::select;
    const CellLoss<Real> loss = of_margin(Real(select(is_positive, z, -z)));
    return {loss.value, select(is_positive, loss.gradient, -loss.gradient), loss.curvature};
  }

  /// The same by the logit of p_t, which grows where the cell is right.
  template <class Real>
  CXRLT_HD CXRLT_ALWAYS_INLINE CellLoss<Real> of_margin(const Real& m) const {
    using detail::exp_below_one;
    using detail::logistic_terms;
    const Real g = static_cast<Real>(gamma);
    const auto terms = logistic_terms(m);
    const Real w = exp_below_one(Real(g * terms.log_q));
    const Real slope = g * terms.log_p;
    return {-w * terms.log_p, w * (slope * terms.p - terms.q),
            w * terms.p * (terms.q * (g + g + Real(1)) + slope * (terms.q - g * terms.p))};
  }
};

using FocalLoss = LabelLoss<FocalKernel>;

/// How a focal loss weighs cells.
struct FocalOptions {
  double gamma = 2;            ///< at least 0
  double positive_weight = 1;  ///< alpha of the paper where y = 1
  double negative_weight = 1;  ///< 1 - alpha of the paper; both 1: no weights
};

/// The focal loss of each label. O(classes).
/// @throws InvalidArgument if an option is negative or not finite.
inline FocalLoss focal_loss(std::size_t n_classes, const FocalOptions& options = {}) {
  const FocalKernel kernel{detail::checked_at_least_zero(options.gamma, "focal loss: gamma")};
  ClassTerms terms;
  terms.positive_weight =
      detail::checked_at_least_zero(options.positive_weight, "focal loss: the positive weight");
  terms.negative_weight =
      detail::checked_at_least_zero(options.negative_weight, "focal loss: the negative weight");
  return {kernel, std::vector<ClassTerms>(n_classes, terms)};
}

}  // namespace cxrlt
