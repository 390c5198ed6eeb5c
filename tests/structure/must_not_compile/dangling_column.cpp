// SPDX-License-Identifier: Apache-2.0
// A view of a vector that dies at the end of the statement does not compile.
#include <vector>

#include "cxrlt/core/matrix_view.hpp"

std::vector<double> read_scores();

auto first_score() {
#ifdef MISUSE
  const cxrlt::ColumnView<const double> view = read_scores();
#else
  const std::vector<double> scores = read_scores();
  const cxrlt::ColumnView<const double> view = scores;
#endif
  return view[0];
}
