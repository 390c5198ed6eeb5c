// SPDX-License-Identifier: Apache-2.0
// Losses over matrices: reductions, missing labels, row weights, layouts, threads, bad input.
#include "cxrlt/losses/loss_value.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/losses/asymmetric.hpp"
#include "cxrlt/losses/bce.hpp"
#include "cxrlt/losses/distribution_balanced.hpp"
#include "cxrlt/losses/focal.hpp"
#include "cxrlt/losses/ldam.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// Logits and labels, some of them missing, row after row.
template <class Score>
struct Data {
  std::size_t n_rows;
  std::size_t n_classes;
  std::vector<Score> logits;
  std::vector<std::int8_t> labels;
  std::vector<Score> gradient;

  Data(std::size_t n, std::size_t k, double missing = 0.1, double scale = 3)
      : n_rows(n), n_classes(k), gradient(n * k, Score{7}) {
    Random random(5, n * 1000 + k);
    for (std::size_t j = 0; j < n * k; ++j) {
      logits.push_back(static_cast<Score>(scale * random.normal()));
      const double u = random.uniform();
      labels.push_back(u < missing ? kMissing : u < 0.5 ? Label{1} : Label{0});
    }
  }
  MatrixView<const Score> z() const { return {logits.data(), n_rows, n_classes}; }
  LabelMatrixView y() const { return {labels.data(), n_rows, n_classes}; }
  MatrixView<Score> out() { return {gradient.data(), n_rows, n_classes}; }
};

/// The unreduced definition, cell by cell.
template <class Score, class Loss>
void check_cell_by_cell(std::size_t n, std::size_t k, const Loss& loss, double tolerance) {
  INFO(n << " x " << k);
  Data<Score> data(n, k);
  const MetricValue value =
      loss_and_gradient(data.z(), data.y(), loss, data.out(), {.reduction = Reduction::sum});
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < k; ++c) {
      const Label label = data.y()(i, c);
      if (label == kMissing) {
        CHECK(data.out()(i, c) == 0);
        continue;
      }
      const auto cell = loss.cell(static_cast<double>(data.z()(i, c)), label == 1, c);
      sum += cell.value;
      check_close(static_cast<double>(data.out()(i, c)), cell.gradient, tolerance);
    }
  }
  check_close(value.value, sum, tolerance);
  check_close(loss_value(data.z(), data.y(), loss, {.reduction = Reduction::sum}).value,
              value.value);
}

LdamLoss some_ldam(std::size_t n_classes) {
  std::vector<std::uint64_t> counts;
  for (std::size_t k = 0; k < n_classes; ++k) counts.push_back(1 + 40 * k * k);
  return ldam_loss(counts, {.scale = 3});
}

}  // namespace

TEST_CASE("a matrix is the sum of its cells, whatever its shape") {
  for (std::size_t n : {1U, 2U, 15U, 16U, 17U, 33U, 600U}) {
    for (std::size_t k : {1U, 2U, 3U, 5U, 8U, 30U}) {
      check_cell_by_cell<double>(n, k, some_ldam(k), 1e-12);
      check_cell_by_cell<float>(n, k, some_ldam(k), 1e-6);
    }
  }
  check_cell_by_cell<double>(100, 7, asymmetric_loss(7), 1e-12);
  check_cell_by_cell<float>(100, 7, asymmetric_loss(7), 1e-6);
  check_cell_by_cell<double>(100, 7, asymmetric_loss(7, {1, 2, 0}), 1e-12);
  check_cell_by_cell<double>(100, 7, focal_loss(7), 1e-12);
}

