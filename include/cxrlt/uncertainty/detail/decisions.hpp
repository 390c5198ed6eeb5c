// SPDX-License-Identifier: Apache-2.0
/// Checks of decisions that were made elsewhere.
#pragma once

#include <cstddef>
#include <string>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt::detail {

/// Returns the decision if it is one.
inline Label checked_decision(Label decision, std::size_t row) {
  if (decision != 0 && decision != 1) {
    throw InvalidArgument("the decision on sample " + std::to_string(row) + " is " +
                          std::to_string(decision) + "; expected 0 or 1");
  }
  return decision;
}

inline void check_decision_sizes(std::size_t first, std::size_t second, std::size_t labels) {
  if (first != labels || second != labels) {
    throw InvalidArgument("decisions and labels differ in number: " + std::to_string(first) +
                          " and " + std::to_string(second) + " decisions for " +
                          std::to_string(labels) + " labels");
  }
}

}  // namespace cxrlt::detail
