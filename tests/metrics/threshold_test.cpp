// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/threshold.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "support.hpp"

using namespace cxrlt;

namespace {

using Counts = ConfusionCounts<>;

// tp, fp, fn, tn: all four different, so that none can stand in for another.
constexpr Counts kCounts{6, 2, 3, 9};

Undefined why(const MetricValue& value) {
  return value.why;
}

}  // namespace

TEST_CASE("threshold metrics by hand") {
  check_close(precision(kCounts).value, 6.0 / 8, 1e-15);
  check_close(recall(kCounts).value, 6.0 / 9, 1e-15);
  check_close(specificity(kCounts).value, 9.0 / 11, 1e-15);
  check_close(npv(kCounts).value, 9.0 / 12, 1e-15);
  check_close(f1(kCounts).value, 12.0 / 17, 1e-15);
  check_close(f_beta(kCounts, 2).value, 30.0 / (30 + 4 * 3 + 2), 1e-15);
  check_close(f_beta(kCounts, 0.5).value, 7.5 / (7.5 + 0.25 * 3 + 2), 1e-15);
  check_close(jaccard(kCounts).value, 6.0 / 11, 1e-15);
  check_close(balanced_accuracy(kCounts).value, (6.0 / 9 + 9.0 / 11) / 2, 1e-15);
  check_close(informedness(kCounts).value, 6.0 / 9 + 9.0 / 11 - 1, 1e-15);
  check_close(mcc(kCounts).value, 48 / std::sqrt(8.0 * 9 * 11 * 12), 1e-15);
  const double expected = (8.0 * 9 + 12.0 * 11) / 400;
  check_close(kappa(kCounts).value, (0.75 - expected) / (1 - expected), 1e-15);
}

TEST_CASE("perfect and perfectly wrong decisions") {
  const Counts perfect{3, 0, 0, 5};
  const Counts wrong{0, 5, 3, 0};
  CHECK(mcc(perfect).value == 1);
  check_close(mcc(wrong).value, -1, 1e-15);
  CHECK(kappa(perfect).value == 1);
  CHECK(informedness(wrong).value == -1);
  CHECK(f1(wrong).value == 0);
}

TEST_CASE("rounding does not carry MCC past its range") {
  for (std::uint64_t a = 1; a < 60; ++a) {
    for (std::uint64_t b = 1; b < 60; ++b) {
      CHECK(mcc(Counts{0, a, b, 0}).value >= -1);
      const double x = 0.1 * static_cast<double>(a);
      const double y = 0.3 * static_cast<double>(b);
      CHECK(mcc(ConfusionCounts<double>{x, 0, 0, y}).value <= 1);
    }
  }
}

TEST_CASE("each metric is undefined for its own reason") {
  const Counts nothing_predicted{0, 0, 3, 5};
  CHECK(why(precision(nothing_predicted)) == Undefined::no_predictions);
  CHECK(f1(nothing_predicted).value == 0);
  CHECK(f1(nothing_predicted).defined());
  CHECK(jaccard(nothing_predicted).value == 0);
  CHECK(recall(nothing_predicted).value == 0);
  CHECK(why(mcc(nothing_predicted)) == Undefined::one_margin_empty);
  CHECK(kappa(nothing_predicted).value == 0);
  CHECK(npv(nothing_predicted).value == 5.0 / 8);

  const Counts all_predicted{3, 5, 0, 0};
  CHECK(why(npv(all_predicted)) == Undefined::no_predictions);
  CHECK(specificity(all_predicted).value == 0);

  const Counts no_positives{0, 2, 0, 6};
  CHECK(why(recall(no_positives)) == Undefined::no_positives);
  CHECK(precision(no_positives).value == 0);
  CHECK(f1(no_positives).value == 0);
  CHECK(why(balanced_accuracy(no_positives)) == Undefined::no_positives);
  CHECK(why(informedness(no_positives)) == Undefined::no_positives);
  CHECK(why(mcc(no_positives)) == Undefined::one_margin_empty);

  const Counts no_negatives{2, 0, 6, 0};
  CHECK(why(specificity(no_negatives)) == Undefined::no_negatives);
  CHECK(why(balanced_accuracy(no_negatives)) == Undefined::no_negatives);

  const Counts only_true_negatives{0, 0, 0, 7};
  CHECK(why(f1(only_true_negatives)) == Undefined::no_positives);
  CHECK(why(jaccard(only_true_negatives)) == Undefined::no_positives);
  CHECK(why(kappa(only_true_negatives)) == Undefined::one_margin_empty);
  CHECK(why(kappa(Counts{7, 0, 0, 0})) == Undefined::one_margin_empty);

  for (const MetricValue& value :
       {precision(Counts{}), recall(Counts{}), specificity(Counts{}), npv(Counts{}), f1(Counts{}),
        jaccard(Counts{}), mcc(Counts{}), kappa(Counts{}), balanced_accuracy(Counts{}),
        informedness(Counts{})}) {
    CHECK(why(value) == Undefined::no_samples);
  }
}

TEST_CASE("counts of a hundred million do not overflow MCC or kappa") {
  const Counts large{400'000'000, 100'000'000, 100'000'000, 400'000'000};
  check_close(mcc(large).value, 0.6, 1e-14);
  check_close(kappa(large).value, 0.6, 1e-14);
}

TEST_CASE("weighted counts go through the same formulas") {
  const ConfusionCounts<double> counts{1.5, .5, .75, 2.25};
  const Counts whole{6, 2, 3, 9};
  CHECK(precision(counts).value == precision(whole).value);
  check_close(mcc(counts).value, mcc(whole).value, 1e-15);
  check_close(f_beta(counts, 2).value, f_beta(whole, 2).value, 1e-15);
}

TEST_CASE("beta must be positive, and neither it nor its square out of range") {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double wrong : {0.0, -1.0, 1e-200, 1e200, infinity, -infinity, nan}) {
    CHECK_THROWS_AS(f_beta(kCounts, wrong), InvalidArgument);
  }
}

TEST_CASE("F-beta at the ends of beta is precision and recall") {
  const Counts large{6'000'000'000, 2'000'000'000, 3'000'000'000, 9'000'000'000};
  check_close(f_beta(large, 1e-100).value, precision(large).value, 1e-15);
  check_close(f_beta(large, 1e100).value, recall(large).value, 1e-15);
  CHECK(f_beta(Counts{0, 0, 3, 5}, 1e-100).value == 0);
}
