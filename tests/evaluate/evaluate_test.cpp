// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/evaluate.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cxrlt/core/logistic.hpp"
#include "evaluate_support.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

const MetricValue& class_value(const Evaluation& evaluation, std::size_t c, const char* metric) {
  const NamedValue* found = find_value(evaluation.classes[c].values, metric);
  REQUIRE(found != nullptr);
  return found->value;
}

const Average& macro(const Evaluation& evaluation, const char* metric) {
  const NamedAverage* found = find_value(evaluation.macro, metric);
  REQUIRE(found != nullptr);
  return found->value;
}

template <class Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// The example ML1 of the metrics page: four rows, three classes.
MultiLabel ml1() {
  return {
      4, 3, {.5, .5, .1, .7, .2, .7, .3, .2, .1, .9, .8, .1}, {1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1}};
}

/// Three classes: two positives of four, none, and positives that are never predicted.
MultiLabel uneven() {
  return {
      4, 3, {.9, .8, .1, .6, .2, .2, .4, .1, .3, .2, .6, .4}, {1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1}};
}

}  // namespace

TEST_CASE("evaluate: row metrics of the worked example ML1") {
  const Evaluation evaluation = ml1().evaluate();
  check_close(find_value(evaluation.rows, "lrap")->value.value, (.5 + 7.0 / 12 + 1 + 1) / 4);
  check_close(find_value(evaluation.rows, "coverage_error")->value.value, 2);
  check_close(find_value(evaluation.rows, "ranking_loss")->value.value, .375);
}

TEST_CASE("evaluate: decisions, counts and names") {
  EvaluationOptions options;
  options.class_names = {"a", "b", "c"};
  const Evaluation evaluation = uneven().evaluate(options);
  CHECK(evaluation.n_samples == 4);
  const ClassEvaluation& a = evaluation.classes[0];
  CHECK(a.name == "a");
  CHECK(a.n_positive == 2);
  CHECK(a.n_negative == 2);
  CHECK(*a.counts == ConfusionCounts<double>{1, 1, 1, 1});
  CHECK(class_value(evaluation, 0, "f1").value == 0.5);
  CHECK(class_value(evaluation, 1, "f1").value == 0);  // two false positives
  CHECK(class_value(evaluation, 1, "average_precision").why == Undefined::no_positives);
  CHECK(class_value(evaluation, 2, "precision").why == Undefined::no_predictions);
  CHECK(class_value(evaluation, 2, "f1").value == 0);
  CHECK(uneven().evaluate().classes[1].name == "class_1");
}

TEST_CASE("evaluate: labels are counted by kind, and missing cells enter nothing") {
  const MultiLabel data{4, 1, {0.9, 0.6, 0.2, 0.1}, {1, kMissing, 0, 0}};
  const Evaluation evaluation = data.evaluate();
  CHECK(evaluation.classes[0].n_positive == 1);
  CHECK(evaluation.classes[0].n_negative == 2);
  CHECK(evaluation.classes[0].n_missing == 1);
  check_close(class_value(evaluation, 0, "brier").value, (0.01 + 0.04 + 0.01) / 3);
  check_close(class_value(evaluation, 0, "observed_over_expected").value, 1 / 1.2);
  CHECK(*evaluation.classes[0].counts == ConfusionCounts<double>{1, 0, 0, 2});
}

TEST_CASE("evaluate: rows of weight 0 are counted nowhere, others as rows") {
  const std::vector<double> scores{0.9, 0.8, 0.7, 0.6, 0.5, 0.4};
  const std::vector<Label> labels{1, 0, 0, kMissing, 1, 0};
  const std::vector<double> weights{2.5, 0.5, 0, 1, 0, 3};
  EvaluationOptions options;
  options.row_weights = weights;
  const Evaluation result = evaluate(MatrixView<const double>(scores.data(), 6, 1),
                                     LabelMatrixView(labels.data(), 6, 1), options);
  CHECK(result.classes[0].n_positive == 1);
  CHECK(result.classes[0].n_negative == 2);
  CHECK(result.classes[0].n_missing == 1);
  REQUIRE(result.classes[0].counts);
  CHECK(result.classes[0].counts->tp == 2.5);
  CHECK(result.classes[0].counts->fp == 0.5);
  CHECK(result.classes[0].counts->tn == 3);
  CHECK(result.classes[0].counts->fn == 0);
}

