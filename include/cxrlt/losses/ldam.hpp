// SPDX-License-Identifier: Apache-2.0
/// Label-distribution-aware margins: the rarer a class, the further its positives must be right.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/losses/bce.hpp"
#include "cxrlt/losses/class_terms.hpp"

namespace cxrlt {

/// Binary cross-entropy of scale z; by z its derivatives are scale (p - y) and scale^2 p (1 - p),
/// p = sigmoid(scale z). The margin stands in `ClassTerms`.
struct LdamKernel {
  double scale = 30;

  template <class Real, class Condition>
  CXRLT_HD CXRLT_ALWAYS_INLINE CellLoss<Real> operator()(const Real& z,
                                                         const Condition& is_positive) const {
    const Real s = static_cast<Real>(scale);
    const CellLoss<Real> loss = BceKernel{}(Real(s * z), is_positive);
    return {loss.value, s * loss.gradient, s * s * loss.curvature};
  }
};

using LdamLoss = LabelLoss<LdamKernel>;

/// How margins are made.
struct LdamOptions {
  double largest_margin = 0.5;  ///< of the rarest class with positives; at least 0
  double scale = 30;            ///< above 0; logits are meant to be cosines, or that small
};

/// The margins Delta_c = largest n_c^(-1/4) / max_j n_j^(-1/4) over classes with positives (Cao et
/// al. 2019); a class without positives gets the largest margin and takes no part in the maximum.
/// @throws InvalidArgument if largest is negative or not finite. O(classes).
inline std::vector<double> ldam_margins(std::span<const std::uint64_t> positives,
                                        double largest = 0.5) {
  detail::checked_at_least_zero(largest, "ldam: the largest margin");
  std::uint64_t fewest = 0;
  for (const std::uint64_t count : positives) {
    if (count > 0 && (fewest == 0 || count < fewest)) fewest = count;
  }
  std::vector<double> margins(positives.size(), largest);
  for (std::size_t k = 0; k < positives.size(); ++k) {
    if (positives[k] == 0) continue;
    const double share = static_cast<double>(fewest) / static_cast<double>(positives[k]);
    margins[k] = largest * std::sqrt(std::sqrt(share));
  }
  return margins;
}

/// LDAM for several labels: BCE(s (z - y Delta_c), y), the sigmoid form of the paper's softmax loss
/// with a hinge for positives only. Inference takes s z, without margins.
/// With class-balanced weights from some epoch on it is LDAM-DRW: see `DeferredReweighting`.
/// @param positives  n_c, training positives of each class; 0 is defined, see `ldam_margins`
/// @throws InvalidArgument if an option is out of range. O(classes).
inline LdamLoss ldam_loss(std::span<const std::uint64_t> positives,
                          const LdamOptions& options = {}) {
  LdamLoss loss{{detail::checked_above_zero(options.scale, "ldam: the scale")},
                std::vector<ClassTerms>(positives.size())};
  const std::vector<double> margins = ldam_margins(positives, options.largest_margin);
  for (std::size_t k = 0; k < margins.size(); ++k) loss.classes[k].positive_shift = -margins[k];
  return loss;
}

}  // namespace cxrlt
