// SPDX-License-Identifier: Apache-2.0
/// Similarities of zero-shot models as scores in [0, 1].
#pragma once

#include <cstddef>
#include <string>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"

namespace cxrlt {

/// sigmoid(scale * similarity + shift). With 5 and 0, as teams of CXR-LT 2026 use it for the
/// cosine of image and prompt, scores lie between 0.007 and 0.993: enough to be combined with
/// others', not calibrated.
struct SimilarityMap {
  double scale = 5;  ///< above 0, so that order is kept
  double shift = 0;
};

namespace detail {

template <class Score>
ClassMatrix<double> similarity_scores(MatrixView<const Score> similarities,
                                      const SimilarityMap& map) {
  if (!is_finite(map.scale) || map.scale <= 0 || !is_finite(map.shift)) {
    throw InvalidArgument("similarity: the scale must be above 0, and scale and shift finite");
  }
  ClassMatrix<double> scores(similarities.n_samples(), similarities.n_classes());
  for (std::size_t k = 0; k < similarities.n_classes(); ++k) {
    for (std::size_t i = 0; i < similarities.n_samples(); ++i) {
      const double similarity = static_cast<double>(similarities(i, k));
      if (is_nan(similarity)) {
        throw InvalidArgument("similarity: class " + std::to_string(k) + ", row " +
                              std::to_string(i) + " is NaN");
      }
      scores[k][i] = sigmoid(map.scale * similarity + map.shift);
    }
  }
  return scores;
}

}  // namespace detail

/// Maps similarities (n_samples x n_classes, cosines in [-1, 1] say) to scores; see
/// `SimilarityMap`. @throws InvalidArgument for a NaN, or a map that is none. O(cells).
inline ClassMatrix<double> similarity_scores(MatrixView<const double> similarities,
                                             const SimilarityMap& map = {}) {
  return detail::similarity_scores(similarities, map);
}
/// @copydoc similarity_scores(MatrixView<const double>, const SimilarityMap&)
inline ClassMatrix<double> similarity_scores(MatrixView<const float> similarities,
                                             const SimilarityMap& map = {}) {
  return detail::similarity_scores(similarities, map);
}

}  // namespace cxrlt
