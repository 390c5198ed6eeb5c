// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/rank_uncertainty.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Values = std::vector<double>;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

RankUncertaintyOptions options_at(double level, Direction direction = Direction::higher) {
  return {{direction, TieRule::minimum}, level};
}

/// Estimates, and replicates around them that are rounded so that ranks tie.
struct Board {
  Values estimates;
  Values replicates;
  std::size_t n_replicates;

  Board(std::size_t n_models, std::size_t n, std::uint64_t seed) : n_replicates(n) {
    Random random(seed);
    for (std::size_t m = 0; m < n_models; ++m) estimates.push_back(random.uniform());
    for (std::size_t m = 0; m < n_models; ++m) {
      for (std::size_t b = 0; b < n; ++b) {
        const double moved = estimates[m] + (random.uniform() - 0.5) * 0.6;
        replicates.push_back(random.uniform() < 0.05 ? kNone : std::round(moved * 20) / 20);
      }
    }
  }

  double of(std::size_t m, std::size_t b) const { return replicates[m * n_replicates + b]; }
};

}  // namespace

TEST_CASE("rank intervals are quantiles of replicate ranks, by hand") {
  // Two models change places in one of four replicates; the third is always last.
  const Values estimates{0.9, 0.8, 0.1};
  const Values replicates{0.9, 0.9, 0.7, 0.9, /**/ 0.8, 0.8, 0.8, 0.8, /**/ 0.1, 0.2, 0.1, 0.1};
  const auto all = rank_intervals(estimates, replicates, options_at(0.95));
  CHECK((all[0].lower == 1 && all[0].upper == 2));
  CHECK((all[1].lower == 1 && all[1].upper == 2));
  CHECK((all[2].lower == 3 && all[2].upper == 3));
  CHECK(all[0].level == 0.95);
  // At one half, one replicate may lie outside at each end.
  const auto half = rank_intervals(estimates, replicates, options_at(0.5));
  CHECK((half[0].lower == 1 && half[0].upper == 1));
  CHECK((half[1].lower == 2 && half[1].upper == 2));
}

TEST_CASE("as many replicates lie outside a rank interval as its level allows, and no more") {
  // Ranks 1 in 50 replicates of 2,000, else 2; and 51 of 2,000.
  for (const std::size_t n_first : {50U, 51U}) {
    Values replicates(4000, 0.5);
    for (std::size_t b = 0; b < 2000; ++b) replicates[b] = b < n_first ? 0.9 : 0.1;
    const auto intervals = rank_intervals(Values{0.1, 0.5}, replicates, options_at(0.95));
    CHECK(intervals[0].lower == (n_first == 50 ? 2 : 1));
    CHECK(intervals[0].upper == 2);
    CHECK(intervals[1].upper == (n_first == 50 ? 1 : 2));
  }
}

TEST_CASE("a rank interval holds the rank of the estimate") {
  const Values estimates{0.9, 0.8};
  const Values replicates{0.1, 0.1, /**/ 0.8, 0.8};
  const auto intervals = rank_intervals(estimates, replicates);
  CHECK((intervals[0].lower == 1 && intervals[0].upper == 2));
  CHECK((intervals[1].lower == 1 && intervals[1].upper == 2));
}

TEST_CASE("a model without a value in a replicate is last in it") {
  const Values estimates{0.9, 0.8};
  const Values replicates{kNone, kNone, 0.9, /**/ 0.8, 0.8, 0.8};
  const auto intervals = rank_intervals(estimates, replicates, options_at(0.99));
  CHECK(intervals[0].upper == 2);
  check_close(probability_first(2, replicates)[0], 1.0 / 3);
}

TEST_CASE("models that share the first place share the replicate") {
  const Values replicates{1, 1, 0, /**/ 1, 0, 0, /**/ 0, 0, 1};
  const Values shares = probability_first(3, replicates);
  check_close(shares[0], 0.5);
  check_close(shares[1], 0.5 / 3);
  check_close(shares[2], 1.0 / 3);
  const Values low = probability_first(3, replicates, Direction::lower);
  check_close(low[0], 0.5 / 3);
}

TEST_CASE("replicates without any value count for nobody") {
  const Values shares = probability_first(2, Values{kNone, 1, /**/ kNone, 0});
  CHECK(shares == Values{1, 0});
  CHECK(probability_first(2, Values{kNone, kNone}) == Values{0, 0});
}

