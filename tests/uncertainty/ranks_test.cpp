// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/ranks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Values = std::vector<double>;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Rounded values, so that many are equal, and some that do not exist.
Values tied_values(Random& random, std::size_t n) {
  Values values;
  for (std::size_t i = 0; i < n; ++i) {
    const double value = std::floor(random.uniform() * 6) / 4;
    values.push_back(random.uniform() < 0.15 ? kNone : value);
  }
  return values;
}

double distance_from_best(double value, Direction direction) {
  if (direction == Direction::higher) return -value;
  return direction == Direction::lower ? value : std::abs(value - 1);
}

/// Ranks by counting who is better, straight from the definitions.
Values brute_force(const Values& values, Direction direction, TieRule ties) {
  Values ranks;
  for (const double mine : values) {
    double n_better = 0;
    double n_equal = 0;
    Values better;
    for (const double other : values) {
      const bool is_better = is_nan(mine)
                                 ? !is_nan(other)
                                 : !is_nan(other) && distance_from_best(other, direction) <
                                                         distance_from_best(mine, direction);
      const bool is_equal = is_nan(mine) ? is_nan(other)
                                         : distance_from_best(other, direction) ==
                                               distance_from_best(mine, direction);
      n_better += is_better ? 1 : 0;
      n_equal += is_equal ? 1 : 0;
      const double distance = distance_from_best(other, direction);
      if (is_better && std::find(better.begin(), better.end(), distance) == better.end()) {
        better.push_back(distance);
      }
    }
    if (ties == TieRule::minimum) ranks.push_back(n_better + 1);
    if (ties == TieRule::dense) ranks.push_back(static_cast<double>(better.size()) + 1);
    if (ties == TieRule::average) ranks.push_back(n_better + (n_equal + 1) / 2);
  }
  return ranks;
}

}  // namespace

TEST_CASE("equal values share a rank by the rule that was chosen") {
  const Values values{0.5, 0.9, 0.5, 0.1};
  CHECK(rank_values(values) == Values{2, 1, 2, 4});
  CHECK(rank_values(values, {Direction::higher, TieRule::dense}) == Values{2, 1, 2, 3});
  CHECK(rank_values(values, {Direction::higher, TieRule::average}) == Values{2.5, 1, 2.5, 4});
  CHECK(rank_values(values, {Direction::lower}) == Values{2, 4, 2, 1});
  CHECK(rank_values(Values{0.5, 1.25, 1.5, 2}, {Direction::closest_to_one}) == Values{2, 1, 2, 4});
  CHECK(rank_values(Values{}).empty());
  CHECK(rank_values(Values{3}) == Values{1});
}

TEST_CASE("undefined values rank last, behind infinite ones, and tie with each other") {
  CHECK(rank_values(Values{kNone, 0.2, -kInfinity, kNone, kInfinity}) == Values{4, 2, 3, 4, 1});
  CHECK(rank_values(Values{kNone, 0.2, -kInfinity, kNone}, {Direction::lower}) ==
        Values{3, 2, 1, 3});
  CHECK(rank_values(Values{kNone, kNone}, {Direction::lower, TieRule::average}) ==
        Values{1.5, 1.5});
  CHECK(rank_values(Values{kNone, 1, 1}, {Direction::higher, TieRule::dense}) == Values{2, 1, 1});
}

TEST_CASE("what rounding alone keeps apart is equal") {
  CHECK(rank_values(Values{0.1 + 0.2, 0.3, 0.2}) == Values{1, 1, 3});
  CHECK(rank_values(Values{0.3, 0.3 + 1e-9}) == Values{2, 1});
  CHECK(rank_values(Values{-0.0, 0.0}) == Values{1, 1});
  CHECK(rank_values(Values{3e6, 3e6 + 1e-7}) == Values{1, 1});
}

TEST_CASE("ranks are those of counting who is better, for every rule and direction") {
  Random random(5);
  for (int repetition = 0; repetition < 60; ++repetition) {
    const Values values = tied_values(random, 1 + random.below(12));
    for (const Direction direction :
         {Direction::higher, Direction::lower, Direction::closest_to_one}) {
      for (const TieRule ties : {TieRule::minimum, TieRule::dense, TieRule::average}) {
        CHECK(rank_values(values, {direction, ties}) == brute_force(values, direction, ties));
      }
    }
  }
}

TEST_CASE("ranks move with their models, and turn around with the direction") {
  Random random(6);
  for (int repetition = 0; repetition < 40; ++repetition) {
    Values values = tied_values(random, 9);
    const Values ranks = rank_values(values);
    Values negated;
    for (const double value : values) negated.push_back(-value);
    CHECK(rank_values(negated, {Direction::lower}) == ranks);

    Values rotated(values.begin() + 4, values.end());
    rotated.insert(rotated.end(), values.begin(), values.begin() + 4);
    Values expected(ranks.begin() + 4, ranks.end());
    expected.insert(expected.end(), ranks.begin(), ranks.begin() + 4);
    CHECK(rank_values(rotated) == expected);

    std::erase_if(values, [](double value) { return is_nan(value); });
    const RankingOptions average{Direction::higher, TieRule::average};
    const Values up = rank_values(values, average);
    const Values down = rank_values(values, {Direction::lower, TieRule::average});
    for (std::size_t m = 0; m < values.size(); ++m) {
      CHECK(up[m] + down[m] == static_cast<double>(values.size() + 1));
    }
  }
}

