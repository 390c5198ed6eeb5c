// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/observed_over_expected.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "golden/scikit_learn.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Labels = std::vector<Label>;
using View = ColumnView<const double>;

}  // namespace

TEST_CASE("observed over expected by hand") {
  const Doubles p{.5, .25, .25, .9};
  const Labels labels{1, 0, 1, kMissing};
  const auto result = observed_over_expected(View(p), labels);
  CHECK(result.value.value == 2);
  CHECK(result.observed == 2);
  CHECK(result.expected == 1);
  REQUIRE(result.interval);
  // Garwood's limits for two events.
  check_close(result.interval->lower, 0.2422092785, 1e-9);
  check_close(result.interval->upper, 7.2246876670, 1e-9);
  CHECK(result.interval->level == 0.95);
  const std::vector<float> narrow{.5F, .25F, .25F, .9F};
  CHECK(observed_over_expected(ColumnView<const float>(narrow), labels).value.value == 2);
}

TEST_CASE("it shows what ECE cannot see") {
  const Doubles p(10000, 0.00001);
  Labels labels(p.size(), 0);
  for (std::size_t i = 0; i < 10; ++i) labels[i] = 1;
  const auto result = observed_over_expected(View(p), labels);
  check_close(result.value.value, 100, 1e-10);
  REQUIRE(result.interval);
  CHECK(result.interval->lower > 40);
}

TEST_CASE("no event has the lower limit 0 and an upper one") {
  const auto result = observed_over_expected(0, 2.0, 0.95);
  CHECK(result.value.value == 0);
  REQUIRE(result.interval);
  CHECK(result.interval->lower == 0);
  check_close(result.interval->upper, -std::log(0.025) / 2, 1e-14);
}

TEST_CASE("the interval is that of SciPy's chi-square quantiles") {
  for (const auto& limits : golden::poisson_limits) {
    CAPTURE(limits.observed, limits.level);
    const Interval interval = detail::poisson_interval(limits.observed, limits.level);
    CHECK(interval.level == limits.level);
    CHECK(std::abs(interval.lower - limits.lower) <= 1e-12 * limits.lower);
    CHECK(std::abs(interval.upper - limits.upper) <= 1e-12 * limits.upper);
  }
}

TEST_CASE("the limits put the stated mass into either tail") {
  for (const double level : {0.01, 0.5, 0.95, 0.999999}) {
    for (const std::uint64_t observed : {1U, 2U, 5U, 40U, 3000U}) {
      const Interval interval = detail::poisson_interval(observed, level);
      // The Poisson sums themselves, term by term.
      double at_most = 0;
      double below = 0;
      double upper_term = std::exp(-interval.upper);
      double lower_term = std::exp(-interval.lower);
      if (observed < 700) {
        for (std::uint64_t k = 0; k <= observed; ++k) {
          at_most += upper_term;
          if (k < observed) below += lower_term;
          upper_term *= interval.upper / static_cast<double>(k + 1);
          lower_term *= interval.lower / static_cast<double>(k + 1);
        }
        check_close(at_most, (1 - level) / 2, 1e-12);
        check_close(1 - below, (1 - level) / 2, 1e-12);
      }
      CHECK(interval.lower < static_cast<double>(observed) + 1);
      CHECK(interval.lower < interval.upper);
    }
  }
}

TEST_CASE("Poisson probabilities keep their digits") {
  for (const double n : {1.0, 2.0, 10.0, 15.0, 16.0, 30.0}) {
    double factorial = 1;
    for (double i = 2; i <= n; i += 1) factorial *= i;
    for (const double mean : {0.1, 1.0, n, 2 * n}) {
      const double expected = std::exp(-mean) * std::pow(mean, n) / factorial;
      CHECK(std::abs(detail::poisson_probability(n, mean) / expected - 1) < 1e-13);
    }
  }
}

TEST_CASE("with weights there is a ratio but no interval") {
  const Doubles p{.5, .25, .25};
  const Labels labels{1, 0, 1};
  const auto result = observed_over_expected(View(p), labels, Doubles{2, 1, 3});
  CHECK(result.value.value == 2.5);
  CHECK(result.observed == 5);
  CHECK(result.expected == 2);
  CHECK_FALSE(result.interval);
  CHECK(observed_over_expected(View(p), labels, Doubles{0, 1, 1}).value.value == 2);
}

TEST_CASE("the parts of classes add up to those of a group") {
  const auto result = observed_over_expected(3, 1.5, 0.9);
  CHECK(result.value.value == 2);
  CHECK(result.interval->level == 0.9);
  CHECK(result.interval->upper < observed_over_expected(3, 1.5, 0.95).interval->upper);
  CHECK(result.interval->lower > observed_over_expected(3, 1.5, 0.95).interval->lower);
}

TEST_CASE("observed over expected without a value") {
  const Doubles zeros{0, 0};
  const Labels labels{1, 0};
  const auto none = observed_over_expected(View(zeros), labels);
  CHECK(none.value.why == Undefined::no_predictions);
  CHECK_FALSE(none.interval);
  CHECK(none.observed == 1);
  CHECK(observed_over_expected(View(zeros), labels, Doubles{1, 1}).value.why ==
        Undefined::no_predictions);
  const Doubles outside{.5, 2};
  CHECK(observed_over_expected(View(outside), labels).value.why == Undefined::not_probabilities);
  CHECK_FALSE(observed_over_expected(View(outside), labels).interval);
  const Labels missing{kMissing, kMissing};
  CHECK(observed_over_expected(View(zeros), missing).value.why == Undefined::no_samples);
}

TEST_CASE("levels outside (0, 1) and impossible expectations are refused") {
  const Doubles p{.5};
  const Labels labels{1};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double level : {0.0, 1.0, -1.0, nan}) {
    CHECK_THROWS_AS(observed_over_expected(View(p), labels, {}, level), InvalidArgument);
  }
  CHECK_THROWS_AS(observed_over_expected(1, -1.0), InvalidArgument);
  CHECK_THROWS_AS(observed_over_expected(1, nan), InvalidArgument);
  std::string message;
  try {
    observed_over_expected(1, -1e-9);
  } catch (const InvalidArgument& error) {
    message = error.what();
  }
  CHECK(message ==
        "observed_over_expected: the expected number is -1e-09; expected a finite number >= 0");
  const Doubles wrong{nan};
  CHECK_THROWS_AS(observed_over_expected(View(wrong), labels), InvalidArgument);
}
