// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/calibration/centred_isotonic.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/calibration/isotonic.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

CentredIsotonicCalibration fit(const std::vector<double>& p, const std::vector<Label>& labels) {
  return CentredIsotonicCalibration::fit(p, labels);
}

}  // namespace

TEST_CASE("steps become points at their mean score") {
  // Isotonic steps: {0.1, 0.2}: 0; {0.3, 0.4, 0.5}: 1/3; {0.6}: 1.
  const std::vector<double> p{0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  const std::vector<Label> labels{0, 0, 1, 0, 0, 1};
  const CentredIsotonicCalibration fitted = CentredIsotonicCalibration::fit(p, labels);
  REQUIRE(fitted.score.size() == 5);
  const std::vector<double> score{0, 0.15, 0.4, 0.6, 1};
  // No positives of 2 rows: 1/2 / 3, which is just half of 1/3. No negatives of one row: 1 - 1/4.
  const std::vector<double> probability{0, 1.0 / 6, 1.0 / 3, 0.75, 1};
  for (std::size_t k = 0; k < 5; ++k) {
    check_close(fitted.score[k], score[k]);
    check_close(fitted.probability[k], probability[k]);
  }
  check_close(fitted(0.5), (1.0 / 3 + 0.75) / 2);
  check_close(fitted(0.8), 0.875);
  CHECK(fitted(0) == 0);
  CHECK(fitted(1) == 1);
}

TEST_CASE("the ends stay between their neighbours") {
  // A long step at a low rate above a short one of none: half of the next rate, not 1/2 / 2.
  std::vector<double> p{0.05};
  std::vector<Label> labels{0};
  for (int i = 0; i < 99; ++i) {
    p.push_back(0.1 + 0.001 * i);
    labels.push_back(i == 0 ? 1 : 0);
  }
  const CentredIsotonicCalibration fitted = CentredIsotonicCalibration::fit(p, labels);
  REQUIRE(fitted.score.size() == 4);
  check_close(fitted.probability[1], 0.5 / 99);
  check_close(fitted.probability[2], 1.0 / 99);
  // The same with labels and order turned round.
  for (double& value : p) value = 1 - value;
  for (Label& label : labels) label = label == 1 ? Label{0} : Label{1};
  const CentredIsotonicCalibration turned = CentredIsotonicCalibration::fit(p, labels);
  check_close(turned.probability[1], 1 - 1.0 / 99);
  check_close(turned.probability[2], 1 - 0.5 / 99);
}

TEST_CASE("a step at 0 or 1 itself is the end") {
  const std::vector<double> p{0, 0, 0, 1, 1};
  const std::vector<Label> labels{0, 0, 1, 1, 1};
  const CentredIsotonicCalibration fitted = CentredIsotonicCalibration::fit(p, labels);
  CHECK(fitted.score == std::vector<double>{0, 1});
  check_close(fitted(0), 1.0 / 3);
  check_close(fitted(1), 1 - 0.5 / 3);
  // One step of everything.
  const CentredIsotonicCalibration one = fit({0.5, 0.5}, {0, 1});
  CHECK(one.score == std::vector<double>{0, 0.5, 1});
  CHECK(one(0.25) == 0.25);
}

TEST_CASE("AP and AUROC stay, with ties, and equal scores stay equal") {
  Random random(23);
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = 20 + random.below(2000);
    const double offset = round % 3 == 0 ? -5 : 0;
    const bool has_ties = round % 2 == 0;
    std::vector<float> p;
    std::vector<Label> labels;
    for (std::size_t i = 0; i < n; ++i) {
      const double z = 2 * random.normal() + offset;
      const double score = sigmoid(z);
      p.push_back(static_cast<float>(has_ties ? std::round(score * 200) / 200 : score));
      labels.push_back(random.uniform() < sigmoid(0.6 * z + 0.3) ? Label{1} : Label{0});
      if (random.below(12) == 0) labels.back() = kMissing;
    }
    labels[0] = 0;
    labels[1] = 1;
    const CentredIsotonicCalibration fitted = CentredIsotonicCalibration::fit(p, labels);
    std::vector<double> calibrated;
    for (const float value : p) calibrated.push_back(fitted(static_cast<double>(value)));
    const auto before = count_thresholds(ColumnView<const float>(p), labels);
    const auto after = count_thresholds(ColumnView<const double>(calibrated), labels);
    CHECK(before.tp == after.tp);
    CHECK(before.fp == after.fp);
    CHECK(before.fp_above == after.fp_above);
    CHECK(average_precision(before).value == average_precision(after).value);
    CHECK(auroc(before).value == auroc(after).value);
    // Also between, below and above the scores of the fit.
    std::vector<double> grid;
    for (int k = 0; k <= 1000; ++k) grid.push_back(fitted(k / 1000.0));
    CHECK(std::adjacent_find(grid.begin(), grid.end(), std::greater_equal<>()) == grid.end());
    CHECK(grid.front() >= 0);
    CHECK(grid.back() <= 1);
    // Each step's rate stands at its mean score.
    const IsotonicCalibration steps = IsotonicCalibration::fit(p, labels);
    for (std::size_t k = 0; k < fitted.score.size(); ++k) {
      const double rate = steps(fitted.score[k]);
      const bool inner = fitted.score[k] > 0 && fitted.score[k] < 1 && rate > 0 && rate < 1;
      if (inner) check_close(fitted.probability[k], rate);
    }
  }
}

TEST_CASE("centred isotonic: one kind of label, and bad input") {
  const std::vector<double> p{0.1, 0.7, 0.3};
  const auto none = fit(p, {0, 0, -1});
  CHECK(none.labels.why == Undefined::no_positives);
  CHECK(none(0.4) == 0.4);
  const std::vector<Label> both{0, 1, 0};
  CHECK_THROWS_AS(fit({0, 1, 2}, both), InvalidArgument);
  CHECK_THROWS_AS(fit({0, 1, std::numeric_limits<double>::quiet_NaN()}, both), InvalidArgument);
  CHECK_THROWS_AS(fit(p, {0, 1}), InvalidArgument);
}
