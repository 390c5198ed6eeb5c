// SPDX-License-Identifier: Apache-2.0
/// Scores of all classes as probabilities or logits in double.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"

namespace cxrlt {

namespace detail {

/// Whether a score can be what it is said to be.
inline bool is_score(double score, ScoreKind kind) {
  return !is_nan(score) && (kind == ScoreKind::logits || near_unit_interval(score));
}

/// @param place  who reads the score, and where it stands
[[noreturn]] inline void throw_no_score(const std::string& place, double score, ScoreKind kind) {
  throw InvalidArgument(place + ": the score " + (is_nan(score) ? "NaN" : number_text(score)) +
                        (kind == ScoreKind::logits
                             ? " is no logit"
                             : " is no probability; if the scores are logits, say so"));
}

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
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double score = static_cast<double>(scores[i]);
    if (!is_score(score, kind)) {
      throw_no_score("calibration: class '" + class_name + "', row " + std::to_string(i), score,
                     kind);
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

}  // namespace cxrlt
