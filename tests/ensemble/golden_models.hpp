// SPDX-License-Identifier: Apache-2.0
/// The golden models as matrices, and matrices beside golden values.
#pragma once

#include <cstddef>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "golden/ensemble.hpp"
#include "support.hpp"

inline cxrlt::MatrixView<const double> golden_model(std::size_t m) {
  return {golden::models.data() + m * golden::n_rows * golden::n_classes, golden::n_rows,
          golden::n_classes};
}

/// @param expected  row after row
inline void check_equal(const cxrlt::ClassMatrix<double>& found,
                        const std::vector<double>& expected) {
  REQUIRE(found.n_samples() * found.n_classes() == expected.size());
  for (std::size_t i = 0; i < found.n_samples(); ++i) {
    for (std::size_t k = 0; k < found.n_classes(); ++k) {
      CAPTURE(i, k);
      check_close(found[k][i], expected[i * found.n_classes() + k]);
    }
  }
}
