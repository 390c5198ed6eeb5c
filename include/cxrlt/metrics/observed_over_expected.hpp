// SPDX-License-Identifier: Apache-2.0
/// Observed over expected: the calibration of a class as a whole, which sees the tail.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/poisson.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"

namespace cxrlt {

/// A ratio of observed to expected positives with its parts.
struct ObservedOverExpected {
  MetricValue value;
  std::optional<Interval> interval;  ///< none where the value is undefined or rows carry weights
  double observed = 0;               ///< sum of y
  double expected = 0;               ///< sum of p
};

/// The ratio observed / expected from its parts, with the exact Poisson interval of the observed
/// number (Garwood 1936) divided by the expected one. For a group of classes, add up the parts.
/// Range [0, inf], 1 is best. Undefined (`no_predictions`) if nothing is expected.
/// @param level  of the interval, in (0, 1)
/// @throws InvalidArgument if the level is outside (0, 1), or `expected` is negative or not finite.
/// Cost: O(sqrt(observed)).
inline ObservedOverExpected observed_over_expected(std::uint64_t observed, double expected,
                                                   double level = 0.95) {
  if (is_nan(level) || level <= 0 || level >= 1) {
    throw InvalidArgument("observed_over_expected: level is " + number_text(level) +
                          "; expected a value in (0, 1)");
  }
  if (!is_finite(expected) || expected < 0) {
    throw InvalidArgument("observed_over_expected: the expected number is " +
                          number_text(expected) + "; expected a finite number >= 0");
  }
  ObservedOverExpected result;
  result.observed = static_cast<double>(observed);
  result.expected = expected;
  if (!(expected > 0)) {
    result.value = MetricValue::undefined(Undefined::no_predictions);
    return result;
  }
  result.value = {result.observed / expected};
  Interval interval = detail::poisson_interval(observed, level);
  interval.lower /= expected;
  interval.upper /= expected;
  result.interval = interval;
  return result;
}

namespace detail {

template <class Score>
ObservedOverExpected observed_over_expected(ColumnView<const Score> probabilities,
                                            LabelColumnView labels,
                                            std::span<const double> row_weights, double level) {
  std::uint64_t n_positive = 0;
  double observed = 0;
  double expected = 0;
  const Undefined why = for_each_probability(probabilities, labels, row_weights,
                                             [&](double p, bool positive, double weight) {
                                               expected += weight * p;
                                               if (!positive) return;
                                               observed += weight;
                                               ++n_positive;
                                             });
  if (why != Undefined::none) {
    ObservedOverExpected result;
    result.value = MetricValue::undefined(why);
    return result;
  }
  ObservedOverExpected result = cxrlt::observed_over_expected(n_positive, expected, level);
  if (row_weights.empty()) return result;
  result.observed = observed;
  result.interval.reset();
  if (result.value.defined()) result.value = {observed / expected};
  return result;
}

}  // namespace detail

/// The number of positives of one class over the number that its probabilities expect,
/// sum y / sum p, with an exact Poisson interval (Garwood 1936; none with row weights, whose sums
/// are no Poisson counts). 1 is best; above 1 the probabilities are too small. Range [0, inf].
/// @param probabilities  n probabilities; values within 1e-6 of [0, 1] are clipped to it
/// @param labels         n labels in {0, 1, missing}; missing ones are left out of both sums
/// @param row_weights    n weights, or none at all for equal weights; weight 0 equals deleting
/// @param level          of the interval, in (0, 1)
/// Undefined without labelled rows, `not_probabilities` if a value lies further out, and
/// `no_predictions` if every probability is 0.
/// @throws InvalidArgument if sizes differ, a probability of a labelled row is NaN or infinite, a
/// label is none, a weight is negative or not finite, or the level is outside (0, 1).
/// Cost: O(n).
inline ObservedOverExpected observed_over_expected(ColumnView<const float> probabilities,
                                                   LabelColumnView labels,
                                                   std::span<const double> row_weights = {},
                                                   double level = 0.95) {
  return detail::observed_over_expected(probabilities, labels, row_weights, level);
}
/// @copydoc observed_over_expected(ColumnView<const float>, LabelColumnView,
/// std::span<const double>, double)
inline ObservedOverExpected observed_over_expected(ColumnView<const double> probabilities,
                                                   LabelColumnView labels,
                                                   std::span<const double> row_weights = {},
                                                   double level = 0.95) {
  return detail::observed_over_expected(probabilities, labels, row_weights, level);
}

}  // namespace cxrlt
