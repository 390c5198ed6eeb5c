// SPDX-License-Identifier: Apache-2.0
/// Thresholds that predict a wanted number of positives: they need no labels, only a prevalence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/rank_order.hpp"

namespace cxrlt {

/// A threshold, how many predictions were wanted of it, and how many it makes.
struct MatchedThreshold {
  double threshold = std::numeric_limits<double>::infinity();  ///< predict where score >= threshold
  double n_wanted = 0;
  std::uint64_t n_predicted = 0;
};

namespace detail {

inline void check_wanted(double wanted, double most, const char* what) {
  if (!(wanted >= 0 && wanted <= most)) {
    throw InvalidArgument(std::string("match: ") + what + " is " + number_text(wanted) +
                          "; expected a number from 0 to " + number_text(most));
  }
}

/// The cut nearest to so many predictions. Cuts lie between different scores, so only those around
/// one run of equal scores can be nearest.
template <class Score>
MatchedThreshold match_count(ColumnView<const Score> scores, double n_wanted) {
  check_wanted(n_wanted, static_cast<double>(scores.size()), "the number of predictions");
  const std::vector<std::size_t> order = rank_order(scores);
  const auto is_cut = [&](std::size_t k) {
    return k == 0 || k == order.size() || scores[order[k]] != scores[order[k - 1]];
  };
  std::size_t fewer = static_cast<std::size_t>(n_wanted);
  while (!is_cut(fewer)) --fewer;
  std::size_t more = static_cast<std::size_t>(n_wanted);
  while (!is_cut(more) || static_cast<double>(more) < n_wanted) ++more;
  const bool takes_more =
      static_cast<double>(more) - n_wanted < n_wanted - static_cast<double>(fewer);
  const std::size_t n_predicted = takes_more ? more : fewer;
  MatchedThreshold matched;
  if (n_predicted > 0) matched.threshold = static_cast<double>(scores[order[n_predicted - 1]]);
  matched.n_wanted = n_wanted;
  matched.n_predicted = n_predicted;
  return matched;
}

template <class Score>
MatchedThreshold match_prevalence(ColumnView<const Score> scores, double prevalence) {
  check_wanted(prevalence, 1, "the prevalence");
  return match_count(scores, prevalence * static_cast<double>(scores.size()));
}

template <class Score>
MatchedThreshold match_cardinality(MatrixView<const Score> scores, double labels_per_row) {
  check_wanted(labels_per_row, static_cast<double>(scores.n_classes()), "the labels per row");
  std::vector<Score> cells;
  cells.reserve(scores.n_samples() * scores.n_classes());
  for (std::size_t k = 0; k < scores.n_classes(); ++k) {
    for (std::size_t i = 0; i < scores.n_samples(); ++i) cells.push_back(scores(i, k));
  }
  return match_count(ColumnView<const Score>(cells),
                     labels_per_row * static_cast<double>(scores.n_samples()));
}

template <class Score>
MatchedThreshold match_cardinality(MatrixView<const Score> scores, LabelMatrixView labels) {
  check_same_shape(scores, labels);
  std::vector<Score> cells;
  std::size_t n_positive = 0;
  for (std::size_t k = 0; k < scores.n_classes(); ++k) {
    for (std::size_t i = 0; i < scores.n_samples(); ++i) {
      const Label label = checked_label(labels(i, k), i);
      if (label == kMissing) continue;
      n_positive += label == 1 ? 1 : 0;
      cells.push_back(scores(i, k));
    }
  }
  return match_count(ColumnView<const Score>(cells), static_cast<double>(n_positive));
}

}  // namespace detail

/// The threshold of one class whose number of predictions is nearest to the wanted one: of two
/// equally near the higher, which predicts fewer; +inf, which predicts nothing, among them. Equal
/// scores are predicted together or not at all. Needs no labels.
/// @param scores    n scores; infinities are allowed
/// @param n_wanted  from 0 to n, not necessarily whole
/// @throws InvalidArgument if a score is NaN, n_wanted is out of its range, or for 2^31 rows or
/// more. Cost: as `rank_order`.
inline MatchedThreshold match_count(ColumnView<const double> scores, double n_wanted) {
  return detail::match_count(scores, n_wanted);
}
/// @copydoc match_count(ColumnView<const double>, double)
inline MatchedThreshold match_count(ColumnView<const float> scores, double n_wanted) {
  return detail::match_count(scores, n_wanted);
}

/// The threshold that predicts a class as often as it occurs: `match_count` of prevalence * n
/// (PCut, Yang 2001). The prevalence may be that of other rows, which have labels: so thresholds of
/// one set can follow the rows of another, to which they are applied.
/// @param prevalence  in [0, 1] @throws InvalidArgument as `match_count`. Cost: as `rank_order`.
inline MatchedThreshold match_prevalence(ColumnView<const double> scores, double prevalence) {
  return detail::match_prevalence(scores, prevalence);
}
/// @copydoc match_prevalence(ColumnView<const double>, double)
inline MatchedThreshold match_prevalence(ColumnView<const float> scores, double prevalence) {
  return detail::match_prevalence(scores, prevalence);
}

/// One threshold for all classes, with the wanted mean number of predictions per row, its label
/// cardinality (Read, Pfahringer, Holmes and Frank 2011): `match_count` over all cells, whose
/// scores are compared across classes. Needs no labels.
/// @param scores          n_samples x n_classes scores
/// @param labels_per_row  from 0 to n_classes
/// @throws InvalidArgument as `match_count`, of all cells. Cost: as `rank_order` of all cells.
inline MatchedThreshold match_cardinality(MatrixView<const double> scores, double labels_per_row) {
  return detail::match_cardinality(scores, labels_per_row);
}
/// @copydoc match_cardinality(MatrixView<const double>, double)
inline MatchedThreshold match_cardinality(MatrixView<const float> scores, double labels_per_row) {
  return detail::match_cardinality(scores, labels_per_row);
}

/// The same where the wanted number is that of the positive labels. A missing label leaves its cell
/// out of both numbers: as many labelled cells are predicted as are positive, so rows that are
/// labelled for some classes only do not lower the mean.
/// @param labels  n_samples x n_classes labels in {0, 1, missing}
/// @throws InvalidArgument also if shapes differ or a label is none; NaN is allowed where the label
/// is missing.
inline MatchedThreshold match_cardinality(MatrixView<const double> scores, LabelMatrixView labels) {
  return detail::match_cardinality(scores, labels);
}
/// @copydoc match_cardinality(MatrixView<const double>, LabelMatrixView)
inline MatchedThreshold match_cardinality(MatrixView<const float> scores, LabelMatrixView labels) {
  return detail::match_cardinality(scores, labels);
}

}  // namespace cxrlt
