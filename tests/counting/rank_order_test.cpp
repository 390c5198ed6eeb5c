// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/counting/rank_order.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <type_traits>
#include <vector>

#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

using Rows = std::vector<std::size_t>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST_CASE("rows come by descending score, equal scores in row order") {
  const std::vector<double> scores{.1, .9, .5, .9, .5, .1};
  CHECK(rank_order(ColumnView<const double>(scores)) == Rows{1, 3, 2, 4, 0, 5});
  const std::vector<float> narrow{.1F, .9F, .5F};
  CHECK(rank_order(ColumnView<const float>(narrow)) == Rows{1, 2, 0});
  CHECK(rank_order(ColumnView<const double>()).empty());
}

TEST_CASE("-0 ties with +0, infinities stand at the ends") {
  const std::vector<double> scores{-0.0, 0.0, -kInfinity, kInfinity, -0.0, -1e-310};
  CHECK(rank_order(ColumnView<const double>(scores)) == Rows{3, 0, 1, 4, 5, 2});
}

TEST_CASE("strides are followed, NaN is refused") {
  const std::vector<double> scores{1, 9, 2, 8, 3, 7};
  CHECK(rank_order(ColumnView<const double>(scores.data(), 3, 2)) == Rows{2, 1, 0});
  const std::vector<double> wrong{1, std::numeric_limits<double>::quiet_NaN()};
  CHECK_THROWS_AS(rank_order(ColumnView<const double>(wrong)), InvalidArgument);
}

TEST_CASE("the order is that of a stable sort") {
  Random random(105);
  for (int repetition = 0; repetition < 300; ++repetition) {
    const Sample sample = random_sample(random, 200);
    Rows expected(sample.size());
    std::iota(expected.begin(), expected.end(), std::size_t{0});
    std::stable_sort(expected.begin(), expected.end(), [&](std::size_t a, std::size_t b) {
      return sample.scores[a] > sample.scores[b];
    });
    CHECK(rank_order(ColumnView<const double>(sample.scores)) == expected);
  }
}

TEST_CASE("many rows: continuous, tied, and closer than half a key tells apart") {
  Random random(106);
  const std::size_t n = 6000;
  for (int kind = 0; kind < 4; ++kind) {
    std::vector<double> scores(n);
    for (double& score : scores) {
      const double draw = static_cast<double>(random.below(1U << 30));
      score = kind == 0   ? draw * 0x1p-30 - 0.3
              : kind == 1 ? static_cast<double>(random.below(50))
              : kind == 2 ? 1 + draw * 0x1p-52
                          : (random.below(2) == 0 ? 0.25 + draw * 0x1p-54 : draw);
    }
    std::vector<float> narrow(scores.begin(), scores.end());
    const auto check = [](const auto& values) {
      using Score = typename std::decay_t<decltype(values)>::value_type;
      Rows expected(values.size());
      std::iota(expected.begin(), expected.end(), std::size_t{0});
      std::stable_sort(expected.begin(), expected.end(),
                       [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
      CHECK(rank_order(ColumnView<const Score>(values)) == expected);
    };
    check(scores);
    check(narrow);
  }
}
