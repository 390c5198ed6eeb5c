// SPDX-License-Identifier: Apache-2.0
/// A leaderboard: submissions with their values become an order with ranks, and says how firm it
/// is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/evaluate/replicates.hpp"
#include "cxrlt/evaluate/requested_value.hpp"
#include "cxrlt/metrics/metric.hpp"
#include "cxrlt/uncertainty/rank_uncertainty.hpp"
#include "cxrlt/uncertainty/ranks.hpp"

namespace cxrlt {

/// A metric of a leaderboard.
struct LeaderboardMetric {
  std::string name;  ///< as it was asked for
  Direction direction = Direction::higher;
  double weight = 0;  ///< in the score that ranks; 0: shown only
};

/// What a leaderboard ranks by.
struct LeaderboardOptions {
  std::vector<LeaderboardMetric> metrics;
  /// How the metrics with a weight are combined; none: one of them has a weight, and ranks.
  std::optional<Combination> combination = {};
  double level = 0.95;
  /// Only the best entry of each team takes part.
  bool best_of_team = false;
};

/// A submission with what it attained.
struct LeaderboardEntry {
  std::string name;
  std::string team = {};
  std::vector<RequestedValue> values = {};  ///< one a metric
  /// One vector a metric, as long for each entry; empty for metrics without a weight. Replicates
  /// of all entries must be of the same resampled rows. None at all: nothing is said of
  /// uncertainty.
  std::vector<std::vector<double>> replicates = {};
};

/// Where an entry stands.
struct LeaderboardPlace {
  std::size_t entry = 0;  ///< its position in the entries
  std::size_t rank = 1;   ///< equal scores share the better rank, and the next are skipped
  MetricValue score;      ///< what ranks: the metric's value, or that of the combination
  /// The rank by each metric alone; 0 for metrics without better and worse.
  std::vector<std::size_t> metric_ranks = {};
  std::size_t n_entries = 1;  ///< of the team
  std::optional<Interval> rank_interval = {};
  std::optional<double> share_first = {};
  std::optional<BehindFirst> against_first = {};
};

/// The entries in order of their ranks; entries of one rank in the order given.
struct Leaderboard {
  std::vector<LeaderboardPlace> places;
  std::vector<std::size_t> superseded;  ///< entries behind a better one of the same team
  std::size_t n_replicates = 0;
  /// Whether there are too few replicates for any difference to be shown after adjustment.
  bool too_few_replicates = false;
};

namespace detail {

/// The scores that rank some entries, and their replicates.
struct LeaderboardScores {
  std::vector<double> estimates;
  std::vector<double> replicates;
  Direction direction = Direction::higher;
};

inline std::vector<WeightedMetric> weighted_metrics(const LeaderboardOptions& options) {
  std::vector<WeightedMetric> metrics;
  for (const LeaderboardMetric& metric : options.metrics) {
    if (metric.weight != 0) metrics.push_back({metric.direction, metric.weight});
  }
  return metrics;
}

/// Calls `visit(k)` for the metrics that have a weight.
template <class Visit>
void for_each_weighted(const LeaderboardOptions& options, const Visit& visit) {
  for (std::size_t k = 0; k < options.metrics.size(); ++k) {
    if (options.metrics[k].weight != 0) visit(k);
  }
}

inline void check_leaderboard(const std::vector<LeaderboardEntry>& entries,
                              const LeaderboardOptions& options) {
  const std::size_t n_weighted = weighted_metrics(options).size();
  if (n_weighted == 0 || (!options.combination && n_weighted > 1)) {
    throw InvalidArgument("leaderboard: " + std::to_string(n_weighted) +
                          " metrics with a weight; expected one, or a way to combine them");
  }
  const auto refuse = [](const LeaderboardEntry& entry, const char* what) {
    throw InvalidArgument("leaderboard: '" + entry.name + "' has not as many " + what +
                          " as the others");
  };
  for (const LeaderboardEntry& entry : entries) {
    if (entry.values.size() != options.metrics.size()) refuse(entry, "values");
    if (entry.replicates.size() != entries.front().replicates.size() ||
        (!entry.replicates.empty() && entry.replicates.size() != options.metrics.size())) {
      refuse(entry, "replicates");
    }
    if (entry.replicates.empty()) continue;
    for_each_weighted(options, [&](std::size_t k) {
      if (entry.replicates[k].size() != entries.front().replicates[k].size()) {
        refuse(entry, "replicates");
      }
    });
  }
}

inline LeaderboardScores scores_of(const std::vector<LeaderboardEntry>& entries,
                                   std::span<const std::size_t> chosen,
                                   const LeaderboardOptions& options) {
  LeaderboardScores scores;
  std::vector<double> values;
  std::vector<double> replicates;
  for_each_weighted(options, [&](std::size_t k) {
    scores.direction = options.metrics[k].direction;
    for (const std::size_t e : chosen) {
      const LeaderboardEntry& entry = entries[e];
      values.push_back(value_or_nan({entry.name, entry.values[k].value}));
      if (entry.replicates.empty()) continue;
      replicates.insert(replicates.end(), entry.replicates[k].begin(), entry.replicates[k].end());
    }
  });
  if (!options.combination) {
    scores.estimates = std::move(values);
    scores.replicates = std::move(replicates);
    return scores;
  }
  const std::vector<WeightedMetric> metrics = weighted_metrics(options);
  scores.direction = direction_of(*options.combination);
  scores.estimates = combine_metrics(values, metrics, *options.combination);
  if (!replicates.empty()) {
    scores.replicates =
        combine_replicates(replicates, chosen.size(), metrics, *options.combination);
  }
  return scores;
}

/// Of each team the entry of the best rank, of several the first; entries without a team are kept.
inline std::vector<std::size_t> best_of_teams(const std::vector<LeaderboardEntry>& entries,
                                              const std::vector<double>& ranks) {
  std::unordered_map<std::string, std::size_t> best;
  for (std::size_t e = 0; e < entries.size(); ++e) {
    if (entries[e].team.empty()) continue;
    const auto [found, is_new] = best.try_emplace(entries[e].team, e);
    if (!is_new && ranks[e] < ranks[found->second]) found->second = e;
  }
  std::vector<std::size_t> chosen;
  for (std::size_t e = 0; e < entries.size(); ++e) {
    if (entries[e].team.empty() || best.at(entries[e].team) == e) chosen.push_back(e);
  }
  return chosen;
}

/// The reason why a combination has no value: that of the first of its metrics without one.
inline Undefined why_undefined(const LeaderboardEntry& entry, const LeaderboardOptions& options) {
  Undefined why = Undefined::none;
  for_each_weighted(options, [&](std::size_t k) {
    if (why == Undefined::none) why = entry.values[k].value.why;
  });
  return why == Undefined::none ? Undefined::not_estimable : why;
}

inline void add_metric_ranks(const std::vector<LeaderboardEntry>& entries,
                             const LeaderboardOptions& options,
                             std::vector<LeaderboardPlace>& places) {
  for (std::size_t k = 0; k < options.metrics.size(); ++k) {
    std::vector<double> ranks(places.size(), 0.0);
    if (options.metrics[k].direction != Direction::reference) {
      std::vector<double> values;
      for (const LeaderboardPlace& place : places) {
        const LeaderboardEntry& entry = entries[place.entry];
        values.push_back(value_or_nan({entry.name, entry.values[k].value}));
      }
      ranks = rank_values(values, {options.metrics[k].direction});
    }
    for (std::size_t p = 0; p < places.size(); ++p) {
      places[p].metric_ranks.push_back(static_cast<std::size_t>(ranks[p]));
    }
  }
}

}  // namespace detail

/// Ranks entries by one metric, or by several combined (`combine_metrics`), in the way of
/// competitions: equal scores share the better rank and the next ranks are skipped; entries without
/// a score come last. With replicates, each place gets the interval of its rank
/// (`rank_intervals`), how often it is first (`probability_first`), and whether it can be told from
/// the first (`compare_with_first`).
/// With `best_of_team`, the best entry of each team among all entries takes part, and ranks are
/// those among the entries that take part; the choice is not repeated in the replicates.
/// @throws InvalidArgument for no metric with a weight, several without a combination, a metric for
/// reference with a weight, or entries with different numbers of values or replicates.
/// Cost: as the functions named; memory for one copy of the replicates.
inline Leaderboard make_leaderboard(const std::vector<LeaderboardEntry>& entries,
                                    const LeaderboardOptions& options) {
  detail::check_leaderboard(entries, options);
  Leaderboard board;
  if (entries.empty()) return board;
  std::vector<std::size_t> chosen(entries.size());
  for (std::size_t e = 0; e < entries.size(); ++e) chosen[e] = e;
  detail::LeaderboardScores scores = detail::scores_of(entries, chosen, options);
  std::unordered_map<std::string, std::size_t> n_of_team;
  if (options.best_of_team) {
    for (const LeaderboardEntry& entry : entries) ++n_of_team[entry.team];
    chosen = detail::best_of_teams(entries, rank_values(scores.estimates, {scores.direction}));
    if (chosen.size() < entries.size()) scores = detail::scores_of(entries, chosen, options);
  }
  for (std::size_t e = 0; e < entries.size(); ++e) {
    if (!std::binary_search(chosen.begin(), chosen.end(), e)) board.superseded.push_back(e);
  }

  const std::vector<double> ranks = rank_values(scores.estimates, {scores.direction});
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const LeaderboardEntry& entry = entries[chosen[i]];
    LeaderboardPlace place;
    place.entry = chosen[i];
    place.rank = static_cast<std::size_t>(ranks[i]);
    place.score = is_nan(scores.estimates[i])
                      ? MetricValue::undefined(detail::why_undefined(entry, options))
                      : MetricValue{scores.estimates[i]};
    if (options.best_of_team && !entry.team.empty()) place.n_entries = n_of_team[entry.team];
    board.places.push_back(std::move(place));
  }
  if (!scores.replicates.empty()) {
    const RankUncertaintyOptions uncertainty{{scores.direction, TieRule::minimum}, options.level};
    const auto intervals = rank_intervals(scores.estimates, scores.replicates, uncertainty);
    const auto shares = probability_first(chosen.size(), scores.replicates, scores.direction);
    const auto models = compare_with_first(scores.estimates, scores.replicates, uncertainty);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      board.places[i].rank_interval = intervals[i];
      board.places[i].share_first = shares[i];
      board.places[i].against_first = models[i];
    }
    board.n_replicates = scores.replicates.size() / chosen.size();
    const double smallest =
        static_cast<double>(chosen.size() - 1) / static_cast<double>(board.n_replicates + 1);
    board.too_few_replicates = smallest > 1 - options.level + 1e-12;
  }
  std::stable_sort(
      board.places.begin(), board.places.end(),
      [](const LeaderboardPlace& a, const LeaderboardPlace& b) { return a.rank < b.rank; });
  detail::add_metric_ranks(entries, options, board.places);
  return board;
}

}  // namespace cxrlt
