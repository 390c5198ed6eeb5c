// SPDX-License-Identifier: Apache-2.0
/// Metrics of decisions: what follows from the four counts at one threshold. Each takes the counts
/// of one class, or of cells added up, from `count_confusion`; a score equal to the threshold has
/// been predicted positive there. All are undefined (`no_samples`) where every count is 0.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"

namespace cxrlt {

namespace detail {

/// numerator / denominator, or the reason where there is nothing to divide by.
template <class Count>
MetricValue ratio(const ConfusionCounts<Count>& counts, double numerator, double denominator,
                  Undefined why) {
  if (denominator > 0) return {numerator / denominator};
  return MetricValue::undefined(counts.total() > 0 ? why : Undefined::no_samples);
}

/// Refuses a beta whose square, times a count, could leave the range of a double.
inline void check_beta(double beta, const char* metric) {
  if (!is_finite(beta) || beta < 1e-100 || beta > 1e100) {
    throw InvalidArgument(std::string(metric) + ": beta is " + number_text(beta) +
                          "; expected a positive number, from 1e-100 to 1e100");
  }
}

}  // namespace detail

/// Precision (positive predictive value) TP / (TP + FP). Range [0, 1], higher is better.
/// Undefined (`no_predictions`) where nothing is predicted positive. Cost: O(1).
template <class Count>
MetricValue precision(const ConfusionCounts<Count>& counts) {
  return detail::ratio(counts, static_cast<double>(counts.tp),
                       static_cast<double>(counts.tp + counts.fp), Undefined::no_predictions);
}

/// Recall (sensitivity, true positive rate) TP / (TP + FN). Range [0, 1], higher is better.
/// Undefined without positives. Cost: O(1).
template <class Count>
MetricValue recall(const ConfusionCounts<Count>& counts) {
  return detail::ratio(counts, static_cast<double>(counts.tp),
                       static_cast<double>(counts.tp + counts.fn), Undefined::no_positives);
}

/// Specificity (true negative rate) TN / (TN + FP). Range [0, 1], higher is better.
/// Undefined without negatives. Cost: O(1).
template <class Count>
MetricValue specificity(const ConfusionCounts<Count>& counts) {
  return detail::ratio(counts, static_cast<double>(counts.tn),
                       static_cast<double>(counts.tn + counts.fp), Undefined::no_negatives);
}

/// Negative predictive value TN / (TN + FN). Range [0, 1], higher is better.
/// Undefined (`no_predictions`) where nothing is predicted negative. Cost: O(1).
template <class Count>
MetricValue npv(const ConfusionCounts<Count>& counts) {
  return detail::ratio(counts, static_cast<double>(counts.tn),
                       static_cast<double>(counts.tn + counts.fn), Undefined::no_predictions);
}

/// F-beta, the weighted harmonic mean of precision and recall (van Rijsbergen 1979):
/// (1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP). Range [0, 1], higher is better.
/// Undefined (`no_positives`) where TP = FP = FN = 0; so it is 0, not undefined, where positives
/// exist and none is predicted.
/// @throws InvalidArgument unless beta is in [1e-100, 1e100].
/// Cost: O(1).
template <class Count>
MetricValue f_beta(const ConfusionCounts<Count>& counts, double beta) {
  detail::check_beta(beta, "f_beta");
  const double b2 = beta * beta;
  const double hits = (1 + b2) * static_cast<double>(counts.tp);
  return detail::ratio(counts, hits,
                       hits + b2 * static_cast<double>(counts.fn) + static_cast<double>(counts.fp),
                       Undefined::no_positives);
}

/// F1 = 2 TP / (2 TP + FP + FN): `f_beta` with beta = 1, and undefined as that. Range [0, 1],
/// higher is better. Cost: O(1).
template <class Count>
MetricValue f1(const ConfusionCounts<Count>& counts) {
  return f_beta(counts, 1);
}

/// The Jaccard index TP / (TP + FP + FN) (Jaccard 1912). Range [0, 1], higher is better.
/// Undefined (`no_positives`) where TP = FP = FN = 0. Cost: O(1).
template <class Count>
MetricValue jaccard(const ConfusionCounts<Count>& counts) {
  return detail::ratio(counts, static_cast<double>(counts.tp),
                       static_cast<double>(counts.tp + counts.fp + counts.fn),
                       Undefined::no_positives);
}

namespace detail {

/// `combine(recall, specificity)`, where both exist.
template <class Count, class Combine>
MetricValue from_rates(const ConfusionCounts<Count>& counts, const Combine& combine) {
  const MetricValue sensitivity = recall(counts);
  if (!sensitivity.defined()) return sensitivity;
  const MetricValue negatives = specificity(counts);
  if (!negatives.defined()) return negatives;
  return {combine(sensitivity.value, negatives.value)};
}

}  // namespace detail

/// Balanced accuracy (recall + specificity) / 2 (Brodersen et al. 2010). Range [0, 1], higher is
/// better, 0.5 by chance. Undefined unless both kinds of label are present. Cost: O(1).
template <class Count>
MetricValue balanced_accuracy(const ConfusionCounts<Count>& counts) {
  return detail::from_rates(counts, [](double tpr, double tnr) { return (tpr + tnr) / 2; });
}

/// Informedness, J = recall + specificity - 1 (Youden 1950). Range [-1, 1], higher is better, 0 by
/// chance. Undefined unless both kinds of label are present. Cost: O(1).
template <class Count>
MetricValue informedness(const ConfusionCounts<Count>& counts) {
  return detail::from_rates(counts, [](double tpr, double tnr) { return tpr + tnr - 1; });
}

/// Matthews' correlation coefficient (1975)
/// (TP TN - FP FN) / sqrt((TP+FP) (TP+FN) (TN+FP) (TN+FN)). Range [-1, 1], higher is better, 0 by
/// chance. Undefined (`one_margin_empty`) where one of the four sums is 0. Cost: O(1).
template <class Count>
MetricValue mcc(const ConfusionCounts<Count>& counts) {
  const double tp = static_cast<double>(counts.tp);
  const double fp = static_cast<double>(counts.fp);
  const double fn = static_cast<double>(counts.fn);
  const double tn = static_cast<double>(counts.tn);
  // Two square roots, so that no product of four counts can overflow.
  const double scale = std::sqrt((tp + fp) * (tp + fn)) * std::sqrt((tn + fp) * (tn + fn));
  // Rounding must not carry the value past -1 or 1.
  const double covariance = std::clamp(tp * tn - fp * fn, -scale, scale);
  return detail::ratio(counts, covariance, scale, Undefined::one_margin_empty);
}

/// Cohen's kappa (1960) (p_o - p_e) / (1 - p_e) between decisions and truth, with p_o the observed
/// agreement and p_e the one expected by chance. Range [-1, 1], higher is better, 0 by chance.
/// Undefined (`one_margin_empty`) where p_e = 1: all labels and all decisions are of one and the
/// same kind. Cost: O(1).
template <class Count>
MetricValue kappa(const ConfusionCounts<Count>& counts) {
  const double tp = static_cast<double>(counts.tp);
  const double fp = static_cast<double>(counts.fp);
  const double fn = static_cast<double>(counts.fn);
  const double tn = static_cast<double>(counts.tn);
  // 2 (TP TN - FP FN) over the disagreement expected by chance, both times n^2.
  const double expected_disagreement = (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn);
  return detail::ratio(counts, 2 * (tp * tn - fp * fn), expected_disagreement,
                       Undefined::one_margin_empty);
}

}  // namespace cxrlt
