// SPDX-License-Identifier: Apache-2.0
/// Softmax and its logarithm, without overflow.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "cxrlt/core/matrix_view.hpp"

namespace cxrlt {

namespace detail {

template <class Score>
void log_softmax(ColumnView<const Score> logits, std::span<double> out) {
  check_same_size(logits.size(), out.size(), "classes");
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = static_cast<double>(logits[k]);
    largest = std::max(largest, out[k]);
  }
  double sum = 0;
  for (double& value : out) {
    value -= largest;
    sum += std::exp(value);
  }
  const double log_sum = std::log(sum);
  for (double& value : out) value -= log_sum;
}

}  // namespace detail

/// log softmax: out_k = z_k - log sum_j exp(z_j), without overflow. `out` has n_classes values.
/// -inf among the logits is a class of probability 0; at least one must be finite.
inline void log_softmax(ColumnView<const double> logits, std::span<double> out) {
  detail::log_softmax(logits, out);
}
/// @copydoc log_softmax(ColumnView<const double>, std::span<double>)
inline void log_softmax(ColumnView<const float> logits, std::span<double> out) {
  detail::log_softmax(logits, out);
}

/// softmax: out_k = exp(z_k) / sum_j exp(z_j); as `log_softmax`.
inline void softmax(ColumnView<const double> logits, std::span<double> out) {
  detail::log_softmax(logits, out);
  for (double& value : out) value = std::exp(value);
}
/// @copydoc softmax(ColumnView<const double>, std::span<double>)
inline void softmax(ColumnView<const float> logits, std::span<double> out) {
  detail::log_softmax(logits, out);
  for (double& value : out) value = std::exp(value);
}

}  // namespace cxrlt
