// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/evaluate/leaderboard.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Values = std::vector<double>;
using Ranks = std::vector<std::size_t>;

const MetricValue kNone = MetricValue::undefined(Undefined::no_positives);

LeaderboardEntry entry(const std::string& name, const std::vector<MetricValue>& values,
                       const std::string& team = "") {
  LeaderboardEntry result;
  result.name = name;
  result.team = team;
  for (const MetricValue& value : values) result.values.push_back({"", value});
  return result;
}

LeaderboardOptions by_first(std::size_t n_metrics = 1, Direction direction = Direction::higher) {
  LeaderboardOptions options;
  options.metrics.resize(n_metrics);
  for (LeaderboardMetric& metric : options.metrics) metric.direction = direction;
  options.metrics.front().weight = 1;
  return options;
}

std::string order_of(const Leaderboard& board, const std::vector<LeaderboardEntry>& entries) {
  std::string text;
  for (const LeaderboardPlace& place : board.places) {
    text += std::to_string(place.rank) + entries[place.entry].name + " ";
  }
  return text;
}

}  // namespace

TEST_CASE("the first metric ranks; each has its own ranks beside it") {
  const std::vector<LeaderboardEntry> entries{
      entry("a", {{0.5}, {0.2}}), entry("b", {{0.7}, {0.3}}), entry("c", {{0.7}, {0.1}})};
  LeaderboardOptions options = by_first(3);
  options.metrics.resize(2);
  options.metrics[1].direction = Direction::lower;
  const Leaderboard board = make_leaderboard(entries, options);
  CHECK(order_of(board, entries) == "1b 1c 3a ");
  CHECK(board.places[0].metric_ranks == Ranks{1, 3});
  CHECK(board.places[1].metric_ranks == Ranks{1, 1});
  CHECK(board.places[2].metric_ranks == Ranks{3, 2});
  CHECK(board.places[0].score.value == 0.7);
  CHECK_FALSE(board.places[0].rank_interval.has_value());
  CHECK(board.n_replicates == 0);
}

TEST_CASE("lower is better where the metric says so, and what has no value is last") {
  const std::vector<LeaderboardEntry> entries{entry("a", {kNone}), entry("b", {{0.7}}),
                                              entry("c", {{0.1}})};
  const Leaderboard board = make_leaderboard(entries, by_first(1, Direction::lower));
  CHECK(order_of(board, entries) == "1c 2b 3a ");
  CHECK(board.places[2].score.why == Undefined::no_positives);
}

TEST_CASE("a metric for reference is shown, and ranks nobody") {
  LeaderboardOptions options = by_first(2);
  options.metrics[1].direction = Direction::reference;
  const std::vector<LeaderboardEntry> entries{entry("a", {{0.5}, {0.2}})};
  CHECK(make_leaderboard(entries, options).places[0].metric_ranks == Ranks{1, 0});
  options.metrics[1].weight = 1;
  options.metrics[0].weight = 0;
  CHECK_THROWS_AS(make_leaderboard(entries, options), InvalidArgument);
}

TEST_CASE("several metrics rank together: by their ranks, or by their values") {
  const std::vector<LeaderboardEntry> entries{entry("a", {{0.60}, {0.9}, {0}}),
                                              entry("b", {{0.55}, {0.1}, {0}}),
                                              entry("c", {{0.50}, {0.2}, {9}})};
  LeaderboardOptions options = by_first(3);
  options.metrics[1] = {"ece", Direction::lower, 2};
  options.combination = Combination::ranks;
  Leaderboard board = make_leaderboard(entries, options);
  CHECK(order_of(board, entries) == "1b 2a 2c ");  // 4/3, 7/3, 7/3
  check_close(board.places[0].score.value, 4.0 / 3);
  options.combination = Combination::values;
  board = make_leaderboard(entries, options);
  CHECK(order_of(board, entries) == "1b 2c 3a ");
  check_close(board.places[1].score.value, (0.5 - 0.4) / 3);
}

TEST_CASE("a combination without a value carries the reason of the first that has none") {
  const MetricValue unlikely = MetricValue::undefined(Undefined::not_probabilities);
  const std::vector<LeaderboardEntry> entries{entry("a", {{0.6}, unlikely}),
                                              entry("b", {kNone, unlikely})};
  LeaderboardOptions options = by_first(2);
  options.metrics[1].weight = 1;
  options.combination = Combination::values;
  Leaderboard board = make_leaderboard(entries, options);
  CHECK(board.places[0].score.why == Undefined::not_probabilities);
  CHECK(board.places[1].score.why == Undefined::no_positives);
  options.combination = Combination::ranks;
  board = make_leaderboard(entries, options);
  CHECK(board.places[0].score.value == 1);
  CHECK(board.places[1].score.why == Undefined::no_positives);
}

