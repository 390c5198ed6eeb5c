// SPDX-License-Identifier: Apache-2.0
/// Counts on the device equal those of the processor to the bit, whatever the layout, the type of
/// the scores and the way in which negatives are counted.
#include "cxrlt/cuda/count_thresholds.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cuda/device_support.hpp"
#include "cxrlt/counting/count_thresholds.hpp"

using namespace cxrlt;

namespace {

constexpr std::array kWays{detail::NegativeWay::automatic, detail::NegativeWay::search,
                           detail::NegativeWay::sort};

template <class Score>
void compare_random_matrices(std::uint64_t seed) {
  Random random(seed);
  DeviceWorkspace workspace;
  for (const std::size_t n_samples : {1UL, 7UL, 64UL, 1003UL}) {
    for (const std::size_t n_classes : {1UL, 6UL, 33UL}) {
      for (const Ties ties : {Ties::none, Ties::some, Ties::all}) {
        for (const std::uint32_t kind : {0U, 1U, 2U, 3U}) {
          const bool row_major = kind % 2 == 0;
          TestMatrix<Score> scores(n_samples, n_classes, row_major);
          TestMatrix<Label> labels(n_samples, n_classes, kind < 2 ? row_major : !row_major);
          fill_randomly(random, scores, labels, ties, kind % 3 == 0);
          const auto expected =
              count_thresholds(scores.host(), LabelMatrixView(labels.host()), Cpu{1});
          const auto device_scores = scores.device();
          const DeviceLabelMatrixView device_labels(labels.device());
          for (const detail::NegativeWay way : kWays) {
            CAPTURE(n_samples, n_classes, static_cast<int>(ties), kind, static_cast<int>(way));
            // Little memory cuts the classes into several batches.
            const Cuda policy{0, nullptr, kind == 1 ? nullptr : &workspace,
                              kind == 3 ? 10'000UL : 1UL << 30};
            const auto counts = detail::count_on_device(device_scores, device_labels, policy, way);
            REQUIRE(counts.size() == n_classes);
            for (std::size_t c = 0; c < n_classes; ++c) {
              CAPTURE(c);
              REQUIRE(same_counts(counts[c], expected[c]));
            }
          }
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("counts of a worked example") {
  TestMatrix<float> scores(6, 1, true);
  TestMatrix<std::uint8_t> labels(6, 1, true);
  scores.cells = {0.9F, 0.8F, 0.8F, 0.4F, 0.3F, 0.3F};
  labels.cells = {1, 0, 1, 0, 0, 1};
  for (const detail::NegativeWay way : kWays) {
    const auto counts = detail::count_on_device(
        scores.device(), DeviceLabelMatrixView(labels.device()), Cuda{}, way);
    REQUIRE(counts.size() == 1);
    CHECK(counts[0].threshold == std::vector<double>{0.9F, 0.8F, 0.3F});
    CHECK(counts[0].tp == std::vector<std::uint64_t>{1, 2, 3});
    CHECK(counts[0].fp == std::vector<std::uint64_t>{0, 1, 3});
    CHECK(counts[0].fp_above == std::vector<std::uint64_t>{0, 0, 2});
    CHECK(counts[0].n_positive == 3);
    CHECK(counts[0].n_negative == 3);
  }
}

TEST_CASE("counts equal those of the processor: float") {
  compare_random_matrices<float>(611);
}

TEST_CASE("counts equal those of the processor: double") {
  compare_random_matrices<double>(612);
}

TEST_CASE("extreme scores are ordered as on the processor") {
  using Limits = std::numeric_limits<float>;
  const std::array<float, 12> values{0.F,
                                     -0.F,
                                     Limits::infinity(),
                                     -Limits::infinity(),
                                     Limits::denorm_min(),
                                     -Limits::denorm_min(),
                                     Limits::max(),
                                     Limits::lowest(),
                                     1.F,
                                     1.F + Limits::epsilon(),
                                     -1.F,
                                     Limits::min()};
  Random random(613);
  for (int repeat = 0; repeat < 20; ++repeat) {
    TestMatrix<float> scores(50, 2, true);
    TestMatrix<Label> labels(50, 2, true);
    fill_randomly(random, scores, labels, Ties::none, true);
    for (float& score : scores.cells) score = values[random.below(12)];
    const auto expected = count_thresholds(scores.host(), LabelMatrixView(labels.host()));
    for (const detail::NegativeWay way : kWays) {
      const auto counts = detail::count_on_device(
          scores.device(), DeviceLabelMatrixView(labels.device()), Cuda{}, way);
      for (std::size_t c = 0; c < 2; ++c) REQUIRE(same_counts(counts[c], expected[c]));
    }
  }
}

TEST_CASE("a part of a wider matrix is counted where it lies") {
  Random random(614);
  TestMatrix<double> scores(300, 9, true);
  TestMatrix<Label> labels(300, 9, true);
  fill_randomly(random, scores, labels, Ties::some, true);
  const auto whole_scores = scores.device();
  const auto whole_labels = labels.device();
  // Every second row, classes 2, 4 and 6.
  const DeviceMatrixView<const double> some_scores(whole_scores.data() + 2, 150, 3, 18, 2);
  const DeviceMatrixView<const Label> some_labels(whole_labels.data() + 2, 150, 3, 18, 2);
  const auto counts = count_thresholds(some_scores, some_labels, Cuda{});
  const auto expected = count_thresholds(
      MatrixView<const double>(scores.cells.data() + 2, 150, 3, 18, 2),
      LabelMatrixView(MatrixView<const Label>(labels.cells.data() + 2, 150, 3, 18, 2)));
  REQUIRE(counts.size() == 3);
  for (std::size_t c = 0; c < 3; ++c) CHECK(same_counts(counts[c], expected[c]));
}

TEST_CASE("scores of 16 bits are counted as the floats that they are") {
  Random random(615);
  const std::size_t n_samples = 2000;
  TestMatrix<float> others(n_samples, 3, true);
  TestMatrix<Label> labels(n_samples, 3, true);
  fill_randomly(random, others, labels, Ties::none, true);
  SixteenBitScores scores(random, n_samples, 3);
  const DeviceLabelMatrixView device_labels(labels.device());
  const auto of_half = count_thresholds(scores.float16.device(), device_labels, Cuda{});
  const auto of_brain = count_thresholds(scores.bfloat16.device(), device_labels, Cuda{});
  const auto expected_half =
      count_thresholds(scores.wide_float16.host(), LabelMatrixView(labels.host()));
  const auto expected_brain =
      count_thresholds(scores.wide_bfloat16.host(), LabelMatrixView(labels.host()));
  for (std::size_t c = 0; c < 3; ++c) {
    CHECK(same_counts(of_half[c], expected_half[c]));
    CHECK(same_counts(of_brain[c], expected_brain[c]));
  }
}

TEST_CASE("no samples, and no classes") {
  const auto no_samples =
      count_thresholds(TestMatrix<float>(0, 2, true).device(),
                       DeviceLabelMatrixView(TestMatrix<Label>(0, 2, true).device()), Cuda{});
  REQUIRE(no_samples.size() == 2);
  CHECK(same_counts(no_samples[1], ThresholdCounts<>()));
  const auto no_classes =
      count_thresholds(TestMatrix<float>(5, 0, true).device(),
                       DeviceLabelMatrixView(TestMatrix<Label>(5, 0, true).device()), Cuda{});
  CHECK(no_classes.empty());
}

TEST_CASE("the first fault of the lowest class is named") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const detail::NegativeWay way : kWays) {
    for (const bool row_major : {true, false}) {
      TestMatrix<float> scores(1000, 9, row_major);
      TestMatrix<Label> labels(1000, 9, row_major);
      Random random(616);
      fill_randomly(random, scores, labels, Ties::none, false);
      const auto complaint = [&] {
        return complaint_of([&] {
          detail::count_on_device(scores.device(), DeviceLabelMatrixView(labels.device()), Cuda{},
                                  way);
        });
      };
      CAPTURE(static_cast<int>(way), row_major);
      CHECK(complaint() == "");
      labels(601, 4) = 5;
      CHECK(complaint() ==
            "the label of sample 601 in class 4 is 5; expected 0, 1 or missing (-1)");
      scores(700, 4) = nan;
      CHECK(complaint() ==
            "the label of sample 601 in class 4 is 5; expected 0, 1 or missing (-1)");
      scores(600, 4) = -nan;
      CHECK(complaint() == "the score of sample 600 in class 4 is NaN");
      labels(601, 4) = 0;
      scores(999, 1) = nan;  // a class without positives
      CHECK(complaint() == "the score of sample 999 in class 1 is NaN");
      labels(999, 1) = kMissing;
      labels(600, 4) = kMissing;
      labels(700, 4) = kMissing;
      CHECK(complaint() == "");
      labels(5, 8) = -2;
      CHECK(complaint() == "the label of sample 5 in class 8 is -2; expected 0, 1 or missing (-1)");
    }
  }
}

TEST_CASE("unsigned labels cannot say missing") {
  TestMatrix<float> scores(3, 1, true);
  TestMatrix<std::uint8_t> labels(3, 1, true);
  labels.cells = {1, 255, 0};
  CHECK(complaint_of([&] {
          count_thresholds(scores.device(), DeviceLabelMatrixView(labels.device()), Cuda{});
        }) == "the label of sample 1 in class 0 is 255; expected 0, 1 or missing (-1)");
}

TEST_CASE("shapes must be equal") {
  TestMatrix<float> scores(3, 2, true);
  TestMatrix<Label> fewer_rows(2, 2, true);
  TestMatrix<Label> fewer_classes(3, 1, true);
  CHECK(complaint_of([&] {
          count_thresholds(scores.device(), DeviceLabelMatrixView(fewer_rows.device()), Cuda{});
        }) == "scores and labels differ in their number of samples: 3 and 2");
  CHECK(complaint_of([&] {
          count_thresholds(scores.device(), DeviceLabelMatrixView(fewer_classes.device()), Cuda{});
        }) == "scores and labels differ in their number of classes: 2 and 1");
}
