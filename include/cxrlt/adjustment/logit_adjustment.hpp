// SPDX-License-Identifier: Apache-2.0
/// Post-hoc logit adjustment for several labels: the training prior taken out of each class.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cxrlt/adjustment/logit_shift.hpp"
#include "cxrlt/adjustment/training_counts.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

namespace detail {

/// Why a prior has no finite logit; `none` if it has one.
inline Undefined why_no_logit(double prior) {
  if (prior <= 0) return Undefined::no_positives;
  return prior >= 1 ? Undefined::no_negatives : Undefined::none;
}

}  // namespace detail

/// The shifts -tau logit(pi_k), pi_k the training prior of class k, to be added by `shift_logits`:
/// z' = z - tau logit(pi). This is Menon et al. 2021 for independent labels, where the odds pi /
/// (1 - pi) take the place of pi in the softmax form (`SoftmaxAdjustment`).
/// With tau = 1 and calibrated scores z' > 0 exactly where p > pi, which is the best rule for
/// balanced accuracy; it is not the best for F1. What comes out is calibrated for no population.
/// A class with no training positives, or no negatives, is left as it is, and `why` says so.
/// @param tau  at least 0; 0 changes nothing, 1 takes the prior out
/// @throws InvalidArgument if tau is negative or not finite, and as `check_training_counts`.
/// O(classes).
inline std::vector<LogitShift> logit_adjustment(const TrainingCounts& counts, double tau = 1) {
  check_training_counts(counts, counts.positives.size());
  if (!is_finite(tau) || tau < 0) {
    throw InvalidArgument("adjustment: tau is " + (is_nan(tau) ? "NaN" : number_text(tau)) +
                          "; expected a number of at least 0");
  }
  std::vector<LogitShift> shifts(counts.positives.size());
  for (std::size_t k = 0; k < shifts.size(); ++k) {
    const double prior = counts.prior(k);
    shifts[k].why = detail::why_no_logit(prior);
    if (shifts[k].why == Undefined::none) shifts[k].value = -tau * logit(prior);
  }
  return shifts;
}

}  // namespace cxrlt
