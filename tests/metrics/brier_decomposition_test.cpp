// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/brier_decomposition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "cxrlt/metrics/probability.hpp"
#include "metrics/column_views.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

void check_parts(const BrierDecomposition& found, double brier, double miscalibration,
                 double discrimination, double uncertainty, double tolerance = 1e-14) {
  check_close(found.brier, brier, tolerance);
  check_close(found.miscalibration, miscalibration, tolerance);
  check_close(found.discrimination, discrimination, tolerance);
  check_close(found.uncertainty, uncertainty, tolerance);
}

}  // namespace

TEST_CASE("Murphy's decomposition by hand: .16 = .02667 - .10667 + .24") {
  // 0.2 comes true in 0 of 2 cases, 0.8 in 2 of 3.
  const Doubles p{.2, .2, .8, .8, .8};
  check_parts(murphy_decomposition(View(p), view({0, 0, 1, 1, 0})), .16, 2.0 / 75, 8.0 / 75, .24);
  // All different: the labels explain themselves.
  const Doubles distinct{.1, .2, .3, .4};
  check_parts(murphy_decomposition(View(distinct), view({1, 0, 1, 0})), 1.5 / 4, 1.5 / 4, .25, .25);
}

TEST_CASE("CORP by hand: .23875 = .07208 - .08333 + .25") {
  // Isotonic: a third of the first three, then 1.
  const Doubles p{.2, .3, .45, .85};
  const auto found = corp_decomposition(View(p), view({1, 0, 0, 1}));
  check_parts(found, .23875, .23875 - 1.0 / 6, 1.0 / 12, .25);
  check_close(found.miscalibration, .07208, 1e-5);
  const std::vector<float> narrow{.25F, .75F};
  check_parts(corp_decomposition(ColumnView<const float>(narrow), view({0, 1})), .0625, .0625, .25,
              .25);
  check_parts(murphy_decomposition(ColumnView<const float>(narrow), view({0, 1})), .0625, .0625,
              .25, .25);
}

TEST_CASE("one kind of label: no uncertainty, nothing to discriminate") {
  const Doubles p{.1, .3};
  for (const auto& found :
       {murphy_decomposition(View(p), view({0, 0})), corp_decomposition(View(p), view({0, 0}))}) {
    check_parts(found, .05, .05, 0, 0);
  }
}

TEST_CASE("the parts add up, and weights are repeated rows, on tie-heavy samples") {
  Random random(601);
  for (int repetition = 0; repetition < 1000; ++repetition) {
    const Sample s = random_sample(random, 15);
    const Sample r = s.repeated();
    const auto weighted = murphy_decomposition(View(s.scores), s.labels, s.weights);
    const auto murphy = murphy_decomposition(View(r.scores), r.labels);
    const auto corp = corp_decomposition(View(r.scores), r.labels);
    CHECK(weighted.why == murphy.why);
    CHECK(corp.why == murphy.why);
    if (murphy.why != Undefined::none) continue;
    check_parts(weighted, murphy.brier, murphy.miscalibration, murphy.discrimination,
                murphy.uncertainty);
    for (const auto& parts : {murphy, corp}) {
      check_close(parts.brier, brier(View(r.scores), r.labels).value, 1e-14);
      check_close(parts.miscalibration - parts.discrimination + parts.uncertainty, parts.brier,
                  1e-14);
      CHECK(parts.miscalibration >= 0);
      CHECK(parts.discrimination >= 0);
    }
    // Murphy's parts from their definition.
    double reliability = 0;
    double resolution = 0;
    const double n = r.weight_of(0) + r.weight_of(1);
    const double rate = r.weight_of(1) / n;
    for (const double score : r.distinct_scores()) {
      const Sample group = r.where([&](std::size_t i) { return r.scores[i] == score; });
      const double n_group = group.weight_of(0) + group.weight_of(1);
      const double own = group.weight_of(1) / n_group;
      reliability += n_group / n * (own - score) * (own - score);
      resolution += n_group / n * (own - rate) * (own - rate);
    }
    check_close(murphy.miscalibration, reliability, 1e-13);
    check_close(murphy.discrimination, resolution, 1e-13);
    // Isotonic regression may pool: it never explains more.
    CHECK(corp.discrimination <= murphy.discrimination + 1e-13);
    // An increasing map changes miscalibration alone.
    Doubles squeezed;
    for (const double score : r.scores) squeezed.push_back(.3 + score / 10);
    check_close(corp_decomposition(View(squeezed), r.labels).discrimination, corp.discrimination,
                1e-14);
  }
}

TEST_CASE("decompositions are undefined or refused as probabilities are") {
  const Doubles good{.5};
  const Doubles outside{1.5};
  const Doubles wrong{std::numeric_limits<double>::quiet_NaN()};
  for (const auto& found : {murphy_decomposition(View(outside), view({1})),
                            corp_decomposition(View(outside), view({1}))}) {
    CHECK(found.why == Undefined::not_probabilities);
    CHECK(std::isnan(found.brier));
    CHECK(std::isnan(found.miscalibration));
  }
  CHECK(corp_decomposition(View(good), view({kMissing})).why == Undefined::no_samples);
  CHECK_THROWS_AS(murphy_decomposition(View(wrong), view({1})), InvalidArgument);
  CHECK_THROWS_AS(corp_decomposition(View(wrong), view({1})), InvalidArgument);
  CHECK_THROWS_AS(murphy_decomposition(View(good), view({1}), Doubles{-1}), InvalidArgument);
}
