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

/// Calls `use(group, weight of all rows)` for each group by ascending probability. Reads as
/// `for_each_probability`. O(n) for probabilities that do not cluster, O(n log n) in the worst
/// case.
template <class Score, class Use>
Undefined for_each_group(ColumnView<const Score> probabilities, LabelColumnView labels,
                         std::span<const double> row_weights, const Use& use) {
  std::vector<double> p;
  std::vector<double> weight;
  std::vector<bool> positive;
  double total = 0;
  const Undefined why = for_each_probability(probabilities, labels, row_weights,
                                             [&](double value, bool is_positive, double amount) {
                                               p.push_back(value);
                                               weight.push_back(amount);
                                               positive.push_back(is_positive);
                                               total += amount;
                                             });
  if (why != Undefined::none) return why;
  const std::vector<std::size_t> descending = rank_order(ColumnView<const double>(p));
  for (std::size_t k = descending.size(); k > 0;) {
    ProbabilityGroup group{.probability = p[descending[k - 1]]};
    for (; k > 0 && p[descending[k - 1]] == group.probability; --k) {
      const std::size_t row = descending[k - 1];
      group.weight += weight[row];
      if (positive[row]) group.positive += weight[row];
      ++group.count;
    }
    use(group, total);
  }
  return why;
}

/// The same groups, stored.
template <class Score>
ProbabilityGroups probability_groups(ColumnView<const Score> probabilities, LabelColumnView labels,
                                     std::span<const double> row_weights) {
  ProbabilityGroups result;
  result.why = for_each_group(probabilities, labels, row_weights,
                              [&](const ProbabilityGroup& group, double total) {
                                result.groups.push_back(group);
                                result.weight = total;
                                result.positive += group.positive;
                              });
  return result;
}

}  // namespace cxrlt::detail