TEST_CASE("reductions by hand") {
  // Two labelled cells in the first row, one in the second, none in the third.
  const std::vector<double> z{0, std::log(9.0), 0, -std::log(9.0), 5, 5};
  const std::vector<std::int8_t> y{1, 0, -1, 1, -1, -1};
  std::vector<double> gradient(6);
  const MatrixView<const double> logits(z.data(), 3, 2);
  const LabelMatrixView labels(y.data(), 3, 2);
  const MatrixView<double> out(gradient.data(), 3, 2);
  const double first = std::log(2.0) + std::log(10.0);
  const double second = std::log(10.0);
  const auto reduce = [&](Reduction reduction, std::vector<double> weights = {}) {
    return loss_and_gradient(logits, labels, bce_loss(2), out, {reduction, weights}).value;
  };
  check_close(reduce(Reduction::sum), first + second);
  check_close(gradient[0], -0.5);
  check_close(gradient[1], 0.9);
  CHECK(gradient[2] == 0);
  check_close(gradient[3], -0.9);
  check_close(reduce(Reduction::mean_over_cells), (first + second) / 3);
  check_close(gradient[1], 0.9 / 3);
  check_close(reduce(Reduction::mean_over_rows), (first + second) / 2);
  check_close(gradient[1], 0.9 / 2);
  check_close(reduce(Reduction::sum, {2, 3, 4}), 2 * first + 3 * second);
  check_close(gradient[0], -1.0);
  check_close(gradient[3], -2.7);
  check_close(reduce(Reduction::mean_over_cells, {2, 3, 4}), (2 * first + 3 * second) / 7);
  check_close(reduce(Reduction::mean_over_rows, {2, 3, 4}), (2 * first + 3 * second) / 5);
  check_close(gradient[0], -1.0 / 5);
  check_close(reduce(Reduction::mean_over_rows, {0, 3, 4}), second);
  CHECK(gradient[0] == 0);
  CHECK(gradient[1] == 0);
}

TEST_CASE("nothing labelled: a mean is undefined, a sum and all derivatives are 0") {
  const std::vector<float> z(6, 1.0F);
  const std::vector<std::int8_t> y(6, kMissing);
  std::vector<float> gradient(6, 7.0F);
  const MatrixView<const float> logits(z.data(), 3, 2);
  const LabelMatrixView labels(y.data(), 3, 2);
  const MatrixView<float> out(gradient.data(), 3, 2);
  const auto value = loss_and_gradient(logits, labels, bce_loss(2), out);
  CHECK(value.why == Undefined::no_samples);
  for (const float one : gradient) CHECK(one == 0);
  CHECK(loss_value(logits, labels, bce_loss(2), {.reduction = Reduction::mean_over_rows}).why ==
        Undefined::no_samples);
  const auto sum =
      loss_and_gradient(logits, labels, bce_loss(2), out, {.reduction = Reduction::sum});
  CHECK(sum.value == 0);
  CHECK(sum.defined());
  const MatrixView<const float> empty(z.data(), 0, 2);
  CHECK(loss_value(empty, LabelMatrixView(y.data(), 0, 2), bce_loss(2)).why ==
        Undefined::no_samples);
  CHECK(loss_value(MatrixView<const float>(z.data(), 3, 0), LabelMatrixView(y.data(), 3, 0),
                   bce_loss(std::size_t{0}))
            .why == Undefined::no_samples);
}

TEST_CASE("what a missing or deleted cell holds does not matter") {
  Data<double> data(40, 5, 0);
  const std::vector<double> ones(40, 1.0);
  std::vector<double> weights = ones;
  weights[7] = 0;
  const double before =
      loss_value(data.z(), data.y(), focal_loss(5), {.row_weights = weights}).value;
  data.logits[7 * 5 + 2] = std::numeric_limits<double>::quiet_NaN();
  data.labels[3 * 5 + 1] = kMissing;
  const double missing =
      loss_value(data.z(), data.y(), focal_loss(5), {.row_weights = weights}).value;
  data.logits[3 * 5 + 1] = std::numeric_limits<double>::infinity();
  const auto after =
      loss_and_gradient(data.z(), data.y(), focal_loss(5), data.out(), {.row_weights = weights});
  CHECK(after.value == missing);
  CHECK(after.value != before);
  for (std::size_t k = 0; k < 5; ++k) CHECK(data.out()(7, k) == 0);
  CHECK(data.out()(3, 1) == 0);
}

TEST_CASE("weights of 2 count a row twice, weights of 1 change nothing") {
  Data<double> data(50, 6);
  Data<double> twice = data;
  twice.n_rows = 51;
  for (std::size_t k = 0; k < 6; ++k) {
    twice.logits.push_back(data.logits[9 * 6 + k]);
    twice.labels.push_back(data.labels[9 * 6 + k]);
  }
  std::vector<double> weights(50, 1.0);
  check_close(loss_value(data.z(), data.y(), some_ldam(6), {.row_weights = weights}).value,
              loss_value(data.z(), data.y(), some_ldam(6)).value);
  weights[9] = 2;
  for (const Reduction reduction :
       {Reduction::sum, Reduction::mean_over_cells, Reduction::mean_over_rows}) {
    check_close(loss_value(data.z(), data.y(), some_ldam(6), {reduction, weights}).value,
                loss_value(twice.z(), twice.y(), some_ldam(6), {reduction, {}}).value);
  }
}

