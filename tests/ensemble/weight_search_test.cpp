// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/ensemble/weight_search.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

#include "catch.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// The share of model m.
double share(std::span<const double> weights, std::size_t m) {
  return weights[m] / std::accumulate(weights.begin(), weights.end(), 0.0);
}

/// Best at shares 0.5, 0.3, 0.2, where it is 1.
MetricValue bowl(std::span<const double> weights) {
  return {1 - std::pow(share(weights, 0) - 0.5, 2) - std::pow(share(weights, 1) - 0.3, 2) -
          std::pow(share(weights, 2) - 0.2, 2)};
}

MetricValue nothing(std::span<const double>) {
  return MetricValue::undefined(Undefined::no_positives);
}

}  // namespace

TEST_CASE("greedy selection, step by step", "[weight_search]") {
  // Alone the first is the best; then the second is added, the first again ...
  const ModelWeights one = greedy_weights(3, bowl, Direction::higher, {1});
  CHECK(one.weights == std::vector<double>{1, 0, 0});
  const ModelWeights two = greedy_weights(3, bowl, Direction::higher, {2});
  CHECK(two.weights == std::vector<double>{1, 1, 0});
  const ModelWeights three = greedy_weights(3, bowl, Direction::higher, {3});
  CHECK(three.weights == std::vector<double>{1, 1, 1});
  const ModelWeights ten = greedy_weights(3, bowl, Direction::higher, {10});
  CHECK(ten.weights == std::vector<double>{5, 3, 2});
  check_close(ten.value.value, 1);
  // Later rounds are worse, so the tenth stays the best.
  CHECK(greedy_weights(3, bowl, Direction::higher, {25}).weights == ten.weights);
}

TEST_CASE("greedy selection asks once for each proportion", "[weight_search]") {
  std::vector<std::vector<double>> asked;
  const auto counting = [&](std::span<const double> weights) {
    asked.emplace_back(weights.begin(), weights.end());
    return MetricValue{share(weights, 0)};
  };
  // Only the first model is any good: (2, 0) is (1, 0) again.
  const ModelWeights found = greedy_weights(2, counting, Direction::higher, {3});
  CHECK(found.weights == std::vector<double>{1, 0});
  CHECK(asked == std::vector<std::vector<double>>{{1, 0}, {0, 1}, {1, 1}, {2, 1}});
}

TEST_CASE("of equal models the first, rounding set aside", "[weight_search]") {
  const auto noise = [](std::span<const double> weights) {
    return MetricValue{0.5 + 1e-15 * share(weights, 1)};
  };
  CHECK(greedy_weights(2, noise, Direction::higher).weights == std::vector<double>{1, 0});
  CHECK(best_model(2, noise, Direction::higher).weights == std::vector<double>{1, 0});
  const std::vector<double> equal{0.5, 0.5};
  CHECK(simplex_weights(2, noise, Direction::higher).weights == equal);
}

TEST_CASE("every direction", "[weight_search]") {
  const auto line = [](std::span<const double> weights) {
    return MetricValue{0.5 + share(weights, 0)};
  };
  const auto first = [&](Direction direction) {
    return share(greedy_weights(2, line, direction).weights, 0);
  };
  CHECK(first(Direction::higher) == 1);
  CHECK(first(Direction::lower) == 0);
  CHECK(first(Direction::closest_to_one) == 0.5);
  CHECK(share(simplex_weights(2, line, Direction::lower).weights, 0) == 0);
  CHECK(share(best_model(2, line, Direction::lower).weights, 0) == 0);
  CHECK_THROWS_AS(greedy_weights(2, line, Direction::reference), InvalidArgument);
  CHECK_THROWS_AS(simplex_weights(2, line, Direction::reference), InvalidArgument);
}

TEST_CASE("coordinate search on the simplex finds the bottom of a bowl", "[weight_search]") {
  const ModelWeights found = simplex_weights(3, bowl, Direction::higher);
  check_close(std::accumulate(found.weights.begin(), found.weights.end(), 0.0), 1);
  CHECK(std::abs(found.weights[0] - 0.5) < 0.03);
  CHECK(std::abs(found.weights[1] - 0.3) < 0.03);
  CHECK(found.value.value > 0.999);
  CHECK(found.value.value > bowl(std::vector<double>{1, 1, 1}).value);
  // Models that only harm lose all their weight.
  const auto alone = [](std::span<const double> weights) { return MetricValue{share(weights, 1)}; };
  CHECK(simplex_weights(3, alone, Direction::higher).weights == std::vector<double>{0, 1, 0});
}

TEST_CASE("coordinate search, step by step", "[weight_search]") {
  std::vector<std::vector<double>> asked;
  const auto counting = [&](std::span<const double> weights) {
    asked.emplace_back(weights.begin(), weights.end());
    return MetricValue{1 - std::abs(weights[0] - 0.75)};
  };
  const ModelWeights found = simplex_weights(2, counting, Direction::higher, {0.5, 0.25});
  CHECK(found.weights == std::vector<double>{0.75, 0.25});
  // From equal weights half of the way to the first model, which is better; then to the second and
  // away from it; once more by halves, in vain, and by quarters.
  REQUIRE(asked.size() >= 6);
  CHECK(asked[0] == std::vector<double>{0.5, 0.5});
  CHECK(asked[1] == std::vector<double>{0.75, 0.25});
  CHECK(asked[2] == std::vector<double>{0.375, 0.625});
  CHECK(asked[3] == std::vector<double>{1, 0});
  CHECK(asked[4] == std::vector<double>{0.875, 0.125});
  CHECK(asked[5] == std::vector<double>{0.5, 0.5});
  CHECK(asked.back() == std::vector<double>{1, 0});
  CHECK(asked.size() == 12);
}

TEST_CASE("weights proportional to each model's value", "[weight_search]") {
  const auto values = [](std::span<const double> weights) {
    const std::vector<double> of_model{0.2, 0.6, 0.0};
    double value = 0;
    for (std::size_t m = 0; m < 3; ++m) value += share(weights, m) * of_model[m];
    return MetricValue{value};
  };
  const ModelWeights found = proportional_weights(3, values, Direction::higher);
  check_close(found.weights[0], 0.25);
  check_close(found.weights[1], 0.75);
  CHECK(found.weights[2] == 0);
  check_close(found.value.value, 0.5);
  CHECK_THROWS_AS(proportional_weights(3, values, Direction::lower), InvalidArgument);
  const auto negative = [](std::span<const double>) { return MetricValue{-0.1}; };
  CHECK_THROWS_AS(proportional_weights(2, negative, Direction::higher), InvalidArgument);
}

TEST_CASE("where no weights have a value they are equal, with the reason", "[weight_search]") {
  const std::vector<double> equal{1, 1};
  for (const ModelWeights& found :
       {greedy_weights(2, nothing, Direction::higher),
        simplex_weights(2, nothing, Direction::lower), best_model(2, nothing, Direction::higher),
        proportional_weights(2, nothing, Direction::higher)}) {
    CHECK(found.weights == equal);
    CHECK(found.value.why == Undefined::no_positives);
  }
  CHECK_THROWS_AS(greedy_weights(0, nothing, Direction::higher), InvalidArgument);
  CHECK_THROWS_AS(greedy_weights(2, nothing, Direction::higher, {0}), InvalidArgument);
  CHECK_THROWS_AS(simplex_weights(2, bowl, Direction::higher, {1, 0.1}), InvalidArgument);
}
