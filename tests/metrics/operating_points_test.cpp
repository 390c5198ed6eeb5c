// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/operating_points.hpp"

#include <limits>
#include <string>
#include <utility>
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

const ThresholdCounts<> kNoPositives = count({.1, .2}, {0, 0});
const ThresholdCounts<> kNoNegatives = count({.1, .2}, {1, 1});
const ThresholdCounts<> kNothing = count({}, {});

/// The best value over all distinct scores that `allowed`, and the highest score that attains it.
template <class Value, class Allowed>
OperatingPoint best_of_all(const Sample& s, const Value& value, const Allowed& allowed) {
  OperatingPoint best{kInfinity, {-kInfinity}, false};
  for (const double threshold : s.distinct_scores()) {
    const double tp = s.at_least(threshold, 1);
    const double fp = s.at_least(threshold, 0);
    if (allowed(tp, fp) && value(tp, fp) > best.value.value) {
      best = {threshold, {value(tp, fp)}, true};
    }
  }
  return best;
}

void check_same(const OperatingPoint& actual, const OperatingPoint& expected) {
  CHECK(actual.threshold == expected.threshold);
  CHECK(actual.attainable == expected.attainable);
  CHECK(actual.value.defined());
  check_close(actual.value.value, expected.value.value, 1e-14);
}

}  // namespace

TEST_CASE("operating points equal a search over all distinct scores") {
  Random random(202);
  for (int repetition = 0; repetition < 3000; ++repetition) {
    Sample s = random_sample(random);
    s.weights.assign(s.size(), 1);
    const auto counts = count(s.scores, s.labels);
    const double positives = s.weight_of(1);
    const double negatives = s.weight_of(0);
    if (positives == 0) continue;
    const auto always = [](double, double) { return true; };
    for (const double beta : {0.5, 1.0, 2.0}) {
      const double b2 = beta * beta;
      const auto f = [&](double tp, double fp) {
        return (1 + b2) * tp / (b2 * positives + tp + fp);
      };
      check_same(best_f_beta(counts, beta), best_of_all(s, f, always));
    }
    const auto precision_of = [](double tp, double fp) { return tp / (tp + fp); };
    const auto recall_of = [&](double tp, double) { return tp / positives; };
    for (const double target : {0.0, 0.25, 0.5, 0.75, 1.0}) {
      const auto precise = [&](double tp, double fp) { return precision_of(tp, fp) >= target; };
      const OperatingPoint expected = best_of_all(
          s, recall_of, [&](double tp, double fp) { return tp > 0 && precise(tp, fp); });
      if (expected.attainable) {
        check_same(recall_at_precision(counts, target), expected);
      } else {
        const OperatingPoint point = recall_at_precision(counts, target);
        CHECK_FALSE(point.attainable);
        CHECK(point.value.why == Undefined::unattainable);
        CHECK(point.threshold == kInfinity);
      }
      check_same(precision_at_recall(counts, target),
                 best_of_all(s, precision_of, [&](double tp, double fp) {
                   return tp > 0 && recall_of(tp, fp) >= target;
                 }));
      if (negatives == 0) continue;
      OperatingPoint specific = best_of_all(s, recall_of, [&](double tp, double fp) {
        return tp > 0 && (negatives - fp) / negatives >= target;
      });
      if (!specific.attainable) specific = {kInfinity, {0}};
      check_same(sensitivity_at_specificity(counts, target), specific);
    }
    if (negatives == 0) continue;
    OperatingPoint informed = best_of_all(
        s, [&](double tp, double fp) { return tp * negatives - fp * positives; },
        [&](double tp, double fp) { return tp * negatives > fp * positives; });
    informed.value.value /= positives * negatives;
    if (!informed.attainable) informed = {kInfinity, {0}};
    check_same(best_informedness(counts), informed);
  }
}

TEST_CASE("of equal maxima the highest threshold is taken") {
  // F1 is 2/3 at .9 (tp 1, fp 0, fn 1) and again at .1 (tp 2, fp 2).
  const auto counts = count({.9, .5, .5, .1}, {1, 0, 0, 1});
  CHECK(best_f_beta(counts, 1).threshold == .9);
  check_close(best_f_beta(counts, 1).value.value, 2.0 / 3, 1e-15);
  // Informedness is 1/2 at .9 and at .3.
  CHECK(best_informedness(count({.9, .5, .3, .1}, {1, 0, 1, 0})).threshold == .9);
}

TEST_CASE("weights count in operating points") {
  const Doubles scores{.9, .5, .1};
  const Labels labels{0, 1, 1};
  const auto counts =
      count_thresholds(ColumnView<const double>(scores), labels, Doubles{.25, .5, .25});
  check_close(best_f_beta(counts, 1).value.value, 1.5 / 1.75, 1e-15);
  check_close(precision_at_recall(counts, 0.5).value.value, 0.75, 1e-15);
  CHECK(precision_at_recall(counts, 0.7).threshold == .1);
}

TEST_CASE("operating points that do not exist say why") {
  // `attainable` speaks of targets that no threshold reaches, not of missing labels.
  for (const auto& [counts, why] : {std::pair{&kNoPositives, Undefined::no_positives},
                                    std::pair{&kNothing, Undefined::no_samples}}) {
    for (const OperatingPoint& point :
         {best_f_beta(*counts, 1), best_informedness(*counts), recall_at_precision(*counts, .9),
          precision_at_recall(*counts, .9), sensitivity_at_specificity(*counts, .9)}) {
      CHECK(point.value.why == why);
      CHECK(point.attainable);
      CHECK(is_nan(point.threshold));
    }
  }
  CHECK(best_informedness(kNoNegatives).value.why == Undefined::no_negatives);
  CHECK(sensitivity_at_specificity(kNoNegatives, .9).value.why == Undefined::no_negatives);
  CHECK(recall_at_precision(kNoNegatives, .9).value.value == 1);
  CHECK(best_f_beta(kNoNegatives, 1).value.value == 1);
}

TEST_CASE("targets lie in [0, 1] and beta is positive") {
  for (const double wrong : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_AS(recall_at_precision(kNoNegatives, wrong), InvalidArgument);
    CHECK_THROWS_AS(precision_at_recall(kNoNegatives, wrong), InvalidArgument);
    CHECK_THROWS_AS(sensitivity_at_specificity(kNoNegatives, wrong), InvalidArgument);
  }
  for (const double wrong : {0.0, 1e-200, 1e200, kInfinity}) {
    CHECK_THROWS_AS(best_f_beta(kNoNegatives, wrong), InvalidArgument);
  }
  CHECK(best_f_beta(kNoNegatives, 1e100).value.value == 1);
}

TEST_CASE("a refused target is told with all its digits") {
  std::string message;
  try {
    recall_at_precision(kNoNegatives, -1e-9);
  } catch (const InvalidArgument& error) {
    message = error.what();
  }
  CHECK(message == "recall_at_precision: the target is -1e-09; expected a value in [0, 1]");
}
