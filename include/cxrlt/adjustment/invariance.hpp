// SPDX-License-Identifier: Apache-2.0
/// Which metrics a shift of each class's logits cannot change.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "cxrlt/metrics/metric.hpp"
#include "cxrlt/metrics/metric_name.hpp"
#include "cxrlt/metrics/metric_table.hpp"

namespace cxrlt {

/// The scopes in which classes are ranked each for itself, so that an increasing map per class
/// changes no metric of rank: a class, and averages over classes.
inline constexpr std::array scopes_of_single_classes{Scope::class_, Scope::macro, Scope::weighted,
                                                     Scope::group};

/// Whether no increasing map of each class's scores can change the value: the metric reads scores
/// by their order alone (`increasing_transform` in the table), and in classes by themselves.
/// `micro:average_precision` and `lrap` compare scores of different classes, so they may change.
constexpr bool is_unchanged_by_increasing_maps(const Metric& metric, Scope scope) {
  if ((metric.invariances & increasing_transform) == 0) return false;
  for (const Scope single : scopes_of_single_classes) {
    if (scope == single) return true;
  }
  return false;
}

/// The metrics that no increasing map per class can change in `scopes_of_single_classes`.
inline std::vector<std::string_view> metrics_unchanged_by_increasing_maps() {
  std::vector<std::string_view> names;
  for (const Metric& metric : metric_table) {
    if (is_unchanged_by_increasing_maps(metric, Scope::macro)) names.push_back(metric.name);
  }
  return names;
}

}  // namespace cxrlt
