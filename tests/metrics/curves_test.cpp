// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/curves.hpp"

#include <cstdint>
#include <limits>
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Labels = std::vector<Label>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

ThresholdCounts<> count(const Doubles& scores, const Labels& labels) {
  return count_thresholds(ColumnView<const double>(scores), labels);
}

}  // namespace

TEST_CASE("the ROC curve of the worked example") {
  const auto curve = roc_curve(count({.9, .8, .8, .4, .3, .3}, {1, 0, 1, 0, 0, 1}));
  REQUIRE(curve.why == Undefined::none);
  REQUIRE(curve.points.size() == 5);
  const double thresholds[] = {kInfinity, .9, .8, .3 + 0x1p-54, .3};
  const std::uint64_t tp[] = {0, 1, 2, 2, 3};
  const std::uint64_t fp[] = {0, 0, 1, 2, 3};
  for (std::size_t i = 0; i < 5; ++i) {
    CAPTURE(i);
    CHECK(curve.points[i].threshold == thresholds[i]);
    CHECK(curve.points[i].tp == tp[i]);
    CHECK(curve.points[i].fp == fp[i]);
    check_close(curve.points[i].tpr, static_cast<double>(tp[i]) / 3, 1e-15);
    check_close(curve.points[i].fpr, static_cast<double>(fp[i]) / 3, 1e-15);
  }
}

TEST_CASE("a ROC curve ends in (1, 1), with a point of its own where negatives come last") {
  const auto curve = roc_curve(count({.9, .1}, {1, 0}));
  REQUIRE(curve.points.size() == 3);
  CHECK(curve.points[1].tpr == 1);
  CHECK(curve.points[1].fpr == 0);
  CHECK(curve.points[2].threshold == -kInfinity);
  CHECK(curve.points[2].fpr == 1);
  const auto inverted = roc_curve(count({.1, .9}, {1, 0}));
  REQUIRE(inverted.points.size() == 3);
  CHECK(inverted.points[1].fpr == 1);
  CHECK(inverted.points[1].tpr == 0);
  CHECK(inverted.points[2].threshold == .1);
}

TEST_CASE("the area under the ROC points is the AUROC, and each point's threshold gives it") {
  Random random(205);
  for (int repetition = 0; repetition < 2000; ++repetition) {
    Sample s = random_sample(random);
    const auto counts = count_thresholds(ColumnView<const double>(s.scores), s.labels, s.weights);
    const auto curve = roc_curve(counts);
    const MetricValue area = auroc(counts);
    CHECK(curve.why == area.why);
    CHECK(curve.points.empty() == !area.defined());
    if (!area.defined()) continue;
    double sum = 0;
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
      const auto& point = curve.points[i];
      CHECK(point.tp == s.at_least(point.threshold, 1));
      CHECK(point.fp == s.at_least(point.threshold, 0));
      if (i == 0) continue;
      const auto& last = curve.points[i - 1];
      CHECK(last.threshold > point.threshold);
      CHECK(last.tp + last.fp < point.tp + point.fp);
      sum += (point.fpr - last.fpr) * (point.tpr + last.tpr) / 2;
    }
    check_close(sum, area.value, 1e-14);
    CHECK(curve.points.front().tp + curve.points.front().fp == 0);
    CHECK(curve.points.back().fpr == 1);
    CHECK(curve.points.back().tpr == 1);
  }
}

TEST_CASE("the precision-recall curve of the worked example") {
  const auto curve = precision_recall_curve(count({.9, .8, .8, .4, .3, .3}, {1, 0, 1, 0, 0, 1}));
  REQUIRE(curve.points.size() == 3);
  const double thresholds[] = {.9, .8, .3};
  const double precisions[] = {1, 2.0 / 3, .5};
  const std::uint64_t fp[] = {0, 1, 3};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(curve.points[i].threshold == thresholds[i]);
    check_close(curve.points[i].recall, static_cast<double>(i + 1) / 3, 1e-15);
    check_close(curve.points[i].precision, precisions[i], 1e-15);
    CHECK(curve.points[i].tp == i + 1);
    CHECK(curve.points[i].fp == fp[i]);
  }
}

TEST_CASE("the step sum under the precision-recall points is the average precision") {
  Random random(206);
  for (int repetition = 0; repetition < 2000; ++repetition) {
    const Sample s = random_sample(random);
    const auto counts = count_thresholds(ColumnView<const double>(s.scores), s.labels, s.weights);
    const auto curve = precision_recall_curve(counts);
    const MetricValue ap = average_precision(counts);
    CHECK(curve.why == ap.why);
    CHECK(curve.points.empty() == !ap.defined());
    if (!ap.defined()) continue;
    double sum = 0;
    double recall = 0;
    for (const auto& point : curve.points) {
      sum += (point.recall - recall) * point.precision;
      recall = point.recall;
      CHECK(point.tp == s.at_least(point.threshold, 1));
      CHECK(point.fp == s.at_least(point.threshold, 0));
    }
    check_close(sum, ap.value, 1e-14);
    CHECK(recall == 1);
  }
}

TEST_CASE("curves that do not exist are empty and say why") {
  CHECK(roc_curve(count({.1}, {1})).why == Undefined::no_negatives);
  CHECK(roc_curve(count({.1}, {0})).why == Undefined::no_positives);
  CHECK(roc_curve(count({}, {})).why == Undefined::no_samples);
  CHECK(roc_curve(count({.1}, {0})).points.empty());
  CHECK(precision_recall_curve(count({.1}, {0})).why == Undefined::no_positives);
  CHECK(precision_recall_curve(count({}, {})).why == Undefined::no_samples);
  CHECK(precision_recall_curve(count({.1}, {1})).points.size() == 1);
}
