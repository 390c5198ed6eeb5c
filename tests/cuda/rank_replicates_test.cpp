// SPDX-License-Identifier: Apache-2.0
/// Replicates on the device equal those of the processor to the bit, whatever the weights, the
/// layout, the type of the scores and the parts in which they are computed.
#include "cxrlt/cuda/rank_replicates.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cuda/device_support.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/uncertainty/ranked_cells.hpp"
#include "cxrlt/uncertainty/replicate_counts.hpp"

using namespace cxrlt;

namespace {

bool same_bits(MetricValue a, MetricValue b) {
  return a.why == b.why && (!a.defined() || detail::bits_as<std::uint64_t>(a.value) ==
                                                detail::bits_as<std::uint64_t>(b.value));
}

/// Whether values on the device are those of the processor for scores that are the same numbers.
template <class Score, class Element>
void check_replicates_of(TestMatrix<Score>& host_scores, TestMatrix<Element>& scores,
                         TestMatrix<Label>& labels, const Resampler& resampler,
                         const Cuda& policy = {}) {
  const auto found =
      rank_replicates(scores.device(), DeviceLabelMatrixView(labels.device()), resampler, policy);
  const std::vector<RankedCells> ranked = rank_cells(
      host_scores.host(), LabelMatrixView(labels.host()), resampler.unit_of_row(), Cpu{1});
  REQUIRE(found.size() == ranked.size());
  for (const ClassReplicates& of_class : found) {
    REQUIRE(of_class.average_precision.size() == resampler.n_replicates());
    REQUIRE(of_class.auroc.size() == resampler.n_replicates());
    REQUIRE(of_class.support.size() == resampler.n_replicates());
  }
  WeightBatch batch;
  for (std::size_t b = 0; b < resampler.n_batches(); ++b) {
    resampler.fill(b, batch);
    for (std::size_t c = 0; c < ranked.size(); ++c) {
      const RankingReplicates expected = rank_replicates(ranked[c], batch);
      for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
        CAPTURE(b, c, lane);
        const std::size_t replicate = b * detail::kLanes + lane;
        REQUIRE(same_bits(found[c].average_precision[replicate], expected.average_precision[lane]));
        REQUIRE(same_bits(found[c].auroc[replicate], expected.auroc[lane]));
        REQUIRE(found[c].support[replicate].n_positive == expected.support[lane].n_positive);
        REQUIRE(found[c].support[replicate].n_negative == expected.support[lane].n_negative);
      }
    }
  }
}

/// Weights of every kind that a device takes.
std::vector<Resampler> resamplers_of(Random& random, std::size_t n_samples) {
  std::vector<std::size_t> clusters;
  std::vector<std::size_t> strata;
  for (std::size_t i = 0; i < n_samples; ++i) {
    clusters.push_back(random.below(static_cast<std::uint32_t>(n_samples / 3 + 1)));
    strata.push_back(clusters.back() % 2);
  }
  ResamplingOptions options;
  options.n_replicates = 300;
  options.seed = random();
  std::vector<Resampler> all{Resampler(n_samples, options)};
  options.scheme = ResamplingScheme::poisson;
  options.n_replicates = 128;
  all.emplace_back(n_samples, options);
  options.scheme = ResamplingScheme::multinomial;
  options.n_replicates = 129;
  options.clusters = clusters;
  all.emplace_back(n_samples, options);
  options.strata = strata;
  all.emplace_back(n_samples, options);
  if (n_samples > 1) all.push_back(Resampler::leave_out(n_samples, {}, 200));
  for (const std::uint32_t largest : {15U, 255U}) {  // of 4 bits, and of a byte
    std::vector<double> weights;
    for (std::size_t k = 0; k < 70 * n_samples; ++k) {
      weights.push_back(random.below(3) == 0 ? random.below(largest + 1) : 0);
    }
    weights[n_samples / 2] = largest;
    all.push_back(Resampler::from_weights(n_samples, weights));
  }
  return all;
}

template <class Score>
void compare_random_replicates(std::uint64_t seed) {
  Random random(seed);
  DeviceWorkspace workspace;
  for (const std::size_t n_samples : {1UL, 9UL, 403UL}) {
    for (const Ties ties : {Ties::none, Ties::some, Ties::all}) {
      for (const bool row_major : {true, false}) {
        TestMatrix<Score> scores(n_samples, 6, row_major);
        TestMatrix<Label> labels(n_samples, 6, ties == Ties::all ? !row_major : row_major);
        fill_randomly(random, scores, labels, ties, row_major);
        for (const Resampler& resampler : resamplers_of(random, n_samples)) {
          CAPTURE(n_samples, static_cast<int>(ties), row_major, resampler.n_replicates());
          // Little memory: one class and one batch at a time.
          const Cuda policy{0, nullptr, row_major ? &workspace : nullptr,
                            row_major ? 1UL << 30 : 1UL};
          check_replicates_of(scores, scores, labels, resampler, policy);
        }
      }
    }
  }
}

