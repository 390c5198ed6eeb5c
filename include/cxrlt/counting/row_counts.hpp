// SPDX-License-Identifier: Apache-2.0
/// Counts of one sample across its classes: what metrics of whole rows are made from.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt {

/// One sample seen as a ranking of its classes. Cells with a missing label are left out; a row
/// without any label has `n_known` 0 and enters no average.
/// The ranking values are scikit-learn's, those of rows without both kinds of label included.
struct RowCounts {
  ConfusionCounts<> decided;  ///< decisions score >= threshold of the class
  /// The row's share in LRAP: its average precision; 1 without positives or without negatives.
  double ranking_precision = 1;
  /// How far down the ranking the lowest positive stands, its ties included; 0 without positives.
  std::uint64_t coverage = 0;
  /// The share of (positive, negative) pairs that are not ranked positive first, ties included; 0
  /// without positives or without negatives.
  double ranking_loss = 0;
  std::uint64_t n_known = 0;  ///< cells with a label
};

namespace detail {

template <class Key>
std::uint64_t count_at_least(const std::vector<Key>& keys, Key key) {
  std::uint64_t n = 0;
  for (const Key other : keys) n += other >= key ? 1U : 0U;
  return n;
}

/// Fills in the ranking values of one row from its positives' and its negatives' keys.
template <class Key>
void rank_row(const std::vector<Key>& positives, const std::vector<Key>& negatives,
              RowCounts& row) {
  double precision_sum = 0;
  std::uint64_t misordered = 0;
  for (const Key key : positives) {
    const std::uint64_t tp = count_at_least(positives, key);
    const std::uint64_t fp = count_at_least(negatives, key);
    precision_sum += static_cast<double>(tp) / static_cast<double>(tp + fp);
    misordered += fp;
    row.coverage = std::max(row.coverage, tp + fp);
  }
  if (positives.empty() || negatives.empty()) return;
  row.ranking_precision = precision_sum / static_cast<double>(positives.size());
  row.ranking_loss =
      static_cast<double>(misordered) / static_cast<double>(positives.size() * negatives.size());
}

/// Counts rows; `decided(i, c)` is asked for every labelled cell.
template <class Score, class Decided>
std::vector<RowCounts> count_rows_of(MatrixView<const Score> scores, LabelMatrixView labels,
                                     const Decided& decided) {
  check_same_shape(scores, labels);
  std::vector<RowCounts> rows(scores.n_samples());
  std::vector<typename OrderedKey<Score>::type> positives;
  std::vector<typename OrderedKey<Score>::type> negatives;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    positives.clear();
    negatives.clear();
    for (std::size_t c = 0; c < scores.n_classes(); ++c) {
      const Label label = checked_label(labels(i, c), i);
      if (label == kMissing) continue;
      (label == 1 ? positives : negatives).push_back(checked_key(scores(i, c), i));
      rows[i].decided.add(label == 1, decided(i, c));
    }
    rows[i].n_known = positives.size() + negatives.size();
    rank_row(positives, negatives, rows[i]);
  }
  return rows;
}

template <class Score>
std::vector<RowCounts> count_rows(MatrixView<const Score> scores, LabelMatrixView labels,
                                  std::span<const double> thresholds) {
  if (thresholds.size() != scores.n_classes()) {
    throw InvalidArgument("count_rows: " + std::to_string(thresholds.size()) + " thresholds for " +
                          std::to_string(scores.n_classes()) + " classes");
  }
  for (const double threshold : thresholds) check_threshold(threshold);
  return count_rows_of(scores, labels, [&](std::size_t i, std::size_t c) {
    return static_cast<double>(scores(i, c)) >= thresholds[c];
  });
}

}  // namespace detail

/// Counts each sample across its classes; the result has one entry per sample, in their order.
/// Each positive is held against all labels of its row, equal scores counting as ranked above it:
/// as if the row were one class and its labels the samples.
/// @param scores      n_samples x n_classes scores, comparable between classes
/// @param labels      n_samples x n_classes labels in {0, 1, missing}
/// @param thresholds  one per class; decided positive where score >= threshold
/// @throws InvalidArgument if sizes differ, a threshold or a score of a labelled cell is NaN, or a
/// label is none.
/// Cost: O(cells x positives per row), without an allocation per row.
inline std::vector<RowCounts> count_rows(MatrixView<const float> scores, LabelMatrixView labels,
                                         std::span<const double> thresholds) {
  return detail::count_rows(scores, labels, thresholds);
}
/// @copydoc count_rows(MatrixView<const float>, LabelMatrixView, std::span<const double>)
inline std::vector<RowCounts> count_rows(MatrixView<const double> scores, LabelMatrixView labels,
                                         std::span<const double> thresholds) {
  return detail::count_rows(scores, labels, thresholds);
}

}  // namespace cxrlt
