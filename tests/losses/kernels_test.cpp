// SPDX-License-Identifier: Apache-2.0
// The losses of single cells: values worked out by hand, finite differences, far logits.
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/losses/asymmetric.hpp"
#include "cxrlt/losses/bce.hpp"
#include "cxrlt/losses/distribution_balanced.hpp"
#include "cxrlt/losses/focal.hpp"
#include "cxrlt/losses/ldam.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// The logits of p = 0.9, 0.5 and 0.1.
const double ln9 = std::log(9.0);

/// Central differences of value and gradient, where the loss is smooth.
template <class Kernel>
void check_differences(const Kernel& kernel, bool value_too = true) {
  constexpr double step = 1e-5;
  for (const bool positive : {false, true}) {
    for (double z = -6.05; z < 6.1; z += 0.31) {
      INFO("z " << z << ", positive " << positive);
      const CellLoss<double> here = kernel(z, positive);
      const CellLoss<double> before = kernel(z - step, positive);
      const CellLoss<double> after = kernel(z + step, positive);
      if (value_too) check_close(here.gradient, (after.value - before.value) / (2 * step), 1e-7);
      check_close(here.curvature, (after.gradient - before.gradient) / (2 * step), 1e-7);
    }
  }
}

template <class Real, class Kernel>
void check_far(const Kernel& kernel, std::initializer_list<double> logits) {
  for (const double z : logits) {
    for (const bool positive : {false, true}) {
      INFO("z " << z << ", positive " << positive);
      const CellLoss<Real> loss = kernel(static_cast<Real>(z), positive);
      CHECK(!is_nan(loss.value));
      CHECK(loss.value >= 0);
      CHECK(is_finite(loss.gradient));
      CHECK(is_finite(loss.curvature));
    }
  }
}

}  // namespace

TEST_CASE("BCE by hand") {
  const BceKernel bce;
  check_close(bce(0.0, true).value, std::log(2.0));
  check_close(bce(0.0, true).gradient, -0.5);
  check_close(bce(0.0, false).gradient, 0.5);
  check_close(bce(0.0, false).curvature, 0.25);
  check_close(bce(ln9, true).value, -std::log(0.9));
  check_close(bce(ln9, true).gradient, -0.1);
  check_close(bce(ln9, false).value, -std::log(0.1));
  check_close(bce(ln9, false).gradient, 0.9);
  check_close(bce(ln9, false).curvature, 0.09);
}

TEST_CASE("the focal loss by hand") {
  const FocalKernel focal{2};
  // (1 - 0.9)^2 (-log 0.9) and (1 - 0.1)^2 (-log 0.1)
  check_close(focal(ln9, true).value, 0.01 * -std::log(0.9));
  check_close(focal(-ln9, true).value, 0.81 * -std::log(0.1));
  check_close(focal(-ln9, false).value, focal(ln9, true).value);
  // w (gamma p log p - q)
  check_close(focal(ln9, true).gradient, 0.01 * (1.8 * std::log(0.9) - 0.1));
  check_close(focal(-ln9, false).gradient, -focal(ln9, true).gradient);
  // gamma 0 is BCE
  check_close(FocalKernel{0}(1.3, true).value, BceKernel{}(1.3, true).value);
  check_close(FocalKernel{0}(1.3, true).gradient, BceKernel{}(1.3, true).gradient);
  check_close(FocalKernel{0}(1.3, false).curvature, BceKernel{}(1.3, false).curvature);
}

