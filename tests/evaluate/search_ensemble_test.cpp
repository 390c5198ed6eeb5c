// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/evaluate/search_ensemble.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/ensemble/combine.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr std::size_t kRows = 600;

/// Three models of three classes: the first knows the first class, the second the others, the third
/// nothing.
struct Data {
  std::vector<ClassMatrix<double>> scores{3, ClassMatrix<double>(kRows, 3)};
  ClassMatrix<Label> labels{kRows, 3};
  std::vector<MatrixView<const double>> models;

  explicit Data(const std::vector<std::vector<double>>& skill) {
    Random random(5);
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t i = 0; i < kRows; ++i) {
        const bool positive = random.uniform() < 0.3 / static_cast<double>(k + 1);
        labels[k][i] = positive ? 1 : 0;
        for (std::size_t m = 0; m < 3; ++m) {
          scores[m][k][i] = sigmoid(random.normal() + (positive ? skill[m][k] : 0) - 1);
        }
      }
    }
    for (const ClassMatrix<double>& model : scores) models.push_back(model.view());
  }

  EnsembleSearch search(const char* metric, const EnsembleSearchOptions& options = {},
                        const EvaluationOptions& evaluation = {}, const Cpu& policy = {}) const {
    return search_ensemble(models, labels.view(), parse_metric_name(metric), evaluation, options,
                           policy);
  }
  double value(const char* metric, const std::vector<std::vector<double>>& weights,
               const EnsembleSearchOptions& options, EvaluationOptions evaluation = {}) const {
    const MetricName name = parse_metric_name(metric);
    const ClassMatrix<double> combined =
        combine(models, weights, options.rule, evaluation.scores).scores;
    evaluation.metrics = {name};
    evaluation.scores = ScoreKind::probabilities;
    return requested_value(evaluate(combined.view(), labels.view(), evaluation), name).value.value;
  }
};

const std::vector<std::vector<double>> kSpecialists{{2, 0, 0}, {0, 2, 2}, {0, 0, 0}};
const std::vector<std::vector<double>> kAlike{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}};

std::string refusal(const char* metric, const EnsembleSearchOptions& options) {
  try {
    check_can_search_ensemble(parse_metric_name(metric), options);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the apparent value is that of the combination by the weights", "[search_ensemble]") {
  const Data data(kSpecialists);
  for (const auto& [strategy, name] : weight_strategies) {
    for (const char* method : {"mean", "logit", "rank", "geometric", "power:3"}) {
      for (const bool per_class : {false, true}) {
        CAPTURE(std::string(name), method, per_class);
        EnsembleSearchOptions options;
        options.rule = parse_combine_rule(method);
        options.strategy = strategy;
        options.per_class = per_class;
        options.greedy.n_rounds = 4;
        options.folds.n_folds = 2;
        const EnsembleSearch search = data.search("map", options);
        REQUIRE(search.weights.size() == 3);
        CHECK(search.weights.front().size() == (per_class ? 3 : 1));
        check_close(search.apparent.value, data.value("map", search.weights, options));
        check_close(search.equal.value, data.value("map", {{1}, {1}, {1}}, options));
        check_close(search.singles[1].value, data.value("map", {{0}, {1}, {0}}, options));
        CHECK(search.nested.defined());
        CHECK(search.n_folds == 2);
      }
    }
  }
}

TEST_CASE("specialists are found class by class, and are worth it on other rows",
          "[search_ensemble]") {
  const Data data(kSpecialists);
  EnsembleSearchOptions options;
  options.strategy = WeightStrategy::best;
  options.per_class = true;
  const EnsembleSearch search = data.search("map", options);
  CHECK(search.weights == std::vector<std::vector<double>>{{1, 0, 0}, {0, 1, 1}, {0, 0, 0}});
  CHECK(search.gain.value > 0.05);
  CHECK(search.equal_does_as_well == false);
  for (const MetricValue& single : search.singles) CHECK(single.value < search.apparent.value);
}

TEST_CASE("where models are alike the search is told apart from what it is worth",
          "[search_ensemble]") {
  const Data data(kAlike);
  EnsembleSearchOptions options;
  options.per_class = true;
  const EnsembleSearch search = data.search("map", options);
  CHECK(search.apparent.value > search.equal.value);
  CHECK(search.nested.value < search.apparent.value);
  CHECK(search.equal_does_as_well == true);
}

TEST_CASE("the nested gain, by hand", "[search_ensemble]") {
  const Data data(kSpecialists);
  std::vector<std::size_t> patients(kRows);
  for (std::size_t i = 0; i < kRows; ++i) patients[i] = i / 3;
  EnsembleSearchOptions options;
  options.folds = {3, 7};
  options.clusters = patients;
  options.greedy.n_rounds = 3;
  const MetricName name = parse_metric_name("pooled:log_loss");
  const EnsembleSearch search = data.search("pooled:log_loss", options);
  const std::vector<int> folds = stratified_folds(data.labels.view(), patients, options.folds);
  double sum = 0;
  double squares = 0;
  double lost = 0;
  for (int fold = 0; fold < 3; ++fold) {
    ClassMatrix<Label> others = data.labels;
    ClassMatrix<Label> here = data.labels;
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t i = 0; i < kRows; ++i) (folds[i] == fold ? others : here)[k][i] = kMissing;
    }
    EnsembleSearchOptions inner = options;
    inner.folds = {2, 0};
    const EnsembleSearch found = search_ensemble(data.models, others.view(), name, {}, inner);
    EvaluationOptions evaluation;
    evaluation.metrics = {name};
    const auto value = [&](const std::vector<std::vector<double>>& weights) {
      const ClassMatrix<double> combined = combine(data.models, weights).scores;
      return requested_value(evaluate(combined.view(), here.view(), evaluation), name).value.value;
    };
    const double difference = value(found.weights) - value({{1}, {1}, {1}});
    lost += value(search.weights) - value(found.weights);
    sum += difference;
    squares += difference * difference;
  }
  check_close(search.gain.value, sum / 3);
  check_close(search.nested.value, search.apparent.value - lost / 3);
  check_close(search.gain_error.value, std::sqrt((squares - sum * sum / 3) / 2 / 3));
  // Less log loss is better.
  CHECK(search.equal_does_as_well == !(-search.gain.value > search.gain_error.value));
  CHECK(search.equal_does_as_well == false);
  CHECK(search.apparent.value < search.equal.value);
}

