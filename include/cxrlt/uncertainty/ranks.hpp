// SPDX-License-Identifier: Apache-2.0
/// Ranks of models by a metric or by several, with a stated rule for ties and undefined values.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/metrics/metric.hpp"

namespace cxrlt {

/// Which ranks equal values get.
enum class TieRule : std::uint8_t {
  minimum,  ///< 1, 2, 2, 4: the better rank for all, and the next are skipped (competition ranking)
  dense,    ///< 1, 2, 2, 3: the better rank for all, and none is skipped
  average,  ///< 1, 2.5, 2.5, 4: the mean of the ranks that they take up together
};

/// How values are ranked.
struct RankingOptions {
  Direction direction = Direction::higher;
  TieRule ties = TieRule::minimum;
};

/// What the mean over several metrics is taken of.
enum class Combination : std::uint8_t {
  ranks,   ///< each metric's ranks: units do not matter, but who else takes part does
  values,  ///< the values themselves: metrics that vary more count more
};

/// The stable name of a way to combine: `rank` or `value`.
constexpr std::string_view to_string(Combination combination) {
  return combination == Combination::ranks ? "rank" : "value";
}

/// Which way is better for combined scores: mean ranks are better when low, mean values when high.
constexpr Direction direction_of(Combination combination) {
  return combination == Combination::ranks ? Direction::lower : Direction::higher;
}

/// One of several metrics that are combined.
struct WeightedMetric {
  Direction direction = Direction::higher;
  double weight = 1;  ///< relative to the others'; 0 leaves the metric out
};

namespace detail {

/// The value, turned so that more is better; NaN stays NaN.
inline double goodness(double value, Direction direction) {
  switch (direction) {
    case Direction::higher:
      return value;
    case Direction::lower:
      return -value;
    case Direction::closest_to_one:
      return -std::abs(value - 1);
    case Direction::reference:
      break;
  }
  throw InvalidArgument("ranks: a metric for reference has no better and worse");
}

/// The same, with NaN, which has no value to compare, below everything.
inline double sortable_goodness(double value, Direction direction) {
  return is_nan(value) ? -std::numeric_limits<double>::infinity() : goodness(value, direction);
}

/// Whether rounding alone may keep two numbers apart; infinite ones equal themselves.
inline bool equal_but_for_rounding(double a, double b) {
  if (a == b) return true;
  if (!is_finite(a) || !is_finite(b)) return false;
  return std::abs(a - b) <= 1e-12 * std::max({1.0, std::abs(a), std::abs(b)});
}

/// Ranks values again and again without new memory.
class Ranker {
 public:
  /// Writes the rank of each value to `ranks`, which has as many places.
  void rank(std::span<const double> values, const RankingOptions& options,
            std::span<double> ranks) {
    order_.clear();
    for (std::size_t m = 0; m < values.size(); ++m) {
      order_.push_back({is_nan(values[m]), sortable_goodness(values[m], options.direction), m});
    }
    std::sort(order_.begin(), order_.end(), [](const Place& a, const Place& b) {
      if (a.undefined != b.undefined) return b.undefined;
      return a.goodness != b.goodness ? a.goodness > b.goodness : a.model < b.model;
    });
    std::size_t n_groups = 0;
    for (std::size_t begin = 0; begin < order_.size(); ++n_groups) {
      std::size_t end = begin + 1;
      while (end < order_.size() && is_tied(order_[begin], order_[end])) ++end;
      const double rank = rank_of_group(begin, end, n_groups, options.ties);
      for (; begin < end; ++begin) ranks[order_[begin].model] = rank;
    }
  }

 private:
  struct Place {
    bool undefined;
    double goodness;
    std::size_t model;
  };

  static bool is_tied(const Place& a, const Place& b) {
    return a.undefined == b.undefined &&
           (a.undefined || equal_but_for_rounding(a.goodness, b.goodness));
  }

  static double rank_of_group(std::size_t begin, std::size_t end, std::size_t n_before,
                              TieRule ties) {
    if (ties == TieRule::dense) return static_cast<double>(n_before + 1);
    if (ties == TieRule::average) return static_cast<double>(begin + end + 1) / 2;
    return static_cast<double>(begin + 1);
  }

