// SPDX-License-Identifier: Apache-2.0
/// Affine maps of several labels and of one, and the softmax temperature, against their own
/// conditions of optimality and against each other.
#include "cxrlt/calibration/affine.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/calibration/softmax.hpp"
#include "cxrlt/calibration/softmax_affine.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// Labels drawn with probability sigmoid(0.6 z + offset of the class); class 2 never positive.
struct Labelled {
  static constexpr std::size_t n = 3000;
  ClassMatrix<double> logits{n, 3};
  ClassMatrix<Label> labels{n, 3};

  Labelled() {
    Random random(31);
    const double offset[] = {-1, 2, 0};
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        const double z = 2 * random.normal();
        logits[k][i] = z;
        labels[k][i] =
            k < 2 && random.uniform() < sigmoid(0.6 * z + offset[k]) ? Label{1} : Label{0};
        if (random.below(9) == 0) labels[k][i] = kMissing;
      }
    }
  }
};

/// Rows of one class, drawn from softmax(0.5 z + bias).
struct Classified {
  std::size_t n_classes;
  std::vector<double> logits;
  std::vector<int> classes;

  Classified(std::size_t n, std::size_t k, std::uint64_t seed) : n_classes(k) {
    Random random(seed);
    std::vector<double> p(k);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t c = 0; c < k; ++c) {
        logits.push_back(3 * random.normal());
        p[c] = 0.5 * logits.back() + 0.7 * static_cast<double>(c);
      }
      softmax(ColumnView<const double>(p), p);
      double rest = random.uniform();
      std::size_t drawn = 0;
      while (drawn + 1 < k && rest >= p[drawn]) rest -= p[drawn++];
      classes.push_back(random.below(10) == 0 ? -1 : static_cast<int>(drawn));
    }
  }

  MatrixView<const double> view() const { return {logits.data(), classes.size(), n_classes}; }
  ColumnView<const double> row(std::size_t i) const { return view().row(i); }
};

}  // namespace

TEST_CASE("softmax and its logarithm") {
  const std::vector<double> z{0, std::log(2.0), std::log(5.0)};
  std::vector<double> p(3);
  softmax(ColumnView<const double>(z), p);
  check_close(p[0], 0.125);
  check_close(p[1], 0.25);
  check_close(p[2], 0.625);
  const std::vector<float> far{1000, 0, -std::numeric_limits<float>::infinity()};
  log_softmax(ColumnView<const float>(far), p);
  CHECK(p[0] == 0);
  CHECK(p[1] == -1000);
  CHECK(p[2] == -std::numeric_limits<double>::infinity());
  std::vector<double> two(2);
  CHECK_THROWS_AS(log_softmax(ColumnView<const double>(z), two), InvalidArgument);
}

TEST_CASE("affine scaling makes its gradient vanish") {
  const Labelled data;
  const AffineScaling fitted = AffineScaling::fit(data.logits.view(), data.labels.view());
  CHECK(std::abs(fitted.scale - 0.6) < 0.05);
  CHECK(std::abs(fitted.classes[0].bias + 1) < 0.2);
  CHECK(std::abs(fitted.classes[1].bias - 2) < 0.2);
  double by_scale = 1e-8 * fitted.scale;
  for (std::size_t k = 0; k < 2; ++k) {
    double by_bias = 0;
    for (std::size_t i = 0; i < Labelled::n; ++i) {
      if (data.labels[k][i] == kMissing) continue;
      const double residual = fitted.classes[k](data.logits[k][i]) - data.labels[k][i];
      by_bias += residual;
      by_scale += residual * data.logits[k][i];
    }
    CHECK(std::abs(by_bias) < 1e-9);
  }
  CHECK(std::abs(by_scale) < 1e-9);
  // The class without positives: the scale of the others, and no bias.
  CHECK(fitted.classes[2].labels.why == Undefined::no_positives);
  CHECK(fitted.classes[2].is_shared);
  CHECK_FALSE(fitted.classes[0].is_shared);
  CHECK(fitted.classes[2].bias == 0);
  CHECK(fitted.classes[2](1.5) == sigmoid(1.5 * fitted.scale));
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(fitted.classes[0](inf) == 1);
  CHECK(fitted.classes[0](-inf) == 0);
}

