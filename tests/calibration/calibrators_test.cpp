// SPDX-License-Identifier: Apache-2.0
/// Calibrators of one class and the temperature of all, against worked values and their own
/// conditions of optimality.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/calibration/beta.hpp"
#include "cxrlt/calibration/histogram.hpp"
#include "cxrlt/calibration/isotonic.hpp"
#include "cxrlt/calibration/platt.hpp"
#include "cxrlt/calibration/temperature.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

const std::vector<double> kSix{0.1, 0.3, 0.35, 0.6, 0.8, 0.9};
const std::vector<Label> kSixLabels{0, 1, 0, 1, 0, 1};

struct Sample {
  std::vector<double> logits;
  std::vector<Label> labels;
};

/// Logits whose labels are drawn with probability sigmoid(slope z + intercept).
Sample drawn(std::size_t n, double slope, double intercept, std::uint64_t seed) {
  Random random(seed);
  Sample sample;
  for (std::size_t i = 0; i < n; ++i) {
    const double z = 2 * random.normal();
    sample.logits.push_back(z);
    sample.labels.push_back(random.uniform() < sigmoid(slope * z + intercept) ? 1 : 0);
  }
  return sample;
}

/// The isotonic value of each row by the min-max formula, in O(n^3).
std::vector<double> isotonic_by_definition(const std::vector<double>& scores,
                                           const std::vector<Label>& labels) {
  std::vector<double> values;
  for (const double x : scores) {
    double best = -1;
    for (const double from : scores) {
      if (from > x) continue;
      double least = 2;
      for (const double to : scores) {
        if (to < x) continue;
        double sum = 0;
        double n = 0;
        for (std::size_t i = 0; i < scores.size(); ++i) {
          if (scores[i] < from || scores[i] > to || labels[i] == kMissing) continue;
          sum += labels[i];
          n += 1;
        }
        if (n > 0) least = std::min(least, sum / n);
      }
      if (least <= 1) best = std::max(best, least);
    }
    values.push_back(best);
  }
  return values;
}

}  // namespace

TEST_CASE("Platt's targets are smoothed") {
  const PlattTargets targets = platt_targets({3, 1617});
  CHECK(targets.positive == 0.8);
  check_close(targets.negative, 1.0 / 1619);
  CHECK(std::abs(targets.negative - 6.18e-4) < 5e-7);
}

TEST_CASE("Platt scaling makes the gradient vanish") {
  const Sample sample = drawn(500, 0.7, -2, 1);
  const PlattScaling fitted =
      PlattScaling::fit(ColumnView<const double>(sample.logits), LabelColumnView(sample.labels));
  const PlattTargets targets = platt_targets(fitted.labels);
  double by_slope = 0;
  double by_intercept = 0;
  for (std::size_t i = 0; i < sample.logits.size(); ++i) {
    const double residual =
        fitted(sample.logits[i]) - (sample.labels[i] == 1 ? targets.positive : targets.negative);
    by_slope += residual * sample.logits[i];
    by_intercept += residual;
  }
  CHECK(std::abs(by_slope) < 1e-8);
  CHECK(std::abs(by_intercept) < 1e-8);
  CHECK(std::abs(fitted.slope - 0.7) < 0.2);
  CHECK(std::abs(fitted.intercept + 2) < 0.4);
}

TEST_CASE("separated labels leave Platt scaling finite") {
  const std::vector<double> logits{-3, -2, -1, 1, 2, 3};
  const std::vector<Label> labels{0, 0, 0, 1, 1, 1};
  const PlattScaling fitted = PlattScaling::fit(logits, labels);
  CHECK(fitted.slope > 0);
  CHECK(fitted.slope < 5);
  check_close(fitted(-2.5) + fitted(2.5), 1, 1e-9);
}

TEST_CASE("beta calibration of six points") {
  const BetaCalibration fitted = BetaCalibration::fit(kSix, kSixLabels);
  CHECK(std::abs(fitted.a - 1.228) < 5e-4);
  CHECK(fitted.b == 0);
  CHECK(std::abs(fitted.midpoint() - 0.421) < 5e-4);
  CHECK(std::abs(fitted(1) - 0.743) < 5e-4);
  CHECK(fitted(0) == 0);
}

TEST_CASE("isotonic regression is its definition, with ties and missing labels") {
  Random random(7);
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = 2 + random.below(30);
    std::vector<double> scores;
    std::vector<Label> labels;
    for (std::size_t i = 0; i < n; ++i) {
      scores.push_back(random.below(round % 2 == 0 ? 6 : 1000));
      labels.push_back(static_cast<Label>(static_cast<int>(random.below(3)) - 1));
    }
    labels[0] = 0;
    labels[1] = 1;
    const IsotonicCalibration fitted = IsotonicCalibration::fit(scores, labels);
    const std::vector<double> expected = isotonic_by_definition(scores, labels);
    for (std::size_t i = 0; i < n; ++i) {
      if (labels[i] != kMissing) check_close(fitted(scores[i]), expected[i]);
    }
    REQUIRE(std::is_sorted(fitted.probability.begin(), fitted.probability.end()));
    CHECK(std::adjacent_find(fitted.score.begin(), fitted.score.end(),
                             [](double a, double b) { return a >= b; }) == fitted.score.end());
  }
}

