// SPDX-License-Identifier: Apache-2.0
/// Logit-adjusted training for several labels: the priors stand in the loss, so the logits need not
/// learn them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "cxrlt/losses/class_terms.hpp"
#include "cxrlt/losses/class_weights.hpp"

namespace cxrlt {

/// tau logit(pi_c), pi_c = n_c / N with at least half a sample of either label, so that every shift
/// is finite.
/// @throws InvalidArgument if n_c > N, N = 0, or tau is negative or not finite. O(classes).
inline std::vector<double> prior_logits(std::span<const std::uint64_t> positives,
                                        std::uint64_t n_samples, double tau = 1) {
  detail::check_class_counts(positives, n_samples);
  detail::checked_at_least_zero(tau, "logit adjustment: tau");
  std::vector<double> shifts;
  for (const std::uint64_t count : positives) {
    shifts.push_back(tau * detail::prior_logit(count, n_samples));
  }
  return shifts;
}

/// f(z + tau logit(pi_c), y) of any loss f of several labels: the form of Menon et al. 2021 for
/// independent labels; with binary cross-entropy and tau = 1 also that of Ren et al. 2020 (balanced
/// sigmoid). Inference takes z: with tau = 1, z > 0 is where p > pi_c, the best rule for balanced
/// accuracy, not for F1. The post-hoc counterpart of one trained without is `logit_adjustment`.
/// @throws InvalidArgument if the number of classes differs, and as `prior_logits`. O(classes).
template <class Loss>
Loss logit_adjusted(Loss loss, std::span<const std::uint64_t> positives, std::uint64_t n_samples,
                    double tau = 1) {
  return with_logit_shifts(std::move(loss), prior_logits(positives, n_samples, tau));
}

}  // namespace cxrlt
