// SPDX-License-Identifier: Apache-2.0
// What must hold for every metric of the table, on random samples.
#include "cxrlt/metrics/metric_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// The value of a metric that looks at one class, with or without weights.
MetricValue value_of(const Metric& metric, const Sample& s, bool with_weights) {
  const ColumnView<const double> scores(s.scores);
  const double parameter = metric.default_parameter;
  const auto of_counts = [&](const auto& function) -> MetricValue {
    using Function = std::decay_t<decltype(function)>;
    if constexpr (std::is_same_v<Function, FromThresholdCounts>) {
      return with_weights ? function(count_thresholds(scores, s.labels, s.weights), parameter)
                          : function(count_thresholds(scores, s.labels), parameter);
    } else if constexpr (std::is_same_v<Function, PointFromThresholdCounts>) {
      return with_weights ? function(count_thresholds(scores, s.labels, s.weights), parameter).value
                          : function(count_thresholds(scores, s.labels), parameter).value;
    } else if constexpr (std::is_same_v<Function, FromConfusion>) {
      return with_weights ? function(count_confusion(scores, s.labels, 0.5, s.weights), parameter)
                          : function(count_confusion(scores, s.labels, 0.5), parameter);
    } else if constexpr (std::is_same_v<Function, FromProbabilities>) {
      const std::span<const double> weights(s.weights);
      return function({scores, {}, s.labels, with_weights ? weights : weights.first(0)}, parameter);
    } else {
      return MetricValue::undefined(Undefined::none);
    }
  };
  return std::visit(of_counts, metric.function);
}

bool is_of_rows(const Metric& metric) {
  return std::holds_alternative<FromRows>(metric.function);
}

bool same(const MetricValue& a, const MetricValue& b) {
  if (!a.defined() || !b.defined()) return a.why == b.why;
  return std::abs(a.value - b.value) <= 1e-11 * std::max(1.0, std::abs(b.value));
}

Sample shuffled(const Sample& s, Random& random) {
  Sample left = s;
  Sample result;
  while (left.size() > 0) {
    const std::uint32_t i = random.below(static_cast<std::uint32_t>(left.size()));
    result.add(left.scores[i], left.labels[i], left.weights[i]);
    left = left.where([&](std::size_t j) { return j != i; });
  }
  return result;
}

Sample transformed(const Sample& s) {
  Sample result = s;
  for (double& score : result.scores) score = 0.05 + 0.7 * score * score;
  return result;
}

/// Rows with that label three times; every row three times for label 2.
Sample tripled(const Sample& s, int label) {
  Sample result;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const int times = label == 2 || s.labels[i] == label ? 3 : 1;
    for (int k = 0; k < times; ++k) result.add(s.scores[i], s.labels[i], s.weights[i]);
  }
  return result;
}

Sample with_missing_rows(const Sample& s, Random& random) {
  Sample result;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (random.below(2) == 0) result.add(random.uniform(), kMissing, 3);
    result.add(s.scores[i], s.labels[i], s.weights[i]);
  }
  return result;
}

/// Checks `change` on many samples: it must change no metric that claims the invariance, and does
/// change every metric that does not.
template <class Change>
void check_invariance(unsigned invariance, std::uint64_t seed, const Change& change) {
  std::set<std::string_view> changed;
  Random random(seed);
  for (int repetition = 0; repetition < 400; ++repetition) {
    const Sample before = random_sample(random, 20);
    const Sample after = change(before);
    for (const Metric& metric : metric_table) {
      if (is_of_rows(metric)) continue;
      if (same(value_of(metric, before, false), value_of(metric, after, false))) continue;
      changed.insert(metric.name);
      CAPTURE(metric.name, repetition);
      CHECK((metric.invariances & invariance) == 0);
    }
  }
  for (const Metric& metric : metric_table) {
    if (is_of_rows(metric)) continue;
    CAPTURE(metric.name);
    CHECK(((metric.invariances & invariance) != 0) == (changed.count(metric.name) == 0));
  }
}

