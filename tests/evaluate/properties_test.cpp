// SPDX-License-Identifier: Apache-2.0
/// Properties that every metric of the table must have.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "cxrlt/core/logistic.hpp"
#include "evaluate_support.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// The metric that a value's name ends in.
const Metric& metric_of_value(const std::string& name) {
  const std::string metric = name.substr(name.rfind(':') + 1);
  return *find_metric(metric.substr(0, metric.find('@')));
}

void check_equal(const std::map<std::string, double>& expected,
                 const std::map<std::string, double>& actual, double tolerance) {
  REQUIRE(expected.size() == actual.size());
  for (const auto& [name, value] : expected) {
    INFO(name);
    REQUIRE(actual.count(name) == 1);
    check_close(actual.at(name), value, tolerance);
  }
}

std::vector<std::size_t> iota(std::size_t n) {
  std::vector<std::size_t> rows(n);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

}  // namespace

TEST_CASE("metric table: names are unique and every row is whole") {
  std::set<std::string_view> names;
  for (const Metric& metric : metric_table) {
    INFO(metric.name);
    CHECK(names.insert(metric.name).second);
    CHECK_FALSE(metric.definition.empty());
    CHECK(metric.lowest < metric.highest);
    CHECK(metric.has_parameter() == !std::isnan(metric.default_parameter));
    CHECK(find_metric(metric.name) == &metric);
  }
  CHECK(find_metric("no_such_metric") == nullptr);
}

TEST_CASE("all metrics: the order of the samples does not matter") {
  Random random(1);
  for (int round = 0; round < 20; ++round) {
    const MultiLabel data = random_multi_label(random, 60, 5, round % 2 == 1);
    std::vector<std::size_t> rows = iota(60);
    for (std::size_t i = rows.size(); i > 1; --i) {
      std::swap(rows[i - 1], rows[random.below(static_cast<std::uint32_t>(i))]);
    }
    check_equal(all_values(data.evaluate()), all_values(data.rows(rows).evaluate()), 1e-12);
  }
}

TEST_CASE("all metrics: any number of threads gives the same bits") {
  Random random(2);
  // Above half a million cells, where threads are really started.
  const MultiLabel data = random_multi_label(random, 60'000, 9, true);
  const auto one = all_values(data.evaluate({}, Cpu{1}));
  CHECK(one == all_values(data.evaluate({}, Cpu{4})));
  CHECK(one == all_values(data.evaluate({}, Cpu{0})));
}

TEST_CASE("all metrics: every layout and element type of the same numbers gives the same values") {
  Random random(3);
  const MultiLabel data = random_multi_label(random, 50, 4);
  std::vector<double> by_class;
  std::vector<unsigned char> labels_by_class;
  for (std::size_t c = 0; c < 4; ++c) {
    for (std::size_t i = 0; i < 50; ++i) {
      by_class.push_back(data.scores[i * 4 + c]);
      labels_by_class.push_back(static_cast<unsigned char>(data.labels[i * 4 + c]));
    }
  }
  const auto expected = all_values(data.evaluate());
  check_equal(expected,
              all_values(evaluate(MatrixView<const double>(by_class.data(), 50, 4, 1, 50),
                                  LabelMatrixView(MatrixView<const unsigned char>(
                                      labels_by_class.data(), 50, 4, 1, 50)))),
              0);
}

TEST_CASE("all metrics: float scores are their exact widenings") {
  Random random(4);
  MultiLabel data = random_multi_label(random, 80, 4);
  std::vector<float> narrow;
  for (double& score : data.scores) {
    narrow.push_back(static_cast<float>(score));
    score = static_cast<double>(narrow.back());
  }
  check_equal(
      all_values(data.evaluate()),
      all_values(evaluate(MatrixView<const float>(narrow.data(), 80, 4), data.label_view())), 0);
}

TEST_CASE("all metrics: what the table says cannot change a metric does not") {
  Random random(5);
  for (int round = 0; round < 20; ++round) {
    MultiLabel data = random_multi_label(random, 60, 4, round % 2 == 1);
    const auto before = all_values(data.evaluate());

    MultiLabel mapped = data;
    for (std::size_t i = 0; i < 60; ++i) {
      for (std::size_t c = 0; c < 4; ++c) {
        mapped.score(i, c) = std::pow(data.score(i, c), 1.0 + static_cast<double>(c)) * 0.9;
      }
    }
    std::vector<std::size_t> twice = iota(60);
    twice.insert(twice.end(), twice.begin(), twice.begin() + 60);
    const auto after_map = all_values(mapped.evaluate());
    const auto after_doubling = all_values(data.rows(twice).evaluate());

    for (const auto& [name, value] : before) {
      INFO(name);
      const Metric& metric = metric_of_value(name);
      const bool pooled_order = name.starts_with("micro:");  // classes are mapped differently
      if ((metric.invariances & increasing_transform) != 0 && !pooled_order) {
        check_close(after_map.at(name), value);
      }
      if ((metric.invariances & duplication) != 0) check_close(after_doubling.at(name), value);
    }
  }
}

TEST_CASE("all metrics: what does not depend on prevalence stays when negatives are repeated") {
  Random random(6);
  for (int round = 0; round < 20; ++round) {
    const MultiLabel data = random_multi_label(random, 60, 1);
    std::vector<std::size_t> rows = iota(60);
    for (std::size_t i = 0; i < 60; ++i) {
      if (data.labels[i] == 0) rows.push_back(i);
    }
    const Evaluation before = data.evaluate();
    const Evaluation after = data.rows(rows).evaluate();
    for (const NamedValue& value : before.classes[0].values) {
      INFO(value.name);
      const Metric& metric = metric_of_value(value.name);
      if ((metric.invariances & prevalence) == 0 || !value.value.defined()) continue;
      check_close(find_value(after.classes[0].values, value.name)->value.value, value.value.value);
    }
  }
}

TEST_CASE("all metrics: whole weights equal repeated rows, and weight 0 equals deletion") {
  Random random(7);
  for (int round = 0; round < 20; ++round) {
    const MultiLabel data = random_multi_label(random, 50, 4, round % 2 == 1);
    std::vector<double> weights;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < 50; ++i) {
      weights.push_back(static_cast<double>(random.below(4)));
      for (double k = 0; k < weights.back(); k += 1) rows.push_back(i);
    }
    EvaluationOptions options;
    options.row_weights = weights;
    check_equal(all_values(data.rows(rows).evaluate()), all_values(data.evaluate(options)), 1e-12);
  }
}

