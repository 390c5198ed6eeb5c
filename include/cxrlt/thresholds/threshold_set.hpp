// SPDX-License-Identifier: Apache-2.0
/// Thresholds of all classes, and the decisions that they make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/calibration/calibration_model.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/thresholds/guarantee.hpp"
#include "cxrlt/thresholds/tail_safe.hpp"
#include "cxrlt/thresholds/threshold_scope.hpp"

namespace cxrlt {

/// What thresholds that are chosen for all classes together attain together.
struct JointValue {
  MetricValue apparent;          ///< on the rows that they are chosen on
  MetricValue cross_validated;   ///< on rows that had no part in the choice
  std::optional<double> wanted;  ///< of `cardinality`: the labels per row
};

/// A threshold per class, in the order of `class_names`, and how they were chosen. For logits the
/// thresholds are probabilities, as everywhere: decisions compare sigmoid(z).
struct ThresholdSet {
  std::vector<std::string> class_names;
  std::vector<ChosenThreshold> classes;
  ThresholdOptions options;
  ThresholdScope scope = ThresholdScope::each_class;
  std::optional<JointValue> joint;               ///< under `shared` and `micro`
  std::optional<PrecisionGuarantee> guarantee;   ///< of `find_guaranteed_thresholds`
  std::vector<CertifiedThreshold> certificates;  ///< per class, under a guarantee
};

namespace detail {

template <class Score>
std::vector<ChosenThreshold> choose_thresholds(MatrixView<const Score> scores,
                                               LabelMatrixView labels,
                                               const ThresholdOptions& options,
                                               std::span<const std::size_t> groups,
                                               const Cpu& policy) {
  std::vector<ChosenThreshold> chosen(scores.n_classes());
  parallel_for(scores.n_classes(), for_size(policy, scores.n_samples() * scores.n_classes()),
               [&](std::size_t k) {
                 chosen[k] = choose_threshold(scores.column(k), labels.column(k), options, groups);
               });
  return chosen;
}

/// A set without thresholds yet. @throws InvalidArgument if shapes differ.
template <class Score>
ThresholdSet begin_set(MatrixView<const Score> scores, LabelMatrixView labels,
                       std::vector<std::string> class_names, const ThresholdOptions& options) {
  check_same_shape(scores, labels);
  if (class_names.size() != scores.n_classes()) {
    throw InvalidArgument("thresholds: " + std::to_string(class_names.size()) +
                          " class names for " + std::to_string(scores.n_classes()) + " classes");
  }
  ThresholdSet set;
  set.class_names = std::move(class_names);
  set.options = options;
  return set;
}

/// Calls `find` with the scores as they are, or with the probabilities of logits.
template <class Score, class Find>
void with_probabilities(MatrixView<const Score> scores, ScoreKind kind, const Cpu& policy,
                        const Find& find) {
  if (kind == ScoreKind::probabilities) {
    find(scores);
    return;
  }
  const ClassMatrix<double> probabilities = as_probabilities(scores, kind, policy);
  find(probabilities.view());
}

template <class Score>
ThresholdSet find_thresholds(MatrixView<const Score> scores, LabelMatrixView labels,
                             std::vector<std::string> class_names, const ThresholdOptions& options,
                             std::span<const std::size_t> groups, const Cpu& policy) {
  ThresholdSet set = begin_set(scores, labels, std::move(class_names), options);
  ThresholdOptions of_probabilities = options;
  of_probabilities.scores = ScoreKind::probabilities;
  with_probabilities(scores, options.scores, policy, [&](const auto& probabilities) {
    set.classes = choose_thresholds(probabilities, labels, of_probabilities, groups, policy);
  });
  return set;
}

template <class Score>
ClassMatrix<std::uint8_t> decide(MatrixView<const Score> scores, std::span<const double> thresholds,
                                 ScoreKind kind, const Cpu& policy) {
  if (thresholds.size() != scores.n_classes()) {
    throw InvalidArgument("decisions: " + std::to_string(thresholds.size()) + " thresholds for " +
                          std::to_string(scores.n_classes()) + " classes");
  }
  for (const double threshold : thresholds) {
    if (is_nan(threshold)) throw InvalidArgument("decisions: a threshold is NaN");
  }
  ClassMatrix<std::uint8_t> decisions(scores.n_samples(), scores.n_classes());
  parallel_for(
      scores.n_classes(), for_size(policy, scores.n_samples() * scores.n_classes()),
      [&](std::size_t k) {
        for (std::size_t i = 0; i < scores.n_samples(); ++i) {
          const double score = static_cast<double>(scores(i, k));
          if (is_nan(score)) {
            throw InvalidArgument("decisions: the score in row " + std::to_string(i) + " is NaN");
          }
          const double compared = kind == ScoreKind::logits ? sigmoid(score) : score;
          decisions[k][i] = compared >= thresholds[k] ? 1 : 0;
        }
      });
  return decisions;
}

}  // namespace detail

/// Chooses a threshold per class; see `choose_threshold`, which says what each method does, when
/// values are undefined, and what it throws.
/// @param scores       n_samples x n_classes, what `options.scores` says
/// @param labels       of the same shape, in {0, 1, missing}
/// @param class_names  n_classes names, kept in the set
/// @param groups       n_samples group numbers (patients), or none
/// @throws InvalidArgument also if shapes differ. Equal for every number of threads.
inline ThresholdSet find_thresholds(MatrixView<const double> scores, LabelMatrixView labels,
                                    std::vector<std::string> class_names,
                                    const ThresholdOptions& options = {},
                                    std::span<const std::size_t> groups = {},
                                    const Cpu& policy = {}) {
  return detail::find_thresholds(scores, labels, std::move(class_names), options, groups, policy);
}
/// @copydoc find_thresholds(MatrixView<const double>, LabelMatrixView, std::vector<std::string>,
/// const ThresholdOptions&, std::span<const std::size_t>, const Cpu&)
inline ThresholdSet find_thresholds(MatrixView<const float> scores, LabelMatrixView labels,
                                    std::vector<std::string> class_names,
                                    const ThresholdOptions& options = {},
                                    std::span<const std::size_t> groups = {},
                                    const Cpu& policy = {}) {
  return detail::find_thresholds(scores, labels, std::move(class_names), options, groups, policy);
}

/// 1 where score >= threshold of its class, else 0; under `logits` where sigmoid(z) >= threshold.
/// @throws InvalidArgument if the number of thresholds is not that of classes, or a score or a
/// threshold is NaN. O(cells).
inline ClassMatrix<std::uint8_t> decide(MatrixView<const double> scores,
                                        std::span<const double> thresholds,
                                        ScoreKind kind = ScoreKind::probabilities,
                                        const Cpu& policy = {}) {
  return detail::decide(scores, thresholds, kind, policy);
}
/// @copydoc decide(MatrixView<const double>, std::span<const double>, ScoreKind, const Cpu&)
inline ClassMatrix<std::uint8_t> decide(MatrixView<const float> scores,
                                        std::span<const double> thresholds,
                                        ScoreKind kind = ScoreKind::probabilities,
                                        const Cpu& policy = {}) {
  return detail::decide(scores, thresholds, kind, policy);
}

}  // namespace cxrlt
