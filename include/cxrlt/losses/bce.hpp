// SPDX-License-Identifier: Apache-2.0
/// Binary cross-entropy, with weights for positives.
#pragma once

#include <cstddef>
#include <span>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/losses/class_terms.hpp"

namespace cxrlt {

/// -y log p - (1 - y) log(1 - p) with p = sigmoid(z), from the logit: softplus(-z) or softplus(z).
/// Its derivatives are p - y and p (1 - p). Natural logarithm; range [0, inf).
struct BceKernel {
  template <class Real, class Condition>
  CXRLT_HD CXRLT_ALWAYS_INLINE CellLoss<Real> operator()(const Real& z,
                                                         const Condition& is_positive) const {
    using detail::logistic_terms;
    using detail::select;
    const auto terms = logistic_terms(Real(select(is_positive, z, -z)));
    return {-terms.log_p, select(is_positive, -terms.q, terms.q), terms.p * terms.q};
  }
};

using BceLoss = LabelLoss<BceKernel>;

/// Binary cross-entropy of each label, all weights 1. O(classes).
inline BceLoss bce_loss(std::size_t n_classes) {
  return {{}, std::vector<ClassTerms>(n_classes)};
}

/// Binary cross-entropy with weighted positives: -w_c y log p - (1 - y) log(1 - p). The usual
/// weights are `negatives_per_positive`.
/// @param positive_weights  w_c, one per class, finite and at least 0
/// @throws InvalidArgument if a weight is negative or not finite. O(classes).
inline BceLoss bce_loss(std::span<const double> positive_weights) {
  return with_class_weights(bce_loss(positive_weights.size()), positive_weights,
                            WeightedTerms::positive);
}

}  // namespace cxrlt