TEST_CASE("isotonic maps of a matrix are those of its columns, in any layout") {
  Random random(19);
  for (int round = 0; round < 20; ++round) {
    const std::size_t n = 1 + random.below(3000);
    const std::size_t n_classes = 1 + random.below(12);
    std::vector<float> scores(n * n_classes);
    std::vector<Label> labels(n * n_classes);
    for (std::size_t j = 0; j < scores.size(); ++j) {
      const std::size_t k = j % n_classes;
      const double p = random.uniform();
      // Classes with many ties, with negative scores, with few positives, with missing labels.
      scores[j] = static_cast<float>(k % 3 == 0 ? std::round(20 * p) : logit(p));
      labels[j] = random.uniform() < (k % 4 == 1 ? 0.05 * p : p) ? 1 : 0;
      if (k % 2 == 1 && random.below(9) == 0) labels[j] = kMissing;
    }
    const MatrixView<const float> view(scores.data(), n, n_classes);
    const LabelMatrixView truth(labels.data(), n, n_classes);
    const auto all = IsotonicCalibration::fit(view, truth, Cpu{1});
    for (std::size_t k = 0; k < n_classes; ++k) {
      const auto one = IsotonicCalibration::fit(view.column(k), truth.column(k));
      CHECK(all[k].labels == one.labels);
      CHECK(all[k].score == one.score);
      CHECK(all[k].probability == one.probability);
      if (!one.labels.fitted()) continue;
      // Knots are scores of labelled rows, and no labelled row lies outside them.
      for (std::size_t i = 0; i < n; ++i) {
        const double score = static_cast<double>(view(i, k));
        if (truth(i, k) == kMissing) continue;
        REQUIRE((score >= one.score.front() && score <= one.score.back()));
      }
    }
  }
}

TEST_CASE("isotonic maps of a large matrix are equal for every number of threads") {
  const std::size_t n = 60'000;
  const Sample sample = drawn(n * 10, 0.6, -2, 5);
  const MatrixView<const double> logits(sample.logits.data(), n, 10);
  const LabelMatrixView labels(sample.labels.data(), n, 10);
  const auto one = IsotonicCalibration::fit(logits, labels, Cpu{1});
  const auto three = IsotonicCalibration::fit(logits, labels, Cpu{3});
  for (std::size_t k = 0; k < 10; ++k) {
    CHECK(one[k].score == three[k].score);
    CHECK(one[k].probability == three[k].probability);
    CHECK(one[k].score == IsotonicCalibration::fit(logits.column(k), labels.column(k)).score);
  }
}

