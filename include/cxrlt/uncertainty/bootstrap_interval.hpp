// SPDX-License-Identifier: Apache-2.0
/// Confidence intervals from the replicates of a value: normal, percentile, basic, BCa; and the
/// interval of an average precision that few positives need.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/normal.hpp"
#include "cxrlt/uncertainty/interval.hpp"

namespace cxrlt {

/// How an interval is made from an estimate and its replicates.
enum class IntervalMethod : std::uint8_t {
  normal,      ///< estimate +- z standard deviations of the replicates
  percentile,  ///< quantiles of the replicates
  basic,       ///< the estimate less the quantiles of the replicates' errors
  bca,         ///< percentile, corrected for bias and acceleration (Efron 1987)
  logit,       ///< from the number of positives alone (Boyd, Eng and Page 2013)
  delong,      ///< from the placements of positives and negatives (DeLong et al. 1988)
};

/// The stable name of a method.
constexpr std::string_view to_string(IntervalMethod method) {
  switch (method) {
    case IntervalMethod::normal:
      return "normal";
    case IntervalMethod::percentile:
      return "percentile";
    case IntervalMethod::basic:
      return "basic";
    case IntervalMethod::bca:
      return "bca";
    case IntervalMethod::logit:
      return "logit";
    case IntervalMethod::delong:
      return "delong";
  }
  return "";
}

/// What an interval of the method is an interval for.
constexpr std::string_view estimand(IntervalMethod method) {
  switch (method) {
    case IntervalMethod::basic:
    case IntervalMethod::bca:
    case IntervalMethod::logit:
    case IntervalMethod::delong:
      return "the value in the population that the test set was drawn from";
    case IntervalMethod::normal:
    case IntervalMethod::percentile:
      return "the expected value on a test set of this size and class mix";
  }
  return "";
}

/// An interval with what must be known to read it.
struct ResampledInterval {
  Interval interval;
  IntervalMethod method = IntervalMethod::normal;
  /// The mean of the replicates less the estimate: NaN where none is defined.
  double bias = std::numeric_limits<double>::quiet_NaN();
  double standard_error =
      std::numeric_limits<double>::quiet_NaN();  ///< NaN where fewer than two are
  std::size_t n_replicates = 0;
  std::size_t n_defined = 0;  ///< replicates that have a value; the others lost what it needs
  bool small_sample =
      false;  ///< fewer than ten positive rows (clusters) in a class that it rests on
};

/// Positive rows, or clusters, below which intervals of a class are marked as of a small sample.
inline constexpr std::size_t small_sample_positives = 10;

/// Positive rows, or clusters, below which the interval of an average precision is not left to the
/// bootstrap, which misses too often (the coverage table of docs/uncertainty.md).
inline constexpr std::size_t bootstrap_positives = 30;

namespace detail {

/// The quantile of sorted values, linear between them: the k-th of n (from 0) is that of
/// k / (n - 1), as NumPy's default (type 7 of Hyndman and Fan 1996).
inline double sorted_quantile(std::span<const double> sorted, double probability) {
  const double place = probability * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double share = place - static_cast<double>(below);
  return sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

/// P(Z <= z), Z standard normal.
inline double normal_distribution(double z) {
  return std::erfc(-z / std::numbers::sqrt2) / 2;
}

/// The z with P(Z <= z) = probability in (0, 1).
inline double normal_quantile(double probability) {
  if (probability == 0.5) return 0;
  const double z = two_sided_normal_quantile(std::abs(1 - 2 * probability));
  return probability < 0.5 ? -z : z;
}

struct Moments {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double deviation = std::numeric_limits<double>::quiet_NaN();
};

/// Mean and standard deviation (divisor n - 1), summed in order.
inline Moments moments(std::span<const double> values) {
  Moments result;
  if (values.empty()) return result;
  double sum = 0;
  for (const double value : values) sum += value;
  result.mean = sum / static_cast<double>(values.size());
  if (values.size() < 2) return result;
  double squares = 0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  result.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
  return result;
}

/// The acceleration from leave-one-out values: sum of cubes / (6 (sum of squares)^1.5) of the mean
/// less each.
inline double acceleration(std::span<const double> left_out) {
  const double mean = moments(left_out).mean;
  double squares = 0;
  double cubes = 0;
  for (const double value : left_out) {
    const double difference = mean - value;
    squares += difference * difference;
    cubes += difference * difference * difference;
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

/// The probabilities at which BCa takes its quantiles.
inline std::pair<double, double> bca_probabilities(std::span<const double> sorted, double estimate,
                                                   std::span<const double> left_out, double level) {
  // Replicates equal to the estimate count one half: a rank metric has many of them.
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), estimate);
  const double n = static_cast<double>(sorted.size());
  const double below =
      static_cast<double>(first - sorted.begin()) + static_cast<double>(last - first) / 2;
  const double share = std::clamp(below / n, 0.5 / n, 1 - 0.5 / n);
  const double shift = normal_quantile(share);
  const double bend = acceleration(left_out);
  const double z = two_sided_normal_quantile(level);
  const auto probability = [&](double end) {
    const double moved = shift + end;
    return normal_distribution(shift + moved / (1 - bend * moved));
  };
  return {probability(-z), probability(z)};
}

}  // namespace detail

/// What an interval is made from.
struct IntervalInput {
  double estimate = 0;
  std::span<const double> replicates = {};  ///< NaN where a replicate has no value
  /// For `bca`: the value without each row, or cluster, or group of them; NaN where undefined.
  std::span<const double> left_out = {};
  double lowest = -std::numeric_limits<double>::infinity();  ///< the range of the metric
  double highest = std::numeric_limits<double>::infinity();
};

/// The interval of a value by the bootstrap (Efron and Tibshirani 1993; Davison and Hinkley 1997).
/// - `normal` always contains the estimate, and is symmetric about it but for the metric's range.
/// - `percentile` and `basic` need not contain it: a macro average precision over classes with one
///   positive has replicates that are all on one side.
/// - `bca` corrects the percentiles by the share of replicates below the estimate and by the
///   acceleration; it has no cure for few positives.
/// Replicates without a value are left out and counted. With fewer than two, or where all are equal
/// (those of a perfect ranking are perfect, too), there is no interval (`not_estimable`). Ends are
/// cut off at the metric's range.
/// @throws InvalidArgument unless the level lies in (0, 1), or for `bca` without `left_out`, or for
/// `logit` and `delong`, which take none.
/// Cost: O(B log B) for B replicates.
inline ResampledInterval bootstrap_interval(const IntervalInput& input, double level,
                                            IntervalMethod method = IntervalMethod::normal) {
  detail::check_level(level);
  if (method == IntervalMethod::logit || method == IntervalMethod::delong) {
    throw InvalidArgument("bootstrap_interval: the method '" + std::string(to_string(method)) +
                          "' takes no replicates");
  }
  std::vector<double> defined;
  for (const double value : input.replicates) {
    if (!is_nan(value)) defined.push_back(value);
  }
  ResampledInterval result;
  result.method = method;
  result.n_replicates = input.replicates.size();
  result.n_defined = defined.size();
  const detail::Moments moments = detail::moments(defined);
  result.bias = moments.mean - input.estimate;
  result.standard_error = moments.deviation;
  // Replicates that do not vary tell nothing: that of a perfect ranking is perfect, too.
  if (!(moments.deviation > 0) || is_nan(input.estimate)) {
    result.interval = Interval::undefined(Undefined::not_estimable, level);
    return result;
  }
  if (method == IntervalMethod::normal) {
    result.interval =
        normal_interval(input.estimate, moments.deviation, level, input.lowest, input.highest);
    return result;
  }
  std::sort(defined.begin(), defined.end());
  std::pair<double, double> ends{(1 - level) / 2, (1 + level) / 2};
  if (method == IntervalMethod::bca) {
    std::vector<double> left_out;
    for (const double value : input.left_out) {
      if (!is_nan(value)) left_out.push_back(value);
    }
    if (left_out.size() < 2) {
      throw InvalidArgument("bootstrap_interval: bca needs values with something left out");
    }
    ends = detail::bca_probabilities(defined, input.estimate, left_out, level);
  }
  double lower = detail::sorted_quantile(defined, ends.first);
  double upper = detail::sorted_quantile(defined, ends.second);
  if (method == IntervalMethod::basic) {
    std::swap(lower, upper);
    lower = 2 * input.estimate - lower;
    upper = 2 * input.estimate - upper;
  }
  result.interval = {std::clamp(lower, input.lowest, input.highest),
                     std::clamp(upper, input.lowest, input.highest), level};
  return result;
}

/// The interval of an average precision from the number of positives alone (Boyd, Eng and Page,
/// "Area under the precision-recall curve: point estimates and confidence intervals", ECML 2013):
/// sigmoid(logit(AP) +- z / sqrt(n AP (1 - AP))). An AP of 0 or 1, where the paper's formula has no
/// value, is taken as (n AP + 1/2) / (n + 1), and the interval is widened to contain it.
/// @param n_positive  positive rows, or clusters with one
/// @return the interval in [0, 1], which contains the AP; none (`no_positives`) without positives
/// @throws InvalidArgument unless AP lies in [0, 1] and the level in (0, 1). Cost: O(1).
inline Interval average_precision_interval(double average_precision, std::size_t n_positive,
                                           double level = 0.95) {
  detail::check_level(level);
  if (!(average_precision >= 0 && average_precision <= 1)) {
    throw InvalidArgument("average_precision_interval: the average precision is not in [0, 1]");
  }
  if (n_positive == 0) return Interval::undefined(Undefined::no_positives, level);
  const double n = static_cast<double>(n_positive);
  const bool extreme = average_precision == 0 || average_precision == 1;
  const double centre = extreme ? (n * average_precision + 0.5) / (n + 1) : average_precision;
  const double standard_error = std::sqrt(centre * (1 - centre) / n);
  Interval interval = logit_interval(centre, standard_error, level);
  interval.lower = std::min(interval.lower, average_precision);
  interval.upper = std::max(interval.upper, average_precision);
  return interval;
}

}  // namespace cxrlt
