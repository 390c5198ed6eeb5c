// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/probability.hpp"

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Labels = std::vector<Label>;
using View = ColumnView<const double>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

MetricValue brier_of(const Doubles& p, const Labels& labels, const Doubles& weights = {}) {
  return brier(View(p), labels, weights);
}

LogLoss log_loss_of(const Doubles& p, const Labels& labels, const Doubles& weights = {}) {
  return log_loss(View(p), labels, weights);
}

MetricValue logit_loss_of(const Doubles& z, const Labels& labels, const Doubles& weights = {}) {
  return log_loss_from_logits(View(z), labels, weights);
}

}  // namespace

TEST_CASE("Brier and log loss by hand") {
  check_close(brier_of({.8, .3, .6}, {1, 0, 0}).value, (.04 + .09 + .36) / 3, 1e-15);
  check_close(log_loss_of({.8, .3, .6}, {1, 0, 0}).value.value,
              -(std::log(.8) + std::log(.7) + std::log(.4)) / 3, 1e-15);
  check_close(brier_of({.8, .3, .6}, {1, 0, 0}, {1, 2, 5}).value, (.04 + .18 + 1.8) / 8, 1e-15);
  check_close(log_loss_of({.8, .3, .6}, {1, 0, 0}, {1, 2, 5}).value.value,
              -(std::log(.8) + 2 * std::log(.7) + 5 * std::log(.4)) / 8, 1e-15);
}

TEST_CASE("the log loss is clipped at 2^-52 from both ends, and says how often") {
  const LogLoss zeros = log_loss_of({0, 0}, {1, 0});
  check_close(zeros.value.value, (52 * std::log(2.0) + 0x1p-52) / 2, 1e-15);
  check_close(zeros.value.value, 18.0218, 1e-4);
  CHECK(zeros.n_clipped == 2);
  const LogLoss ones = log_loss_of({1, 1}, {1, 0});
  check_close(ones.value.value, (52 * std::log(2.0) + 0x1p-52) / 2, 1e-15);
  CHECK(ones.n_clipped == 2);
  CHECK(log_loss_of({0x1p-52, 1 - 0x1p-52}, {1, 0}).n_clipped == 0);
  CHECK(log_loss_of({0x1p-53, 1 - 0x1p-53}, {1, 0}).n_clipped == 2);
  CHECK(log_loss_of({0, 0, 0, .5}, {1, -1, 0, 1}, {1, 1, 0, 1}).n_clipped == 1);
}

TEST_CASE("the log loss of tiny probabilities keeps its digits") {
  const double loss = log_loss_of({1e-12}, {0}).value.value;
  CHECK(std::abs(loss / 1e-12 - 1) < 1e-11);
}

TEST_CASE("float probabilities are widened exactly, and clipped where doubles are") {
  const std::vector<float> p{0.1F, 0};
  const Labels labels{1, 1};
  const double wide = static_cast<double>(0.1F);
  check_close(brier(ColumnView<const float>(p), labels).value, ((1 - wide) * (1 - wide) + 1) / 2,
              1e-15);
  check_close(log_loss(ColumnView<const float>(p), labels).value.value,
              (52 * std::log(2.0) - std::log(wide)) / 2, 1e-15);
}

TEST_CASE("values within 1e-6 of [0, 1] are clipped, others are no probabilities") {
  CHECK(brier_of({1 + 1e-6, -1e-6}, {1, 0}).value == 0);
  CHECK(brier_of({1 + 1e-6, -1e-6}, {0, 1}).value == 1);
  CHECK(brier_of({1.0000011}, {1}).why == Undefined::not_probabilities);
  CHECK(brier_of({-1.1e-6}, {0}).why == Undefined::not_probabilities);
  CHECK(brier_of({.5, 2, .5}, {1, 0, 1}).why == Undefined::not_probabilities);
  const LogLoss loss = log_loss_of({0, 3}, {1, 0});
  CHECK(loss.value.why == Undefined::not_probabilities);
  CHECK(loss.n_clipped == 0);
  // What no label or no weight looks at does not matter.
  CHECK(brier_of({.5, 7}, {1, kMissing}).value == .25);
  CHECK(brier_of({.5, 7}, {1, 1}, {1, 0}).value == .25);
}

