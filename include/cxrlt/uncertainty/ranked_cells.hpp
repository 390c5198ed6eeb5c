// SPDX-License-Identifier: Apache-2.0
/// The labelled cells of a class in the order of their scores: sorted once, walked for every
/// weighting of the rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/detail/class_words.hpp"
#include "cxrlt/counting/detail/count_matrix.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/rank_order.hpp"
#include "cxrlt/counting/workspace.hpp"

namespace cxrlt {

namespace detail {

/// How many cells ahead of the sum weights are asked for from memory.
inline constexpr std::size_t kReadAhead = 48;

}  // namespace detail

/// The cells of one class (or of all) by segments, from the highest score down. The segments of
/// threshold k, at which a positive stands, are the negatives between it and the threshold before,
/// the negatives that tie with it, and its positives. Below the last threshold there are only
/// negatives. Within a segment the order of cells tells nothing; in long ones units ascend, for the
/// cache.
struct RankedCells {
  /// Where the segments of a threshold end in `unit`; the first begins where the last one ended.
  struct Threshold {
    double score = 0;
    std::uint32_t above = 0;      ///< end of the negatives above
    std::uint32_t tied = 0;       ///< end of the negatives that tie
    std::uint32_t positives = 0;  ///< end of the positives
  };

  /// Of each cell the row, or its cluster; then a few more, so that reading ahead is allowed.
  std::vector<std::uint32_t> unit = std::vector<std::uint32_t>(detail::kReadAhead, 0);
  std::vector<Threshold> thresholds;  ///< descending

  std::size_t size() const { return unit.size() - detail::kReadAhead; }
};

namespace detail {

/// Writes the cells of keys segment by segment, in the order of their ranks.
template <class Score, class Key, class IsPositive>
RankedCells place_cells(const Key* keys, std::size_t n, const KeyRange<Key>& range,
                        const IsPositive& is_positive) {
  const RankedPlaces ranked = rank_keys(keys, n, range);
  RankedCells cells;
  cells.unit.resize(n + kReadAhead, 0);
  std::vector<std::uint32_t> positives;  // among the cells that tie
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin;
    auto tied = static_cast<std::uint32_t>(begin);
    positives.clear();
    do {
      const std::uint32_t place = ranked.place(end);
      if (is_positive(place)) {
        positives.push_back(place);
      } else {
        cells.unit[tied++] = place;
      }
    } while (++end < n && ranked.ties_with_last(end, keys));
    if (!positives.empty()) {
      std::copy(positives.begin(), positives.end(), cells.unit.data() + tied);
      cells.thresholds.push_back({from_ordered_key<Score>(keys[ranked.place(begin)]),
                                  static_cast<std::uint32_t>(begin), tied,
                                  static_cast<std::uint32_t>(end)});
    }
    begin = end;
  }
  return cells;
}

/// Puts the cells of long segments into ascending order: all cells in one pass.
inline void ascend(RankedCells& cells) {
  const std::size_t n = cells.size();
  std::vector<std::uint32_t> segment(n);  // of each place
  std::vector<std::uint32_t> next;        // where its next cell goes
  const auto mark = [&](std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t k = begin; k < end; ++k) {
      segment[cells.unit[k]] = static_cast<std::uint32_t>(next.size());
    }
    next.push_back(begin);
    return end;
  };
  std::uint32_t done = 0;
  for (const RankedCells::Threshold& threshold : cells.thresholds) {
    done = mark(done, threshold.above);
    done = mark(done, threshold.tied);
    done = mark(done, threshold.positives);
  }
  mark(done, static_cast<std::uint32_t>(n));
  for (std::size_t place = 0; place < n; ++place) {
    cells.unit[next[segment[place]]++] = static_cast<std::uint32_t>(place);
  }
}

/// Puts the cells of keys into segments. Cells with ascending places must have ascending units.
template <class Score, class Key, class IsPositive, class UnitOf>
RankedCells segment_cells(const Key* keys, std::size_t n, const KeyRange<Key>& range,
                          const IsPositive& is_positive, const UnitOf& unit) {
  if (n >> 31 != 0) throw InvalidArgument("rank_cells: 2^31 cells or more");
  RankedCells cells = place_cells<Score>(keys, n, range, is_positive);
  if (cells.thresholds.size() < n / 16) ascend(cells);
  for (std::size_t k = 0; k < n; ++k) cells.unit[k] = unit(cells.unit[k]);
  return cells;
}

/// The rows of a column whose labels are known. @throws InvalidArgument for a label that is none,
/// or a NaN score beside a known one.
template <class Score>
std::vector<std::uint32_t> labelled_rows(ColumnView<const Score> scores, LabelColumnView labels) {
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (checked_label(labels[i], i) == kMissing) continue;
    checked_key(scores[i], i);
    rows.push_back(static_cast<std::uint32_t>(i));
  }
  return rows;
}

