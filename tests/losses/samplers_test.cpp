// SPDX-License-Identifier: Apache-2.0
// Weights of rows, and the rows drawn by them.
#include "cxrlt/losses/samplers.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "catch.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// Class 0 in rows 0 to 3, class 1 in row 3 only, rows 4 to 7 without (one missing).
const std::vector<std::int8_t> kLabels{1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, -1, 0, 0};

LabelMatrixView labels() {
  return {kLabels.data(), 8, 2};
}

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

TEST_CASE("a class first, then one of its rows") {
  const auto balanced = class_balanced_sampling(labels());
  check_close(sum_of(balanced), 1);
  check_close(balanced[0], 1.0 / 12);            // one third, 4 rows
  check_close(balanced[3], 1.0 / 12 + 1.0 / 3);  // all of class 1 too
  check_close(balanced[6], 1.0 / 12);            // one third for rows without a positive
  const auto root = square_root_sampling(labels());
  check_close(sum_of(root), 1);
  check_close(root[0], 2.0 / 5 / 4);
  check_close(root[3], 2.0 / 5 / 4 + 1.0 / 5);
  const auto plain = sampling_weights(labels(), 1);
  check_close(plain[0], 1.0 / 9);
  check_close(plain[3], 2.0 / 9);
  const auto half = progressive_sampling(labels(), 0.5);
  for (std::size_t i = 0; i < 8; ++i) check_close(half[i], (plain[i] + balanced[i]) / 2);
  CHECK(progressive_sampling(labels(), 0) == plain);
  CHECK(progressive_sampling(labels(), 1) == balanced);
  // A class without rows takes no part.
  const std::vector<std::int8_t> one{1, 0, 1, 0};
  check_close(class_balanced_sampling(LabelMatrixView(one.data(), 2, 2))[1], 0.5);
}

TEST_CASE("repeat factors by hand") {
  const auto factors = repeat_factors(labels(), {.threshold = 0.5});
  check_close(factors[0], 1);
  check_close(factors[3], 2);  // sqrt(0.5 / (1 / 8))
  check_close(factors[4], 1);
  check_close(repeat_factors(labels(), {.threshold = 0.5, .largest = 1.5})[3], 1.5);
  check_close(repeat_factors(labels(), {.threshold = 2})[0], 2);
  check_close(repeat_factors(labels(), {.threshold = 2})[4], 1);
}

TEST_CASE("rows are drawn as often as their weights say, and equal for equal seeds") {
  const auto weights = class_balanced_sampling(labels());
  constexpr std::size_t n = 200'000;
  const auto rows = sample_rows(weights, n, 42);
  REQUIRE(rows.size() == n);
  std::vector<double> counts(8);
  for (const std::size_t row : rows) ++counts[row];
  for (std::size_t i = 0; i < 8; ++i) {
    const double expected = weights[i] * double(n);
    CHECK(std::abs(counts[i] - expected) < 5 * std::sqrt(expected));
  }
  CHECK(sample_rows(weights, 100, 42) ==
        std::vector<std::size_t>(rows.begin(), rows.begin() + 100));
  CHECK(sample_rows(weights, 100, 43) != sample_rows(weights, 100, 42));
  CHECK(sample_rows(weights, 100, 42, 1) != sample_rows(weights, 100, 42, 0));
  double fourth = 0;
  for (const std::size_t row : sample_rows(std::vector<double>{0, 2, 0, 1, 0}, 9000, 1)) {
    CHECK((row == 1 || row == 3));
    if (row == 3) ++fourth;
  }
  CHECK(std::abs(fourth - 3000) < 250);
}

TEST_CASE("rows of an epoch, repeated and shuffled") {
  const std::vector<double> factors{1, 2, 0, 2.25, 1};
  double fourth = 0;
  bool shuffled = false;
  for (std::uint64_t epoch = 0; epoch < 4000; ++epoch) {
    std::vector<double> counts(5);
    const auto rows = repeat_rows(factors, 7, epoch);
    for (const std::size_t row : rows) ++counts[row];
    CHECK(counts[0] == 1);
    CHECK(counts[1] == 2);
    CHECK(counts[2] == 0);
    CHECK(counts[4] == 1);
    fourth += counts[3];
    shuffled = shuffled || rows.front() != 0;
  }
  CHECK(std::abs(fourth / 4000 - 2.25) < 0.03);
  CHECK(shuffled);
  CHECK(repeat_rows(factors, 7, 3) == repeat_rows(factors, 7, 3));
}

TEST_CASE("samplers refuse what makes no sense") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(sampling_weights(labels(), -1), InvalidArgument);
  CHECK_THROWS_AS(sampling_weights(LabelMatrixView(kLabels.data(), 0, 2), 0), InvalidArgument);
  CHECK_THROWS_AS(progressive_sampling(labels(), 1.1), InvalidArgument);
  CHECK_THROWS_AS(repeat_factors(labels(), {.threshold = 0}), InvalidArgument);
  CHECK_THROWS_AS(repeat_factors(labels(), {.largest = 0.5}), InvalidArgument);
  CHECK_THROWS_AS(sample_rows(std::vector<double>{0, 0}, 3, 1), InvalidArgument);
  CHECK_THROWS_AS(sample_rows(std::vector<double>{1, -1}, 3, 1), InvalidArgument);
  CHECK_THROWS_AS(sample_rows(std::vector<double>{1, infinity}, 3, 1), InvalidArgument);
  CHECK_THROWS_AS(repeat_rows(std::vector<double>{1, -1}, 1), InvalidArgument);
  const std::vector<std::int8_t> odd{0, 3};
  CHECK_THROWS_AS(class_balanced_sampling(LabelMatrixView(odd.data(), 1, 2)), InvalidArgument);
}
