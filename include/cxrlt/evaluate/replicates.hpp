// SPDX-License-Identifier: Apache-2.0
/// An evaluation and the same of resampled rows: how its values vary with the test set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/evaluate.hpp"
#include "cxrlt/evaluate/detail/replicate_evaluator.hpp"
#include "cxrlt/evaluate/evaluation.hpp"
#include "cxrlt/evaluate/options.hpp"
#include "cxrlt/uncertainty/ranked_cells.hpp"
#include "cxrlt/uncertainty/resampling.hpp"

namespace cxrlt {

/// Calls `visit(scope, member, entry)` for every value of an evaluation, in a fixed order: macro,
/// weighted, micro, samples, pooled, rows, groups, classes. `member` numbers the group or class,
/// and is 0 otherwise; entries are `NamedAverage` or `NamedValue`.
template <class AnyEvaluation, class Visit>
void for_each_value(AnyEvaluation&& evaluation, const Visit& visit) {
  const auto all = [&](Scope scope, std::size_t member, auto& entries) {
    for (auto& entry : entries) visit(scope, member, entry);
  };
  all(Scope::macro, 0, evaluation.macro);
  all(Scope::weighted, 0, evaluation.weighted);
  all(Scope::micro, 0, evaluation.micro);
  all(Scope::samples, 0, evaluation.samples);
  all(Scope::pooled, 0, evaluation.pooled);
  all(Scope::rows, 0, evaluation.rows);
  for (std::size_t g = 0; g < evaluation.groups.size(); ++g) {
    all(Scope::group, g, evaluation.groups[g].values);
  }
  for (std::size_t c = 0; c < evaluation.classes.size(); ++c) {
    all(Scope::class_, c, evaluation.classes[c].values);
  }
}

/// The value of an entry, NaN where there is none.
inline double value_or_nan(const NamedValue& entry) {
  return entry.value.defined() ? entry.value.value : std::numeric_limits<double>::quiet_NaN();
}
/// @copydoc value_or_nan(const NamedValue&)
inline double value_or_nan(const NamedAverage& entry) {
  return entry.value.defined() ? entry.value.value : std::numeric_limits<double>::quiet_NaN();
}

/// An evaluation of all rows, and each of its values in every replicate.
struct EvaluationReplicates {
  Evaluation estimate;
  std::size_t n_replicates = 0;
  /// Rows (or clusters) with at least one positive label, of each class.
  std::vector<std::size_t> positive_units;
  /// Value k, in the order of `for_each_value`, of replicate b at `values[k * n_replicates + b]`;
  /// NaN where it has none.
  std::vector<double> values;

