// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/calibration_error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "metrics/column_views.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

double ece_of(const Doubles& p, const Labels& labels, int n_bins, const Doubles& weights = {}) {
  return ece(View(p), labels, n_bins, weights).value;
}

/// |sum of w (y - p)| over the rows that `in` wants: their share of an ECE, times the total weight.
template <class In>
double gap(const Sample& s, const In& in) {
  double sum = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s.labels[i] != kMissing && in(i)) sum += s.weights[i] * (s.labels[i] - s.scores[i]);
  }
  return std::abs(sum);
}

}  // namespace

TEST_CASE("the worked table of calibration errors, ten bins") {
  check_close(ece_of({0, 1}, {1, 0}, 10), 1, 1e-15);
  check_close(ece_of({.95, 1}, {1, 0}, 10), .475, 1e-15);
  check_close(ece_of(Doubles(10, 0), {1, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 10), .1, 1e-15);
  check_close(ece_of({0, .1, .5, 1}, {0, 1, 0, 1}, 10), .35, 1e-15);
  check_close(ece_of({.3, .25}, {0, 1}, 10), .525, 1e-15);
  check_close(ece_of({.6, .7, .55}, {0, 1, 1}, 10), .45, 1e-15);
}

TEST_CASE("ECE equals its definition on tie-heavy samples") {
  Random random(204);
  for (int repetition = 0; repetition < 1500; ++repetition) {
    const Sample s = random_sample(random, 15);
    const double total = s.weight_of(0) + s.weight_of(1);
    if (total == 0) {
      CHECK(ece(View(s.scores), s.labels, 3, s.weights).why == Undefined::no_samples);
      continue;
    }
    for (const int n : {1, 2, 3, 5, 10}) {
      double sum = 0;
      double largest = 0;
      for (int k = 0; k < n; ++k) {
        const auto in = [&](std::size_t i) {
          const double p = s.scores[i];
          return p >= static_cast<double>(k) / n &&
                 (p < static_cast<double>(k + 1) / n || k == n - 1);
        };
        const Sample bin = s.where(in);
        const double weight = bin.weight_of(0) + bin.weight_of(1);
        if (weight > 0) largest = std::max(largest, gap(s, in) / weight);
        sum += gap(s, in);
      }
      check_close(ece_of(s.scores, s.labels, n, s.weights), sum / total, 1e-13);
      check_close(mce(View(s.scores), s.labels, n, 1, s.weights).value, largest, 1e-13);
      const Sample r = s.repeated();
      check_close(ece_of(r.scores, r.labels, n), sum / total, 1e-13);
      check_close(ece_mass(View(r.scores), r.labels, n).value,
                  ece_mass(View(s.scores), s.labels, n, s.weights).value, 1e-13);
    }
  }
}

TEST_CASE("MCE leaves out bins with too few rows") {
  const Doubles p{.05, .55, .6, .95};
  const Labels labels{1, 1, 0, 1};
  check_close(mce(View(p), labels, 2).value, .95, 1e-15);
  check_close(mce(View(p), labels, 2, 2).value, .1 / 3, 1e-14);
  CHECK(mce(View(p), labels, 2, 3).defined());
  CHECK(mce(View(p), labels, 2, 4).why == Undefined::no_samples);
  CHECK(mce(View(p), labels, 2, 0).value == mce(View(p), labels, 2, 1).value);
}

TEST_CASE("ECE and MCE of weights, of floats, and of any bins") {
  const Doubles p{.1, .2, .9};
  const Labels labels{1, 0, 1};
  check_close(ece_of(p, labels, 2, Doubles{1, 3, 4}), (4 * .075 + 4 * .1) / 8, 1e-15);
  const std::vector<float> narrow{.25F, .5F};
  CHECK(ece(ColumnView<const float>(narrow), view({1, 1}), 1).value == .625);
  CHECK(mce(ColumnView<const float>(narrow), view({1, 1}), 2).value == .75);
  CHECK(ece_mass(ColumnView<const float>(narrow), view({1, 1}), 1).value == .625);
  CHECK(ece_sweep(ColumnView<const float>(narrow), view({0, 1})).value == .375);
  CHECK(ece_correctness(ColumnView<const float>(narrow), view({1, 1}), 1).value == .125);
  check_close(ece(log_bins(View(p), labels, {.per_decade = 1, .n_decades = 1})).value, 2.0 / 3 - .4,
              1e-15);
  check_close(mce(isotonic_bins(View(p), labels)).value, .35, 1e-15);
  CHECK(ece(CalibrationBins{{}, Undefined::no_samples}).why == Undefined::no_samples);
}

TEST_CASE("ECE of equal-mass bins by hand") {
  const Doubles p{.1, .2, .2, .2, .2, .9};
  const Labels labels{0, 1, 0, 0, 0, 1};
  check_close(ece_mass(View(p), labels, 3).value, (.1 + 4 * .05 + .1) / 6, 1e-15);
  const Doubles constant(4, .25);
  CHECK(ece_mass(View(constant), view({1, 0, 0, 0})).value == 0);
}

TEST_CASE("the sweep's ECE by hand") {
  const Doubles p{.1, .2, .3, .4, .5, .6};
  // Three bins of rate 1/2 at .15, .35 and .55.
  check_close(ece_sweep(View(p), view({0, 1, 0, 1, 0, 1})).value, (.35 + .15 + .05) / 3, 1e-15);
  CHECK(ece_sweep(View(p), view(Labels(6, kMissing))).why == Undefined::no_samples);
}

TEST_CASE("the debiased L2 error by hand, and where it is negative") {
  // Rate 1/3 at .1 and rate 1/2 at .9; the row at .5 is alone.
  const Doubles p{.1, .1, .1, .9, .9, .5};
  const Labels labels{0, 0, 1, 1, 0, 1};
  const DebiasedError error = debiased_l2_error(reliability_bins(View(p), labels, 10));
  const double low = std::pow(1.0 / 3 - .1, 2) - 2.0 / 9 / 2;
  const double high = .16 - .25;
  check_close(error.squared, (3 * low + 2 * high) / 5, 1e-15);
  CHECK(error.value.value == 0);
  CHECK(error.n_left_out == 1);
  const Labels wrong{1, 1, 1, 0, 0, 1};
  const DebiasedError certain = debiased_l2_error(reliability_bins(View(p), wrong, 10));
  check_close(certain.value.value, .9, 1e-15);
  check_close(certain.squared, .81, 1e-15);
}

TEST_CASE("the debiased L2 error is on average the squared gap of the bins") {
  const Doubles p{.2, .2, .2, .2, .7, .7, .7};
  const double rates[] = {.35, .6};
  double mean = 0;
  double plain = 0;
  for (unsigned pattern = 0; pattern < 128; ++pattern) {
    Labels labels;
    double chance = 1;
    for (unsigned i = 0; i < 7; ++i) {
      labels.push_back(static_cast<Label>(pattern >> i & 1U));
      const double rate = rates[i < 4 ? 0 : 1];
      chance *= labels[i] == 1 ? rate : 1 - rate;
    }
    const CalibrationBins bins = reliability_bins(View(p), labels, 10);
    mean += chance * debiased_l2_error(bins).squared;
    plain += chance * std::pow(ece(bins).value, 2);
  }
  check_close(mean, (4 * .15 * .15 + 3 * .1 * .1) / 7, 1e-13);
  CHECK(plain > 1.5 * mean);
}

TEST_CASE("the debiased L2 error does not exist for lone rows, and refuses weights") {
  const Doubles p{.1, .9};
  const DebiasedError lone = debiased_l2_error(reliability_bins(View(p), view({0, 1}), 10));
  CHECK(lone.value.why == Undefined::no_samples);
  CHECK(std::isnan(lone.squared));
  CHECK(lone.n_left_out == 2);
  CHECK(debiased_l2_error(reliability_bins(View(p), view({kMissing, kMissing}))).value.why ==
        Undefined::no_samples);
  CHECK_THROWS_AS(debiased_l2_error(reliability_bins(View(p), view({0, 1}), 1, Doubles{1, 2})),
                  InvalidArgument);
}

TEST_CASE("ECE of correctness holds p against the decision at 0.5") {
  // Right: .9 (1), .1 (0), .5 (1); wrong: .5 (0), .6 (0).
  const Doubles p{.9, .1, .5, .5, .6};
  const Labels labels{1, 0, 1, 0, 0};
  check_close(ece_correctness(View(p), labels, 10).value, (.1 + .9 + 0 + .6) / 5, 1e-15);
  // p = .5 decides positive: both are right here, and the gap is 1 - .7.
  const Doubles two{.5, .9};
  check_close(ece_correctness(View(two), view({1, 1}), 1).value, .3, 1e-15);
  // A perfect model scores the share of negatives.
  const Doubles perfect{0, 0, 0, 1};
  CHECK(ece_correctness(View(perfect), view({0, 0, 0, 1})).value == .75);
  CHECK(ece(View(perfect), view({0, 0, 0, 1})).value == 0);
}

TEST_CASE("ECE does not see the tail: probabilities 100 times too small cost 0.001") {
  const std::size_t n = 10000;
  const Doubles p(n, 0.00001);
  Labels labels(n, 0);
  std::fill(labels.begin(), labels.begin() + 10, Label{1});
  check_close(ece(View(p), labels).value, 0.001 - 0.00001, 1e-14);
}

TEST_CASE("calibration errors are undefined or refused as probabilities are") {
  const Doubles good{.5};
  const Doubles outside{1.5};
  const Doubles wrong{std::numeric_limits<double>::quiet_NaN()};
  const Labels one{1};
  const Labels missing{kMissing};
  const auto all = [&](const Doubles& p, const Labels& labels) {
    return std::vector<MetricValue>{ece(View(p), labels), mce(View(p), labels),
                                    ece_mass(View(p), labels), ece_sweep(View(p), labels),
                                    ece_correctness(View(p), labels)};
  };
  for (const MetricValue& value : all(good, missing)) CHECK(value.why == Undefined::no_samples);
  for (const MetricValue& value : all(outside, one)) {
    CHECK(value.why == Undefined::not_probabilities);
    CHECK(std::isnan(value.value));
  }
  CHECK(reliability_bins(View(outside), one).bins.empty());
  CHECK_THROWS_AS(ece(View(wrong), one), InvalidArgument);
  CHECK_THROWS_AS(ece_mass(View(wrong), one), InvalidArgument);
  CHECK_THROWS_AS(ece(View(good), one, 0), InvalidArgument);
  CHECK_THROWS_AS(ece_mass(View(good), one, -1), InvalidArgument);
  CHECK_THROWS_AS(ece(View(good), one, 5, Doubles{-1}), InvalidArgument);
}
