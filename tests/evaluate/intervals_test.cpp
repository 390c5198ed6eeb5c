// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/evaluate/intervals.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// A frequent class, one with twelve positives, one with one, one with none.
struct Sample {
  Sample() {
    Random random(4);
    for (std::size_t i = 0; i < kRows; ++i) {
      for (std::size_t c = 0; c < 4; ++c) {
        const bool positive = c == 0   ? random.uniform() < 0.3
                              : c == 1 ? i % 33 == 1
                              : c == 2 ? i == 9
                                       : false;
        scores.push_back(random.uniform() * (positive ? 1 : 0.7));
        labels.push_back(Label{positive});
      }
    }
  }
  MatrixView<const double> view() const { return {scores.data(), kRows, 4}; }
  LabelMatrixView truth() const { return {labels.data(), kRows, 4}; }

  static constexpr std::size_t kRows = 400;
  std::vector<double> scores;
  std::vector<Label> labels;
};

EvaluationOptions grouped() {
  EvaluationOptions options;
  options.groups = {{"rare", "by hand", {1, 2}}, {"frequent", "by hand", {0}}};
  return options;
}

EvaluationReplicates replicates_of(const Sample& sample, const EvaluationOptions& options,
                                   int n_replicates = 200) {
  ResamplingOptions resampling;
  resampling.n_replicates = n_replicates;
  return evaluate_replicates(sample.view(), sample.truth(), options,
                             Resampler(Sample::kRows, resampling));
}

}  // namespace

TEST_CASE("every value that exists has an interval that contains it") {
  const Sample sample;
  const Evaluation result = add_intervals(replicates_of(sample, grouped()));
  for_each_value(result, [&](Scope scope, std::size_t, const auto& entry) {
    INFO(to_string(scope) << ' ' << entry.name);
    const double estimate = value_or_nan(entry);
    if (is_nan(estimate)) {
      CHECK_FALSE(entry.resampled);
      return;
    }
    if (entry.interval) return;
    REQUIRE(entry.resampled);
    if (!entry.resampled->interval.defined()) {
      CHECK((entry.resampled->n_defined < 2 || entry.resampled->standard_error == 0));
      return;
    }
    CHECK(entry.resampled->interval.contains(estimate));
    const Metric& metric = *find_metric(entry.name.substr(0, entry.name.find('@')));
    CHECK(entry.resampled->interval.lower >= metric.lowest);
    CHECK(entry.resampled->interval.upper <= metric.highest);
    CHECK(entry.resampled->n_replicates == 200);
    REQUIRE(interval_of(entry).has_value());
  });
}

TEST_CASE("rare classes take the logit interval for average precision, and are marked") {
  const Sample sample;
  const Evaluation result = add_intervals(replicates_of(sample, grouped()));
  const auto precision = [&](std::size_t c) {
    return *find_value(result.classes[c].values, "average_precision")->resampled;
  };
  CHECK(precision(0).method == IntervalMethod::normal);
  CHECK_FALSE(precision(0).small_sample);
  CHECK(precision(1).method == IntervalMethod::logit);
  CHECK_FALSE(precision(1).small_sample);
  CHECK(precision(2).method == IntervalMethod::logit);
  CHECK(precision(2).small_sample);
  // About one replicate in e loses the only positive.
  CHECK(precision(2).n_defined < 150);
  CHECK(precision(2).n_defined > 100);
  CHECK(find_value(result.classes[1].values, "auroc")->resampled->method == IntervalMethod::normal);
  CHECK(find_value(result.macro, "average_precision")->resampled->small_sample);
  CHECK(find_value(result.groups[0].values, "auroc")->resampled->small_sample);
  CHECK_FALSE(find_value(result.groups[1].values, "auroc")->resampled->small_sample);
  CHECK_FALSE(find_value(result.micro, "auroc")->resampled->small_sample);
}

TEST_CASE("the macro interval is made of replicates of the average itself") {
  const Sample sample;
  EvaluationOptions options;
  options.metrics = {parse_metric_name("average_precision")};
  const EvaluationReplicates replicates = replicates_of(sample, options);
  const ResampledInterval interval =
      *find_value(add_intervals(replicates).macro, "average_precision")->resampled;
  double sum = 0;
  for (const double value : replicates.of(0)) sum += value;
  const double estimate = replicates.estimate.macro[0].value.value;
  check_close(interval.bias, sum / 200 - estimate);
  check_close(interval.interval.upper - estimate, 1.959963984540054 * interval.standard_error);
}

TEST_CASE("another method is used for all values, BCa with something left out") {
  const Sample sample;
  EvaluationOptions options;
  options.metrics = {parse_metric_name("average_precision"), parse_metric_name("auroc")};
  const EvaluationReplicates replicates = replicates_of(sample, options);
  const EvaluationReplicates left_out = evaluate_replicates(sample.view(), sample.truth(), options,
                                                            Resampler::leave_out(Sample::kRows));
  CHECK(left_out.n_replicates == Sample::kRows);
  IntervalOptions bca;
  bca.method = IntervalMethod::bca;
  const Evaluation result = add_intervals(replicates, bca, &left_out);
  for (const ClassEvaluation& one : result.classes) {
    for (const NamedValue& value : one.values) {
      if (value.resampled) CHECK(value.resampled->method == IntervalMethod::bca);
    }
  }
  CHECK_THROWS_AS(add_intervals(replicates, bca), InvalidArgument);
  options.metrics.pop_back();
  const EvaluationReplicates others = evaluate_replicates(
      sample.view(), sample.truth(), options, Resampler::leave_out(Sample::kRows, {}, 10));
  CHECK(others.n_replicates == 10);
  CHECK_THROWS_AS(add_intervals(replicates, bca, &others), InvalidArgument);
}

TEST_CASE("leaving rows out is evaluating the others") {
  const Sample sample;
  EvaluationOptions options;
  options.metrics = {parse_metric_name("class/class_0:average_precision")};
  const EvaluationReplicates left_out = evaluate_replicates(
      sample.view(), sample.truth(), options, Resampler::leave_out(Sample::kRows, {}, 7));
  std::vector<double> scores;
  std::vector<Label> labels;
  for (std::size_t i = 0; i < Sample::kRows; ++i) {
    if (i % 7 == 3) continue;
    scores.push_back(sample.scores[i * 4]);
    labels.push_back(sample.labels[i * 4]);
  }
  const double expected =
      average_precision(count_thresholds(ColumnView<const double>(scores), LabelColumnView(labels)))
          .value;
  CHECK(left_out.of(0)[3] == expected);
  CHECK_THROWS_AS(Resampler::leave_out(1), InvalidArgument);
}
