// SPDX-License-Identifier: Apache-2.0
/// Thresholds for classes with few positives, where the best on validation is mostly luck.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
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
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/thresholds/detail/ranked_rows.hpp"
#include "cxrlt/thresholds/detail/recalibrated.hpp"
#include "cxrlt/thresholds/objective.hpp"
#include "cxrlt/thresholds/search.hpp"
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

/// A threshold with what it attains on its own rows, and on rows that had no part in its choice.
struct ChosenThreshold {
  double threshold = std::numeric_limits<double>::infinity();  ///< predict where score >= threshold
  ThresholdMethod method = ThresholdMethod::best;              ///< never `automatic`
  MetricValue apparent;
  MetricValue cross_validated;
  bool attainable = true;  ///< false where no threshold reaches the objective's target
  std::uint64_t n_positive = 0;
  std::uint64_t n_negative = 0;
  std::uint64_t n_predicted = 0;  ///< rows with score >= threshold
  double smallest_accepted = std::numeric_limits<double>::quiet_NaN();  ///< NaN: none is
  double largest_refused = std::numeric_limits<double>::quiet_NaN();    ///< NaN: none is
};

namespace detail {

/// The threshold at the cut nearest to so many predictions; of two the higher.
inline double threshold_near(const RankedRows& rows, double n_predicted) {
  double threshold = std::numeric_limits<double>::infinity();
  double nearest = n_predicted;
  for_each_cut(rows, [&](std::size_t k) {
    const double distance = std::abs(static_cast<double>(k) - n_predicted);
    if (distance >= nearest) return;
    nearest = distance;
    threshold = rows[k - 1].score;
  });
  return threshold;
}

/// The best threshold where the i-th row counts p_i of a positive and 1 - p_i of a negative.
inline double threshold_of_expected(const RankedRows& rows, const std::vector<double>& p,
                                    const Objective& objective) {
  double total = 0;
  for (const double one : p) total += one;
  const double sign = objective.kind == ObjectiveKind::cost ? -1 : 1;
  double threshold = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
  double tp = 0;
  std::size_t counted = 0;
  const auto consider = [&](std::size_t k) {
    for (; counted < k; ++counted) tp += p[counted];
    ConfusionCounts<double> counts;
    counts.tp = tp;
    counts.fp = static_cast<double>(k) - tp;
    counts.fn = std::max(0.0, total - tp);
    counts.tn = std::max(0.0, static_cast<double>(rows.size()) - total - counts.fp);
    const MetricValue value = objective_value(counts, objective);
    if (!value.defined() || !(sign * value.value > highest)) return;
    highest = sign * value.value;
    threshold = k == 0 ? std::numeric_limits<double>::infinity() : rows[k - 1].score;
  };
  consider(0);
  for_each_cut(rows, consider);
  return threshold;
}

inline OperatingPoint best_of_rows(const RankedRows& rows, const Objective& objective) {
  std::vector<double> scores;
  std::vector<Label> labels;
  for (const RankedRow& row : rows) {
    scores.push_back(row.score);
    labels.push_back(row.positive ? Label{1} : Label{0});
  }
  const ThresholdCounts<> counts = count_thresholds(ColumnView<const double>(scores), labels);
  return best_threshold(counts, objective);
}

/// Between the optimum and `match` in the logarithm of the number of predictions: that is known
/// to a factor, not to a difference.
inline double shrunk_threshold(const RankedRows& rows, const ThresholdOptions& options) {
  const double n_positive = static_cast<double>(count_positives(rows));
  const double best = best_of_rows(rows, options.objective).threshold;
  const auto counts = confusion_of(rows, best);
  const double n_best = std::max(1.0, static_cast<double>(counts.tp + counts.fp));
  const double weight = n_positive / (n_positive + options.pseudo_positives);
  return threshold_near(rows,
                        std::exp(weight * std::log(n_best) + (1 - weight) * std::log(n_positive)));
}

/// The threshold by one method; +inf without positives, which nothing can be learnt from.
inline double threshold_by(ThresholdMethod method, const RankedRows& rows,
                           const ThresholdOptions& options, Recalibration recalibration) {
  const std::size_t n_positive = count_positives(rows);
  if (n_positive == 0) return std::numeric_limits<double>::infinity();
  switch (method) {
    case ThresholdMethod::match:
      return threshold_near(rows, static_cast<double>(n_positive));
    case ThresholdMethod::plug_in:
      return threshold_of_expected(rows, recalibrated(rows, options.scores, recalibration),
                                   options.objective);
    case ThresholdMethod::shrink:
      return shrunk_threshold(rows, options);
    case ThresholdMethod::automatic:
    case ThresholdMethod::best:
      break;
  }
  const double best = best_of_rows(rows, options.objective).threshold;
  return std::isnan(best) ? std::numeric_limits<double>::infinity() : best;
}

/// What a method attains on folds that had no part in its choice, their counts added up.
inline MetricValue cross_validated(ThresholdMethod method, const RankedRows& rows,
                                   const ThresholdOptions& options) {
  ConfusionCounts<> all;
  for (int fold = 0; fold < options.folds.n_folds; ++fold) {
    // Two parameters learn too little of their rows to be worth folds within folds.
    const double threshold =
        threshold_by(method, rows_of_fold(rows, fold, false), options, Recalibration::on_all_rows);
    const ConfusionCounts<> held_out = confusion_of(rows_of_fold(rows, fold, true), threshold);
    all.tp += held_out.tp;
    all.fp += held_out.fp;
    all.fn += held_out.fn;
    all.tn += held_out.tn;
  }
  return objective_value(all, options.objective);
}

/// The mean of `cross_validated` over several ways to fold, or why one of them does not exist.
inline MetricValue repeatedly_validated(ThresholdMethod method,
                                        const std::vector<RankedRows>& repetitions,
                                        const ThresholdOptions& options) {
  double sum = 0;
  for (const RankedRows& rows : repetitions) {
    const MetricValue value = cross_validated(method, rows, options);
    if (!value.defined()) return value;
    sum += value.value;
  }
  return {sum / static_cast<double>(repetitions.size())};
}

/// The rows folded once, or five times where chance in the folds would decide.
template <class Score>
std::vector<RankedRows> fold_rows(ColumnView<const Score> scores, LabelColumnView labels,
                                  std::span<const std::size_t> groups,
                                  const ThresholdOptions& options) {
  constexpr std::size_t few_positives = 100;
  constexpr std::uint64_t n_repetitions = 5;
  std::vector<RankedRows> repetitions;
  for (std::uint64_t r = 0; r < n_repetitions; ++r) {
    const FoldOptions folds{options.folds.n_folds, options.folds.seed + r};
    repetitions.push_back(rank_rows(scores, labels, stratified_folds(labels, groups, folds)));
    if (count_positives(repetitions[0]) >= few_positives) break;
  }
  return repetitions;
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

/// The method with the best cross-validated value; of equal ones the one that trusts few positives
/// least.
inline ThresholdMethod best_method(const std::vector<RankedRows>& repetitions,
                                   const ThresholdOptions& options) {
  if (options.objective.has_target()) return ThresholdMethod::best;
  const double sign = options.objective.kind == ObjectiveKind::cost ? -1 : 1;
  ThresholdMethod chosen = ThresholdMethod::match;
  double highest = -std::numeric_limits<double>::infinity();
  for (const ThresholdMethod method : {ThresholdMethod::match, ThresholdMethod::plug_in,
                                       ThresholdMethod::shrink, ThresholdMethod::best}) {
    const MetricValue value = repeatedly_validated(method, repetitions, options);
    if (!value.defined() || !(sign * value.value > highest)) continue;
    highest = sign * value.value;
    chosen = method;
  }
  return chosen;
}

template <class Score>
ChosenThreshold choose_threshold(ColumnView<const Score> scores, LabelColumnView labels,
                                 const ThresholdOptions& options,
                                 std::span<const std::size_t> groups) {
  check_threshold_options(options);
  const std::vector<RankedRows> repetitions = fold_rows(scores, labels, groups, options);
  const RankedRows& rows = repetitions.front();
  ChosenThreshold chosen;
  chosen.n_positive = count_positives(rows);
  chosen.n_negative = rows.size() - chosen.n_positive;
  chosen.method = options.method == ThresholdMethod::automatic ? best_method(repetitions, options)
                                                               : options.method;
  chosen.threshold = threshold_by(chosen.method, rows, options, Recalibration::cross_fitted);
  const ConfusionCounts<> counts = confusion_of(rows, chosen.threshold);
  chosen.n_predicted = counts.tp + counts.fp;
  if (chosen.n_predicted > 0) chosen.smallest_accepted = rows[chosen.n_predicted - 1].score;
  if (chosen.n_predicted < rows.size()) chosen.largest_refused = rows[chosen.n_predicted].score;
  if (chosen.n_positive == 0) {
    chosen.apparent =
        MetricValue::undefined(rows.empty() ? Undefined::no_samples : Undefined::no_positives);
    chosen.cross_validated = chosen.apparent;
    return chosen;
  }
  chosen.apparent = objective_value(counts, options.objective);
  chosen.cross_validated = repeatedly_validated(chosen.method, repetitions, options);
  if (options.objective.has_target()) {
    const OperatingPoint best = best_of_rows(rows, options.objective);
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
/// w = n+ / (n+ + pseudo_positives) in its logarithm. `automatic` takes whichever of the four has
/// the best value over held-out folds whose counts are added up; below 100 positives the mean of
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
/// be probabilities are not. Cost: `best` O(n log n); `automatic` about 30 Platt fits.
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
