// SPDX-License-Identifier: Apache-2.0
/// Everything at once: all metrics of all classes, their averages and groups.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/count_classes.hpp"
#include "cxrlt/counting/pooled.hpp"
#include "cxrlt/counting/row_counts.hpp"
#include "cxrlt/evaluation.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/metric_name.hpp"
#include "cxrlt/metrics/metric_table.hpp"

namespace cxrlt {

/// What the scores are. It is what the caller says, never guessed.
enum class ScoreKind : std::uint8_t {
  probabilities,  ///< in [0, 1]; otherwise only ranking metrics exist
  logits,         ///< ranking uses them as they are, everything else sigmoid(z) in double
};

/// How `evaluate` works. Every field has a default.
struct EvaluationOptions {
  /// One name a class; empty: `class_0`, `class_1`, ...
  std::vector<std::string> class_names = {};
  ScoreKind scores = ScoreKind::probabilities;
  /// Decision thresholds, as probabilities under `logits`: empty for 0.5, one for all, or one a
  /// class.
  std::vector<double> thresholds = {};
  /// Bins of the calibration errors.
  int n_bins = 15;
  /// Level of the intervals that metrics bring along.
  double level = 0.95;
  /// A weight per row; empty: every row counts 1.
  std::span<const double> row_weights = {};
  /// Head, medium, tail, or groups of the caller's.
  std::vector<ClassGroup> groups = {};
  /// What averages do with classes for which a metric is undefined.
  UndefinedPolicies undefined = {};
  /// Only these; empty: all metrics at their default parameters, in all their scopes.
  std::vector<MetricName> metrics = {};
};

namespace detail {

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

/// How the scores lie to [0, 1].
struct ScoreRange {
  bool probabilities = true;       ///< none lies beyond the tolerance
  std::size_t n_out_of_range = 0;  ///< outside, but within the tolerance
};

template <class Score>
ScoreRange score_range(MatrixView<const Score> scores) {
  ScoreRange range;
  for (std::size_t c = 0; c < scores.n_classes(); ++c) {
    for (std::size_t i = 0; i < scores.n_samples(); ++i) {
      const double score = static_cast<double>(scores(i, c));
      if ((score >= 0 && score <= 1) || is_nan(score)) continue;
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
  check_same_size(scores.n_samples(), labels.n_samples(), "samples");
  check_same_size(scores.n_classes(), labels.n_classes(), "classes");
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
  const ScoreRange range = logits ? ScoreRange{} : score_range(scores);
  const bool probabilities = range.probabilities;
  return {scores,
          labels,
          options,
          class_thresholds(options, n_classes),
          range,
          probabilities,
          probabilities || !options.thresholds.empty()};
}

/// The cells of one class (or of all) as probabilities, in storage of their own.
struct ProbabilityStorage {
  std::vector<double> probabilities;
  std::vector<double> logits;
  std::vector<Label> labels;
  std::vector<double> weights;

  ProbabilityCells view() const { return {probabilities, logits, labels, weights}; }
};

template <class Score>
void append_cells(const EvaluationInput<Score>& input, std::size_t c, ProbabilityStorage& cells) {
  for (std::size_t i = 0; i < input.scores.n_samples(); ++i) {
    const Label label = checked_label(input.labels(i, c), i);
    if (label == kMissing) continue;
    const double score = static_cast<double>(input.scores(i, c));
    if (is_nan(score)) throw_nan_score(i);
    cells.probabilities.push_back(input.logits() ? sigmoid(score) : std::clamp(score, 0.0, 1.0));
    if (input.logits()) cells.logits.push_back(score);
    cells.labels.push_back(label);
    if (input.weighted()) cells.weights.push_back(input.options.row_weights[i]);
  }
}

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
  if (cells != nullptr && key.metric->name == "observed_over_expected") {
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
    for (std::size_t i = 0; i < input.scores.n_samples(); ++i) {
      const Label label = input.labels(i, c);
      if (label == kMissing) continue;
      const Count amount =
          input.weighted() ? static_cast<Count>(input.options.row_weights[i]) : Count{1};
      confusion.add(label == 1, input.decided_score(i, c) >= input.thresholds[c], amount);
    }
    result.counts = ConfusionCounts<double>{
        static_cast<double>(confusion.tp), static_cast<double>(confusion.fp),
        static_cast<double>(confusion.fn), static_cast<double>(confusion.tn)};
  }
  const bool with_cells = input.probabilities && any_of_kind<FromProbabilities>(keys);
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
    if (!input.logits()) {
      summary.n_clipped = log_loss(cells.probabilities, cells.labels, cells.weights).n_clipped;
    }
  }
  return result;
}

inline void refuse_undefined(const std::vector<ClassEvaluation>& classes, std::size_t k) {
  for (const ClassEvaluation& one : classes) {
    if (one.values[k].value.defined()) continue;
    throw Error("the metric '" + one.values[k].name + "' is undefined for class '" + one.name +
                "' (" + std::string(to_string(one.values[k].value.why)) +
                "), and undefined values are refused");
  }
}

/// One average over the given classes.
inline NamedAverage average_of(const MetricKey& key, std::size_t k,
                               const std::vector<ClassEvaluation>& classes,
                               const std::vector<ClassSummary>& summaries,
                               std::span<const std::size_t> members, Weighting weighting,
                               const EvaluationOptions& options) {
  AveragingRule rule = key.metric->averaging;
  rule.policy = options.undefined.of(key.metric->name);
  if (rule.policy == UndefinedPolicy::error) refuse_undefined(classes, k);
  std::vector<MetricValue> values;
  std::vector<ClassSupport> support;
  for (const std::size_t c : members) {
    values.push_back(classes[c].values[k].value);
    support.push_back(summaries[c].support);
  }
  return {key.name, average(values, support, rule, weighting)};
}

/// The ratio of sums for a group: its positives over its expected positives.
inline void replace_by_ratio_of_sums(NamedAverage& average,
                                     const std::vector<ClassSummary>& summaries,
                                     std::span<const std::size_t> members,
                                     const EvaluationOptions& options) {
  if (average.value.n_defined == 0 || average.value.why == Undefined::not_probabilities) return;
  double observed = 0;
  double expected = 0;
  for (const std::size_t c : members) {
    observed += summaries[c].observed;
    expected += summaries[c].expected;
  }
  const ObservedOverExpected ratio =
      cxrlt::observed_over_expected(static_cast<std::uint64_t>(observed), expected, options.level);
  average.value.value = options.row_weights.empty() ? ratio.value.value : observed / expected;
  average.value.why = ratio.value.why;
  if (options.row_weights.empty()) average.interval = ratio.interval;
}

/// Averages in one scope over the given classes.
inline std::vector<NamedAverage> averages_of(const std::vector<MetricKey>& class_keys,
                                             const std::vector<MetricKey>& wanted,
                                             const std::vector<ClassEvaluation>& classes,
                                             const std::vector<ClassSummary>& summaries,
                                             std::span<const std::size_t> members, Scope scope,
                                             const EvaluationOptions& options) {
  std::vector<NamedAverage> averages;
  for (const MetricKey& key : wanted) {
    const auto place = std::find(class_keys.begin(), class_keys.end(), key);
    const auto k = static_cast<std::size_t>(place - class_keys.begin());
    averages.push_back(average_of(key, k, classes, summaries, members,
                                  scope == Scope::weighted ? Weighting::support : Weighting::equal,
                                  options));
    if (scope == Scope::group && key.metric->name == "observed_over_expected") {
      replace_by_ratio_of_sums(averages.back(), summaries, members, options);
    }
  }
  return averages;
}

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
  ProbabilityStorage storage;
  const bool with_cells = input.probabilities && !keys.empty();
  for (std::size_t c = 0; with_cells && c < input.scores.n_classes(); ++c) {
    append_cells(input, c, storage);
  }
  const ProbabilityCells cells = storage.view();
  std::vector<NamedValue> values;
  for (const MetricKey& key : keys) {
    values.push_back(value_of(key, ThresholdCounts<>{}, static_cast<ConfusionCounts<>*>(nullptr),
                              with_cells ? &cells : nullptr, input.options));
  }
  return values;
}

/// Thresholds on the scores' own scale, so that rows can be decided without copying the scores.
template <class Score>
std::vector<RowCounts> rows_of(const EvaluationInput<Score>& input) {
  if (!input.logits()) return count_rows(input.scores, input.labels, input.thresholds);
  const std::size_t n = input.scores.n_samples();
  const std::size_t n_classes = input.scores.n_classes();
  std::vector<RowCounts> rows = count_rows(input.scores, input.labels, input.thresholds);
  for (std::size_t i = 0; i < n; ++i) {
    rows[i].decided = {};
    for (std::size_t c = 0; c < n_classes; ++c) {
      const Label label = input.labels(i, c);
      if (label == kMissing) continue;
      rows[i].decided.add(label == 1, input.decided_score(i, c) >= input.thresholds[c]);
    }
  }
  return rows;
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
    for (const SamplesMetric& samples : samples_metrics) {
      if (samples.name == key.metric->name) {
        result.samples.push_back(value(key.name, samples.function));
      }
    }
  }
}

