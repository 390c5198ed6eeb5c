// SPDX-License-Identifier: Apache-2.0
/// Everything at once, of a dataset read from files.
#pragma once

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/evaluate.hpp"
#include "cxrlt/evaluate/replicates.hpp"
#include "cxrlt/io/dataset.hpp"

namespace cxrlt {

/// As `evaluate` of the dataset's scores, in the precision in which they were stored, and labels.
/// Classes have the dataset's names unless options name them.
inline Evaluation evaluate(const Dataset& dataset, EvaluationOptions options = {},
                           const Cpu& policy = {}) {
  if (options.class_names.empty()) options.class_names = dataset.class_names;
  return dataset.visit_scores(
      [&](const auto& scores) { return evaluate(scores, dataset.label_view(), options, policy); });
}

/// As `evaluate_replicates` of the dataset's scores and labels.
inline EvaluationReplicates evaluate_replicates(const Dataset& dataset, EvaluationOptions options,
                                                const Resampler& resampler, const Cpu& policy = {},
                                                const ReplicateProgress& progress = {}) {
  if (options.class_names.empty()) options.class_names = dataset.class_names;
  return dataset.visit_scores([&](const auto& scores) {
    return evaluate_replicates(scores, dataset.label_view(), options, resampler, policy, progress);
  });
}

}  // namespace cxrlt
