// SPDX-License-Identifier: Apache-2.0
/// Infinite values, which exist but have no digits.
#pragma once

#include <string>

#include "cxrlt/core/ordered_key.hpp"

namespace cxrlt::detail {

/// `inf` or `-inf`, for an infinite value.
inline std::string infinite_text(double value) {
  return ordered_key(value) > ordered_key(0.0) ? "inf" : "-inf";
}

}  // namespace cxrlt::detail
