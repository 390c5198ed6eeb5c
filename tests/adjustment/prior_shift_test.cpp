// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/adjustment/prior_shift.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/adjustment/logit_shift.hpp"
#include "support.hpp"

using namespace cxrlt;

TEST_CASE("the worked example, and not the softmax form", "[prior_shift]") {
  const double p = shifted_probability(0.01, prior_shift(0.002, 0.02));
  CHECK(p == Approx(0.0933).margin(5e-5));
  // Bayes' rule by hand: likelihood ratio (.01 / .99) / (.002 / .998), prior odds .02 / .98.
  const double odds = (0.01 / 0.99) / (0.002 / 0.998) * (0.02 / 0.98);
  check_close(p, odds / (1 + odds));
  const double softmax_form = shifted_probability(0.01, -std::log(0.002));
  CHECK(softmax_form == Approx(0.83).margin(5e-3));
  CHECK(std::abs(p - softmax_form) > 0.7);
}

TEST_CASE("shifting there and back changes nothing", "[prior_shift]") {
  check_close(prior_shift(0.3, 0.05), -prior_shift(0.05, 0.3));
  CHECK(prior_shift(0.2, 0.2) == 0);
  check_close(
      shifted_probability(shifted_probability(0.4, prior_shift(0.1, 0.3)), prior_shift(0.3, 0.1)),
      0.4);
  // A posterior of the prior becomes a posterior of the new prior.
  check_close(shifted_probability(0.1, prior_shift(0.1, 0.3)), 0.3);
}

TEST_CASE("all classes", "[prior_shift]") {
  const TrainingCounts counts{{2, 500, 0, 1000, 5}, 1000, "me"};
  const MetricValue none = MetricValue::undefined(Undefined::not_estimable);
  const std::vector<MetricValue> target{{0.02}, {0.5}, {0.1}, {0.1}, none};
  const auto shifts = prior_shifts(counts, target);
  check_close(shifts[0].value, prior_shift(0.002, 0.02));
  CHECK(shifts[0].why == Undefined::none);
  CHECK(shifts[1].value == 0);
  CHECK(shifts[2].value == 0);
  CHECK(shifts[2].why == Undefined::no_positives);
  CHECK(shifts[3].value == 0);
  CHECK(shifts[3].why == Undefined::no_negatives);
  CHECK(shifts[4].value == 0);
  CHECK(shifts[4].why == Undefined::not_estimable);
  const std::vector<MetricValue> fewer{{0.1}};
  CHECK_THROWS_AS(prior_shifts(counts, fewer), InvalidArgument);
  // A target is looked at even where the class is left as it is.
  const std::vector<MetricValue> wrong{{0.02}, {0.5}, {1.5}, {0.1}, none};
  CHECK_THROWS_AS(prior_shifts(counts, wrong), InvalidArgument);
}

TEST_CASE("priors of 0 and 1 are no priors to shift by", "[prior_shift]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double wrong : {0.0, 1.0, -0.1, 1.1, nan}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(prior_shift(wrong, 0.5), InvalidArgument);
    CHECK_THROWS_AS(prior_shift(0.5, wrong), InvalidArgument);
  }
  CHECK(inner_prior(0, 1000) == 0.0005);
  CHECK(inner_prior(1, 1000) == 0.9995);
  CHECK(inner_prior(0.2, 1000) == 0.2);
  CHECK(inner_prior(0.2, 0) == 0.5);
}