TEST_CASE("shares of the first place sum to 1, and move with their models") {
  const Board board(7, 300, 3);
  const Values shares = probability_first(7, board.replicates);
  check_close(std::accumulate(shares.begin(), shares.end(), 0.0), 1);
  // By counting.
  Values expected(7, 0.0);
  for (std::size_t b = 0; b < board.n_replicates; ++b) {
    double best = -1;
    int n_best = 0;
    for (std::size_t m = 0; m < 7; ++m) {
      if (is_nan(board.of(m, b))) continue;
      if (board.of(m, b) > best) n_best = 0;
      best = std::max(best, board.of(m, b));
      if (board.of(m, b) == best) ++n_best;
    }
    for (std::size_t m = 0; m < 7; ++m) {
      if (board.of(m, b) == best) expected[m] += 1.0 / n_best / 300;
    }
  }
  for (std::size_t m = 0; m < 7; ++m) check_close(shares[m], expected[m]);
}

TEST_CASE("shifted p-values of the difference to the first, by hand") {
  const Values estimates{0.9, 0.8, 0.5};
  // Differences to the first: of the second 0.1, 0.3, -0.1, 0.15; of the third 0.4, 0.5, 0.3, 0.4.
  const Values replicates{0.9, 1.0, 0.7, 0.95, /**/ 0.8, 0.7, 0.8, 0.8, /**/ 0.5, 0.5, 0.4, 0.55};
  const auto models = compare_with_first(estimates, replicates, options_at(0.5));
  CHECK(models[0].behind.value == 0);
  CHECK_FALSE(models[0].p_value.defined());
  CHECK(models[0].tied);
  check_close(models[1].behind.value, 0.1);
  check_close(models[1].p_value.value, 3.0 / 5);  // moved by at least 0.1: 0.3 and -0.1
  check_close(models[2].behind.value, 0.4);
  check_close(models[2].p_value.value, 1.0 / 5);
  check_close(models[1].p_adjusted.value, 3.0 / 5);
  check_close(models[2].p_adjusted.value, 2.0 / 5);
  CHECK(models[1].tied);
  CHECK_FALSE(models[2].tied);
  CHECK(models[1].n_replicates == 4);
  CHECK(compare_with_first(estimates, replicates, options_at(0.95))[2].tied);
}

TEST_CASE("an adjusted p-value of exactly 1 - level tells models apart") {
  const Values estimates{0.9, 0.1};
  const Values replicates{0.9, 0.9, 0.9, 0.9, /**/ 0.1, 0.1, 0.1, 0.1};
  CHECK_FALSE(compare_with_first(estimates, replicates, options_at(0.8))[1].tied);
  CHECK(compare_with_first(estimates, replicates, options_at(0.81))[1].tied);
}

TEST_CASE("Holm's adjustment counts those left, and never falls") {
  std::vector<BehindFirst> models(4);
  const Values p_values{0.04, 0.01, 0.03, 0.02};
  for (std::size_t m = 0; m < 4; ++m) models[m].p_value = MetricValue{p_values[m]};
  models.emplace_back().p_value = MetricValue::undefined(Undefined::not_estimable);
  detail::adjust_by_holm(models);
  check_close(models[0].p_adjusted.value, 0.06);
  check_close(models[1].p_adjusted.value, 0.04);
  check_close(models[2].p_adjusted.value, 0.06);
  check_close(models[3].p_adjusted.value, 0.06);
  CHECK_FALSE(models[4].p_adjusted.defined());
}

TEST_CASE("equal models are tied, whatever the level; the one that stands first is compared with") {
  const Values estimates{0.2, 0.9, 0.9};
  const Values replicates{0.2, 0.1, 0.3, /**/ 0.9, 0.8, 0.7, /**/ 0.6, 0.9, 0.9};
  const auto models = compare_with_first(estimates, replicates, options_at(0.01));
  CHECK(models[1].tied);
  CHECK_FALSE(models[1].p_value.defined());
  CHECK(models[2].behind.value == 0);
  CHECK(models[2].p_value.value == 1);
  CHECK(models[2].tied);
}