  std::size_t n_values() const { return values.size() / n_replicates; }
  std::span<const double> of(std::size_t k) const {
    return std::span<const double>(values).subspan(k * n_replicates, n_replicates);
  }
};

/// How `evaluate_replicates` tells how far it is: called with the number of replicates done so far,
/// from any thread, one call at a time.
using ReplicateProgress = std::function<void(std::size_t)>;

namespace detail {

/// The units with a positive label of each class, of which the estimate knows the positive rows.
inline std::vector<std::size_t> count_positive_units(LabelMatrixView labels,
                                                     const Resampler& resampler,
                                                     const Evaluation& estimate) {
  const std::size_t n_classes = labels.n_classes();
  std::vector<std::size_t> counts(n_classes, 0);
  if (resampler.n_units() == resampler.n_rows()) {
    for (std::size_t c = 0; c < n_classes; ++c) counts[c] = estimate.classes[c].n_positive;
    return counts;
  }
  std::vector<bool> seen(resampler.n_units() * n_classes, false);
  for (std::size_t i = 0; i < labels.n_samples(); ++i) {
    const std::size_t first = resampler.unit_of_row()[i] * n_classes;
    for (std::size_t c = 0; c < n_classes; ++c) {
      if (labels(i, c) != 1 || seen[first + c]) continue;
      seen[first + c] = true;
      ++counts[c];
    }
  }
  return counts;
}

template <class Score>
EvaluationReplicates replicate_matrix(MatrixView<const Score> scores, LabelMatrixView labels,
                                      const EvaluationOptions& options, const Resampler& resampler,
                                      const Cpu& policy, const ReplicateProgress& progress) {
  if (!options.row_weights.empty()) {
    throw InvalidArgument("evaluate_replicates: rows with weights cannot be resampled");
  }
  check_same_size(scores.n_samples(), resampler.n_rows(), "rows of the resampler");
  EvaluationReplicates result;
  const EvaluationInput<Score> input = checked_input(scores, labels, options);
  std::vector<RankedCells> ranked = rank_cells(scores, labels, resampler.unit_of_row(), policy);
  result.estimate = evaluate_counts<std::uint64_t>(input, policy, [&](const auto& visit) {
    parallel_for(ranked.size(), for_size(policy, scores.n_samples() * scores.n_classes()),
                 [&](std::size_t c) { visit(c, count_thresholds(ranked[c])); });
  });
  result.n_replicates = resampler.n_replicates();
  result.positive_units = count_positive_units(labels, resampler, result.estimate);
  std::size_t n_values = 0;
  for_each_value(result.estimate, [&](Scope, std::size_t, const auto&) { ++n_values; });
  result.values.resize(n_values * result.n_replicates);

  const ReplicateEvaluator<Score> evaluator(input, std::move(ranked), result.estimate, resampler);
  const Cpu threads =
      for_size(policy, scores.n_samples() * scores.n_classes() * resampler.n_replicates() / 8);
  std::vector<ReplicateScratch> scratch(n_workers(resampler.n_batches(), threads));
  std::mutex mutex;
  std::size_t done = 0;
  parallel_for_workers(resampler.n_batches(), threads, [&](std::size_t b, std::size_t worker) {
    evaluator.evaluate_batch(b, scratch[worker], [&](std::size_t replicate, const auto& values) {
      std::size_t k = 0;
      for_each_value(values, [&](Scope, std::size_t, const auto& entry) {
        result.values[k++ * result.n_replicates + replicate] = value_or_nan(entry);
      });
    });
    if (!progress) return;
    const std::lock_guard lock(mutex);
    done += scratch[worker].batch.n_lanes;
    progress(done);
  });
  return result;
}

}  // namespace detail

/// Evaluates all rows as `evaluate` does, and every replicate of the resampler: each value of a
/// replicate is that of its rows, each as often as it was drawn, to 1e-12 and mostly to the bit. A
/// class that a replicate leaves without the labels that a metric needs is left out of the
/// replicate's averages.
/// @param options  without row weights; `metrics` says which values are wanted: with average
///                 precision and AUROC alone, a thousand replicates take less than a second where
///                 all metrics take minutes
/// @throws InvalidArgument as `evaluate`, or if the resampler is one for another number of rows.
/// Results are equal for every number of threads. Memory: 64 bytes a row or cluster (128 where a
/// weight is above 15, 1,024 with other than small integer weights) for each thread, 4 bytes a
/// cell and a row, a bit a cluster and class, and 8 bytes a replicate and value.
inline EvaluationReplicates evaluate_replicates(MatrixView<const float> scores,
                                                LabelMatrixView labels,
                                                const EvaluationOptions& options,
                                                const Resampler& resampler, const Cpu& policy = {},
                                                const ReplicateProgress& progress = {}) {
  return detail::replicate_matrix(scores, labels, options, resampler, policy, progress);
}
/// @copydoc evaluate_replicates
inline EvaluationReplicates evaluate_replicates(MatrixView<const double> scores,
                                                LabelMatrixView labels,
                                                const EvaluationOptions& options,
                                                const Resampler& resampler, const Cpu& policy = {},
                                                const ReplicateProgress& progress = {}) {
  return detail::replicate_matrix(scores, labels, options, resampler, policy, progress);
}

}  // namespace cxrlt
