// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/calibration/class_temperature.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// Classes whose labels want other temperatures; `rare` has few positives, `never` none.
struct Sample {
  static constexpr std::size_t n = 5000;
  ClassMatrix<double> logits{n, 4};
  ClassMatrix<Label> labels{n, 4};

  explicit Sample(std::uint64_t seed = 5) {
    Random random(seed);
    const double slope[] = {0.5, 1.2, 0.8, 1};
    const double offset[] = {0, 0, -5, -4};
    for (std::size_t k = 0; k < 4; ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        const double z = 2 * random.normal() + offset[k];
        logits[k][i] = z;
        labels[k][i] = k < 3 && random.uniform() < sigmoid(slope[k] * z) ? Label{1} : Label{0};
        if (random.below(10) == 0) labels[k][i] = kMissing;
      }
    }
  }
};

/// The root of an increasing function, by bisection.
template <class Function>
double root_of(const Function& function, double low, double high) {
  for (int step = 0; step < 200; ++step) {
    const double middle = (low + high) / 2;
    (function(middle) > 0 ? high : low) = middle;
  }
  return low;
}

/// sum (sigmoid(b z) - y) z over the labelled rows of a class.
double gradient(const Sample& sample, std::size_t k, double b) {
  double sum = 0;
  for (std::size_t i = 0; i < Sample::n; ++i) {
    const double z = sample.logits[k][i];
    if (sample.labels[k][i] != kMissing) sum += (sigmoid(b * z) - sample.labels[k][i]) * z;
  }
  return sum;
}

double curvature(const Sample& sample, std::size_t k, double b) {
  double sum = 0;
  for (std::size_t i = 0; i < Sample::n; ++i) {
    const double z = sample.logits[k][i];
    const double p = sigmoid(b * z);
    if (sample.labels[k][i] != kMissing) sum += p * (1 - p) * z * z;
  }
  return sum;
}

ClassTemperatures fit(const Sample& sample, double pseudo_positives) {
  return fit_class_temperatures(sample.logits.view(), sample.labels.view(), {pseudo_positives});
}

}  // namespace

TEST_CASE("a class temperature is the root of its penalised gradient") {
  const Sample sample;
  for (const double kappa : {0.0, 15.0, 400.0}) {
    const ClassTemperatures fitted = fit(sample, kappa);
    const double b_0 = fitted.shared.inverse_temperature;
    for (std::size_t k = 0; k < 3; ++k) {
      CAPTURE(kappa, k);
      const ClassTemperature& one = fitted.classes[k];
      CHECK_FALSE(one.is_shared);
      const double pull =
          kappa * curvature(sample, k, b_0) / static_cast<double>(one.labels.n_positive);
      const double expected =
          root_of([&](double b) { return gradient(sample, k, b) + pull * (b - b_0); }, 0, 50);
      check_close(one.inverse_temperature, expected, 1e-10);
      check_close(one(1.5), sigmoid(1.5 * expected), 1e-10);
    }
  }
}

TEST_CASE("as many pseudo-positives as positives halve the move") {
  const Sample sample;
  const ClassTemperatures free = fit(sample, 0);
  const double b_0 = free.shared.inverse_temperature;
  for (std::size_t k = 0; k < 2; ++k) {
    const double n_positive = static_cast<double>(free.classes[k].labels.n_positive);
    const double moved = fit(sample, n_positive).classes[k].inverse_temperature - b_0;
    const double whole = free.classes[k].inverse_temperature - b_0;
    CAPTURE(k, moved, whole);
    // Half in a loss of constant curvature; this one is nearly so.
    CHECK(moved / whole > 1.0 / 3);
    CHECK(moved / whole < 2.0 / 3);
  }
  // Without end the shared temperature is left.
  for (const ClassTemperature& one : fit(sample, 1e12).classes) {
    CHECK(std::abs(one.inverse_temperature - b_0) < 1e-6);
  }
}

TEST_CASE("a class without positives or negatives has the shared temperature") {
  Sample sample;
  for (Label& label : sample.labels[1]) label = label == kMissing ? kMissing : Label{1};
  const ClassTemperatures fitted = fit(sample, 15);
  CHECK(fitted.classes[3].is_shared);
  CHECK(fitted.classes[3].labels.why == Undefined::no_positives);
  CHECK(fitted.classes[3].inverse_temperature == fitted.shared.inverse_temperature);
  CHECK(fitted.classes[3](2) == sigmoid(2 * fitted.shared.inverse_temperature));
  CHECK(fitted.classes[1].is_shared);
  CHECK(fitted.classes[1].labels.why == Undefined::no_negatives);
  CHECK_FALSE(fitted.classes[0].is_shared);
}

TEST_CASE("class temperatures at their limits") {
  const std::vector<double> logits{-1, 2, -3, 4};
  const MatrixView<const double> view(logits.data(), 4, 1);
  const auto fit_labels = [&](const std::vector<Label>& labels) {
    return fit_class_temperatures(view, LabelMatrixView(labels.data(), 4, 1)).classes[0];
  };
  // Separated: the class stays with the sharpest temperature, which is the shared one.
  CHECK(fit_labels({0, 1, 0, 1}).inverse_temperature == 1e4);
  CHECK(fit_labels({0, 1, 0, 1}).limit == TemperatureLimit::sharp);
  // The contrary of the truth: flat, for all and for the class.
  CHECK(fit_labels({1, 0, 1, 0})(3) == 0.5);
  CHECK(fit_labels({1, 0, 1, 0}).limit == TemperatureLimit::flat);
  CHECK(fit_labels({1, 0, 1, 0})(std::numeric_limits<double>::infinity()) == 1);
  const std::vector<double> zeros(4, 0);
  const std::vector<Label> both{0, 1, 0, 1};
  CHECK(fit_class_temperatures(MatrixView<const double>(zeros.data(), 4, 1),
                               LabelMatrixView(both.data(), 4, 1))
            .classes[0](0) == 0.5);
}

TEST_CASE("class temperatures: bad input, and threads") {
  const Sample sample;
  CHECK_THROWS_AS(fit(sample, -1), InvalidArgument);
  CHECK_THROWS_AS(fit(sample, std::numeric_limits<double>::quiet_NaN()), InvalidArgument);
  CHECK_THROWS_AS(fit(sample, std::numeric_limits<double>::infinity()), InvalidArgument);
  const std::size_t n = 200'000;
  ClassMatrix<float> logits(n, 3);
  ClassMatrix<Label> labels(n, 3);
  Random random(2);
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      logits[k][i] = static_cast<float>(random.normal());
      labels[k][i] = random.uniform() < 0.3 ? Label{1} : Label{0};
    }
  }
  const auto one = fit_class_temperatures(logits.view(), labels.view(), {}, Cpu{1});
  const auto four = fit_class_temperatures(logits.view(), labels.view(), {}, Cpu{4});
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(one.classes[k].inverse_temperature == four.classes[k].inverse_temperature);
  }
}
