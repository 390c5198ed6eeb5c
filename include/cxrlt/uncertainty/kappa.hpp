// SPDX-License-Identifier: Apache-2.0
/// The agreement of two raters beyond chance, and how sure it is.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/metrics/detail/normal.hpp"
#include "cxrlt/metrics/threshold.hpp"
#include "cxrlt/uncertainty/interval.hpp"

namespace cxrlt {

/// Cohen's kappa of two raters with its variance and an interval.
struct KappaEstimate {
  ConfusionCounts<> counts;  ///< the first rater in the place of the truth
  MetricValue kappa;
  MetricValue variance;  ///< of the estimate
  Interval interval;
  bool smoothed = false;  ///< the variance is 0: the interval is that of the table with 1/2 added
};

namespace detail {

/// The large-sample variance of kappa (Fleiss, Cohen and Everitt 1969) of a table where kappa is
/// defined.
inline double kappa_variance(const ConfusionCounts<double>& counts) {
  const double n = counts.total();
  const double both = counts.tp / n;
  const double neither = counts.tn / n;
  const double only_first = counts.fn / n;
  const double only_second = counts.fp / n;
  const double first = both + only_first;
  const double second = both + only_second;
  const double by_chance = first * second + (1 - first) * (1 - second);
  const double k = kappa(counts).value;
  const double rest = 1 - k;
  const auto squared = [](double x) { return x * x; };
  const double agreeing = both * squared(1 - (first + second) * rest) +
                          neither * squared(1 - (2 - first - second) * rest);
  const double differing = squared(rest) * (only_first * squared(second + (1 - first)) +
                                            only_second * squared(first + (1 - second)));
  // Rounding must not carry a variance of 0 below it.
  const double sum = std::max(0.0, agreeing + differing - squared(k - by_chance * rest));
  return sum / (n * squared(1 - by_chance));
}

/// Whether the variance is 0 by its formula: both always agree, always differ by halves, or one of
/// them says the same of every row.
inline bool kappa_is_certain(const ConfusionCounts<>& counts) {
  if (counts.fp + counts.fn == 0) return true;
  if (counts.tp + counts.tn == 0 && counts.fp == counts.fn) return true;
  return counts.tp + counts.fn == 0 || counts.fp + counts.tn == 0 || counts.tp + counts.fp == 0 ||
         counts.fn + counts.tn == 0;
}

}  // namespace detail

/// Cohen's kappa (1960) of two raters, `kappa(counts)`, with the large-sample variance of Fleiss,
/// Cohen and Everitt (1969) and the normal interval kappa +- z sd, cut off at -1 and 1. With shares
/// p_ij, margins p_i. and p_.j, agreement by chance e and k = kappa:
/// variance = {sum_i p_ii [1 - (p_i. + p_.i)(1 - k)]^2 + (1 - k)^2 sum_{i != j} p_ij (p_.i +
/// p_j.)^2
/// - [k - e (1 - k)]^2} / (n (1 - e)^2).
/// @param counts  the first rater in the place of the truth, the second in that of the prediction
/// Range [-1, 1], higher is more agreement, 0 by chance; the same if the raters change places.
/// Undefined as `kappa`: `no_samples`, or `one_margin_empty` where both say one and the same of
/// every row. Where the variance is 0 by its formula (full agreement, say, of however few rows),
/// the interval is that of the table with 1/2 added to each of the four counts (after Haldane 1955)
/// and widened to contain kappa; `smoothed` says so.
/// @throws InvalidArgument unless the level lies in (0, 1). Cost: O(1).
inline KappaEstimate kappa_estimate(const ConfusionCounts<>& counts, double level = 0.95) {
  detail::check_level(level);
  KappaEstimate result;
  result.counts = counts;
  result.kappa = kappa(counts);
  if (!result.kappa.defined()) {
    result.variance = result.kappa;
    result.interval = Interval::undefined(result.kappa.why, level);
    return result;
  }
  const auto table = [&](double added) {
    return ConfusionCounts<double>{
        static_cast<double>(counts.tp) + added, static_cast<double>(counts.fp) + added,
        static_cast<double>(counts.fn) + added, static_cast<double>(counts.tn) + added};
  };
  const double value = result.kappa.value;
  result.smoothed = detail::kappa_is_certain(counts);
  result.variance = {result.smoothed ? 0 : detail::kappa_variance(table(0))};
  const ConfusionCounts<double> used = table(result.smoothed ? 0.5 : 0);
  result.interval = normal_interval(result.smoothed ? kappa(used).value : value,
                                    std::sqrt(detail::kappa_variance(used)), level, -1, 1);
  result.interval.lower = std::min(result.interval.lower, value);
  result.interval.upper = std::max(result.interval.upper, value);
  return result;
}

/// The same from two raters' decisions on n rows.
/// @param first   n decisions in {0, 1, missing}
/// @param second  n decisions in {0, 1, missing}; rows that either did not judge are left out
/// @throws InvalidArgument also if sizes differ, or a decision is neither 0, 1 nor missing.
/// Cost: O(n).
inline KappaEstimate kappa_estimate(LabelColumnView first, LabelColumnView second,
                                    double level = 0.95) {
  if (first.size() != second.size()) {
    throw InvalidArgument("kappa_estimate: " + std::to_string(first.size()) + " decisions and " +
                          std::to_string(second.size()));
  }
  ConfusionCounts<> counts;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const Label by_first = detail::checked_label(first[i], i);
    const Label by_second = detail::checked_label(second[i], i);
    if (by_first == kMissing || by_second == kMissing) continue;
    counts.add(by_first == 1, by_second == 1);
  }
  return kappa_estimate(counts, level);
}

}  // namespace cxrlt
