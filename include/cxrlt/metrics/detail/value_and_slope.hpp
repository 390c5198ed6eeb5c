// SPDX-License-Identifier: Apache-2.0
/// A function of one variable at one point.
#pragma once

namespace cxrlt::detail {

/// A function and its derivative at one point.
struct ValueAndSlope {
  double value = 0;
  double slope = 0;
};

}  // namespace cxrlt::detail
