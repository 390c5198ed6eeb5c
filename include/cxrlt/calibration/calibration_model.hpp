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

#include "cxrlt/calibration/affine.hpp"
#include "cxrlt/calibration/beta.hpp"
#include "cxrlt/calibration/calibration_method.hpp"
#include "cxrlt/calibration/centred_isotonic.hpp"
#include "cxrlt/calibration/class_temperature.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/calibration/histogram.hpp"
#include "cxrlt/calibration/isotonic.hpp"
#include "cxrlt/calibration/platt.hpp"
#include "cxrlt/calibration/score_conversion.hpp"
#include "cxrlt/calibration/temperature.hpp"
#include "cxrlt/calibration/venn_abers.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/calibration_error.hpp"

namespace cxrlt {

/// The map of one class.
using Calibrator = std::variant<TemperatureScaling, ClassTemperature, ClassAffine, PlattScaling,
                                BetaCalibration, IsotonicCalibration, CentredIsotonicCalibration,
                                HistogramCalibration, VennAbersCalibration>;

/// One class of a model.
struct ClassCalibration {
  Calibrator map;
  /// The class's own labels; `why` is set where the map is the identity for want of them. A class
  /// that has a temperature or scale of all classes for want of its own labels is no identity.
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

inline Calibrator fit_class(ColumnView<const double> scores, LabelColumnView labels,
                            const CalibrationOptions& options) {
  switch (options.method) {
    case CalibrationMethod::temperature:
    case CalibrationMethod::temperature_per_class:
    case CalibrationMethod::affine:
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

/// Maps that are fitted on all classes at once; `why` is that of the shared part.
template <class Maps>
std::vector<ClassCalibration> together(const Maps& maps, Undefined why) {
  std::vector<ClassCalibration> classes;
  for (const auto& map : maps) {
    classes.push_back({map, {map.labels.n_positive, map.labels.n_negative, why}});
  }
  return classes;
}

inline std::vector<ClassCalibration> one_temperature(MatrixView<const double> logits,
                                                     LabelMatrixView labels, const Cpu& policy) {
  const TemperatureScaling shared = TemperatureScaling::fit(logits, labels, policy);
  std::vector<TemperatureScaling> maps(logits.n_classes(), shared);
  for (std::size_t k = 0; k < maps.size(); ++k) {
    maps[k].labels = for_each_logit(logits.column(k), labels.column(k), [](double, bool) {});
  }
  return together(maps, shared.labels.why);
}

/// Fits maps to scores in the form that they read.
inline std::vector<ClassCalibration> fit_maps(MatrixView<const double> scores,
                                              LabelMatrixView labels,
                                              const CalibrationOptions& options,
                                              const Cpu& policy) {
  switch (options.method) {
    case CalibrationMethod::temperature:
      return one_temperature(scores, labels, policy);
    case CalibrationMethod::temperature_per_class: {
      const ClassTemperatures fitted =
          fit_class_temperatures(scores, labels, {options.pseudo_positives}, policy);
      return together(fitted.classes, fitted.shared.labels.why);
    }
    case CalibrationMethod::affine:
      return together(AffineScaling::fit(scores, labels, policy).classes, Undefined::none);
    default:
      break;
  }
  std::vector<ClassCalibration> classes(scores.n_classes());
  parallel_for(scores.n_classes(), for_size(policy, scores.n_samples() * scores.n_classes()),
               [&](std::size_t k) {
                 classes[k].map = fit_class(scores.column(k), labels.column(k), options);
                 classes[k].labels =
                     std::visit([](const auto& map) { return map.labels; }, classes[k].map);
               });
  return classes;
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
  CalibrationModel model{options.method, options.scores, std::move(class_names),
                         fit_maps(converted.view(), labels, options, policy)};
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

/// Fits a model. What each method does with ties, missing labels, separated labels and classes with
/// one kind of label stands with it: such a class keeps its probabilities as they are (under both
/// temperatures and `affine` it gets what all classes share), and its `labels.why` says so. Logits
/// are turned into probabilities sigmoid(z), and probabilities into logits ln(p / (1 - p)), where a
/// method reads the other form.
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
/// 0 and 1 stay 0 and 1 under temperature, affine, Platt and beta where the map does not end flat,
/// and under centred isotonic unless a step of the fit lies there.
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
