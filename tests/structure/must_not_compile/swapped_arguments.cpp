// SPDX-License-Identifier: Apache-2.0
// Scores come first: labels in their place do not compile.
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"

auto count(const std::vector<float>& scores, const std::vector<cxrlt::Label>& labels) {
#ifdef MISUSE
  return cxrlt::count_thresholds(labels, scores);
#else
  return cxrlt::count_thresholds(scores, labels);
#endif
}
