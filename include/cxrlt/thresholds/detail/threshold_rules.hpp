// SPDX-License-Identifier: Apache-2.0
/// The rules by which a threshold follows from ranked rows.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/thresholds/detail/ranked_rows.hpp"
#include "cxrlt/thresholds/detail/recalibrated.hpp"
#include "cxrlt/thresholds/objective.hpp"
#include "cxrlt/thresholds/search.hpp"
#include "cxrlt/thresholds/threshold_options.hpp"

namespace cxrlt::detail {

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

/// The optimum on the rows; +inf where there is none.
inline double best_of_rows(const RankedRows& rows, const Objective& objective) {
  const double best = best_threshold(counts_of(rows), objective).threshold;
  return std::isnan(best) ? std::numeric_limits<double>::infinity() : best;
}

/// Between the optimum and `match` in the logarithm of the number of predictions: that is known
/// to a factor, not to a difference.
inline double shrunk_threshold(const RankedRows& rows, const ThresholdOptions& options) {
  const double n_positive = static_cast<double>(count_positives(rows));
  const double best = best_of_rows(rows, options.objective);
  const double n_best = std::max(1.0, static_cast<double>(n_predicted(rows, best)));
  const double weight = n_positive / (n_positive + options.pseudo_positives);
  return threshold_near(rows,
                        std::exp(weight * std::log(n_best) + (1 - weight) * std::log(n_positive)));
}

/// The threshold by one method other than `automatic`; +inf without positives, which nothing can be
/// learnt from. `plug_in` fits its map on all of the rows, from `start` if given.
inline double threshold_by(ThresholdMethod method, const RankedRows& rows,
                           const ThresholdOptions& options, const PlattScaling* start = nullptr) {
  const std::size_t n_positive = count_positives(rows);
  if (n_positive == 0) return std::numeric_limits<double>::infinity();
  switch (method) {
    case ThresholdMethod::match:
      return threshold_near(rows, static_cast<double>(n_positive));
    case ThresholdMethod::plug_in:
      return threshold_of_expected(rows, probabilities_of(rows, fit_platt(rows, start)),
                                   options.objective);
    case ThresholdMethod::shrink:
      return shrunk_threshold(rows, options);
    case ThresholdMethod::automatic:
    case ThresholdMethod::best:
      break;
  }
  return best_of_rows(rows, options.objective);
}

}  // namespace cxrlt::detail
