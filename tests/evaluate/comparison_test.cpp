// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/evaluate/comparison_tests.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// Two models of three classes, the second the better one of the first class only; the last class
/// has no positives.
struct Pair {
  explicit Pair(std::size_t rows = 300, double gain = 1) : n(rows) {
    Random random(8);
    for (std::size_t i = 0; i < n; ++i) {
      clusters.push_back(i / 2);
      for (std::size_t c = 0; c < 3; ++c) {
        const bool positive = c < 2 && random.uniform() < 0.3;
        const double shared = random.normal() + (positive ? 1 : 0);
        labels.push_back(Label{positive});
        first.push_back(sigmoid(shared + 0.3 * random.normal()));
        second.push_back(sigmoid(shared + 0.3 * random.normal() + (c == 0 && positive ? gain : 0)));
      }
    }
  }

  MatrixView<const double> view(const std::vector<double>& scores) const {
    return {scores.data(), n, 3};
  }
  LabelMatrixView truth() const { return {labels.data(), n, 3}; }
  PairedScores<double> scores() const { return {view(first), view(second), truth(), clusters}; }

  EvaluationReplicates replicates(const std::vector<double>& of,
                                  const EvaluationOptions& options) const {
    ResamplingOptions resampling;
    resampling.n_replicates = 499;
    return evaluate_replicates(view(of), truth(), options, Resampler(n, resampling));
  }

  std::size_t n;
  std::vector<double> first;
  std::vector<double> second;
  std::vector<Label> labels;
  std::vector<std::size_t> clusters;
};

EvaluationOptions options_of(const std::vector<std::string>& metrics) {
  EvaluationOptions options;
  for (const std::string& name : metrics) options.metrics.push_back(parse_metric_name(name));
  options.groups = {{"head", "by hand", {0}}, {"tail", "by hand", {1, 2}}};
  return options;
}

const ComparedValue& value_of(const std::vector<ComparedValue>& values, Scope scope,
                              const std::string& member, const std::string& metric) {
  for (const ComparedValue& value : values) {
    if (value.scope == scope && value.member == member && value.metric == metric) return value;
  }
  FAIL("no value " << member << ' ' << metric);
  return values.front();
}

}  // namespace

TEST_CASE("differences are paired: interval and p-value of the same replicates") {
  const Pair pair;
  const EvaluationOptions options = options_of({"auroc"});
  const EvaluationReplicates first = pair.replicates(pair.first, options);
  const EvaluationReplicates second = pair.replicates(pair.second, options);
  const std::vector<ComparedValue> values = compare(first, second);
  const ComparedValue& macro = value_of(values, Scope::macro, "", "auroc");
  check_close(macro.difference.value, macro.first.value - macro.second.value);
  std::vector<double> differences;
  for (std::size_t b = 0; b < 499; ++b) differences.push_back(first.of(0)[b] - second.of(0)[b]);
  check_close(macro.interval.standard_error, detail::moments(differences).deviation);
  check_close(macro.p_value.value, shifted_p_value(macro.difference.value, differences));
  CHECK(macro.p_value.value < 0.01);
  CHECK(macro.interval.interval.upper < 0);
  // What both models find hard cancels out.
  const ComparedValue& equal = value_of(values, Scope::class_, "class_1", "auroc");
  const ResampledInterval alone =
      *find_value(add_intervals(first).classes[1].values, "auroc")->resampled;
  CHECK(equal.interval.standard_error < 0.7 * alone.standard_error);
  CHECK(equal.p_value.value > 0.05);
  CHECK_FALSE(value_of(values, Scope::class_, "class_2", "auroc").difference.defined());
  CHECK(value_of(values, Scope::class_, "class_2", "auroc").p_value.why == Undefined::no_positives);
}

TEST_CASE("a model compared with itself differs in nothing") {
  const Pair pair;
  const EvaluationReplicates one = pair.replicates(pair.first, options_of({"map", "f1", "brier"}));
  for (const ComparedValue& value : compare(one, one)) {
    if (!value.difference.defined()) continue;
    CHECK(value.difference.value == 0);
    CHECK(value.p_value.value == 1);
    CHECK_FALSE(value.interval.interval.defined());  // nothing varies
  }
}

TEST_CASE("turning the models round turns the signs") {
  const Pair pair;
  const EvaluationOptions options = options_of({"map", "ece"});
  const EvaluationReplicates first = pair.replicates(pair.first, options);
  const EvaluationReplicates second = pair.replicates(pair.second, options);
  const std::vector<ComparedValue> forth = compare(first, second);
  const std::vector<ComparedValue> back = compare(second, first);
  REQUIRE(forth.size() == back.size());
  for (std::size_t k = 0; k < forth.size(); ++k) {
    if (!forth[k].difference.defined()) continue;
    CHECK(forth[k].difference.value == -back[k].difference.value);
    CHECK(forth[k].p_value.value == back[k].p_value.value);
    check_close(forth[k].interval.interval.lower, -back[k].interval.interval.upper);
  }
}

