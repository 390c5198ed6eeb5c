// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/replicate_counts.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/counting/pooled.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

template <class Score>
struct Sample {
  Sample(std::size_t rows, std::size_t columns, int levels) : n(rows), n_classes(columns) {
    Random random(rows + columns);
    for (std::size_t k = 0; k < n * n_classes; ++k) {
      const bool positive = random.uniform() < (k % n_classes == 0 ? 0.4 : 0.03);
      const double score = random.normal() + (positive ? 1 : 0);
      scores.push_back(static_cast<Score>(levels == 0 ? score : std::round(score * levels)));
      labels.push_back(k % 17 == 3 ? kMissing : Label{positive});
    }
  }
  MatrixView<const Score> view() const { return {scores.data(), n, n_classes}; }
  LabelMatrixView truth() const { return {labels.data(), n, n_classes}; }

  std::size_t n;
  std::size_t n_classes;
  std::vector<Score> scores;
  std::vector<Label> labels;
};

/// The rows of a replicate.
std::vector<std::size_t> rows_of(const Resampler& resampler, const WeightBatch& batch,
                                 std::size_t lane) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < resampler.n_rows(); ++i) {
    const auto times = static_cast<int>(batch.weight(resampler.unit_of_row()[i], lane));
    for (int k = 0; k < times; ++k) rows.push_back(i);
  }
  return rows;
}

template <class Score>
void check_against_rows(const Sample<Score>& sample, const Resampler& resampler) {
  const std::vector<RankedCells> ranked =
      rank_cells(sample.view(), sample.truth(), resampler.unit_of_row(), Cpu{1});
  REQUIRE(ranked.size() == sample.n_classes);
  WeightBatch batch;
  std::vector<ThresholdCounts<double>> counts;
  for (std::size_t b = 0; b < resampler.n_batches(); ++b) {
    resampler.fill(b, batch);
    for (std::size_t c = 0; c < sample.n_classes; ++c) {
      const RankingReplicates ranking = rank_replicates(ranked[c], batch);
      count_replicates(ranked[c], batch, counts);
      REQUIRE(counts.size() == batch.n_lanes);
      for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
        CAPTURE(b, c, lane);
        std::vector<Score> scores;
        std::vector<Label> labels;
        for (const std::size_t row : rows_of(resampler, batch, lane)) {
          scores.push_back(sample.scores[row * sample.n_classes + c]);
          labels.push_back(sample.labels[row * sample.n_classes + c]);
        }
        const ThresholdCounts<> expected =
            count_thresholds(ColumnView<const Score>(scores), LabelColumnView(labels));
        REQUIRE(counts[lane].threshold == expected.threshold);
        REQUIRE(counts[lane].n_positive == static_cast<double>(expected.n_positive));
        REQUIRE(counts[lane].n_negative == static_cast<double>(expected.n_negative));
        for (std::size_t k = 0; k < expected.size(); ++k) {
          REQUIRE(counts[lane].tp[k] == static_cast<double>(expected.tp[k]));
          REQUIRE(counts[lane].fp[k] == static_cast<double>(expected.fp[k]));
          REQUIRE(counts[lane].fp_above[k] == static_cast<double>(expected.fp_above[k]));
        }
        CHECK(ranking.support[lane].n_positive == static_cast<double>(expected.n_positive));
        CHECK(ranking.support[lane].n_negative == static_cast<double>(expected.n_negative));
        // Bit for bit, or undefined for the same reason.
        const auto same = [](const MetricValue& actual, const MetricValue& wanted) {
          return actual.why == wanted.why && (!actual.defined() || actual.value == wanted.value);
        };
        CHECK(same(ranking.average_precision[lane], average_precision(expected)));
        CHECK(same(ranking.auroc[lane], auroc(expected)));
      }
    }
  }
}

