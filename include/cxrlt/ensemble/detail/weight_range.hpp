// SPDX-License-Identifier: Apache-2.0
/// Weights of which sums neither overflow nor vanish.
#pragma once

namespace cxrlt::detail {

inline constexpr double kLeastWeight = 1e-100;
inline constexpr double kGreatestWeight = 1e100;

/// Above 0, and such that only proportions count.
constexpr bool is_positive_weight(double weight) {
  return weight >= kLeastWeight && weight <= kGreatestWeight;
}

}  // namespace cxrlt::detail
