// SPDX-License-Identifier: Apache-2.0
/// The permutation test of a macro or group average.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/uncertainty/permutation.hpp"

namespace cxrlt {

/// A difference averaged over classes.
struct PermutedAverage {
  Average difference;
  MetricValue p_value;  ///< two-sided
};

/// The mean of the differences over classes (macro, or of a group) with its two-sided p-value from
/// the same exchanges: the test of the average, which is no average of tests.
/// @param classes  which ones; none: all. Classes without a difference are left out and counted.
/// Undefined, with the first class's reason, where no class is left; `no_samples` where there is
/// none at all.
/// @throws InvalidArgument if a class does not exist. Cost: O(B C).
inline PermutedAverage average_difference(const PermutationTest& test,
                                          std::span<const std::size_t> classes = {}) {
  std::vector<std::size_t> used;
  Undefined why = Undefined::none;
  PermutedAverage result;
  const std::size_t n_classes = classes.empty() ? test.difference.size() : classes.size();
  for (std::size_t j = 0; j < n_classes; ++j) {
    const std::size_t k = classes.empty() ? j : classes[j];
    if (k >= test.difference.size()) {
      throw InvalidArgument("average_difference: class " + std::to_string(k) + " of " +
                            std::to_string(test.difference.size()));
    }
    if (test.difference[k].defined()) {
      used.push_back(k);
    } else if (why == Undefined::none) {
      why = test.difference[k].why;
    }
  }
  result.difference.n_classes = static_cast<int>(n_classes);
  result.difference.n_defined = static_cast<int>(used.size());
  if (used.empty()) {
    result.difference.why = n_classes == 0 ? Undefined::no_samples : why;
    result.p_value = MetricValue::undefined(result.difference.why);
    return result;
  }
  const auto mean = [&](const auto& value_of) {
    double sum = 0;
    for (const std::size_t k : used) sum += value_of(k);
    return sum / static_cast<double>(used.size());
  };
  result.difference.value = mean([&](std::size_t k) { return test.difference[k].value; });
  const double scale = mean([&](std::size_t k) {
    return std::max({1.0, std::abs(test.first[k].value), std::abs(test.second[k].value)});
  });
  result.p_value = {detail::permutation_p_value(
      result.difference.value, scale, test.null_differences.n_samples(), [&](std::size_t b) {
        return mean([&](std::size_t k) { return test.null_differences[k][b]; });
      })};
  return result;
}

}  // namespace cxrlt
