// SPDX-License-Identifier: Apache-2.0
// An expression without elements in memory has no view; its parts by reference have.
#include <Eigen/Core>

#include "cxrlt/core/matrix_view.hpp"

auto first_score(const Eigen::ArrayXXf& a) {
#ifdef MISUSE
  const cxrlt::MatrixView<const float> view = a + a;
#else
  const cxrlt::MatrixView<const float> view = a.rightCols(1);
#endif
  return view(0, 0);
}
