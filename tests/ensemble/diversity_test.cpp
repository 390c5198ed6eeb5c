// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/ensemble/diversity.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "golden/ensemble.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

const std::vector<double> half{0.5};

MatrixView<const double> golden_model(std::size_t m) {
  return {golden::models.data() + m * golden::n_rows * golden::n_classes, golden::n_rows,
          golden::n_classes};
}

PairDiversity pair_of(const std::vector<double>& first, const std::vector<double>& second) {
  const std::vector<MatrixView<const double>> models{{first.data(), first.size(), 1},
                                                     {second.data(), second.size(), 1}};
  return model_diversity(models, half).front();
}

}  // namespace

TEST_CASE("rank correlation equals SciPy's", "[diversity]") {
  const std::vector<MatrixView<const double>> models{golden_model(0), golden_model(1),
                                                     golden_model(2)};
  const std::vector<PairDiversity> pairs = model_diversity(models, half, {2});
  REQUIRE(pairs.size() == 3);
  CHECK(pairs[1].first == 0);
  CHECK(pairs[1].second == 2);
  CHECK(pairs[2].first == 1);
  double sum = 0;
  for (const double correlation : golden::spearman) sum += correlation;
  check_close(pairs[0].correlation.value, sum / 3);
  check_close(pairs[0].lowest_correlation.value,
              *std::min_element(golden::spearman.begin(), golden::spearman.end()));
  CHECK_FALSE(pairs[0].near_identical);
}

TEST_CASE("disagreement is about what either calls positive", "[diversity]") {
  const PairDiversity pair = pair_of({0.5, 0.7, 0.1, 0.2}, {0.6, 0.4, 0.1, 0.9});
  check_close(pair.disagreement.value, 2.0 / 3);
  check_close(pair.largest_difference, 0.7);
  CHECK(pair_of({0.1, 0.2}, {0.3, 0.1}).disagreement.why == Undefined::no_predictions);
  const std::vector<MatrixView<const double>> models{golden_model(0), golden_model(0)};
  const std::vector<double> of_classes{0.2, 0.3, 0.4};
  CHECK(model_diversity(models, of_classes).front().disagreement.value == 0);
}

TEST_CASE("copies are found, scaled ones too", "[diversity]") {
  CHECK(pair_of({0.1, 0.3, 0.2}, {0.1, 0.3, 0.2}).near_identical);
  CHECK(pair_of({0.1, 0.3, 0.2}, {0.2, 0.6, 0.4}).near_identical);
  CHECK_FALSE(pair_of({0.1, 0.3, 0.2}, {0.2, 0.6, 0.7}).near_identical);
  // Constant scores have no ranks to correlate.
  const PairDiversity constant = pair_of({0.4, 0.4}, {0.1, 0.2});
  CHECK(constant.correlation.why == Undefined::not_estimable);
  CHECK_FALSE(constant.near_identical);
  CHECK(pair_of({0.4, 0.4}, {0.4, 0.4}).near_identical);
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(pair_of({infinity, 0}, {infinity, 0}).largest_difference == 0);
}

TEST_CASE("bad input to diversity", "[diversity]") {
  const std::vector<double> cells{0.1, 0.2, 0.3, 0.4};
  const std::vector<MatrixView<const double>> shapes{{cells.data(), 4, 1}, {cells.data(), 2, 2}};
  CHECK_THROWS_AS(model_diversity(shapes, half), InvalidArgument);
  const std::vector<MatrixView<const double>> one{{cells.data(), 2, 2}};
  const std::vector<double> three{0.1, 0.2, 0.3};
  CHECK_THROWS_AS(model_diversity(one, three), InvalidArgument);
  CHECK(model_diversity(one, half).empty());
  const std::vector<float> floats{0.5F, 0.25F};
  const std::vector<MatrixView<const float>> twice{{floats.data(), 2, 1}, {floats.data(), 2, 1}};
  CHECK(model_diversity(twice, half).front().near_identical);
}