TEST_CASE("evaluate: a score that is NaN does no harm where the label is missing") {
  const MultiLabel data{3, 1, {0.9, std::nan(""), 0.2}, {1, kMissing, 0}};
  check_close(class_value(data.evaluate(), 0, "brier").value, (0.01 + 0.04) / 2);
}

TEST_CASE("evaluate: one threshold serves all classes") {
  EvaluationOptions options;
  options.thresholds = {0.3};
  const Evaluation evaluation = uneven().evaluate(options);
  CHECK(*evaluation.classes[0].counts == ConfusionCounts<double>{2, 1, 0, 1});
  CHECK(evaluation.classes[2].threshold == 0.3);
}

TEST_CASE("evaluate: averages under every policy") {
  const MultiLabel data = uneven();
  EvaluationOptions options;
  const double ap0 = class_value(data.evaluate(), 0, "average_precision").value;
  const double ap2 = class_value(data.evaluate(), 2, "average_precision").value;

  const Evaluation skipped = data.evaluate(options);
  check_close(macro(skipped, "average_precision").value, (ap0 + ap2) / 2);
  CHECK(macro(skipped, "average_precision").n_defined == 2);
  CHECK(macro(skipped, "precision").value == 0.25);  // 0.5 and, unpredicted, 0
  CHECK(macro(skipped, "f1").value == 0.25);         // class b is left out although F1 is 0 there

  options.undefined.otherwise = UndefinedPolicy::zero;
  check_close(macro(data.evaluate(options), "average_precision").value, (ap0 + ap2) / 3);
  CHECK(macro(data.evaluate(options), "average_precision").n_defined == 3);

  options.undefined.otherwise = UndefinedPolicy::one;
  check_close(macro(data.evaluate(options), "average_precision").value, (ap0 + ap2 + 1) / 3);

  options.undefined.otherwise = UndefinedPolicy::nan;
  CHECK(macro(data.evaluate(options), "average_precision").why == Undefined::no_positives);
  CHECK(macro(data.evaluate(options), "brier").defined());

  options.undefined.otherwise = UndefinedPolicy::error;
  options.class_names = {"a", "b", "c"};
  const std::string message = message_of([&] { data.evaluate(options); });
  CHECK(message.find("'b'") != std::string::npos);
  CHECK(message.find("no_positives") != std::string::npos);

  options.undefined = UndefinedPolicies::scikit_learn();
  const Evaluation sklearn = data.evaluate(options);
  check_close(macro(sklearn, "average_precision").value, (ap0 + ap2) / 3);
  CHECK(macro(sklearn, "auroc").n_defined == 2);
  check_close(macro(sklearn, "f1").value, 0.5 / 3);
  check_close(macro(sklearn, "precision").value, 0.5 / 3);
}

TEST_CASE("evaluate: weighted averages weigh by positives") {
  MultiLabel data{4, 2, {.9, .9, .8, .1, .7, .2, .1, .3}, {1, 0, 1, 0, 1, 1, 0, 0}};
  const Evaluation evaluation = data.evaluate();
  const double f0 = class_value(evaluation, 0, "f1").value;
  const double f1_ = class_value(evaluation, 1, "f1").value;
  check_close(find_value(evaluation.weighted, "f1")->value.value, (3 * f0 + 1 * f1_) / 4);
}

