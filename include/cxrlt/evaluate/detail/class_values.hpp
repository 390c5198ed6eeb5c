// SPDX-License-Identifier: Apache-2.0
/// All values of one class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <variant>
#include <vector>

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

template <class Score>
void count_labels(const EvaluationInput<Score>& input, std::size_t c, ClassEvaluation& result) {
  for (std::size_t i = 0; i < input.labels.n_samples(); ++i) {
    if (input.weighted() && input.options.row_weights[i] == 0) continue;
    const Label label = checked_label(input.labels(i, c), i);
    ++(label == 1 ? result.n_positive : label == 0 ? result.n_negative : result.n_missing);
  }
}

/// The decisions of one class against its labels.
template <class Count, class Score>
ConfusionCounts<Count> decisions_of(const EvaluationInput<Score>& input, std::size_t c) {
  return confusion_of<Count>(
      input.labels.column(c),
      [&](std::size_t i) { return input.decided_score(i, c) >= input.thresholds[c]; },
      [&](std::size_t i) {
        return input.weighted() ? static_cast<Count>(input.options.row_weights[i]) : Count{1};
      });
}

/// What is kept of a class besides its report, for the averages.
struct ClassSummary {
  ClassSupport support;
  double observed = 0;  ///< positives, and the sum of their probabilities
  double expected = 0;
  std::size_t n_clipped = 0;
};

template <class Count, class Score>
ClassEvaluation evaluate_class(const EvaluationInput<Score>& input, std::size_t c,
                               const ThresholdCounts<Count>& counts,
                               const std::vector<MetricKey>& keys, ClassSummary& summary) {
  ClassEvaluation result;
  result.name = input.class_name(c);
  result.threshold = input.thresholds[c];
  count_labels(input, c, result);
  summary.support = {static_cast<double>(counts.n_positive),
                     static_cast<double>(counts.n_negative)};
  ConfusionCounts<Count> confusion;
  if (input.decisions) {
    confusion = decisions_of<Count>(input, c);
    result.counts = ConfusionCounts<double>{
        static_cast<double>(confusion.tp), static_cast<double>(confusion.fp),
        static_cast<double>(confusion.fn), static_cast<double>(confusion.tn)};
  }
  const bool counts_clipped = wants_log_loss(input.options) && !input.logits();
  const bool with_cells =
      input.probabilities && (counts_clipped || any_of_kind<FromProbabilities>(keys));
  ProbabilityStorage storage;
  if (with_cells) append_cells(input, c, storage);
  const ProbabilityCells cells = storage.view();
  for (const MetricKey& key : keys) {
    result.values.push_back(value_of(key, counts, input.decisions ? &confusion : nullptr,
                                     with_cells ? &cells : nullptr, input.options));
  }
  if (with_cells) {
    const auto ratio = observed_over_expected(cells.probabilities, cells.labels, cells.weights);
    summary.observed = ratio.observed;
    summary.expected = ratio.expected;
    if (counts_clipped) {
      summary.n_clipped = log_loss(cells.probabilities, cells.labels, cells.weights).n_clipped;
    }
  }
  return result;
}

}  // namespace cxrlt::detail