template <class Score>
std::vector<RankedCells> rank_classes(MatrixView<const Score> scores, LabelMatrixView labels,
                                      std::span<const std::uint32_t> unit_of_row,
                                      const Cpu& policy) {
  using Key = typename OrderedKey<Score>::type;
  check_same_shape(scores, labels);
  check_same_size(scores.n_samples(), unit_of_row.size(), "units");
  const std::size_t n = scores.n_samples();
  const std::size_t n_classes = scores.n_classes();
  const Cpu threads = for_size(policy, n * n_classes);
  std::vector<RankedCells> classes(n_classes);
  Buffer keys;
  Buffer bits;
  const std::size_t at_a_time = batch_size<Score>(n, n_classes);
  for (std::size_t first = 0; first < n_classes; first += at_a_time) {
    ClassBatch<Score> batch(scores, labels, first, std::min(at_a_time, n_classes - first), keys,
                            bits);
    parallel_for(batch.n_blocks(), threads, [&](std::size_t block) { batch.read(block); });
    parallel_for(std::min(at_a_time, n_classes - first), threads, [&](std::size_t slot) {
      const std::size_t c = first + slot;
      const std::optional<ClassKeys<Score>> column = batch.labelled(slot);
      const bool has_nan = column && column->size > 0 &&
                           (is_nan(from_ordered_key<Score>(column->range.low)) ||
                            is_nan(from_ordered_key<Score>(column->range.high)));
      std::vector<std::uint32_t> rows;
      if (!column || has_nan || column->size < n) {
        rows = labelled_rows(scores.column(c), labels.column(c));
      }
      classes[c] = segment_cells<Score, Key>(
          column->keys, column->size, column->range,
          [&](std::size_t k) { return (column->positive[k / 64] >> (k % 64) & 1) != 0; },
          [&](std::size_t k) { return unit_of_row[rows.empty() ? k : rows[k]]; });
    });
  }
  return classes;
}

template <class Score>
RankedCells rank_pooled(MatrixView<const Score> scores, LabelMatrixView labels,
                        std::span<const std::uint32_t> unit_of_row) {
  using Key = typename OrderedKey<Score>::type;
  check_same_shape(scores, labels);
  check_same_size(scores.n_samples(), unit_of_row.size(), "units");
  std::vector<std::uint32_t> units;
  std::vector<Key> keys;
  std::vector<bool> positive;
  for (std::size_t i = 0; i < scores.n_samples(); ++i) {
    for (std::size_t c = 0; c < scores.n_classes(); ++c) {
      const Label label = checked_label(labels(i, c), i);
      if (label == kMissing) continue;
      keys.push_back(checked_key(scores(i, c), i));
      units.push_back(unit_of_row[i]);
      positive.push_back(label == 1);
    }
  }
  return segment_cells<Score, Key>(
      keys.data(), keys.size(), key_range(keys.data(), keys.size()),
      [&](std::size_t k) { return positive[k]; }, [&](std::size_t k) { return units[k]; });
}

}  // namespace detail

/// Ranks the labelled cells of every class; the result has one entry a class. Equal scores are one
/// threshold; -0 equals +0; infinities are allowed; missing labels are left out.
/// @param scores       n_samples x n_classes scores, higher means more likely positive
/// @param labels       n_samples x n_classes labels in {0, 1, missing}
/// @param unit_of_row  what the weight of a row belongs to: see `Resampler::unit_of_row`
/// @throws InvalidArgument if sizes differ, a score of a labelled cell is NaN, a label is none, or
/// there are 2^31 rows or more.
/// Cost: O(n C), about 20 ns a cell; 4 bytes a cell and 24 a threshold are kept.
inline std::vector<RankedCells> rank_cells(MatrixView<const float> scores, LabelMatrixView labels,
                                           std::span<const std::uint32_t> unit_of_row,
                                           const Cpu& policy = {}) {
  return detail::rank_classes(scores, labels, unit_of_row, policy);
}
/// @copydoc rank_cells
inline std::vector<RankedCells> rank_cells(MatrixView<const double> scores, LabelMatrixView labels,
                                           std::span<const std::uint32_t> unit_of_row,
                                           const Cpu& policy = {}) {
  return detail::rank_classes(scores, labels, unit_of_row, policy);
}

/// Ranks all labelled cells of a matrix as one class, for micro averages. As `rank_cells` else.
inline RankedCells rank_pooled_cells(MatrixView<const float> scores, LabelMatrixView labels,
                                     std::span<const std::uint32_t> unit_of_row) {
  return detail::rank_pooled(scores, labels, unit_of_row);
}
/// @copydoc rank_pooled_cells
inline RankedCells rank_pooled_cells(MatrixView<const double> scores, LabelMatrixView labels,
                                     std::span<const std::uint32_t> unit_of_row) {
  return detail::rank_pooled(scores, labels, unit_of_row);
}

}  // namespace cxrlt
