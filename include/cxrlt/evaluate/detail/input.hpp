// SPDX-License-Identifier: Apache-2.0
/// What is decided once, before any class is looked at.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/evaluate/options.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"
#include "cxrlt/metrics/metric_name.hpp"
#include "cxrlt/metrics/metric_table.hpp"

namespace cxrlt::detail {

/// The metrics to compute in one scope.
inline std::vector<MetricKey> wanted_metrics(const EvaluationOptions& options, Scope scope) {
  std::vector<MetricKey> keys;
  if (options.metrics.empty()) {
    for (const Metric& metric : metric_table) {
      if (has_scope(metric, scope)) keys.push_back(metric_key(metric, options.n_bins));
    }
    return keys;
  }
  for (const MetricName& name : options.metrics) {
    // Averages rest on the values of classes, so those are computed for all of them.
    const bool wanted = scope == Scope::class_
                            ? has_scope(*name.key.metric, Scope::class_) &&
                                  name.scope != Scope::micro && name.scope != Scope::samples &&
                                  name.scope != Scope::pooled
                            : name.scope == scope;
    if (wanted && std::find(keys.begin(), keys.end(), name.key) == keys.end()) {
      keys.push_back(name.key);
    }
  }
  return keys;
}

template <class Kind>
bool any_of_kind(const std::vector<MetricKey>& keys) {
  return std::any_of(keys.begin(), keys.end(), [](const MetricKey& key) {
    return std::holds_alternative<Kind>(key.metric->function);
  });
}

/// Whether a log loss of any scope is wanted, so that clipped probabilities are counted.
inline bool wants_log_loss(const EvaluationOptions& options) {
  const auto is_log_loss = [](const MetricName& name) {
    return name.key.metric->name == "log_loss";
  };
  return options.metrics.empty() ||
         std::any_of(options.metrics.begin(), options.metrics.end(), is_log_loss);
}

/// The decision threshold of every class.
inline std::vector<double> class_thresholds(const EvaluationOptions& options,
                                            std::size_t n_classes) {
  for (const double threshold : options.thresholds) {
    if (is_nan(threshold)) throw InvalidArgument("evaluate: a threshold is NaN");
  }
  if (options.thresholds.size() == n_classes) return options.thresholds;
  if (options.thresholds.size() > 1) {
    throw InvalidArgument("evaluate: " + std::to_string(options.thresholds.size()) +
                          " thresholds for " + std::to_string(n_classes) + " classes");
  }
  return std::vector<double>(n_classes, options.thresholds.empty() ? 0.5 : options.thresholds[0]);
}

/// How the scores of labelled cells lie to [0, 1].
struct ScoreRange {
  bool probabilities = true;       ///< none lies beyond the tolerance
  std::size_t n_out_of_range = 0;  ///< outside, but within the tolerance
};

template <class Score>
ScoreRange score_range(MatrixView<const Score> scores, LabelMatrixView labels,
                       std::span<const double> row_weights) {
  ScoreRange range;
  if ((rows_touch(scores) || columns_touch(scores)) &&
      all_in_unit_interval(scores.data(), scores.n_samples() * scores.n_classes())) {
    return range;
  }
  // In the order in which the scores lie in memory.
  const bool by_row = scores.class_stride() < scores.sample_stride();
  const std::size_t n_outer = by_row ? scores.n_samples() : scores.n_classes();
  const std::size_t n_inner = by_row ? scores.n_classes() : scores.n_samples();
  for (std::size_t outer = 0; outer < n_outer; ++outer) {
    for (std::size_t inner = 0; inner < n_inner; ++inner) {
      const std::size_t i = by_row ? outer : inner;
      const std::size_t c = by_row ? inner : outer;
      const double score = static_cast<double>(scores(i, c));
      if ((score >= 0 && score <= 1) || is_nan(score) || labels(i, c) == kMissing) continue;
      if (!row_weights.empty() && row_weights[i] == 0) continue;
      ++range.n_out_of_range;
      if (!near_unit_interval(score)) return {false, 0};
    }
  }
  return range;
}

/// Scores and labels with what was decided about them once.
template <class Score>
struct EvaluationInput {
  MatrixView<const Score> scores;
  LabelMatrixView labels;
  const EvaluationOptions& options;
  std::vector<double> thresholds;
  ScoreRange range = {};
  bool probabilities = true;  ///< the scores are, or can be turned into, probabilities
  bool decisions = true;      ///< thresholds can be applied

