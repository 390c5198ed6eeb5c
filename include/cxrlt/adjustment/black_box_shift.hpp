// SPDX-License-Identifier: Apache-2.0
/// How frequent a class is among rows without labels, from decisions whose error rates are known.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/calibration/calibration_model.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/metrics/detail/normal.hpp"

namespace cxrlt {

/// The prior of one class where the rows come from.
struct BlackBoxEstimate {
  MetricValue prior;  ///< q, clipped to [0, 1]
  Interval interval;  ///< of q, clipped to [0, 1]
  /// Before it was clipped: decisions among the rows may be rarer than the false positive rate.
  double unclipped = std::numeric_limits<double>::quiet_NaN();

  bool is_clipped() const { return unclipped < 0 || unclipped > 1; }
};

/// q = (E[decision] - FPR) / (TPR - FPR): the prior that explains how many of the unlabelled rows
/// are predicted positive (Lipton, Wang and Smola 2018, for each class alone; in quantification
/// "adjusted classify and count", Forman 2008). Unlike `estimate_prior` it needs no calibrated
/// scores, but labelled rows from the source, and TPR and FPR that are the same in both places.
/// The interval is q -+ z s by the delta method, s^2 = (V(E) + q^2 V(TPR) + (1 - q)^2 V(FPR)) /
/// (TPR - FPR)^2, V the binomial variance of a rate that is drawn to one half by one row, (k + 1/2)
/// / (n + 1): three of three found positives do not make a TPR of 1 certain.
/// @param source       decisions on labelled rows of the source
/// @param n_predicted  unlabelled rows that are predicted positive
/// @param n_rows       unlabelled rows
/// @param level        of the interval, in (0, 1)
/// Undefined: `no_samples` (no rows), `no_positives`, `no_negatives` (of the source),
/// `not_estimable` (TPR = FPR, as where nothing is predicted).
/// @throws InvalidArgument if n_predicted exceeds n_rows or the level is out of range. O(1).
inline BlackBoxEstimate black_box_prior(const ConfusionCounts<>& source, std::uint64_t n_predicted,
                                        std::uint64_t n_rows, double level = 0.95) {
  const double z = detail::two_sided_normal_quantile(level);
  if (n_predicted > n_rows) {
    throw InvalidArgument("black-box shift: " + std::to_string(n_predicted) + " rows of " +
                          std::to_string(n_rows) + " are predicted positive");
  }
  BlackBoxEstimate estimate;
  estimate.interval = {0, 1, level};
  const auto undefined = [&](Undefined why) {
    estimate.prior = MetricValue::undefined(why);
    return estimate;
  };
  const std::uint64_t n_positive = source.tp + source.fn;
  const std::uint64_t n_negative = source.fp + source.tn;
  if (n_rows == 0 || n_positive + n_negative == 0) return undefined(Undefined::no_samples);
  if (n_positive == 0) return undefined(Undefined::no_positives);
  if (n_negative == 0) return undefined(Undefined::no_negatives);
  // TPR = FPR as a comparison of products, which is exact.
  if (source.tp * n_negative == source.fp * n_positive) {
    return undefined(Undefined::not_estimable);
  }
  const auto rate = [](std::uint64_t k, std::uint64_t n) {
    return static_cast<double>(k) / static_cast<double>(n);
  };
  const auto variance = [](std::uint64_t k, std::uint64_t n) {
    const double drawn = (static_cast<double>(k) + 0.5) / (static_cast<double>(n) + 1);
    return drawn * (1 - drawn) / static_cast<double>(n);
  };
  const double fpr = rate(source.fp, n_negative);
  const double power = rate(source.tp, n_positive) - fpr;
  estimate.unclipped = (rate(n_predicted, n_rows) - fpr) / power;
  const double q = std::clamp(estimate.unclipped, 0.0, 1.0);
  estimate.prior = {q};
  const double error =
      std::sqrt(variance(n_predicted, n_rows) + q * q * variance(source.tp, n_positive) +
                (1 - q) * (1 - q) * variance(source.fp, n_negative)) /
      std::abs(power);
  estimate.interval.lower = std::clamp(estimate.unclipped - z * error, 0.0, 1.0);
  estimate.interval.upper = std::clamp(estimate.unclipped + z * error, 0.0, 1.0);
  return estimate;
}

namespace detail {

template <class SourceScore, class Score>
std::vector<BlackBoxEstimate> black_box_priors(MatrixView<const SourceScore> source_scores,
                                               LabelMatrixView source_labels,
                                               MatrixView<const Score> scores,
                                               std::span<const double> thresholds, ScoreKind kind,
                                               double level, const Cpu& policy) {
  check_same_shape(source_scores, source_labels);
  const std::size_t n_classes = scores.n_classes();
  if (source_scores.n_classes() != n_classes || thresholds.size() != n_classes) {
    throw InvalidArgument("black-box shift: scores of " + std::to_string(n_classes) +
                          " classes, source scores of " +
                          std::to_string(source_scores.n_classes()) + ", " +
                          std::to_string(thresholds.size()) + " thresholds");
  }
  const ClassMatrix<double> source = as_probabilities(source_scores, kind, policy);
  const ClassMatrix<double> target = as_probabilities(scores, kind, policy);
  std::vector<BlackBoxEstimate> estimates(n_classes);
  parallel_for(
      n_classes, for_size(policy, source_scores.n_samples() * n_classes), [&](std::size_t k) {
        const ConfusionCounts<> known =
            count_confusion(source.view().column(k), source_labels.column(k), thresholds[k]);
        const auto is_predicted = [&](double p) { return p >= thresholds[k]; };
        const auto n_predicted = static_cast<std::uint64_t>(
            std::count_if(target[k].begin(), target[k].end(), is_predicted));
        estimates[k] = black_box_prior(known, n_predicted, target.n_samples(), level);
      });
  return estimates;
}

}  // namespace detail

/// `black_box_prior` of each class, decisions being p >= threshold.
/// @param source_scores  labelled rows from the source, n x n_classes
/// @param source_labels  their labels, in {0, 1, missing}
/// @param scores         the unlabelled rows, m x n_classes; both what `kind` says
/// @param thresholds     one per class, probabilities under `logits`, too. The training prior is a
///                       good one: for calibrated scores it makes TPR - FPR greatest, and it is
///                       not chosen on the source's labels, which would flatter them.
/// @throws InvalidArgument if shapes differ, a threshold is NaN, and as `black_box_prior` and
/// `as_probabilities`. Equal for every number of threads. O(cells).
inline std::vector<BlackBoxEstimate> black_box_priors(MatrixView<const double> source_scores,
                                                      LabelMatrixView source_labels,
                                                      MatrixView<const double> scores,
                                                      std::span<const double> thresholds,
                                                      ScoreKind kind = ScoreKind::probabilities,
                                                      double level = 0.95, const Cpu& policy = {}) {
  return detail::black_box_priors(source_scores, source_labels, scores, thresholds, kind, level,
                                  policy);
}
/// @copydoc black_box_priors(MatrixView<const double>, LabelMatrixView, MatrixView<const double>,
/// std::span<const double>, ScoreKind, double, const Cpu&)
inline std::vector<BlackBoxEstimate> black_box_priors(MatrixView<const float> source_scores,
                                                      LabelMatrixView source_labels,
                                                      MatrixView<const float> scores,
                                                      std::span<const double> thresholds,
                                                      ScoreKind kind = ScoreKind::probabilities,
                                                      double level = 0.95, const Cpu& policy = {}) {
  return detail::black_box_priors(source_scores, source_labels, scores, thresholds, kind, level,
                                  policy);
}

}  // namespace cxrlt
