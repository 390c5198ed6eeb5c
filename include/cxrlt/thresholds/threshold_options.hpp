// SPDX-License-Identifier: Apache-2.0
/// How thresholds are chosen and judged.
#pragma once

#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/thresholds/objective.hpp"
#include "cxrlt/thresholds/threshold_method.hpp"

namespace cxrlt {

/// How a threshold is chosen and judged.
struct ThresholdOptions {
  Objective objective = {};
  ThresholdMethod method = ThresholdMethod::automatic;
  ScoreKind scores = ScoreKind::probabilities;  ///< for `plug_in`, which recalibrates logits
  FoldOptions folds = {};                       ///< of the cross-validation
  double pseudo_positives = 10;                 ///< of `shrink`: how much `match` weighs
};

}  // namespace cxrlt
