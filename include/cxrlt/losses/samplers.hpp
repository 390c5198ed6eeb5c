// SPDX-License-Identifier: Apache-2.0
/// Which rows to train on: weights that favour rare classes, and rows drawn by them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/losses/class_terms.hpp"

namespace cxrlt {

namespace detail {

/// How many rows are positive, for each class; after the last class, how many for none.
inline std::vector<std::uint64_t> rows_of_classes(LabelMatrixView labels) {
  std::vector<std::uint64_t> rows(labels.n_classes() + 1);
  for (std::size_t i = 0; i < labels.n_samples(); ++i) {
    bool any = false;
    for (std::size_t k = 0; k < labels.n_classes(); ++k) {
      if (checked_label(labels(i, k), i) != 1) continue;
      ++rows[k];
      any = true;
    }
    if (!any) ++rows.back();
  }
  return rows;
}

/// Calls `use(k)` for the positive classes of a row, or for n_classes if it has none.
template <class Use>
void for_each_positive(LabelColumnView row, const Use& use) {
  bool any = false;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (row[k] != 1) continue;
    use(k);
    any = true;
  }
  if (!any) use(row.size());
}

}  // namespace detail

/// The probability of each row if a class is drawn with probability proportional to n_c^power, and
/// then one of its n_c positive rows (Kang et al. 2020, for several labels). Rows without a
/// positive form one more class. They sum to 1. power 0 is class-balanced, 1/2 square-root, 1
/// nearly instance-balanced (a row counts once for each of its labels).
/// @param labels  of the training rows, n_samples x n_classes; missing counts as not positive
/// @throws InvalidArgument if a label is none, power is negative or not finite, or there is no row.
/// O(cells).
inline std::vector<double> sampling_weights(LabelMatrixView labels, double power) {
  detail::checked_at_least_zero(power, "sampling weights: the power");
  if (labels.n_samples() == 0) throw InvalidArgument("sampling weights: there are no rows");
  const std::vector<std::uint64_t> rows = detail::rows_of_classes(labels);
  double total = 0;
  std::vector<double> of_class(rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (rows[k] == 0) continue;
    const double share = std::pow(static_cast<double>(rows[k]), power);
    of_class[k] = share / static_cast<double>(rows[k]);
    total += share;
  }
  std::vector<double> weights(labels.n_samples());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    detail::for_each_positive(labels.row(i), [&](std::size_t k) { weights[i] += of_class[k]; });
    weights[i] /= total;
  }
  return weights;
}

/// `sampling_weights` with each class as likely as every other. O(cells).
inline std::vector<double> class_balanced_sampling(LabelMatrixView labels) {
  return sampling_weights(labels, 0);
}

/// `sampling_weights` with classes drawn in proportion to sqrt(n_c). O(cells).
inline std::vector<double> square_root_sampling(LabelMatrixView labels) {
  return sampling_weights(labels, 0.5);
}

/// From all rows alike to all classes alike: (1 - t) power 1 + t power 0 (progressively balanced,
/// Kang et al. 2020).
/// @param progress  t in [0, 1], epoch / last epoch
/// @throws InvalidArgument if progress is outside, and as `sampling_weights`. O(cells).
inline std::vector<double> progressive_sampling(LabelMatrixView labels, double progress) {
  if (!is_finite(progress) || progress < 0 || progress > 1) {
    throw InvalidArgument("progressive sampling: the progress is " + detail::text_of(progress) +
                          "; expected a number in [0, 1]");
  }
  std::vector<double> weights = sampling_weights(labels, 1);
  const std::vector<double> balanced = sampling_weights(labels, 0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = (1 - progress) * weights[i] + progress * balanced[i];
  }
  return weights;
}

/// How often rows are repeated.
struct RepeatFactorOptions {
  double threshold = 0.01;  ///< t: classes with a share of rows below it are repeated; above 0
  double largest = std::numeric_limits<double>::infinity();  ///< no factor is above it; at least 1
};

/// How often each row stands in an epoch: the largest over its positive classes of
/// max(1, sqrt(t / f_c)), f_c the share of rows that are positive (Gupta, Dollar and Girshick
/// 2019); 1 for a row without positives. Range [1, largest].
/// @throws InvalidArgument if a label is none, or an option is out of range. O(cells).
inline std::vector<double> repeat_factors(LabelMatrixView labels,
                                          const RepeatFactorOptions& options = {}) {
  detail::checked_above_zero(options.threshold, "repeat factors: the threshold");
  if (is_nan(options.largest) || options.largest < 1) {
    throw InvalidArgument("repeat factors: the largest is " + detail::text_of(options.largest) +
                          "; expected a number of at least 1");
  }
  const std::vector<std::uint64_t> rows = detail::rows_of_classes(labels);
  std::vector<double> factors(labels.n_samples(), 1.0);
  for (std::size_t i = 0; i < factors.size(); ++i) {
    detail::for_each_positive(labels.row(i), [&](std::size_t k) {
      if (k == labels.n_classes()) return;
      const double share = static_cast<double>(rows[k]) / static_cast<double>(labels.n_samples());
      const double wanted = std::sqrt(options.threshold / share);
      factors[i] = std::max(factors[i], std::min(wanted, options.largest));
    });
  }
  return factors;
}

/// n rows drawn with replacement, each with probability proportional to its weight. Equal on every
/// platform for equal weights, seed and epoch; epochs are independent of each other.
/// @param weights  one per row, finite and at least 0, not all 0
/// @throws InvalidArgument if a weight is negative or not finite, or their sum is 0 or not finite.
/// O(n log rows).
inline std::vector<std::size_t> sample_rows(std::span<const double> weights, std::size_t n,
                                            std::uint64_t seed, std::uint64_t epoch = 0) {
  std::vector<double> sums;
  sums.reserve(weights.size());
  double total = 0;
  std::size_t last = 0;  // that can be drawn: rounding may carry a product up to the total
  for (std::size_t i = 0; i < weights.size(); ++i) {
    total += detail::checked_weight(weights[i], i);
    sums.push_back(total);
    if (weights[i] > 0) last = i;
  }
  if (!(total > 0) || !is_finite(total)) {
    throw InvalidArgument("sample rows: the weights sum to " + detail::text_of(total) +
                          "; expected a finite number above 0");
  }
  Random random(seed, epoch);
  std::vector<std::size_t> rows(n);
  for (std::size_t& row : rows) {
    const auto found = std::upper_bound(sums.begin(), sums.end(), random.uniform() * total);
    row = std::min(last, static_cast<std::size_t>(found - sums.begin()));
  }
  return rows;
}

/// The rows of one epoch, shuffled: each floor(factor) times, and once more with the probability of
/// what is left, drawn anew in each epoch. Equal on every platform.
/// @param factors  of `repeat_factors`, finite and at least 0
/// @throws InvalidArgument if a factor is negative or not finite. O(rows repeated).
inline std::vector<std::size_t> repeat_rows(std::span<const double> factors, std::uint64_t seed,
                                            std::uint64_t epoch = 0) {
  Random random(seed, epoch);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const double whole = std::floor(detail::checked_weight(factors[i], i));
    const bool once_more = random.uniform() < factors[i] - whole;
    rows.insert(rows.end(), static_cast<std::size_t>(whole) + (once_more ? 1 : 0), i);
  }
  detail::shuffle(rows, random);
  return rows;
}

}  // namespace cxrlt
