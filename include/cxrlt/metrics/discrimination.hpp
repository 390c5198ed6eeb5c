// SPDX-License-Identifier: Apache-2.0
/// Metrics of ranking: how well scores put positives above negatives. Each takes the counts of one
/// class from `count_thresholds`.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/unfused.hpp"
#include "cxrlt/counting/threshold_counts.hpp"

namespace cxrlt {

namespace detail {

/// The reason why a metric that needs positives is undefined; `none` if it is not.
template <class Count>
Undefined needs_positives(const ThresholdCounts<Count>& counts) {
  if (counts.n_positive > 0) return Undefined::none;
  return counts.n_negative > 0 ? Undefined::no_positives : Undefined::no_samples;
}

/// The reason why a metric that needs both kinds of label is undefined; `none` if it is not.
template <class Count>
Undefined needs_both_labels(const ThresholdCounts<Count>& counts) {
  const Undefined why = needs_positives(counts);
  return why == Undefined::none && !(counts.n_negative > 0) ? Undefined::no_negatives : why;
}

/// The share of pairs of a positive and a negative that are wins, a tie counting one half.
template <class Count>
double share_of_pairs(Count twice_wins_and_ties, Count n_positive, Count n_negative) {
  const double twice_pairs = 2 * static_cast<double>(n_positive) * static_cast<double>(n_negative);
  // With weights, rounding must not carry the value past 1.
  return std::min(static_cast<double>(twice_wins_and_ties) / twice_pairs, 1.0);
}

}  // namespace detail

/// Average precision, the step sum over distinct thresholds in descending order:
/// AP = sum_k (R_k - R_{k-1}) P_k, without interpolation (Boyd, Eng, Page 2013; scikit-learn).
/// Range [0, 1], higher is better. Equal scores are one group. Undefined without positives; 1
/// without negatives. Cost: O(distinct positive scores).
template <class Count>
MetricValue average_precision(const ThresholdCounts<Count>& counts) {
  if (const Undefined why = detail::needs_positives(counts); why != Undefined::none) {
    return MetricValue::undefined(why);
  }
  double sum = 0;
  Count tp_before = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double tp = static_cast<double>(counts.tp[k]);
    const double predicted = static_cast<double>(counts.tp[k] + counts.fp[k]);
    detail::add_product(static_cast<double>(counts.tp[k] - tp_before), tp / predicted, sum);
    tp_before = counts.tp[k];
  }
  return {sum / static_cast<double>(counts.n_positive)};
}

/// The area under the ROC curve as the Mann-Whitney probability that a positive scores above a
/// negative, a tie counting one half: (wins + ties / 2) / (positives negatives) (Mann and Whitney
/// 1947; Hanley and McNeil 1982). The numerator 2 wins + ties is an exact integer, for up to
/// 2^32 rows. Range [0, 1], higher is better; never flipped. Undefined unless both kinds of label
/// are present. Cost: O(distinct positive scores).
template <class Count>
MetricValue auroc(const ThresholdCounts<Count>& counts) {
  if (const Undefined why = detail::needs_both_labels(counts); why != Undefined::none) {
    return MetricValue::undefined(why);
  }
  Count twice_wins_and_ties = 0;
  Count tp_before = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const Count below = counts.n_negative - counts.fp[k];
    const Count tied = counts.fp[k] - counts.fp_above[k];
    twice_wins_and_ties += (counts.tp[k] - tp_before) * (2 * below + tied);
    tp_before = counts.tp[k];
  }
  return {detail::share_of_pairs(twice_wins_and_ties, counts.n_positive, counts.n_negative)};
}

/// Which form of the partial area is returned.
enum class PartialArea : std::uint8_t {
  mcclish,  ///< standardised to 0.5 for chance and 1 for perfect (McClish 1989)
  raw,      ///< the area itself, at most max_fpr
};