/// A random matrix of scores and labels as rows.
std::vector<RowCounts> random_rows(Random& random, std::size_t n_rows, std::size_t n_classes) {
  std::vector<double> scores;
  std::vector<Label> labels;
  for (std::size_t i = 0; i < n_rows * n_classes; ++i) {
    scores.push_back(random.below(6) / 5.0);
    labels.push_back(
        static_cast<Label>(static_cast<int>(random.below(5)) / 2 - (random.below(9) == 0)));
    if (labels.back() > 1) labels.back() = 0;
    if (labels.back() < -1) labels.back() = kMissing;
  }
  return count_rows(MatrixView<const double>(scores.data(), n_rows, n_classes),
                    {labels.data(), n_rows, n_classes}, std::vector<double>(n_classes, 0.5));
}

}  // namespace

TEST_CASE("the table names every metric once") {
  std::set<std::string_view> names;
  for (const Metric& metric : metric_table) {
    CHECK(names.insert(metric.name).second);
    CHECK(find_metric(metric.name) == &metric);
    CHECK_FALSE(metric.definition.empty());
    CHECK(metric.has_parameter() == !std::isnan(metric.default_parameter));
    CHECK(metric.lowest < metric.highest);
  }
  CHECK(find_metric("no_such_metric") == nullptr);
  for (const std::string_view name : {"average_precision",
                                      "auroc",
                                      "partial_auroc",
                                      "f1",
                                      "f_beta",
                                      "best_f1",
                                      "precision",
                                      "recall",
                                      "specificity",
                                      "npv",
                                      "mcc",
                                      "balanced_accuracy",
                                      "kappa",
                                      "jaccard",
                                      "informedness",
                                      "recall_at_precision",
                                      "precision_at_recall",
                                      "sensitivity_at_specificity",
                                      "brier",
                                      "log_loss",
                                      "ece",
                                      "mce",
                                      "ece_mass",
                                      "ece_correctness",
                                      "exact_match",
                                      "hamming_loss",
                                      "lrap",
                                      "coverage_error",
                                      "ranking_loss",
                                      "observed_over_expected",
                                      "chance_average_precision"}) {
    CAPTURE(name);
    CHECK(names.count(name) == 1);
  }
}

TEST_CASE("each name in the table stands for the function of that name") {
  Sample s;
  s.scores = {.9, .8, .8, .4, .3, .3, .6, .5};
  s.labels = {1, 0, 1, 0, 0, 1, 0, 1};
  s.weights.assign(8, 1);
  const auto counts = count_thresholds(ColumnView<const double>(s.scores), s.labels);
  const auto decided = count_confusion(ColumnView<const double>(s.scores), s.labels, 0.5);
  const ColumnView<const double> p(s.scores);
  const LabelColumnView y(s.labels);
  const std::map<std::string_view, MetricValue> expected{
      {"average_precision", average_precision(counts)},
      {"chance_average_precision", chance_average_precision(counts)},
      {"auroc", auroc(counts)},
      {"partial_auroc", partial_auroc(counts, 0.1)},
      {"best_f1", best_f_beta(counts, 1).value},
      {"best_informedness", best_informedness(counts).value},
      {"recall_at_precision", recall_at_precision(counts, 0.9).value},
      {"precision_at_recall", precision_at_recall(counts, 0.9).value},
      {"sensitivity_at_specificity", sensitivity_at_specificity(counts, 0.9).value},
      {"f1", f1(decided)},
      {"f_beta", f_beta(decided, 2)},
      {"precision", precision(decided)},
      {"recall", recall(decided)},
      {"specificity", specificity(decided)},
      {"npv", npv(decided)},
      {"mcc", mcc(decided)},
      {"balanced_accuracy", balanced_accuracy(decided)},
      {"kappa", kappa(decided)},
      {"jaccard", jaccard(decided)},
      {"informedness", informedness(decided)},
      {"brier", brier(p, y)},
      {"log_loss", log_loss(p, y).value},
      {"ece", ece(p, y)},
      {"mce", mce(p, y)},
      {"ece_mass", ece_mass(p, y)},
      {"ece_correctness", ece_correctness(p, y)},
      {"observed_over_expected", observed_over_expected(p, y).value}};
  for (const Metric& metric : metric_table) {
    if (is_of_rows(metric)) continue;
    CAPTURE(metric.name);
    REQUIRE(expected.count(metric.name) == 1);
    CHECK(value_of(metric, s, false).value == expected.at(metric.name).value);
  }
  Random random(211);
  const auto rows = random_rows(random, 9, 4);
  const std::map<std::string_view, double> of_rows{{"exact_match", exact_match(rows).value},
                                                   {"hamming_loss", hamming_loss(rows).value},
                                                   {"lrap", lrap(rows).value},
                                                   {"coverage_error", coverage_error(rows).value},
                                                   {"ranking_loss", ranking_loss(rows).value}};
  for (const Metric& metric : metric_table) {
    if (!is_of_rows(metric)) continue;
    CHECK(std::get<FromRows>(metric.function)(rows, {}).value == of_rows.at(metric.name));
  }
  const std::map<std::string_view, double> of_samples{{"f1", samples_f1(rows).value},
                                                      {"jaccard", samples_jaccard(rows).value},
                                                      {"precision", samples_precision(rows).value},
                                                      {"recall", samples_recall(rows).value}};
  for (const Metric& metric : metric_table) {
    CAPTURE(metric.name);
    REQUIRE((metric.samples != nullptr) == (of_samples.count(metric.name) == 1));
    if (metric.samples != nullptr)
      CHECK(metric.samples(rows, {}).value == of_samples.at(metric.name));
  }
}

