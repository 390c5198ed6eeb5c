// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/ensemble/combine.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/ensemble/similarity.hpp"
#include "ensemble/golden_models.hpp"
#include "golden/ensemble.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

std::vector<MatrixView<const double>> golden_models() {
  return {golden_model(0), golden_model(1), golden_model(2)};
}

std::string refusal(const char* text) {
  try {
    parse_combine_rule(text);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

/// One row of one class from each of these models.
double combine_cells(const std::vector<double>& cells, const char* method,
                     ScoreKind kind = ScoreKind::probabilities) {
  Combiner combiner(1, 1, parse_combine_rule(method), kind);
  for (const double& cell : cells) combiner.add(MatrixView<const double>(&cell, 1, 1));
  return std::move(combiner).finish().scores[0][0];
}

}  // namespace

TEST_CASE("every method equals NumPy and SciPy", "[combine]") {
  const auto models = golden_models();
  for (const golden::Combined& one : golden::combined) {
    CAPTURE(one.method, one.weights.size());
    const CombineRule rule = parse_combine_rule(one.method);
    CHECK(to_string(rule) == one.method);
    check_equal(combine(models, one.weights, rule).scores, one.scores);
  }
}

TEST_CASE("floats are widened, and logits are what they are said to be", "[combine]") {
  const std::vector<float> first{0.25F, 0.5F, 0.75F};
  const std::vector<float> second{0.5F, 0.125F, 0.25F};
  const std::vector<MatrixView<const float>> models{{first.data(), 3, 1}, {second.data(), 3, 1}};
  check_equal(combine(models).scores, {0.375, 0.3125, 0.5});

  const double z = logit(0.2);
  const double y = logit(0.9);
  check_close(combine_cells({z, y}, "mean", ScoreKind::logits), 0.55);
  check_close(combine_cells({z, y}, "logit", ScoreKind::logits), sigmoid((z + y) / 2));
  check_close(combine_cells({z, y}, "geometric", ScoreKind::logits), std::sqrt(0.18));
  check_close(combine_cells({z, y}, "power:2", ScoreKind::logits), std::sqrt(0.425));
  check_close(combine_cells({z, y}, "max", ScoreKind::logits), 0.9);
  check_close(combine_cells({z, y}, "median", ScoreKind::logits), 0.55);
  // Far out, where probabilities underflow, log-odds still cancel.
  check_close(combine_cells({-1000, 1000}, "logit", ScoreKind::logits), 0.5);
  check_close(combine_cells({-760, -10}, "geometric", ScoreKind::logits) / std::exp(-385), 1, 1e-4);
}

TEST_CASE("ranks share ties, break none, and need no common scale", "[combine]") {
  // argsort of argsort would make 0.33, 0.67, 1, 0 of this.
  const std::vector<double> tied{0.5, 0.5, 0.5, 0.1};
  CHECK(doubled_ranks(ColumnView<const double>(tied.data(), 4)) ==
        std::vector<std::uint64_t>{6, 6, 6, 2});
  const std::vector<float> signs{-0.0F, 0.0F, 1.0F};
  CHECK(doubled_ranks(ColumnView<const float>(signs.data(), 3)) ==
        std::vector<std::uint64_t>{3, 3, 6});
  CHECK(doubled_ranks(ColumnView<const double>(tied.data(), 0)).empty());

  // Every order of the ranks 1 to 3 over three models has the same sum.
  const std::vector<double> a{1, 2, 3};
  const std::vector<double> b{200, 300, 100};
  const std::vector<double> c{-3, -9, -5};
  const std::vector<MatrixView<const double>> models{
      {a.data(), 3, 1}, {b.data(), 3, 1}, {c.data(), 3, 1}};
  const ClassMatrix<double> ranks = combine(models, {}, {CombineMethod::rank}).scores;
  CHECK(ranks[0][0] == ranks[0][1]);
  CHECK(ranks[0][0] == ranks[0][2]);
  CHECK(ranks[0][0] == 2.0 / 3);
  CHECK(combine_cells({0.3}, "rank") == 1);
}

TEST_CASE("what is clipped is counted, and 0 and 1 lead nowhere out of range", "[combine]") {
  const std::vector<double> edges{0, 1, 0.5, -5e-7, 1 + 5e-7, 1e-20};
  const std::vector<MatrixView<const double>> twice{{edges.data(), 6, 1}, {edges.data(), 6, 1}};
  CHECK(combine(twice, {}, {CombineMethod::logit}).n_clipped == 10);
  CHECK(combine(twice).n_clipped == 4);
  CHECK(combine(twice, {}, {CombineMethod::rank}).n_clipped == 0);
  for (const auto& [method, name] : combine_methods) {
    CAPTURE(std::string(name));
    const ClassMatrix<double> scores = combine(twice, {}, {method}).scores;
    for (const double score : scores[0]) {
      CHECK(score >= 0);
      CHECK(score <= 1);
    }
  }
  CHECK(combine_cells({0, 1}, "logit") == 0.5);
  CHECK(combine_cells({0, 1}, "geometric") == 0);
  CHECK(combine_cells({0, 1}, "power:-1") == 0);
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(combine_cells({infinity, -infinity}, "logit", ScoreKind::logits) == 0.5);
  CHECK(combine_cells({infinity, infinity}, "mean", ScoreKind::logits) == 1);
  CHECK(combine_cells({1e308, -1e308}, "logit", ScoreKind::logits) == 0.5);
  CHECK(combine_cells({1000, -infinity}, "logit", ScoreKind::logits) == 0.5);
  for (const char* method : {"mean", "logit", "geometric", "power:-1", "median", "rank", "max"}) {
    CAPTURE(method);
    const double zero = combine_cells({-0.0, 0.0, -0.0}, method);
    CHECK_FALSE(std::signbit(zero));
    CHECK(zero == combine_cells({0.0, 0.0, 0.0}, method));
    CHECK_FALSE(std::signbit(combine_cells({-0.0}, method)));
  }
}

TEST_CASE("a weight of 0 leaves a model out, and only proportions count", "[combine]") {
  const auto models = golden_models();
  const std::vector<MatrixView<const double>> two{models[0], models[2]};
  for (const char* method : {"mean", "logit", "geometric", "power:2", "power:-1.5", "rank"}) {
    CAPTURE(method);
    const CombineRule rule = parse_combine_rule(method);
    const std::vector<std::vector<double>> without{{1}, {0}, {1}};
    const std::vector<std::vector<double>> four{{4}, {0}, {4}};
    const ClassMatrix<double> expected = combine(two, {}, rule).scores;
    for (const auto& weights : {without, four}) {
      const ClassMatrix<double> scores = combine(models, weights, rule).scores;
      for (std::size_t k = 0; k < golden::n_classes; ++k) {
        CHECK(std::equal(scores[k].begin(), scores[k].end(), expected[k].begin()));
      }
    }
  }
}

TEST_CASE("a model of weight 0 is not looked at", "[combine]") {
  const double zero = 0;
  const double half = 0.5;
  const double logit_value = -7;
  const auto cell = [](const double& value) { return MatrixView<const double>(&value, 1, 1); };
  const std::vector<MatrixView<const double>> models{cell(zero), cell(half), cell(logit_value)};
  const std::vector<std::vector<double>> weights{{0}, {2}, {0}};
  for (const char* method : {"mean", "logit", "geometric", "power:-1", "power:2", "rank"}) {
    CAPTURE(method);
    const double expected = std::string(method) == "rank" ? 1 : 0.5;
    check_close(combine(models, weights, parse_combine_rule(method)).scores[0][0], expected);
  }
}

TEST_CASE("every row of long columns, and where a bad one stands", "[combine]") {
  constexpr std::size_t n = 5000;
  std::vector<double> first(n);
  std::vector<double> second(n);
  for (std::size_t i = 0; i < n; ++i) {
    first[i] = static_cast<double>(i) / n;
    second[i] = static_cast<double>(i * 7 % n) / n;
  }
  std::vector<MatrixView<const double>> models{{first.data(), n, 1}, {second.data(), n, 1}};
  const ClassMatrix<double> mean = combine(models).scores;
  const ClassMatrix<double> median = combine(models, {}, {CombineMethod::median}).scores;
  for (std::size_t i = 0; i < n; ++i) {
    CHECK(mean[0][i] == (first[i] + second[i]) / 2);
    CHECK(median[0][i] == mean[0][i]);
  }
  second[4321] = 2;
  CHECK_THROWS_WITH(combine(models),
                    "combine: class 0, row 4321: the score 2 is no probability; if the scores are "
                    "logits, say so");
}

TEST_CASE("one thread and four give the same", "[combine]") {
  constexpr std::size_t n = 30'000;
  std::vector<ClassMatrix<double>> models(3, ClassMatrix<double>(n, 20));
  Random random(4);
  std::vector<MatrixView<const double>> views;
  for (ClassMatrix<double>& model : models) {
    for (std::size_t k = 0; k < 20; ++k) {
      for (double& score : model[k]) score = std::floor(random.uniform() * 1000) / 1000;
    }
    views.push_back(model.view());
  }
  for (const auto& [method, name] : combine_methods) {
    CAPTURE(std::string(name));
    const ClassMatrix<double> one = combine(views, {}, {method}, {}, {1}).scores;
    const ClassMatrix<double> four = combine(views, {}, {method}, {}, {4}).scores;
    for (std::size_t k = 0; k < 20; ++k) {
      CHECK(std::equal(one[k].begin(), one[k].end(), four[k].begin()));
    }
  }
}

TEST_CASE("bad input to a combination", "[combine]") {
  CHECK(refusal("means") == "there is no method 'means' to combine scores; the closest is 'mean'");
  CHECK(refusal("power") == "a power mean needs its exponent: power:2");
  CHECK(refusal("power:two") == "'two' is no exponent of a power mean");
  CHECK(refusal("power:0") ==
        "combine: the exponent of a power mean must lie between 0.01 and 10, or between -10 and "
        "-0.01");
  CHECK_FALSE(refusal("power:10.1").empty());
  CHECK_FALSE(refusal("power:0.009").empty());
  CHECK(refusal("power:-10").empty());
  CHECK(refusal("rank:2") == "the method 'rank' takes no parameter, found '2'");
  CHECK_THROWS_AS(Combiner(2, 2, {CombineMethod::power, 0.0}), InvalidArgument);

  const double good = 0.5;
  const double bad = std::numeric_limits<double>::quiet_NaN();
  const double large = 1.5;
  const auto cell = [](const double& value) { return MatrixView<const double>(&value, 1, 1); };
  for (const auto& [method, name] : combine_methods) {
    Combiner combiner(1, 1, {method});
    CHECK_THROWS_AS(combiner.add(cell(bad)), InvalidArgument);
    Combiner of_logits(1, 1, {method}, ScoreKind::logits);
    CHECK_THROWS_AS(of_logits.add(cell(bad)), InvalidArgument);
  }
  CHECK_THROWS_WITH(Combiner(1, 1).add(cell(large)),
                    "combine: class 0, row 0: the score 1.5 is no probability; if the scores are "
                    "logits, say so");
  CHECK_THROWS_AS(Combiner(2, 1).add(cell(good)), InvalidArgument);
  CHECK_THROWS_AS(Combiner(1, 2).add(cell(good)), InvalidArgument);
  const std::vector<double> three{1, 1, 1};
  const std::vector<double> negative{-1};
  const std::vector<double> none{0};
  CHECK_THROWS_AS(Combiner(1, 1).add(cell(good), three), InvalidArgument);
  CHECK_THROWS_AS(Combiner(1, 1).add(cell(good), negative), InvalidArgument);
  for (const double weight : {1e101, 1e-101, 5e-324}) {
    const std::vector<double> extreme{weight};
    CHECK_THROWS_AS(Combiner(1, 1).add(cell(good), extreme), InvalidArgument);
  }
  CHECK_THROWS_AS(Combiner(1, 1, {CombineMethod::max}).add(cell(good), none), InvalidArgument);
  Combiner empty(1, 1);
  empty.add(cell(good), none);
  CHECK(empty.n_models() == 1);
  CHECK_THROWS_AS(std::move(empty).finish(), InvalidArgument);
  CHECK_THROWS_AS(combine(std::vector<MatrixView<const double>>{}), InvalidArgument);
}

TEST_CASE("similarities of zero-shot models", "[similarity]") {
  const std::vector<double> cosines{-1, 0, 0.2, 1};
  const ClassMatrix<double> scores =
      similarity_scores(MatrixView<const double>(cosines.data(), 4, 1), {5, -1});
  for (std::size_t i = 0; i < 4; ++i) check_close(scores[0][i], sigmoid(5 * cosines[i] - 1));
  const std::vector<float> floats{0.5F};
  CHECK(similarity_scores(MatrixView<const float>(floats.data(), 1, 1))[0][0] == sigmoid(2.5));
  const double bad = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(similarity_scores(MatrixView<const double>(&bad, 1, 1)), InvalidArgument);
  CHECK_THROWS_AS(similarity_scores(MatrixView<const double>(cosines.data(), 4, 1), {0, 0}),
                  InvalidArgument);
}