/// The area A under the ROC curve for false positive rates in [0, x], x = max_fpr, with linear
/// interpolation at the cut, standardised to (1 + (A - x^2 / 2) / (x - x^2 / 2)) / 2
/// (McClish 1989; scikit-learn's `roc_auc_score(max_fpr=...)`).
/// @param max_fpr in (0, 1]; at 1 this is the AUROC.
/// Range [0, 1] (raw: [0, max_fpr]), higher is better, 0.5 by chance. Ties are one group, a
/// straight segment. Undefined unless both kinds of label are present.
/// @throws InvalidArgument if max_fpr is outside (0, 1].
/// Cost: O(distinct positive scores).
template <class Count>
MetricValue partial_auroc(const ThresholdCounts<Count>& counts, double max_fpr,
                          PartialArea form = PartialArea::mcclish) {
  if (is_nan(max_fpr) || max_fpr <= 0 || max_fpr > 1) {
    // Without the number: its text in any locale takes <sstream>, which this header spares users.
    throw InvalidArgument("partial_auroc: max_fpr is no value in (0, 1]");
  }
  if (const Undefined why = detail::needs_both_labels(counts); why != Undefined::none) {
    return MetricValue::undefined(why);
  }
  const double n_positive = static_cast<double>(counts.n_positive);
  const double n_negative = static_cast<double>(counts.n_negative);
  double area = 0;
  double fpr = 0;
  double tpr = 0;
  // A segment of the polyline from (fpr, tpr) to (x, y), cut off at max_fpr.
  const auto advance = [&](double x, double y) {
    if (fpr >= max_fpr) return;
    if (x > max_fpr) {
      y = tpr + (y - tpr) * (max_fpr - fpr) / (x - fpr);
      x = max_fpr;
    }
    area += (x - fpr) * (tpr + y) / 2;
    fpr = x;
    tpr = y;
  };
  for (std::size_t k = 0; k < counts.size(); ++k) {
    advance(static_cast<double>(counts.fp_above[k]) / n_negative, tpr);
    advance(static_cast<double>(counts.fp[k]) / n_negative,
            static_cast<double>(counts.tp[k]) / n_positive);
  }
  advance(1, 1);
  if (form == PartialArea::raw) return {area};
  const double chance = max_fpr * max_fpr / 2;
  return {(1 + (area - chance) / (max_fpr - chance)) / 2};
}

namespace detail {

/// The harmonic number H_x = digamma(x + 1) + Euler's constant, for x >= 0; an integer x gives
/// 1 + 1/2 + ... + 1/x. By the recurrence up to 16, then the asymptotic series (error < 1e-15).
inline double harmonic(double x) {
  constexpr double euler = 0.57721566490153286060651209;
  double skipped = 0;
  for (; x < 16; x += 1) skipped += 1 / (x + 1);
  const double u = 1 / (x * x);
  const double series =
      u * (1.0 / 12 - u * (1.0 / 120 - u * (1.0 / 252 - u * (1.0 / 240 - u / 132))));
  return std::log(x) + euler + 1 / (2 * x) - series - skipped;
}

}  // namespace detail

/// The expected average precision of a random order of R positives among N samples:
/// E = ((R - 1) / (N - 1) (N - H_N) + H_N) / N, with H_N the harmonic number (Bestgen 2015).
/// For few positives it is well above the prevalence R / N, so prevalence alone misleads.
/// Range (0, 1]; a reference, not a score. The order is taken as free of ties. Undefined without
/// positives. Cost: O(1).
/// With row weights, R and N are sums of weights: a weight counts as that many repeated rows,
/// because chance depends on how many rows are shuffled. So, unlike AP itself, the value depends on
/// the scale of the weights; scale them to sum to the number of rows, if they are no repetitions.
/// With N <= 1 it is R / N.
template <class Count>
MetricValue chance_average_precision(const ThresholdCounts<Count>& counts) {
  if (const Undefined why = detail::needs_positives(counts); why != Undefined::none) {
    return MetricValue::undefined(why);
  }
  const double r = static_cast<double>(counts.n_positive);
  const double n = r + static_cast<double>(counts.n_negative);
  if (n <= 1) return {r / n};
  const double harmonic = detail::harmonic(n);
  return {((r - 1) / (n - 1) * (n - harmonic) + harmonic) / n};
}

}  // namespace cxrlt