  bool weighted() const { return !options.row_weights.empty(); }
  bool logits() const { return options.scores == ScoreKind::logits; }
  std::string class_name(std::size_t c) const {
    return options.class_names.empty() ? "class_" + std::to_string(c) : options.class_names[c];
  }
  /// What a decision threshold is compared with.
  double decided_score(std::size_t sample, std::size_t c) const {
    const double score = static_cast<double>(scores(sample, c));
    return logits() ? sigmoid(score) : score;
  }
};

template <class Score>
EvaluationInput<Score> checked_input(MatrixView<const Score> scores, LabelMatrixView labels,
                                     const EvaluationOptions& options) {
  check_same_shape(scores, labels);
  const std::size_t n_classes = scores.n_classes();
  if (!options.class_names.empty() && options.class_names.size() != n_classes) {
    throw InvalidArgument("evaluate: " + std::to_string(options.class_names.size()) +
                          " class names for " + std::to_string(n_classes) + " classes");
  }
  if (!options.row_weights.empty()) {
    check_same_size(scores.n_samples(), options.row_weights.size(), "row weights");
  }
  for (const ClassGroup& group : options.groups) {
    for (const std::size_t c : group.classes) {
      if (c >= n_classes) {
        throw InvalidArgument("evaluate: group '" + group.name + "' names class " +
                              std::to_string(c) + " of " + std::to_string(n_classes));
      }
    }
  }
  if (options.n_bins < 1) throw InvalidArgument("evaluate: n_bins must be 1 or more");
  const bool logits = options.scores == ScoreKind::logits;
  const ScoreRange range = logits ? ScoreRange{} : score_range(scores, labels, options.row_weights);
  const bool probabilities = range.probabilities;
  return {scores,
          labels,
          options,
          class_thresholds(options, n_classes),
          range,
          probabilities,
          probabilities || !options.thresholds.empty()};
}

/// The labelled cells of one class (or of all), read once.
struct LabelledCells {
  std::vector<double> scores;   ///< what a decision threshold is compared with
  std::vector<double> logits;   ///< empty unless the scores were logits
  std::vector<Label> labels;    ///< 0 or 1
  std::vector<double> weights;  ///< empty: every cell counts 1

  /// The scores as probabilities, those just outside [0, 1] moved to its ends.
  ProbabilityCells clamped() {
    for (double& score : scores) score = std::clamp(score, 0.0, 1.0);
    return {scores, logits, labels, weights};
  }
};

template <class Score>
void append_cells(const EvaluationInput<Score>& input, std::size_t c, LabelledCells& cells) {
  if (cells.scores.empty()) {  // growing step by step, the vectors do better themselves
    cells.scores.reserve(input.scores.n_samples());
    cells.labels.reserve(input.scores.n_samples());
  }
  for (std::size_t i = 0; i < input.scores.n_samples(); ++i) {
    const Label label = checked_label(input.labels(i, c), i);
    if (label == kMissing) continue;
    const double score = static_cast<double>(input.scores(i, c));
    if (is_nan(score)) throw_nan_score(i);
    cells.scores.push_back(input.decided_score(i, c));
    if (input.logits()) cells.logits.push_back(score);
    cells.labels.push_back(label);
    if (input.weighted()) cells.weights.push_back(input.options.row_weights[i]);
  }
}

}  // namespace cxrlt::detail
