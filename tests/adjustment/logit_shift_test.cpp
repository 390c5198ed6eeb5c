// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/adjustment/logit_shift.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a shifted probability has the shifted logit", "[logit_shift]") {
  // Odds 1/4 times 6 are 6/4.
  check_close(shifted_probability(0.2, std::log(6)), 0.6);
  for (const double p : {1e-300, 1e-12, 0.003, 0.5, 0.97, 1 - 1e-12}) {
    for (const double shift : {-9.0, -0.5, 0.25, 7.0}) {
      CAPTURE(p, shift);
      CHECK(shifted_probability(p, shift) == Approx(sigmoid(logit(p) + shift)).epsilon(1e-11));
      CHECK(shifted_probability_of_logit(logit(p), shift) ==
            Approx(shifted_probability(p, shift)).epsilon(1e-11));
    }
  }
  CHECK(shifted_probability_of_logit(-720, 5) == Approx(std::exp(-715)).epsilon(1e-13));
  CHECK(shifted_probability_of_logit(-720, 5) > 0);
}

TEST_CASE("0 and 1 stay, and no shift changes no bit", "[logit_shift]") {
  for (const double shift : {-800.0, -2.0, 0.0, 3.0, 800.0}) {
    CAPTURE(shift);
    CHECK(shifted_probability(0, shift) == 0);
    CHECK(shifted_probability(1, shift) == 1);
    CHECK(shifted_probability_of_logit(-kInfinity, shift) == 0);
    CHECK(shifted_probability_of_logit(kInfinity, shift) == 1);
  }
  Random random(3);
  for (int i = 0; i < 1000; ++i) {
    const double p = random.uniform();
    CHECK(shifted_probability(p, 0) == p);
  }
  // Where the factor itself overflows or vanishes.
  CHECK(shifted_probability(0.5, 800) == 1);
  CHECK(shifted_probability(0.5, -800) == 0);
}

TEST_CASE("neighbouring probabilities are never exchanged", "[logit_shift]") {
  Random random(4);
  for (int i = 0; i < 20'000; ++i) {
    const double p = std::exp(-30 * random.uniform());
    const double shift = 20 * random.uniform() - 10;
    CAPTURE(p, shift);
    CHECK(shifted_probability(p, shift) <= shifted_probability(std::nextafter(p, 2.0), shift));
    const double z = 60 * random.uniform() - 30;
    CHECK(shifted_probability_of_logit(z, shift) <=
          shifted_probability_of_logit(std::nextafter(z, 99.0), shift));
  }
}

TEST_CASE("a matrix is shifted class by class", "[logit_shift]") {
  const std::vector<float> scores{0.2F, 0.5F, 0.F, 1.F, 0.25F, 0.5F};  // two classes side by side
  const MatrixView<const float> view(scores.data(), 3, 2, 2, 1);
  const std::vector<LogitShift> shifts{{std::log(6), Undefined::none}, {}};
  const ClassMatrix<double> shifted = shift_logits(view, shifts);
  check_close(shifted[0][0], 0.6, 1e-7);
  CHECK(shifted[0][1] == 0);
  check_close(shifted[0][2], 2.0 / 3);
  CHECK(shifted[1][0] == 0.5);
  CHECK(shifted[1][1] == 1);

  const std::vector<double> logits{std::log(0.25), kInfinity, -1000};
  const ClassMatrix<double> of_logits =
      shift_logits(MatrixView<const double>(logits.data(), 3, 1, 1, 3),
                   std::vector<LogitShift>{shifts[0]}, ScoreKind::logits);
  check_close(of_logits[0][0], 0.6);
  CHECK(of_logits[0][1] == 1);
  CHECK(of_logits[0][2] == 0);
}

TEST_CASE("what lies just outside [0, 1] is clipped", "[logit_shift]") {
  const std::vector<double> scores{-1e-7, 1 + 1e-7};
  const MatrixView<const double> view(scores.data(), 2, 1, 1, 2);
  const ClassMatrix<double> shifted = shift_logits(view, std::vector<LogitShift>{{1, {}}});
  CHECK(shifted[0][0] == 0);
  CHECK(shifted[0][1] == 1);
}

TEST_CASE("shifts that cannot be made are refused", "[logit_shift]") {
  const auto message = [](double score, double shift, std::size_t n_shifts, ScoreKind kind) {
    try {
      shift_logits(MatrixView<const double>(&score, 1, 1, 1, 1),
                   std::vector<LogitShift>(n_shifts, {shift, {}}), kind);
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(message(0.5, 1, 1, ScoreKind::probabilities).empty());
  CHECK(message(1.5, 1, 1, ScoreKind::logits).empty());
  CHECK(message(1.5, 1, 1, ScoreKind::probabilities) ==
        "adjustment: class 0, row 0: the score 1.5 is no probability; if the scores are logits, "
        "say so");
  CHECK(message(nan, 1, 1, ScoreKind::logits) ==
        "adjustment: class 0, row 0: the score NaN is no logit");
  CHECK(message(nan, 1, 1, ScoreKind::probabilities).find("the score NaN") != std::string::npos);
  CHECK(message(0.5, kInfinity, 1, ScoreKind::probabilities) ==
        "adjustment: a shift is not finite");
  CHECK(message(0.5, 1, 2, ScoreKind::probabilities) == "adjustment: 2 shifts for 1 classes");
}

TEST_CASE("shifts are equal for every number of threads", "[logit_shift]") {
  ClassMatrix<double> scores(60'000, 10);
  Random random(5);
  for (std::size_t k = 0; k < 10; ++k) {
    for (double& score : scores[k]) score = random.uniform();
  }
  std::vector<LogitShift> shifts(10);
  for (std::size_t k = 0; k < 10; ++k) shifts[k].value = static_cast<double>(k) - 4.5;
  const ClassMatrix<double> one = shift_logits(scores.view(), shifts, {}, Cpu{1});
  const ClassMatrix<double> many = shift_logits(scores.view(), shifts, {}, Cpu{4});
  bool equal = true;
  for (std::size_t k = 0; k < 10; ++k) {
    for (std::size_t i = 0; i < 60'000; ++i) equal = equal && one[k][i] == many[k][i];
  }
  CHECK(equal);
}
