// SPDX-License-Identifier: Apache-2.0
// A view of a matrix that dies at the end of the statement does not compile.
#include <Eigen/Core>

#include "cxrlt/core/matrix_view.hpp"

auto first_score(const Eigen::ArrayXXf& a, const Eigen::ArrayXXf& b) {
#ifdef MISUSE
  const cxrlt::MatrixView<const float> view = (a + b).eval();
#else
  const Eigen::ArrayXXf sum = a + b;
  const cxrlt::MatrixView<const float> view = sum;
#endif
  return view(0, 0);
}