TEST_CASE("logits, thresholds and row weights go into the search", "[search_ensemble]") {
  Data data(kSpecialists);
  EvaluationOptions evaluation;
  evaluation.scores = ScoreKind::logits;
  evaluation.thresholds = {0.3, 0.2, 0.1};
  std::vector<double> weights(kRows, 1.0);
  for (std::size_t i = 0; i < kRows; i += 2) weights[i] = 3;
  evaluation.row_weights = weights;
  for (ClassMatrix<double>& model : data.scores) {
    for (std::size_t k = 0; k < 3; ++k) {
      for (double& score : model[k]) score = logit(score);
    }
  }
  for (const bool per_class : {false, true}) {
    EnsembleSearchOptions options;
    options.per_class = per_class;
    options.folds.n_folds = 2;
    options.greedy.n_rounds = 4;
    const EnsembleSearch search = data.search("f1", options, evaluation);
    check_close(search.apparent.value, data.value("f1", search.weights, options, evaluation));
    for (std::size_t m = 0; m < 3; ++m) CHECK(search.apparent.value >= search.singles[m].value);
  }
}

TEST_CASE("a class's search sees its own threshold and the weights of rows", "[search_ensemble]") {
  // Two models and two classes alike, decided at thresholds between which the better model changes.
  const std::vector<double> first{0.6, 0.6, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2};
  const std::vector<double> second{0.3, 0.3, 0.3, 0.3, 0.1, 0.1, 0.3, 0.3};
  std::vector<Label> labels{1, 1, 1, 1, 0, 0, 0, 0};
  const std::vector<MatrixView<const double>> models{{first.data(), 4, 2}, {second.data(), 4, 2}};
  const LabelMatrixView view(labels.data(), 4, 2);
  EnsembleSearchOptions options;
  options.strategy = WeightStrategy::best;
  options.per_class = true;
  options.folds.n_folds = 2;
  EvaluationOptions evaluation;
  const auto better = [&](std::size_t k) {
    const EnsembleSearch search =
        search_ensemble(models, view, parse_metric_name("recall"), evaluation, options);
    return search.weights[0][k] == 1 ? 0 : 1;
  };
  // At 0.5 the first model finds a positive and the second none; at 0.25 the second finds both.
  evaluation.thresholds = {0.25, 0.5};
  CHECK(better(0) == 1);
  CHECK(better(1) == 0);
  const auto by_brier = [&] {
    return search_ensemble(models, view, parse_metric_name("brier"), evaluation, options).weights;
  };
  const auto plain = by_brier();
  std::vector<double> weights{1, 1, 1, 1};
  evaluation.row_weights = weights;
  CHECK(by_brier() == plain);
  weights = {0, 0, 1, 0};
  // Only the third row counts, where the second model's 0.1 is nearer to 0 than 0.2; then only the
  // fourth, where the first model is nearer.
  CHECK(by_brier()[1] == std::vector<double>{1, 1});
  weights = {0, 0, 0, 1};
  CHECK(by_brier()[0] == std::vector<double>{1, 1});
}