TEST_CASE("logits give the exact log loss, where they are there") {
  const std::vector<double> z{-800, 2};
  const std::vector<double> p{0, sigmoid(2)};
  const std::vector<Label> labels{1, 1};
  const auto& function = std::get<FromProbabilities>(find_metric("log_loss")->function);
  check_close(function({p, z, labels, {}}, 0).value, (800 + softplus(-2)) / 2, 1e-15);
  CHECK(function({p, {}, labels, {}}, 0).value < 19);
}

TEST_CASE("values lie in their range, and the truth alone nearly always defines them") {
  Random random(212);
  for (int repetition = 0; repetition < 1000; ++repetition) {
    const Sample s = random_sample(random, 15);
    const auto counts = count_thresholds(ColumnView<const double>(s.scores), s.labels);
    const ClassSupport support{static_cast<double>(counts.n_positive),
                               static_cast<double>(counts.n_negative)};
    for (const Metric& metric : metric_table) {
      if (is_of_rows(metric)) continue;
      CAPTURE(metric.name, repetition);
      const MetricValue value = value_of(metric, s, false);
      if (value.defined()) {
        CHECK(value.value >= metric.lowest);
        CHECK(value.value <= metric.highest);
      } else {
        CHECK(std::isnan(value.value));
        const bool by_predictions = value.why == Undefined::no_predictions ||
                                    value.why == Undefined::one_margin_empty ||
                                    value.why == Undefined::unattainable;
        CHECK((by_predictions || !truth_defines(metric.averaging.needs, support)));
      }
    }
    const auto rows = random_rows(random, 5, 4);
    for (const Metric& metric : metric_table) {
      if (!is_of_rows(metric)) continue;
      const MetricValue value = std::get<FromRows>(metric.function)(rows, {});
      CHECK(value.value >= metric.lowest);
      CHECK(value.value <= metric.highest);
    }
  }
}

TEST_CASE("no metric depends on the order of the rows, or on rows without a label") {
  Random random(213);
  for (int repetition = 0; repetition < 300; ++repetition) {
    const Sample s = random_sample(random, 15);
    const Sample other_order = shuffled(s, random);
    const Sample longer = with_missing_rows(s, random);
    for (const Metric& metric : metric_table) {
      if (is_of_rows(metric)) continue;
      CAPTURE(metric.name, repetition);
      CHECK(same(value_of(metric, other_order, false), value_of(metric, s, false)));
      CHECK(same(value_of(metric, other_order, true), value_of(metric, s, true)));
      CHECK(same(value_of(metric, longer, false), value_of(metric, s, false)));
      CHECK(same(value_of(metric, longer, true), value_of(metric, s, true)));
    }
  }
}

TEST_CASE("whole weights equal repeated rows for every metric, weight 0 deleted ones") {
  Random random(214);
  for (int repetition = 0; repetition < 500; ++repetition) {
    const Sample s = random_sample(random, 15);
    const Sample repeated = s.repeated();
    for (const Metric& metric : metric_table) {
      if (is_of_rows(metric)) continue;
      CAPTURE(metric.name, repetition);
      CHECK(same(value_of(metric, s, true), value_of(metric, repeated, false)));
    }
  }
}

TEST_CASE("metrics are invariant to increasing transforms exactly where the table says so") {
  check_invariance(increasing_transform, 215, transformed);
}

