// SPDX-License-Identifier: Apache-2.0
/// Class-balanced losses: each class weighted by its effective number of positives.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "cxrlt/losses/class_terms.hpp"
#include "cxrlt/losses/class_weights.hpp"

namespace cxrlt {

/// How classes are balanced.
struct ClassBalancedOptions {
  double beta = 0.9999;  ///< in [0, 1)
  /// The paper weighs the whole sigmoid loss of a class; several programs for long tails weigh its
  /// positives alone.
  WeightedTerms terms = WeightedTerms::both;
};

/// The loss with w_c f(z, y), w_c = (1 - beta) / (1 - beta^n_c), scaled to sum to C (Cui et al.
/// 2019), for any loss of several labels: `class_balanced(bce_loss(C), counts)`,
/// `class_balanced(focal_loss(C), counts)`.
/// @param positives  n_c, training positives of each class; 0 counts as 1
/// @throws InvalidArgument if the number of classes differs, or beta is outside. O(classes).
template <class Loss>
Loss class_balanced(Loss loss, std::span<const std::uint64_t> positives,
                    const ClassBalancedOptions& options = {}) {
  return with_class_weights(std::move(loss), effective_number_weights(positives, options.beta),
                            options.terms);
}

}  // namespace cxrlt