TEST_CASE("p-values do not depend on direction or on the order of the models") {
  const Board board(6, 199, 8);
  const auto models = compare_with_first(board.estimates, board.replicates);
  Values negated = board.estimates;
  Values negated_replicates = board.replicates;
  for (double& value : negated) value = -value;
  for (double& value : negated_replicates) value = -value;
  const auto lower =
      compare_with_first(negated, negated_replicates, options_at(0.95, Direction::lower));
  const Values reversed(board.estimates.rbegin(), board.estimates.rend());
  Values reversed_replicates;
  for (std::size_t m = 6; m > 0; --m) {
    for (std::size_t b = 0; b < 199; ++b) reversed_replicates.push_back(board.of(m - 1, b));
  }
  const auto backwards = compare_with_first(reversed, reversed_replicates);
  const auto intervals = rank_intervals(board.estimates, board.replicates);
  const auto backwards_intervals = rank_intervals(reversed, reversed_replicates);
  for (std::size_t m = 0; m < 6; ++m) {
    CHECK(models[m].p_value.defined() == lower[m].p_value.defined());
    if (models[m].p_value.defined()) {
      CHECK(models[m].p_value.value == lower[m].p_value.value);
      CHECK(models[m].p_value.value == backwards[5 - m].p_value.value);
      CHECK(models[m].p_adjusted.value == backwards[5 - m].p_adjusted.value);
      CHECK(models[m].p_adjusted.value >= models[m].p_value.value);
    }
    CHECK(models[m].behind.value >= 0);
    CHECK(models[m].behind.value == lower[m].behind.value);
    CHECK(models[m].tied == backwards[5 - m].tied);
    CHECK(intervals[m].lower == backwards_intervals[5 - m].lower);
    CHECK(intervals[m].upper == backwards_intervals[5 - m].upper);
  }
}

TEST_CASE("distances from 1 are compared where 1 is best") {
  const Values estimates{1.5, 0.75};
  const Values replicates{1.5, 1.4, /**/ 0.75, 0.8};
  const auto models =
      compare_with_first(estimates, replicates, options_at(0.95, Direction::closest_to_one));
  check_close(models[0].behind.value, 0.25);
  CHECK(models[1].behind.value == 0);
}

TEST_CASE("who has no value, or none together with the first, has no p-value and is not tied") {
  const double infinity = std::numeric_limits<double>::infinity();
  const Values estimates{0.9, kNone, 0.8, -infinity};
  const Values replicates{0.9, kNone, /**/ 1, 1, /**/ kNone, 0.8, /**/ -infinity, -infinity};
  const auto models = compare_with_first(estimates, replicates);
  CHECK(models[0].tied);
  for (const std::size_t m : {1U, 2U, 3U}) {
    CAPTURE(m);
    CHECK(models[m].p_value.why == Undefined::not_estimable);
    CHECK(models[m].p_adjusted.why == Undefined::not_estimable);
    CHECK_FALSE(models[m].tied);
  }
  CHECK_FALSE(models[1].behind.defined());
  check_close(models[2].behind.value, 0.1);
  CHECK_FALSE(models[3].behind.defined());
  for (const BehindFirst& model : compare_with_first(Values{kNone, kNone}, Values{1, 2})) {
    CHECK_FALSE(model.tied);
  }
}

TEST_CASE("replicates in which one of the two has no value are left out") {
  const Values estimates{0.9, 0.8};
  const Values replicates{0.9, kNone, 0.9, /**/ 0.8, 0.1, 0.8};
  const auto models = compare_with_first(estimates, replicates);
  CHECK(models[1].n_replicates == 2);
  check_close(models[1].p_value.value, 1.0 / 3);
}

TEST_CASE("uncertainty of ranks refuses sizes, levels and metrics that make no sense") {
  const Values two{1, 2};
  const Values three{1, 2, 3};
  CHECK_THROWS_AS(rank_intervals(two, three), InvalidArgument);
  CHECK_THROWS_AS(rank_intervals(Values{}, Values{}), InvalidArgument);
  CHECK_THROWS_AS(rank_intervals(two, two, options_at(1)), InvalidArgument);
  CHECK_THROWS_AS(rank_intervals(two, two, options_at(kNone)), InvalidArgument);
  CHECK_THROWS_AS(compare_with_first(two, three), InvalidArgument);
  CHECK_THROWS_AS(compare_with_first(two, two, options_at(0)), InvalidArgument);
  CHECK_THROWS_AS(compare_with_first(two, two, options_at(0.9, Direction::reference)),
                  InvalidArgument);
  CHECK_THROWS_AS(probability_first(0, two), InvalidArgument);
  CHECK_THROWS_AS(probability_first(2, two, Direction::reference), InvalidArgument);
}
