// SPDX-License-Identifier: Apache-2.0
/// Weights of models that are best by some measure of their combination.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/metric.hpp"

namespace cxrlt {

/// Weights of models, and the measure of their combination. The value is optimistic: the weights
/// are chosen on the rows that it is measured on.
struct ModelWeights {
  std::vector<double> weights;  ///< one a model, at least 0; only their proportions count
  MetricValue value;            ///< undefined where it is so for all weights: these are then equal
};

/// How far `greedy_weights` goes.
struct GreedySearchOptions {
  int n_rounds = 25;  ///< additions at most
};

/// How far `simplex_weights` goes: steps are halved from the first to the last.
struct SimplexSearchOptions {
  double first_step = 0.5;
  double last_step = 1.0 / 64;
};

namespace detail {

/// The best of what was tried so far. Values that rounding alone keeps apart are equal, and of
/// equal ones the first stays.
class BestWeights {
 public:
  explicit BestWeights(Direction direction) : direction_(direction) {}

  /// Takes weights that are better; says whether they are.
  bool offer(std::span<const double> weights, const MetricValue& value) {
    constexpr double rounding = 1e-12;
    if (!value.defined()) return false;
    const double here = badness(value.value, direction_);
    if (best_ && here >= least_ - rounding * std::max(1.0, std::abs(least_))) return false;
    least_ = here;
    best_ = ModelWeights{{weights.begin(), weights.end()}, value};
    return true;
  }

  const std::optional<ModelWeights>& best() const { return best_; }

  /// The best, or equal weights where nothing had a value.
  ModelWeights best_or_equal(std::size_t n_models, Undefined why) const {
    if (best_) return *best_;
    return {std::vector<double>(n_models, 1.0), MetricValue::undefined(why)};
  }

