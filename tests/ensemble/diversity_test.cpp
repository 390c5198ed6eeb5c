// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/ensemble/diversity.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "ensemble/golden_models.hpp"
#include "golden/ensemble.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

const std::vector<double> half{0.5};

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
  CHECK(pair_of({0.5, 0.1}, {0.1, 0.1}).disagreement.value == 1);
  CHECK(pair_of({0.1, 0.2}, {0.3, 0.1}).disagreement.why == Undefined::no_predictions);
  const std::vector<MatrixView<const double>> models{golden_model(0), golden_model(0)};
  const std::vector<double> of_classes{0.2, 0.3, 0.4};
  CHECK(model_diversity(models, of_classes).front().disagreement.value == 0);
}

TEST_CASE("copies are found, scaled ones too", "[diversity]") {
  std::vector<double> first;
  for (int i = 0; i < 20; ++i) first.push_back((i * 7 % 20) / 20.0);
  std::vector<double> scaled;
  for (const double score : first) scaled.push_back(0.5 * score + 0.1);
  CHECK(pair_of(first, first).near_identical);
  CHECK(pair_of(first, scaled).near_identical);
  std::vector<double> exchanged = scaled;
  std::swap(exchanged[0], exchanged[5]);
  CHECK_FALSE(pair_of(first, exchanged).near_identical);
  // Few rows rank alike by chance.
  CHECK_FALSE(pair_of({0.1, 0.9}, {0.4, 0.5}).near_identical);
  CHECK(pair_of({0.1, 0.9}, {0.1, 0.9}).near_identical);
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(pair_of({infinity, 0}, {infinity, 0}).largest_difference == 0);
}

TEST_CASE("constant scores have no ranks to correlate", "[diversity]") {
  const PairDiversity constant = pair_of({0.4, 0.4}, {0.1, 0.2});
  CHECK(constant.correlation.why == Undefined::not_estimable);
  CHECK_FALSE(constant.near_identical);
  CHECK(pair_of({0.4, 0.4}, {0.4, 0.4}).near_identical);
  // Two classes: alike in the first, and one model constant in the second.
  std::vector<double> first;
  std::vector<double> second;
  for (int i = 0; i < 20; ++i) {
    first.insert(first.end(), {i / 20.0, 0.4});
    second.insert(second.end(), {i / 40.0, i / 20.0});
  }
  const std::vector<MatrixView<const double>> models{{first.data(), 20, 2}, {second.data(), 20, 2}};
  const PairDiversity pair = model_diversity(models, half).front();
  check_close(pair.correlation.value, 1);
  CHECK_FALSE(pair.near_identical);
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