TEST_CASE("the asymmetric loss is the published one, not the inverted one") {
  const AsymmetricKernel published{0, 4, 0.05};
  // A widespread form cuts p at 1 - shift and has the power of 1 - p: hard negatives vanish.
  const auto inverted = [](double p) {
    const double cut = std::min(p, 0.95);
    return -std::pow(1 - cut, 4) * std::log1p(-cut);
  };
  const double hard = published(ln9, false).value;
  const double easy = published(-ln9, false).value;
  check_close(hard, -std::pow(0.85, 4) * std::log(0.15));
  CHECK(hard == Approx(0.990).epsilon(1e-3));
  CHECK(inverted(0.9) == Approx(0.00023).epsilon(2e-2));
  check_close(easy, -std::pow(0.05, 4) * std::log(0.95), 1e-15);
  CHECK(easy == Approx(3.2e-7).epsilon(1e-2));
  CHECK(inverted(0.1) == Approx(0.069).epsilon(2e-2));
  CHECK(hard > 1e6 * easy);
  CHECK(inverted(0.1) > 100 * inverted(0.9));
  // The inverted form has no gradient at all for the hardest negatives; the published has a full
  // one.
  CHECK(inverted(0.97) == inverted(0.99));
  CHECK(published(std::log(97.0 / 3), false).gradient > 0.3);
}

TEST_CASE("the asymmetric loss: options") {
  // Below the shift a negative is left out.
  const AsymmetricKernel published{0, 4, 0.05};
  const double below = std::log(0.04 / 0.96);
  CHECK(published(below, false).value == 0);
  CHECK(published(below, false).gradient == 0);
  CHECK(published(below, false).curvature == 0);
  CHECK(published(std::log(0.06 / 0.94), false).gradient > 0);
  // Without power a negative just above the shift counts with its whole gradient p (1-p) / (1-p_m).
  const AsymmetricKernel plain{0, 0, 0.05};
  check_close(plain(0.0, false).value, -std::log(0.55));
  check_close(plain(0.0, false).gradient, 0.25 / 0.55);
  CHECK(plain(below, false).gradient == 0);
  // All off: BCE.
  const AsymmetricKernel off{0, 0, 0};
  for (const double z : {-50.0, -3.0, 0.0, 2.0, 50.0}) {
    for (const bool positive : {false, true}) {
      check_close(off(z, positive).value, BceKernel{}(z, positive).value);
      check_close(off(z, positive).gradient, BceKernel{}(z, positive).gradient);
      check_close(off(z, positive).curvature, BceKernel{}(z, positive).curvature);
    }
  }
  // Positives are focused by gamma_positive.
  const AsymmetricKernel focused{1, 4, 0.05};
  check_close(focused(ln9, true).value, 0.1 * -std::log(0.9));
  // Detached: the value stays, the power is a constant of the gradient.
  const AsymmetricKernel detached{1, 4, 0.05, true};
  check_close(detached(ln9, true).value, focused(ln9, true).value);
  check_close(detached(ln9, true).gradient, -0.1 * 0.1);
  check_close(detached(ln9, false).value, focused(ln9, false).value);
  check_close(detached(ln9, false).gradient, std::pow(0.85, 4) * 0.09 / 0.15);
  CHECK(focused(ln9, false).gradient > detached(ln9, false).gradient);
}

TEST_CASE("LDAM and tolerance for negatives by hand") {
  const LdamKernel ldam{30};
  check_close(ldam(0.1, true).value, std::log1p(std::exp(-3.0)));
  check_close(ldam(0.1, true).gradient, -30 / (1 + std::exp(3.0)));
  check_close(ldam(0.1, false).gradient, 30 / (1 + std::exp(-3.0)));
  check_close(ldam(0.0, false).curvature, 900 * 0.25);
  const NegativeTolerantKernel tolerant{2, 0};
  check_close(tolerant(0.5, false).value, std::log1p(std::exp(1.0)) / 2);
  check_close(tolerant(0.5, false).gradient, 1 / (1 + std::exp(-1.0)));
  check_close(tolerant(0.5, true).value, std::log1p(std::exp(-0.5)));
}

TEST_CASE("derivatives equal finite differences, for every option") {
  check_differences(BceKernel{});
  for (const double gamma : {0.0, 0.5, 1.0, 2.0, 5.0}) check_differences(FocalKernel{gamma});
  for (const double positive : {0.0, 1.0, 2.5}) {
    for (const double negative : {2.0, 3.0, 4.0}) {
      for (const double shift : {0.0, 0.05, 0.2}) {
        INFO("powers " << positive << " and " << negative << ", shift " << shift);
        check_differences(AsymmetricKernel{positive, negative, shift});
      }
    }
  }
  check_differences(AsymmetricKernel{0.5, 0.5, 0.0});
  for (const double scale : {1.0, 4.0}) check_differences(LdamKernel{scale});
  for (const double gamma : {0.0, 2.0}) check_differences(NegativeTolerantKernel{2, gamma});
}

