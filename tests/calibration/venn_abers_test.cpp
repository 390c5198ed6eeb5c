// SPDX-License-Identifier: Apache-2.0
/// Venn-Abers against its definition: isotonic regression fitted anew with the new row added.
#include "cxrlt/calibration/venn_abers.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/calibration/isotonic.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

VennAbersCalibration fit(const std::vector<double>& scores, const std::vector<Label>& labels) {
  return VennAbersCalibration::fit(scores, labels);
}

double refitted(std::vector<double> scores, std::vector<Label> labels, double query, Label label) {
  scores.push_back(query);
  labels.push_back(label);
  const IsotonicCalibration map = IsotonicCalibration::fit(scores, labels);
  // One kind of label throughout: the isotonic value is that kind.
  return map.labels.fitted() ? map(query) : label;
}

}  // namespace

TEST_CASE("Venn-Abers of six points") {
  const std::vector<double> p{0.1, 0.3, 0.35, 0.6, 0.8, 0.9};
  const std::vector<Label> labels{0, 1, 0, 1, 0, 1};
  const VennAbersCalibration fitted = VennAbersCalibration::fit(p, labels);
  check_close(fitted.pair(0.5).p0, 1.0 / 3);
  check_close(fitted.pair(0.5).p1, 2.0 / 3);
  check_close(fitted(0.5), 0.5);
  CHECK(fitted.pair(0.95).p0 == 0.5);
  CHECK(fitted.pair(0.95).p1 == 1);
  check_close(fitted(0.95), 2.0 / 3);
  CHECK(fitted.pair(0.05).p0 == 0);
  CHECK(fitted.upper_score.back() == 0.8);  // from there on 1
  CHECK(fitted.pair(0.05).p1 == 0.5);
}

TEST_CASE("Venn-Abers is isotonic regression with the row added, with ties and missing labels") {
  Random random(17);
  for (int round = 0; round < 400; ++round) {
    const std::size_t n = 2 + random.below(round < 300 ? 14 : 80);
    const std::uint32_t grid = round % 3 == 0 ? 4 : round % 3 == 1 ? 12 : 100'000;
    const double prevalence = round % 2 == 0 ? 0.5 : 0.15;
    std::vector<double> scores;
    std::vector<Label> labels;
    for (std::size_t i = 0; i < n; ++i) {
      scores.push_back(random.below(grid));
      labels.push_back(random.uniform() < prevalence ? Label{1} : Label{0});
      if (random.below(6) == 0) labels.back() = kMissing;
    }
    labels[0] = 0;
    labels[1] = 1;
    const VennAbersCalibration fitted = VennAbersCalibration::fit(scores, labels);
    std::vector<double> queries{-1, 1e6};
    for (const double score : scores) {
      for (const double step : {-0.5, 0.0, 0.5}) queries.push_back(score + step);
    }
    for (const double query : queries) {
      CAPTURE(round, query);
      const VennAbersPair pair = fitted.pair(query);
      check_close(pair.p0, refitted(scores, labels, query, 0));
      check_close(pair.p1, refitted(scores, labels, query, 1));
      CHECK(pair.p0 <= pair.p1);
      check_close(fitted(query), pair.p1 / (1 - pair.p0 + pair.p1));
    }
    for (const auto* knots :
         {&fitted.lower_score, &fitted.lower, &fitted.upper_score, &fitted.upper}) {
      for (std::size_t j = 1; j < knots->size(); ++j) CHECK((*knots)[j - 1] < (*knots)[j]);
    }
  }
}

TEST_CASE("Venn-Abers needs no probabilities, only an order") {
  const std::vector<float> logits{-4, -1, -0.5F, 0.25F, 3, 8};
  const std::vector<Label> labels{0, 1, 0, 1, 0, 1};
  const VennAbersCalibration fitted = VennAbersCalibration::fit(logits, labels);
  check_close(fitted.pair(0).p0, 1.0 / 3);
  check_close(fitted.pair(0).p1, 2.0 / 3);
}

TEST_CASE("Venn-Abers: one kind of label, and bad input") {
  const std::vector<double> p{0.1, 0.7, 0.3};
  const VennAbersCalibration none = fit(p, {0, 0, -1});
  CHECK(none.labels.why == Undefined::no_positives);
  CHECK(none(0.4) == 0.4);
  CHECK(none.pair(0.4).p0 == 0.4);
  CHECK(none.pair(0.4).p1 == 0.4);
  CHECK(fit(p, {1, 1, 1}).labels.why == Undefined::no_negatives);
  const std::vector<Label> both{0, 1, 0};
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(fit({0, 1, inf}, both), InvalidArgument);
  CHECK_THROWS_AS(fit({0, 1, inf - inf}, both), InvalidArgument);
  CHECK_THROWS_AS(fit(p, {0, 1}), InvalidArgument);
  CHECK_THROWS_AS(fit(p, {0, 1, 2}), InvalidArgument);
}
