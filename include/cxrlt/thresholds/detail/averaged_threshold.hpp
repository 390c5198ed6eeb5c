// SPDX-License-Identifier: Apache-2.0
/// The threshold of `automatic`: between the optimum and `plug_in`, as held-out rows say.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/thresholds/detail/paired_decisions.hpp"
#include "cxrlt/thresholds/detail/ranked_rows.hpp"
#include "cxrlt/thresholds/detail/recalibrated.hpp"
#include "cxrlt/thresholds/detail/threshold_rules.hpp"
#include "cxrlt/thresholds/threshold_options.hpp"

namespace cxrlt::detail {

/// A threshold, what thresholds chosen like it attain on held-out rows, and the weight behind it.
struct AveragedThreshold {
  double threshold = std::numeric_limits<double>::infinity();
  MetricValue cross_validated;
  double plug_in_weight = 0;
};

/// A number of predictions as it is averaged. The half lets "none" be one of them.
inline double log_number(std::size_t n_predicted) {
  return std::log(static_cast<double>(n_predicted) + 0.5);
}

inline double threshold_of_log_number(const RankedRows& rows, double log_number) {
  return threshold_near(rows, std::exp(log_number) - 0.5);
}

/// Logarithms of numbers of predictions by either rule.
struct LogNumbers {
  double best = 0;
  double plug_in = 0;

  double between(double weight) const { return weight * plug_in + (1 - weight) * best; }
};

/// What one training set of a cross-validation gives.
struct TrainingSet {
  bool has_positives = false;
  LogNumbers on_itself;
  LogNumbers on_all_rows;
};

/// Both rules on one training set, and their decisions on its held-out rows.
inline TrainingSet learn_fold(const RankedRows& rows, int fold, const ThresholdOptions& options,
                              const PlattScaling& start, PairedDecisions& decisions) {
  const RankedRows training = rows_of_fold(rows, fold, false);
  const double best = threshold_by(ThresholdMethod::best, training, options);
  const double plug_in = threshold_by(ThresholdMethod::plug_in, training, options, &start);
  decisions.add(rows_of_fold(rows, fold, true), best, plug_in);
  return {count_positives(training) > 0,
          {log_number(n_predicted(training, best)), log_number(n_predicted(training, plug_in))},
          {log_number(n_predicted(rows, best)), log_number(n_predicted(rows, plug_in))}};
}

/// What thresholds between the rules attain on the rows that they were not learnt from.
inline MetricValue validate_average(const RankedRows& rows, const TrainingSet* training_sets,
                                    double weight, const ThresholdOptions& options) {
  ConfusionCounts<> all;
  for (int fold = 0; fold < options.folds.n_folds; ++fold) {
    const double threshold = threshold_of_log_number(rows_of_fold(rows, fold, false),
                                                     training_sets[fold].on_itself.between(weight));
    all += confusion_of(rows_of_fold(rows, fold, true), threshold);
  }
  return objective_value(all, options.objective);
}

/// See `choose_threshold`. `foldings` are several ways to fold; `rows` hold logits, and positives.
inline AveragedThreshold averaged_threshold(RankedRows& rows,
                                            const std::vector<std::vector<int>>& foldings,
                                            const ThresholdOptions& options) {
  const PlattScaling start = fit_platt(rows);
  std::vector<TrainingSet> training_sets;
  double gain = 0;
  double variance = 0;
  for (const std::vector<int>& folding : foldings) {
    assign_folds(rows, folding);
    PairedDecisions decisions;
    for (int fold = 0; fold < options.folds.n_folds; ++fold) {
      training_sets.push_back(learn_fold(rows, fold, options, start, decisions));
    }
    gain += decisions.gain(options.objective);
    variance += decisions.gain_variance(options.objective);
  }
  const double n_foldings = static_cast<double>(foldings.size());
  AveragedThreshold averaged;
  averaged.plug_in_weight = probability_positive(gain / n_foldings, variance / n_foldings);

  double sum = 0;
  double n_sets = 0;
  for (const TrainingSet& set : training_sets) {
    if (!set.has_positives) continue;
    sum += set.on_all_rows.between(averaged.plug_in_weight);
    n_sets += 1;
  }
  averaged.threshold = threshold_of_log_number(rows, sum / n_sets);

  double validated = 0;
  const TrainingSet* first_set = training_sets.data();
  for (const std::vector<int>& folding : foldings) {
    assign_folds(rows, folding);
    const MetricValue value = validate_average(rows, first_set, averaged.plug_in_weight, options);
    first_set += options.folds.n_folds;
    if (!value.defined()) {
      averaged.cross_validated = value;
      return averaged;
    }
    validated += value.value;
  }
  averaged.cross_validated = {validated / n_foldings};
  return averaged;
}

}  // namespace cxrlt::detail
