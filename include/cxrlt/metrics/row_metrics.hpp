// SPDX-License-Identifier: Apache-2.0
/// Metrics of whole rows of decisions: exact match, Hamming loss, and averages over samples.
#pragma once

#include <cstdint>
#include <span>

#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/row_counts.hpp"
#include "cxrlt/metrics/detail/row_average.hpp"

namespace cxrlt {

namespace detail {

/// A share of one row's decisions: 1 where there is nothing to find and nothing was predicted,
/// otherwise 0 where the denominator is 0.
inline double row_share(const ConfusionCounts<>& decided, std::uint64_t numerator,
                        std::uint64_t denominator) {
  if (decided.tp + decided.fp + decided.fn == 0) return 1;
  if (denominator == 0) return 0;
  return static_cast<double>(numerator) / static_cast<double>(denominator);
}

}  // namespace detail

/// Exact match (subset accuracy): the share of rows in which every labelled cell is decided right.
/// Range [0, 1], higher is better.
/// @param rows         from `count_rows`; rows without any label are left out
/// @param row_weights  one per row, or none at all for equal weights; weight 0 equals deleting
/// Undefined without labelled rows.
/// @throws InvalidArgument if sizes differ, or a weight is negative or not finite.
/// Cost: O(rows).
inline MetricValue exact_match(std::span<const RowCounts> rows,
                               std::span<const double> row_weights = {}) {
  return detail::row_mean(rows, row_weights, [](const RowCounts& row) {
    return row.decided.fp + row.decided.fn == 0 ? 1 : 0;
  });
}

/// Hamming loss: the share of labelled cells that are decided wrongly. Range [0, 1], lower is
/// better. Parameters, when undefined, throws and cost: as `exact_match`.
inline MetricValue hamming_loss(std::span<const RowCounts> rows,
                                std::span<const double> row_weights = {}) {
  return detail::row_ratio(
      rows, row_weights, [](const RowCounts& row) { return row.decided.fp + row.decided.fn; },
      [](const RowCounts& row) { return row.n_known; });
}

/// The mean over rows of F1 = 2 tp / (2 tp + fp + fn). A row without positives for which nothing is
/// predicted counts 1. Range [0, 1], higher is better.
/// Parameters, when undefined, throws and cost: as `exact_match`.
inline MetricValue samples_f1(std::span<const RowCounts> rows,
                              std::span<const double> row_weights = {}) {
  return detail::row_mean(rows, row_weights, [](const RowCounts& row) {
    const auto& d = row.decided;
    return detail::row_share(d, 2 * d.tp, 2 * d.tp + d.fp + d.fn);
  });
}

/// The mean over rows of the Jaccard index tp / (tp + fp + fn). Otherwise as `samples_f1`.
inline MetricValue samples_jaccard(std::span<const RowCounts> rows,
                                   std::span<const double> row_weights = {}) {
  return detail::row_mean(rows, row_weights, [](const RowCounts& row) {
    const auto& d = row.decided;
    return detail::row_share(d, d.tp, d.tp + d.fp + d.fn);
  });
}

/// The mean over rows of the precision tp / (tp + fp). A row with positives for which nothing is
/// predicted counts 0. Otherwise as `samples_f1`.
inline MetricValue samples_precision(std::span<const RowCounts> rows,
                                     std::span<const double> row_weights = {}) {
  return detail::row_mean(rows, row_weights, [](const RowCounts& row) {
    const auto& d = row.decided;
    return detail::row_share(d, d.tp, d.tp + d.fp);
  });
}

/// The mean over rows of the recall tp / (tp + fn). A row without positives for which something is
/// predicted counts 0. Otherwise as `samples_f1`.
inline MetricValue samples_recall(std::span<const RowCounts> rows,
                                  std::span<const double> row_weights = {}) {
  return detail::row_mean(rows, row_weights, [](const RowCounts& row) {
    const auto& d = row.decided;
    return detail::row_share(d, d.tp, d.tp + d.fn);
  });
}

}  // namespace cxrlt