template <class Score>
void check_against_rows(const Sample<Score>& sample) {
  ResamplingOptions options;
  options.n_replicates = 100;
  check_against_rows(sample, Resampler(sample.n, options));
}

}  // namespace

TEST_CASE("replicates of a class equal the counts of their rows, bit for bit") {
  check_against_rows(Sample<float>(150, 3, 0));
  check_against_rows(Sample<float>(150, 3, 2));
  check_against_rows(Sample<double>(150, 2, 0));
  check_against_rows(Sample<double>(70, 2, 1));
  check_against_rows(Sample<float>(1, 1, 0));
  // Logits of both signs, with few positives: distributed, not sorted.
  check_against_rows(Sample<double>(900, 3, 0));
  check_against_rows(Sample<float>(400, 3, 20));
  check_against_rows(Sample<float>(1500, 2, 1));  // segments of more cells than a byte can sum
}

TEST_CASE("replicates of large weights equal the counts of their rows") {
  // Above 15, a weight takes a byte.
  const int most = GENERATE(15, 16, 255);
  const int levels = GENERATE(0, 20);
  const Sample<float> sample(200, 2, levels);
  Random random(static_cast<std::uint64_t>(most));
  std::vector<double> weights;
  for (std::size_t k = 0; k < 3 * sample.n; ++k) {
    weights.push_back(random.uniform() < 0.5 ? 0 : random.below(static_cast<std::uint32_t>(most)));
  }
  weights.back() = most;
  check_against_rows(sample, Resampler::from_weights(sample.n, weights));
}

TEST_CASE("ranked cells count as their scores do") {
  for (const int levels : {0, 2, 20}) {
    const Sample<float> sample(900, 3, levels);
    const std::vector<std::uint32_t> unit(sample.n, 0);
    const std::vector<RankedCells> ranked = rank_cells(sample.view(), sample.truth(), unit);
    const std::vector<ThresholdCounts<>> expected =
        count_thresholds(sample.view(), sample.truth(), Cpu{1});
    for (std::size_t c = 0; c < sample.n_classes; ++c) {
      const ThresholdCounts<> counts = count_thresholds(ranked[c]);
      CHECK(counts.threshold == expected[c].threshold);
      CHECK(counts.tp == expected[c].tp);
      CHECK(counts.fp == expected[c].fp);
      CHECK(counts.fp_above == expected[c].fp_above);
      CHECK(counts.n_positive == expected[c].n_positive);
      CHECK(counts.n_negative == expected[c].n_negative);
    }
  }
}

TEST_CASE("long runs of negatives overflow no sum") {
  // Negatives of one unit with the largest weight stand above the only positive, or below it.
  const int n = GENERATE(29, 6000);
  const double most = GENERATE(255.0, 15.0);
  const bool above = GENERATE(true, false);
  const auto size = static_cast<std::size_t>(n) + 1;
  std::vector<float> scores(size, above ? 2.0F : 0.0F);
  std::vector<Label> labels(size, 0);
  scores.back() = 1;
  labels.back() = 1;
  std::vector<std::uint32_t> unit(size, 0);
  unit.back() = 1;
  const std::vector<double> weights{most, 1, 1, 3};
  const Resampler resampler = Resampler::from_weights(2, weights);
  WeightBatch batch;
  resampler.fill(0, batch);
  REQUIRE(batch.counts.narrow() == (most == 15));
  const std::vector<RankedCells> ranked =
      rank_cells(MatrixView<const float>(scores.data(), size, 1),
                 LabelMatrixView(labels.data(), size, 1), unit);
  const RankingReplicates ranking = rank_replicates(ranked[0], batch);
  CHECK(ranking.support[0].n_negative == n * most);
  CHECK(ranking.average_precision[0].value == (above ? 1.0 / (1 + n * most) : 1.0));
  CHECK(ranking.average_precision[1].value == (above ? 3.0 / (3 + n) : 1.0));
  CHECK(ranking.auroc[1].value == (above ? 0 : 1));
  std::vector<ThresholdCounts<double>> counts;
  count_replicates(ranked[0], batch, counts);
  CHECK(counts[0].n_negative == n * most);
  CHECK(counts[0].fp[0] == (above ? n * most : 0));
}

