// SPDX-License-Identifier: Apache-2.0
/// Scores smoothed over classes that occur together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt {

/// How classes lead to each other: entry (c, d) is the number of rows with both, as a share of the
/// pairs of c with any other class; rows sum to 1. A class that never stands beside another leads
/// to itself.
/// @param labels  n_samples x n_classes in {0, 1, missing}: training labels, not those that the
///                result will be judged by
/// @return n_classes x n_classes
/// @throws InvalidArgument for a label that is none. O(cells + positives x classes).
inline ClassMatrix<double> cooccurrence_walk(LabelMatrixView labels) {
  const std::size_t n_classes = labels.n_classes();
  ClassMatrix<double> walk(n_classes, n_classes);
  for (std::size_t i = 0; i < labels.n_samples(); ++i) {
    for (std::size_t c = 0; c < n_classes; ++c) {
      if (detail::checked_label(labels(i, c), i) != 1) continue;
      for (std::size_t d = 0; d < n_classes; ++d) {
        if (d != c && labels(i, d) == 1) walk[d][c] += 1;
      }
    }
  }
  for (std::size_t c = 0; c < n_classes; ++c) {
    double total = 0;
    for (std::size_t d = 0; d < n_classes; ++d) total += walk[d][c];
    if (total == 0) walk[c][c] = total = 1;
    for (std::size_t d = 0; d < n_classes; ++d) walk[d][c] /= total;
  }
  return walk;
}

/// (1 - a) p + a p W: a step of the walk W between classes with probability a, for each row p.
/// What would exceed 1 becomes 1. On CXR-LT 2026 it lost at every strength (-0.0006 to -0.0053 of
/// mAP): measure before use.
/// @param scores    n_samples x n_classes
/// @param walk      n_classes x n_classes, from `cooccurrence_walk`
/// @param strength  a, in [0, 1]
/// @throws InvalidArgument for another shape or strength. O(cells x classes).
inline ClassMatrix<double> smoothed(MatrixView<const double> scores,
                                    const ClassMatrix<double>& walk, double strength) {
  const std::size_t n_classes = scores.n_classes();
  if (walk.n_samples() != n_classes || walk.n_classes() != n_classes) {
    throw InvalidArgument("smoothing: a walk between " + std::to_string(walk.n_classes()) +
                          " classes for " + std::to_string(n_classes));
  }
  if (!(strength >= 0 && strength <= 1)) {
    throw InvalidArgument("smoothing: the strength must lie in [0, 1]");
  }
  ClassMatrix<double> result(scores.n_samples(), n_classes);
  for (std::size_t d = 0; d < n_classes; ++d) {
    for (std::size_t c = 0; c < n_classes; ++c) {
      const double share = strength * walk[d][c] + (c == d ? 1 - strength : 0);
      if (share == 0) continue;
      for (std::size_t i = 0; i < scores.n_samples(); ++i) result[d][i] += share * scores(i, c);
    }
    for (double& score : result[d]) score = std::min(score, 1.0);
  }
  return result;
}

}  // namespace cxrlt
