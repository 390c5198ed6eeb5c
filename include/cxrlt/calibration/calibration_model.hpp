// SPDX-License-Identifier: Apache-2.0
/// A fitted calibration of all classes: one method, one map per class.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cxrlt/calibration/beta.hpp"
#include "cxrlt/calibration/calibration_method.hpp"
#include "cxrlt/calibration/centred_isotonic.hpp"
#include "cxrlt/calibration/class_temperature.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/calibration/histogram.hpp"
#include "cxrlt/calibration/isotonic.hpp"
#include "cxrlt/calibration/platt.hpp"
#include "cxrlt/calibration/temperature.hpp"
#include "cxrlt/calibration/venn_abers.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/calibration_error.hpp"

namespace cxrlt {

/// The map of one class.
using Calibrator = std::variant<TemperatureScaling, ClassTemperature, PlattScaling, BetaCalibration,
                                IsotonicCalibration, CentredIsotonicCalibration,
                                HistogramCalibration, VennAbersCalibration>;

/// One class of a model.
struct ClassCalibration {
  Calibrator map;
  /// The class's own labels; `why` is set where the map is the identity for want of them. A class
  /// that has a temperature of all classes for want of its own labels is no identity.
  FitSummary labels;
};

/// How a model is fitted.
struct CalibrationOptions {
  CalibrationMethod method = CalibrationMethod::platt;
  ScoreKind scores = ScoreKind::probabilities;  ///< what the scores are; never guessed
  int n_bins = default_bins;                    ///< of the histograms
  double pseudo_positives = 15;                 ///< of `temperature_per_class`
};

/// Maps for all classes, in the order of `class_names`; applied by `apply_calibration`.
struct CalibrationModel {
  CalibrationMethod method = CalibrationMethod::platt;
  ScoreKind scores = ScoreKind::probabilities;
  std::vector<std::string> class_names;
  std::vector<ClassCalibration> classes;
};

namespace detail {

/// A score in the form that the method's maps read. Probabilities within 1e-6 of [0, 1] are
/// clipped to it, as everywhere.
inline double calibration_score(double score, ScoreKind kind, bool wants_logit) {
  if (kind == ScoreKind::logits) return wants_logit ? score : sigmoid(score);
  const double p = std::clamp(score, 0.0, 1.0);
  return wants_logit ? logit(p) : p;
}

/// Scores of one class in the form that is wanted. @throws InvalidArgument with class and row.
template <class Score>
void convert_scores(ColumnView<const Score> scores, const std::string& class_name, ScoreKind kind,
                    bool wants_logit, std::span<double> converted) {
  constexpr double tolerance = 1e-6;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double score = static_cast<double>(scores[i]);
    const bool valid = !is_nan(score) && (kind == ScoreKind::logits ||
                                          (score >= -tolerance && score <= 1 + tolerance));
    if (!valid) {
      throw InvalidArgument("calibration: class '" + class_name + "', row " + std::to_string(i) +
                            ": the score " + (is_nan(score) ? "NaN" : number_text(score)) +
                            (kind == ScoreKind::logits
                                 ? " is no logit"
                                 : " is no probability; if the scores are logits, say so"));
    }
    converted[i] = calibration_score(score, kind, wants_logit);
  }
}

/// Scores of all classes; as above.
template <class Score>
ClassMatrix<double> converted_scores(MatrixView<const Score> scores,
                                     std::span<const std::string> class_names, ScoreKind kind,
                                     bool wants_logits, const Cpu& policy) {
  if (class_names.size() != scores.n_classes()) {
    throw InvalidArgument("calibration: " + std::to_string(class_names.size()) +
                          " class names for " + std::to_string(scores.n_classes()) + " classes");
  }
  ClassMatrix<double> converted(scores.n_samples(), scores.n_classes());
  parallel_for(scores.n_classes(), for_size(policy, scores.n_samples() * scores.n_classes()),
               [&](std::size_t k) {
                 convert_scores(scores.column(k), class_names[k], kind, wants_logits, converted[k]);
               });
  return converted;
}

template <class Score>
ClassMatrix<double> as_probabilities(MatrixView<const Score> scores, ScoreKind kind,
                                     const Cpu& policy) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < scores.n_classes(); ++k) names.push_back(std::to_string(k));
  return converted_scores(scores, names, kind, false, policy);
}