TEST_CASE("known totals spare the cells below the last positive, and change nothing") {
  const Sample<float> sample(900, 2, 20);
  const Resampler resampler(sample.n, {.n_replicates = 100});
  const std::vector<RankedCells> ranked =
      rank_cells(sample.view(), sample.truth(), resampler.unit_of_row(), Cpu{1});
  WeightBatch batch;
  resampler.fill(0, batch);
  for (const RankedCells& cells : ranked) {
    const RankingReplicates summed = rank_replicates(cells, batch);
    std::vector<double> totals;
    for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
      totals.push_back(summed.support[lane].n_positive + summed.support[lane].n_negative);
    }
    RankedCells above = cells;  // whose last cells are nobody's
    REQUIRE(above.thresholds.back().positives < above.size());
    std::fill(above.unit.begin() + above.thresholds.back().positives, above.unit.end(), 0U);
    const RankingReplicates known = rank_replicates(above, batch, totals);
    for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
      CHECK(known.support[lane].n_negative == summed.support[lane].n_negative);
      CHECK(known.auroc[lane].value == summed.auroc[lane].value);
      CHECK(known.average_precision[lane].value == summed.average_precision[lane].value);
    }
    totals.pop_back();
    CHECK_THROWS_AS(rank_replicates(cells, batch, totals), InvalidArgument);
  }
}

TEST_CASE("few positives among infinities and zeros, and none at all") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> scores;
  for (int k = 0; k < 40; ++k) {
    for (const double score : {0.0, -0.0, infinity, -infinity, 0.5 * k, -1e-300 * k}) {
      scores.push_back(score);
    }
  }
  std::vector<Label> labels(scores.size(), 0);
  for (const bool any : {false, true}) {
    if (any) labels[1] = labels[8] = labels[9] = labels[100] = 1;
    const std::vector<double> ones(scores.size(), 1.0);
    const Resampler identity = Resampler::from_weights(scores.size(), ones);
    WeightBatch batch;
    identity.fill(0, batch);
    const std::vector<RankedCells> ranked =
        rank_cells(MatrixView<const double>(scores.data(), scores.size(), 1),
                   LabelMatrixView(labels.data(), labels.size(), 1), identity.unit_of_row());
    std::vector<ThresholdCounts<double>> counts;
    count_replicates(ranked[0], batch, counts);
    const ThresholdCounts<> expected =
        count_thresholds(ColumnView<const double>(scores), LabelColumnView(labels));
    CHECK(counts[0].threshold == expected.threshold);
    CHECK(std::equal(counts[0].tp.begin(), counts[0].tp.end(), expected.tp.begin(),
                     expected.tp.end()));
    CHECK(std::equal(counts[0].fp.begin(), counts[0].fp.end(), expected.fp.begin(),
                     expected.fp.end()));
    CHECK(counts[0].n_negative == static_cast<double>(expected.n_negative));
    const RankingReplicates ranking = rank_replicates(ranked[0], batch);
    CHECK(ranking.auroc[0].why == auroc(expected).why);
    if (any) CHECK(ranking.auroc[0].value == auroc(expected).value);
  }
}

