// SPDX-License-Identifier: Apache-2.0
/// One threshold for all classes with the best macro average.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <iterator>
#include <limits>
#include <span>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/confusions.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/operating_points.hpp"
#include "cxrlt/thresholds/objective.hpp"

namespace cxrlt {

namespace detail {

inline void check_shared_objective(const Objective& objective) {
  check_objective(objective);
  switch (objective.kind) {
    case ObjectiveKind::f_beta:
    case ObjectiveKind::informedness:
    case ObjectiveKind::cost:
      return;
    default:
      throw InvalidArgument("no shared threshold is searched for " + objective_text(objective) +
                            "; only for f1, fbeta:B, youden and cost:FP,FN");
  }
}

/// The thresholds at which some class has a positive, descending, after +inf.
inline std::vector<double> shared_candidates(const std::vector<ThresholdCounts<>>& counts) {
  std::vector<double> candidates{std::numeric_limits<double>::infinity()};
  for (const ThresholdCounts<>& one : counts) {
    std::vector<double> merged;
    std::set_union(candidates.begin(), candidates.end(), one.threshold.begin(), one.threshold.end(),
                   std::back_inserter(merged), std::greater<>());
    candidates.swap(merged);
  }
  return candidates;
}

/// Adds the objective of each class of the average to `sums`, candidate by candidate, in the order
/// of classes; a few classes are counted at the same time.
template <class Score>
void add_class_values(MatrixView<const Score> scores, LabelMatrixView labels,
                      std::span<const std::size_t> classes, const Objective& objective,
                      std::span<const double> candidates, const Cpu& policy,
                      std::vector<double>& sums) {
  const std::size_t n_at_once = n_workers(classes.size(), policy);
  std::vector<std::vector<ConfusionCounts<>>> counts(n_at_once);
  for (std::size_t begin = 0; begin < classes.size(); begin += n_at_once) {
    const std::size_t n = std::min(n_at_once, classes.size() - begin);
    parallel_for(n, policy, [&](std::size_t j) {
      const std::size_t c = classes[begin + j];
      counts[j] = confusions(scores.column(c), labels.column(c), candidates);
    });
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t k = 0; k < sums.size(); ++k) {
        sums[k] += objective_value(counts[j][k], objective).value;
      }
    }
  }
}

template <class Score>
OperatingPoint best_shared_threshold(MatrixView<const Score> scores, LabelMatrixView labels,
                                     const Objective& objective, const Cpu& policy) {
  check_shared_objective(objective);
  const std::vector<ThresholdCounts<>> counts = count_classes(scores, labels, policy);
  const Needs needs = needs_of(objective);
  std::vector<ClassSupport> support;
  std::vector<std::size_t> classes;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    support.push_back(
        {static_cast<double>(counts[c].n_positive), static_cast<double>(counts[c].n_negative)});
    if (truth_defines(needs, support[c])) classes.push_back(c);
  }
  if (classes.empty()) return no_operating_point(missing_labels(needs, support));
  const std::vector<double> candidates = shared_candidates(counts);
  std::vector<double> sums(candidates.size());
  add_class_values(scores, labels, classes, objective, candidates,
                   for_size(policy, scores.n_samples() * scores.n_classes()), sums);
  const bool lower = objective.kind == ObjectiveKind::cost;
  const double scale = lower ? objective.false_positive_cost + objective.false_negative_cost : 1;
  // Sums of equal values may differ by rounding.
  const double margin = 1e-14 * scale * static_cast<double>(classes.size());
  std::size_t best = 0;
  for (std::size_t k = 1; k < sums.size(); ++k) {
    if ((lower ? sums[best] - sums[k] : sums[k] - sums[best]) > margin) best = k;
  }
  return {candidates[best], {sums[best] / static_cast<double>(classes.size())}};
}

}  // namespace detail

/// The one threshold for all classes with the best macro average of F-beta, informedness or the
/// mean cost: (1 / C) sum_c value_c(t), and that value; over the classes that the truth defines
/// (with positives; for informedness with both kinds of label; for the cost with any label). Scores
/// are compared across classes. Of equal values the highest threshold, +inf (nothing is predicted)
/// among them.
///
/// Exact up to rounding, over all scores: let t fall from one score at which a positive of some
/// class stands towards the next. No TP_c changes on the way, while every FP_c grows or stays. So
/// each F-beta, (1 + b^2) TP_c / (b^2 P_c + TP_c + FP_c), and each TPR - FPR falls or stays, each
/// cost rises or stays, and with them the mean. Hence some optimum, and the highest of them, stands
/// where a positive does, or at +inf. A class's false positives grow between its own positives as
/// well, so all classes are counted anew at the candidates of all.
///
/// Not for MCC, which may rise where a false positive is added to worse than nothing, and not for
/// targets, which are of one class.
/// @param scores     n_samples x n_classes scores
/// @param labels     of the same shape, in {0, 1, missing}
/// @param objective  `f_beta`, `informedness` or `cost`
/// @return undefined, with a NaN threshold, where the truth defines no class
/// @throws InvalidArgument for another objective, or as `count_thresholds`.
/// Equal for every number of threads.
/// Cost: O(cells log K + K classes) for K distinct scores of positives; 40 bytes for each of K.
inline OperatingPoint best_shared_threshold(MatrixView<const double> scores, LabelMatrixView labels,
                                            const Objective& objective = {},
                                            const Cpu& policy = {}) {
  return detail::best_shared_threshold(scores, labels, objective, policy);
}
/// @copydoc best_shared_threshold(MatrixView<const double>, LabelMatrixView, const Objective&,
/// const Cpu&)
inline OperatingPoint best_shared_threshold(MatrixView<const float> scores, LabelMatrixView labels,
                                            const Objective& objective = {},
                                            const Cpu& policy = {}) {
  return detail::best_shared_threshold(scores, labels, objective, policy);
}

}  // namespace cxrlt
