// SPDX-License-Identifier: Apache-2.0
/// Short names for one class's probabilities and labels.
#pragma once

#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"

using Doubles = std::vector<double>;
using Labels = std::vector<cxrlt::Label>;
using View = cxrlt::ColumnView<const double>;

/// A view of labels that live to the end of the full expression.
inline cxrlt::LabelColumnView view(const Labels& labels) {
  return cxrlt::LabelColumnView(labels);
}
