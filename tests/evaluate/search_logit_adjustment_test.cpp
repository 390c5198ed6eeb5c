// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/evaluate/search_logit_adjustment.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// Calibrated probabilities of a frequent and a rare class, with labels.
struct Data {
  ClassMatrix<double> p{1500, 2};
  ClassMatrix<double> z{1500, 2};
  ClassMatrix<Label> labels{1500, 2};
  TrainingCounts counts{{300, 20}, 1000, "made up"};

  Data() {
    Random random(9);
    for (std::size_t k = 0; k < 2; ++k) {
      for (std::size_t i = 0; i < 1500; ++i) {
        const double prior = counts.prior(k);
        const bool positive = random.uniform() < prior;
        const double x = random.normal() + (positive ? 1.5 : 0);
        z[k][i] = logit(prior) + 1.5 * x - 1.125;
        p[k][i] = sigmoid(z[k][i]);
        labels[k][i] = positive ? 1 : 0;
      }
    }
  }
  TauSearch search(const char* metric, const EvaluationOptions& options = {},
                   const Cpu& policy = {}) const {
    return search_logit_adjustment(p.view(), labels.view(), counts, parse_metric_name(metric),
                                   options, {}, policy);
  }
};

std::string refusal(const char* metric) {
  try {
    check_can_search_tau(parse_metric_name(metric));
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("each point of the curve is the metric of the adjusted scores",
          "[search_logit_adjustment]") {
  const Data data;
  for (const char* metric : {"f1", "micro:average_precision", "lrap", "samples:f1", "pooled:ece",
                             "class/class_1:f1", "weighted:log_loss"}) {
    CAPTURE(metric);
    const TauSearch search = data.search(metric);
    const MetricName name = parse_metric_name(metric);
    EvaluationOptions options;
    options.metrics = {name};
    for (const std::size_t j : {std::size_t{0}, search.curve.size() / 2}) {
      const auto adjusted =
          shift_logits(data.p.view(), logit_adjustment(data.counts, search.curve[j].tau));
      const Evaluation evaluation = evaluate(adjusted.view(), data.labels.view(), options);
      CHECK(search.curve[j].value.value == requested_value(evaluation, name).value.value);
    }
  }
}

TEST_CASE("calibrated scores need no tau for log loss, and tau = 1 for balanced accuracy",
          "[search_logit_adjustment]") {
  const Data data;
  CHECK(data.search("log_loss").tau < 0.15);
  const TauSearch balanced = data.search("balanced_accuracy");
  CHECK(balanced.tau == Approx(1).margin(0.35));
  CHECK(balanced.value.value > balanced.unadjusted.value + 0.1);
  // Thresholds are those of the options.
  EvaluationOptions options;
  options.thresholds = {0.3, 0.02};
  CHECK(data.search("balanced_accuracy", options).tau < 0.5);
}

TEST_CASE("logits and probabilities, and every number of threads, agree",
          "[search_logit_adjustment]") {
  const Data data;
  EvaluationOptions options;
  options.scores = ScoreKind::logits;
  const TauSearch of_logits =
      search_logit_adjustment(data.z.view(), data.labels.view(), data.counts,
                              parse_metric_name("balanced_accuracy"), options);
  const TauSearch of_probabilities = data.search("balanced_accuracy");
  CHECK(of_logits.tau == of_probabilities.tau);
  check_close(of_logits.value.value, of_probabilities.value.value);
  CHECK(data.search("f1", {}, Cpu{3}).value.value == data.search("f1", {}, Cpu{1}).value.value);
}

TEST_CASE("metrics that no tau can change are refused with the reason",
          "[search_logit_adjustment]") {
  CHECK(refusal("average_precision") ==
        "'average_precision' cannot be changed by a logit adjustment: it depends on nothing but "
        "the order of scores within each class, which a shift of the class's logits keeps; search "
        "'micro:average_precision', which compares classes, or a metric of decisions, of whole "
        "rows or of probabilities, such as 'f1', 'lrap' or 'pooled:log_loss'");
  for (const char* metric : {"auroc", "weighted:average_precision", "group/tail:auroc",
                             "class/Mass:best_f1", "chance_average_precision"}) {
    CAPTURE(metric);
    CHECK(refusal(metric).find("cannot be changed") != std::string::npos);
  }
  CHECK(refusal("best_f1").find("micro:") == std::string::npos);
  CHECK(refusal("micro:auroc").empty());
  CHECK(refusal("observed_over_expected").empty());
  const Data data;
  CHECK_THROWS_AS(data.search("auroc"), InvalidArgument);
  CHECK_THROWS_AS(data.search("class/Hernia:f1"), InvalidArgument);
  const ClassMatrix<double> fewer(3, 2);
  CHECK_THROWS_AS(search_logit_adjustment(fewer.view(), data.labels.view(), data.counts,
                                          parse_metric_name("f1")),
                  InvalidArgument);
}

TEST_CASE("what cannot change does not change", "[search_logit_adjustment]") {
  // The promise of `is_unchanged_by_increasing_maps`, for every metric and scope, on real shifts.
  const Data data;
  EvaluationOptions options;
  options.groups = {{"all", "", {0, 1}}};
  const Evaluation before = evaluate(data.p.view(), data.labels.view(), options);
  const auto adjusted = shift_logits(data.p.view(), logit_adjustment(data.counts, 0.7));
  const Evaluation after = evaluate(adjusted.view(), data.labels.view(), options);
  int n_changed = 0;
  for (const Scope scope : {Scope::macro, Scope::micro, Scope::weighted, Scope::samples,
                            Scope::pooled, Scope::rows, Scope::group, Scope::class_}) {
    for (const Metric& metric : metric_table) {
      if (!has_scope(metric, scope)) continue;
      MetricName name{scope, "", metric_key(metric), std::string(metric.name)};
      if (scope == Scope::group) name.member = "all";
      if (scope == Scope::class_) name.member = "class_1";
      const double first = requested_value(before, name).value.value;
      const double second = requested_value(after, name).value.value;
      CAPTURE(std::string(to_string(scope)), name.text, first, second);
      if (is_unchanged_by_increasing_maps(metric, scope)) CHECK(first == second);
      n_changed += first != second ? 1 : 0;
    }
  }
  CHECK(n_changed > 40);
}