TEST_CASE("evaluate: logits rank as they are and decide as probabilities") {
  Random random(21);
  MultiLabel data = random_multi_label(random, 60, 3);
  for (double& score : data.scores) score = std::clamp(score, 0.01, 0.99);
  MultiLabel logits = data;
  for (double& score : logits.scores) score = logit(score);
  EvaluationOptions options;
  options.scores = ScoreKind::logits;
  const auto expected = all_values(data.evaluate());
  for (const auto& [name, value] : all_values(logits.evaluate(options))) {
    INFO(name);
    check_close(value, expected.at(name), 1e-9);
  }
  const Evaluation evaluation = logits.evaluate(options);
  check_close(*find_value(evaluation.classes[0].values, "best_f1")->threshold,
              *find_value(data.evaluate().classes[0].values, "best_f1")->threshold, 1e-9);
  // Scores that float sigmoids cannot tell apart are still ranked.
  MultiLabel extreme{4, 1, {98, 98.5, 97.6, 99}, {0, 1, 1, 1}};
  check_close(class_value(extreme.evaluate(options), 0, "auroc").value, 2.0 / 3);
  CHECK(std::isfinite(class_value(extreme.evaluate(options), 0, "log_loss").value));
}

TEST_CASE("evaluate: scores outside [0, 1] are no probabilities, and the truth of ranking stays") {
  MultiLabel data{4, 2, {3, .1, 2, .2, -1, .3, .5, .4}, {1, 0, 1, 0, 0, 1, 0, 1}};
  const Evaluation evaluation = data.evaluate();
  CHECK_FALSE(evaluation.probabilities);
  CHECK(class_value(evaluation, 0, "auroc").value == 1);
  CHECK(class_value(evaluation, 0, "best_f1").value == 1);
  // The second class lies within [0, 1], but one submission is one kind of scores.
  for (const std::size_t c : {0U, 1U}) {
    CHECK(class_value(evaluation, c, "brier").why == Undefined::not_probabilities);
    CHECK(class_value(evaluation, c, "f1").why == Undefined::not_probabilities);
  }
  CHECK(macro(evaluation, "ece").why == Undefined::not_probabilities);
  CHECK(find_value(evaluation.micro, "f1")->value.why == Undefined::not_probabilities);
  CHECK(find_value(evaluation.rows, "exact_match")->value.why == Undefined::not_probabilities);
  CHECK(find_value(evaluation.rows, "lrap")->value.defined());
  CHECK(find_value(evaluation.pooled, "brier")->value.why == Undefined::not_probabilities);

  EvaluationOptions options;
  options.thresholds = {2};
  const Evaluation decided = data.evaluate(options);
  CHECK(class_value(decided, 0, "recall").value == 1);
  CHECK(class_value(decided, 0, "brier").why == Undefined::not_probabilities);
}

TEST_CASE("evaluate: scores a little outside [0, 1] are taken as 0 or 1, and counted") {
  MultiLabel data{2, 1, {1.0 + 5e-7, -5e-7}, {1, 0}};
  const Evaluation evaluation = data.evaluate();
  CHECK(evaluation.probabilities);
  CHECK(evaluation.n_out_of_range == 2);
  CHECK(class_value(evaluation, 0, "brier").value == 0);
  data.scores[0] = 1.0 + 2e-6;
  CHECK_FALSE(data.evaluate().probabilities);
}

