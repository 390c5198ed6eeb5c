// SPDX-License-Identifier: Apache-2.0
/// Probabilities of ranked rows by Platt scaling.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/platt.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/logistic_fit.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"
#include "cxrlt/thresholds/detail/ranked_rows.hpp"

namespace cxrlt::detail {

inline double logit_of_score(double score, ScoreKind kind) {
  if (kind == ScoreKind::logits) return std::clamp(score, -largest_logit, largest_logit);
  if (!near_unit_interval(score)) {
    throw InvalidArgument("thresholds: the score " + number_text(score) +
                          " is no probability; if the scores are logits, say so");
  }
  return logit(inner_probability(score));
}

/// Fills in the rows' logits. @throws InvalidArgument if a score that should be a probability is
/// none.
inline void add_logits(RankedRows& rows, ScoreKind kind) {
  for (RankedRow& row : rows) row.logit = logit_of_score(row.score, kind);
}

/// The Platt map of rows with logits. A start near the solution saves most of the passes.
inline PlattScaling fit_platt(const RankedRows& ranked, const PlattScaling* start = nullptr) {
  LabelTally tally;
  std::vector<LogisticRow<1>> rows;
  rows.reserve(ranked.size());
  for (const RankedRow& row : ranked) {
    tally.add(row.positive);
    LogisticRow<1>& fitted = rows.emplace_back();
    fitted.features[0] = row.logit;
    fitted.target = row.positive ? 1 : 0;
  }
  PlattScaling platt;
  platt.labels = tally.summary();
  if (!platt.labels.fitted()) return platt;
  const LogisticWeights<1> from = start != nullptr && start->labels.fitted()
                                      ? LogisticWeights<1>{start->slope, start->intercept}
                                      : platt_start(platt.labels);
  const LogisticWeights<1> weights = fit_platt(rows, platt.labels, from);
  platt.slope = weights[0];
  platt.intercept = weights[1];
  return platt;
}

/// The probability of every row by one map.
inline std::vector<double> probabilities_of(const RankedRows& rows, const PlattScaling& platt) {
  std::vector<double> probabilities(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) probabilities[i] = platt(rows[i].logit);
  return probabilities;
}

/// The probability of every row by the map of all folds but its own.
inline std::vector<double> cross_fitted_probabilities(const RankedRows& rows, int n_folds) {
  const PlattScaling start = fit_platt(rows);
  std::vector<double> probabilities(rows.size());
  for (int fold = 0; fold < n_folds; ++fold) {
    const PlattScaling platt = fit_platt(rows_of_fold(rows, fold, false), &start);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].fold == fold) probabilities[i] = platt(rows[i].logit);
    }
  }
  return probabilities;
}

}  // namespace cxrlt::detail