TEST_CASE("the reduced gradient is that of the reduced value") {
  Data<double> data(20, 4);
  std::vector<double> weights;
  for (int i = 0; i < 20; ++i) weights.push_back(0.25 * (i % 5));
  const auto check = [&](const auto& loss, Reduction reduction) {
    const LossOptions options{reduction, weights};
    loss_and_gradient(data.z(), data.y(), loss, data.out(), options);
    constexpr double step = 1e-5;
    for (std::size_t j = 0; j < data.logits.size(); ++j) {
      const double z = data.logits[j];
      data.logits[j] = z + step;
      const double up = loss_value(data.z(), data.y(), loss, options).value;
      data.logits[j] = z - step;
      const double down = loss_value(data.z(), data.y(), loss, options).value;
      data.logits[j] = z;
      check_close(data.gradient[j], (up - down) / (2 * step), 1e-7);
    }
  };
  for (const Reduction reduction :
       {Reduction::sum, Reduction::mean_over_cells, Reduction::mean_over_rows}) {
    check(some_ldam(4), reduction);
    check(distribution_balanced_loss(std::vector<std::uint64_t>{5, 100, 0, 37}, 200), reduction);
  }
}

TEST_CASE("every layout gives the same") {
  Data<float> data(77, 6);
  loss_and_gradient(data.z(), data.y(), some_ldam(6), data.out());
  ClassMatrix<float> logits(77, 6);
  ClassMatrix<Label> labels(77, 6);
  std::vector<float> gradient(77 * 6 * 2);
  for (std::size_t i = 0; i < 77; ++i) {
    for (std::size_t k = 0; k < 6; ++k) {
      logits[k][i] = data.z()(i, k);
      labels[k][i] = data.y()(i, k);
    }
  }
  const auto check = [&](MatrixView<const float> z, LabelMatrixView y, MatrixView<float> out) {
    const auto value = loss_and_gradient(z, y, some_ldam(6), out);
    check_close(value.value, loss_value(data.z(), data.y(), some_ldam(6)).value, 1e-7);
    for (std::size_t i = 0; i < 77; ++i) {
      for (std::size_t k = 0; k < 6; ++k) {
        check_close(static_cast<double>(out(i, k)), static_cast<double>(data.out()(i, k)), 1e-8);
      }
    }
  };
  const MatrixView<float> by_class(gradient.data(), 77, 6, 1, 77);
  const MatrixView<float> by_row(gradient.data(), 77, 6);
  const MatrixView<float> with_gaps(gradient.data(), 77, 6, 12, 2);
  check(logits.view(), labels.view(), by_class);
  check(logits.view(), data.y(), by_row);
  check(data.z(), labels.view(), with_gaps);
  check(data.z(), data.y(), by_class);
  // In place.
  std::vector<float> own = data.logits;
  check(MatrixView<const float>(own.data(), 77, 6), data.y(), MatrixView<float>(own.data(), 77, 6));
}

TEST_CASE("labels of bytes and bools") {
  Data<float> data(40, 3, 0);
  std::vector<std::uint8_t> bytes(data.labels.begin(), data.labels.end());
  const double value = loss_value(data.z(), data.y(), bce_loss(3)).value;
  CHECK(loss_value(data.z(), LabelMatrixView(bytes.data(), 40, 3), bce_loss(3)).value == value);
  // 255 says missing where bytes are signed only.
  bytes[5] = 255;
  CHECK_THROWS_AS(loss_value(data.z(), LabelMatrixView(bytes.data(), 40, 3), bce_loss(3)),
                  InvalidArgument);
  CHECK_THROWS_AS(loss_value(data.z(), LabelMatrixView(bytes.data(), 40, 3), bce_loss(3),
                             {.reduction = Reduction::sum}),
                  InvalidArgument);
}

