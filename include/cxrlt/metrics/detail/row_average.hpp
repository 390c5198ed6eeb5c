// SPDX-License-Identifier: Apache-2.0
/// The weighted mean over rows that metrics of whole rows share.
#pragma once

#include <cstddef>
#include <span>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/row_counts.hpp"

namespace cxrlt::detail {

/// sum w_i amount(row_i) / sum w_i size(row_i) over the rows with a label and positive weight.
template <class Amount, class Size>
MetricValue row_ratio(std::span<const RowCounts> rows, std::span<const double> row_weights,
                      const Amount& amount, const Size& size) {
  if (!row_weights.empty()) check_same_size(rows.size(), row_weights.size(), "row weights");
  double numerator = 0;
  double denominator = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = row_weights.empty() ? 1 : checked_weight(row_weights[i], i);
    if (rows[i].n_known == 0 || weight == 0) continue;
    numerator += weight * static_cast<double>(amount(rows[i]));
    denominator += weight * static_cast<double>(size(rows[i]));
  }
  if (!(denominator > 0)) return MetricValue::undefined(Undefined::no_samples);
  return {numerator / denominator};
}

/// The weighted mean of value(row) over the rows with a label.
template <class Value>
MetricValue row_mean(std::span<const RowCounts> rows, std::span<const double> row_weights,
                     const Value& value) {
  return row_ratio(rows, row_weights, value, [](const RowCounts&) { return 1; });
}

}  // namespace cxrlt::detail
