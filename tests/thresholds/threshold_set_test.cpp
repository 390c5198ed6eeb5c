// SPDX-License-Identifier: Apache-2.0
/// Thresholds of all classes, and decisions by them.
#include "cxrlt/thresholds/threshold_set.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"

using namespace cxrlt;

namespace {

constexpr std::size_t kRows = 300;
const std::vector<std::string> kNames{"a", "b", "never"};

struct Sample {
  ClassMatrix<double> logits{kRows, 3};
  ClassMatrix<Label> labels{kRows, 3};
  Sample() {
    Random random(21);
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t i = 0; i < kRows; ++i) {
        logits[k][i] = std::round(8 * (random.normal() - static_cast<double>(k))) / 8;
        labels[k][i] = k < 2 && random.uniform() < sigmoid(logits[k][i]) ? Label{1} : Label{0};
      }
    }
  }
};

}  // namespace

TEST_CASE("a set holds the choice of each class", "[threshold_set]") {
  const Sample sample;
  const auto scores = sample.logits.view();
  const LabelMatrixView labels(sample.labels.view());
  ThresholdOptions options;
  options.method = ThresholdMethod::best;
  const ThresholdSet set = find_thresholds(scores, labels, kNames, options);
  for (std::size_t k = 0; k < 3; ++k) {
    const ChosenThreshold alone = choose_threshold(scores.column(k), labels.column(k), options);
    CHECK(set.classes[k].threshold == alone.threshold);
    CHECK(set.classes[k].n_predicted == alone.n_predicted);
  }
  CHECK(std::isinf(set.classes[2].threshold));
  // The rows that decisions name are as many as the set says.
  std::vector<double> thresholds;
  for (const ChosenThreshold& one : set.classes) thresholds.push_back(one.threshold);
  const ClassMatrix<std::uint8_t> decisions = decide(scores, thresholds);
  for (std::size_t k = 0; k < 3; ++k) {
    std::uint64_t n = 0;
    for (const std::uint8_t decision : decisions[k]) n += decision;
    CHECK(n == set.classes[k].n_predicted);
  }
}

TEST_CASE("thresholds of logits are probabilities", "[threshold_set]") {
  const Sample sample;
  const auto scores = sample.logits.view();
  const LabelMatrixView labels(sample.labels.view());
  ThresholdOptions options;
  options.scores = ScoreKind::logits;
  const ThresholdSet set = find_thresholds(scores, labels, kNames, options, {}, Cpu{2});
  std::vector<double> thresholds;
  for (const ChosenThreshold& one : set.classes) thresholds.push_back(one.threshold);
  CHECK((thresholds[0] > 0 && thresholds[0] < 1));
  const auto decisions = decide(scores, thresholds, ScoreKind::logits);
  std::uint64_t n = 0;
  for (const std::uint8_t decision : decisions[0]) n += decision;
  CHECK(n == set.classes[0].n_predicted);
}

TEST_CASE("a score at the threshold is accepted", "[threshold_set]") {
  const std::vector<float> scores{0.5F, 0.25F, 0.75F};
  const MatrixView<const float> view(scores.data(), 3, 1);
  const std::vector<double> half{0.5};
  const auto decisions = decide(view, half);
  CHECK((decisions[0][0] == 1 && decisions[0][1] == 0 && decisions[0][2] == 1));
  const std::vector<double> never{std::numeric_limits<double>::infinity()};
  CHECK(decide(view, never)[0][2] == 0);
  CHECK_THROWS_AS(decide(view, std::vector<double>{}), InvalidArgument);
  CHECK_THROWS_AS(decide(view, std::vector<double>{std::nan("")}), InvalidArgument);
  const std::vector<float> broken{std::nanf("")};
  CHECK_THROWS_AS(decide(MatrixView<const float>(broken.data(), 1, 1), half), InvalidArgument);
}
