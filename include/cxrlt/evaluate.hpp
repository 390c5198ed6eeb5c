// SPDX-License-Identifier: Apache-2.0
/// Everything at once: all metrics of all classes, their averages and groups.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/evaluate/detail/averages.hpp"
#include "cxrlt/evaluate/detail/cell_values.hpp"
#include "cxrlt/evaluate/detail/class_values.hpp"
#include "cxrlt/evaluate/detail/input.hpp"
#include "cxrlt/evaluate/evaluation.hpp"
#include "cxrlt/evaluate/options.hpp"

namespace cxrlt {

namespace detail {

/// The averages, groups and values of all cells, after the classes.
template <class Count, class Score>
void add_averages(const EvaluationInput<Score>& input, const std::vector<MetricKey>& keys,
                  const std::vector<ClassSummary>& summaries, Evaluation& result) {
  const EvaluationOptions& options = input.options;
  for (const ClassSummary& summary : summaries) result.n_clipped += summary.n_clipped;
  std::vector<std::size_t> all(result.classes.size());
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = c;
  const auto averages = [&](Scope scope, std::span<const std::size_t> members) {
    return averages_of(keys, wanted_metrics(options, scope), result.classes, summaries, members,
                       scope, options);
  };
  result.macro = averages(Scope::macro, all);
  result.weighted = averages(Scope::weighted, all);
  for (const ClassGroup& group : options.groups) {
    for (const std::size_t c : group.classes) result.classes[c].group = group.name;
    result.groups.push_back({group, averages(Scope::group, group.classes)});
  }
  result.micro = micro_values<Count>(input, result.classes);
  result.pooled = pooled_values(input);
  add_row_values(input, result);
}

/// Evaluates the counts of all classes: `visit_counts(visit)` calls `visit(c, counts)` once
/// for each class, at the same time for several where it likes.
template <class Count, class Score, class VisitCounts>
Evaluation evaluate_counts(const EvaluationInput<Score>& input, const Cpu& host,
                           const VisitCounts& visit_counts) {
  Evaluation result;
  result.n_samples = input.scores.n_samples();
  result.probabilities = input.probabilities;
  result.n_out_of_range = input.range.n_out_of_range;
  result.classes.resize(input.scores.n_classes());
  const std::vector<MetricKey> keys = wanted_metrics(input.options, Scope::class_);
  std::vector<ClassSummary> summaries(result.classes.size());
  std::vector<ConfusionCounts<Count>> decisions;
  if (input.decisions) decisions = decide_classes<Count>(input, host);
  visit_counts([&](std::size_t c, const ThresholdCounts<Count>& counts) {
    result.classes[c] = evaluate_class(input, c, counts, input.decisions ? &decisions[c] : nullptr,
                                       keys, summaries[c]);
  });
  add_averages<Count>(input, keys, summaries, result);
  return result;
}

template <class Score, class Policy>
Evaluation evaluate_input(const EvaluationInput<Score>& input, const Policy& policy) {
  const MatrixView<const Score>& scores = input.scores;
  const LabelMatrixView& labels = input.labels;
  Cpu host;
  if constexpr (std::is_same_v<Policy, Cpu>) host = policy;
  if (!input.weighted()) {
    return evaluate_counts<std::uint64_t>(
        input, host, [&](const auto& visit) { visit_thresholds(scores, labels, visit, policy); });
  }
  return evaluate_counts<double>(input, host, [&](const auto& visit) {
    parallel_for(
        scores.n_classes(), for_size(host, scores.n_samples() * scores.n_classes()),
        [&](std::size_t c) {
          visit(c, count_thresholds(scores.column(c), labels.column(c), input.options.row_weights));
        });
  });
}

template <class Score, class Policy>
Evaluation evaluate_matrix(MatrixView<const Score> scores, LabelMatrixView labels,
                           const EvaluationOptions& options, const Policy& policy) {
  return evaluate_input(checked_input(scores, labels, options), policy);
}

}  // namespace detail

/// Computes every metric for n_samples x n_classes scores and labels: per class, macro, micro,
/// weighted, samples, pooled, of whole rows, and per group.
/// @param scores  probabilities (or logits, see `EvaluationOptions::scores`), higher means more
///                likely positive; compared in their own precision
/// @param labels  0, 1 or missing (-1); a missing cell is left out for its class only
/// A metric that does not exist carries its reason; averages say how many classes they rest on.
/// Results are equal for every number of threads.
/// @throws InvalidArgument if sizes differ, a score is NaN, a label is none, an option is out of
/// range; Error if the policy `error` meets an undefined value.
/// Cost: O(n C log(n C)) for the micro averages, O(n C log n) without.
template <class Policy = Cpu>
Evaluation evaluate(MatrixView<const float> scores, LabelMatrixView labels,
                    const EvaluationOptions& options = {}, const Policy& policy = {}) {
  return detail::evaluate_matrix(scores, labels, options, policy);
}
/// @copydoc evaluate
template <class Policy = Cpu>
Evaluation evaluate(MatrixView<const double> scores, LabelMatrixView labels,
                    const EvaluationOptions& options = {}, const Policy& policy = {}) {
  return detail::evaluate_matrix(scores, labels, options, policy);
}

}  // namespace cxrlt
