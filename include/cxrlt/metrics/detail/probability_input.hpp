// SPDX-License-Identifier: Apache-2.0
/// The one way in which metrics of probabilities read their input.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt::detail {

/// How far beyond [0, 1] a value may lie by rounding and still count as a probability.
inline constexpr double probability_tolerance = 1e-6;

/// True within the tolerance of [0, 1].
constexpr bool near_unit_interval(double value) {
  return value >= -probability_tolerance && value <= 1 + probability_tolerance;
}

/// True if none of n values is NaN or lies outside [0, 1]: many are looked at together.
template <class T>
bool all_in_unit_interval(const T* values, std::size_t n) {
  return run_dispatched([=]() CXRLT_ALWAYS_INLINE {
    constexpr std::size_t at_once = 256;
    const auto is_outside = [](T value) { return value >= 0 && value <= 1 ? 0 : 1; };
    std::size_t k = 0;
    for (; k + at_once <= n; k += at_once) {
      int outside = 0;
      for (std::size_t j = 0; j < at_once; ++j) outside |= is_outside(values[k + j]);
      if (outside != 0) return false;
    }
    for (; k < n; ++k) {
      if (is_outside(values[k]) != 0) return false;
    }
    return true;
  });
}

/// Calls `use(row, positive, weight)` for each labelled row of positive weight, in row order.
template <class Use>
void for_each_labelled_row(std::size_t n_scores, LabelColumnView labels,
                           std::span<const double> row_weights, const Use& use) {
  check_same_size(n_scores, labels.size(), "samples");
  if (!row_weights.empty()) check_same_size(n_scores, row_weights.size(), "row weights");
  for (std::size_t i = 0; i < n_scores; ++i) {
    const Label label = checked_label(labels[i], i);
    const double weight = row_weights.empty() ? 1 : checked_weight(row_weights[i], i);
    if (label == kMissing || weight == 0) continue;
    use(i, label == 1, weight);
  }
}

/// Calls `use(probability, positive, weight)` for each labelled row of positive weight, in row
/// order; values within the tolerance are clipped to [0, 1]. What was used counts only if `none`
/// is returned. Every row is looked at, so an error does not depend on the order of the rows.
template <class Score, class Use>
Undefined for_each_probability(ColumnView<const Score> probabilities, LabelColumnView labels,
                               std::span<const double> row_weights, const Use& use) {
  bool any = false;
  bool in_range = true;
  for_each_labelled_row(probabilities.size(), labels, row_weights,
                        [&](std::size_t i, bool positive, double weight) {
                          const Score score = probabilities[i];
                          if (!is_finite(score)) {
                            throw InvalidArgument("the probability of sample " + std::to_string(i) +
                                                  " is " + (is_nan(score) ? "NaN" : "infinite") +
                                                  "; expected a value in [0, 1]");
                          }
                          const double probability = static_cast<double>(score);
                          any = true;
                          in_range = in_range && near_unit_interval(probability);
                          if (in_range) use(std::clamp(probability, 0.0, 1.0), positive, weight);
                        });
  if (!in_range) return Undefined::not_probabilities;
  return any ? Undefined::none : Undefined::no_samples;
}

}  // namespace cxrlt::detail
