// SPDX-License-Identifier: Apache-2.0
/// Platt scaling: a slope and an intercept on the logit of one class.
#pragma once

#include <cmath>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/metrics/detail/logistic_fit.hpp"

namespace cxrlt {

/// What a positive and a negative label are taken for when Platt scaling is fitted.
struct PlattTargets {
  double positive = 1;
  double negative = 0;
};

/// Platt's smoothed targets (1999): (N+ + 1) / (N+ + 2) for a positive, 1 / (N- + 2) for a negative
/// label, so that no class is separated and few labels are not believed without limit.
inline PlattTargets platt_targets(const FitSummary& labels) {
  const double n_positive = static_cast<double>(labels.n_positive);
  const double n_negative = static_cast<double>(labels.n_negative);
  return {(n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2)};
}

namespace detail {

/// Where Lin, Lin and Weng start from: no slope, and the prevalence.
inline LogisticWeights<1> platt_start(const FitSummary& labels) {
  return {0, std::log((static_cast<double>(labels.n_positive) + 1) /
                      (static_cast<double>(labels.n_negative) + 1))};
}

/// Slope and intercept for rows whose targets are 0 and 1; the fit smooths them.
inline LogisticWeights<1> fit_platt(std::vector<LogisticRow<1>>& rows, const FitSummary& labels,
                                    const LogisticWeights<1>& start) {
  const PlattTargets targets = platt_targets(labels);
  for (auto& row : rows) row.target = row.target > 0 ? targets.positive : targets.negative;
  return fit_logistic<1>(rows, start, 0);
}

}  // namespace detail

/// p = sigmoid(slope z + intercept) of the logit z of one class (Platt 1999), fitted by maximum
/// likelihood to smoothed targets, without any penalty. Unlike temperature scaling it can correct a
/// wrong prevalence. A negative slope, which reverses the ranking, is possible where the ranking is
/// worse than chance.
struct PlattScaling {
  double slope = 1;
  double intercept = 0;
  FitSummary labels;

  /// Fits n logits against n labels in {0, 1, missing}. Infinite logits are taken as +-36.7. With
  /// one kind of label only: the identity, and `labels.why` says so.
  /// @throws InvalidArgument if sizes differ, a logit is NaN, or a label is none.
  /// Cost: O(n), about ten passes.
  static PlattScaling fit(ColumnView<const double> logits, LabelColumnView truth) {
    return fit_column(logits, truth);
  }
  /// @copydoc fit(ColumnView<const double>, LabelColumnView)
  static PlattScaling fit(ColumnView<const float> logits, LabelColumnView truth) {
    return fit_column(logits, truth);
  }

  /// The calibrated probability of one logit. +-inf stays 0 or 1 where the slope is not 0.
  double operator()(double logit) const {
    return sigmoid(slope == 0 ? intercept : slope * logit + intercept);
  }

 private:
  template <class Score>
  static PlattScaling fit_column(ColumnView<const Score> logits, LabelColumnView truth) {
    PlattScaling fitted;
    std::vector<detail::LogisticRow<1>> rows;
    fitted.labels = detail::for_each_logit(logits, truth, [&](double z, bool positive) {
      detail::LogisticRow<1> row;
      row.features[0] = z;
      row.target = positive ? 1 : 0;
      rows.push_back(row);
    });
    if (!fitted.labels.fitted()) return fitted;
    const auto weights = detail::fit_platt(rows, fitted.labels, detail::platt_start(fitted.labels));
    fitted.slope = weights[0];
    fitted.intercept = weights[1];
    return fitted;
  }
};

}  // namespace cxrlt
