// SPDX-License-Identifier: Apache-2.0
/// Calibrated probabilities of rows whose labels the map has not seen.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/calibration/calibration_model.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

namespace detail {

template <class Score>
ClassMatrix<double> cross_fit(MatrixView<const Score> scores, LabelMatrixView labels,
                              std::span<const std::string> class_names,
                              const CalibrationOptions& options,
                              std::span<const std::size_t> groups, const FoldOptions& fold_options,
                              const Cpu& policy) {
  check_same_shape(scores, labels);
  ClassMatrix<double> result = converted_scores(scores, class_names, options.scores, false, policy);
  const ClassMatrix<double> converted =
      converted_scores(scores, class_names, options.scores, reads_logits(options.method), policy);
  std::vector<std::vector<int>> folds;
  for (std::size_t k = 0; k < labels.n_classes(); ++k) {
    folds.push_back(stratified_folds(labels.column(k), groups, fold_options));
  }
  for (int fold = 0; fold < fold_options.n_folds; ++fold) {
    const ClassMatrix<Label> others =
        labels_where(labels, [&](std::size_t i, std::size_t k) { return folds[k][i] != fold; });
    const std::vector<ClassCalibration> classes =
        fit_maps(converted.view(), LabelMatrixView(others.view()), options, policy);
    for (std::size_t k = 0; k < labels.n_classes(); ++k) {
      if (!classes[k].labels.fitted()) continue;
      for (std::size_t i = 0; i < labels.n_samples(); ++i) {
        if (folds[k][i] != fold) continue;
        result[k][i] = converted[k][i];
        apply_map(classes[k].map, result[k].subspan(i, 1));
      }
    }
  }
  return result;
}

}  // namespace detail

/// The probability of every cell by a model that was fitted without the cell's fold, which is what
/// to judge a calibration by: on its own rows every map looks too good, an isotonic one most. Folds
/// are `stratified_folds`, made for each class; rows of one group (a patient) share a fold.
/// @param groups  n_samples numbers, equal for rows that belong together; or none
/// A class that has one kind of label left outside a fold keeps that fold's probabilities as they
/// are. Otherwise as `fit_calibration`, but no class needs both labels.
/// @throws InvalidArgument as `fit_calibration` and `stratified_folds`.
/// Cost: of n_folds fits. Equal for every number of threads.
inline ClassMatrix<double> cross_fit(MatrixView<const double> scores, LabelMatrixView labels,
                                     std::vector<std::string> class_names,
                                     const CalibrationOptions& options = {},
                                     std::span<const std::size_t> groups = {},
                                     const FoldOptions& folds = {}, const Cpu& policy = {}) {
  return detail::cross_fit(scores, labels, std::move(class_names), options, groups, folds, policy);
}
/// @copydoc cross_fit(MatrixView<const double>, LabelMatrixView, std::vector<std::string>, const
/// CalibrationOptions&, std::span<const std::size_t>, const FoldOptions&, const Cpu&)
inline ClassMatrix<double> cross_fit(MatrixView<const float> scores, LabelMatrixView labels,
                                     std::vector<std::string> class_names,
                                     const CalibrationOptions& options = {},
                                     std::span<const std::size_t> groups = {},
                                     const FoldOptions& folds = {}, const Cpu& policy = {}) {
  return detail::cross_fit(scores, labels, std::move(class_names), options, groups, folds, policy);
}

}  // namespace cxrlt