TEST_CASE("isotonic calibration is linear between steps and constant outside") {
  const std::vector<double> scores{1, 2, 3, 4, 5, 6};
  const std::vector<Label> labels{0, 0, 1, 0, 1, 1};
  const IsotonicCalibration fitted = IsotonicCalibration::fit(scores, labels);
  CHECK(fitted.score == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(fitted.probability == std::vector<double>{0, 0, 0.5, 0.5, 1, 1});
  CHECK(fitted(-9) == 0);
  CHECK(fitted(2.5) == 0.25);
  CHECK(fitted(3.5) == 0.5);
  CHECK(fitted(4.75) == 0.875);
  CHECK(fitted(99) == 1);
}

TEST_CASE("a histogram has smoothed rates") {
  const std::vector<double> p{0, 0.05, 0.3, 0.3, 1};
  const std::vector<Label> labels{0, 1, 0, 0, 1};
  const HistogramCalibration width = HistogramCalibration::fit(p, labels, BinRule::equal_width, 4);
  CHECK(width.lower == std::vector<double>{0, 0.25, 0.5, 0.75});
  CHECK(width(0.1) == 0.5);
  check_close(width(0.25), 0.5 / 3);
  CHECK(width(0.6) == 0.625);  // an empty bin
  CHECK(width(1) == 0.75);
  const HistogramCalibration mass = HistogramCalibration::fit(p, labels, BinRule::equal_mass, 2);
  CHECK(mass.lower.size() == 2);
  CHECK(mass(0) == 0.5);
}

TEST_CASE("the temperature is the root of the gradient") {
  for (const double slope : {0.3, 1.0, 2.5}) {
    const Sample sample = drawn(4000, slope, 0, 11);
    const TemperatureScaling fitted =
        TemperatureScaling::fit(MatrixView<const double>(sample.logits.data(), 1000, 4),
                                LabelMatrixView(sample.labels.data(), 1000, 4));
    CHECK(fitted.limit == TemperatureLimit::none);
    // An independent bisection of the gradient.
    const auto gradient = [&](double b) {
      double sum = 0;
      for (std::size_t i = 0; i < sample.logits.size(); ++i) {
        sum += (sigmoid(b * sample.logits[i]) - sample.labels[i]) * sample.logits[i];
      }
      return sum;
    };
    double low = 0;
    double high = 100;
    for (int step = 0; step < 200; ++step) {
      const double middle = (low + high) / 2;
      (gradient(middle) > 0 ? high : low) = middle;
    }
    check_close(fitted.inverse_temperature, low, 1e-11);
    CHECK(std::abs(fitted.inverse_temperature / slope - 1) < 0.15);
  }
}

TEST_CASE("temperature at its limits") {
  const std::vector<double> logits{-1, 2, -3, 4};
  const std::vector<Label> right{0, 1, 0, 1};
  const std::vector<Label> wrong{1, 0, 1, 0};
  const auto fit = [&](const std::vector<Label>& labels) {
    return TemperatureScaling::fit(MatrixView<const double>(logits.data(), 2, 2),
                                   LabelMatrixView(labels.data(), 2, 2));
  };
  CHECK(fit(right).limit == TemperatureLimit::sharp);
  CHECK(fit(right)(2) > 0.999);
  CHECK(fit(wrong).limit == TemperatureLimit::flat);
  CHECK(fit(wrong).temperature() == std::numeric_limits<double>::infinity());
  CHECK(fit(wrong)(2) == 0.5);
  CHECK(fit(wrong)(std::numeric_limits<double>::infinity()) == 1);
  CHECK(fit({-1, -1, -1, -1}).labels.why == Undefined::no_samples);
  CHECK(fit({-1, -1, -1, -1})(2) == sigmoid(2));
}

TEST_CASE("the temperature is equal for every number of threads") {
  const std::size_t rows = 50'000;
  const Sample sample = drawn(rows * 12, 0.6, 0, 3);
  const MatrixView<const double> logits(sample.logits.data(), rows, 12);
  const LabelMatrixView labels(sample.labels.data(), rows, 12);
  const double one = TemperatureScaling::fit(logits, labels, Cpu{1}).inverse_temperature;
  CHECK(TemperatureScaling::fit(logits, labels, Cpu{2}).inverse_temperature == one);
  CHECK(TemperatureScaling::fit(logits, labels, Cpu{4}).inverse_temperature == one);
  CHECK(std::abs(one - 0.6) < 0.01);
}

TEST_CASE("one kind of label is a stated fallback, not a made-up map") {
  const std::vector<Label> none(6, 0);
  const std::vector<Label> all(6, 1);
  const std::vector<Label> missing(6, kMissing);
  const auto check = [&](const std::vector<Label>& labels, Undefined why) {
    CHECK(PlattScaling::fit(kSix, labels).labels.why == why);
    CHECK(BetaCalibration::fit(kSix, labels).labels.why == why);
    CHECK(IsotonicCalibration::fit(kSix, labels).labels.why == why);
    CHECK(HistogramCalibration::fit(kSix, labels).labels.why == why);
    check_close(PlattScaling::fit(kSix, labels)(0.4), sigmoid(0.4));
    check_close(BetaCalibration::fit(kSix, labels)(0.4), 0.4);
    CHECK(IsotonicCalibration::fit(kSix, labels)(0.4) == 0.4);
    CHECK(HistogramCalibration::fit(kSix, labels)(0.4) == 0.4);
  };
  check(none, Undefined::no_positives);
  check(all, Undefined::no_negatives);
  check(missing, Undefined::no_samples);
}

TEST_CASE("calibrators refuse what they cannot read") {
  const std::vector<double> logits{-1, 2, 0.5, 0.5, 0.1, 0.2};
  CHECK_THROWS_AS(BetaCalibration::fit(logits, kSixLabels), InvalidArgument);
  CHECK_THROWS_AS(HistogramCalibration::fit(logits, kSixLabels), InvalidArgument);
  CHECK_NOTHROW(PlattScaling::fit(logits, kSixLabels));
  std::vector<double> broken = kSix;
  broken[2] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(PlattScaling::fit(broken, kSixLabels), InvalidArgument);
  CHECK_THROWS_AS(BetaCalibration::fit(broken, kSixLabels), InvalidArgument);
  CHECK_THROWS_AS(IsotonicCalibration::fit(broken, kSixLabels), InvalidArgument);
  broken[2] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(IsotonicCalibration::fit(broken, kSixLabels), InvalidArgument);
  CHECK_NOTHROW(PlattScaling::fit(broken, kSixLabels));
  const std::vector<Label> short_labels{0, 1};
  CHECK_THROWS_AS(PlattScaling::fit(kSix, short_labels), InvalidArgument);
  CHECK_THROWS_AS(IsotonicCalibration::fit(kSix, short_labels), InvalidArgument);
}