TEST_CASE("metrics are invariant to duplication exactly where the table says so") {
  check_invariance(duplication, 216, [](const Sample& s) { return tripled(s, 2); });
}

TEST_CASE("metrics are invariant to prevalence exactly where the table says so") {
  check_invariance(prevalence, 217, [](const Sample& s) {
    return s.size() % 2 == 0 ? tripled(s, 1) : tripled(s, 0);
  });
}

TEST_CASE("metrics of rows do not depend on how often all rows are repeated") {
  Random random(218);
  for (int repetition = 0; repetition < 100; ++repetition) {
    const auto rows = random_rows(random, 6, 5);
    std::vector<RowCounts> twice = rows;
    twice.insert(twice.end(), rows.begin(), rows.end());
    for (const Metric& metric : metric_table) {
      if (!is_of_rows(metric)) continue;
      const auto& function = std::get<FromRows>(metric.function);
      CHECK((metric.invariances & duplication) != 0);
      CHECK(same(function(twice, {}), function(rows, {})));
      CHECK(same(function(rows, std::vector<double>(6, 2.5)), function(rows, {})));
    }
  }
}

TEST_CASE("one kind of label, or one score for all, upsets no metric") {
  for (const int kind : {0, 1, 2}) {
    Sample s;
    for (int i = 0; i < 10; ++i) {
      s.add(kind == 2 ? 0.25 : i / 10.0, kind == 2 ? i % 2 : kind);
    }
    for (const Metric& metric : metric_table) {
      if (is_of_rows(metric)) continue;
      CAPTURE(metric.name, kind);
      const MetricValue value = value_of(metric, s, false);
      const Needs needs = metric.averaging.needs;
      // Kappa only needs decisions or labels of two kinds.
      if (needs == Needs::both_labels && kind < 2) {
        CHECK(value.defined() == (metric.name == "kappa"));
      }
      if (needs == Needs::samples) CHECK(value.defined());
    }
  }
}

TEST_CASE("a submission that is confident of a single class gains by no average") {
  // Ten classes; the honest submission ranks fairly well, the other says 1 to class 0 and 0 to all
  // others. Its macro averages over the classes that the truth defines must be worse.
  Random random(219);
  std::vector<Sample> honest(10);
  std::vector<Sample> single(10);
  std::vector<ClassSupport> support;
  for (std::size_t c = 0; c < honest.size(); ++c) {
    for (int i = 0; i < 200; ++i) {
      const bool positive = c < 9 && random.below(10) < 3;
      honest[c].add(sigmoid(random.normal() + (positive ? 1.5 : -1.5)), positive);
      single[c].add(c == 0 ? 1 : 0, positive);
    }
    support.push_back({honest[c].weight_of(1), honest[c].weight_of(0)});
  }
  for (const Metric& metric : metric_table) {
    const bool higher = metric.direction == Direction::higher;
    // Decisions of one kind only are right for all rows of their kind.
    const std::set<std::string_view> one_sided{"specificity", "npv"};
    if (is_of_rows(metric) || !higher || one_sided.count(metric.name) == 1) continue;
    for (const Weighting weighting : {Weighting::equal, Weighting::support}) {
      CAPTURE(metric.name);
      const auto averaged = [&](const std::vector<Sample>& samples) {
        std::vector<MetricValue> values;
        for (const Sample& s : samples) values.push_back(value_of(metric, s, false));
        return average(values, support, metric.averaging, weighting);
      };
      const Average fair = averaged(honest);
      const Average gamed = averaged(single);
      CHECK(gamed.n_defined == fair.n_defined);
      CHECK(gamed.value < fair.value);
    }
  }
}

TEST_CASE("a macro average is the mean of its classes") {
  Random random(220);
  for (const Metric& metric : metric_table) {
    if (is_of_rows(metric)) continue;
    std::vector<MetricValue> values;
    std::vector<ClassSupport> support;
    double sum = 0;
    while (values.size() < 5) {
      Sample s = random_sample(random, 20);
      s.weights.assign(s.size(), 1);
      const MetricValue value = value_of(metric, s, false);
      const ClassSupport of_class{s.weight_of(1), s.weight_of(0)};
      if (!value.defined() || !truth_defines(metric.averaging.needs, of_class)) continue;
      values.push_back(value);
      support.push_back(of_class);
      sum += value.value;
    }
    check_close(average(values, support, metric.averaging).value, sum / 5, 1e-14);
  }
}
