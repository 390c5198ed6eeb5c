// SPDX-License-Identifier: Apache-2.0
/// How sure an AUROC is, and the difference of two models' AUROCs on the same rows.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/normal.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/uncertainty/detail/newcombe.hpp"
#include "cxrlt/uncertainty/detail/placements.hpp"
#include "cxrlt/uncertainty/interval.hpp"

namespace cxrlt {

/// Where the interval of an AUROC comes from.
enum class AurocInterval : std::uint8_t {
  automatic,  ///< only asked for: `delong` for many clusters of either kind, `widest` for few
  delong,     ///< DeLong's variance on the logit scale
  newcombe,   ///< Newcombe's method 5, which needs no variance of the data
  widest,     ///< from the lower one of both lower limits to the higher one of both upper limits
};

/// How an interval of an AUROC is formed.
struct AurocIntervalOptions {
  double level = 0.95;
  AurocInterval method = AurocInterval::automatic;
  std::uint64_t many_clusters = 100;  ///< for `automatic`: as many of either kind are enough
};

/// The AUROC of one class with its variance and an interval.
struct AurocEstimate {
  MetricValue auroc;     ///< equal to `auroc(count_thresholds(scores, labels))`
  MetricValue variance;  ///< of the estimate
  Interval interval;
  AurocInterval method = AurocInterval::delong;  ///< of the interval; never `automatic`
  std::uint64_t n_positive = 0;
  std::uint64_t n_negative = 0;
  std::uint64_t n_positive_clusters = 0;  ///< clusters with a positive; rows, if none are given
  std::uint64_t n_negative_clusters = 0;  ///< clusters with a negative
};

/// Two models' AUROCs on the same rows.
struct AurocComparison {
  AurocEstimate first;
  AurocEstimate second;
  MetricValue difference;  ///< first - second
  MetricValue covariance;  ///< of the two estimates
  MetricValue variance;    ///< of the difference
  MetricValue z;           ///< difference / sqrt(variance)
  MetricValue p_value;     ///< two-sided, of no difference
  Interval interval;       ///< of the difference
};

namespace detail {

/// The form of an interval that is both asked for and possible.
inline AurocInterval possible_method(const AurocIntervalOptions& options,
                                     const MetricValue& variance, const ClusteredRows& rows) {
  if (!variance.defined() || !(variance.value > 0)) return AurocInterval::newcombe;
  if (options.method != AurocInterval::automatic) return options.method;
  const std::uint64_t fewest = std::min(rows.n_positive_clusters, rows.n_negative_clusters);
  return fewest < options.many_clusters ? AurocInterval::widest : AurocInterval::delong;
}

inline Interval auroc_interval(double value, double variance, const ClusteredRows& rows,
                               AurocInterval method, double level) {
  Interval interval{value, value, level};
  const auto widen = [&](const Interval& other) {
    interval.lower = std::min(interval.lower, other.lower);
    interval.upper = std::max(interval.upper, other.upper);
  };
  if (method != AurocInterval::newcombe) widen(logit_interval(value, std::sqrt(variance), level));
  if (method != AurocInterval::delong) {
    widen(newcombe_interval(value, static_cast<double>(rows.n_positive_clusters),
                            static_cast<double>(rows.n_negative_clusters), level));
  }
  return interval;
}

inline AurocEstimate auroc_estimate(const Placements& of, const ClusteredRows& rows,
                                    const AurocIntervalOptions& options) {
  AurocEstimate result;
  result.n_positive = rows.n_positive;
  result.n_negative = rows.n_negative;
  result.n_positive_clusters = rows.n_positive_clusters;
  result.n_negative_clusters = rows.n_negative_clusters;
  if (const Undefined why = rows.why(); why != Undefined::none) {
    result.auroc = result.variance = MetricValue::undefined(why);
    result.interval = Interval::undefined(why, options.level);
    return result;
  }
  const double value =
      share_of_pairs(static_cast<std::uint64_t>(of.total), rows.n_positive, rows.n_negative);
  result.auroc = {value};
  result.variance = rows.can_vary() ? MetricValue{placement_covariance(of, of, rows)}
                                    : MetricValue::undefined(Undefined::not_estimable);
  result.method = possible_method(options, result.variance, rows);
  result.interval =
      auroc_interval(value, result.variance.value, rows, result.method, options.level);
  return result;
}

/// z, p-value and interval of a difference, where they exist.
inline void judge_difference(AurocComparison& result, bool equal_ranks, double level) {
  const double difference = result.difference.value;
  if (equal_ranks) {
    result.variance = result.z = {0};
    result.p_value = {1};
    result.interval = {0, 0, level};
  } else if (result.variance.defined() && result.variance.value > 0) {
    const double deviation = std::sqrt(result.variance.value);
    result.z = {difference / deviation};
    result.p_value = {two_sided_normal_tail(result.z.value)};
    result.interval = normal_interval(difference, deviation, level, -1, 1);
  } else {
    result.z = result.p_value = MetricValue::undefined(Undefined::not_estimable);
    result.interval = Interval::undefined(Undefined::not_estimable, level);
  }
}

template <class Score>
AurocEstimate delong_auroc(ColumnView<const Score> scores, LabelColumnView labels,
                           std::span<const std::size_t> clusters,
                           const AurocIntervalOptions& options) {
  check_same_size(scores.size(), labels.size(), "samples");
  check_level(options.level);
  const ClusteredRows rows(labels, clusters);
  return auroc_estimate(placements(scores, rows), rows, options);
}

template <class Score>
AurocComparison delong_test(ColumnView<const Score> first, ColumnView<const Score> second,
                            LabelColumnView labels, std::span<const std::size_t> clusters,
                            const AurocIntervalOptions& options) {
  check_same_size(first.size(), labels.size(), "samples");
  check_same_size(second.size(), labels.size(), "samples");
  check_level(options.level);
  const ClusteredRows rows(labels, clusters);
  Placements of_first = placements(first, rows);
  const Placements of_second = placements(second, rows);
  AurocComparison result;
  result.first = auroc_estimate(of_first, rows, options);
  result.second = auroc_estimate(of_second, rows, options);
  if (const Undefined why = rows.why(); why != Undefined::none) {
    result.difference = result.covariance = result.variance = MetricValue::undefined(why);
    result.z = result.p_value = MetricValue::undefined(why);
    result.interval = Interval::undefined(why, options.level);
    return result;
  }
  const bool equal_ranks = of_first == of_second;
  result.covariance = rows.can_vary() ? MetricValue{placement_covariance(of_first, of_second, rows)}
                                      : MetricValue::undefined(Undefined::not_estimable);
  of_first -= of_second;
  result.difference = {
      static_cast<double>(of_first.total) /
      (2 * static_cast<double>(rows.n_positive) * static_cast<double>(rows.n_negative))};
  result.variance = rows.can_vary() ? MetricValue{placement_covariance(of_first, of_first, rows)}
                                    : MetricValue::undefined(Undefined::not_estimable);
  judge_difference(result, equal_ranks, options.level);
  return result;
}

}  // namespace detail

/// The AUROC of one class, its variance and an interval (DeLong, DeLong and Clarke-Pearson 1988; in
/// one pass over the order, after Sun and Xu 2014). With m positives and n negatives, V_i the share
/// of the negatives that positive i scores above and W_j the share of the positives that score
/// above negative j, ties counting one half:
/// variance = sum_i (V_i - AUROC)^2 / (m (m - 1)) + sum_j (W_j - AUROC)^2 / (n (n - 1)).
/// With clusters (the images of a patient) V and W are added up per cluster and the products of
/// both sums of a cluster come in (Obuchowski 1997); clusters of one row give the same numbers.
/// DeLong's interval is sigmoid(logit(AUROC) +- z sd / (AUROC (1 - AUROC))). For few positives the
/// variance is itself a guess: at 5 positives and AUROC 0.95 the interval of level 0.95 holds the
/// true value in 78 % of samples. Newcombe's (2006, method 5; of clusters, not rows) takes the
/// variance from the AUROC alone, as of two alike distributions, and misses where they are not.
/// `automatic` spans both, unless clusters of either kind are many; docs/comparing.md has the
/// coverage measured. Where the variance is 0, which is so at AUROC 0 and 1 and says nothing, or
/// cannot be estimated, every method is Newcombe's; `method` says which it was. The interval always
/// contains the AUROC, lies in [0, 1] and has a width.
/// @param scores    n scores, higher means more likely positive; infinities are allowed
/// @param labels    n labels in {0, 1, missing}; rows with a missing one are left out
/// @param clusters  n numbers, equal for rows of one cluster, or none: every row is its own
/// @param options   level and method of the interval
/// Higher is better. The order of rows does not matter. AUROC and interval are undefined unless
/// both kinds of label are present. The variance is undefined (`not_estimable`), not 0, where all
/// positives, or all negatives, lie in one cluster; a single positive is such a case.
/// @throws InvalidArgument if sizes differ, a score of a labelled row is NaN, a label is none, or
/// the level is not in (0, 1).
/// Cost: O(n) for scores that do not cluster; O(n log n) in the worst case.
inline AurocEstimate delong_auroc(ColumnView<const float> scores, LabelColumnView labels,
                                  std::span<const std::size_t> clusters = {},
                                  const AurocIntervalOptions& options = {}) {
  return detail::delong_auroc(scores, labels, clusters, options);
}
/// @copydoc delong_auroc(ColumnView<const float>, LabelColumnView, std::span<const std::size_t>,
/// const AurocIntervalOptions&)
inline AurocEstimate delong_auroc(ColumnView<const double> scores, LabelColumnView labels,
                                  std::span<const std::size_t> clusters = {},
                                  const AurocIntervalOptions& options = {}) {
  return detail::delong_auroc(scores, labels, clusters, options);
}

/// The test of two models' AUROCs on the same rows of one class (DeLong, DeLong and Clarke-Pearson
/// 1988; clustered: Obuchowski 1997): z = (A - B) / sd, sd^2 = var A + var B - 2 cov, computed from
/// the rows' differences; two-sided p-value of the normal distribution, and the interval
/// A - B +- z sd, cut off at -1 and 1. Exchanging the models changes signs alone.
/// Two models that rank all rows alike, whatever their scores, have z = 0, p-value 1 and the
/// interval [0, 0], also with one positive. Otherwise variance, z, p-value and interval are
/// undefined (`not_estimable`) where all positives, or all negatives, lie in one cluster; and z,
/// p-value and interval also where the difference is not 0 but its variance is, as between an AUROC
/// of 1 and one of 0: a permutation test (`permute_ranks`) has an answer there. For few positives
/// this test finds differences that are not there: at AUROC 0.7 of equal models 21 % have p <= 0.05
/// with 2 positives, 11 % with 5, 7 % with 10, 6 % with 30. The permutation test keeps its level.
/// Parameters, throws and cost: as `delong_auroc`, for both.
inline AurocComparison delong_test(ColumnView<const float> first, ColumnView<const float> second,
                                   LabelColumnView labels,
                                   std::span<const std::size_t> clusters = {},
                                   const AurocIntervalOptions& options = {}) {
  return detail::delong_test(first, second, labels, clusters, options);
}
/// @copydoc delong_test(ColumnView<const float>, ColumnView<const float>, LabelColumnView,
/// std::span<const std::size_t>, const
/// AurocIntervalOptions&)
inline AurocComparison delong_test(ColumnView<const double> first, ColumnView<const double> second,
                                   LabelColumnView labels,
                                   std::span<const std::size_t> clusters = {},
                                   const AurocIntervalOptions& options = {}) {
  return detail::delong_test(first, second, labels, clusters, options);
}

}  // namespace cxrlt
