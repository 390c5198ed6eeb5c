// SPDX-License-Identifier: Apache-2.0
/// The rows of one class by ascending probability, equal probabilities together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/rank_order.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"

namespace cxrlt::detail {

/// All rows of one probability.
struct ProbabilityGroup {
  double probability = 0;
  double weight = 0;        ///< sum of the row weights
  double positive = 0;      ///< that of the positive rows
  std::uint64_t count = 0;  ///< number of rows

  double rate() const { return positive / weight; }
};

/// The groups of one class by strictly ascending probability, or none and the reason why.
struct ProbabilityGroups {
  std::vector<ProbabilityGroup> groups;
  double weight = 0;    ///< of all rows
  double positive = 0;  ///< of the positive rows
  Undefined why = Undefined::none;
};

/// Reads as `for_each_probability`. O(n) for probabilities that do not cluster, O(n log n) in the
/// worst case.
template <class Score>
ProbabilityGroups probability_groups(ColumnView<const Score> probabilities, LabelColumnView labels,
                                     std::span<const double> row_weights) {
  std::vector<double> p;
  std::vector<double> weight;
  std::vector<bool> positive;
  ProbabilityGroups result;
  result.why = for_each_probability(probabilities, labels, row_weights,
                                    [&](double value, bool is_positive, double amount) {
                                      p.push_back(value);
                                      weight.push_back(amount);
                                      positive.push_back(is_positive);
                                    });
  if (result.why != Undefined::none) return result;
  const std::vector<std::size_t> descending = rank_order(ColumnView<const double>(p));
  for (std::size_t k = descending.size(); k-- > 0;) {
    const std::size_t row = descending[k];
    if (result.groups.empty() || result.groups.back().probability != p[row]) {
      result.groups.push_back({.probability = p[row]});
    }
    ProbabilityGroup& group = result.groups.back();
    group.weight += weight[row];
    if (positive[row]) group.positive += weight[row];
    ++group.count;
  }
  for (const ProbabilityGroup& group : result.groups) {
    result.weight += group.weight;
    result.positive += group.positive;
  }
  return result;
}

}  // namespace cxrlt::detail
