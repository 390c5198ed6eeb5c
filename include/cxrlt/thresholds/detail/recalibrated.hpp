// SPDX-License-Identifier: Apache-2.0
/// Probabilities of ranked rows by Platt scaling.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/calibration/platt.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/thresholds/detail/ranked_rows.hpp"

namespace cxrlt::detail {

/// Which rows the map of a row is fitted on.
enum class Recalibration : std::uint8_t {
  on_all_rows,   ///< all of them
  cross_fitted,  ///< those of other folds
};

inline double logit_of_score(double score, ScoreKind kind) {
  if (kind == ScoreKind::logits) return score;
  constexpr double tolerance = 1e-6;
  if (!(score >= -tolerance && score <= 1 + tolerance)) {
    throw InvalidArgument("thresholds: the score " + number_text(score) +
                          " is no probability; if the scores are logits, say so");
  }
  return logit(std::clamp(score, 0.0, 1.0));
}

/// A Platt map of the rows for which `use(row)`.
template <class Use>
PlattScaling fit_platt(const RankedRows& rows, ScoreKind kind, const Use& use) {
  std::vector<double> logits;
  std::vector<Label> labels;
  for (const RankedRow& row : rows) {
    if (!use(row)) continue;
    logits.push_back(logit_of_score(row.score, kind));
    labels.push_back(row.positive ? Label{1} : Label{0});
  }
  return PlattScaling::fit(ColumnView<const double>(logits), labels);
}

/// The probability of every row.
inline std::vector<double> recalibrated(const RankedRows& rows, ScoreKind kind,
                                        Recalibration recalibration) {
  int n_folds = 1;
  if (recalibration == Recalibration::cross_fitted) {
    for (const RankedRow& row : rows) n_folds = std::max(n_folds, row.fold + 1);
  }
  std::vector<double> probabilities(rows.size());
  for (int fold = 0; fold < n_folds; ++fold) {
    const bool all = n_folds == 1;
    const PlattScaling platt =
        fit_platt(rows, kind, [&](const RankedRow& row) { return all || row.fold != fold; });
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!all && rows[i].fold != fold) continue;
      probabilities[i] = platt(logit_of_score(rows[i].score, kind));
    }
  }
  return probabilities;
}

}  // namespace cxrlt::detail
