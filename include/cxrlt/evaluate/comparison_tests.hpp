// SPDX-License-Identifier: Apache-2.0
/// Other tests of two models than the bootstrap: by exchanging the models, and DeLong's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/evaluate/comparison.hpp"
#include "cxrlt/metrics/metric_table.hpp"
#include "cxrlt/uncertainty/delong.hpp"
#include "cxrlt/uncertainty/permutation.hpp"
#include "cxrlt/uncertainty/permuted_average.hpp"

namespace cxrlt {

/// The scores of two models for the same rows and classes, and the truth.
template <class Score>
struct PairedScores {
  MatrixView<const Score> first;
  MatrixView<const Score> second;
  LabelMatrixView labels;
  std::span<const std::size_t> clusters = {};  ///< of rows; empty: every row is one
};

namespace detail {

/// Gives each compared value of a metric its p-value: `of_class(c)`, `of_average(classes)`; none
/// (`not_estimable`) for values that are neither of a class, nor macro, nor of a group.
template <class OfClass, class OfAverage>
void set_p_values(std::vector<ComparedValue>& values, const Evaluation& evaluation,
                  const std::string& metric, const OfClass& of_class, const OfAverage& of_average) {
  std::vector<std::size_t> all(evaluation.classes.size());
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = c;
  std::size_t c = 0;
  std::size_t g = 0;
  for (ComparedValue& value : values) {
    if (value.metric != metric) continue;
    if (value.scope == Scope::class_) {
      value.p_value = of_class(c++);
    } else if (value.scope == Scope::group) {
      value.p_value = of_average(evaluation.groups[g++].group.classes);
    } else if (value.scope == Scope::macro) {
      value.p_value = of_average(all);
    } else {
      value.p_value = MetricValue::undefined(Undefined::not_estimable);
    }
  }
  adjust_for_classes(values);
}

}  // namespace detail

/// Replaces the p-values of one metric by those of exchanging the models, row by row or cluster by
/// cluster (see `permute_ranks` for metrics of ranking, `permute_probabilities` for metrics of
/// probabilities). Averages are tested as averages, over the classes that have a difference.
/// @param kind  what the scores are: metrics of probabilities need probabilities
/// @throws InvalidArgument for a metric that is neither of ranking nor of probabilities.
template <class Score>
void test_by_permutation(std::vector<ComparedValue>& values, const Evaluation& evaluation,
                         const PairedScores<Score>& scores, const MetricKey& key, ScoreKind kind,
                         const PermutationOptions& options = {}, const Cpu& policy = {}) {
  const PermutationTest test = std::visit(
      [&](const auto& function) -> PermutationTest {
        using Kind = std::remove_cvref_t<decltype(function)>;
        if constexpr (std::is_same_v<Kind, FromThresholdCounts> ||
                      std::is_same_v<Kind, PointFromThresholdCounts>) {
          const auto statistic = [&](const ThresholdCounts<>& counts) -> MetricValue {
            if constexpr (std::is_same_v<Kind, FromThresholdCounts>) {
              return function(counts, key.parameter);
            } else {
              return function(counts, key.parameter).value;
            }
          };
          return permute_ranks(scores.first, scores.second, scores.labels, statistic,
                               scores.clusters, options, policy);
        } else if constexpr (std::is_same_v<Kind, FromProbabilities>) {
          const auto statistic = [&](ColumnView<const double> given,
                                     LabelColumnView labels) -> MetricValue {
            if (kind == ScoreKind::probabilities) {
              return function({given, {}, labels, {}}, key.parameter);
            }
            std::vector<double> probabilities(given.size());
            for (std::size_t i = 0; i < given.size(); ++i) probabilities[i] = sigmoid(given[i]);
            return function({ColumnView<const double>(probabilities), given, labels, {}},
                            key.parameter);
          };
          return permute_probabilities(scores.first, scores.second, scores.labels, statistic,
                                       scores.clusters, options, policy);
        } else {
          throw InvalidArgument("'" + key.name +
                                "' cannot be tested by permutation: only metrics of ranking and of "
                                "probabilities can; use the bootstrap");
        }
      },
      key.metric->function);
  detail::set_p_values(
      values, evaluation, key.name, [&](std::size_t c) { return test.p_value[c]; },
      [&](std::span<const std::size_t> classes) {
        return average_difference(test, classes).p_value;
      });
}

/// Replaces the p-values and intervals of AUROCs by DeLong's (see `delong_test`), class by class.
/// Averages have no such test: their p-value does not exist (`not_estimable`), their interval
/// stays.
template <class Score>
void test_by_delong(std::vector<ComparedValue>& values, const Evaluation& evaluation,
                    const PairedScores<Score>& scores, double level = 0.95) {
  std::vector<AurocComparison> classes;
  for (std::size_t c = 0; c < scores.labels.n_classes(); ++c) {
    classes.push_back(delong_test(scores.first.column(c), scores.second.column(c),
                                  scores.labels.column(c), scores.clusters, {level}));
  }
  std::size_t next = 0;
  for (ComparedValue& value : values) {
    if (value.scope != Scope::class_ || value.metric != "auroc") continue;
    value.interval.interval = classes[next++].interval;
    value.interval.method = IntervalMethod::delong;
  }
  detail::set_p_values(
      values, evaluation, "auroc", [&](std::size_t c) { return classes[c].p_value; },
      [](std::span<const std::size_t>) {
        return MetricValue::undefined(Undefined::not_estimable);
      });
}

}  // namespace cxrlt
