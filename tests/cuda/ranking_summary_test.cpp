// SPDX-License-Identifier: Apache-2.0
/// Values computed on the device are those of the metrics' own functions.
#include "cxrlt/cuda/ranking_summary.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cuda/device_support.hpp"
#include "cxrlt/counting/count_thresholds.hpp"

using namespace cxrlt;

namespace {

bool same_value(MetricValue a, MetricValue b) {
  return a.why == b.why && (!a.defined() || a.value == b.value);
}

void check_summary(const RankingSummary& summary, const ThresholdCounts<>& counts) {
  CHECK(summary.n_positive == counts.n_positive);
  CHECK(summary.n_negative == counts.n_negative);
  CHECK(same_value(summary.auroc, auroc(counts)));
  const OperatingPoint best = best_f_beta(counts, 1);
  CHECK(same_value(summary.best_f1.value, best.value));
  if (best.value.defined()) CHECK(summary.best_f1.threshold == best.threshold);
  const MetricValue expected = average_precision(counts);
  CHECK(summary.average_precision.why == expected.why);
  if (expected.defined()) {
    CHECK(std::abs(summary.average_precision.value - expected.value) <= 1e-14);
  }
}

template <class Score>
void compare_random_summaries(std::uint64_t seed) {
  Random random(seed);
  for (const std::size_t n_samples : {1UL, 31UL, 33UL, 1100UL, 6000UL}) {
    for (const Ties ties : {Ties::none, Ties::some, Ties::all}) {
      TestMatrix<Score> scores(n_samples, 6, true);
      TestMatrix<Label> labels(n_samples, 6, false);
      fill_randomly(random, scores, labels, ties, true);
      const auto counts = count_thresholds(scores.host(), LabelMatrixView(labels.host()), Cpu{1});
      for (const auto way : {detail::NegativeWay::search, detail::NegativeWay::sort}) {
        CAPTURE(n_samples, static_cast<int>(ties), static_cast<int>(way));
        const auto summaries = detail::summarise_on_device(
            scores.device(), DeviceLabelMatrixView(labels.device()), Cuda{}, way);
        REQUIRE(summaries.size() == 6);
        for (std::size_t c = 0; c < 6; ++c) {
          CAPTURE(c);
          check_summary(summaries[c], counts[c]);
        }
      }
    }
  }
}

/// Sums of precisions in tiles of 32, tiles of tiles, and so on.
double tiled_average_precision(const ThresholdCounts<>& counts) {
  // One positive a threshold: no ties here.
  std::vector<double> sums;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    sums.push_back(static_cast<double>(counts.tp[k]) /
                   static_cast<double>(counts.tp[k] + counts.fp[k]));
  }
  while (sums.size() > 1) {
    std::vector<double> tiles((sums.size() + 31) / 32, 0.0);
    for (std::size_t i = 0; i < sums.size(); ++i) tiles[i / 32] += sums[i];
    sums = tiles;
  }
  return sums[0] / static_cast<double>(counts.n_positive);
}

}  // namespace

TEST_CASE("a summary of a worked example") {
  TestMatrix<double> scores(6, 1, true);
  TestMatrix<Label> labels(6, 1, true);
  scores.cells = {0.9, 0.8, 0.8, 0.4, 0.3, 0.3};
  labels.cells = {1, 0, 1, 0, 0, 1};
  const auto summaries =
      summarise_ranking(scores.device(), DeviceLabelMatrixView(labels.device()), Cuda{});
  REQUIRE(summaries.size() == 1);
  CHECK(std::abs(summaries[0].average_precision.value - 13.0 / 18) <= 1e-15);
  CHECK(summaries[0].auroc.value == 12.0 / 18);
  CHECK(summaries[0].best_f1.value.value == 4.0 / 6);
  CHECK(summaries[0].best_f1.threshold == 0.8);
}

TEST_CASE("of equal maxima of F1 the highest threshold is reported") {
  // F1 is 2/3 at 0.9, 1/2 at 0.7 and 2/3 at 0.2.
  TestMatrix<float> scores(5, 1, true);
  TestMatrix<Label> labels(5, 1, true);
  scores.cells = {0.9F, 0.8F, 0.7F, 0.3F, 0.2F};
  labels.cells = {1, 0, 0, 0, 1};
  const auto of_two =
      summarise_ranking(scores.device(), DeviceLabelMatrixView(labels.device()), Cuda{});
  CHECK(of_two[0].best_f1.value.value == 2.0 / 3);
  CHECK(of_two[0].best_f1.threshold == double{0.9F});
  labels.cells = {1, 0, 1, 0, 0};
  scores.cells = {0.9F, 0.8F, 0.8F, 0.7F, 0.6F};
  const auto tied =
      summarise_ranking(scores.device(), DeviceLabelMatrixView(labels.device()), Cuda{});
  CHECK(tied[0].best_f1.value.value == 0.8);
  CHECK(tied[0].best_f1.threshold == double{0.8F});
}

TEST_CASE("summaries equal the metrics of the processor: float") {
  compare_random_summaries<float>(621);
}

TEST_CASE("summaries equal the metrics of the processor: double") {
  compare_random_summaries<double>(622);
}

TEST_CASE("average precision is added up in one fixed order") {
  Random random(623);
  const std::size_t n_samples = 70'000;
  TestMatrix<double> scores(n_samples, 1, true);
  TestMatrix<Label> labels(n_samples, 1, true);
  for (std::size_t i = 0; i < n_samples; ++i) {
    scores(i, 0) = random.uniform();
    labels(i, 0) = static_cast<Label>(random.below(2));
  }
  const auto counts = count_thresholds(scores.host(), LabelMatrixView(labels.host()));
  REQUIRE(counts[0].size() == counts[0].n_positive);
  const auto summaries =
      summarise_ranking(scores.device(), DeviceLabelMatrixView(labels.device()), Cuda{});
  CHECK(summaries[0].average_precision.value == tiled_average_precision(counts[0]));
}

TEST_CASE("what is undefined says why") {
  TestMatrix<float> scores(3, 3, true);
  TestMatrix<Label> labels(3, 3, true);
  labels.cells = {0, 1, -1,  //
                  0, 1, -1,  //
                  0, 1, -1};
  const auto summaries =
      summarise_ranking(scores.device(), DeviceLabelMatrixView(labels.device()), Cuda{});
  CHECK(summaries[0].average_precision.why == Undefined::no_positives);
  CHECK(summaries[0].auroc.why == Undefined::no_positives);
  CHECK(summaries[0].best_f1.value.why == Undefined::no_positives);
  CHECK(summaries[0].n_negative == 3);
  CHECK(summaries[1].average_precision.value == 1);
  CHECK(summaries[1].auroc.why == Undefined::no_negatives);
  CHECK(summaries[1].best_f1.value.value == 1);
  CHECK(summaries[2].average_precision.why == Undefined::no_samples);
  CHECK(summaries[2].auroc.why == Undefined::no_samples);
  const auto of_nothing =
      summarise_ranking(TestMatrix<float>(0, 1, true).device(),
                        DeviceLabelMatrixView(TestMatrix<Label>(0, 1, true).device()), Cuda{});
  CHECK(of_nothing[0].average_precision.why == Undefined::no_samples);
}
