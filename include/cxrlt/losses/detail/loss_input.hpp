// SPDX-License-Identifier: Apache-2.0
/// What losses read, and how it is checked and counted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/losses/reduction.hpp"

namespace cxrlt::detail {

inline constexpr unsigned char missing_byte = 255;

/// Rows whose sum is formed on one thread.
inline constexpr std::size_t rows_of_block = 512;

/// Adds `part(begin, end)` of blocks of n rows, in their order whatever the number of threads.
template <class Part>
double sum_over_blocks(std::size_t n, const Cpu& policy, const Part& part) {
  std::vector<double> sums((n + rows_of_block - 1) / rows_of_block);
  parallel_for(sums.size(), policy, [&](std::size_t block) {
    const std::size_t begin = block * rows_of_block;
    sums[block] = part(begin, std::min(n, begin + rows_of_block));
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

/// True if n bytes are all 0 or 1.
inline bool all_known(const unsigned char* labels, std::size_t n) {
  return run_dispatched([=]() CXRLT_ALWAYS_INLINE {
    std::uint64_t all = 0;
    std::size_t i = 0;
    for (; i + sizeof all <= n; i += sizeof all) {
      std::uint64_t word = 0;
      std::memcpy(&word, labels + i, sizeof word);
      all |= word;
    }
    for (; i < n; ++i) all |= labels[i];
    return (all & ~std::uint64_t{0x0101'0101'0101'0101}) == 0;
  });
}

/// True if n numbers are all finite.
template <class T>
bool all_finite(const T* numbers, std::size_t n) {
  return run_dispatched([=]() CXRLT_ALWAYS_INLINE {
    int others = 0;
    for (std::size_t k = 0; k < n; ++k) others |= is_finite(numbers[k]) ? 0 : 1;
    return others == 0;
  });
}

/// @throws InvalidArgument naming the cell, unless its logit is finite.
template <class Score>
Score checked_logit(Score logit, std::size_t row, std::size_t k) {
  if (!is_finite(logit)) {
    throw InvalidArgument("the logit of sample " + std::to_string(row) + ", class " +
                          std::to_string(k) + " is " + (is_nan(logit) ? "NaN" : "infinite") +
                          "; expected a finite number");
  }
  return logit;
}

/// Logits and labels, with the weights of rows.
template <class Score>
struct LossInput {
  MatrixView<const Score> logits;
  LabelMatrixView labels;
  std::span<const double> row_weights;

  double row_weight(std::size_t row) const { return row_weights.empty() ? 1 : row_weights[row]; }

  /// @throws InvalidArgument for a label of rows [begin, end) that is none.
  void check_labels(std::size_t begin, std::size_t end) const {
    const std::size_t n_classes = labels.n_classes();
    if (n_classes == 0 || (rows_touch(labels.bytes()) &&
                           all_known(&labels.bytes()(begin, 0), (end - begin) * n_classes))) {
      return;
    }
    for (std::size_t row = begin; row < end; ++row) {
      for (std::size_t k = 0; k < n_classes; ++k) checked_label(labels(row, k), row);
    }
  }

  /// @throws InvalidArgument for the first labelled logit of rows [begin, end) that is not finite.
  void check_logits(std::size_t begin, std::size_t end) const {
    if (rows_touch(logits) && all_finite(&logits(begin, 0), (end - begin) * logits.n_classes())) {
      return;
    }
    for (std::size_t row = begin; row < end; ++row) {
      for (std::size_t k = 0; k < logits.n_classes(); ++k) {
        if (row_weight(row) > 0 && labels(row, k) != kMissing)
          checked_logit(logits(row, k), row, k);
      }
    }
  }
};

/// The labelled cells of a row.
inline std::size_t n_labelled(LabelColumnView row, std::size_t index) {
  std::size_t n = 0;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (checked_label(row[k], index) != kMissing) ++n;
  }
  return n;
}

/// The weight of rows [begin, end) that a mean divides by.
/// @throws InvalidArgument for a label that is none.
inline double weight_of_rows(LabelMatrixView labels, const LossOptions& options, std::size_t begin,
                             std::size_t end) {
  const std::size_t n_classes = labels.n_classes();
  const bool is_full = n_classes > 0 && rows_touch(labels.bytes()) &&
                       all_known(&labels.bytes()(begin, 0), (end - begin) * n_classes);
  double total = 0;
  for (std::size_t row = begin; row < end; ++row) {
    std::size_t n = is_full ? n_classes : n_labelled(labels.row(row), row);
    if (options.reduction == Reduction::mean_over_rows) n = n > 0 ? 1 : 0;
    total += (options.row_weights.empty() ? 1 : options.row_weights[row]) * static_cast<double>(n);
  }
  return total;
}

/// What a reduction divides by: 1 for a sum.
inline double divisor_of(LabelMatrixView labels, const LossOptions& options, const Cpu& policy) {
  if (options.reduction == Reduction::sum) return 1;
  return sum_over_blocks(labels.n_samples(), policy, [&](std::size_t begin, std::size_t end) {
    return weight_of_rows(labels, options, begin, end);
  });
}

/// @throws InvalidArgument unless weights are one per row (or none), finite and at least 0.
inline void check_row_weights(std::span<const double> weights, std::size_t n_samples) {
  if (weights.empty()) return;
  check_same_size(n_samples, weights.size(), "row weights");
  for (std::size_t i = 0; i < weights.size(); ++i) checked_weight(weights[i], i);
}

/// @throws InvalidArgument if shapes differ.
template <class Score>
void check_derivative_shape(MatrixView<const Score> logits, MatrixView<Score> derivative,
                            const std::string& what) {
  if (derivative.n_samples() != logits.n_samples() ||
      derivative.n_classes() != logits.n_classes()) {
    throw InvalidArgument("the " + what + " is " + std::to_string(derivative.n_samples()) + " x " +
                          std::to_string(derivative.n_classes()) + ", the logits are " +
                          std::to_string(logits.n_samples()) + " x " +
                          std::to_string(logits.n_classes()));
  }
}

}  // namespace cxrlt::detail