TEST_CASE("evaluate: what lies between rows says nothing of scores, and hides none") {
  // Two rows of two classes, six numbers apart.
  std::vector<double> memory{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
  const std::vector<cxrlt::Label> labels{1, 0, 0, 1};
  const auto probabilities = [&] {
    return cxrlt::evaluate(cxrlt::MatrixView<const double>(memory.data(), 2, 2, 6, 1),
                           cxrlt::LabelMatrixView(labels.data(), 2, 2))
        .probabilities;
  };
  CHECK(probabilities());
  memory[3] = 7;
  CHECK(probabilities());
  memory[3] = 0.4;
  memory[7] = 7;
  CHECK_FALSE(probabilities());
}

TEST_CASE("evaluate: scores without a label, or of weight 0, say nothing about probabilities") {
  MultiLabel data{3, 1, {0.9, 7, 0.2}, {1, kMissing, 0}};
  CHECK(data.evaluate().probabilities);
  CHECK(class_value(data.evaluate(), 0, "brier").defined());
  data.labels[1] = 0;
  CHECK_FALSE(data.evaluate().probabilities);
  EvaluationOptions options;
  const std::vector<double> weights{1, 0, 1};
  options.row_weights = weights;
  CHECK(data.evaluate(options).probabilities);
}

TEST_CASE("evaluate: clipped probabilities are counted where a log loss is wanted") {
  const MultiLabel data{3, 1, {0, 1, 0.5}, {1, 0, 1}};
  CHECK(data.evaluate().n_clipped == 2);
  EvaluationOptions options;
  options.metrics = {parse_metric_name("ece")};
  CHECK(data.evaluate(options).n_clipped == 0);
  options.metrics = {parse_metric_name("pooled:log_loss")};
  CHECK(data.evaluate(options).n_clipped == 2);
}

TEST_CASE("evaluate: a group's observed over expected does not depend on the order of classes") {
  EvaluationOptions options;
  options.groups = {{"both", "", {0, 1}}};
  for (const bool zero_first : {true, false}) {
    MultiLabel data{2, 2, {0, 0.5, 0, 0.5}, {0, 1, 0, 1}};
    if (!zero_first) data.scores = {0.5, 0, 0.5, 0}, data.labels = {1, 0, 1, 0};
    const Evaluation evaluation = data.evaluate(options);
    const NamedAverage* ratio = find_value(evaluation.groups[0].values, "observed_over_expected");
    CHECK(ratio->value.value == 2);
    CHECK(ratio->value.n_defined == 2);
    CHECK(macro(evaluation, "observed_over_expected").why == Undefined::no_predictions);
  }
}

TEST_CASE("evaluate: the policy error concerns the classes that are averaged") {
  MultiLabel data = uneven();
  EvaluationOptions options;
  options.undefined.otherwise = UndefinedPolicy::error;
  options.groups = {{"defined", "", {0, 2}}, {"other", "", {1}}};
  options.metrics = {parse_metric_name("group/defined:auroc")};
  options.groups.pop_back();
  CHECK(find_value(data.evaluate(options).groups[0].values, "auroc")->value.defined());
}

TEST_CASE("evaluate: infinite scores rank") {
  const double infinity = std::numeric_limits<double>::infinity();
  MultiLabel data{3, 1, {infinity, -infinity, 0.5}, {1, 0, 0}};
  CHECK(class_value(data.evaluate(), 0, "auroc").value == 1);
  EvaluationOptions options;
  options.scores = ScoreKind::logits;
  CHECK(class_value(data.evaluate(options), 0, "brier").defined());
}

TEST_CASE("evaluate: thresholds for all classes, or one a class") {
  const MultiLabel data = uneven();
  EvaluationOptions options;
  options.thresholds = {0.3, 0.9, 0.2};
  const Evaluation evaluation = data.evaluate(options);
  CHECK(*evaluation.classes[0].counts == ConfusionCounts<double>{2, 1, 0, 1});
  CHECK(*evaluation.classes[1].counts == ConfusionCounts<double>{0, 0, 0, 4});
  CHECK(*evaluation.classes[2].counts == ConfusionCounts<double>{2, 1, 0, 1});
  CHECK(evaluation.classes[1].threshold == 0.9);
  const double micro = find_value(evaluation.micro, "f1")->value.value;
  check_close(micro, 2.0 * 4 / (2 * 4 + 2));
  options.thresholds = {0.3, 0.4};
  CHECK(message_of([&] { data.evaluate(options); }).find("2 thresholds for 3") !=
        std::string::npos);
}

TEST_CASE("evaluate: groups average their classes, and their O/E is a ratio of sums") {
  Random random(22);
  const MultiLabel data = random_multi_label(random, 60, 4);
  EvaluationOptions options;
  options.groups = {{"common", "by hand", {0, 1}}, {"rare", "by hand", {3}}, {"none", "", {}}};
  const Evaluation evaluation = data.evaluate(options);
  CHECK(evaluation.classes[0].group == "common");
  CHECK(evaluation.classes[2].group.empty());
  const auto group = [&](std::size_t g, const char* metric) {
    return *find_value(evaluation.groups[g].values, metric);
  };
  check_close(
      group(0, "auroc").value.value,
      (class_value(evaluation, 0, "auroc").value + class_value(evaluation, 1, "auroc").value) / 2);
  double observed = 0;
  double expected = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    for (const std::size_t c : {0U, 1U}) {
      observed += data.labels[i * 4 + c];
      expected += data.scores[i * 4 + c];
    }
  }
  check_close(group(0, "observed_over_expected").value.value, observed / expected);
  REQUIRE(group(0, "observed_over_expected").interval);
  CHECK(group(0, "observed_over_expected").interval->lower < observed / expected);
  CHECK_FALSE(group(2, "auroc").value.defined());
  options.groups = {{"bad", "", {7}}};
  CHECK_THROWS_AS(data.evaluate(options), InvalidArgument);
}