TEST_CASE("all metrics: a missing label equals a class without that row") {
  Random random(8);
  MultiLabel data = random_multi_label(random, 60, 1);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < 60; ++i) {
    if (random.below(4) == 0) {
      data.labels[i] = kMissing;
    } else {
      kept.push_back(i);
    }
  }
  check_equal(all_values(data.rows(kept).evaluate()), all_values(data.evaluate()), 1e-12);
  CHECK(data.evaluate().classes[0].n_missing == 60 - kept.size());
}

TEST_CASE("all metrics: values lie in the range that the table states") {
  Random random(9);
  for (int round = 0; round < 50; ++round) {
    const MultiLabel data =
        random_multi_label(random, 1 + random.below(30), 1 + random.below(4), round % 2 == 1);
    for (const auto& [name, value] : all_values(data.evaluate())) {
      INFO(name);
      const Metric& metric = metric_of_value(name);
      CHECK(value >= metric.lowest - 1e-12);
      CHECK(value <= metric.highest + 1e-12);
    }
  }
}

TEST_CASE("all metrics: degenerate truths give values or reasons, never NaN without one") {
  for (const int label : {0, 1, -1}) {
    for (const double score : {0.0, 0.3, 0.5, 1.0}) {
      MultiLabel data{4, 2, std::vector<double>(8, score),
                      std::vector<Label>(8, static_cast<Label>(label))};
      const Evaluation evaluation = data.evaluate();
      for (const ClassEvaluation& one : evaluation.classes) {
        for (const NamedValue& value : one.values) {
          INFO(value.name << " label " << label << " score " << score);
          CHECK(value.value.defined() == !std::isnan(value.value.value));
        }
      }
      for (const NamedAverage& value : evaluation.macro) {
        INFO(value.name << " label " << label << " score " << score);
        CHECK(value.value.defined() == !std::isnan(value.value.value));
      }
    }
  }
}

