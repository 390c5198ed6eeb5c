// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"

std::vector<cxrlt::ThresholdCounts<>> count_in_native_unit(cxrlt::MatrixView<const float> scores,
                                                           cxrlt::LabelMatrixView labels);

std::vector<cxrlt::ThresholdCounts<>> count_in_native_unit(cxrlt::MatrixView<const float> scores,
                                                           cxrlt::LabelMatrixView labels) {
  return cxrlt::count_thresholds(scores, labels);
}