Resampler usual_resampler(std::size_t n_samples) {
  ResamplingOptions options;
  options.n_replicates = 130;
  return {n_samples, options};
}

}  // namespace

TEST_CASE("replicates of a worked example") {
  TestMatrix<float> scores(6, 2, true);
  TestMatrix<std::uint8_t> labels(6, 2, true);
  scores.cells = {0.9F, 1, 0.8F, 1, 0.8F, 1, 0.4F, 1, 0.3F, 1, 0.3F, 1};
  labels.cells = {1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0};
  const std::vector<std::vector<std::size_t>> lists{
      {0, 1, 2, 3, 4, 5}, {0, 0, 1, 4}, {1, 3, 4}, {0, 2}, {}, {2, 1, 2, 1, 2}};
  const auto replicates = rank_replicates(scores.device(), DeviceLabelMatrixView(labels.device()),
                                          Resampler::from_rows(6, lists), Cuda{});
  REQUIRE(replicates.size() == 2);
  const ClassReplicates& first = replicates[0];
  REQUIRE(first.auroc.size() == 6);
  CHECK(std::abs(first.average_precision[0].value - 13.0 / 18) <= 1e-15);
  CHECK(first.auroc[0].value == 12.0 / 18);
  CHECK(first.support[0].n_positive == 3);
  CHECK(first.average_precision[1].value == 1);
  CHECK(first.auroc[1].value == 1);
  CHECK(first.support[1].n_positive == 2);
  CHECK(first.support[1].n_negative == 2);
  CHECK(first.average_precision[2].why == Undefined::no_positives);
  CHECK(first.auroc[2].why == Undefined::no_positives);
  CHECK(first.average_precision[3].value == 1);
  CHECK(first.auroc[3].why == Undefined::no_negatives);
  CHECK(first.average_precision[4].why == Undefined::no_samples);
  CHECK(first.auroc[4].why == Undefined::no_samples);
  CHECK(first.average_precision[5].value == 0.6);
  CHECK(first.auroc[5].value == 0.5);
  CHECK(replicates[1].average_precision[0].why == Undefined::no_positives);
  CHECK(replicates[1].support[0].n_negative == 6);
}

TEST_CASE("replicates equal those of the processor: float") {
  compare_random_replicates<float>(641);
}

TEST_CASE("replicates equal those of the processor: double") {
  compare_random_replicates<double>(642);
}

TEST_CASE("a replicate may lose all positives") {
  TestMatrix<double> scores(40, 1, true);
  TestMatrix<Label> labels(40, 1, true);
  Random random(643);
  fill_randomly(random, scores, labels, Ties::none, false);
  for (Label& label : labels.cells) label = 0;
  labels(17, 0) = 1;
  const Resampler resampler = usual_resampler(40);
  check_replicates_of(scores, scores, labels, resampler);
  const auto found =
      rank_replicates(scores.device(), DeviceLabelMatrixView(labels.device()), resampler, Cuda{});
  std::size_t n_lost = 0;
  for (const MetricValue& value : found[0].auroc) n_lost += value.defined() ? 0 : 1;
  CHECK(n_lost > 20);
  CHECK(n_lost < 80);
}

TEST_CASE("replicates of extreme scores equal those of the processor") {
  using Limits = std::numeric_limits<double>;
  const std::array<double, 8> values{0.,
                                     -0.,
                                     Limits::infinity(),
                                     -Limits::infinity(),
                                     Limits::denorm_min(),
                                     -Limits::denorm_min(),
                                     Limits::max(),
                                     Limits::lowest()};
  Random random(644);
  TestMatrix<double> scores(90, 2, true);
  TestMatrix<Label> labels(90, 2, true);
  fill_randomly(random, scores, labels, Ties::none, true);
  for (double& score : scores.cells) score = values[random.below(8)];
  for (std::size_t i = 0; i < 90; ++i) labels(i, 1) = static_cast<Label>(i % 2);
  check_replicates_of(scores, scores, labels, usual_resampler(90));
}

TEST_CASE("replicates of scores of 16 bits are those of the floats that they are") {
  Random random(645);
  const std::size_t n_samples = 200;
  TestMatrix<float> others(n_samples, 3, true);
  TestMatrix<Label> labels(n_samples, 3, true);
  fill_randomly(random, others, labels, Ties::none, true);
  SixteenBitScores scores(random, n_samples, 3);
  const Resampler resampler = usual_resampler(n_samples);
  check_replicates_of(scores.wide_float16, scores.float16, labels, resampler);
  check_replicates_of(scores.wide_bfloat16, scores.bfloat16, labels, resampler);
}

