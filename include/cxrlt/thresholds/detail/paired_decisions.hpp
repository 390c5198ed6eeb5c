// SPDX-License-Identifier: Apache-2.0
/// Two rules' decisions on the same rows, and how sure it is that one does better.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/thresholds/detail/ranked_rows.hpp"
#include "cxrlt/thresholds/objective.hpp"

namespace cxrlt::detail {

/// Rows counted by label and by what either rule says of them.
struct PairedDecisions {
  /// At [positive + 2 * by the first + 4 * by the second]. Whole numbers.
  std::array<double, 8> n_rows{};

  void add(const RankedRows& rows, double first, double second) {
    for (const RankedRow& row : rows) {
      const std::size_t kind = (row.positive ? 1U : 0U) + (row.score >= first ? 2U : 0U) +
                               (row.score >= second ? 4U : 0U);
      n_rows[kind] += 1;
    }
  }

  /// The counts of one rule, whose decisions stand in `bit`.
  ConfusionCounts<double> counts(std::size_t bit) const {
    ConfusionCounts<double> of;
    for (std::size_t kind = 0; kind < n_rows.size(); ++kind) {
      of.add((kind & 1U) != 0, (kind & bit) != 0, n_rows[kind]);
    }
    return of;
  }

  /// By how much the second rule is better. A value that does not exist counts 0, as of MCC without
  /// predictions.
  double gain(const Objective& objective) const {
    const auto value = [&](std::size_t bit) {
      const MetricValue of = objective_value(counts(bit), objective);
      return of.defined() ? of.value : 0;
    };
    return objective.kind == ObjectiveKind::cost ? value(2) - value(4) : value(4) - value(2);
  }

  /// The jackknife variance of `gain` (Efron 1982): the sum over rows of the squared change when
  /// that row is left out.
  double gain_variance(const Objective& objective) const {
    const double all = gain(objective);
    double variance = 0;
    for (std::size_t kind = 0; kind < n_rows.size(); ++kind) {
      if (n_rows[kind] == 0) continue;
      PairedDecisions without = *this;
      without.n_rows[kind] -= 1;
      const double change = without.gain(objective) - all;
      variance += n_rows[kind] * change * change;
    }
    return variance;
  }
};

/// The probability that a normal variable of this mean and variance is positive; 1/2 of 0 and 0.
inline double probability_positive(double mean, double variance) {
  if (mean == 0) return 0.5;
  return std::erfc(-mean / std::sqrt(2 * variance)) / 2;
}

}  // namespace cxrlt::detail
