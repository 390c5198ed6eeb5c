// SPDX-License-Identifier: Apache-2.0
/// Temperature scaling: a temperature per class, held near the one of all classes.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/calibration/temperature.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"

namespace cxrlt {

/// p = sigmoid(z / T) with the temperature of one class.
struct ClassTemperature {
  double inverse_temperature = 1;  ///< b = 1 / T, in [0, 10^4]
  TemperatureLimit limit = TemperatureLimit::none;
  bool is_shared = false;  ///< the temperature of all classes, for want of labels of its own
  FitSummary labels;       ///< of the class; `why` says what was wanting

  /// T = 1 / b; +inf where b = 0.
  double temperature() const { return 1 / inverse_temperature; }

  /// The calibrated probability of one logit; +-inf stays 0 or 1.
  double operator()(double logit) const {
    return sigmoid(is_infinite(logit) ? logit : inverse_temperature * logit);
  }
};

/// How far the temperatures of classes may go their own ways.
struct ClassTemperatureOptions {
  /// The weight kappa of the shared temperature, in positives: a class with as many goes half the
  /// way to its own optimum. 0: every class for itself.
  double pseudo_positives = 15;
};

/// The temperature of all classes, and one per class.
struct ClassTemperatures {
  TemperatureScaling shared;
  std::vector<ClassTemperature> classes;
};

namespace detail {

template <class Score>
ClassTemperature fit_class_temperature(ColumnView<const Score> logits, LabelColumnView truth,
                                       const TemperatureScaling& shared, double pseudo_positives) {
  const double b_0 = shared.inverse_temperature;
  std::vector<double> margins;
  ClassTemperature fitted{b_0, shared.limit, true, {}};
  fitted.labels = for_each_logit(
      logits, truth, [&](double z, bool positive) { margins.push_back(positive ? z : -z); });
  if (!fitted.labels.fitted()) return fitted;
  const double curvature = loss_derivatives(margins.data(), margins.size(), b_0).second;
  // Logits of 0 only, or labels that the shared temperature separates: nothing is to be gained.
  if (!(curvature > 0)) return fitted;
  const double pull = pseudo_positives * curvature / static_cast<double>(fitted.labels.n_positive);
  const auto derivatives = [&](double b) {
    LossDerivatives at = loss_derivatives(margins.data(), margins.size(), b);
    at.first += pull * (b - b_0);
    at.second += pull;
    return at;
  };
  const InverseTemperature found =
      solve_inverse_temperature(derivatives, b_0 > 0 ? b_0 : 1, kLargestInverseTemperature);
  return {found.value, found.limit, false, fitted.labels};
}

template <class Score>
ClassTemperatures fit_class_temperatures(MatrixView<const Score> logits, LabelMatrixView truth,
                                         const ClassTemperatureOptions& options,
                                         const Cpu& policy) {
  if (!is_finite(options.pseudo_positives) || options.pseudo_positives < 0) {
    throw InvalidArgument("temperature per class: " + number_text(options.pseudo_positives) +
                          " pseudo-positives; expected a finite number of at least 0");
  }
  ClassTemperatures fitted{TemperatureScaling::fit(logits, truth, policy), {}};
  fitted.classes.resize(logits.n_classes());
  parallel_for(logits.n_classes(), for_size(policy, logits.n_samples() * logits.n_classes()),
               [&](std::size_t k) {
                 fitted.classes[k] = fit_class_temperature(logits.column(k), truth.column(k),
                                                           fitted.shared, options.pseudo_positives);
               });
  return fitted;
}

}  // namespace detail

/// The temperature of each class, shrunk to the one of all: with b = 1 / T, the shared b_0, the log
/// loss L_c(b) of the n_+ positives and the negatives of class c, and its curvature h_c at b_0,
///   b_c minimises L_c(b) + (kappa / 2) (h_c / n_+) (b - b_0)^2,   b >= 0.
/// A class with as many positives as kappa goes about half the way from b_0 to its own optimum, one
/// with 3 hardly moves, one with thousands is free. Convex; found by Newton's method in a bracket.
/// A class without positives or without negatives gets the shared temperature: `is_shared` is set,
/// and `labels.why` says what was wanting.
/// @param logits  n_samples x n_classes; infinite ones are taken as +-36.7
/// @param truth   labels of the same shape, in {0, 1, missing}
/// @throws InvalidArgument as `TemperatureScaling::fit`, or for pseudo-positives that are negative
/// or not finite. Equal for every number of threads. Cost: about ten passes.
inline ClassTemperatures fit_class_temperatures(MatrixView<const double> logits,
                                                LabelMatrixView truth,
                                                const ClassTemperatureOptions& options = {},
                                                const Cpu& policy = {}) {
  return detail::fit_class_temperatures(logits, truth, options, policy);
}
/// @copydoc fit_class_temperatures(MatrixView<const double>, LabelMatrixView, const
/// ClassTemperatureOptions&, const Cpu&)
inline ClassTemperatures fit_class_temperatures(MatrixView<const float> logits,
                                                LabelMatrixView truth,
                                                const ClassTemperatureOptions& options = {},
                                                const Cpu& policy = {}) {
  return detail::fit_class_temperatures(logits, truth, options, policy);
}

}  // namespace cxrlt
