// SPDX-License-Identifier: Apache-2.0
/// Counting by sorting: the plain strategy, and the one that all others are checked against.
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

namespace cxrlt::detail {

[[noreturn]] inline void throw_nan_score(std::size_t row) {
  throw InvalidArgument("the score of sample " + std::to_string(row) + " is NaN");
}

template <class Score>
void check_same_shape(MatrixView<const Score> scores, LabelMatrixView labels) {
  check_same_size(scores.n_samples(), labels.n_samples(), "samples");
  check_same_size(scores.n_classes(), labels.n_classes(), "classes");
}

inline void check_threshold(double threshold) {
  if (is_nan(threshold)) throw InvalidArgument("the decision threshold is NaN");
}

/// Returns the label if it is one.
inline Label checked_label(Label label, std::size_t row) {
  if (label != 0 && label != 1 && label != kMissing) {
    throw InvalidArgument("the label of sample " + std::to_string(row) + " is " +
                          std::to_string(label) + "; expected 0, 1 or missing (-1)");
  }
  return label;
}

/// Returns the weight if it is one.
inline double checked_weight(double weight, std::size_t row) {
  if (!is_finite(weight) || weight < 0) {
    throw InvalidArgument("the weight of sample " + std::to_string(row) + " is " +
                          std::to_string(weight) + "; expected a finite weight >= 0");
  }
  return weight;
}

template <class Score>
typename OrderedKey<Score>::type checked_key(Score score, std::size_t row) {
  if (is_nan(score)) throw_nan_score(row);
  return ordered_key(score);
}

/// Sorts the keys, then walks the positives and counts the negatives passed.
template <class Counts, class Score, class Key>
Counts counts_of_keys(std::vector<Key>& positives, std::vector<Key>& negatives) {
  const auto descending = [](Key a, Key b) { return a > b; };
  std::sort(positives.begin(), positives.end(), descending);
  std::sort(negatives.begin(), negatives.end(), descending);

  Counts counts;
  counts.n_positive = positives.size();
  counts.n_negative = negatives.size();
  auto negative = negatives.begin();
  const auto passed = [&] { return static_cast<std::uint64_t>(negative - negatives.begin()); };
  for (std::size_t i = 0; i < positives.size();) {
    const Key key = positives[i];
    while (negative != negatives.end() && *negative > key) ++negative;
    counts.fp_above.push_back(passed());
    while (negative != negatives.end() && *negative == key) ++negative;
    counts.fp.push_back(passed());
    while (i < positives.size() && positives[i] == key) ++i;
    counts.tp.push_back(i);
    counts.threshold.push_back(static_cast<double>(from_ordered_key<Score>(key)));
  }
  return counts;
}

/// Counts one class: its positives and negatives are sorted apart.
template <class Counts, class Score>
Counts sorted_counts(ColumnView<const Score> scores, LabelColumnView labels) {
  check_same_size(scores.size(), labels.size(), "samples");
  using Key = typename OrderedKey<Score>::type;
  std::vector<Key> positives;
  std::vector<Key> negatives;
  negatives.reserve(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Label label = checked_label(labels[i], i);
    if (label == kMissing) continue;
    (label == 1 ? positives : negatives).push_back(checked_key(scores[i], i));
  }
  return counts_of_keys<Counts, Score>(positives, negatives);
}

/// A labelled score with its weight.
template <class Key>
struct WeightedKey {
  Key key;
  bool positive;
  double weight;
};

/// Sorts the cells and adds them up group by group. Weights of equal scores are added in the order
/// in which they come.
template <class Counts, class Score, class Key>
Counts counts_of_weighted_keys(std::vector<WeightedKey<Key>>& cells) {
  std::stable_sort(cells.begin(), cells.end(),
                   [](const auto& a, const auto& b) { return a.key > b.key; });
  Counts counts;
  for (std::size_t begin = 0; begin < cells.size();) {
    const double fp_before = counts.n_negative;
    std::size_t end = begin;
    bool has_positive = false;
    for (; end < cells.size() && cells[end].key == cells[begin].key; ++end) {
      (cells[end].positive ? counts.n_positive : counts.n_negative) += cells[end].weight;
      has_positive = has_positive || cells[end].positive;
    }
    if (has_positive) {
      counts.threshold.push_back(static_cast<double>(from_ordered_key<Score>(cells[begin].key)));
      counts.tp.push_back(counts.n_positive);
      counts.fp.push_back(counts.n_negative);
      counts.fp_above.push_back(fp_before);
    }
    begin = end;
  }
  return counts;
}

/// Counts one class with a weight per row.
template <class Counts, class Score>
Counts weighted_counts(ColumnView<const Score> scores, LabelColumnView labels,
                       std::span<const double> row_weights) {
  check_same_size(scores.size(), labels.size(), "samples");
  check_same_size(scores.size(), row_weights.size(), "row weights");
  std::vector<WeightedKey<typename OrderedKey<Score>::type>> cells;
  cells.reserve(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Label label = checked_label(labels[i], i);
    const double weight = checked_weight(row_weights[i], i);
    if (label == kMissing || weight == 0) continue;
    cells.push_back({checked_key(scores[i], i), label == 1, weight});
  }
  return counts_of_weighted_keys<Counts, Score>(cells);
}

}  // namespace cxrlt::detail
