// SPDX-License-Identifier: Apache-2.0
/// Metrics of how well each sample ranks its own labels (Tsoumakas, Katakis, Vlahavas 2010), equal
/// to scikit-learn's, rows without positives or without negatives included.
#pragma once

#include <span>

#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/row_counts.hpp"
#include "cxrlt/metrics/detail/row_average.hpp"

namespace cxrlt {

/// Label ranking average precision: the mean over rows of the average, over the row's positives, of
/// the share of positives among the labels ranked at or above it. Range (0, 1], higher is better.
/// Equal scores count as ranked above. A row without positives or without negatives counts 1, so
/// sparse labels flatter it.
/// @param rows         from `count_rows`; rows without any label are left out
/// @param row_weights  one per row, or none at all for equal weights; weight 0 equals deleting
/// Undefined without labelled rows.
/// @throws InvalidArgument if sizes differ, or a weight is negative or not finite.
/// Cost: O(rows).
inline MetricValue lrap(std::span<const RowCounts> rows, std::span<const double> row_weights = {}) {
  return detail::row_mean(rows, row_weights,
                          [](const RowCounts& row) { return row.ranking_precision; });
}

/// Coverage error: the mean over rows of how many of the top labels are needed to cover every
/// positive, equal scores included; 0 for a row without positives. Range [0, classes], lower is
/// better; the best possible value is the mean number of positives. Otherwise as `lrap`.
inline MetricValue coverage_error(std::span<const RowCounts> rows,
                                  std::span<const double> row_weights = {}) {
  return detail::row_mean(rows, row_weights, [](const RowCounts& row) { return row.coverage; });
}

/// Ranking loss: the mean over rows of the share of (positive, negative) pairs of labels that are
/// ordered wrongly. Range [0, 1], lower is better. A tie counts as wrong; a row without positives
/// or without negatives counts 0. Otherwise as `lrap`.
inline MetricValue ranking_loss(std::span<const RowCounts> rows,
                                std::span<const double> row_weights = {}) {
  return detail::row_mean(rows, row_weights, [](const RowCounts& row) { return row.ranking_loss; });
}

}  // namespace cxrlt
