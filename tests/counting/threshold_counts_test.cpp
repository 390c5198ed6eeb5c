// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Core>
#include <cstdint>
#include <limits>
#include <vector>

#include "counting/equal_counts.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Counts = std::vector<std::uint64_t>;
using Doubles = std::vector<double>;
using Labels = std::vector<Label>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <class Scores>
auto count(const Scores& scores, const Labels& labels) {
  return count_thresholds(ColumnView<const typename Scores::value_type>(scores), labels);
}

auto count(const Doubles& scores, const Labels& labels, const Doubles& weights) {
  return count_thresholds(ColumnView<const double>(scores), labels, weights);
}

ThresholdCounts<double> as_doubles(const ThresholdCounts<>& counts) {
  const auto widen = [](const Counts& c) { return Doubles(c.begin(), c.end()); };
  return {counts.threshold,
          widen(counts.tp),
          widen(counts.fp),
          widen(counts.fp_above),
          static_cast<double>(counts.n_positive),
          static_cast<double>(counts.n_negative)};
}

}  // namespace

TEST_CASE("thresholds stand where positives stand, ties as one group") {
  const auto counts = count(Doubles{.9, .8, .8, .4, .3, .3}, {1, 0, 1, 0, 0, 1});
  CHECK(counts.threshold == Doubles{.9, .8, .3});
  CHECK(counts.tp == Counts{1, 2, 3});
  CHECK(counts.fp == Counts{0, 1, 3});
  CHECK(counts.fp_above == Counts{0, 0, 2});
  CHECK(counts.n_positive == 3);
  CHECK(counts.n_negative == 3);
  CHECK(counts.size() == 3);
}

TEST_CASE("missing labels are left out, even where their score is NaN") {
  const auto counts = count(Doubles{.9, kNaN, .8, .8, .1}, {kMissing, kMissing, 1, 0, 1});
  CHECK(counts.threshold == Doubles{.8, .1});
  CHECK(counts.fp == Counts{1, 1});
  CHECK(counts.n_positive == 2);
  CHECK(counts.n_negative == 1);
}

TEST_CASE("no positives, no negatives, nothing at all") {
  CHECK(count(Doubles{.1, .2}, {0, 0}).size() == 0);
  CHECK(count(Doubles{.1, .2}, {0, 0}).n_negative == 2);
  CHECK(count(Doubles{.1, .2}, {1, 1}).tp == Counts{1, 2});
  CHECK(count(Doubles{.1, .2}, {1, 1}).fp == Counts{0, 0});
  CHECK(count(Doubles{}, {}).size() == 0);
}

TEST_CASE("-0 equals +0, infinities are ordered, denormals are not zero") {
  const auto zeros = count(Doubles{-0.0, 0.0}, {1, 0});
  CHECK(zeros.threshold == Doubles{0});
  CHECK(zeros.fp == Counts{1});
  CHECK(zeros.fp_above == Counts{0});
  const auto infinite = count(Doubles{-kInfinity, kInfinity, 1e308}, {1, 1, 0});
  CHECK(infinite.threshold == Doubles{kInfinity, -kInfinity});
  CHECK(infinite.fp == Counts{0, 1});
  const double tiny = std::numeric_limits<double>::denorm_min();
  const auto denormals = count(Doubles{tiny, 0, -tiny}, {0, 1, 0});
  CHECK(denormals.fp == Counts{1});
  CHECK(denormals.fp_above == Counts{1});
}

TEST_CASE("scores are compared in their own precision") {
  const double next = 0.3 + 0x1p-54;
  REQUIRE(next != 0.3);
  CHECK(count(Doubles{0.3, next}, {1, 0}).fp_above == Counts{1});
  const std::vector<float> narrow{static_cast<float>(0.3), static_cast<float>(next)};
  const auto counts = count(narrow, {1, 0});
  CHECK(counts.fp_above == Counts{0});
  CHECK(counts.fp == Counts{1});
  CHECK(counts.threshold == Doubles{static_cast<double>(0.3F)});
  const float tiny = std::numeric_limits<float>::denorm_min();
  CHECK(count(std::vector<float>{tiny, 0}, {0, 1}).fp_above == Counts{1});
}

