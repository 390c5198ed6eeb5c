// SPDX-License-Identifier: Apache-2.0
/// Whether one of two sequences of decisions on the same rows is right more often.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/binomial_tail.hpp"
#include "cxrlt/metrics/detail/normal.hpp"
#include "cxrlt/uncertainty/detail/decisions.hpp"

namespace cxrlt {

/// How a p-value comes from the rows on which exactly one is right.
enum class McnemarMethod : std::uint8_t {
  exact,       ///< binomial, for any number of rows
  asymptotic,  ///< chi-squared without continuity correction (McNemar 1947)
  corrected,   ///< chi-squared with continuity correction (Edwards 1948)
};

/// The result of McNemar's test.
struct McnemarTest {
  std::uint64_t n_only_first_right = 0;
  std::uint64_t n_only_second_right = 0;
  MetricValue statistic;  ///< chi-squared, 1 degree of freedom; undefined for the exact form
  MetricValue p_value;    ///< two-sided
};

/// McNemar's test (1947) of b rows where only the first is right and c where only the second is:
/// - exact: min(1, 2 P(X >= max(b, c))), X binomial with b + c trials of probability 1/2;
/// - asymptotic: (b - c)^2 / (b + c) against chi-squared with one degree of freedom;
/// - corrected: the same with max(0, |b - c| - 1)^2, close to the exact form (Edwards 1948).
/// The asymptotic form is too sure of itself below about 25 such rows; `exact` is the default.
/// The p-value lies in (0, 1] and does not change if b and c change places. Where b + c = 0, it is
/// 1: nothing speaks for a difference. Rows on which both are right or both wrong do not matter.
/// Always defined, but for the statistic of the exact form (`not_estimable`). Rows must be
/// independent; with several rows of a patient use `permute_probabilities` by clusters.
/// Cost: O(1); exact: O(sqrt(b + c)).
inline McnemarTest mcnemar_test(std::uint64_t n_only_first_right, std::uint64_t n_only_second_right,
                                McnemarMethod method = McnemarMethod::exact) {
  McnemarTest test{n_only_first_right, n_only_second_right, {0}, {1}};
  const std::uint64_t most = std::max(n_only_first_right, n_only_second_right);
  const std::uint64_t n = n_only_first_right + n_only_second_right;
  double gap = static_cast<double>(most - (n - most));
  if (method == McnemarMethod::exact) {
    test.statistic = MetricValue::undefined(Undefined::not_estimable);
    // Up to a gap of 1 half of the distribution or more is as extreme.
    if (gap > 1) test.p_value = {2 * detail::binomial_tail(most, n, 0.5)};
    return test;
  }
  if (n == 0) return test;
  if (method == McnemarMethod::corrected) gap = std::max(0.0, gap - 1);
  test.statistic = {gap * gap / static_cast<double>(n)};
  test.p_value = {detail::chi_squared_tail(test.statistic.value)};
  return test;
}

/// The same from decisions and labels.
/// @param first   n decisions in {0, 1}
/// @param second  n decisions in {0, 1}
/// @param labels  n labels in {0, 1, missing}; rows with a missing one are left out
/// Statistic and p-value are undefined (`no_samples`) without a labelled row.
/// @throws InvalidArgument if sizes differ, a label is none, or a decision of a labelled row is
/// neither 0 nor 1.
/// Cost: O(n).
inline McnemarTest mcnemar_test(LabelColumnView first, LabelColumnView second,
                                LabelColumnView labels,
                                McnemarMethod method = McnemarMethod::exact) {
  detail::check_decision_sizes(first.size(), second.size(), labels.size());
  std::uint64_t only_first = 0;
  std::uint64_t only_second = 0;
  bool any = false;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Label label = detail::checked_label(labels[i], i);
    if (label == kMissing) continue;
    any = true;
    const Label by_first = detail::checked_decision(first[i], i);
    const Label by_second = detail::checked_decision(second[i], i);
    if (by_first != by_second) ++(by_first == label ? only_first : only_second);
  }
  McnemarTest test = mcnemar_test(only_first, only_second, method);
  if (!any) test.statistic = test.p_value = MetricValue::undefined(Undefined::no_samples);
  return test;
}

}  // namespace cxrlt