TEST_CASE("a detached gradient's curvature is the derivative of the loss at constant powers") {
  const AsymmetricKernel detached{2, 3, 0.1, true};
  constexpr double step = 1e-5;
  for (double z = -4.03; z < 4; z += 0.41) {
    for (const bool positive : {false, true}) {
      const AsymmetricKernel plain{0, 0, 0.1};
      const double p = 1 / (1 + std::exp(-z));
      const double power = positive ? std::pow(1 - p, 2) : std::pow(std::max(0.0, p - 0.1), 3);
      check_close(detached(z, positive).gradient, power * plain(z, positive).gradient);
      const double bend = (plain(z + step, positive).gradient - plain(z - step, positive).gradient);
      check_close(detached(z, positive).curvature, power * bend / (2 * step), 1e-7);
    }
  }
}

TEST_CASE("far logits: no NaN, and gradients finite") {
  const auto check_all = [](const auto& kernel) {
    check_far<double>(kernel, {-1e4, 1e4, -745.2, 745.2, -40, 40, 1e30, -1e30, 1e300, -1e300});
    check_far<float>(kernel, {-1e4, 1e4, -103.5, 103.5, -88, 88, 1e20, -1e20});
  };
  check_all(BceKernel{});
  check_all(FocalKernel{0});
  check_all(FocalKernel{2});
  check_all(AsymmetricKernel{0, 4, 0.05});
  check_all(AsymmetricKernel{1, 1, 0});
  check_all(AsymmetricKernel{1, 0.5, 0.05, true});
  check_all(AsymmetricKernel{0, 0, 0});
  check_all(LdamKernel{30});
  check_all(NegativeTolerantKernel{2, 2});
  check_all(NegativeTolerantKernel{5, 0});
  // A wrong logit of 1e4 costs what it must.
  check_close(BceKernel{}(1e4, false).value, 1e4);
  check_close(BceKernel{}(1e4, false).gradient, 1);
  check_close(BceKernel{}(-1e4, true).value, 1e4);
  check_close(FocalKernel{2}(-1e4, true).value, 1e4);
  check_close(FocalKernel{2}(-1e4, true).gradient, -1);
  check_close(AsymmetricKernel{1, 3, 0}(1e4, false).value, 1e4);
  check_close(AsymmetricKernel{1, 3, 0}(1e4, false).gradient, 1);
  check_close(AsymmetricKernel{}(1e4, false).value, std::pow(0.95, 4) * -std::log(0.05));
  check_close(LdamKernel{30}(-1e4, true).gradient, -30);
  CHECK(BceKernel{}(1e4, true).value == 0);
}

TEST_CASE("options out of range are refused") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(focal_loss(3, {.gamma = -1}), InvalidArgument);
  CHECK_THROWS_AS(focal_loss(3, {.positive_weight = nan}), InvalidArgument);
  CHECK_THROWS_AS(focal_loss(3, {.negative_weight = -0.1}), InvalidArgument);
  CHECK_THROWS_AS(asymmetric_loss(3, {.gamma_positive = -1}), InvalidArgument);
  CHECK_THROWS_AS(asymmetric_loss(3, {.gamma_negative = nan}), InvalidArgument);
  CHECK_THROWS_AS(asymmetric_loss(3, {.shift = 1}), InvalidArgument);
  CHECK_THROWS_WITH(asymmetric_loss(3, {.shift = -0.1}),
                    "asymmetric loss: the shift is -0.1; expected a number in [0, 1)");
  CHECK_THROWS_AS(bce_loss(std::vector<double>{1, -1}), InvalidArgument);
}