  std::vector<Place> order_;
};

/// The sum of the weights. @throws InvalidArgument unless it is positive, and no weight negative.
inline double checked_weights(std::span<const WeightedMetric> metrics) {
  double sum = 0;
  for (const WeightedMetric& metric : metrics) {
    if (!is_finite(metric.weight) || metric.weight < 0) {
      throw InvalidArgument("ranks: a weight is negative or not finite");
    }
    sum += metric.weight;
  }
  if (!(sum > 0)) throw InvalidArgument("ranks: the weights are all 0");
  return sum;
}

inline void check_whole(std::size_t size, std::size_t part, const char* what) {
  if (part == 0 || size == 0 || size % part != 0) {
    throw InvalidArgument("ranks: " + std::to_string(size) + " values are no whole number of " +
                          std::to_string(part) + " " + what);
  }
}

}  // namespace detail

/// Ranks values: the best is 1. By default it is the ranking of competitions, "1, 2, 2, 4".
/// @param values  one a model; NaN for one that does not exist
/// Direction: `closest_to_one` ranks by |value - 1|. Ties: equal values, and those that differ by
/// 1e-12 (of 1, or of the larger one) from the best of their group, share a rank by `options.ties`;
/// -0 equals 0. Undefined values come last, behind every other, and tie with each other.
/// The order of the models does not matter.
/// @throws InvalidArgument for `Direction::reference`. Cost: O(n log n).
inline std::vector<double> rank_values(std::span<const double> values,
                                       const RankingOptions& options = {}) {
  std::vector<double> ranks(values.size());
  detail::Ranker().rank(values, options, ranks);
  return ranks;
}

/// One score a model from several metrics: the weighted mean, sum of w_k x_k over sum of w_k, where
/// x_k is the model's rank in metric k (`ranks`; lower is better), or its value (`values`; higher
/// is better; that of a metric for which lower is better enters as -value, and that of one for
/// which 1 is best as -|value - 1|).
/// @param values   value of model m in metric k at `values[k * n_models + m]`; NaN for none
/// @param metrics  direction and weight of each
/// @param ties     the rule for `ranks`
/// A mean rank depends on who else takes part: a model added or removed can turn the order of two
/// others. Undefined: in a mean of values, where one of the values with a weight is; a mean of
/// ranks exists, undefined values ranking last, unless all of a model's values are undefined.
/// @throws InvalidArgument for other sizes, a weight that is negative or not finite, weights that
/// are all 0, or `Direction::reference` with a weight. Cost: O(metrics x models log models).
inline std::vector<double> combine_metrics(std::span<const double> values,
                                           std::span<const WeightedMetric> metrics,
                                           Combination combination,
                                           TieRule ties = TieRule::minimum) {
  const double sum_of_weights = detail::checked_weights(metrics);
  detail::check_whole(values.size(), metrics.size(), "metrics");
  const std::size_t n_models = values.size() / metrics.size();
  std::vector<double> scores(n_models, 0.0);
  std::vector<double> ranks(n_models);
  std::vector<bool> exists(n_models, combination == Combination::values);
  detail::Ranker ranker;
  for (std::size_t k = 0; k < metrics.size(); ++k) {
    if (metrics[k].weight == 0) continue;
    const std::span<const double> of_metric = values.subspan(k * n_models, n_models);
    if (combination == Combination::ranks) {
      ranker.rank(of_metric, {metrics[k].direction, ties}, ranks);
    }
    for (std::size_t m = 0; m < n_models; ++m) {
      const bool defined = !is_nan(of_metric[m]);
      if (combination == Combination::ranks) {
        scores[m] += metrics[k].weight * ranks[m];
        if (defined) exists[m] = true;
      } else {
        scores[m] += metrics[k].weight * detail::goodness(of_metric[m], metrics[k].direction);
        if (!defined) exists[m] = false;
      }
    }
  }
  for (std::size_t m = 0; m < n_models; ++m) {
    scores[m] = exists[m] ? scores[m] / sum_of_weights : std::numeric_limits<double>::quiet_NaN();
  }
  return scores;
}

/// `combine_metrics` of every replicate: score of model m in replicate b at `[m * n_replicates +
/// b]`. A replicate's ranks are those among the models in this replicate.
/// @param replicates  metric k, model m, replicate b at `[(k * n_models + m) * n_replicates + b]`
/// Undefined, throws: as `combine_metrics`. Cost: that of one, a replicate.
inline std::vector<double> combine_replicates(std::span<const double> replicates,
                                              std::size_t n_models,
                                              std::span<const WeightedMetric> metrics,
                                              Combination combination,
                                              TieRule ties = TieRule::minimum) {
  detail::check_whole(replicates.size(), n_models * metrics.size(), "values");
  const std::size_t n_rows = n_models * metrics.size();
  const std::size_t n_replicates = replicates.size() / n_rows;
  std::vector<double> scores(n_models * n_replicates);
  std::vector<double> values(n_rows);
  for (std::size_t b = 0; b < n_replicates; ++b) {
    for (std::size_t row = 0; row < n_rows; ++row) values[row] = replicates[row * n_replicates + b];
    const std::vector<double> combined = combine_metrics(values, metrics, combination, ties);
    for (std::size_t m = 0; m < n_models; ++m) scores[m * n_replicates + b] = combined[m];
  }
  return scores;
}

}  // namespace cxrlt