 private:
  Direction direction_;
  double least_ = 0;
  std::optional<ModelWeights> best_;
};

inline void check_models(std::size_t n_models) {
  if (n_models == 0) throw InvalidArgument("weights: there is no model");
}

/// The weights of model m alone.
inline std::vector<double> single_model(std::size_t n_models, std::size_t m) {
  std::vector<double> weights(n_models, 0.0);
  weights[m] = 1;
  return weights;
}

/// Weights with sum 1, or nothing where none is above 0.
inline std::optional<std::vector<double>> normalised(std::vector<double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(sum > 0)) return std::nullopt;
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// Nearer to model m alone by a share of the way.
inline std::optional<std::vector<double>> toward(std::vector<double> weights, std::size_t m,
                                                 double step) {
  for (double& weight : weights) weight *= 1 - step;
  weights[m] += step;
  return normalised(std::move(weights));
}

/// With that much less of model m, if there is so much.
inline std::optional<std::vector<double>> away_from(std::vector<double> weights, std::size_t m,
                                                    double step) {
  if (weights[m] == 0) return std::nullopt;
  weights[m] = std::max(0.0, weights[m] - step);
  return normalised(std::move(weights));
}

}  // namespace detail

/// Greedy forward selection with replacement (Caruana et al. 2004): starting from nothing, adds
/// the model whose addition makes the best combination, one that is in already as well as another;
/// of all rounds the best is taken, of equal ones the first. Weights are whole numbers: how often a
/// model was added.
/// @param objective  weights (one a model) -> MetricValue of the combination. Called once for each
///                   set of proportions.
/// @param direction  of the metric: which value is the best
/// @throws InvalidArgument without a model or round, and for a metric for reference.
/// Deterministic. Cost: of the objective, at most n_rounds x n_models times.
template <class Objective>
ModelWeights greedy_weights(std::size_t n_models, const Objective& objective, Direction direction,
                            const GreedySearchOptions& options = {}) {
  detail::check_models(n_models);
  if (options.n_rounds < 1) throw InvalidArgument("weights: a greedy search needs a round");
  std::map<std::vector<int>, MetricValue> known;
  const auto value_of = [&](std::vector<int> counts) {
    int divisor = 0;
    for (const int count : counts) divisor = std::gcd(divisor, count);
    for (int& count : counts) count /= divisor;
    const auto found = known.find(counts);
    if (found != known.end()) return found->second;
    const std::vector<double> weights(counts.begin(), counts.end());
    return known.emplace(std::move(counts), objective(std::span<const double>(weights)))
        .first->second;
  };
  std::vector<int> counts(n_models, 0);
  detail::BestWeights best(direction);
  Undefined why = Undefined::none;
  for (int round = 0; round < options.n_rounds; ++round) {
    detail::BestWeights of_round(direction);
    std::size_t added = n_models;
    for (std::size_t m = 0; m < n_models; ++m) {
      std::vector<int> candidate = counts;
      ++candidate[m];
      const MetricValue value = value_of(candidate);
      if (!value.defined()) why = value.why;
      const std::vector<double> weights(candidate.begin(), candidate.end());
      if (of_round.offer(weights, value)) added = m;
    }
    if (added == n_models) break;
    ++counts[added];
    best.offer(of_round.best()->weights, of_round.best()->value);
  }
  return best.best_or_equal(n_models, why);
}

/// Coordinate search on the simplex of weights: from equal weights, tries to move each model's
/// weight up and down by a step, takes what is better, and halves the step when nothing is. Weights
/// sum to 1. Finds a local optimum.
/// @param objective, direction, throws  as for `greedy_weights`
/// Deterministic. Cost: of the objective, some dozen times n_models.
template <class Objective>
ModelWeights simplex_weights(std::size_t n_models, const Objective& objective, Direction direction,
                             const SimplexSearchOptions& options = {}) {
  detail::check_models(n_models);
  if (!(options.first_step > 0 && options.first_step < 1 && options.last_step > 0)) {
    throw InvalidArgument("weights: steps of a simplex search lie between 0 and 1");
  }
  detail::BestWeights best(direction);
  const std::vector<double> equal(n_models, 1.0 / static_cast<double>(n_models));
  const MetricValue start = objective(std::span<const double>(equal));
  if (!best.offer(equal, start)) return best.best_or_equal(n_models, start.why);
  const auto try_weights = [&](const std::optional<std::vector<double>>& weights) {
    if (!weights || *weights == best.best()->weights) return false;
    return best.offer(*weights, objective(std::span<const double>(*weights)));
  };
  for (double step = options.first_step; step >= options.last_step;) {
    bool better = false;
    for (std::size_t m = 0; m < n_models; ++m) {
      better |= try_weights(detail::toward(best.best()->weights, m, step)) ||
                try_weights(detail::away_from(best.best()->weights, m, step));
    }
    if (!better) step /= 2;
  }
  return *best.best();
}

/// The best model alone; of equal ones the first. Objective, direction and throws as for
/// `greedy_weights`. Cost: of the objective, once for each model.
template <class Objective>
ModelWeights best_model(std::size_t n_models, const Objective& objective, Direction direction) {
  return greedy_weights(n_models, objective, direction, {1});
}

/// Each model by its own value, w_m = v_m / sum of all v. A model without a value has weight 0.
/// The value returned is that of the combination. Objective as for `greedy_weights`.
/// @throws InvalidArgument without a model; for a metric of which more is not better; for a value
/// below 0. Cost: of the objective, once for each model and once for the combination.
template <class Objective>
ModelWeights proportional_weights(std::size_t n_models, const Objective& objective,
                                  Direction direction) {
  detail::check_models(n_models);
  if (direction != Direction::higher) {
    throw InvalidArgument("weights: proportional ones need a metric of which more is better");
  }
  std::vector<double> weights;
  Undefined why = Undefined::none;
  for (std::size_t m = 0; m < n_models; ++m) {
    const std::vector<double> alone = detail::single_model(n_models, m);
    const MetricValue value = objective(std::span<const double>(alone));
    if (!value.defined()) why = value.why;
    if (value.defined() && value.value < 0) {
      throw InvalidArgument("weights: proportional ones need values of at least 0");
    }
    weights.push_back(value.defined() ? value.value : 0);
  }
  const auto shares = detail::normalised(std::move(weights));
  if (!shares) return {std::vector<double>(n_models, 1.0), MetricValue::undefined(why)};
  return {*shares, objective(std::span<const double>(*shares))};
}

}  // namespace cxrlt