TEST_CASE("equal for every number of threads, and progress to the end", "[search_ensemble]") {
  const Data data(kAlike);
  EnsembleSearchOptions options;
  options.per_class = true;
  options.folds.n_folds = 3;
  const EnsembleSearch one = data.search("auroc", options, {}, {1});
  std::vector<std::size_t> parts;
  const EnsembleSearch four =
      search_ensemble(data.models, data.labels.view(), parse_metric_name("auroc"), {}, options, {4},
                      [&](std::size_t done, std::size_t total) {
                        CHECK(total == 4);
                        parts.push_back(done);
                      });
  CHECK(one.weights == four.weights);
  CHECK(one.nested.value == four.nested.value);
  CHECK(parts == std::vector<std::size_t>{1, 2, 3, 4});
}

TEST_CASE("a class without positives has equal weights and no say", "[search_ensemble]") {
  Data data(kSpecialists);
  for (Label& label : data.labels[2]) label = 0;
  EnsembleSearchOptions options;
  options.per_class = true;
  const EnsembleSearch search = data.search("map", options);
  for (std::size_t m = 0; m < 3; ++m) CHECK(search.weights[m][2] == 1);
  CHECK(search.apparent.defined());
  for (std::size_t k = 0; k < 3; ++k) {
    for (Label& label : data.labels[k]) label = kMissing;
  }
  const EnsembleSearch none = data.search("map");
  CHECK(none.weights == std::vector<std::vector<double>>{{1}, {1}, {1}});
  CHECK_FALSE(none.apparent.defined());
  CHECK(none.nested.why == Undefined::not_estimable);
  CHECK_FALSE(none.equal_does_as_well.has_value());
  CHECK(none.gain_error.why == Undefined::not_estimable);
}

TEST_CASE("a single fold with a value has no standard error, and no verdict", "[search_ensemble]") {
  Data data(kSpecialists);
  // Three patients: one with labels of both kinds, the others with one kind each.
  std::vector<std::size_t> patients(kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    patients[i] = i % 3;
    for (std::size_t k = 0; k < 3; ++k) {
      if (patients[i] > 0) data.labels[k][i] = patients[i] == 1 ? 0 : 1;
    }
  }
  EnsembleSearchOptions options;
  options.clusters = patients;
  options.folds.n_folds = 3;
  const EnsembleSearch search = data.search("auroc", options);
  CHECK(search.n_folds == 1);
  CHECK(search.nested.defined());
  CHECK(search.gain.defined());
  CHECK_FALSE(search.gain_error.defined());
  CHECK_FALSE(search.equal_does_as_well.has_value());
}

TEST_CASE("what cannot be searched", "[search_ensemble]") {
  EnsembleSearchOptions options;
  CHECK(
      refusal("observed_over_expected", options) ==
      "'observed_over_expected' is best at 1 from either side, so that losses on some folds could "
      "cancel gains on others; search a metric with a direction, such as 'map'");
  CHECK(refusal("map", options).empty());
  options.rule.method = CombineMethod::median;
  CHECK(refusal("map", options) == "the method 'median' has no weights to search");
  options = {};
  CHECK(refusal("chance_average_precision", options) ==
        "'chance_average_precision' is for reference and has no best value to search");
  options.strategy = WeightStrategy::proportional;
  CHECK(refusal("brier", options) ==
        "weights proportional to 'brier' would favour the worse models; search a metric of which "
        "more is better, such as 'map'");
  options = {};
  options.per_class = true;
  CHECK(refusal("micro:auroc", options) ==
        "'micro:auroc' is no average over classes, so no class has weights of its own; search a "
        "metric such as 'map'");
  CHECK(refusal("group/tail:map", options).empty());
  const Data data(kAlike);
  CHECK_THROWS_AS(search_ensemble(std::vector<MatrixView<const double>>{}, data.labels.view(),
                                  parse_metric_name("map")),
                  InvalidArgument);
  const std::vector<MatrixView<const double>> shapes{data.models[0],
                                                     {data.scores[0][0].data(), kRows / 2, 3}};
  CHECK_THROWS_AS(search_ensemble(shapes, data.labels.view(), parse_metric_name("map")),
                  InvalidArgument);
}
