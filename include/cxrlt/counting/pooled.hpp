// SPDX-License-Identifier: Apache-2.0
/// All cells of a matrix counted as one class: what micro averages are made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/detail/class_words.hpp"
#include "cxrlt/counting/detail/count_class.hpp"
#include "cxrlt/counting/detail/count_matrix.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/counting/workspace.hpp"

namespace cxrlt {

namespace detail {

/// By the plain sort, which refuses bad input sample by sample.
template <class Score>
ThresholdCounts<> sorted_pooled_counts(MatrixView<const Score> scores, LabelMatrixView labels) {
  using Key = typename OrderedKey<Score>::type;
  std::vector<Key> positives;
  std::vector<Key> negatives;
  for (std::size_t i = 0; i < scores.n_samples(); ++i) {
    for (std::size_t c = 0; c < scores.n_classes(); ++c) {
      const Label label = checked_label(labels(i, c), i);
      if (label == kMissing) continue;
      (label == 1 ? positives : negatives).push_back(checked_key(scores(i, c), i));
    }
  }
  return counts_of_keys<ThresholdCounts<>, Score>(positives, negatives);
}

/// Appends `n` bits to the `size` bits that stand in `to`, whose words beyond are 0.
inline void append_bits(const std::uint64_t* from, std::size_t n, std::uint64_t* to,
                        std::size_t size) {
  const std::size_t offset = size % kBitsPerWord;
  std::uint64_t* word = to + size / kBitsPerWord;
  for (std::size_t w = 0; w < bit_words(n); ++w, ++word) {
    word[0] |= from[w] << offset;
    if (offset != 0) word[1] |= from[w] >> (kBitsPerWord - offset);
  }
}

template <class Score>
ThresholdCounts<> pooled_counts(MatrixView<const Score> scores, LabelMatrixView labels) {
  check_same_shape(scores, labels);
  using Key = typename OrderedKey<Score>::type;
  const std::size_t n_cells = scores.n_samples() * scores.n_classes();
  std::vector<Key> keys;
  keys.reserve(n_cells);
  std::vector<std::uint64_t> positive(bit_words(n_cells) + 1, 0);
  KeyRange<Key> range;
  ClassScratch scratch;
  for (std::size_t c = 0; c < scores.n_classes(); ++c) {
    ClassBatch<Score> batch(scores, labels, c, 1, scratch.keys, scratch.bits);
    for (std::size_t block = 0; block < batch.n_blocks(); ++block) batch.read(block);
    const std::optional<ClassKeys<Score>> column = batch.labelled(0);
    if (!column) return sorted_pooled_counts(scores, labels);
    append_bits(column->positive, column->size, positive.data(), keys.size());
    keys.insert(keys.end(), column->keys, column->keys + column->size);
    range.include(column->range);
  }
  const std::size_t n_positive = count_bits(positive.data(), positive.size());
  ThresholdCounts<> counts;
  if (!count_class<Score>({keys.data(), positive.data(), keys.size(), n_positive, range},
                          Strategy::automatic, scratch, counts)) {
    return sorted_pooled_counts(scores, labels);
  }
  return counts;
}

template <class Score>
ThresholdCounts<double> weighted_pooled_counts(MatrixView<const Score> scores,
                                               LabelMatrixView labels,
                                               std::span<const double> row_weights) {
  check_same_shape(scores, labels);
  check_same_size(scores.n_samples(), row_weights.size(), "row weights");
  std::vector<WeightedKey<typename OrderedKey<Score>::type>> cells;
  cells.reserve(scores.n_samples() * scores.n_classes());
  for (std::size_t i = 0; i < scores.n_samples(); ++i) {
    const double weight = checked_weight(row_weights[i], i);
    for (std::size_t c = 0; c < scores.n_classes(); ++c) {
      const Label label = checked_label(labels(i, c), i);
      if (label == kMissing || weight == 0) continue;
      cells.push_back({checked_key(scores(i, c), i), label == 1, weight});
    }
  }
  return counts_of_weighted_keys<ThresholdCounts<double>, Score>(cells);
}

}  // namespace detail

/// Counts all labelled cells of a matrix as one class. The scores of different classes are compared
/// with each other, so the micro averages made from this suffer where classes are scaled
/// differently. Ties, -0, infinities and missing labels: as `count_thresholds`.
/// @param scores  n_samples x n_classes scores
/// @param labels  n_samples x n_classes labels in {0, 1, missing}
/// @throws InvalidArgument if sizes differ, a score of a labelled cell is NaN, or a label is none.
/// Cost: as `count_thresholds` of one class with all cells; 9 bytes a cell or more.
inline ThresholdCounts<> count_pooled(MatrixView<const float> scores, LabelMatrixView labels) {
  return detail::pooled_counts(scores, labels);
}
/// @copydoc count_pooled(MatrixView<const float>, LabelMatrixView)
inline ThresholdCounts<> count_pooled(MatrixView<const double> scores, LabelMatrixView labels) {
  return detail::pooled_counts(scores, labels);
}

/// The same with a weight per row, which each of its cells carries. Weight 0 equals deleting the
/// row.
/// @throws InvalidArgument also if a weight is negative or not finite.
inline ThresholdCounts<double> count_pooled(MatrixView<const float> scores, LabelMatrixView labels,
                                            std::span<const double> row_weights) {
  return detail::weighted_pooled_counts(scores, labels, row_weights);
}
/// @copydoc count_pooled(MatrixView<const float>, LabelMatrixView, std::span<const double>)
inline ThresholdCounts<double> count_pooled(MatrixView<const double> scores, LabelMatrixView labels,
                                            std::span<const double> row_weights) {
  return detail::weighted_pooled_counts(scores, labels, row_weights);
}

}  // namespace cxrlt