TEST_CASE("what cannot be counted is refused") {
  CHECK_THROWS_AS(count(Doubles{kNaN}, {1}), InvalidArgument);
  CHECK_THROWS_AS(count(Doubles{kNaN}, {0}), InvalidArgument);
  CHECK_THROWS_AS(count(std::vector<float>{std::numeric_limits<float>::quiet_NaN()}, {1}),
                  InvalidArgument);
  CHECK_THROWS_AS(count(Doubles{.5}, {2}), InvalidArgument);
  CHECK_THROWS_AS(count(Doubles{.5}, {-2}), InvalidArgument);
  CHECK_THROWS_AS(count(Doubles{.5, .5}, {1}), InvalidArgument);
  CHECK_THROWS_AS(count(Doubles{.5}, {1}, {-1}), InvalidArgument);
  CHECK_THROWS_AS(count(Doubles{.5}, {1}, {kNaN}), InvalidArgument);
  CHECK_THROWS_AS(count(Doubles{.5}, {1}, {kInfinity}), InvalidArgument);
  CHECK_THROWS_AS(count(Doubles{.5}, {1}, {1, 1}), InvalidArgument);
  CHECK_THROWS_AS(count(Doubles{.5}, {2}, {1}), InvalidArgument);
  CHECK_THROWS_AS(count(Doubles{kNaN}, {1}, {1}), InvalidArgument);
}

TEST_CASE("errors name the sample and what was expected") {
  std::string message;
  try {
    count(Doubles{.5, .5}, {1, 3});
  } catch (const InvalidArgument& error) {
    message = error.what();
  }
  CHECK(message == "the label of sample 1 is 3; expected 0, 1 or missing (-1)");
}

TEST_CASE("every count is the one that its definition gives") {
  Random random(101);
  for (int repetition = 0; repetition < 3000; ++repetition) {
    Sample sample = random_sample(random);
    sample.weights.assign(sample.size(), 1);
    const auto counts = count(sample.scores, sample.labels);
    CHECK(static_cast<double>(counts.n_positive) == sample.weight_of(1));
    CHECK(static_cast<double>(counts.n_negative) == sample.weight_of(0));
    std::size_t k = 0;
    double tp_before = 0;
    for (const double threshold : sample.distinct_scores()) {
      const double tp = sample.at_least(threshold, 1);
      if (tp == tp_before) continue;
      REQUIRE(k < counts.size());
      CHECK(counts.threshold[k] == threshold);
      CHECK(static_cast<double>(counts.tp[k]) == tp);
      CHECK(static_cast<double>(counts.fp[k]) == sample.at_least(threshold, 0));
      const double tied =
          sample.where([&](std::size_t i) { return sample.scores[i] == threshold; }).weight_of(0);
      CHECK(static_cast<double>(counts.fp[k] - counts.fp_above[k]) == tied);
      tp_before = tp;
      ++k;
    }
    CHECK(k == counts.size());
  }
}

TEST_CASE("whole weights equal repeated rows, and weight 0 a deleted row") {
  Random random(102);
  for (int repetition = 0; repetition < 2000; ++repetition) {
    const Sample sample = random_sample(random);
    const auto weighted = count(sample.scores, sample.labels, sample.weights);
    const Sample repeated = sample.repeated();
    check_equal(weighted, as_doubles(count(repeated.scores, repeated.labels)));
    const Sample kept = sample.where([&](std::size_t i) { return sample.weights[i] > 0; });
    check_equal(weighted, count(kept.scores, kept.labels, kept.weights));
  }
}

TEST_CASE("a NaN score of weight 0 counts as deleted") {
  CHECK(count(Doubles{kNaN, .5}, {1, 1}, {0, 2}).n_positive == 2);
}

TEST_CASE("fractional weights are added up") {
  const auto counts = count(Doubles{.5, .7, .5, .6}, {1, 0, 0, 1}, {.5, .25, 2, .125});
  CHECK(counts.threshold == Doubles{.6, .5});
  CHECK(counts.tp == Doubles{.125, .625});
  CHECK(counts.fp == Doubles{.25, 2.25});
  CHECK(counts.fp_above == Doubles{.25, .25});
  const std::vector<float> narrow{.5F, .7F, .5F, .6F};
  const Labels labels{1, 0, 0, 1};
  const Doubles weights{.5, .25, 2, .125};
  CHECK(count_thresholds(ColumnView<const float>(narrow), labels, weights).fp ==
        Doubles{.25, 2.25});
}

TEST_CASE("columns of Eigen matrices are counted where they lie") {
  Eigen::MatrixXf scores(3, 2);
  scores << .1F, .9F, .2F, .8F, .3F, .7F;
  Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> labels(3, 2);
  labels << true, false, false, true, false, false;
  const auto counts =
      count_thresholds(ColumnView<const float>(scores.col(1)), LabelMatrixView(labels).column(1));
  CHECK(counts.threshold == Doubles{static_cast<double>(.8F)});
  CHECK(counts.fp == Counts{1});
}
