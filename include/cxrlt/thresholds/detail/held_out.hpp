// SPDX-License-Identifier: Apache-2.0
/// Thresholds of all classes, judged on rows that had no part in their choice.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/thresholds/objective.hpp"
#include "cxrlt/thresholds/tail_safe.hpp"

namespace cxrlt::detail {

/// The counts of each class at its threshold.
template <class Score>
std::vector<ConfusionCounts<>> counts_at(MatrixView<const Score> scores, LabelMatrixView labels,
                                         const std::vector<double>& thresholds) {
  std::vector<ConfusionCounts<>> counts;
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    counts.push_back(count_confusion(scores.column(k), labels.column(k), thresholds[k]));
  }
  return counts;
}

/// Per class the counts of each fold by `choose(labels)`, the thresholds that the labels of all
/// other folds make, added up over folds.
template <class Score, class Choose>
std::vector<ConfusionCounts<>> held_out_counts(MatrixView<const Score> scores,
                                               LabelMatrixView labels, std::span<const int> folds,
                                               int n_folds, const Choose& choose) {
  std::vector<ConfusionCounts<>> sums(scores.n_classes());
  for (int fold = 0; fold < n_folds; ++fold) {
    const auto is_held_out = [&](std::size_t i, std::size_t) { return folds[i] == fold; };
    const ClassMatrix<Label> others = labels_where(labels, std::not_fn(is_held_out));
    const std::vector<double> thresholds = choose(LabelMatrixView(others.view()));
    const ClassMatrix<Label> held_out = labels_where(labels, is_held_out);
    const auto counts = counts_at(scores, LabelMatrixView(held_out.view()), thresholds);
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += counts[k];
  }
  return sums;
}

/// A class at a threshold that was chosen by other means: its counts, and the scores next to it.
template <class Score>
ChosenThreshold describe_threshold(ColumnView<const Score> scores, LabelColumnView labels,
                                   double threshold, const ConfusionCounts<>& counts) {
  ChosenThreshold chosen;
  chosen.threshold = threshold;
  chosen.n_positive = counts.tp + counts.fn;
  chosen.n_negative = counts.fp + counts.tn;
  chosen.n_predicted = counts.tp + counts.fp;
  double smallest = std::numeric_limits<double>::infinity();
  double largest = -smallest;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (labels[i] == kMissing) continue;
    const double score = static_cast<double>(scores[i]);
    if (score >= threshold) {
      smallest = std::min(smallest, score);
    } else {
      largest = std::max(largest, score);
    }
  }
  if (chosen.n_predicted > 0) chosen.smallest_accepted = smallest;
  if (chosen.n_predicted < counts.total()) chosen.largest_refused = largest;
  return chosen;
}

inline ClassSupport support_of(const ConfusionCounts<>& counts) {
  return {static_cast<double>(counts.tp + counts.fn), static_cast<double>(counts.fp + counts.tn)};
}

/// The value of a class, or what the truth lacks to judge it.
inline MetricValue class_value(const ConfusionCounts<>& counts, const Objective& objective) {
  const Needs needs = needs_of(objective);
  const ClassSupport support = support_of(counts);
  if (!truth_defines(needs, support)) {
    return MetricValue::undefined(missing_labels(needs, std::span(&support, 1)));
  }
  return objective_value(counts, objective);
}

}  // namespace cxrlt::detail
