// SPDX-License-Identifier: Apache-2.0
/// All values of one class.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <variant>
#include <vector>

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/evaluate/detail/input.hpp"
#include "cxrlt/evaluate/evaluation.hpp"

namespace cxrlt::detail {

/// One metric from whatever of the three summaries it is a function of.
template <class Count>
NamedValue value_of(const MetricKey& key, const ThresholdCounts<Count>& counts,
                    const ConfusionCounts<Count>* confusion, const ProbabilityCells* cells,
                    const EvaluationOptions& options) {
  NamedValue result{key.name, MetricValue::undefined(Undefined::not_probabilities)};
  std::visit(
      [&](const auto& function) {
        using Kind = std::remove_cvref_t<decltype(function)>;
        if constexpr (std::is_same_v<Kind, FromThresholdCounts>) {
          result.value = function(counts, key.parameter);
        } else if constexpr (std::is_same_v<Kind, PointFromThresholdCounts>) {
          const OperatingPoint point = function(counts, key.parameter);
          result.value = point.value;
          if (point.value.defined()) {
            result.threshold =
                options.scores == ScoreKind::logits ? sigmoid(point.threshold) : point.threshold;
          }
        } else if constexpr (std::is_same_v<Kind, FromConfusion>) {
          if (confusion != nullptr) result.value = function(*confusion, key.parameter);
        } else if constexpr (std::is_same_v<Kind, FromProbabilities>) {
          if (cells != nullptr) result.value = function(*cells, key.parameter);
        }
      },
      key.metric->function);
  if (cells != nullptr && key.metric->ratio_of_sums) {
    result.interval =
        observed_over_expected(cells->probabilities, cells->labels, cells->weights, options.level)
            .interval;
  }
  return result;
}

/// The numbers of positives, negatives and missing labels, of rows that have weight.
template <class Count, class Score>
void count_labels(const EvaluationInput<Score>& input, const ThresholdCounts<Count>& counts,
                  const LabelledCells& cells, ClassEvaluation& result) {
  std::uint64_t n_rows = input.labels.n_samples();
  if constexpr (std::is_same_v<Count, double>) {
    const auto has_weight = [](double weight) { return weight != 0; };
    const std::span<const double> weights = input.options.row_weights;
    n_rows = static_cast<std::uint64_t>(std::count_if(weights.begin(), weights.end(), has_weight));
    for (std::size_t k = 0; k < cells.labels.size(); ++k) {
      if (cells.weights[k] != 0) ++(cells.labels[k] == 1 ? result.n_positive : result.n_negative);
    }
  } else {
    result.n_positive = counts.n_positive;
    result.n_negative = counts.n_negative;
  }
  result.n_missing = n_rows - result.n_positive - result.n_negative;
}

inline constexpr std::size_t kClassesDecided = 16;  // at a time: their scores fill a cache line

/// The decisions of up to 16 classes against their labels, row by row. What a label is and what is
/// decided of it choose a counter and no branch: they are hard to foresee.
template <class Count, class Score>
void decide_block(const EvaluationInput<Score>& input, std::size_t first,
                  std::span<ConfusionCounts<Count>> decisions) {
  constexpr std::size_t not_counted = 4;
  Count counts[kClassesDecided][not_counted + 1] = {};
  for (std::size_t i = 0; i < input.scores.n_samples(); ++i) {
    const Count amount = input.weighted() ? static_cast<Count>(input.options.row_weights[i]) : 1;
    if (!(amount > 0)) continue;
    for (std::size_t slot = 0; slot < decisions.size(); ++slot) {
      const std::size_t c = first + slot;
      const Label label = input.labels(i, c);
      const std::size_t decided = input.decided_score(i, c) >= input.thresholds[c] ? 1 : 0;
      const std::size_t kind = (label == 1 ? 2U : 0U) + decided;
      counts[slot][label == kMissing ? not_counted : kind] += amount;
    }
  }
  for (std::size_t slot = 0; slot < decisions.size(); ++slot) {
    const auto& of = counts[slot];
    decisions[slot] = {of[3], of[1], of[2], of[0]};
  }
}

/// The decisions of every class. Of either layout, the matrix is read from memory once. Whoever
/// counts the classes checks labels and scores.
template <class Count, class Score>
std::vector<ConfusionCounts<Count>> decide_classes(const EvaluationInput<Score>& input,
                                                   const Cpu& policy) {
  const std::size_t n_classes = input.scores.n_classes();
  std::vector<ConfusionCounts<Count>> decisions(n_classes);
  parallel_for((n_classes + kClassesDecided - 1) / kClassesDecided,
               for_size(policy, input.scores.n_samples() * n_classes), [&](std::size_t block) {
                 const std::size_t first = block * kClassesDecided;
                 const std::size_t n = std::min(kClassesDecided, n_classes - first);
                 decide_block(input, first,
                              std::span<ConfusionCounts<Count>>(decisions).subspan(first, n));
               });
  return decisions;
}

/// What is kept of a class besides its report, for the averages.
struct ClassSummary {
  ClassSupport support;
  double observed = 0;  ///< positives, and the sum of their probabilities
  double expected = 0;
  std::size_t n_clipped = 0;
};

/// @param decisions  of the class; null where none can be made
template <class Count, class Score>
ClassEvaluation evaluate_class(const EvaluationInput<Score>& input, std::size_t c,
                               const ThresholdCounts<Count>& counts,
                               const ConfusionCounts<Count>* decisions,
                               const std::vector<MetricKey>& keys, ClassSummary& summary) {
  ClassEvaluation result;
  result.name = input.class_name(c);
  result.threshold = input.thresholds[c];
  const bool counts_clipped = wants_log_loss(input.options) && !input.logits();
  const bool with_probabilities =
      input.probabilities && (counts_clipped || any_of_kind<FromProbabilities>(keys));
  LabelledCells cells;
  if (input.weighted() || with_probabilities) append_cells(input, c, cells);
  count_labels(input, counts, cells, result);
  summary.support = {static_cast<double>(counts.n_positive),
                     static_cast<double>(counts.n_negative)};
  if (decisions != nullptr) {
    result.counts = ConfusionCounts<double>{
        static_cast<double>(decisions->tp), static_cast<double>(decisions->fp),
        static_cast<double>(decisions->fn), static_cast<double>(decisions->tn)};
  }
  ProbabilityCells probabilities;
  if (with_probabilities) probabilities = cells.clamped();
  for (const MetricKey& key : keys) {
    result.values.push_back(value_of(key, counts, decisions,
                                     with_probabilities ? &probabilities : nullptr, input.options));
  }
  if (with_probabilities) {
    const auto& [values, logits, labels, weights] = probabilities;
    const auto ratio = observed_over_expected(values, labels, weights);
    summary.observed = ratio.observed;
    summary.expected = ratio.expected;
    if (counts_clipped) {
      summary.n_clipped = log_loss(values, labels, weights).n_clipped;
    }
  }
  return result;
}

}  // namespace cxrlt::detail