TEST_CASE("the best entry of each team takes part, and who has no team stays") {
  const std::vector<LeaderboardEntry> entries{entry("a1", {{0.5}}, "a"), entry("b1", {{0.8}}, "b"),
                                              entry("a2", {{0.7}}, "a"), entry("x", {{0.6}}),
                                              entry("a3", {{0.7}}, "a"), entry("y", {{0.1}})};
  LeaderboardOptions options = by_first();
  Leaderboard board = make_leaderboard(entries, options);
  CHECK(order_of(board, entries) == "1b1 2a2 2a3 4x 5a1 6y ");
  CHECK(board.superseded.empty());
  options.best_of_team = true;
  board = make_leaderboard(entries, options);
  CHECK(order_of(board, entries) == "1b1 2a2 3x 4y ");
  CHECK(board.superseded == Ranks{0, 4});
  CHECK(board.places[1].n_entries == 3);
  CHECK(board.places[2].n_entries == 1);
}

TEST_CASE("replicates give intervals, shares and ties to the places, in their order") {
  std::vector<LeaderboardEntry> entries{entry("a", {{0.8}}), entry("b", {{0.9}}),
                                        entry("c", {{0.1}})};
  Values a;
  Values b;
  Values c;
  for (int k = 0; k < 200; ++k) {
    const double moved = 0.001 * (k % 21 - 10);
    a.push_back(0.8 + 20 * moved);
    b.push_back(0.9);
    c.push_back(0.1 + moved);
  }
  entries[0].replicates = {a};
  entries[1].replicates = {b};
  entries[2].replicates = {c};
  LeaderboardOptions options = by_first();
  options.level = 0.9;
  const Leaderboard board = make_leaderboard(entries, options);
  CHECK(board.n_replicates == 200);
  CHECK_FALSE(board.too_few_replicates);
  CHECK(order_of(board, entries) == "1b 2a 3c ");
  CHECK(board.places[0].rank_interval->upper == 2);
  CHECK(board.places[0].rank_interval->level == 0.9);
  CHECK(board.places[2].rank_interval->lower == 3);
  CHECK(*board.places[0].share_first + *board.places[1].share_first == 1);
  CHECK(*board.places[2].share_first == 0);
  CHECK(board.places[1].against_first->tied);
  CHECK_FALSE(board.places[2].against_first->tied);
  check_close(board.places[2].against_first->behind.value, 0.8);
}

TEST_CASE("replicates of several metrics are combined, those without a weight are not needed") {
  std::vector<LeaderboardEntry> entries{entry("a", {{0.8}, {5}, {0.1}}),
                                        entry("b", {{0.9}, {5}, {0.2}})};
  entries[0].replicates = {{0.8, 0.8}, {}, {0.1, 0.1}};
  entries[1].replicates = {{0.9, 0.7}, {}, {0.2, 0.2}};
  LeaderboardOptions options = by_first(3);
  options.metrics[2] = {"ece", Direction::lower, 1};
  options.combination = Combination::ranks;
  const Leaderboard board = make_leaderboard(entries, options);
  CHECK(order_of(board, entries) == "1a 1b ");  // mean ranks 1.5 and 1.5
  CHECK(*board.places[0].share_first == 0.75);  // alone in the second replicate
}

TEST_CASE("too few replicates for so many entries are noticed") {
  std::vector<LeaderboardEntry> entries;
  for (int m = 0; m < 4; ++m) {
    entries.push_back(entry("e", {{0.1 * m}}));
    entries.back().replicates = {Values(39, 0.1 * m)};
  }
  LeaderboardOptions options = by_first();
  CHECK(make_leaderboard(entries, options).too_few_replicates);
  for (LeaderboardEntry& one : entries) one.replicates = {Values(59, one.values[0].value.value)};
  CHECK_FALSE(make_leaderboard(entries, options).too_few_replicates);  // 3 / 60 is 0.05
}

TEST_CASE("a leaderboard refuses entries that do not fit, and metrics that do not rank") {
  const std::vector<LeaderboardEntry> two{entry("a", {{0.8}}), entry("b", {{0.9}, {0.1}})};
  CHECK_THROWS_AS(make_leaderboard(two, by_first()), InvalidArgument);
  std::vector<LeaderboardEntry> good{entry("a", {{0.8}}), entry("b", {{0.9}})};
  LeaderboardOptions options = by_first();
  options.metrics[0].weight = 0;
  CHECK_THROWS_AS(make_leaderboard(good, options), InvalidArgument);
  good[0].replicates = {{1, 2}};
  CHECK_THROWS_AS(make_leaderboard(good, by_first()), InvalidArgument);
  good[1].replicates = {{1, 2, 3}};
  CHECK_THROWS_AS(make_leaderboard(good, by_first()), InvalidArgument);
  good = {entry("a", {{0.8}, {1}})};
  options = by_first(2);
  options.metrics[1].weight = 1;
  CHECK_THROWS_AS(make_leaderboard(good, options), InvalidArgument);
  CHECK(make_leaderboard({}, by_first()).places.empty());
}
