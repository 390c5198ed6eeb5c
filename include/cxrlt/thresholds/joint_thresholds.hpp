// SPDX-License-Identifier: Apache-2.0
/// Sets of thresholds that are chosen for all classes together, with what they attain together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/threshold.hpp"
#include "cxrlt/thresholds/detail/held_out.hpp"
#include "cxrlt/thresholds/match.hpp"
#include "cxrlt/thresholds/micro_thresholds.hpp"
#include "cxrlt/thresholds/shared_threshold.hpp"
#include "cxrlt/thresholds/threshold_set.hpp"

namespace cxrlt {

/// Refuses a scope, an objective and a method that contradict each other. @throws InvalidArgument
inline void check_joint_options(ThresholdScope scope, const ThresholdOptions& options) {
  const bool cardinality = options.objective.kind == ObjectiveKind::cardinality;
  const std::string name(to_string(scope));
  if (scope == ThresholdScope::each_class) {
    throw InvalidArgument("thresholds: the scope '" + name + "' is of each class alone" +
                          (cardinality ? "; cardinality is of all classes: shared" : ""));
  }
  const ThresholdMethod only = cardinality ? ThresholdMethod::match : ThresholdMethod::best;
  if (options.method != ThresholdMethod::automatic && options.method != only) {
    throw InvalidArgument("thresholds: the method '" + std::string(to_string(options.method)) +
                          "' is none for " + objective_text(options.objective) +
                          " of all classes; only '" + std::string(to_string(only)) + "' is");
  }
  if (scope == ThresholdScope::micro && options.objective.kind != ObjectiveKind::f_beta) {
    throw InvalidArgument("thresholds: the scope 'micro' is for f1 and fbeta:B, not for " +
                          objective_text(options.objective));
  }
  if (cardinality) return;
  detail::check_shared_objective(options.objective);
}

namespace detail {

/// The thresholds that these labels make; +inf where they make none.
template <class Score>
std::vector<double> joint_thresholds(MatrixView<const Score> scores, LabelMatrixView labels,
                                     ThresholdScope scope, const Objective& objective,
                                     const Cpu& policy) {
  if (scope == ThresholdScope::micro) {
    return best_micro_thresholds(count_classes(scores, labels, policy), objective.beta).thresholds;
  }
  const double threshold = objective.kind == ObjectiveKind::cardinality
                               ? match_cardinality(scores, labels).threshold
                               : best_shared_threshold(scores, labels, objective, policy).threshold;
  return std::vector<double>(
      scores.n_classes(), is_nan(threshold) ? std::numeric_limits<double>::infinity() : threshold);
}

/// Rows with a label of any class.
inline std::size_t count_labelled_rows(LabelMatrixView labels) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < labels.n_samples(); ++i) {
    bool any = false;
    for (std::size_t k = 0; k < labels.n_classes(); ++k) any = any || labels(i, k) != kMissing;
    n += any ? 1 : 0;
  }
  return n;
}

/// `n_cells` of the labelled cells, per row with a label.
inline MetricValue per_row(double n_cells, LabelMatrixView labels) {
  const std::size_t n_rows = count_labelled_rows(labels);
  if (n_rows == 0) return MetricValue::undefined(Undefined::no_samples);
  return {n_cells / static_cast<double>(n_rows)};
}

inline MetricValue macro_value(const std::vector<ConfusionCounts<>>& counts,
                               const Objective& objective) {
  std::vector<MetricValue> values;
  std::vector<ClassSupport> support;
  for (const ConfusionCounts<>& one : counts) {
    values.push_back(objective_value(one, objective));
    support.push_back(support_of(one));
  }
  AveragingRule rule;
  rule.needs = needs_of(objective);
  const Average mean = average(values, support, rule);
  return {mean.value, mean.why};
}

/// What the counts of all classes attain together.
inline MetricValue joint_value(const std::vector<ConfusionCounts<>>& counts, LabelMatrixView labels,
                               ThresholdScope scope, const Objective& objective) {
  ConfusionCounts<> sum;
  for (const ConfusionCounts<>& one : counts) sum += one;
  if (scope == ThresholdScope::micro) return class_value(sum, objective);
  if (objective.kind == ObjectiveKind::cardinality) {
    return per_row(static_cast<double>(sum.tp + sum.fp), labels);
  }
  return macro_value(counts, objective);
}

inline std::optional<double> wanted_value(const std::vector<ConfusionCounts<>>& counts,
                                          LabelMatrixView labels, const Objective& objective) {
  if (objective.kind != ObjectiveKind::cardinality) return std::nullopt;
  std::uint64_t n_positive = 0;
  for (const ConfusionCounts<>& one : counts) n_positive += one.tp + one.fn;
  const MetricValue wanted = per_row(static_cast<double>(n_positive), labels);
  return wanted.defined() ? std::optional(wanted.value) : std::nullopt;
}

