// SPDX-License-Identifier: Apache-2.0
/// Beta calibration of one class.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/metrics/detail/logistic_fit.hpp"

namespace cxrlt {

/// logit q = a ln p - b ln(1 - p) + c with a, b >= 0, so that the order stays (Kull, Silva Filho
/// and Flach 2017). The map is the right one where the scores of either kind of label are beta
/// distributed; a = b = 1, c = 0 is the identity. With b = 0 a score of 1 does not become certain,
/// with a = 0 a score of 0 does not.
struct BetaCalibration {
  double a = 1;
  double b = 1;
  double c = 0;
  FitSummary labels;

  /// Fits n probabilities against n labels in {0, 1, missing}; 0 and 1 are taken as 2^-53 and
  /// 1 - 2^-53. A coefficient that would be negative is left out, and the rest fitted anew, as the
  /// authors do. A penalty of 1e-8 on a and b keeps them finite where labels are separated. With
  /// one kind of label only: the identity, and `labels.why` says so.
  /// @throws InvalidArgument if sizes differ, a probability is NaN or outside [0, 1], or a label is
  /// none.
  /// Cost: O(n), about twenty passes.
  static BetaCalibration fit(ColumnView<const double> probabilities, LabelColumnView truth) {
    return fit_column(probabilities, truth);
  }
  /// @copydoc fit(ColumnView<const double>, LabelColumnView)
  static BetaCalibration fit(ColumnView<const float> probabilities, LabelColumnView truth) {
    return fit_column(probabilities, truth);
  }

  /// The calibrated probability of p in [0, 1].
  double operator()(double p) const {
    // 0 times an infinite logarithm is nothing here.
    const double low = a > 0 ? a * std::log(p) : 0;
    const double high = b > 0 ? -b * std::log1p(-p) : 0;
    return sigmoid(low + high + c);
  }

  /// The probability that is mapped to one half, m with a ln m - b ln(1 - m) + c = 0, where b = 0
  /// or a = 0 has it in closed form; the parameter of that name in the paper.
  /// NaN where neither is 0.
  double midpoint() const {
    if (b == 0 && a > 0) return std::exp(-c / a);
    if (a == 0 && b > 0) return -std::expm1(c / b);
    return std::nan("");
  }

 private:
  static constexpr double kRidge = 1e-8;

  template <class Score>
  static BetaCalibration fit_column(ColumnView<const Score> probabilities, LabelColumnView truth) {
    BetaCalibration fitted;
    std::vector<detail::LogisticRow<2>> rows;
    const auto add = [&](double p, bool positive) {
      const double inner = detail::inner_probability(p);
      rows.push_back({{std::log(inner), -std::log1p(-inner)}, positive ? 1.0 : 0.0});
    };
    fitted.labels = detail::for_each_calibration_row(probabilities, truth, add);
    if (!fitted.labels.fitted()) return fitted;
    const auto both = detail::fit_logistic<2>(rows, {1, 1, 0}, kRidge);
    fitted.a = both[0];
    fitted.b = both[1];
    fitted.c = both[2];
    if (fitted.a < 0 || fitted.b < 0) fitted.keep_one(rows, fitted.a < 0 ? 1 : 0);
    return fitted;
  }

  /// Fits the coefficient `kept` and c alone; a coefficient that is negative even so becomes 0.
  void keep_one(const std::vector<detail::LogisticRow<2>>& rows, std::size_t kept) {
    std::vector<detail::LogisticRow<1>> some(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      some[i].features[0] = rows[i].features[kept];
      some[i].target = rows[i].target;
    }
    const auto alone = detail::fit_logistic<1>(some, {1, 0}, kRidge);
    a = b = 0;
    if (alone[0] < 0) {
      c = std::log(static_cast<double>(labels.n_positive) / static_cast<double>(labels.n_negative));
      return;
    }
    (kept == 0 ? a : b) = alone[0];
    c = alone[1];
  }
};

}  // namespace cxrlt