inline Calibrator fit_class(ColumnView<const double> scores, LabelColumnView labels,
                            const CalibrationOptions& options) {
  switch (options.method) {
    case CalibrationMethod::temperature:
    case CalibrationMethod::temperature_per_class:
      break;  // fitted on all classes at once
    case CalibrationMethod::platt:
      return PlattScaling::fit(scores, labels);
    case CalibrationMethod::beta:
      return BetaCalibration::fit(scores, labels);
    case CalibrationMethod::isotonic:
      return IsotonicCalibration::fit(scores, labels);
    case CalibrationMethod::centred_isotonic:
      return CentredIsotonicCalibration::fit(scores, labels);
    case CalibrationMethod::histogram:
      return HistogramCalibration::fit(scores, labels, BinRule::equal_width, options.n_bins);
    case CalibrationMethod::histogram_mass:
      return HistogramCalibration::fit(scores, labels, BinRule::equal_mass, options.n_bins);
    case CalibrationMethod::venn_abers:
      return VennAbersCalibration::fit(scores, labels);
  }
  return TemperatureScaling{};
}

/// Fits maps to scores in the form that they read.
inline CalibrationModel fit_maps(MatrixView<const double> scores, LabelMatrixView labels,
                                 std::vector<std::string> class_names,
                                 const CalibrationOptions& options, const Cpu& policy) {
  check_same_shape(scores, labels);
  CalibrationModel model{options.method, options.scores, std::move(class_names), {}};
  model.classes.resize(scores.n_classes());
  if (options.method == CalibrationMethod::temperature) {
    const TemperatureScaling shared = TemperatureScaling::fit(scores, labels, policy);
    for (std::size_t k = 0; k < scores.n_classes(); ++k) {
      const FitSummary own =
          for_each_logit(scores.column(k), labels.column(k), [](double, bool) {});
      model.classes[k] = {shared, {own.n_positive, own.n_negative, shared.labels.why}};
    }
    return model;
  }
  if (options.method == CalibrationMethod::temperature_per_class) {
    const ClassTemperatures fitted =
        fit_class_temperatures(scores, labels, {options.pseudo_positives}, policy);
    for (std::size_t k = 0; k < scores.n_classes(); ++k) {
      const ClassTemperature& map = fitted.classes[k];
      model.classes[k] = {map,
                          {map.labels.n_positive, map.labels.n_negative, fitted.shared.labels.why}};
    }
    return model;
  }
  parallel_for(scores.n_classes(), for_size(policy, scores.n_samples() * scores.n_classes()),
               [&](std::size_t k) {
                 ClassCalibration& one = model.classes[k];
                 one.map = fit_class(scores.column(k), labels.column(k), options);
                 one.labels = std::visit([](const auto& map) { return map.labels; }, one.map);
               });
  return model;
}

inline void check_can_calibrate(const CalibrationModel& model) {
  const auto has_both = [](const ClassCalibration& one) {
    return one.labels.n_positive > 0 && one.labels.n_negative > 0;
  };
  if (std::none_of(model.classes.begin(), model.classes.end(), has_both)) {
    throw InvalidArgument(
        "calibration: no class has positive and negative labels, so nothing can be learnt");
  }
}

template <class Score>
CalibrationModel fit_calibration(MatrixView<const Score> scores, LabelMatrixView labels,
                                 std::vector<std::string> class_names,
                                 const CalibrationOptions& options, const Cpu& policy) {
  check_same_shape(scores, labels);
  const ClassMatrix<double> converted =
      converted_scores(scores, class_names, options.scores, reads_logits(options.method), policy);
  CalibrationModel model =
      fit_maps(converted.view(), labels, std::move(class_names), options, policy);
  check_can_calibrate(model);
  return model;
}

/// The map of a class, applied to scores in the form that it reads.
inline void apply_map(const Calibrator& calibrator, std::span<double> scores) {
  std::visit(
      [&](const auto& map) {
        for (double& score : scores) score = map(score);
      },
      calibrator);
}

template <class Score>
ClassMatrix<double> apply_calibration(const CalibrationModel& model, MatrixView<const Score> scores,
                                      const Cpu& policy) {
  if (model.classes.size() != scores.n_classes()) {
    throw InvalidArgument("calibration: a model of " + std::to_string(model.classes.size()) +
                          " classes for scores of " + std::to_string(scores.n_classes()));
  }
  ClassMatrix<double> result(scores.n_samples(), scores.n_classes());
  parallel_for(scores.n_classes(), for_size(policy, scores.n_samples() * scores.n_classes()),
               [&](std::size_t k) {
                 // What was not fitted stays the same to the bit, without a detour by logits.
                 const bool fitted = model.classes[k].labels.fitted();
                 convert_scores(scores.column(k), model.class_names[k], model.scores,
                                fitted && reads_logits(model.method), result[k]);
                 if (fitted) apply_map(model.classes[k].map, result[k]);
               });
  return result;
}

}  // namespace detail