TEST_CASE("a metric for reference ranks nobody") {
  CHECK_THROWS_AS(rank_values(Values{1, 2}, {Direction::reference}), InvalidArgument);
}

TEST_CASE("several metrics: the weighted mean of ranks, or of values") {
  // Three models in average precision (higher is better) and calibration error (lower is better).
  const Values values{0.6, 0.5, 0.5, /**/ 0.3, 0.1, 0.2};
  const std::vector<WeightedMetric> equal{{Direction::higher}, {Direction::lower}};
  const std::vector<WeightedMetric> weighted{{Direction::higher, 3}, {Direction::lower, 1}};

  CHECK(combine_metrics(values, equal, Combination::ranks) == Values{2, 1.5, 2});
  CHECK(combine_metrics(values, weighted, Combination::ranks) == Values{1.5, 1.75, 2});
  CHECK(combine_metrics(values, equal, Combination::ranks, TieRule::average) ==
        Values{2, 1.75, 2.25});
  const Values means = combine_metrics(values, weighted, Combination::values);
  check_close(means[0], (3 * 0.6 - 0.3) / 4);
  check_close(means[1], (3 * 0.5 - 0.1) / 4);
  check_close(means[2], (3 * 0.5 - 0.2) / 4);
  CHECK(direction_of(Combination::ranks) == Direction::lower);
  CHECK(direction_of(Combination::values) == Direction::higher);

  const Values ratios{0.75, 1.5};
  const std::vector<WeightedMetric> ratio{{Direction::closest_to_one}};
  CHECK(combine_metrics(ratios, ratio, Combination::values) == Values{-0.25, -0.5});
}

TEST_CASE("weights of 0 leave a metric out, whatever it holds") {
  const std::vector<WeightedMetric> metrics{{Direction::higher, 2}, {Direction::reference, 0}};
  const Values values{0.4, 0.8, /**/ kNone, 7};
  CHECK(combine_metrics(values, metrics, Combination::values) == Values{0.4, 0.8});
  CHECK(combine_metrics(values, metrics, Combination::ranks) == Values{2, 1});
}

TEST_CASE("an undefined value ends a mean of values, and ranks last in a mean of ranks") {
  const std::vector<WeightedMetric> metrics(2);
  const Values values{kNone, 0.5, kNone, /**/ 0.9, 0.1, kNone};
  const Values means = combine_metrics(values, metrics, Combination::values);
  CHECK(is_nan(means[0]));
  check_close(means[1], 0.3);
  const Values ranks = combine_metrics(values, metrics, Combination::ranks);
  CHECK(ranks[0] == 1.5);
  CHECK(ranks[1] == 1.5);
  CHECK(is_nan(ranks[2]));
}

TEST_CASE("replicates are combined each by itself") {
  // Two metrics, two models, two replicates.
  const Values replicates{0.1, 0.9, /**/ 0.2, 0.8, /**/ 5, 6, /**/ 7, 6};
  const std::vector<WeightedMetric> metrics{{Direction::higher}, {Direction::lower}};
  CHECK(combine_replicates(replicates, 2, metrics, Combination::ranks) ==
        Values{1.5, 1, /**/ 1.5, 1.5});
  const Values means = combine_replicates(replicates, 2, metrics, Combination::values);
  check_close(means[0], (0.1 - 5) / 2);
  check_close(means[1], (0.9 - 6) / 2);
  check_close(means[2], (0.2 - 7) / 2);
  check_close(means[3], (0.8 - 6) / 2);
}

TEST_CASE("combining refuses weights and sizes that make no sense") {
  const Values values{1, 2};
  const auto combine = [&](std::vector<WeightedMetric> metrics) {
    return combine_metrics(values, metrics, Combination::values);
  };
  CHECK_THROWS_AS(combine({{Direction::higher, -1}, {}}), InvalidArgument);
  CHECK_THROWS_AS(combine({{Direction::higher, kNone}, {}}), InvalidArgument);
  CHECK_THROWS_AS(combine({{Direction::higher, 0}, {Direction::higher, 0}}), InvalidArgument);
  CHECK_THROWS_AS(combine({{}, {}, {}}), InvalidArgument);
  CHECK_THROWS_AS(combine({}), InvalidArgument);
  CHECK_THROWS_AS(combine({{Direction::reference}}), InvalidArgument);
  const std::vector<WeightedMetric> two(2);
  CHECK_THROWS_AS(combine_replicates(Values{1, 2, 3}, 1, two, Combination::ranks), InvalidArgument);
  CHECK_THROWS_AS(combine_replicates(Values{}, 1, two, Combination::ranks), InvalidArgument);
}