TEST_CASE("affine scaling at its limits") {
  const std::vector<double> logits{-2, -1, 1, 2};
  const MatrixView<const double> view(logits.data(), 4, 1);
  const std::vector<Label> right{0, 0, 1, 1};
  const AffineScaling separated = AffineScaling::fit(view, LabelMatrixView(right.data(), 4, 1));
  CHECK(separated.scale > 5);
  CHECK(is_finite(separated.scale));
  check_close(separated.classes[0](0), 0.5, 1e-6);
  const std::vector<Label> wrong{1, 0, 1, 0};
  const AffineScaling reversed = AffineScaling::fit(view, LabelMatrixView(wrong.data(), 4, 1));
  CHECK(reversed.scale < 0);
  const std::vector<Label> none{0, 0, 0, 0};
  const AffineScaling identity = AffineScaling::fit(view, LabelMatrixView(none.data(), 4, 1));
  CHECK(identity.classes[0](1.5) == sigmoid(1.5));
  CHECK_THROWS_AS(AffineScaling::fit(view, LabelMatrixView(none.data(), 2, 2)), InvalidArgument);
  const ClassAffine flat{0, 0.5, false, {}};
  CHECK(flat(std::numeric_limits<double>::infinity()) == sigmoid(0.5));
}

TEST_CASE("the softmax temperature is the root of its gradient") {
  for (const std::size_t k : {2U, 5U}) {
    const Classified data(2000, k, 3);
    const auto gradient = [&](double b) {
      double sum = 0;
      std::vector<double> p(k);
      for (std::size_t i = 0; i < data.classes.size(); ++i) {
        if (data.classes[i] < 0) continue;
        for (std::size_t c = 0; c < k; ++c) p[c] = b * data.row(i)[c];
        softmax(ColumnView<const double>(p), p);
        for (std::size_t c = 0; c < k; ++c) sum += p[c] * data.row(i)[c];
        sum -= data.row(i)[static_cast<std::size_t>(data.classes[i])];
      }
      return sum;
    };
    double low = 0;
    double high = 10;
    for (int step = 0; step < 200; ++step) {
      const double middle = (low + high) / 2;
      (gradient(middle) > 0 ? high : low) = middle;
    }
    const SoftmaxTemperature fitted = SoftmaxTemperature::fit(data.view(), data.classes);
    check_close(fitted.inverse_temperature, low, 1e-10);
    CHECK(fitted.temperature() == 1 / fitted.inverse_temperature);
    CHECK(fitted.n_rows < 1950);
    std::vector<double> out(k);
    fitted.log_probabilities(data.row(0), out);
    double sum = 0;
    for (const double value : out) sum += std::exp(value);
    check_close(sum, 1);
    check_close(out[0] - out[1], low * (data.row(0)[0] - data.row(0)[1]), 1e-9);
  }
}

TEST_CASE("the softmax of two classes is the logistic function of their difference") {
  const Classified data(1500, 2, 8);
  std::vector<double> difference;
  std::vector<Label> labels;
  for (std::size_t i = 0; i < data.classes.size(); ++i) {
    difference.push_back(data.row(i)[1] - data.row(i)[0]);
    labels.push_back(static_cast<Label>(data.classes[i]));
  }
  const MatrixView<const double> logits(difference.data(), difference.size(), 1);
  const LabelMatrixView truth(labels.data(), labels.size(), 1);
  check_close(SoftmaxTemperature::fit(data.view(), data.classes).inverse_temperature,
              TemperatureScaling::fit(logits, truth).inverse_temperature, 1e-11);
  const SoftmaxAffine softmax_form = SoftmaxAffine::fit(data.view(), data.classes);
  const AffineScaling form = AffineScaling::fit(logits, truth);
  check_close(softmax_form.scale, form.scale, 1e-9);
  check_close(softmax_form.bias[1] - softmax_form.bias[0], form.classes[0].bias, 1e-9);
  check_close(softmax_form.bias[0] + softmax_form.bias[1], 0);
}

