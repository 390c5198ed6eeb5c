// SPDX-License-Identifier: Apache-2.0
/// A number added to the logits of each class: what every adjustment for several labels comes to.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>

#include "cxrlt/calibration/score_conversion.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

/// What is added to the logit of one class.
struct LogitShift {
  double value = 0;  ///< finite
  /// Why the class is left as it is, with a value of 0: `no_positives` or `no_negatives` in
  /// training, so that there is no finite logit of its prior; or why a prior to shift to could not
  /// be estimated.
  Undefined why = Undefined::none;
};

/// sigmoid(z + shift); z = -inf and +inf stay 0 and 1. Made of steps of which each keeps the order,
/// so that rounding can merge probabilities but not exchange them.
inline double shifted_probability_of_logit(double z, double shift) {
  constexpr double lowest = -700;  // further down 1 + exp(-z) is exp(-z), and would overflow
  z += shift;
  return z < lowest ? std::exp(z) : 1 / (1 + std::exp(-z));
}

/// The probability whose logit is logit(p) + shift, that is p r / (1 - p + p r) with r =
/// exp(shift). 0 and 1 stay what they are, and a shift of 0 changes no bit. As above rounding can
/// merge, not exchange. Probabilities below 1e-307 may become 0.
inline double shifted_probability(double p, double shift) {
  if (shift == 0 || p <= 0 || p >= 1) return p;
  return 1 / (1 + (1 - p) / std::exp(shift) / p);
}

namespace detail {

/// The shifted probabilities of one class. @throws InvalidArgument with class number and row.
template <class Score>
void shift_column(ColumnView<const Score> scores, std::size_t k, double shift, ScoreKind kind,
                  std::span<double> shifted) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double score = static_cast<double>(scores[i]);
    if (!is_score(score, kind)) {
      throw_no_score("adjustment: class " + std::to_string(k) + ", row " + std::to_string(i), score,
                     kind);
    }
    shifted[i] = kind == ScoreKind::logits
                     ? shifted_probability_of_logit(score, shift)
                     : shifted_probability(std::clamp(score, 0.0, 1.0), shift);
  }
}

template <class Score>
ClassMatrix<double> shift_logits(MatrixView<const Score> scores, std::span<const LogitShift> shifts,
                                 ScoreKind kind, const Cpu& policy) {
  if (shifts.size() != scores.n_classes()) {
    throw InvalidArgument("adjustment: " + std::to_string(shifts.size()) + " shifts for " +
                          std::to_string(scores.n_classes()) + " classes");
  }
  for (const LogitShift& shift : shifts) {
    if (!is_finite(shift.value)) throw InvalidArgument("adjustment: a shift is not finite");
  }
  ClassMatrix<double> shifted(scores.n_samples(), scores.n_classes());
  parallel_for(
      scores.n_classes(), for_size(policy, scores.n_samples() * scores.n_classes()),
      [&](std::size_t k) { shift_column(scores.column(k), k, shifts[k].value, kind, shifted[k]); });
  return shifted;
}

}  // namespace detail

/// The probabilities whose logits are those of the scores, plus the shift of their class. The order
/// within a class stays, but for scores that rounding merges: `order_changes` counts them.
/// @param scores  n_samples x n_classes, what `kind` says; probabilities up to 1e-6 beyond [0, 1]
///                are clipped to it
/// @param shifts  one per class
/// @throws InvalidArgument if the numbers of classes differ, a shift is not finite, or a score is
/// NaN or no probability (with class number and row). Equal for every number of threads. O(cells).
inline ClassMatrix<double> shift_logits(MatrixView<const double> scores,
                                        std::span<const LogitShift> shifts,
                                        ScoreKind kind = ScoreKind::probabilities,
                                        const Cpu& policy = {}) {
  return detail::shift_logits(scores, shifts, kind, policy);
}
/// @copydoc shift_logits(MatrixView<const double>, std::span<const LogitShift>, ScoreKind, const
/// Cpu&)
inline ClassMatrix<double> shift_logits(MatrixView<const float> scores,
                                        std::span<const LogitShift> shifts,
                                        ScoreKind kind = ScoreKind::probabilities,
                                        const Cpu& policy = {}) {
  return detail::shift_logits(scores, shifts, kind, policy);
}

}  // namespace cxrlt