TEST_CASE("evaluate: only what is asked for is computed") {
  Random random(23);
  const MultiLabel data = random_multi_label(random, 40, 3);
  EvaluationOptions options;
  options.metrics = {parse_metric_name("map"),
                     parse_metric_name("micro:f1"),
                     parse_metric_name("f_beta@0.5"),
                     parse_metric_name("lrap"),
                     parse_metric_name("samples:recall"),
                     parse_metric_name("pooled:ece@10")};
  const Evaluation some = data.evaluate(options);
  const Evaluation all = data.evaluate();
  REQUIRE(some.macro.size() == 2);
  CHECK(some.macro[0].name == "average_precision");
  CHECK(some.macro[0].value.value == macro(all, "average_precision").value);
  CHECK(some.macro[1].name == "f_beta@0.5");
  CHECK(some.weighted.empty());
  REQUIRE(some.micro.size() == 1);
  CHECK(some.micro[0].value.value == find_value(all.micro, "f1")->value.value);
  REQUIRE(some.rows.size() == 1);
  CHECK(some.rows[0].value.value == find_value(all.rows, "lrap")->value.value);
  REQUIRE(some.samples.size() == 1);
  CHECK(some.samples[0].value.value == find_value(all.samples, "recall")->value.value);
  REQUIRE(some.pooled.size() == 1);
  CHECK(some.pooled[0].name == "ece@10");
}

TEST_CASE("evaluate: callers' mistakes are refused") {
  MultiLabel data = uneven();
  EvaluationOptions options;
  options.class_names = {"a"};
  CHECK_THROWS_AS(data.evaluate(options), InvalidArgument);
  options = {};
  options.n_bins = 0;
  CHECK_THROWS_AS(data.evaluate(options), InvalidArgument);
  options = {};
  const std::vector<double> weights{1, 1};
  options.row_weights = weights;
  CHECK_THROWS_AS(data.evaluate(options), InvalidArgument);
  const std::vector<double> negative{1, 1, -1, 1};
  options.row_weights = negative;
  CHECK_THROWS_AS(data.evaluate(options), InvalidArgument);
  CHECK_THROWS_AS(evaluate(MatrixView<const double>(data.scores.data(), 3, 3), data.label_view()),
                  InvalidArgument);
  CHECK_THROWS_AS(evaluate(MatrixView<const double>(data.scores.data(), 4, 2), data.label_view()),
                  InvalidArgument);
  data.scores[5] = std::nan("");
  CHECK(message_of([&] { data.evaluate(); }).find("NaN") != std::string::npos);
  data = uneven();
  data.labels[4] = 2;
  CHECK(message_of([&] { data.evaluate(); }).find("expected 0, 1 or missing") != std::string::npos);
}
