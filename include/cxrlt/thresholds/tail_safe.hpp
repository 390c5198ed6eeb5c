// SPDX-License-Identifier: Apache-2.0
/// Thresholds for classes with few positives, where the best on validation is mostly luck.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/thresholds/detail/averaged_threshold.hpp"
#include "cxrlt/thresholds/detail/ranked_rows.hpp"
#include "cxrlt/thresholds/detail/recalibrated.hpp"
#include "cxrlt/thresholds/detail/threshold_rules.hpp"
#include "cxrlt/thresholds/objective.hpp"
#include "cxrlt/thresholds/search.hpp"
#include "cxrlt/thresholds/threshold_method.hpp"
#include "cxrlt/thresholds/threshold_options.hpp"

namespace cxrlt {

/// A threshold with what it attains on its own rows, and on rows that had no part in its choice.
struct ChosenThreshold {
  double threshold = std::numeric_limits<double>::infinity();  ///< predict where score >= threshold
  ThresholdMethod method = ThresholdMethod::best;  ///< `best` for objectives with targets
  MetricValue apparent;
  MetricValue cross_validated;
  bool attainable = true;  ///< false where no threshold reaches the objective's target
  std::uint64_t n_positive = 0;
  std::uint64_t n_negative = 0;
  std::uint64_t n_predicted = 0;  ///< rows with score >= threshold
  double plug_in_weight = std::numeric_limits<double>::quiet_NaN();  ///< of `automatic`, in [0, 1]
  double smallest_accepted = std::numeric_limits<double>::quiet_NaN();  ///< NaN: none is
  double largest_refused = std::numeric_limits<double>::quiet_NaN();    ///< NaN: none is
};

namespace detail {

/// What a method attains on folds that had no part in its choice, their counts added up.
inline MetricValue cross_validated(ThresholdMethod method, const RankedRows& rows,
                                   const ThresholdOptions& options, const PlattScaling& start) {
  ConfusionCounts<> all;
  for (int fold = 0; fold < options.folds.n_folds; ++fold) {
    // Two parameters learn too little of their rows to be worth folds within folds.
    const double threshold = threshold_by(method, rows_of_fold(rows, fold, false), options, &start);
    all += confusion_of(rows_of_fold(rows, fold, true), threshold);
  }
  return objective_value(all, options.objective);
}

/// The mean of `cross_validated` over several ways to fold, or why one of them does not exist.
inline MetricValue repeatedly_validated(ThresholdMethod method, RankedRows& rows,
                                        const std::vector<std::vector<int>>& foldings,
                                        const ThresholdOptions& options) {
  PlattScaling start;
  if (method == ThresholdMethod::plug_in) start = fit_platt(rows);
  double sum = 0;
  for (const std::vector<int>& folding : foldings) {
    assign_folds(rows, folding);
    const MetricValue value = cross_validated(method, rows, options, start);
    if (!value.defined()) return value;
    sum += value.value;
  }
  return {sum / static_cast<double>(foldings.size())};
}

/// One way to fold, or five where chance in the folds would decide.
inline std::vector<std::vector<int>> fold_rows(LabelColumnView labels, std::size_t n_positive,
                                               std::span<const std::size_t> groups,
                                               const FoldOptions& options) {
  constexpr std::size_t few_positives = 100;
  const std::uint64_t n_foldings = n_positive < few_positives ? 5 : 1;
  std::vector<std::vector<int>> foldings;
  for (std::uint64_t r = 0; r < n_foldings; ++r) {
    foldings.push_back(stratified_folds(labels, groups, {options.n_folds, options.seed + r}));
  }
  return foldings;
}

inline void check_threshold_options(const ThresholdOptions& options) {
  check_objective(options.objective);
  if (options.objective.kind == ObjectiveKind::cardinality) {
    throw InvalidArgument("thresholds: cardinality is an objective of all classes, not of one");
  }
  if (!(options.pseudo_positives >= 0)) {
    throw InvalidArgument("thresholds: pseudo_positives is negative or NaN; expected 0 or more");
  }
  const bool exact =
      options.method == ThresholdMethod::best || options.method == ThresholdMethod::automatic;
  if (options.objective.has_target() && !exact) {
    throw InvalidArgument("thresholds: the method '" + std::string(to_string(options.method)) +
                          "' cannot keep the target " + objective_text(options.objective) +
                          "; only 'best' can");
  }
}

/// Fills in the threshold and its cross-validated value.
inline void choose_by(ThresholdMethod method, RankedRows& rows,
                      const std::vector<std::vector<int>>& foldings,
                      const ThresholdOptions& options, ChosenThreshold& chosen) {
  if (method == ThresholdMethod::automatic) {
    const AveragedThreshold averaged = averaged_threshold(rows, foldings, options);
    chosen.threshold = averaged.threshold;
    chosen.cross_validated = averaged.cross_validated;
    chosen.plug_in_weight = averaged.plug_in_weight;
    return;
  }
  chosen.cross_validated = repeatedly_validated(method, rows, foldings, options);
  assign_folds(rows, foldings.front());
  chosen.threshold =
      method == ThresholdMethod::plug_in
          ? threshold_of_expected(rows, cross_fitted_probabilities(rows, options.folds.n_folds),
                                  options.objective)
          : threshold_by(method, rows, options);
}

template <class Score>
ChosenThreshold choose_threshold(ColumnView<const Score> scores, LabelColumnView labels,
                                 const ThresholdOptions& options,
                                 std::span<const std::size_t> groups) {
  check_threshold_options(options);
  check_same_size(scores.size(), labels.size(), "labels");
  RankedRows rows = rank_rows(scores, labels);
  ChosenThreshold chosen;
  chosen.method = options.objective.has_target() ? ThresholdMethod::best : options.method;
  if (chosen.method == ThresholdMethod::automatic || chosen.method == ThresholdMethod::plug_in) {
    add_logits(rows, options.scores);
  }
  chosen.n_positive = count_positives(rows);
  chosen.n_negative = rows.size() - chosen.n_positive;
  const std::vector<std::vector<int>> foldings =
      fold_rows(labels, chosen.n_positive, groups, options.folds);
  if (chosen.n_positive == 0) {
    if (!rows.empty()) chosen.largest_refused = rows.front().score;
    chosen.apparent =
        MetricValue::undefined(rows.empty() ? Undefined::no_samples : Undefined::no_positives);
    chosen.cross_validated = chosen.apparent;
    return chosen;
  }
  choose_by(chosen.method, rows, foldings, options, chosen);
  chosen.n_predicted = n_predicted(rows, chosen.threshold);
  if (chosen.n_predicted > 0) chosen.smallest_accepted = rows[chosen.n_predicted - 1].score;
  if (chosen.n_predicted < rows.size()) chosen.largest_refused = rows[chosen.n_predicted].score;
  chosen.apparent = objective_value(confusion_of(rows, chosen.threshold), options.objective);
  if (options.objective.has_target()) {
    const OperatingPoint best = best_threshold(counts_of(rows), options.objective);
    chosen.attainable = best.attainable;
    chosen.apparent = best.value;
  }
  return chosen;
}

}  // namespace detail

/// Chooses the threshold of one class, and says what it attains on its own rows (`apparent`) and,
/// by cross-validation, on others (`cross_validated`): with 3 positives the best threshold of the
/// validation rows promises three times what it keeps.
///
/// `best` is `best_threshold`. `match` predicts as many rows as there are positives (the nearest
/// number that ties allow; of two the smaller). `plug_in` recalibrates the logits by Platt scaling,
/// cross-fitted, and takes the optimum of the objective at the expected counts
/// TP(t) = sum p_i [score_i >= t] (for F1: Lipton, Elkan, Narayanaswamy 2014). `shrink` moves the
/// number of predictions from that of `best` to that of `match`, by the weight
/// w = n+ / (n+ + pseudo_positives) in its logarithm. `automatic` lies between `best` and
/// `plug_in`, and averages: each training set of the cross-validation gives a threshold by either,
/// and the mean of the logarithms of how many rows these predict (plus 1/2) decides. `plug_in`
/// weighs w = Phi(gain / error), its gain over `best` on held-out rows and the jackknife error of
/// that: 1/2 where nothing speaks for either.
///
/// `cross_validated` adds up the counts of held-out folds; below 100 positives it is the mean of
/// five ways to fold. Folds are `stratified_folds`: rows of one group (a patient) share one. For an
/// objective with a target `automatic` is `best`.
///
/// Without positives nothing is predicted (+inf), and both values are undefined.
/// @param scores  n scores; for `plug_in` and `automatic` probabilities or logits, as the options
/// say
/// @param labels  n labels in {0, 1, missing}
/// @param groups  n group numbers, or none
/// @throws InvalidArgument if sizes differ, a score of a labelled row is NaN, a label is none, an
/// option is out of its range, the method cannot keep the objective's target, or scores that should
/// be probabilities are not. Cost: O(n log n) for each way to fold; `automatic` and
/// `plug_in` fit Platt scaling once for each training set, in about four passes.
inline ChosenThreshold choose_threshold(ColumnView<const double> scores, LabelColumnView labels,
                                        const ThresholdOptions& options = {},
                                        std::span<const std::size_t> groups = {}) {
  return detail::choose_threshold(scores, labels, options, groups);
}
/// @copydoc choose_threshold(ColumnView<const double>, LabelColumnView, const ThresholdOptions&,
/// std::span<const std::size_t>)
inline ChosenThreshold choose_threshold(ColumnView<const float> scores, LabelColumnView labels,
                                        const ThresholdOptions& options = {},
                                        std::span<const std::size_t> groups = {}) {
  return detail::choose_threshold(scores, labels, options, groups);
}

}  // namespace cxrlt
