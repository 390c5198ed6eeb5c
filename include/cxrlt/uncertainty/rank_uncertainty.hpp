// SPDX-License-Identifier: Apache-2.0
/// How far a ranking of models depends on the test set: intervals of ranks, who might be first, and
/// who cannot be told from the first.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/metric.hpp"
#include "cxrlt/uncertainty/multiple_testing.hpp"
#include "cxrlt/uncertainty/p_value.hpp"
#include "cxrlt/uncertainty/ranks.hpp"

namespace cxrlt {

/// How a ranking's uncertainty is stated.
struct RankUncertaintyOptions {
  RankingOptions ranking = {};
  double level = 0.95;  ///< of rank intervals; differences are tested at 1 - level
};

/// A model against the one ranked first.
struct BehindFirst {
  /// By how much the first is better, in the metric's units: 0 or more.
  MetricValue behind;
  /// Two-sided, of no difference.
  MetricValue p_value;
  /// By Holm over all models behind the first.
  MetricValue p_adjusted;
  /// Whether no difference is shown: the adjusted p-value is above 1 - level.
  bool tied = false;
  std::size_t n_replicates = 0;  ///< in which both had a value
};

namespace detail {

inline void check_replicates(std::size_t n_models, std::span<const double> replicates,
                             double level) {
  check_whole(replicates.size(), n_models, "models");
  if (!(level > 0 && level < 1)) {
    throw InvalidArgument("ranks: the level is " + number_text(level) +
                          "; expected a number between 0 and 1");
  }
}

inline void adjust_by_holm(std::vector<BehindFirst>& models) {
  std::vector<MetricValue> p_values;
  for (const BehindFirst& model : models) p_values.push_back(model.p_value);
  const std::vector<MetricValue> adjusted = holm(p_values);
  for (std::size_t m = 0; m < models.size(); ++m) models[m].p_adjusted = adjusted[m];
}

/// Replicates of the difference of two models, against the one observed.
inline void test_difference(std::span<const double> first, std::span<const double> other,
                            Direction direction, BehindFirst& model) {
  std::vector<double> differences;
  for (std::size_t b = 0; b < first.size(); ++b) {
    const double replicate = goodness(first[b], direction) - goodness(other[b], direction);
    if (!is_nan(replicate)) differences.push_back(replicate);
  }
  model.n_replicates = differences.size();
  if (!differences.empty()) {
    model.p_value = MetricValue{shifted_p_value(model.behind.value, differences)};
  }
}

}  // namespace detail

/// Intervals of ranks: the level's central quantiles of each model's rank over the replicates, each
/// ranked like the estimates, and widened to hold the rank of the estimate. At most (1 - level) / 2
/// of the replicates rank a model below the interval, and as many above.
/// Source: Wiesenfarth et al. 2021 (challengeR), Hall and Miller 2009. The latter show that the
/// bootstrap of ranks is not consistent where true values are equal or nearly so: among models that
/// are alike, the intervals are too narrow; Mogstad et al. 2024 give sets that are not. Read them
/// as "how the ranks move with the test set".
/// @param estimates   one value a model; NaN for none
/// @param replicates  of model m in replicate b at `[m * n_replicates + b]`: values on the same
///                    resampled rows for all models, as one `Resampler` gives them
/// Ties, undefined values (last, in each replicate): as `rank_values`.
/// @throws InvalidArgument for other sizes, a level outside (0, 1), or `Direction::reference`.
/// Cost: O(replicates x models x (log models + log replicates)).
inline std::vector<Interval> rank_intervals(std::span<const double> estimates,
                                            std::span<const double> replicates,
                                            const RankUncertaintyOptions& options = {}) {
  const std::size_t n_models = estimates.size();
  detail::check_replicates(n_models, replicates, options.level);
  const std::size_t n_replicates = replicates.size() / n_models;
  std::vector<double> ranks(replicates.size());
  std::vector<double> values(n_models);
  std::vector<double> of_replicate(n_models);
  detail::Ranker ranker;
  for (std::size_t b = 0; b < n_replicates; ++b) {
    for (std::size_t m = 0; m < n_models; ++m) values[m] = replicates[m * n_replicates + b];
    ranker.rank(values, options.ranking, of_replicate);
    for (std::size_t m = 0; m < n_models; ++m) ranks[m * n_replicates + b] = of_replicate[m];
  }
  const std::vector<double> of_estimate = rank_values(estimates, options.ranking);
  // As many may lie outside at each end; a product that rounding left below a whole number is that.
  const auto n_outside = static_cast<std::size_t>((1 - options.level) / 2 *
                                                  static_cast<double>(n_replicates) * (1 + 1e-12));
  std::vector<Interval> intervals;
  for (std::size_t m = 0; m < n_models; ++m) {
    const auto begin = ranks.begin() + static_cast<std::ptrdiff_t>(m * n_replicates);
    std::sort(begin, begin + static_cast<std::ptrdiff_t>(n_replicates));
    const double lowest = begin[static_cast<std::ptrdiff_t>(n_outside)];
    const double highest = begin[static_cast<std::ptrdiff_t>(n_replicates - 1 - n_outside)];
    intervals.push_back(
        {std::min(lowest, of_estimate[m]), std::max(highest, of_estimate[m]), options.level});
  }
  return intervals;
}

/// The share of replicates in which each model is first; models that share the first place share
/// the replicate. The shares sum to 1. It is how often a model comes out first on resampled test
/// sets, not the probability that it is the best.
/// @param replicates  as for `rank_intervals`
/// Undefined: replicates in which no model has a value are left out; where there are no others, all
/// shares are 0.
/// @throws InvalidArgument for other sizes or `Direction::reference`. Cost: O(replicates x models).
inline std::vector<double> probability_first(std::size_t n_models,
                                             std::span<const double> replicates,
                                             Direction direction = Direction::higher) {
  detail::check_whole(replicates.size(), n_models, "models");
  const std::size_t n_replicates = replicates.size() / n_models;
  std::vector<double> shares(n_models, 0.0);
  std::vector<double> values(n_models);
  std::vector<double> ranks(n_models);
  detail::Ranker ranker;
  std::size_t n_counted = 0;
  for (std::size_t b = 0; b < n_replicates; ++b) {
    bool any = false;
    for (std::size_t m = 0; m < n_models; ++m) {
      values[m] = replicates[m * n_replicates + b];
      any = any || !is_nan(values[m]);
    }
    if (!any) continue;
    ++n_counted;
    ranker.rank(values, {direction, TieRule::minimum}, ranks);
    const auto n_first = static_cast<double>(std::count(ranks.begin(), ranks.end(), 1.0));
    for (std::size_t m = 0; m < n_models; ++m) {
      if (ranks[m] == 1) shares[m] += 1 / n_first;
    }
  }
  for (double& share : shares) share /= static_cast<double>(std::max<std::size_t>(1, n_counted));
  return shares;
}

/// Who cannot be told from the first: each model's difference d to the model ranked first (of
/// several, the one that stands first), with the two-sided `shifted_p_value` of its
/// replicates, and with Holm's adjustment over all models but the first. A model is tied with the
/// first where its adjusted p-value is above 1 - level: "not shown to be worse", which is not
/// "shown to be as good". The first was chosen by the same data and owes its place partly to luck,
/// which makes the others look a little further behind than they are. With B replicates no p-value
/// is below 1 / (B + 1), so that among more than (1 - level) (B + 1) others none can be told from
/// the first.
/// @param estimates, replicates  as for `rank_intervals`
/// Direction: differences of values; for `closest_to_one`, of distances from 1. Ties: a model whose
/// value equals the first's is 0 behind, with p = 1. The first is tied with itself and has no
/// p-value. Undefined: `not_estimable`, and not tied, for a model without a value, infinitely far
/// behind, or without a replicate in which both have a value; other replicates are left out.
/// @throws InvalidArgument for other sizes, a level outside (0, 1), or `Direction::reference`.
/// Cost: O(replicates x models).
inline std::vector<BehindFirst> compare_with_first(std::span<const double> estimates,
                                                   std::span<const double> replicates,
                                                   const RankUncertaintyOptions& options = {}) {
  const std::size_t n_models = estimates.size();
  detail::check_replicates(n_models, replicates, options.level);
  const std::size_t n_replicates = replicates.size() / n_models;
  const Direction direction = options.ranking.direction;
  const std::vector<double> ranks = rank_values(estimates, {direction, TieRule::minimum});
  const auto first =
      static_cast<std::size_t>(std::find(ranks.begin(), ranks.end(), 1.0) - ranks.begin());
  const auto of = [&](std::size_t m) { return replicates.subspan(m * n_replicates, n_replicates); };
  const MetricValue none = MetricValue::undefined(Undefined::not_estimable);
  std::vector<BehindFirst> models(n_models, {none, none, none});
  for (std::size_t m = 0; m < n_models; ++m) {
    if (is_nan(estimates[m])) continue;
    if (ranks[m] == 1) {
      models[m].behind = MetricValue{0};
    } else {
      const double behind =
          detail::goodness(estimates[first], direction) - detail::goodness(estimates[m], direction);
      if (!is_finite(behind)) continue;
      models[m].behind = MetricValue{behind};
    }
    if (m != first) detail::test_difference(of(first), of(m), direction, models[m]);
  }
  detail::adjust_by_holm(models);
  for (std::size_t m = 0; m < n_models; ++m) {
    const MetricValue& p = models[m].p_adjusted;
    // Rounding must not tell apart what 1 - level itself would not.
    models[m].tied = p.defined() && p.value > 1 - options.level + 1e-12;
  }
  if (!is_nan(estimates[first])) models[first].tied = true;
  return models;
}

}  // namespace cxrlt
