// SPDX-License-Identifier: Apache-2.0
/// How an evaluation is made.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/calibration_error.hpp"
#include "cxrlt/metrics/frequency_groups.hpp"
#include "cxrlt/metrics/metric_name.hpp"

namespace cxrlt {

/// How `evaluate` works. Every field has a default.
struct EvaluationOptions {
  /// One name a class; empty: `class_0`, `class_1`, ...
  std::vector<std::string> class_names = {};
  ScoreKind scores = ScoreKind::probabilities;
  /// Decision thresholds, as probabilities under `logits`: empty for 0.5, one for all, or one a
  /// class.
  std::vector<double> thresholds = {};
  /// Bins of the calibration errors.
  int n_bins = default_bins;
  /// Level of the intervals that metrics bring along.
  double level = 0.95;
  /// A weight per row; empty: every row counts 1.
  std::span<const double> row_weights = {};
  /// Head, medium, tail, or groups of the caller's.
  std::vector<ClassGroup> groups = {};
  /// What averages do with classes for which a metric is undefined.
  UndefinedPolicies undefined = {};
  /// Only these; empty: all metrics at their default parameters, in all their scopes.
  std::vector<MetricName> metrics = {};
};

}  // namespace cxrlt
