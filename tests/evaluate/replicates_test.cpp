// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/evaluate/replicates.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// Scores with ties, labels missing in all classes but one, a class with two positives, and
/// patients with several rows.
struct Sample {
  explicit Sample(std::size_t rows, std::uint64_t seed = 1) : n(rows) {
    Random random(seed);
    for (std::size_t i = 0; i < n; ++i) {
      clusters.push_back(random.below(static_cast<std::uint32_t>(n / 3 + 1)));
      for (std::size_t c = 0; c < kClasses; ++c) {
        const double prevalence = c == 0 ? 0.5 : c == 1 ? 0.15 : 0;
        const bool positive = random.uniform() < prevalence || (c == 2 && (i == 4 || i == 17));
        const double score = std::round((random.uniform() + (positive ? 0.5 : 0)) * 20) / 30;
        scores.push_back(static_cast<float>(score));
        labels.push_back(c != 1 && random.uniform() < 0.1 ? kMissing : Label{positive});
      }
    }
  }

  MatrixView<const float> view() const { return {scores.data(), n, kClasses}; }
  LabelMatrixView truth() const { return {labels.data(), n, kClasses}; }

  static constexpr std::size_t kClasses = 3;
  std::size_t n;
  std::vector<float> scores;
  std::vector<Label> labels;
  std::vector<std::size_t> clusters;
};

EvaluationOptions all_metrics() {
  EvaluationOptions options;
  options.groups = {{"two", "by hand", {0, 1}}, {"rare", "by hand", {2}}};
  options.thresholds = {0.5};  // which some scores tie with
  return options;
}

/// The values of the rows of a replicate themselves, each as often as it was drawn.
std::vector<double> values_of_rows(const Sample& sample, const EvaluationOptions& options,
                                   const std::vector<std::size_t>& rows) {
  std::vector<float> scores;
  std::vector<Label> labels;
  for (const std::size_t row : rows) {
    for (std::size_t c = 0; c < Sample::kClasses; ++c) {
      scores.push_back(sample.scores[row * Sample::kClasses + c]);
      labels.push_back(sample.labels[row * Sample::kClasses + c]);
    }
  }
  const Evaluation evaluation =
      evaluate(MatrixView<const float>(scores.data(), rows.size(), Sample::kClasses),
               LabelMatrixView(labels.data(), rows.size(), Sample::kClasses), options);
  std::vector<double> values;
  for_each_value(evaluation, [&](Scope, std::size_t, const auto& entry) {
    values.push_back(value_or_nan(entry));
  });
  return values;
}

std::vector<std::string> names_of(const Evaluation& evaluation) {
  std::vector<std::string> names;
  for_each_value(evaluation, [&](Scope scope, std::size_t member, const auto& entry) {
    names.push_back(std::string(to_string(scope)) + " " + std::to_string(member) + " " +
                    entry.name);
  });
  return names;
}

/// Compares every value of every replicate with that of its rows.
void check_replicates(const Sample& sample, const EvaluationOptions& options,
                      const Resampler& resampler) {
  const EvaluationReplicates replicates =
      evaluate_replicates(sample.view(), sample.truth(), options, resampler);
  const std::vector<std::string> names = names_of(replicates.estimate);
  WeightBatch batch;
  for (std::size_t b = 0; b < resampler.n_replicates(); ++b) {
    if (b % detail::kLanes == 0) resampler.fill(b / detail::kLanes, batch);
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < sample.n; ++i) {
      const auto times =
          static_cast<int>(batch.weight(resampler.unit_of_row()[i], b % detail::kLanes));
      for (int k = 0; k < times; ++k) rows.push_back(i);
    }
    const std::vector<double> expected = values_of_rows(sample, options, rows);
    REQUIRE(expected.size() == names.size());
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const double actual = replicates.of(k)[b];
      INFO("replicate " << b << ": " << names[k] << " is " << actual << ", of its rows "
                        << expected[k]);
      if (is_nan(expected[k])) {
        REQUIRE(is_nan(actual));
      } else {
        REQUIRE(std::abs(actual - expected[k]) <= 1e-12 * std::max(1.0, std::abs(expected[k])));
      }
    }
  }
}

}  // namespace

TEST_CASE("a replicate has the values of its rows: every metric, ties, missing labels") {
  const Sample sample(97);
  ResamplingOptions options;
  options.n_replicates = 135;
  SECTION("rows") {}
  SECTION("clusters") {
    options.clusters = sample.clusters;
  }
  SECTION("Poisson weights") {
    options.scheme = ResamplingScheme::poisson;
  }
  check_replicates(sample, all_metrics(), Resampler(sample.n, options));
}

