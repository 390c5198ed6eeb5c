// SPDX-License-Identifier: Apache-2.0
/// Probabilities for a population in which classes are rarer or more frequent than in training.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/adjustment/logit_adjustment.hpp"
#include "cxrlt/adjustment/logit_shift.hpp"
#include "cxrlt/adjustment/training_counts.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

/// logit(target) - logit(source): what is added to a logit so that a probability, calibrated where
/// the class has the prior `source`, is calibrated where it has `target` and all else is equal
/// (Elkan 2001; Saerens, Latinne and Decaestecker 2002). From .002 to .02, p = .01 becomes .0933.
/// Subtracting log(source) alone, as in a softmax, would make it .83.
/// Calibrated scores are needed: what is added to a wrong logit stays wrong.
/// @throws InvalidArgument unless both priors lie in (0, 1).
inline double prior_shift(double source, double target) {
  for (const double prior : {source, target}) {
    if (!(prior > 0 && prior < 1)) {
      throw InvalidArgument("prior shift: " + (is_nan(prior) ? "NaN" : number_text(prior)) +
                            " is no prior; expected a number between 0 and 1, both excluded");
    }
  }
  return logit(target) - logit(source);
}

/// The nearest prior to an estimate that probabilities can be shifted to: half a row of n at least,
/// and half a row short of all at most. An estimate of 0, which is frequent for rare classes, would
/// make every probability 0 and tie the whole class.
inline double inner_prior(double estimate, std::uint64_t n_rows) {
  const double half_row = 0.5 / static_cast<double>(std::max<std::uint64_t>(1, n_rows));
  return std::clamp(estimate, half_row, 1 - half_row);
}

/// The shifts of all classes from their training priors to `target`, to be added by `shift_logits`.
/// A class with no training positives, or no negatives, or whose target does not exist (an estimate
/// that could not be made), is left as it is, and `why` says so.
/// @param target  one prior per class
/// @throws InvalidArgument if the numbers differ or a target lies outside (0, 1), and as
/// `check_training_counts`. O(classes).
inline std::vector<LogitShift> prior_shifts(const TrainingCounts& counts,
                                            std::span<const MetricValue> target) {
  check_training_counts(counts, target.size());
  std::vector<LogitShift> shifts(target.size());
  for (std::size_t k = 0; k < shifts.size(); ++k) {
    const double source = counts.prior(k);
    const Undefined no_source = detail::why_no_logit(source);
    shifts[k].why = no_source == Undefined::none ? target[k].why : no_source;
    if (!target[k].defined()) continue;
    // A target is looked at even where it cannot be used.
    const double value = prior_shift(no_source == Undefined::none ? source : 0.5, target[k].value);
    if (shifts[k].why == Undefined::none) shifts[k].value = value;
  }
  return shifts;
}

}  // namespace cxrlt
