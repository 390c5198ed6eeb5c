// SPDX-License-Identifier: Apache-2.0
/// Permutation tests of two models on the same rows, for any metric of one class.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/uncertainty/detail/joint_order.hpp"
#include "cxrlt/uncertainty/detail/paired_columns.hpp"
#include "cxrlt/uncertainty/detail/swaps.hpp"
#include "cxrlt/uncertainty/multiple_testing.hpp"
#include "cxrlt/uncertainty/p_value.hpp"

namespace cxrlt {

/// How often, and with which random numbers, models are exchanged.
struct PermutationOptions {
  std::size_t n_replicates = 9999;  ///< the smallest p-value is 1 / (n_replicates + 1)
  std::uint64_t seed = 0;
};

/// Two models' difference in each class, and what exchanging them by chance makes of it.
struct PermutationTest {
  std::vector<MetricValue> first;       ///< the metric of the first model, per class
  std::vector<MetricValue> second;      ///< of the second
  std::vector<MetricValue> difference;  ///< first - second
  std::vector<MetricValue> p_value;     ///< two-sided, per class, not adjusted for their number
  /// n_replicates x n_classes differences after an exchange; 0 in classes without a difference.
  /// Row b of all classes is the same exchange, as `max_t` and averages need it.
  ClassMatrix<double> null_differences;
};

namespace detail {

/// The share of the exchanges, none at all being one of them, that reach the observed difference.
template <class Null>
double permutation_p_value(double observed, double scale, std::size_t n_null, const Null& null) {
  std::size_t n_reached = 1;
  for (std::size_t b = 0; b < n_null; ++b) {
    n_reached += at_least_as_extreme(null(b), observed, scale) ? 1 : 0;
  }
  return static_cast<double>(n_reached) / static_cast<double>(n_null + 1);
}

/// first - second, or the reason why there is no such number.
inline MetricValue value_difference(const MetricValue& first, const MetricValue& second) {
  if (!first.defined()) return first;
  return second.defined() ? MetricValue{first.value - second.value} : second;
}

/// Runs the replicates of one class. `both(swaps, worker)` gives the two models' values.
template <class Both>
void permute_class(PermutationTest& test, std::size_t k, std::size_t n_units,
                   const PermutationOptions& options, const Cpu& policy, const Both& both) {
  const std::array<MetricValue, 2> observed = both(Swaps(n_units), 0);
  test.first[k] = observed[0];
  test.second[k] = observed[1];
  test.difference[k] = test.p_value[k] = value_difference(observed[0], observed[1]);
  if (!test.difference[k].defined()) return;
  const std::span<double> null = test.null_differences[k];
  std::vector<Undefined> why(null.size(), Undefined::none);
  std::vector<Swaps> swaps(n_workers(null.size(), policy));
  parallel_for_workers(null.size(), policy, [&](std::size_t b, std::size_t worker) {
    swaps[worker].toss(n_units, options.seed, b);
    const std::array<MetricValue, 2> values = both(swaps[worker], worker);
    const MetricValue difference = value_difference(values[0], values[1]);
    null[b] = difference.defined() ? difference.value : 0;
    why[b] = difference.why;
  });
  const auto lost =
      std::find_if(why.begin(), why.end(), [](Undefined one) { return one != Undefined::none; });
  if (lost != why.end()) {
    test.difference[k] = test.p_value[k] = MetricValue::undefined(*lost);
    std::fill(null.begin(), null.end(), 0.0);
    return;
  }
  const double scale = std::max({1.0, std::abs(observed[0].value), std::abs(observed[1].value)});
  test.p_value[k] = {permutation_p_value(test.difference[k].value, scale, null.size(),
                                         [&](std::size_t b) { return null[b]; })};
}

/// Checks the input, then calls `run(test, k, unit_of, n_units, policy)` for each class.
template <class Score, class Run>
PermutationTest permute(MatrixView<const Score> first, MatrixView<const Score> second,
                        LabelMatrixView labels, std::span<const std::size_t> clusters,
                        const PermutationOptions& options, const Cpu& policy, const Run& run) {
  check_same_shape(first, labels);
  check_same_shape(second, labels);
  if (!clusters.empty()) check_same_size(clusters.size(), labels.n_samples(), "clusters");
  if (options.n_replicates == 0) throw InvalidArgument("a permutation test of 0 replicates");
  const std::size_t n_classes = labels.n_classes();
  const auto groups = dense_groups(clusters, labels.n_samples());
  PermutationTest test;
  test.first.resize(n_classes);
  test.second.resize(n_classes);
  test.difference.resize(n_classes);
  test.p_value.resize(n_classes);
  test.null_differences = ClassMatrix<double>(options.n_replicates, n_classes);
  const Cpu used = for_size(policy, labels.n_samples() * options.n_replicates);
  for (std::size_t k = 0; k < n_classes; ++k) {
    run(test, k, std::span<const std::size_t>(groups.first), groups.second, used);
  }
  return test;
}

template <class Score, class Statistic>
PermutationTest permute_ranks(MatrixView<const Score> first, MatrixView<const Score> second,
                              LabelMatrixView labels, const Statistic& statistic,
                              std::span<const std::size_t> clusters,
                              const PermutationOptions& options, const Cpu& policy) {
  return permute(
      first, second, labels, clusters, options, policy,
      [&](PermutationTest& test, std::size_t k, std::span<const std::size_t> unit_of,
          std::size_t n_units, const Cpu& used) {
        const JointOrder order(first.column(k), second.column(k), labels.column(k), unit_of);
        std::vector<std::array<ThresholdCounts<>, 2>> counts(n_workers(options.n_replicates, used));
        permute_class(test, k, n_units, options, used, [&](const Swaps& swaps, std::size_t worker) {
          order.count(swaps, counts[worker]);
          return std::array<MetricValue, 2>{statistic(counts[worker][0]),
                                            statistic(counts[worker][1])};
        });
      });
}

template <class Score, class Statistic>
PermutationTest permute_probabilities(MatrixView<const Score> first, MatrixView<const Score> second,
                                      LabelMatrixView labels, const Statistic& statistic,
                                      std::span<const std::size_t> clusters,
                                      const PermutationOptions& options, const Cpu& policy) {
  return permute(
      first, second, labels, clusters, options, policy,
      [&](PermutationTest& test, std::size_t k, std::span<const std::size_t> unit_of,
          std::size_t n_units, const Cpu& used) {
        const PairedColumns columns(first.column(k), second.column(k), labels.column(k), unit_of);
        std::vector<std::array<std::vector<double>, 2>> exchanged(
            n_workers(options.n_replicates, used));
        const auto value = [&](const std::vector<double>& values) -> MetricValue {
          return statistic(ColumnView<const double>(values), LabelColumnView(columns.labels));
        };
        permute_class(test, k, n_units, options, used, [&](const Swaps& swaps, std::size_t worker) {
          columns.exchange(swaps, exchanged[worker]);
          return std::array<MetricValue, 2>{value(exchanged[worker][0]),
                                            value(exchanged[worker][1])};
        });
      });
}

}  // namespace detail

/// The paired permutation test of two models for metrics of ranking (Venkatraman and Begg 1996;
/// Bandos, Rockette and Gur 2005): each model's scores become mid-ranks of its own, class by class,
/// scaled to (0, 1); a fair coin per row, or per cluster, then exchanges the models' ranks. The
/// two-sided p-value of a class is (1 + #{b : |d_b| >= |d|}) / (B + 1), with d the difference on
/// the data and d_b after exchange b. Without ranks an exchange between models on different scales
/// would tear the order apart, and the test would find nothing. The null hypothesis is that the
/// models can be exchanged, not only that the metric is equal.
/// @param first, second  n_samples x n_classes scores; infinities are allowed
/// @param labels     n_samples x n_classes labels in {0, 1, missing}; a missing one leaves its cell
///                   out, for its class only
/// @param statistic  `MetricValue(const ThresholdCounts<>&)`, called from several threads at once,
///                   such as `average_precision<std::uint64_t>`; it must depend on the order of
///                   scores alone, as thresholds are ranks here
/// @param clusters   n_samples numbers, equal for rows of one cluster (patient), or none. Rows of a
///                   patient are exchanged together, or p-values are too small.
/// Coins depend on (seed, replicate) and the cluster's place of first occurrence: results are equal
/// on every platform and for every number of threads, and all classes share them. Exchanging the
/// models changes signs alone. Differences equal up to 1e-12 count as reached. p-values lie in
/// [1 / (B + 1), 1]; models that rank alike have 1. A class whose metric does not exist for a model
/// or in a replicate has no difference, with that reason.
/// @throws InvalidArgument if sizes differ, a score of a labelled cell is NaN, a label is none, or
/// there are no replicates; and whatever the statistic throws.
/// Cost: O(B C n), about 7 ns per replicate and cell for rare classes; no replicate sorts. 8 B C
/// bytes of results.
template <class Statistic>
PermutationTest permute_ranks(MatrixView<const float> first, MatrixView<const float> second,
                              LabelMatrixView labels, const Statistic& statistic,
                              std::span<const std::size_t> clusters = {},
                              const PermutationOptions& options = {}, const Cpu& policy = {}) {
  return detail::permute_ranks(first, second, labels, statistic, clusters, options, policy);
}
/// @copydoc permute_ranks
template <class Statistic>
PermutationTest permute_ranks(MatrixView<const double> first, MatrixView<const double> second,
                              LabelMatrixView labels, const Statistic& statistic,
                              std::span<const std::size_t> clusters = {},
                              const PermutationOptions& options = {}, const Cpu& policy = {}) {
  return detail::permute_ranks(first, second, labels, statistic, clusters, options, policy);
}

/// The paired permutation test for metrics of values as they are (Brier score, log loss, ECE,
/// decisions as 0 and 1): the coin exchanges the models' values themselves. Both must be on one
/// scale, as probabilities are.
/// @param first, second  n_samples x n_classes values
/// @param statistic  `MetricValue(ColumnView<const double>, LabelColumnView)`, called from several
///                   threads at once with the labelled rows of a class, such as
///                   `[](auto p, auto y) { return brier(p, y); }`
/// Otherwise as `permute_ranks`; what values are refused is the statistic's business.
/// Cost: B + 1 times the statistic of both models and all classes.
template <class Statistic>
PermutationTest permute_probabilities(MatrixView<const float> first, MatrixView<const float> second,
                                      LabelMatrixView labels, const Statistic& statistic,
                                      std::span<const std::size_t> clusters = {},
                                      const PermutationOptions& options = {},
                                      const Cpu& policy = {}) {
  return detail::permute_probabilities(first, second, labels, statistic, clusters, options, policy);
}
/// @copydoc permute_probabilities
template <class Statistic>
PermutationTest permute_probabilities(MatrixView<const double> first,
                                      MatrixView<const double> second, LabelMatrixView labels,
                                      const Statistic& statistic,
                                      std::span<const std::size_t> clusters = {},
                                      const PermutationOptions& options = {},
                                      const Cpu& policy = {}) {
  return detail::permute_probabilities(first, second, labels, statistic, clusters, options, policy);
}

}  // namespace cxrlt
