// SPDX-License-Identifier: Apache-2.0
/// Calibration slope and intercept of one class: the logistic regression of labels on logits.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/logistic_fit.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"

namespace cxrlt {

/// A fitted value and its standard error (NaN where the value is undefined, and with row weights).
struct Estimate {
  MetricValue value;
  double standard_error = std::numeric_limits<double>::quiet_NaN();
};

/// How the logits of one class should be stretched and shifted.
struct CalibrationSlope {
  Estimate slope;               ///< 1 is right; below 1 the probabilities are too extreme
  Estimate intercept;           ///< with that slope; 0 is right where the slope is 1
  Estimate in_the_large;        ///< the intercept at slope 1; 0 is right, above it they are too low
  std::uint64_t n_clipped = 0;  ///< rows whose probability lies beyond the bounds of the logit
};

namespace detail {

/// The standard error of coefficient k: the root of the diagonal of the inverse curvature.
template <std::size_t n_features>
double standard_error(const std::vector<LogisticRow<n_features>>& rows,
                      const LogisticWeights<n_features>& weights, std::size_t k) {
  std::array<double, n_features + 1> unit{};
  unit[k] = 1;
  const auto curvature = logistic_slopes(rows, weights).curvature;
  return std::sqrt(solve_positive<n_features + 1>(curvature, unit)[k]);
}

/// The labels and logits of one class, ready for both fits.
struct SlopeRows {
  std::vector<LogisticRow<1>> sloped;  ///< the logit is a feature
  std::vector<LogisticRow<0>> fixed;   ///< the logit is an offset
  double lowest_positive = std::numeric_limits<double>::infinity();
  double highest_positive = -std::numeric_limits<double>::infinity();
  double lowest_negative = std::numeric_limits<double>::infinity();
  double highest_negative = -std::numeric_limits<double>::infinity();
  double positive_weight = 0;
  double negative_weight = 0;

  void add(double z, bool positive, double weight) {
    const double target = positive ? 1 : 0;
    sloped.push_back({{z}, target, weight, 0});
    fixed.push_back({{}, target, weight, z});
    double& lowest = positive ? lowest_positive : lowest_negative;
    double& highest = positive ? highest_positive : highest_negative;
    lowest = std::min(lowest, z);
    highest = std::max(highest, z);
    (positive ? positive_weight : negative_weight) += weight;
  }

  /// Whether one slope fits best (Albert and Anderson 1984): the labels overlap.
  bool overlap() const {
    return lowest_positive < highest_negative && lowest_negative < highest_positive;
  }
};

template <class Score>
CalibrationSlope calibration_slope(ColumnView<const Score> probabilities, LabelColumnView labels,
                                   std::span<const double> row_weights) {
  constexpr double smallest = 0x1p-52;
  SlopeRows rows;
  CalibrationSlope result;
  Undefined why = for_each_probability(
      probabilities, labels, row_weights, [&](double p, bool positive, double weight) {
        const double clipped = std::clamp(p, smallest, 1 - smallest);
        if (clipped != p) ++result.n_clipped;
        rows.add(logit(clipped), positive, weight);
      });
  if (why == Undefined::none && !(rows.positive_weight > 0)) why = Undefined::no_positives;
  if (why == Undefined::none && !(rows.negative_weight > 0)) why = Undefined::no_negatives;
  for (Estimate* estimate : {&result.slope, &result.intercept, &result.in_the_large}) {
    estimate->value = MetricValue::undefined(why);
  }
  if (why != Undefined::none) return result;

  const bool weighted = !row_weights.empty();
  const LogisticWeights<0> shift = fit_logistic<0>(rows.fixed, {0}, 0);
  result.in_the_large.value = {shift[0]};
  if (!weighted) result.in_the_large.standard_error = standard_error(rows.fixed, shift, 0);
  if (!rows.overlap()) {
    result.slope.value = MetricValue::undefined(Undefined::not_estimable);
    result.intercept.value = result.slope.value;
    return result;
  }
  const double base_logit = std::log(rows.positive_weight / rows.negative_weight);
  const LogisticWeights<1> line = fit_logistic<1>(rows.sloped, {0, base_logit}, 0);
  result.slope.value = {line[0]};
  result.intercept.value = {line[1]};
  if (weighted) return result;
  result.slope.standard_error = standard_error(rows.sloped, line, 0);
  result.intercept.standard_error = standard_error(rows.sloped, line, 1);
  return result;
}

}  // namespace detail

/// Calibration slope b and intercept a of one class (Cox 1958): the maximum likelihood fit of
/// P(y = 1) = sigmoid(a + b logit(p)), and calibration in the large, the fit of a alone with b = 1.
/// Of a calibrated class b = 1 and a = 0. b in (0, 1): the probabilities are too far from the base
/// rate, as after overfitting; b <= 0: they say nothing, or the contrary. Standard errors come from
/// the observed information; +-1.96 of them is an interval of about 95 % where labels of either
/// kind are many. Probabilities are clipped to [2^-52, 1 - 2^-52], as by `log_loss`, and the number
/// of clipped ones is returned: where it is not 0 the values depend on this bound. Ties and order
/// of rows do not matter.
/// @param probabilities  n probabilities; values within 1e-6 of [0, 1] are clipped to it
/// @param labels         n labels in {0, 1, missing}; missing ones are left out
/// @param row_weights    n weights, or none at all for equal weights; weight 0 equals deleting
/// All three are undefined without labelled rows, `no_positives` or `no_negatives` with one kind of
/// label, and `not_probabilities` if a value lies further out. Slope and intercept are undefined
/// (`not_estimable`) if some probability separates the labels, as the slope then grows without end,
/// or if all probabilities are equal.
/// @throws InvalidArgument if sizes differ, a probability of a labelled row is NaN or infinite, a
/// label is none, or a weight is negative or not finite.
/// Cost: O(n), about twenty passes with a logarithm each.
inline CalibrationSlope calibration_slope(ColumnView<const float> probabilities,
                                          LabelColumnView labels,
                                          std::span<const double> row_weights = {}) {
  return detail::calibration_slope(probabilities, labels, row_weights);
}
/// @copydoc calibration_slope(ColumnView<const float>, LabelColumnView, std::span<const double>)
inline CalibrationSlope calibration_slope(ColumnView<const double> probabilities,
                                          LabelColumnView labels,
                                          std::span<const double> row_weights = {}) {
  return detail::calibration_slope(probabilities, labels, row_weights);
}

}  // namespace cxrlt