TEST_CASE("replicates of logits have the values of their rows") {
  const Sample sample(80, 3);
  EvaluationOptions options = all_metrics();
  options.scores = ScoreKind::logits;
  ResamplingOptions resampling;
  resampling.n_replicates = 9;
  check_replicates(sample, options, Resampler(sample.n, resampling));
}

TEST_CASE("a published list of replicates gives the values of its rows") {
  const Sample sample(60, 2);
  const std::vector<std::vector<std::size_t>> lists{
      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {4, 4, 4, 17, 17, 59, 58, 0, 20, 21, 22}, {5, 5, 5, 5}};
  const Resampler resampler = Resampler::from_rows(sample.n, lists);
  CHECK(resampler.integer());
  check_replicates(sample, all_metrics(), resampler);
  const EvaluationReplicates replicates =
      evaluate_replicates(sample.view(), sample.truth(), all_metrics(), resampler);
  for (std::size_t b = 0; b < lists.size(); ++b) {
    const std::vector<double> expected = values_of_rows(sample, all_metrics(), lists[b]);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      if (!is_nan(expected[k])) check_close(replicates.of(k)[b], expected[k]);
    }
  }
}

TEST_CASE("weights that are no counts give weighted values") {
  const Sample sample(50, 5);
  ResamplingOptions resampling;
  resampling.n_replicates = 3;
  resampling.scheme = ResamplingScheme::bayesian;
  const Resampler resampler(sample.n, resampling);
  EvaluationOptions options = all_metrics();
  const EvaluationReplicates replicates =
      evaluate_replicates(sample.view(), sample.truth(), options, resampler);
  WeightBatch batch;
  resampler.fill(0, batch);
  for (std::size_t b = 0; b < 3; ++b) {
    std::vector<double> weights;
    for (std::size_t i = 0; i < sample.n; ++i) weights.push_back(batch.weight(i, b));
    options.row_weights = weights;
    std::size_t k = 0;
    for_each_value(evaluate(sample.view(), sample.truth(), options),
                   [&](Scope, std::size_t, const auto& entry) {
                     INFO(entry.name);
                     const double expected = value_or_nan(entry);
                     if (!is_nan(expected)) check_close(replicates.of(k)[b], expected);
                     ++k;
                   });
  }
}

TEST_CASE("replicates are equal for every number of threads, and progress is told") {
  const Sample sample(300, 7);
  ResamplingOptions resampling;
  resampling.n_replicates = 200;
  const Resampler resampler(sample.n, resampling);
  std::size_t told = 0;
  const auto run = [&](int threads) {
    told = 0;
    return evaluate_replicates(sample.view(), sample.truth(), all_metrics(), resampler,
                               Cpu{threads}, [&](std::size_t done) { told = done; })
        .values;
  };
  const std::vector<double> one = run(1);
  CHECK(told == 200);
  const std::vector<double> four = run(4);
  CHECK(told == 200);
  REQUIRE(one.size() == four.size());
  for (std::size_t k = 0; k < one.size(); ++k) {
    CHECK((one[k] == four[k] || (is_nan(one[k]) && is_nan(four[k]))));
  }
}

TEST_CASE("positive units count clusters once") {
  const std::vector<Label> labels{1, 1, 0, 1, kMissing};
  const std::vector<std::size_t> clusters{3, 3, 3, 9, 9};
  const std::vector<float> scores{.1F, .2F, .3F, .4F, .5F};
  ResamplingOptions resampling;
  resampling.n_replicates = 1;
  resampling.clusters = clusters;
  const EvaluationReplicates replicates =
      evaluate_replicates(MatrixView<const float>(scores.data(), 5, 1),
                          LabelMatrixView(labels.data(), 5, 1), {}, Resampler(5, resampling));
  CHECK(replicates.positive_units == std::vector<std::size_t>{2});
}

TEST_CASE("replicates refuse row weights, and another number of rows") {
  const Sample sample(30);
  const Resampler resampler(30, {});
  EvaluationOptions options;
  const std::vector<double> weights(30, 1.0);
  options.row_weights = weights;
  CHECK_THROWS_AS(evaluate_replicates(sample.view(), sample.truth(), options, resampler),
                  InvalidArgument);
  CHECK_THROWS_AS(evaluate_replicates(sample.view(), sample.truth(), {}, Resampler(31, {})),
                  InvalidArgument);
}

TEST_CASE("a replicate that loses a class is no error where undefined values are refused") {
  const Sample sample(40, 11);
  EvaluationOptions options;
  options.undefined.otherwise = UndefinedPolicy::error;
  options.metrics = {parse_metric_name("average_precision")};
  ResamplingOptions resampling;
  resampling.n_replicates = 100;
  const EvaluationReplicates replicates =
      evaluate_replicates(sample.view(), sample.truth(), options, Resampler(sample.n, resampling));
  for (const double value : replicates.of(0)) CHECK(!is_nan(value));
}