TEST_CASE("equal to the bit for every number of threads") {
  Data<float> data(20'011, 30);
  std::vector<double> weights;
  for (std::size_t i = 0; i < data.n_rows; ++i) weights.push_back(1.0 + 0.1 * double(i % 7));
  for (const bool weighted : {false, true}) {
    LossOptions options;
    if (weighted) options.row_weights = weights;
    const auto one =
        loss_and_gradient(data.z(), data.y(), some_ldam(30), data.out(), options, Cpu{1});
    const std::vector<float> gradient = data.gradient;
    for (int threads : {2, 3}) {
      const auto more =
          loss_and_gradient(data.z(), data.y(), some_ldam(30), data.out(), options, Cpu{threads});
      CHECK(more.value == one.value);
      CHECK(data.gradient == gradient);
    }
  }
}

TEST_CASE("many cells: the sum of floats is formed in double") {
  Data<float> data(30'000, 20, 0, 1);
  double sum = 0;
  for (std::size_t j = 0; j < data.logits.size(); ++j) {
    sum += BceKernel{}(static_cast<double>(data.logits[j]), data.labels[j] == 1).value;
  }
  const double value =
      loss_value(data.z(), data.y(), bce_loss(20), {.reduction = Reduction::sum}).value;
  CHECK(std::abs(value - sum) <= 1e-7 * sum);
}

TEST_CASE("far logits in a matrix") {
  std::vector<float> z{1e4F, -1e4F, 1e30F, -1e30F, 90, -90, 0, 1e-30F};
  for (const Label label : {Label{0}, Label{1}}) {
    const std::vector<std::int8_t> y(8, label);
    const auto check = [&](const auto& loss) {
      std::vector<float> gradient(8);
      const auto value = loss_and_gradient(
          MatrixView<const float>(z.data(), 4, 2), LabelMatrixView(y.data(), 4, 2), loss,
          MatrixView<float>(gradient.data(), 4, 2), {.reduction = Reduction::sum});
      CHECK(!is_nan(value.value));
      for (const float one : gradient) CHECK(is_finite(one));
    };
    check(bce_loss(2));
    check(focal_loss(2));
    check(asymmetric_loss(2));
    check(asymmetric_loss(2, {1, 2, 0}));
    check(some_ldam(2));
    check(distribution_balanced_loss(std::vector<std::uint64_t>{3, 9}, 10));
  }
  const std::vector<double> wrong{-1e4, 1e4};
  const std::vector<std::int8_t> y{1, 0};
  std::vector<double> gradient(2);
  const auto value = loss_and_gradient(
      MatrixView<const double>(wrong.data(), 1, 2), LabelMatrixView(y.data(), 1, 2), bce_loss(2),
      MatrixView<double>(gradient.data(), 1, 2), {.reduction = Reduction::sum});
  CHECK(value.value == 2e4);
  CHECK(gradient == std::vector<double>{-1, 1});
}

TEST_CASE("rows without labels in the distribution-balanced loss") {
  const auto loss = distribution_balanced_loss(std::vector<std::uint64_t>{10, 1}, 100);
  std::vector<double> weights{1, 1};
  const std::vector<std::int8_t> none{0, 0};
  loss.weigh_row(LabelColumnView(none), weights.data());
  check_close(weights[0], 0.1 + 1 / (1 + std::exp(2.0)));
  CHECK(weights[0] == weights[1]);
  // Both: r = (1/10) / (1.1) and 1 / 1.1; a missing label is no positive.
  const std::vector<std::int8_t> both{1, 1};
  weights = {1, 2};
  loss.weigh_row(LabelColumnView(both), weights.data());
  check_close(weights[0], 0.1 + 1 / (1 + std::exp(-10 * (0.1 / 1.1 - 0.2))));
  check_close(weights[1], 2 * (0.1 + 1 / (1 + std::exp(-10 * (1 / 1.1 - 0.2)))));
  const std::vector<std::int8_t> first{1, -1};
  weights = {1, 1};
  loss.weigh_row(LabelColumnView(first), weights.data());
  check_close(weights[0], 0.1 + 1 / (1 + std::exp(-8.0)));
  CHECK_THROWS_AS(distribution_balanced_loss(std::vector<std::uint64_t>{1}, 100, {.alpha = -1}),
                  InvalidArgument);
  CHECK_THROWS_AS(
      distribution_balanced_loss(std::vector<std::uint64_t>{1}, 100, {.negative_scale = 0}),
      InvalidArgument);
}

TEST_CASE("bad input is refused, and named") {
  Data<double> data(30, 4, 0);
  const auto loss = bce_loss(4);
  const auto value = [&](const LossOptions& options = {}) {
    return loss_value(data.z(), data.y(), loss, options);
  };
  CHECK_THROWS_WITH(loss_value(data.z(), data.y(), bce_loss(3)), "class terms: 3 for 4 classes");
  CHECK_THROWS_AS(loss_value(data.z(), LabelMatrixView(data.labels.data(), 29, 4), loss),
                  InvalidArgument);
  CHECK_THROWS_WITH(
      loss_and_gradient(data.z(), data.y(), loss, MatrixView<double>(data.gradient.data(), 29, 4)),
      "the gradient is 29 x 4, the logits are 30 x 4");
  CHECK_THROWS_WITH(loss_and_derivatives(data.z(), data.y(), loss, data.out(),
                                         MatrixView<double>(data.gradient.data(), 30, 3)),
                    "the curvature is 30 x 3, the logits are 30 x 4");
  CHECK_THROWS_AS(value({.row_weights = std::vector<double>(29, 1.0)}), InvalidArgument);
  CHECK_THROWS_AS(value({.row_weights = std::vector<double>(30, -1.0)}), InvalidArgument);
  data.logits[21 * 4 + 3] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(value(),
                    "the logit of sample 21, class 3 is infinite; expected a finite number");
  data.logits[2 * 4 + 1] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(value(), "the logit of sample 2, class 1 is NaN; expected a finite number");
  data.labels[4] = 2;
  CHECK_THROWS_WITH(value(), "the label of sample 1 is 2; expected 0, 1 or missing (-1)");
  CHECK_THROWS_AS(value({.reduction = Reduction::sum}), InvalidArgument);
}

TEMPLATE_TEST_CASE("a bad logit is refused where the gradient takes its place, too", "", float,
                   double) {
  const auto n = GENERATE(as<std::size_t>{}, 2, 16, 20);
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double odd : {infinity, -infinity, std::numeric_limits<double>::quiet_NaN()}) {
    Data<TestType> data(n, 3, 0);
    data.logits[4] = static_cast<TestType>(odd);
    const MatrixView<TestType> in_place(data.logits.data(), n, 3);
    CHECK_THROWS_AS(loss_and_gradient(data.z(), data.y(), bce_loss(3), in_place), InvalidArgument);
  }
}

TEST_CASE("derivatives below the smallest normal number are 0, others are not") {
  Data<float> data(20, 1, 0);
  std::fill(data.labels.begin(), data.labels.end(), Label{1});
  std::fill(data.logits.begin(), data.logits.end(), 84.2F);
  loss_and_gradient(data.z(), data.y(), bce_loss(1), data.out());
  const double expected = -std::exp(-static_cast<double>(84.2F)) / 20;
  CHECK(-expected > std::numeric_limits<float>::min());
  for (const float one : data.gradient) CHECK(std::abs(one / expected - 1) < 1e-4);
  std::fill(data.logits.begin(), data.logits.end(), 84.5F);
  loss_and_gradient(data.z(), data.y(), bce_loss(1), data.out());
  for (const float one : data.gradient) CHECK(one == 0);
}

TEMPLATE_TEST_CASE("the asymmetric loss is right for every shift", "", float, double) {
  const double tolerance = 20 * static_cast<double>(std::numeric_limits<TestType>::epsilon());
  for (const double shift : {0.3, 1e-3, 1e-6, 1e-8, 1e-12}) {
    for (const double z : {-3.0, 0.0, 3.0, 10.0, 20.0, 40.0, 1e4}) {
      AsymmetricKernel kernel;
      kernel.shift = static_cast<double>(static_cast<TestType>(shift));
      Data<TestType> data(16, 1, 0);
      std::fill(data.labels.begin(), data.labels.end(), Label{0});
      std::fill(data.logits.begin(), data.logits.end(), static_cast<TestType>(z));
      const double value = loss_value(data.z(), data.y(), asymmetric_loss(1, kernel)).value;
      const double p = 1 / (1 + std::exp(-z));
      const double q = 1 / (1 + std::exp(z));
      const double x = p - kernel.shift;
      const double h = x < 0.5 ? -std::log1p(-x) : -std::log(q + kernel.shift);
      const double expected = x > 0 ? std::pow(x, kernel.gamma_negative) * h : 0;
      INFO("shift " << shift << ", z " << z << ": " << value << ", expected " << expected);
      CHECK(std::abs(value - expected) <= tolerance * expected);
    }
  }
}
