// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/calibration_slope.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "metrics/column_views.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// `n` rows of one probability, `n_positive` of them positive.
void add_rows(Sample& sample, double p, int n, int n_positive) {
  for (int i = 0; i < n; ++i) sample.add(p, i < n_positive ? 1 : 0);
}

}  // namespace

TEST_CASE("two probabilities: the line through both observed logits") {
  // 0.2 comes true in 1 of 10 cases, 0.6 in 9 of 10: from logits ln(1/4), ln(3/2) to -+ln 9.
  Sample s;
  add_rows(s, .2, 10, 1);
  add_rows(s, .6, 10, 9);
  const CalibrationSlope found = calibration_slope(View(s.scores), s.labels);
  const double low = std::log(.25);
  const double high = std::log(1.5);
  const double slope = 2 * std::log(9) / (high - low);
  check_close(found.slope.value.value, slope, 1e-12);
  check_close(found.intercept.value.value, std::log(9) - slope * high, 1e-12);
  // Each fitted logit has variance 1 / (10 * .9 * .1); the line is linear in both.
  check_close(found.slope.standard_error, std::sqrt(2 / .9) / (high - low), 1e-10);
  check_close(found.intercept.standard_error,
              std::sqrt((high * high + low * low) / .9) / (high - low), 1e-10);
  CHECK(found.n_clipped == 0);
}

TEST_CASE("calibrated probabilities have slope 1 and intercept 0, stretched ones have not") {
  Sample s;
  for (const int k : {1, 3, 5, 8}) add_rows(s, k / 10.0, 10, k);
  const CalibrationSlope right = calibration_slope(View(s.scores), s.labels);
  check_close(right.slope.value.value, 1, 1e-11);
  CHECK(std::abs(right.intercept.value.value) <= 1e-11);
  CHECK(std::abs(right.in_the_large.value.value) <= 1e-11);
  Sample stretched = s;
  for (double& p : stretched.scores) p = sigmoid(2 * logit(p) + .7);
  const CalibrationSlope found = calibration_slope(View(stretched.scores), stretched.labels);
  check_close(found.slope.value.value, .5, 1e-11);
  check_close(found.intercept.value.value, -.35, 1e-11);
  check_close(found.slope.standard_error, right.slope.standard_error / 2, 1e-9);
}

TEST_CASE("in the large: expected and observed numbers agree after the shift") {
  Random random(701);
  for (int repetition = 0; repetition < 300; ++repetition) {
    Sample s = random_sample(random, 20);
    for (double& p : s.scores) p = .05 + .9 * p;
    const CalibrationSlope found = calibration_slope(View(s.scores), s.labels, s.weights);
    const double n_positive = s.weight_of(1);
    if (n_positive == 0 || s.weight_of(0) == 0) {
      CHECK_FALSE(found.in_the_large.value.defined());
      continue;
    }
    double expected = 0;
    double gradient[] = {0, 0};
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (s.labels[i] == kMissing) continue;
      const double z = logit(s.scores[i]);
      expected += s.weights[i] * sigmoid(z + found.in_the_large.value.value);
      const double error =
          sigmoid(found.slope.value.value * z + found.intercept.value.value) - s.labels[i];
      gradient[0] += s.weights[i] * error;
      gradient[1] += s.weights[i] * error * z;
    }
    check_close(expected, n_positive, 1e-9);
    CHECK(std::isnan(found.in_the_large.standard_error));
    if (found.slope.value.defined()) {
      CHECK(std::abs(gradient[0]) <= 1e-8);
      CHECK(std::abs(gradient[1]) <= 1e-8);
      CHECK(std::isnan(found.slope.standard_error));
    }
    // Weights are repeated rows.
    const Sample r = s.repeated();
    const CalibrationSlope repeated = calibration_slope(View(r.scores), r.labels);
    CHECK(repeated.slope.value.why == found.slope.value.why);
    check_close(repeated.in_the_large.value.value, found.in_the_large.value.value, 1e-9);
    CHECK(repeated.in_the_large.standard_error > 0);
  }
}

TEST_CASE("separated labels and equal probabilities have no slope, but a shift") {
  const Doubles p{.1, .2, .3, .4};
  const Doubles equal(4, .3);
  for (const auto& [scores, labels] : std::vector<std::pair<Doubles, Labels>>{
           {p, {0, 0, 1, 1}},                 // ascending
           {p, {1, 1, 0, 0}},                 // descending
           {{.1, .2, .2, .4}, {0, 0, 1, 1}},  // they meet in one probability
           {equal, {0, 1, 0, 1}}}) {
    const CalibrationSlope found = calibration_slope(View(scores), labels);
    CHECK(found.slope.value.why == Undefined::not_estimable);
    CHECK(found.intercept.value.why == Undefined::not_estimable);
    CHECK(std::isnan(found.slope.standard_error));
    CHECK(found.in_the_large.value.defined());
  }
  check_close(calibration_slope(View(equal), view({0, 1, 0, 1})).in_the_large.value.value,
              -logit(.3), 1e-10);
  CHECK(calibration_slope(View(p), view({0, 1, 0, 1})).slope.value.defined());
}

TEST_CASE("p = 0 and p = 1 are clipped and counted") {
  const Doubles p{0, 0, .3, .6, 1, 1};
  const Labels labels{0, 1, 0, 1, 0, 1};
  const CalibrationSlope found = calibration_slope(View(p), labels);
  CHECK(found.n_clipped == 4);
  CHECK(found.slope.value.defined());
  CHECK(std::abs(found.slope.value.value) < .2);
  // Sure and right costs nothing, however sure.
  const Doubles sure{0, .3, .6, 1};
  const Doubles inner{0x1p-52, .3, .6, 1 - 0x1p-52};
  CHECK(calibration_slope(View(sure), view({0, 1, 0, 1})).slope.value.value ==
        calibration_slope(View(inner), view({0, 1, 0, 1})).slope.value.value);
  const std::vector<float> narrow{.25F, .75F, .25F, .75F};
  const Labels mixed{1, 0, 0, 1};
  CHECK(std::abs(calibration_slope(ColumnView<const float>(narrow), mixed).slope.value.value) <=
        1e-12);
}

TEST_CASE("calibration slope is undefined or refused as probabilities are") {
  const Doubles p{.2, .6};
  const auto reason = [&](const Labels& labels) {
    const CalibrationSlope found = calibration_slope(View(p), labels);
    CHECK(found.slope.value.why == found.in_the_large.value.why);
    CHECK(found.intercept.value.why == found.in_the_large.value.why);
    return found.slope.value.why;
  };
  CHECK(reason({0, 0}) == Undefined::no_positives);
  CHECK(reason({1, 1}) == Undefined::no_negatives);
  CHECK(reason({kMissing, kMissing}) == Undefined::no_samples);
  const Doubles outside{.2, 1.5};
  CHECK(calibration_slope(View(outside), view({0, 1})).slope.value.why ==
        Undefined::not_probabilities);
  const Doubles wrong{.2, std::numeric_limits<double>::infinity()};
  CHECK_THROWS_AS(calibration_slope(View(wrong), view({0, 1})), InvalidArgument);
  CHECK_THROWS_AS(calibration_slope(View(p), view({0, 1}), Doubles{1, -1}), InvalidArgument);
}