/// The scores as probabilities in double, class after class: what calibration starts from.
/// Probabilities within 1e-6 of [0, 1] are clipped to it; logits become sigmoid(z).
/// @throws InvalidArgument if a score is NaN or no probability, with class number and row.
/// O(cells).
inline ClassMatrix<double> as_probabilities(MatrixView<const double> scores, ScoreKind kind,
                                            const Cpu& policy = {}) {
  return detail::as_probabilities(scores, kind, policy);
}
/// @copydoc as_probabilities(MatrixView<const double>, ScoreKind, const Cpu&)
inline ClassMatrix<double> as_probabilities(MatrixView<const float> scores, ScoreKind kind,
                                            const Cpu& policy = {}) {
  return detail::as_probabilities(scores, kind, policy);
}

/// Fits a model. What each method does with ties, missing labels, separated labels and classes with
/// one kind of label stands with it: such a class keeps its probabilities as they are (under both
/// temperatures it gets the one of all classes), and its `labels.why` says so. Logits are turned
/// into probabilities sigmoid(z), and probabilities into logits ln(p / (1 - p)), where a method
/// reads the other form.
/// @param scores       n_samples x n_classes, what `options.scores` says
/// @param labels       of the same shape, in {0, 1, missing}
/// @param class_names  n_classes names, kept in the model
/// @throws InvalidArgument if shapes differ, a score is NaN or outside [0, 1] by more than 1e-6
/// without being a logit (with class and row), a label is none, or no class has both labels.
/// Equal for every number of threads. Cost: of the method, and 8 bytes a cell of memory.
inline CalibrationModel fit_calibration(MatrixView<const double> scores, LabelMatrixView labels,
                                        std::vector<std::string> class_names,
                                        const CalibrationOptions& options = {},
                                        const Cpu& policy = {}) {
  return detail::fit_calibration(scores, labels, std::move(class_names), options, policy);
}
/// @copydoc fit_calibration(MatrixView<const double>, LabelMatrixView, std::vector<std::string>,
/// const CalibrationOptions&, const Cpu&)
inline CalibrationModel fit_calibration(MatrixView<const float> scores, LabelMatrixView labels,
                                        std::vector<std::string> class_names,
                                        const CalibrationOptions& options = {},
                                        const Cpu& policy = {}) {
  return detail::fit_calibration(scores, labels, std::move(class_names), options, policy);
}

/// The calibrated probabilities of scores of the model's classes, in its order and of its kind.
/// 0 and 1 stay 0 and 1 under temperature, Platt and beta where the map does not end flat, and
/// under centred isotonic unless a step of the fit lies there.
/// @throws InvalidArgument if the number of classes differs, or a score is NaN or no probability.
/// O(cells), isotonic, histogram and Venn-Abers times the logarithm of their steps.
inline ClassMatrix<double> apply_calibration(const CalibrationModel& model,
                                             MatrixView<const double> scores,
                                             const Cpu& policy = {}) {
  return detail::apply_calibration(model, scores, policy);
}
/// @copydoc apply_calibration(const CalibrationModel&, MatrixView<const double>, const Cpu&)
inline ClassMatrix<double> apply_calibration(const CalibrationModel& model,
                                             MatrixView<const float> scores,
                                             const Cpu& policy = {}) {
  return detail::apply_calibration(model, scores, policy);
}

/// The model of these classes only, in this order.
/// @throws InvalidArgument for a class that the model does not have, naming the closest.
inline CalibrationModel select_classes(const CalibrationModel& model,
                                       std::span<const std::string> class_names) {
  CalibrationModel selected{model.method, model.scores, {}, {}};
  for (const std::string& name : class_names) {
    const auto found = std::find(model.class_names.begin(), model.class_names.end(), name);
    if (found == model.class_names.end()) {
      throw InvalidArgument("the calibration was not fitted for class '" + name + "'" +
                            closest_hint(name, model.class_names));
    }
    selected.class_names.push_back(name);
    selected.classes.push_back(
        model.classes[static_cast<std::size_t>(found - model.class_names.begin())]);
  }
  return selected;
}

}  // namespace cxrlt
