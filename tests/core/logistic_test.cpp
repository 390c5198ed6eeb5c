// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/core/logistic.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"

using namespace cxrlt;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST_CASE("sigmoid keeps its digits in both tails") {
  CHECK(sigmoid(0) == 0.5);
  check_close(sigmoid(std::log(3.0)), 0.75, 1e-15);
  CHECK(std::abs(sigmoid(-700) / std::exp(-700.0) - 1) < 1e-14);
  CHECK(sigmoid(800) == 1);
  CHECK(sigmoid(-800) == 0);
  CHECK(sigmoid(kInfinity) == 1);
  CHECK(sigmoid(-kInfinity) == 0);
}

TEST_CASE("logit is the inverse of sigmoid") {
  for (const double z : {-30.0, -2.5, -0.1, 0.0, 0.7, 5.0})
    check_close(logit(sigmoid(z)), z, 1e-13);
  check_close(logit(0.9), std::log(9.0), 1e-14);
  CHECK(logit(0) == -kInfinity);
  CHECK(logit(1) == kInfinity);
}

TEST_CASE("softplus neither overflows nor vanishes") {
  check_close(softplus(0), std::log(2.0), 1e-15);
  check_close(softplus(1), std::log(1 + std::exp(1.0)), 1e-15);
  CHECK(softplus(1000) == 1000);
  CHECK(std::abs(softplus(-700) / std::exp(-700.0) - 1) < 1e-14);
  CHECK(softplus(-kInfinity) == 0);
  CHECK(softplus(kInfinity) == kInfinity);
}
