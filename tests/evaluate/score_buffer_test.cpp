// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/evaluate/score_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/evaluate.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr std::size_t kRows = 90;
constexpr std::size_t kClasses = 3;

struct Sample {
  Sample() {
    Random random(5);
    for (std::size_t k = 0; k < kRows * kClasses; ++k) {
      scores.push_back(static_cast<float>(random.uniform()));
      labels.push_back(k % 11 == 4 ? kMissing : static_cast<Label>(random.below(2)));
    }
  }
  MatrixView<const float> rows(std::size_t begin, std::size_t end) const {
    return {scores.data() + begin * kClasses, end - begin, kClasses};
  }
  LabelMatrixView truth(std::size_t begin, std::size_t end) const {
    return {labels.data() + begin * kClasses, end - begin, kClasses};
  }

  std::vector<float> scores;
  std::vector<Label> labels;
};

double macro_auroc(MatrixView<const float> scores, LabelMatrixView labels) {
  return find_value(evaluate(scores, labels).macro, "auroc")->value.value;
}

}  // namespace

TEST_CASE("batches give the values of all rows, which means of batches do not") {
  const Sample sample;
  const double expected = macro_auroc(sample.rows(0, kRows), sample.truth(0, kRows));
  ScoreBuffer<float> buffer(kClasses);
  double mean = 0;
  for (std::size_t begin = 0; begin < kRows; begin += 30) {
    buffer.add(sample.rows(begin, begin + 30), sample.truth(begin, begin + 30));
    mean += macro_auroc(sample.rows(begin, begin + 30), sample.truth(begin, begin + 30)) / 3;
  }
  CHECK(buffer.n_samples() == kRows);
  CHECK(macro_auroc(buffer.scores(), buffer.labels()) == expected);
  CHECK(mean != expected);
}

TEST_CASE("buffers merge in any order, and with themselves") {
  const Sample sample;
  ScoreBuffer<float> first(kClasses);
  ScoreBuffer<float> second(kClasses);
  second.add(sample.rows(0, 40), sample.truth(0, 40));
  first.add(sample.rows(40, kRows), sample.truth(40, kRows));
  first.merge(second);
  CHECK(first.n_samples() == kRows);
  const double expected = macro_auroc(sample.rows(0, kRows), sample.truth(0, kRows));
  CHECK(macro_auroc(first.scores(), first.labels()) == expected);
  first.merge(first);
  CHECK(first.n_samples() == 2 * kRows);
  CHECK(first.scores()(kRows + 3, 1) == first.scores()(3, 1));
  CHECK(macro_auroc(first.scores(), first.labels()) == expected);
}

TEST_CASE("batches of either layout and of other bytes are taken") {
  const std::vector<float> by_class{0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F};  // 2 rows of 3 classes
  const std::vector<std::uint8_t> truth{1, 0, 0, 1, 1, 1};
  ScoreBuffer<float> buffer(kClasses);
  buffer.reserve(2);
  buffer.add(MatrixView<const float>(by_class.data(), 2, kClasses, 1, 2),
             LabelMatrixView(MatrixView<const std::uint8_t>(truth.data(), 2, kClasses, 1, 2)));
  CHECK(buffer.scores()(1, 0) == 0.2F);
  CHECK(buffer.scores()(0, 2) == 0.5F);
  CHECK(buffer.labels()(0, 0) == 1);
  CHECK(buffer.labels()(1, 0) == 0);
  buffer.clear();
  CHECK(buffer.n_samples() == 0);
  CHECK(buffer.n_classes() == kClasses);
}

TEST_CASE("what does not fit is refused, and nothing is added") {
  const Sample sample;
  ScoreBuffer<float> buffer(2);
  CHECK_THROWS_WITH(buffer.add(sample.rows(0, 5), sample.truth(0, 5)),
                    Catch::Matchers::Contains("3 classes") && Catch::Matchers::Contains("2"));
  CHECK_THROWS_AS(buffer.add({sample.scores.data(), 5, 2}, {sample.labels.data(), 4, 2}),
                  InvalidArgument);
  CHECK(buffer.n_samples() == 0);
  CHECK_THROWS_AS(buffer.merge(ScoreBuffer<float>(3)), InvalidArgument);
  CHECK(ScoreBuffer<double>(0).n_samples() == 0);
}
