// SPDX-License-Identifier: Apache-2.0
// The same for matrices.
#include <Eigen/Core>

#include "cxrlt/counting/count_thresholds.hpp"

using Labels = Eigen::Array<cxrlt::Label, Eigen::Dynamic, Eigen::Dynamic>;

auto count(const Eigen::ArrayXXf& scores, const Labels& labels) {
#ifdef MISUSE
  return cxrlt::count_thresholds(labels, scores);
#else
  return cxrlt::count_thresholds(scores, labels);
#endif
}