template <class Count, class Score>
Evaluation evaluate_counted(const EvaluationInput<Score>& input,
                            const std::vector<ThresholdCounts<Count>>& counts, const Cpu& policy) {
  const EvaluationOptions& options = input.options;
  const std::size_t n_classes = input.scores.n_classes();
  Evaluation result;
  result.n_samples = input.scores.n_samples();
  result.probabilities = input.probabilities;
  result.n_out_of_range = input.range.n_out_of_range;
  const std::vector<MetricKey> keys = wanted_metrics(options, Scope::class_);
  std::vector<ClassSummary> summaries(n_classes);
  result.classes.resize(n_classes);
  parallel_for(n_classes, for_size(policy, result.n_samples * n_classes), [&](std::size_t c) {
    result.classes[c] = evaluate_class(input, c, counts[c], keys, summaries[c]);
  });
  for (const ClassSummary& summary : summaries) result.n_clipped += summary.n_clipped;

  std::vector<std::size_t> all(n_classes);
  for (std::size_t c = 0; c < n_classes; ++c) all[c] = c;
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
  return result;
}

template <class Score, class Policy>
Evaluation evaluate_matrix(MatrixView<const Score> scores, LabelMatrixView labels,
                           const EvaluationOptions& options, const Policy& policy) {
  const EvaluationInput<Score> input = checked_input(scores, labels, options);
  Cpu host;
  if constexpr (std::is_same_v<Policy, Cpu>) host = policy;
  if (!input.weighted()) {
    return evaluate_counted(input, count_thresholds(scores, labels, policy), host);
  }
  std::vector<ThresholdCounts<double>> counts(scores.n_classes());
  for (std::size_t c = 0; c < counts.size(); ++c) {
    counts[c] = count_thresholds(scores.column(c), labels.column(c), options.row_weights);
  }
  return evaluate_counted(input, counts, host);
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