TEST_CASE("replicates are computed in as many parts as keep within the scratch memory") {
  const Resampler resampler = usual_resampler(1000);
  const auto parts = [&](std::size_t scratch_bytes) {
    return detail::parts_of(1000, 30, resampler, 4, scratch_bytes);
  };
  CHECK(parts(0).n_classes == 1);
  CHECK(parts(0).n_batches == 1);
  CHECK(parts(32'000).n_classes == 2);  // 16 kB, of 8 bytes a cell
  CHECK(parts(32'000).n_batches == 1);
  CHECK(parts(1'000'000).n_classes == 30);
  // 1 MB less 120 kB of cells holds 3 batches of 128 kB and 30 sums of 128 times 32 bytes.
  CHECK(parts(1'000'000).n_batches == 2);
  CHECK(parts(600'000).n_classes == 30);
  CHECK(parts(600'000).n_batches == 1);
  CHECK(detail::parts_of(1000, 0, resampler, 4, 0).n_batches == 1);
  Random random(646);
  TestMatrix<float> scores(1000, 7, false);
  TestMatrix<Label> labels(1000, 7, false);
  fill_randomly(random, scores, labels, Ties::some, true);
  for (const std::size_t scratch_bytes : {50'000UL, 200'000UL, 400'000UL}) {
    check_replicates_of(scores, scores, labels, resampler,
                        Cuda{0, nullptr, nullptr, scratch_bytes});
  }
}

TEST_CASE("replicates of no classes") {
  CHECK(rank_replicates(TestMatrix<float>(5, 0, true).device(),
                        DeviceLabelMatrixView(TestMatrix<Label>(5, 0, true).device()),
                        usual_resampler(5), Cuda{})
            .empty());
}

TEST_CASE("weights that a device cannot take are refused") {
  TestMatrix<float> scores(3, 1, true);
  TestMatrix<Label> labels(3, 1, true);
  labels.cells = {1, 0, 1};
  const auto complaint = [&](const Resampler& resampler) {
    return complaint_of([&] {
      rank_replicates(scores.device(), DeviceLabelMatrixView(labels.device()), resampler, Cuda{});
    });
  };
  const std::string no_integers =
      "rank_replicates: a device takes integer weights up to 255 alone; Bayesian and other weights "
      "are for the processor";
  ResamplingOptions bayesian;
  bayesian.scheme = ResamplingScheme::bayesian;
  CHECK(complaint(Resampler(3, bayesian)) == no_integers);
  CHECK(complaint(Resampler::from_weights(3, std::vector<double>{1, 0.5, 1})) == no_integers);
  CHECK(complaint(Resampler::from_weights(3, std::vector<double>{1, 256, 1})) == no_integers);
  CHECK(complaint(Resampler::from_weights(3, std::vector<double>{1, 255, 1})) == "");
  CHECK(complaint(usual_resampler(4)) == "rank_replicates: scores of 3 samples, but weights of 4");
}

TEST_CASE("replicates of other shapes are refused") {
  TestMatrix<float> scores(3, 2, true);
  TestMatrix<Label> fewer_classes(3, 1, true);
  CHECK(complaint_of([&] {
          rank_replicates(scores.device(), DeviceLabelMatrixView(fewer_classes.device()),
                          usual_resampler(3), Cuda{});
        }) == "scores and labels differ in their number of classes: 2 and 1");
  CHECK(complaint_of([&] {
          rank_replicates(TestMatrix<float>(0, 2, true).device(),
                          DeviceLabelMatrixView(TestMatrix<Label>(0, 2, true).device()),
                          usual_resampler(3), Cuda{});
        }) == "rank_replicates: scores of 0 samples, but weights of 3");
}

TEST_CASE("before any replicate the first fault of the lowest class is named") {
  for (const std::size_t scratch_bytes : {1UL, 1UL << 30}) {
    TestMatrix<float> scores(300, 9, true);
    TestMatrix<Label> labels(300, 9, true);
    Random random(647);
    fill_randomly(random, scores, labels, Ties::none, false);
    const Resampler resampler = usual_resampler(300);
    const auto complaint = [&] {
      return complaint_of([&] {
        rank_replicates(scores.device(), DeviceLabelMatrixView(labels.device()), resampler,
                        Cuda{0, nullptr, nullptr, scratch_bytes});
      });
    };
    CAPTURE(scratch_bytes);
    CHECK(complaint() == "");
    labels(201, 4) = 5;
    CHECK(complaint() == "the label of sample 201 in class 4 is 5; expected 0, 1 or missing (-1)");
    scores(200, 4) = std::numeric_limits<float>::quiet_NaN();
    CHECK(complaint() == "the score of sample 200 in class 4 is NaN");
    labels(201, 4) = 0;
    CHECK(complaint() == "the score of sample 200 in class 4 is NaN");
    labels(200, 4) = kMissing;
    CHECK(complaint() == "");
  }
}