TEST_CASE("weights that are no integers give what integers in their place would") {
  const Sample<float> sample(120, 1, 2);
  Random random(4);
  std::vector<double> whole(sample.n * 3);
  for (double& weight : whole) weight = random.below(4);
  std::vector<double> half(whole);
  for (double& weight : half) weight /= 2;
  const Resampler integers = Resampler::from_weights(sample.n, whole);
  const Resampler halves = Resampler::from_weights(sample.n, half);
  REQUIRE_FALSE(halves.integer());
  const std::vector<RankedCells> ranked =
      rank_cells(sample.view(), sample.truth(), integers.unit_of_row());
  WeightBatch batch;
  WeightBatch half_batch;
  integers.fill(0, batch);
  halves.fill(0, half_batch);
  const RankingReplicates expected = rank_replicates(ranked[0], batch);
  const RankingReplicates found = rank_replicates(ranked[0], half_batch);
  std::vector<ThresholdCounts<double>> counts;
  count_replicates(ranked[0], half_batch, counts);
  for (std::size_t lane = 0; lane < 3; ++lane) {
    check_close(found.average_precision[lane].value, expected.average_precision[lane].value);
    check_close(found.auroc[lane].value, expected.auroc[lane].value);
    CHECK(found.support[lane].n_positive == expected.support[lane].n_positive / 2);
    CHECK(found.support[lane].n_negative == expected.support[lane].n_negative / 2);
    CHECK(counts[lane].n_negative == expected.support[lane].n_negative / 2);
  }
}

TEST_CASE("with its labels as strata a class keeps its positives") {
  const Sample<float> sample(300, 1, 0);
  std::vector<std::size_t> strata;
  for (const Label label : sample.labels) {
    strata.push_back(label == kMissing ? 2U : label == 1 ? 1U : 0U);
  }
  ResamplingOptions options;
  options.n_replicates = 50;
  options.strata = strata;
  const Resampler resampler(sample.n, options);
  const std::vector<RankedCells> ranked =
      rank_cells(sample.view(), sample.truth(), resampler.unit_of_row());
  WeightBatch batch;
  resampler.fill(0, batch);
  const RankingReplicates ranking = rank_replicates(ranked[0], batch);
  const auto n = [&](std::size_t label) {
    return static_cast<double>(std::count(strata.begin(), strata.end(), label));
  };
  for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
    CHECK(ranking.support[lane].n_positive == n(1));
    CHECK(ranking.support[lane].n_negative == n(0));
  }
  CHECK(ranking.average_precision[0].value != ranking.average_precision[1].value);
}

TEST_CASE("pooled replicates are those of all cells") {
  const Sample<float> sample(80, 3, 3);
  const Resampler resampler(80, {});
  const RankedCells ranked =
      rank_pooled_cells(sample.view(), sample.truth(), resampler.unit_of_row());
  const std::vector<double> ones(80, 1.0);
  const Resampler identity = Resampler::from_weights(80, ones);
  WeightBatch batch;
  identity.fill(0, batch);
  const RankingReplicates ranking = rank_replicates(ranked, batch);
  const ThresholdCounts<> expected = count_pooled(sample.view(), sample.truth());
  CHECK(ranking.average_precision[0].value == average_precision(expected).value);
  CHECK(ranking.auroc[0].value == auroc(expected).value);
}

TEST_CASE("cells of what is no score or no label are refused with their row") {
  std::vector<float> scores{0.1F, 0.2F, std::numeric_limits<float>::quiet_NaN()};
  std::vector<Label> labels{0, 1, kMissing};
  const std::vector<std::uint32_t> unit{0, 1, 2};
  const auto rank = [&] {
    return rank_cells(MatrixView<const float>(scores.data(), 3, 1),
                      LabelMatrixView(labels.data(), 3, 1), unit);
  };
  CHECK(rank()[0].size() == 2);  // a NaN beside a missing label harms nobody
  labels[2] = 0;
  CHECK_THROWS_WITH(rank(), Catch::Matchers::Contains("2"));
  scores[2] = 0.5F;
  labels[1] = 3;
  CHECK_THROWS_AS(rank(), InvalidArgument);
  const std::vector<std::uint32_t> short_unit{0, 1};
  labels[1] = 1;
  CHECK_THROWS_AS(rank_cells(MatrixView<const float>(scores.data(), 3, 1),
                             LabelMatrixView(labels.data(), 3, 1), short_unit),
                  InvalidArgument);
}
