// SPDX-License-Identifier: Apache-2.0
/// p-values of many classes, adjusted for there being many.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/uncertainty/p_value.hpp"

namespace cxrlt {

namespace detail {

/// The defined p-values' places, from the smallest value; equal ones by place.
inline std::vector<std::size_t> smallest_first(std::span<const MetricValue> p_values) {
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < p_values.size(); ++k) {
    if (!p_values[k].defined()) continue;
    const double p = p_values[k].value;
    if (is_nan(p) || p < 0 || p > 1) {
      throw InvalidArgument("p-value " + std::to_string(k) + " is " + number_text(p) +
                            "; expected a number from 0 to 1");
    }
    order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return p_values[a].value < p_values[b].value;
  });
  return order;
}

}  // namespace detail

/// Holm's step-down adjustment (1979): with the m defined p-values in ascending order, the k-th
/// becomes max_{j <= k} min(1, (m - j + 1) p_(j)). Adjusted values at most alpha name differences
/// of which, with probability 1 - alpha or more, none is false, however the classes depend on each
/// other. Never below the given value; equal values stay equal, order is kept.
/// @param p_values  one per class; an undefined one stays as it is and does not count in m
/// @throws InvalidArgument if a defined value is outside [0, 1]. Cost: O(m log m).
inline std::vector<MetricValue> holm(std::span<const MetricValue> p_values) {
  const std::vector<std::size_t> order = detail::smallest_first(p_values);
  std::vector<MetricValue> adjusted(p_values.begin(), p_values.end());
  double highest = 0;
  for (std::size_t j = 0; j < order.size(); ++j) {
    const double left = static_cast<double>(order.size() - j);
    highest = std::max(highest, std::min(1.0, left * p_values[order[j]].value));
    adjusted[order[j]].value = highest;
  }
  return adjusted;
}

/// The adjustment of Benjamini and Hochberg (1995): the k-th smallest of m becomes
/// min_{j >= k} min(1, m p_(j) / j). Adjusted values at most q name differences of which a share of
/// at most q is false on average, for independent or positively dependent classes. Never below the
/// given value, never above Holm's; equal values stay equal, order is kept.
/// Parameters, throws and cost: as `holm`.
inline std::vector<MetricValue> benjamini_hochberg(std::span<const MetricValue> p_values) {
  const std::vector<std::size_t> order = detail::smallest_first(p_values);
  std::vector<MetricValue> adjusted(p_values.begin(), p_values.end());
  const double m = static_cast<double>(order.size());
  double lowest = 1;
  for (std::size_t j = order.size(); j > 0; --j) {
    const MetricValue& p = p_values[order[j - 1]];
    lowest = std::min(lowest, m * p.value / static_cast<double>(j));
    // Rounding must not carry m p / m below p.
    adjusted[order[j - 1]].value = std::max(p.value, lowest);
  }
  return adjusted;
}

/// What the statistics of different classes are divided by before the largest one is looked for.
enum class MaxTScale : std::uint8_t {
  by_class,  ///< each class's root mean square over the given value and all null values
  none,      ///< nothing: the statistics are comparable as they are
};

/// The single-step max-T adjustment (Westfall and Young 1993): the p-value of class k is the share
/// of null replicates, the data themselves counted as one, in which the largest |statistic| of all
/// classes reaches |statistic_k|: (1 + #{b : max_j |t_bj| >= |t_k|}) / (B + 1). Like Holm's it
/// bounds the probability of any false difference, but it uses how classes depend on each other, so
/// it is never much worse and often better; a replicate must be one and the same permutation of
/// rows for all classes, as those of `permute_ranks` are. Raw differences of rare classes vary so
/// much more than others that they alone would decide; hence `by_class`. Two-sided; range
/// [1 / (B + 1), 1]; a larger statistic never has a larger value. Statistics within 1e-12 of each
/// other (after scaling) are ties, and count.
/// @param observed  m statistics (differences, say), 0 if nothing differs; an undefined one stays
/// as
///                  it is and its column is not read
/// @param null      B x m statistics under the null hypothesis
/// @throws InvalidArgument if sizes differ, or a statistic that is read is NaN or infinite.
/// Cost: O(B m).
inline std::vector<MetricValue> max_t(std::span<const MetricValue> observed,
                                      MatrixView<const double> null,
                                      MaxTScale scale = MaxTScale::by_class) {
  if (observed.size() != null.n_classes()) {
    throw InvalidArgument("max_t: " + std::to_string(observed.size()) + " statistics for " +
                          std::to_string(null.n_classes()) + " columns of null statistics");
  }
  const std::size_t n_null = null.n_samples();
  const auto checked = [](double statistic, std::size_t k) {
    if (!is_finite(statistic)) {
      throw InvalidArgument("max_t: a statistic of class " + std::to_string(k) + " is not finite");
    }
    return std::abs(statistic);
  };
  std::vector<double> largest(n_null);
  std::vector<double> sizes(observed.size());
  for (std::size_t k = 0; k < observed.size(); ++k) {
    if (!observed[k].defined()) continue;
    const double size = checked(observed[k].value, k);
    double squares = size * size;
    for (std::size_t b = 0; b < n_null; ++b) {
      const double one = checked(null(b, k), k);
      squares += one * one;
    }
    double divisor = 1;
    if (scale == MaxTScale::by_class && squares > 0) {
      divisor = std::sqrt(squares / static_cast<double>(n_null + 1));
    }
    sizes[k] = size / divisor;
    for (std::size_t b = 0; b < n_null; ++b) {
      largest[b] = std::max(largest[b], std::abs(null(b, k)) / divisor);
    }
  }
  std::vector<MetricValue> adjusted(observed.begin(), observed.end());
  for (std::size_t k = 0; k < observed.size(); ++k) {
    if (!observed[k].defined()) continue;
    std::size_t n_reached = 1;
    for (const double one : largest)
      n_reached += detail::at_least_as_extreme(one, sizes[k]) ? 1 : 0;
    adjusted[k].value = static_cast<double>(n_reached) / static_cast<double>(n_null + 1);
  }
  return adjusted;
}

}  // namespace cxrlt