TEST_CASE("softmax affine makes its gradient vanish, with a class that never occurs") {
  Classified data(4000, 4, 12);
  // Class 2 never occurs.
  for (int& one : data.classes) one = one == 2 ? -1 : one;
  const SoftmaxAffine fitted = SoftmaxAffine::fit(data.view(), data.classes);
  CHECK(fitted.labels[2].why == Undefined::no_positives);
  CHECK(fitted.bias[2] == 0);
  check_close(fitted.bias[0] + fitted.bias[1] + fitted.bias[3], 0);
  std::vector<double> gradient(4);
  double by_scale = 0;
  std::vector<double> p(4);
  for (std::size_t i = 0; i < data.classes.size(); ++i) {
    if (data.classes[i] < 0) continue;
    for (std::size_t k = 0; k < 4; ++k) p[k] = fitted.scale * data.row(i)[k] + fitted.bias[k];
    p[2] = -std::numeric_limits<double>::infinity();
    softmax(ColumnView<const double>(p), p);
    for (std::size_t k = 0; k < 4; ++k) {
      const double residual = p[k] - (static_cast<int>(k) == data.classes[i] ? 1 : 0);
      gradient[k] += residual;
      by_scale += residual * data.row(i)[k];
    }
  }
  for (const std::size_t k : {0U, 1U, 3U}) CHECK(std::abs(gradient[k]) < 1e-8);
  CHECK(std::abs(by_scale) < 1e-7);
  std::vector<double> out(4);
  fitted.log_probabilities(data.row(0), out);
  check_close(out[1] - out[0],
              fitted.scale * (data.row(0)[1] - data.row(0)[0]) + fitted.bias[1] - fitted.bias[0]);
}

TEST_CASE("softmax forms at their limits, and bad input") {
  const std::vector<double> logits{1, 0, 0, 2, 3, 1};
  const MatrixView<const double> view(logits.data(), 3, 2);
  const std::vector<int> right{0, 1, 0};
  const std::vector<int> wrong{1, 0, 1};
  CHECK(SoftmaxTemperature::fit(view, right).limit == TemperatureLimit::sharp);
  CHECK(SoftmaxTemperature::fit(view, wrong).limit == TemperatureLimit::flat);
  const std::vector<int> none{-1, -1, -1};
  CHECK(SoftmaxTemperature::fit(view, none).why == Undefined::no_samples);
  CHECK(SoftmaxTemperature::fit(view, none).inverse_temperature == 1);
  const std::vector<int> one_class{1, 1, -1};
  const SoftmaxAffine identity = SoftmaxAffine::fit(view, one_class);
  CHECK(identity.scale == 1);
  CHECK(identity.bias == std::vector<double>{0, 0});
  CHECK(identity.labels[1].why == Undefined::no_negatives);
  CHECK(is_finite(SoftmaxAffine::fit(view, right).scale));
  const std::vector<int> high{0, 2, 1};
  const std::vector<int> low{0, -2, 1};
  CHECK_THROWS_AS(SoftmaxTemperature::fit(view, high), InvalidArgument);
  CHECK_THROWS_AS(SoftmaxAffine::fit(view, low), InvalidArgument);
  const std::vector<int> two{0, 1};
  CHECK_THROWS_AS(SoftmaxAffine::fit(view, two), InvalidArgument);
  std::vector<double> broken = logits;
  broken[3] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(SoftmaxTemperature::fit(MatrixView<const double>(broken.data(), 3, 2), right),
                  InvalidArgument);
}

TEST_CASE("affine forms are equal for every number of threads") {
  const Classified data(150'000, 4, 4);
  CHECK(SoftmaxAffine::fit(data.view(), data.classes, Cpu{1}).bias ==
        SoftmaxAffine::fit(data.view(), data.classes, Cpu{4}).bias);
  CHECK(SoftmaxTemperature::fit(data.view(), data.classes, Cpu{1}).inverse_temperature ==
        SoftmaxTemperature::fit(data.view(), data.classes, Cpu{4}).inverse_temperature);
  std::vector<Label> labels;
  for (const double z : data.logits) labels.push_back(std::sin(40 * z) < 0.1 * z ? 1 : 0);
  const LabelMatrixView truth(labels.data(), 150'000, 4);
  CHECK(AffineScaling::fit(data.view(), truth, Cpu{1}).classes ==
        AffineScaling::fit(data.view(), truth, Cpu{4}).classes);
}
