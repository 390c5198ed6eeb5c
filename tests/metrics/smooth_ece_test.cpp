// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/smooth_ece.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <vector>

#include "metrics/column_views.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Residuals = std::vector<detail::Residual>;

View values(const Doubles& p) {
  return View(p);
}

/// The integral by the midpoint rule of the plain sum over all residuals and images.
double plain_integral(const Residuals& residuals, double sigma) {
  constexpr int n_points = 20000;
  const double furthest = 9 * sigma;
  Residuals images;
  for (const detail::Residual& residual : residuals) {
    for (int k = -6; k <= 6; ++k) {
      for (const double image : {2 * k + residual.probability, 2 * k - residual.probability}) {
        if (image > -furthest && image < 1 + furthest) images.push_back({image, residual.mass});
      }
    }
  }
  double sum = 0;
  for (int j = 0; j < n_points; ++j) {
    const double t = (j + 0.5) / n_points;
    double value = 0;
    for (const detail::Residual& image : images) {
      const double distance = t - image.probability;
      if (std::abs(distance) > furthest) continue;
      value += image.mass * std::exp(-distance * distance / (2 * sigma * sigma));
    }
    sum += std::abs(value);
  }
  return sum / n_points / (sigma * std::sqrt(2 * std::numbers::pi));
}

}  // namespace

TEST_CASE("smoothed residuals integrate as the plain sum does") {
  const Residuals some{{0, .2}, {.004, -.3}, {.3, .1}, {.35, -.25}, {.9, .2}, {1, -.1}};
  for (const double sigma : {1.0, .6, .25, .07, .02, .004}) {
    CAPTURE(sigma);
    const double expected = plain_integral(some, sigma);
    CHECK(std::abs(detail::smoothed_integral(some, sigma) - expected) <= 1e-6 * expected);
  }
  // Narrow widths leave residuals alone, wide ones add them up.
  check_close(detail::smoothed_integral(some, 1e-6), 1.15, 1e-8);
  check_close(detail::smoothed_integral({{{.3, .2}, {.31, .1}}}, .05), .3, 1e-8);
}

TEST_CASE("two sure and wrong rows: the reflected Gaussian as a cosine series") {
  // With residuals 1/2 at 0 and -1/2 at 1 the smoothed function is 2 sum_k exp(-(pi k s)^2 / 2)
  // cos(pi k t) over odd k, of one sign on either half, where cos(pi k t) integrates to +-1/(pi k).
  const auto integral = [](double s) {
    double sum = 0;
    for (int k = 1; k < 60; k += 2) {
      const double sign = k % 4 == 1 ? 1 : -1;
      sum +=
          sign * 4 / (std::numbers::pi * k) * std::exp(-std::pow(std::numbers::pi * k * s, 2) / 2);
    }
    return sum;
  };
  const double s = smooth_ece(values(Doubles{0, 1}), view({1, 0})).value;
  check_close(integral(s), s, 1e-7);
}

TEST_CASE("the smooth error of residuals of one sign is their mean") {
  check_close(smooth_ece(values(Doubles(10, 0)), view({1, 0, 0, 0, 0, 0, 0, 0, 0, 0})).value, .1);
  const Doubles low{.1, .2, .3};
  check_close(smooth_ece(View(low), view({1, 1, 1})).value, .8, 1e-12);
  check_close(smooth_ece(View(low), view({0, 0, 0})).value, .2, 1e-12);
  const Doubles half{.5, .5};
  CHECK(smooth_ece(View(half), view({1, 0})).value == 0);
  const std::vector<float> narrow{.5F, .25F};
  CHECK(smooth_ece(ColumnView<const float>(narrow), view({0, 0})).value == .375);
}

TEST_CASE("the smooth error lies between the mean residual and the mean absolute one") {
  Random random(501);
  for (int repetition = 0; repetition < 200; ++repetition) {
    const Sample s = random_sample(random, 15);
    const MetricValue found = smooth_ece(View(s.scores), s.labels, s.weights);
    const double total = s.weight_of(0) + s.weight_of(1);
    if (total == 0) {
      CHECK(found.why == Undefined::no_samples);
      continue;
    }
    double sum = 0;
    double absolute_sum = 0;
    Residuals residuals;
    const Doubles distinct = s.distinct_scores();
    for (auto score = distinct.rbegin(); score != distinct.rend(); ++score) {
      const Sample group = s.where([&](std::size_t i) { return s.scores[i] == *score; });
      const double weight = group.weight_of(0) + group.weight_of(1);
      residuals.push_back({*score, (group.weight_of(1) - weight * *score) / total});
      sum += residuals.back().mass;
      absolute_sum += std::abs(residuals.back().mass);
    }
    CHECK(found.value >= std::abs(sum) - 1e-9);
    CHECK(found.value <= absolute_sum + 1e-9);
    if (repetition % 20 == 0 && found.value > 0.01) {
      CHECK(std::abs(plain_integral(residuals, found.value) - found.value) <= 1e-6);
    }
    // Repeated rows and rows in another order change nothing.
    const Sample r = s.repeated();
    check_close(smooth_ece(View(r.scores), r.labels).value, found.value, 1e-9);
    Sample reversed;
    for (std::size_t i = s.size(); i-- > 0;) reversed.add(s.scores[i], s.labels[i], s.weights[i]);
    check_close(smooth_ece(View(reversed.scores), reversed.labels, reversed.weights).value,
                found.value, 1e-9);
  }
}

TEST_CASE("the smooth error sees a tail class: a thousandth of it is a thousandth") {
  // Labels of one kind over a range far below any fixed smallest width; neighbours cancel.
  const Residuals wide{{.1, .4}, {.2, -.3}, {.5, .2}, {.7, -.1}};
  Residuals narrow = wide;
  for (detail::Residual& residual : narrow) {
    residual.probability *= 1e-4;
    residual.mass *= 1e-4;
  }
  // Scaled into the middle, where no reflection tells the two apart.
  for (detail::Residual& residual : narrow) residual.probability += .5;
  Residuals centred = wide;
  for (detail::Residual& residual : centred) {
    residual.probability = .5 + .01 * residual.probability;
    residual.mass *= .01;
  }
  const double small = detail::width_of_equal_error(narrow, 1e-12, 1e-4);
  const double large = detail::width_of_equal_error(centred, 1e-12, 1e-2);
  CHECK(small < 5e-5);
  CHECK(std::abs(small * 100 / large - 1) <= 1e-6);
}

TEST_CASE("residuals that all but cancel leave next to nothing") {
  const Doubles p{.5, std::nextafter(.5, 1)};
  const double found = smooth_ece(View(p), view({1, 0})).value;
  CHECK(found > 0);
  CHECK(found < 1e-6);
  const Residuals cancelled{{.5, .25}, {.5, -.25}};
  CHECK(detail::width_of_equal_error(cancelled, 0, .5) <= 1e-12);
}

TEST_CASE("the smooth error is undefined or refused as probabilities are") {
  const Doubles good{.5};
  const Doubles outside{1.5};
  const Doubles wrong{std::numeric_limits<double>::quiet_NaN()};
  CHECK(smooth_ece(View(good), view({kMissing})).why == Undefined::no_samples);
  CHECK(smooth_ece(View(outside), view({1})).why == Undefined::not_probabilities);
  CHECK_THROWS_AS(smooth_ece(View(wrong), view({1})), InvalidArgument);
  CHECK_THROWS_AS(smooth_ece(View(good), view({1, 0})), InvalidArgument);
  CHECK_THROWS_AS(smooth_ece(View(good), view({1}), Doubles{-1}), InvalidArgument);
}