TEST_CASE("NaN, infinity, wrong labels, weights and sizes are refused") {
  for (const double wrong : {kNaN, kInfinity, -kInfinity}) {
    CHECK_THROWS_AS(brier_of({.5, wrong}, {1, 1}), InvalidArgument);
    CHECK_THROWS_AS(log_loss_of({wrong}, {0}), InvalidArgument);
    // Also behind a value that already is no probability.
    CHECK_THROWS_AS(brier_of({5, wrong}, {1, 1}), InvalidArgument);
    CHECK(brier_of({.5, wrong}, {1, kMissing}).value == .25);
  }
  CHECK_THROWS_AS(brier_of({.5}, {2}), InvalidArgument);
  CHECK_THROWS_AS(brier_of({.5}, {1, 0}), InvalidArgument);
  CHECK_THROWS_AS(brier_of({.5}, {1}, {-1}), InvalidArgument);
  CHECK_THROWS_AS(brier_of({.5}, {1}, {kNaN}), InvalidArgument);
  CHECK_THROWS_AS(brier_of({.5}, {1}, {1, 1}), InvalidArgument);
  CHECK_THROWS_AS(logit_loss_of({kNaN}, {1}), InvalidArgument);
  CHECK_THROWS_AS(logit_loss_of({.5}, {3}), InvalidArgument);
  CHECK_THROWS_AS(logit_loss_of({.5}, {1}, {-1}), InvalidArgument);
  std::string message;
  try {
    brier_of({.5, kInfinity}, {1, 1});
  } catch (const InvalidArgument& error) {
    message = error.what();
  }
  CHECK(message == "the probability of sample 1 is infinite; expected a value in [0, 1]");
}

TEST_CASE("nothing labelled means no value") {
  CHECK(brier_of({}, {}).why == Undefined::no_samples);
  CHECK(brier_of({.5}, {kMissing}).why == Undefined::no_samples);
  CHECK(brier_of({.5}, {1}, {0}).why == Undefined::no_samples);
  CHECK(log_loss_of({.5}, {kMissing}).value.why == Undefined::no_samples);
  CHECK(logit_loss_of({.5}, {kMissing}).why == Undefined::no_samples);
}

TEST_CASE("the log loss from logits is exact in both tails") {
  check_close(logit_loss_of({0}, {1}).value, std::log(2.0), 1e-15);
  check_close(logit_loss_of({2, -1}, {1, 0}).value,
              (std::log1p(std::exp(-2.0)) + std::log1p(std::exp(-1.0))) / 2, 1e-15);
  CHECK(logit_loss_of({1000}, {0}).value == 1000);
  CHECK(logit_loss_of({-1000}, {1}).value == 1000);
  CHECK(logit_loss_of({1000}, {1}).value == 0);
  CHECK(std::abs(logit_loss_of({-200}, {0}).value / std::exp(-200.0) - 1) < 1e-14);
  CHECK(logit_loss_of({kInfinity, -kInfinity}, {1, 0}).value == 0);
  CHECK(logit_loss_of({kInfinity}, {0}).value == kInfinity);
  check_close(logit_loss_of({1000, 0}, {0, 1}, {1, 3}).value, (1000 + 3 * std::log(2.0)) / 4,
              1e-15);
  const std::vector<float> narrow{2, -1};
  const Labels labels{1, 0};
  CHECK(log_loss_from_logits(ColumnView<const float>(narrow), labels).value ==
        logit_loss_of({2, -1}, {1, 0}).value);
}

TEST_CASE("logits and their probabilities agree") {
  const Doubles z{-5, -1, 0.5, 3};
  Doubles p;
  for (const double value : z) p.push_back(sigmoid(value));
  const Labels labels{0, 1, 0, 1};
  check_close(log_loss_of(p, labels).value.value, logit_loss_of(z, labels).value, 1e-14);
}

TEST_CASE("weights equal repeated rows, and weight 0 a deleted row, in proper scores") {
  Random random(203);
  for (int repetition = 0; repetition < 500; ++repetition) {
    const Sample s = random_sample(random);
    const Sample r = s.repeated();
    const MetricValue weighted = brier_of(s.scores, s.labels, s.weights);
    const MetricValue repeated = brier_of(r.scores, r.labels);
    CHECK(weighted.why == repeated.why);
    const LogLoss loss = log_loss_of(s.scores, s.labels, s.weights);
    CHECK(loss.value.why == weighted.why);
    if (!weighted.defined()) continue;
    check_close(weighted.value, repeated.value, 1e-14);
    check_close(loss.value.value, log_loss_of(r.scores, r.labels).value.value, 1e-14);
    check_close(logit_loss_of(s.scores, s.labels, s.weights).value,
                logit_loss_of(r.scores, r.labels).value, 1e-14);
  }
}
