// SPDX-License-Identifier: Apache-2.0
/// Deferred re-weighting: a loss without weights at first, then a class-balanced one.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "cxrlt/losses/class_balanced.hpp"
#include "cxrlt/losses/class_terms.hpp"
#include "cxrlt/losses/ldam.hpp"

namespace cxrlt {

/// When weights come into force, and which.
struct DeferredReweighting {
  int first_epoch = 10;  ///< epochs below it, counted from 0, have no weights
  ClassBalancedOptions weights{.beta = 0.9999, .terms = WeightedTerms::positive};
};

/// The loss of an epoch: as it is before `first_epoch`, class-balanced from there on (DRW, Cao et
/// al. 2019). The optimiser goes on with both, so the scale of weights, with mean 1, matters.
/// @param positives  training positives of each class; 0 counts as 1
/// @param epoch      counted from 0
/// @throws InvalidArgument as `class_balanced`, in the first epochs too. O(classes).
template <class Loss>
Loss deferred_reweighting(Loss loss, std::span<const std::uint64_t> positives, int epoch,
                          const DeferredReweighting& schedule = {}) {
  Loss weighted = class_balanced(loss, positives, schedule.weights);
  return epoch < schedule.first_epoch ? std::move(loss) : std::move(weighted);
}

/// LDAM-DRW: `ldam_loss` under `deferred_reweighting`.
/// @throws InvalidArgument as both. O(classes).
inline LdamLoss ldam_drw_loss(std::span<const std::uint64_t> positives, int epoch,
                              const DeferredReweighting& schedule = {},
                              const LdamOptions& options = {}) {
  return deferred_reweighting(ldam_loss(positives, options), positives, epoch, schedule);
}

}  // namespace cxrlt
