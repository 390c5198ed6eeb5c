// SPDX-License-Identifier: Apache-2.0
/// Values of all cells together (micro, pooled), and of whole rows.
#pragma once

#include <cstddef>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "cxrlt/counting/pooled.hpp"
#include "cxrlt/counting/row_counts.hpp"
#include "cxrlt/evaluate/detail/class_values.hpp"
#include "cxrlt/evaluate/detail/input.hpp"
#include "cxrlt/evaluate/evaluation.hpp"

namespace cxrlt::detail {

template <class Count, class Score>
std::vector<NamedValue> micro_values(const EvaluationInput<Score>& input,
                                     const std::vector<ClassEvaluation>& classes) {
  const std::vector<MetricKey> keys = wanted_metrics(input.options, Scope::micro);
  ThresholdCounts<Count> counts;
  if (any_of_kind<FromThresholdCounts>(keys)) {
    if constexpr (std::is_same_v<Count, double>) {
      counts = count_pooled(input.scores, input.labels, input.options.row_weights);
    } else {
      counts = count_pooled(input.scores, input.labels);
    }
  }
  ConfusionCounts<Count> confusion;
  if (input.decisions) {
    for (const ClassEvaluation& one : classes) {
      confusion += {static_cast<Count>(one.counts->tp), static_cast<Count>(one.counts->fp),
                    static_cast<Count>(one.counts->fn), static_cast<Count>(one.counts->tn)};
    }
  }
  std::vector<NamedValue> values;
  for (const MetricKey& key : keys) {
    values.push_back(
        value_of(key, counts, input.decisions ? &confusion : nullptr, nullptr, input.options));
  }
  return values;
}

template <class Score>
std::vector<NamedValue> pooled_values(const EvaluationInput<Score>& input) {
  const std::vector<MetricKey> keys = wanted_metrics(input.options, Scope::pooled);
  LabelledCells storage;
  const bool with_cells = input.probabilities && !keys.empty();
  for (std::size_t c = 0; with_cells && c < input.scores.n_classes(); ++c) {
    append_cells(input, c, storage);
  }
  const ProbabilityCells cells = storage.clamped();
  std::vector<NamedValue> values;
  for (const MetricKey& key : keys) {
    values.push_back(value_of(key, ThresholdCounts<>{}, static_cast<ConfusionCounts<>*>(nullptr),
                              with_cells ? &cells : nullptr, input.options));
  }
  return values;
}

/// Counts of each row; decisions as for the classes, on probabilities where scores are logits.
template <class Score>
std::vector<RowCounts> rows_of(const EvaluationInput<Score>& input) {
  return count_rows_of(input.scores, input.labels, [&](std::size_t i, std::size_t c) {
    return input.decided_score(i, c) >= input.thresholds[c];
  });
}

template <class Score>
void add_row_values(const EvaluationInput<Score>& input, Evaluation& result) {
  const std::vector<MetricKey> row_keys = wanted_metrics(input.options, Scope::rows);
  const std::vector<MetricKey> samples_keys = wanted_metrics(input.options, Scope::samples);
  if (row_keys.empty() && samples_keys.empty()) return;
  const std::vector<RowCounts> rows = rows_of(input);
  const auto value = [&](const std::string& name, const FromRows& function) {
    return NamedValue{name, function.needs_decisions && !input.decisions
                                ? MetricValue::undefined(Undefined::not_probabilities)
                                : function(rows, input.options.row_weights)};
  };
  for (const MetricKey& key : row_keys) {
    result.rows.push_back(value(key.name, std::get<FromRows>(key.metric->function)));
  }
  for (const MetricKey& key : samples_keys) {
    result.samples.push_back(value(key.name, FromRows{key.metric->samples, true}));
  }
}

}  // namespace cxrlt::detail