template <class Score>
void fill_joint_set(MatrixView<const Score> scores, LabelMatrixView labels,
                    std::span<const std::size_t> groups, const Cpu& policy, ThresholdSet& set) {
  const Objective& objective = set.options.objective;
  const auto choose = [&](LabelMatrixView some) {
    return joint_thresholds(scores, some, set.scope, objective, policy);
  };
  const std::vector<double> thresholds = choose(labels);
  const auto counts = counts_at(scores, labels, thresholds);
  const std::vector<int> folds = stratified_folds(labels, groups, set.options.folds);
  const auto held_out = held_out_counts(scores, labels, folds, set.options.folds.n_folds, choose);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    ChosenThreshold chosen =
        describe_threshold(scores.column(k), labels.column(k), thresholds[k], counts[k]);
    chosen.method = objective.kind == ObjectiveKind::cardinality ? ThresholdMethod::match
                                                                 : ThresholdMethod::best;
    chosen.apparent = class_value(counts[k], objective);
    chosen.cross_validated = class_value(held_out[k], objective);
    set.classes.push_back(chosen);
  }
  set.joint = JointValue{joint_value(counts, labels, set.scope, objective),
                         joint_value(held_out, labels, set.scope, objective),
                         wanted_value(counts, labels, objective)};
}

template <class Score>
ThresholdSet find_joint_thresholds(MatrixView<const Score> scores, LabelMatrixView labels,
                                   std::vector<std::string> class_names, ThresholdScope scope,
                                   const ThresholdOptions& options,
                                   std::span<const std::size_t> groups, const Cpu& policy) {
  check_joint_options(scope, options);
  ThresholdSet set = begin_set(scores, labels, std::move(class_names), options);
  set.scope = scope;
  with_probabilities(scores, options.scores, policy, [&](const auto& probabilities) {
    fill_joint_set(probabilities, labels, groups, policy, set);
  });
  return set;
}

}  // namespace detail

/// Chooses thresholds for all classes together: under `shared` one for all, by
/// `best_shared_threshold`, or for the objective `cardinality` by `match_cardinality`; under
/// `micro` one per class, by `best_micro_thresholds`. `joint` says what they attain together: the
/// macro average, the micro F-beta, or the mean number of predictions per row, with the wanted
/// number beside it; each on these rows, and cross-validated: thresholds are chosen without a fold
/// and applied to it, and the counts of all folds added up. Folds are those of all classes, by
/// `stratified_folds`; rows of one group (a patient) share one. The values of each class are those
/// of the same thresholds.
///
/// A class without positives has no value. It takes the threshold that is shared, and under `micro`
/// predicts nothing. Where no class defines a threshold, nothing is predicted at all.
/// @param scores       n_samples x n_classes, what `options.scores` says
/// @param labels       of the same shape, in {0, 1, missing}
/// @param class_names  n_classes names, kept in the set
/// @param scope        `shared` or `micro`
/// @param options      the method `automatic` or `best` (for `cardinality` `match`)
/// @param groups       n_samples group numbers, or none
/// @throws InvalidArgument as `check_joint_options`, `count_thresholds` and `stratified_folds`.
/// Equal for every number of threads. Cost: n_folds + 1 searches.
inline ThresholdSet find_joint_thresholds(MatrixView<const double> scores, LabelMatrixView labels,
                                          std::vector<std::string> class_names,
                                          ThresholdScope scope,
                                          const ThresholdOptions& options = {},
                                          std::span<const std::size_t> groups = {},
                                          const Cpu& policy = {}) {
  return detail::find_joint_thresholds(scores, labels, std::move(class_names), scope, options,
                                       groups, policy);
}
/// @copydoc find_joint_thresholds(MatrixView<const double>, LabelMatrixView,
/// std::vector<std::string>, ThresholdScope, const ThresholdOptions&, std::span<const std::size_t>,
/// const Cpu&)
inline ThresholdSet find_joint_thresholds(MatrixView<const float> scores, LabelMatrixView labels,
                                          std::vector<std::string> class_names,
                                          ThresholdScope scope,
                                          const ThresholdOptions& options = {},
                                          std::span<const std::size_t> groups = {},
                                          const Cpu& policy = {}) {
  return detail::find_joint_thresholds(scores, labels, std::move(class_names), scope, options,
                                       groups, policy);
}

}  // namespace cxrlt
