// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/calibration_error.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Labels = std::vector<Label>;
using View = ColumnView<const double>;

/// A view of labels that live to the end of the full expression.
LabelColumnView view(const Labels& labels) {
  return LabelColumnView(labels);
}

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

TEST_CASE("every edge k/n belongs to the bin above it, and 1 to the last") {
  for (std::size_t n = 1; n <= 200; ++n) {
    for (std::size_t k = 0; k < n; ++k) {
      const double edge = static_cast<double>(k) / static_cast<double>(n);
      CHECK(detail::bin_index(edge, n) == k);
      if (k > 0) CHECK(detail::bin_index(std::nextafter(edge, 0), n) == k - 1);
      CHECK(detail::bin_index(std::nextafter(edge, 2), n) == k);
    }
    CHECK(detail::bin_index(1, n) == n - 1);
  }
}

TEST_CASE("reliability bins hold every row once, empty bins included") {
  const Doubles p{0, .1, .25, .5, .74, .75, 1};
  const Labels labels{0, 1, 0, 1, 1, 0, 1};
  const auto result = reliability_bins(View(p), labels, 4);
  REQUIRE(result.why == Undefined::none);
  REQUIRE(result.bins.size() == 4);
  const std::uint64_t counts[] = {2, 1, 2, 2};
  const double means[] = {.05, .25, .62, .875};
  const double rates[] = {.5, 0, 1, .5};
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(result.bins[k].lower == static_cast<double>(k) / 4);
    CHECK(result.bins[k].upper == static_cast<double>(k + 1) / 4);
    CHECK(result.bins[k].count == counts[k]);
    CHECK(result.bins[k].weight == static_cast<double>(counts[k]));
    check_close(result.bins[k].mean_probability, means[k], 1e-15);
    check_close(result.bins[k].observed_rate, rates[k], 1e-15);
  }
  const Doubles one{.5};
  const auto sparse = reliability_bins(View(one), view({1})).bins;
  REQUIRE(sparse.size() == 15);
  CHECK(sparse[0].count == 0);
  CHECK(std::isnan(sparse[0].mean_probability));
  CHECK(std::isnan(sparse[0].observed_rate));
  CHECK(sparse[7].count == 1);
}

TEST_CASE("weights make means and shares in bins") {
  const Doubles p{.1, .2, .9};
  const Labels labels{1, 0, 1};
  const Doubles weights{1, 3, 4};
  const auto bins = reliability_bins(View(p), labels, 2, weights).bins;
  CHECK(bins[0].weight == 4);
  CHECK(bins[0].count == 2);
  check_close(bins[0].mean_probability, .175, 1e-15);
  check_close(bins[0].observed_rate, .25, 1e-15);
  check_close(ece_of(p, labels, 2, weights), (4 * .075 + 4 * .1) / 8, 1e-15);
  CHECK(reliability_bins(View(p), labels, 2, Doubles{1, 0, 4}).bins[0].count == 1);
}

TEST_CASE("float probabilities are binned as doubles") {
  // 0.7F is a little less than 0.7, 0.1F a little more than 0.1.
  const std::vector<float> p{0.7F, 0.1F};
  const Labels labels{1, 1};
  const auto bins = reliability_bins(ColumnView<const float>(p), labels, 10).bins;
  CHECK(bins[6].count == 1);
  CHECK(bins[7].count == 0);
  CHECK(bins[1].count == 1);
  CHECK(ece(ColumnView<const float>(p), labels, 1).defined());
  CHECK(mce(ColumnView<const float>(p), labels, 1).defined());
  CHECK(ece_mass(ColumnView<const float>(p), labels, 1).defined());
  CHECK(ece_correctness(ColumnView<const float>(p), labels, 1).defined());
  CHECK(equal_mass_bins(ColumnView<const float>(p), labels, 1).bins[0].count == 2);
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

TEST_CASE("equal-mass bins differ by at most one row where nothing ties") {
  for (const int n_rows : {1, 2, 7, 10, 12, 29, 90}) {
    Doubles p;
    for (int i = 0; i < n_rows; ++i) p.push_back((i * 37 % n_rows) / static_cast<double>(n_rows));
    const Labels labels(p.size(), 0);
    for (const int n : {1, 2, 3, 5, 15}) {
      const auto bins = equal_mass_bins(View(p), labels, n).bins;
      CHECK(bins.size() == static_cast<std::size_t>(std::min(n, n_rows)));
      std::uint64_t rows = 0;
      for (std::size_t k = 0; k < bins.size(); ++k) {
        rows += bins[k].count;
        if (n <= n_rows) {
          CHECK(bins[k].count >= static_cast<std::uint64_t>(n_rows / n));
          CHECK(bins[k].count <= static_cast<std::uint64_t>((n_rows + n - 1) / n));
        }
        CHECK(bins[k].lower <= bins[k].upper);
        if (k > 0) CHECK(bins[k - 1].upper < bins[k].lower);
      }
      CHECK(rows == p.size());
    }
  }
}

TEST_CASE("equal-mass bins by hand: ties stay together, heavy ties take several bins' place") {
  const Doubles p{.1, .2, .2, .2, .2, .9};
  const Labels labels{0, 1, 0, 0, 0, 1};
  // Middles of the groups: 1/12, 6/12, 11/12 of the mass.
  const auto three = equal_mass_bins(View(p), labels, 3).bins;
  REQUIRE(three.size() == 3);
  CHECK(three[1].count == 4);
  CHECK(three[1].lower == .2);
  CHECK(three[1].upper == .2);
  check_close(three[1].observed_rate, .25, 1e-15);
  check_close(ece_mass(View(p), labels, 3).value, (.1 + 4 * .05 + .1) / 6, 1e-15);
  const auto two = equal_mass_bins(View(p), labels, 2).bins;  // 6/12 opens the second half
  REQUIRE(two.size() == 2);
  CHECK(two[0].count == 1);
  CHECK(two[1].count == 5);
  CHECK(two[1].lower == .2);
  CHECK(two[1].upper == .9);
  check_close(two[1].mean_probability, 1.7 / 5, 1e-15);
  check_close(two[1].observed_rate, .4, 1e-15);
  CHECK(equal_mass_bins(View(p), labels, 100).bins.size() == 3);
  const Doubles constant(4, .25);
  CHECK(equal_mass_bins(View(constant), view({1, 0, 0, 0}), 15).bins.size() == 1);
  CHECK(ece_mass(View(constant), view({1, 0, 0, 0})).value == 0);
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
                                    ece_mass(View(p), labels), ece_correctness(View(p), labels)};
  };
  for (const MetricValue& value : all(good, missing)) CHECK(value.why == Undefined::no_samples);
  for (const MetricValue& value : all(outside, one)) {
    CHECK(value.why == Undefined::not_probabilities);
    CHECK(std::isnan(value.value));
  }
  CHECK(reliability_bins(View(outside), one).bins.empty());
  CHECK(equal_mass_bins(View(outside), one).bins.empty());
  CHECK(equal_mass_bins(View(good), missing).why == Undefined::no_samples);
  CHECK_THROWS_AS(ece(View(wrong), one), InvalidArgument);
  CHECK_THROWS_AS(ece_mass(View(wrong), one), InvalidArgument);
  CHECK_THROWS_AS(ece(View(good), one, 0), InvalidArgument);
  CHECK_THROWS_AS(ece_mass(View(good), one, -1), InvalidArgument);
  CHECK_THROWS_AS(ece(View(good), one, 5, Doubles{-1}), InvalidArgument);
}
