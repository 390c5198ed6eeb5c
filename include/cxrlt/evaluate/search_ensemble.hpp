// SPDX-License-Identifier: Apache-2.0
/// Weights of an ensemble that are best by a named metric, and what they are worth on other rows.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/ensemble/combine_rule.hpp"
#include "cxrlt/ensemble/weight_search.hpp"
#include "cxrlt/evaluate.hpp"
#include "cxrlt/evaluate/detail/ensemble_objective.hpp"
#include "cxrlt/evaluate/options.hpp"
#include "cxrlt/metrics/metric_name.hpp"

namespace cxrlt {

/// How weights are found.
enum class WeightStrategy : std::uint8_t {
  greedy,        ///< `greedy_weights`
  simplex,       ///< `simplex_weights`
  best,          ///< `best_model`
  proportional,  ///< `proportional_weights`
};

/// All strategies with their stable names.
inline constexpr std::array<std::pair<WeightStrategy, std::string_view>, 4> weight_strategies{{
    {WeightStrategy::greedy, "greedy"},
    {WeightStrategy::simplex, "simplex"},
    {WeightStrategy::best, "best"},
    {WeightStrategy::proportional, "proportional"},
}};

/// How an ensemble is searched.
struct EnsembleSearchOptions {
  CombineRule rule = {};
  WeightStrategy strategy = WeightStrategy::greedy;
  /// Weights of their own for every class, each by the class's own value of the metric.
  bool per_class = false;
  GreedySearchOptions greedy = {};
  SimplexSearchOptions simplex = {};
  FoldOptions folds = {};
  /// The patient of each row, who stays in one fold; none: every row is its own.
  std::span<const std::size_t> clusters = {};
};

/// The weights found, and three values of the metric that belong side by side.
struct EnsembleSearch {
  /// Of each model, one or one a class: as `combine` takes them.
  std::vector<std::vector<double>> weights;
  std::vector<MetricValue> singles;  ///< of each model alone
  MetricValue equal;                 ///< of equal weights, which nobody chose
  MetricValue apparent;              ///< of the weights on the rows that they were chosen on
  /// What the same search is worth on rows that it has not seen: `apparent` less its optimism, the
  /// mean, over folds, of what `weights` lose within the fold when it is searched without it.
  MetricValue nested;
  /// The mean, over folds, of the difference that weights searched without the fold make to equal
  /// weights within it.
  MetricValue gain;
  MetricValue gain_error;   ///< its standard error over folds; needs two of them
  std::size_t n_folds = 0;  ///< folds in which the metric has a value
  /// The gain is no improvement of more than its standard error: take equal weights. Nothing where
  /// fewer than two folds say anything.
  std::optional<bool> equal_does_as_well = {};
};

/// How a search tells how far it is: `done` of `total` parts, from any thread, one at a time.
using EnsembleSearchProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Refuses what cannot be searched: methods without weights, metrics without a best value, classes
/// of their own for a metric that is no average over classes.
/// @throws InvalidArgument with the reason.
inline void check_can_search_ensemble(const MetricName& name,
                                      const EnsembleSearchOptions& options) {
  check_combine_rule(options.rule);
  if (!takes_weights(options.rule.method)) {
    throw InvalidArgument("the method '" + to_string(options.rule) + "' has no weights to search");
  }
  const Direction direction = name.key.metric->direction;
  if (direction == Direction::reference) {
    throw InvalidArgument("'" + name.text + "' is for reference and has no best value to search");
  }
  if (direction == Direction::closest_to_one) {
    throw InvalidArgument(
        "'" + name.text +
        "' is best at 1 from either side, so that losses on some folds could "
        "cancel gains on others; search a metric with a direction, such as 'map'");
  }
  if (options.strategy == WeightStrategy::proportional && direction != Direction::higher) {
    throw InvalidArgument("weights proportional to '" + name.text +
                          "' would favour the worse models; search a metric of which more is "
                          "better, such as 'map'");
  }
  const bool of_classes = name.scope == Scope::macro || name.scope == Scope::weighted ||
                          name.scope == Scope::group || name.scope == Scope::class_;
  if (options.per_class && !of_classes) {
    throw InvalidArgument("'" + name.text +
                          "' is no average over classes, so no class has weights of its own; "
                          "search a metric such as 'map'");
  }
}

namespace detail {

/// Searches by the strategy.
template <class Objective>
ModelWeights search_weights(std::size_t n_models, const Objective& objective, Direction direction,
                            const EnsembleSearchOptions& options) {
  switch (options.strategy) {
    case WeightStrategy::greedy:
      return greedy_weights(n_models, objective, direction, options.greedy);
    case WeightStrategy::simplex:
      return simplex_weights(n_models, objective, direction, options.simplex);
    case WeightStrategy::best:
      return best_model(n_models, objective, direction);
    case WeightStrategy::proportional:
      return proportional_weights(n_models, objective, direction);
  }
  throw InvalidArgument("weights: no such strategy");
}

/// Weights for the rows whose labels are there: one vector a model.
inline std::vector<std::vector<double>> searched_weights(const EnsembleObjective& ensemble,
                                                         LabelMatrixView labels,
                                                         const EnsembleSearchOptions& options,
                                                         const Cpu& policy) {
  const std::size_t n_models = ensemble.n_models();
  const Direction direction = ensemble.direction();
  if (!options.per_class) {
    const auto objective = [&](std::span<const double> weights) {
      return ensemble.value(of_all_classes(weights), labels, policy);
    };
    return of_all_classes(search_weights(n_models, objective, direction, options).weights);
  }
  std::vector<std::vector<double>> weights(n_models, std::vector<double>(ensemble.n_classes()));
  parallel_for(ensemble.n_classes(), policy, [&](std::size_t k) {
    const auto objective = [&](std::span<const double> of_models) {
      return ensemble.class_value(k, of_models, labels);
    };
    const ModelWeights found = search_weights(n_models, objective, direction, options);
    for (std::size_t m = 0; m < n_models; ++m) weights[m][k] = found.weights[m];
  });
  return weights;
}

/// The metric within one fold.
struct FoldValues {
  double unseen = 0;  ///< of weights searched without the fold
  double seen = 0;    ///< of those searched on all rows
  double equal = 0;   ///< of equal weights
};

/// Fills in the nested value, `gain`, and what follows from it.
inline void set_nested(std::span<const FoldValues> folds, Direction direction,
                       EnsembleSearch& search) {
  search.n_folds = folds.size();
  search.gain = MetricValue::undefined(Undefined::not_estimable);
  search.nested = search.gain;
  search.gain_error = search.gain;
  if (folds.empty() || !search.apparent.defined()) return;
  const auto n = static_cast<double>(folds.size());
  double lost = 0;
  double gained = 0;
  double improved = 0;
  for (const FoldValues& fold : folds) {
    lost += fold.seen - fold.unseen;
    gained += fold.unseen - fold.equal;
    improved += badness(fold.equal, direction) - badness(fold.unseen, direction);
  }
  double squares = 0;
  for (const FoldValues& fold : folds) {
    squares += std::pow(fold.unseen - fold.equal - gained / n, 2);
  }
  search.nested = {search.apparent.value - lost / n};
  search.gain = {gained / n};
  if (folds.size() < 2) return;
  search.gain_error = {std::sqrt(squares / (n - 1) / n)};
  search.equal_does_as_well = !(improved / n > search.gain_error.value);
}

template <class Score>
EnsembleSearch search_ensemble(std::span<const MatrixView<const Score>> models,
                               LabelMatrixView labels, const MetricName& name,
                               const EvaluationOptions& evaluation,
                               const EnsembleSearchOptions& options, const Cpu& policy,
                               const EnsembleSearchProgress& progress) {
  check_can_search_ensemble(name, options);
  check_models(models.size());
  const EnsembleObjective ensemble(models, name, evaluation, options.rule, policy);
  check_same_size(ensemble.n_samples(), labels.n_samples(), "samples");
  check_same_size(ensemble.n_classes(), labels.n_classes(), "classes");
  const std::vector<int> folds = stratified_folds(labels, options.clusters, options.folds);
  const auto n_parts = static_cast<std::size_t>(options.folds.n_folds) + 1;
  const auto done = [&](std::size_t n) {
    if (progress) progress(n, n_parts);
  };
  const std::vector<std::vector<double>> equal(models.size(), {1.0});

  EnsembleSearch search;
  search.weights = searched_weights(ensemble, labels, options, policy);
  search.apparent = ensemble.value(search.weights, labels, policy);
  search.equal = ensemble.value(equal, labels, policy);
  for (std::size_t m = 0; m < models.size(); ++m) {
    search.singles.push_back(
        ensemble.value(of_all_classes(single_model(models.size(), m)), labels, policy));
  }
  done(1);
  std::vector<FoldValues> values;
  for (int fold = 0; fold < options.folds.n_folds; ++fold) {
    const auto rows_of = [&](bool inside) {
      return labels_where(labels,
                          [&](std::size_t i, std::size_t) { return (folds[i] == fold) == inside; });
    };
    const ClassMatrix<Label> others = rows_of(false);
    const ClassMatrix<Label> here = rows_of(true);
    const auto value_here = [&](std::span<const std::vector<double>> weights) {
      return ensemble.value(weights, here.view(), policy);
    };
    const MetricValue unseen =
        value_here(searched_weights(ensemble, others.view(), options, policy));
    const MetricValue seen = value_here(search.weights);
    const MetricValue plain = value_here(equal);
    if (unseen.defined() && seen.defined() && plain.defined()) {
      values.push_back({unseen.value, seen.value, plain.value});
    }
    done(static_cast<std::size_t>(fold) + 2);
  }
  set_nested(values, name.key.metric->direction, search);
  return search;
}

}  // namespace detail

/// Searches weights of models by a metric of their combination, and says what the search is worth.
///
/// The apparent value is chosen on the rows that it is measured on; with few positives of a class
/// it says little. The nested value repeats the whole search without each fold: what the weights
/// lose within the fold when they are searched without it is their optimism, which is taken off.
/// Within a fold one set of weights ranks all rows; to pool the folds' predictions into one ranking
/// would compare scores of different ensembles.
///
/// Equal weights do as well unless the gain over them, within folds that the search has not seen,
/// exceeds its standard error over folds (Breiman's rule of one standard error, 1984).
///
/// Of a search per class, a class in which the metric has no value gets equal weights.
/// @param models      of each: n_samples x n_classes scores, what `evaluation.scores` says
/// @param labels      of the same shape, in {0, 1, missing}; not the rows that the ensemble will be
///                    judged by
/// @param name        e.g. `map`, `micro:auroc`, `group/tail:map`
/// @param evaluation  thresholds, groups, class names, weights of rows; its metrics are not used
/// @throws InvalidArgument as `check_can_search_ensemble`, `Combiner::add`, `stratified_folds` and
/// `evaluate`. Equal for every number of threads.
/// Cost: n_folds + 1 searches, each evaluation a combination and a metric of all cells; memory
/// 8 bytes a cell and model, and three matrices more.
inline EnsembleSearch search_ensemble(std::span<const MatrixView<const double>> models,
                                      LabelMatrixView labels, const MetricName& name,
                                      const EvaluationOptions& evaluation = {},
                                      const EnsembleSearchOptions& options = {},
                                      const Cpu& policy = {},
                                      const EnsembleSearchProgress& progress = {}) {
  return detail::search_ensemble(models, labels, name, evaluation, options, policy, progress);
}
/// @copydoc search_ensemble(std::span<const MatrixView<const double>>, LabelMatrixView, const
/// MetricName&, const EvaluationOptions&, const EnsembleSearchOptions&, const Cpu&, const
/// EnsembleSearchProgress&)
inline EnsembleSearch search_ensemble(std::span<const MatrixView<const float>> models,
                                      LabelMatrixView labels, const MetricName& name,
                                      const EvaluationOptions& evaluation = {},
                                      const EnsembleSearchOptions& options = {},
                                      const Cpu& policy = {},
                                      const EnsembleSearchProgress& progress = {}) {
  return detail::search_ensemble(models, labels, name, evaluation, options, policy, progress);
}

}  // namespace cxrlt