TEST_CASE("Holm's p-values are over the classes of one metric") {
  std::vector<ComparedValue> values(5);
  const auto set = [&](std::size_t k, Scope scope, const char* metric, double p_value) {
    values[k].scope = scope;
    values[k].metric = metric;
    values[k].p_value = {p_value};
  };
  set(0, Scope::macro, "auroc", 0.04);
  set(1, Scope::class_, "auroc", 0.01);
  set(2, Scope::class_, "f1", 0.02);
  set(3, Scope::class_, "auroc", 0.03);
  values[4].scope = Scope::class_;
  values[4].metric = "auroc";
  values[4].p_value = MetricValue::undefined(Undefined::no_positives);
  adjust_for_classes(values);
  CHECK(values[0].adjusted.value == 0.04);
  check_close(values[1].adjusted.value, 0.02);
  CHECK(values[2].adjusted.value == 0.02);
  check_close(values[3].adjusted.value, 0.03);
  CHECK(values[4].adjusted.why == Undefined::no_positives);
}

TEST_CASE("permutation and DeLong agree with the bootstrap on what is clear and what is not") {
  const Pair pair;
  const EvaluationOptions options = options_of({"auroc", "brier", "group/tail:auroc"});
  const EvaluationReplicates first = pair.replicates(pair.first, options);
  std::vector<ComparedValue> values = compare(first, pair.replicates(pair.second, options));
  PermutationOptions permutation;
  permutation.n_replicates = 499;
  const MetricKey auroc_key = parse_metric_name("auroc").key;
  test_by_permutation(values, first.estimate, pair.scores(), auroc_key, ScoreKind::probabilities,
                      permutation);
  const PermutationTest expected = permute_ranks(
      pair.view(pair.first), pair.view(pair.second), pair.truth(),
      [](const ThresholdCounts<>& counts) { return auroc(counts); }, pair.clusters, permutation);
  CHECK(value_of(values, Scope::class_, "class_0", "auroc").p_value.value ==
        expected.p_value[0].value);
  CHECK(value_of(values, Scope::class_, "class_1", "auroc").p_value.value ==
        expected.p_value[1].value);
  CHECK(value_of(values, Scope::macro, "", "auroc").p_value.value ==
        average_difference(expected).p_value.value);
  const std::vector<std::size_t> tail{1, 2};
  CHECK(value_of(values, Scope::group, "tail", "auroc").p_value.value ==
        average_difference(expected, tail).p_value.value);
  CHECK(value_of(values, Scope::class_, "class_0", "auroc").p_value.value < 0.01);
  CHECK(value_of(values, Scope::class_, "class_1", "auroc").p_value.value > 0.05);

  const double before = value_of(values, Scope::class_, "class_1", "brier").p_value.value;
  test_by_delong(values, first.estimate, pair.scores());
  const AurocComparison delong =
      delong_test(pair.view(pair.first).column(1), pair.view(pair.second).column(1),
                  pair.truth().column(1), pair.clusters);
  const ComparedValue& compared = value_of(values, Scope::class_, "class_1", "auroc");
  CHECK(compared.p_value.value == delong.p_value.value);
  CHECK(compared.interval.interval.lower == delong.interval.lower);
  CHECK(compared.interval.method == IntervalMethod::delong);
  CHECK_FALSE(value_of(values, Scope::macro, "", "auroc").p_value.defined());
  CHECK(value_of(values, Scope::class_, "class_1", "brier").p_value.value == before);
}

TEST_CASE("metrics of probabilities are exchanged as they are, of logits through the sigmoid") {
  const Pair pair(120);
  const EvaluationOptions options = options_of({"log_loss"});
  const EvaluationReplicates first = pair.replicates(pair.first, options);
  std::vector<ComparedValue> values = compare(first, pair.replicates(pair.second, options));
  std::vector<ComparedValue> of_logits = values;
  PermutationOptions permutation;
  permutation.n_replicates = 199;
  const MetricKey key = parse_metric_name("log_loss").key;
  test_by_permutation(values, first.estimate, pair.scores(), key, ScoreKind::probabilities,
                      permutation);
  Pair logits = pair;
  for (double& score : logits.first) score = logit(score);
  for (double& score : logits.second) score = logit(score);
  test_by_permutation(of_logits, first.estimate, logits.scores(), key, ScoreKind::logits,
                      permutation);
  CHECK(value_of(values, Scope::class_, "class_0", "log_loss").p_value.value < 0.05);
  CHECK(value_of(values, Scope::class_, "class_0", "log_loss").p_value.value ==
        value_of(of_logits, Scope::class_, "class_0", "log_loss").p_value.value);
  CHECK_THROWS_AS(test_by_permutation(values, first.estimate, pair.scores(),
                                      parse_metric_name("f1").key, ScoreKind::probabilities),
                  InvalidArgument);
}

TEST_CASE("what cannot be compared is refused") {
  const Pair pair(40);
  const EvaluationReplicates first = pair.replicates(pair.first, options_of({"auroc"}));
  EvaluationReplicates other = pair.replicates(pair.second, options_of({"auroc", "f1"}));
  CHECK_THROWS_AS(compare(first, other), InvalidArgument);
}