TEST_CASE("all metrics: a perfect submission has the best value, a reversed one the worst") {
  MultiLabel perfect{4, 2, {1, 0, 0, 1, 1, 1, 0, 0}, {1, 0, 0, 1, 1, 1, 0, 0}};
  const Evaluation evaluation = perfect.evaluate();
  for (const NamedAverage& value : evaluation.macro) {
    INFO(value.name);
    const Metric& metric = metric_of_value(value.name);
    if (metric.direction == Direction::higher) CHECK(value.value.value == metric.highest);
    if (metric.direction == Direction::closest_to_one) CHECK(value.value.value == 1);
  }
  CHECK(find_value(evaluation.macro, "brier")->value.value == 0);
  CHECK(find_value(evaluation.macro, "ece")->value.value == 0);
  for (double& score : perfect.scores) score = 1 - score;
  const Evaluation reversed = perfect.evaluate();
  CHECK(find_value(reversed.macro, "auroc")->value.value == 0);
  CHECK(find_value(reversed.macro, "f1")->value.value == 0);
  CHECK(find_value(reversed.macro, "brier")->value.value == 1);
  CHECK(find_value(reversed.macro, "mcc")->value.value == -1);
}

TEST_CASE("averages: macro is the mean of the classes that the truth defines") {
  Random random(10);
  for (int round = 0; round < 30; ++round) {
    MultiLabel data = random_multi_label(random, 40, 5);
    for (std::size_t i = 0; i < 40; ++i) data.label(i, 4) = 0;  // a class without positives
    const Evaluation evaluation = data.evaluate();
    for (const NamedAverage& average : evaluation.macro) {
      INFO(average.name);
      const Needs needs = metric_of_value(average.name).averaging.needs;
      double sum = 0;
      int n = 0;
      for (const ClassEvaluation& one : evaluation.classes) {
        const ClassSupport support{static_cast<double>(one.n_positive),
                                   static_cast<double>(one.n_negative)};
        if (!truth_defines(needs, support)) continue;
        const MetricValue value = find_value(one.values, average.name)->value;
        sum += value.defined() ? value.value : 0;
        ++n;
      }
      REQUIRE(n > 0);
      CHECK(average.value.n_defined == n);
      CHECK(average.value.n_classes == 5);
      check_close(average.value.value, sum / n);
    }
  }
}

TEST_CASE("averages: which classes they run over does not depend on the predictions") {
  Random random(11);
  const MultiLabel data = random_multi_label(random, 60, 6);
  MultiLabel silent = data;
  MultiLabel loud = data;
  std::fill(silent.scores.begin(), silent.scores.end(), 0.01);
  std::fill(loud.scores.begin(), loud.scores.end(), 0.99);
  const Evaluation a = data.evaluate();
  const Evaluation b = silent.evaluate();
  const Evaluation c = loud.evaluate();
  for (std::size_t k = 0; k < a.macro.size(); ++k) {
    INFO(a.macro[k].name);
    CHECK(a.macro[k].value.n_defined == b.macro[k].value.n_defined);
    CHECK(a.macro[k].value.n_defined == c.macro[k].value.n_defined);
  }
}

TEST_CASE("adversary: confidently predicting a single class gains by no average") {
  Random random(12);
  for (int round = 0; round < 20; ++round) {
    MultiLabel honest = random_multi_label(random, 80, 6);
    for (std::size_t i = 0; i < 80; ++i) {
      honest.label(i, 5) = 0;                                      // no positives
      for (std::size_t c = 0; c < 5; ++c) honest.label(c, c) = 1;  // all others have some
      for (std::size_t c = 0; c < 6; ++c) {                        // a good submission
        honest.score(i, c) = honest.label(i, c) == 1 ? 0.9 : 0.1;
      }
    }
    for (std::size_t chosen = 0; chosen < 6; ++chosen) {
      MultiLabel adversary = honest;
      for (std::size_t i = 0; i < 80; ++i) {
        for (std::size_t c = 0; c < 6; ++c) adversary.score(i, c) = c == chosen ? 1 : 0;
      }
      const auto good = all_values(honest.evaluate());
      const auto bad = all_values(adversary.evaluate());
      for (const auto& [name, value] : bad) {
        if (name.starts_with("class/")) continue;
        const Metric& metric = metric_of_value(name);
        INFO(name << " for class " << chosen);
        REQUIRE(good.count(name) == 1);
        if (metric.direction == Direction::higher) CHECK(value <= good.at(name) + 1e-12);
        if (metric.direction == Direction::lower && metric.name != "log_loss" &&
            metric.name != "ece" && metric.name != "ece_mass" && metric.name != "mce" &&
            metric.name != "ece_correctness") {
          CHECK(value >= good.at(name) - 1e-12);
        }
      }
    }
  }
}
