// SPDX-License-Identifier: Apache-2.0
/// The labelled cells of a class in the order of their scores: sorted once, walked for every
/// weighting of the rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/large_pages.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/detail/class_words.hpp"
#include "cxrlt/counting/detail/count_matrix.hpp"
#include "cxrlt/counting/detail/radix_sort.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/rank_order.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/counting/workspace.hpp"
#include "cxrlt/uncertainty/detail/threshold_bins.hpp"

namespace cxrlt {

namespace detail {

/// How many cells ahead of the sum weights are asked for from memory, and how many more at most
/// while thresholds are added: memory would rest meanwhile.
inline constexpr std::size_t kReadAhead = 48;
inline constexpr std::size_t kReadMore = 192;
/// So many cells can be read beyond the last.
inline constexpr std::size_t kSpareCells = kReadAhead + kReadMore;

}  // namespace detail

/// The cells of one class (or of all) by segments, from the highest score down. The segments of
/// threshold k, at which a positive stands, are the negatives between it and the threshold before,
/// the negatives that tie with it, and its positives. Below the last threshold there are only
/// negatives. Within a segment the order of cells tells nothing; in long ones units mostly
/// ascend, for the cache.
struct RankedCells {
  /// Where the segments of a threshold end in `unit`; the first begins where the last one ended.
  struct Threshold {
    double score = 0;
    std::uint32_t above = 0;      ///< end of the negatives above
    std::uint32_t tied = 0;       ///< end of the negatives that tie
    std::uint32_t positives = 0;  ///< end of the positives
  };

  /// Of each cell the row, or its cluster; then a few more, so that reading ahead is allowed.
  std::vector<std::uint32_t> unit = std::vector<std::uint32_t>(detail::kSpareCells, 0);
  std::vector<Threshold> thresholds;  ///< descending

  std::size_t size() const { return unit.size() - detail::kSpareCells; }
};

namespace detail {

/// Sorts the cells, and writes them segment by segment.
template <class Score, class UnitOf>
RankedCells sort_cells(const ClassKeys<Score>& column, const UnitOf& unit) {
  const std::size_t n = column.size;
  const RankedPlaces ranked = rank_keys(column.keys, n, column.range);
  RankedCells cells;
  cells.unit.resize(n + kSpareCells, 0);
  std::vector<std::uint32_t> positives;  // among the cells that tie
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin;
    auto tied = static_cast<std::uint32_t>(begin);
    positives.clear();
    do {
      const std::uint32_t place = ranked.place(end);
      if (has_bit(column.positive, place)) {
        positives.push_back(unit(place));
      } else {
        cells.unit[tied++] = unit(place);
      }
    } while (++end < n && ranked.ties_with_last(end, column.keys));
    if (!positives.empty()) {
      std::copy(positives.begin(), positives.end(), cells.unit.data() + tied);
      cells.thresholds.push_back({from_ordered_key<Score>(column.keys[ranked.place(begin)]),
                                  static_cast<std::uint32_t>(begin), tied,
                                  static_cast<std::uint32_t>(end)});
    }
    begin = end;
  }
  return cells;
}

/// As `sort_cells` for few positives, by comparing cells with no more than the thresholds near
/// them. Within a segment first cells of even and then those of odd places ascend: in turn counted
/// apart, they do not wait for each other where a segment is long.
template <class Score, class UnitOf>
RankedCells distribute_cells(const ClassKeys<Score>& column, const UnitOf& unit) {
  using Key = typename OrderedKey<Score>::type;
  const std::size_t n = column.size;
  std::vector<Key> positives;
  for_each_bit(column.positive, n, [&](std::size_t k) { positives.push_back(column.keys[k]); });
  const ThresholdBins<Key> bins(std::move(positives),
                                packing_of<Score>(column.keys, n, column.range));
  LargeVector<std::uint32_t> halves(n);  // of segments
  std::vector<std::uint32_t> begins(2 * bins.n_segments() + 1, 0);
  for (std::size_t k = 0; k < n; ++k) {
    const std::uint32_t segment =
        bins.segment(column.keys[k]) + (has_bit(column.positive, k) ? 1 : 0);
    halves[k] = 2 * segment + k % 2;
    ++begins[halves[k]];
  }
  to_begins(begins.data(), begins.size());
  RankedCells cells;
  for (std::size_t k = 0; k < bins.keys().size(); ++k) {
    cells.thresholds.push_back({from_ordered_key<Score>(bins.keys()[k]), begins[6 * k + 2],
                                begins[6 * k + 4], begins[6 * k + 6]});
  }
  cells.unit.resize(n + kSpareCells, 0);
  for (std::size_t k = 0; k < n; ++k) cells.unit[begins[halves[k]]++] = unit(k);
  return cells;
}

/// Puts the cells of a class into segments.
template <class Score, class UnitOf>
RankedCells segment_cells(const ClassKeys<Score>& column, const UnitOf& unit) {
  if (column.size >> 31 != 0) throw InvalidArgument("rank_cells: 2^31 cells or more");
  return column.n_positive < column.size / 16 ? distribute_cells(column, unit)
                                              : sort_cells(column, unit);
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
      classes[c] = segment_cells(
          *column, [&](std::size_t k) { return unit_of_row[rows.empty() ? k : rows[k]]; });
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
  std::vector<std::uint64_t> positive;
  std::size_t n_positive = 0;
  for (std::size_t i = 0; i < scores.n_samples(); ++i) {
    for (std::size_t c = 0; c < scores.n_classes(); ++c) {
      const Label label = checked_label(labels(i, c), i);
      if (label == kMissing) continue;
      if (keys.size() % kBitsPerWord == 0) positive.push_back(0);
      positive.back() |= std::uint64_t{label == 1} << (keys.size() % kBitsPerWord);
      n_positive += label == 1 ? 1 : 0;
      keys.push_back(checked_key(scores(i, c), i));
      units.push_back(unit_of_row[i]);
    }
  }
  const ClassKeys<Score> all{keys.data(), positive.data(), keys.size(), n_positive,
                             key_range(keys.data(), keys.size())};
  return segment_cells(all, [&](std::size_t k) { return units[k]; });
}

}  // namespace detail

/// Ranks the labelled cells of every class; the result has one entry a class. Equal scores are one
/// threshold; -0 equals +0; infinities are allowed; missing labels are left out.
/// @param scores       n_samples x n_classes scores, higher means more likely positive
/// @param labels       n_samples x n_classes labels in {0, 1, missing}
/// @param unit_of_row  what the weight of a row belongs to: see `Resampler::unit_of_row`
/// @throws InvalidArgument if sizes differ, a score of a labelled cell is NaN, a label is none, or
/// there are 2^31 rows or more.
/// Cost: O(n C), about 15 ns a cell; 4 bytes a cell and 24 a threshold are kept.
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

/// The counts of ranked cells, equal to those of `count_thresholds`. O(thresholds).
inline ThresholdCounts<> count_thresholds(const RankedCells& cells) {
  ThresholdCounts<> counts;
  for (const RankedCells::Threshold& threshold : cells.thresholds) {
    counts.threshold.push_back(threshold.score);
    counts.fp_above.push_back(threshold.above - counts.n_positive);
    counts.fp.push_back(threshold.tied - counts.n_positive);
    counts.n_positive += threshold.positives - threshold.tied;
    counts.tp.push_back(counts.n_positive);
  }
  counts.n_negative = cells.size() - counts.n_positive;
  return counts;
}

}  // namespace cxrlt
