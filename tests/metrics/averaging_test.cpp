// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/averaging.hpp"

#include <limits>
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/metrics/threshold.hpp"
#include "golden/scikit_learn.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Values = std::vector<MetricValue>;
using Supports = std::vector<ClassSupport>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

const MetricValue kNone = MetricValue::undefined(Undefined::no_positives);
const MetricValue kNoPredictions = MetricValue::undefined(Undefined::no_predictions);

AveragingRule rule(UndefinedPolicy policy, Needs needs = Needs::positives, double fill = 0) {
  return {needs, policy, fill};
}

void check_average(const Average& average, double value, int n_defined, int n_classes) {
  CHECK(average.defined());
  check_close(average.value, value, 1e-15);
  CHECK(average.n_defined == n_defined);
  CHECK(average.n_classes == n_classes);
}

}  // namespace

TEST_CASE("the truth alone decides which classes an average runs over") {
  const Supports support{{5, 5}, {0, 10}, {2, 8}};
  const Values values{{0.8}, kNone, {0.4}};
  check_average(average(values, support, rule(UndefinedPolicy::skip)), 0.6, 2, 3);
  // A value exists for the class without positives (an F1 of 0, say): it is left out all the same.
  check_average(average(Values{{0.8}, {0}, {0.4}}, support, rule(UndefinedPolicy::skip)), 0.6, 2,
                3);
  // No prediction for a class with positives counts 0, so nobody gains by saying nothing.
  check_average(average(Values{{0.8}, kNone, kNoPredictions}, support, rule(UndefinedPolicy::skip)),
                0.4, 2, 3);
  check_average(average(Values{{0.8}, kNone, kNoPredictions}, support,
                        rule(UndefinedPolicy::skip, Needs::positives, 0.5)),
                0.65, 2, 3);
}

TEST_CASE("each need asks the truth for its own labels") {
  const ClassSupport both{1, 1};
  const ClassSupport positives{1, 0};
  const ClassSupport negatives{0, 1};
  const ClassSupport none{0, 0};
  CHECK(truth_defines(Needs::samples, positives));
  CHECK(truth_defines(Needs::samples, negatives));
  CHECK_FALSE(truth_defines(Needs::samples, none));
  CHECK(truth_defines(Needs::positives, positives));
  CHECK_FALSE(truth_defines(Needs::positives, negatives));
  CHECK(truth_defines(Needs::negatives, negatives));
  CHECK_FALSE(truth_defines(Needs::negatives, positives));
  CHECK(truth_defines(Needs::both_labels, both));
  CHECK_FALSE(truth_defines(Needs::both_labels, positives));
  CHECK_FALSE(truth_defines(Needs::both_labels, negatives));
}

TEST_CASE("the other policies fill, spread or refuse") {
  const Supports support{{5, 5}, {0, 10}, {2, 8}};
  const Values values{{0.8}, kNone, {0.4}};
  check_average(average(values, support, rule(UndefinedPolicy::zero)), 0.4, 3, 3);
  check_average(average(values, support, rule(UndefinedPolicy::one)), 2.2 / 3, 3, 3);
  const Average nan = average(values, support, rule(UndefinedPolicy::nan));
  CHECK(nan.why == Undefined::no_positives);
  CHECK(nan.value != nan.value);
  CHECK(nan.n_classes == 3);
  CHECK_THROWS_AS(average(values, support, rule(UndefinedPolicy::error)), InvalidArgument);
  // The truth decides: a class without positives is refused whatever its value, one with positives
  // counts as under skip where only its predictions leave it undefined.
  const Values defined{{0.8}, {0.1}, {0.4}};
  CHECK_THROWS_AS(average(defined, support, rule(UndefinedPolicy::error)), InvalidArgument);
  const Supports whole{{5, 5}, {1, 9}, {2, 8}};
  check_average(average(values, whole, rule(UndefinedPolicy::error)), 0.4, 3, 3);
}

TEST_CASE("the weighted average weighs by positives") {
  const Supports support{{6, 5}, {0, 10}, {2, 8}};
  const Values values{{0.8}, kNone, {0.4}};
  check_average(average(values, support, rule(UndefinedPolicy::skip), Weighting::support),
                (6 * 0.8 + 2 * 0.4) / 8, 2, 3);
  check_average(average(values, support, rule(UndefinedPolicy::one), Weighting::support),
                (6 * 0.8 + 2 * 0.4) / 8, 3, 3);
}

TEST_CASE("an average over nothing is undefined") {
  const Average none =
      average(Values{kNone, kNone}, Supports{{0, 3}, {0, 4}}, rule(UndefinedPolicy::skip));
  CHECK(none.why == Undefined::no_positives);
  CHECK(none.n_defined == 0);
  CHECK(none.n_classes == 2);
  CHECK(average(Values{}, Supports{}, rule(UndefinedPolicy::skip)).why == Undefined::no_samples);
  const Average weightless =
      average(Values{{0.3}}, Supports{{0, 3}}, rule(UndefinedPolicy::skip, Needs::samples),
              Weighting::support);
  CHECK(weightless.why == Undefined::no_positives);
}

TEST_CASE("scores that are no probabilities make the average undefined under every policy") {
  const Values values{{0.8}, MetricValue::undefined(Undefined::not_probabilities)};
  const Supports support{{1, 1}, {1, 1}};
  for (const auto policy :
       {UndefinedPolicy::skip, UndefinedPolicy::zero, UndefinedPolicy::one, UndefinedPolicy::nan}) {
    CHECK(average(values, support, rule(policy, Needs::samples)).why ==
          Undefined::not_probabilities);
  }
}

TEST_CASE("a fill of NaN makes the average undefined") {
  const Average result = average(Values{{1}, kNoPredictions}, Supports{{1, 1}, {1, 1}},
                                 rule(UndefinedPolicy::skip, Needs::samples, kNaN));
  CHECK(result.why == Undefined::no_predictions);
}

TEST_CASE("sizes that differ are refused by average") {
  CHECK_THROWS_AS(average(Values{{1}}, Supports{}, AveragingRule{}), InvalidArgument);
}

TEST_CASE("policies by metric") {
  const UndefinedPolicies policies{UndefinedPolicy::one, {{"auroc", UndefinedPolicy::error}}};
  CHECK(policies.of("auroc") == UndefinedPolicy::error);
  CHECK(policies.of("f1") == UndefinedPolicy::one);
  CHECK(UndefinedPolicies{}.of("f1") == UndefinedPolicy::skip);
}

TEST_CASE("scikit-learn's convention gives scikit-learn's macro averages") {
  const auto& data = golden::absent;
  const MatrixView<const double> scores(data.scores.data(), data.n_samples, data.n_classes);
  const LabelMatrixView labels(data.labels.data(), data.n_samples, data.n_classes);
  Values ap;
  Values roc;
  Values f;
  Supports support;
  for (std::size_t c = 0; c < data.n_classes; ++c) {
    const auto counts = count_thresholds(scores.column(c), labels.column(c));
    ap.push_back(average_precision(counts));
    roc.push_back(auroc(counts));
    f.push_back(f1(count_confusion(scores.column(c), labels.column(c), 0.5)));
    support.push_back(
        {static_cast<double>(counts.n_positive), static_cast<double>(counts.n_negative)});
  }
  const auto policies = UndefinedPolicies::scikit_learn();
  check_close(average(ap, support, rule(policies.of("average_precision"))).value,
              data.average_precision, 1e-13);
  check_close(average(roc, support, rule(policies.of("auroc"), Needs::both_labels)).value,
              data.auroc, 1e-13);
  check_close(average(f, support, rule(policies.of("f1"))).value, data.f1, 1e-13);
}

TEST_CASE("average: a class that cannot be filled does not change how many classes there are") {
  const AveragingRule rule{Needs::samples, UndefinedPolicy::skip,
                           std::numeric_limits<double>::quiet_NaN()};
  const ClassSupport support[] = {{1, 1}, {2, 2}};
  const MetricValue undefined = MetricValue::undefined(Undefined::no_predictions);
  for (const auto& values :
       {std::vector<MetricValue>{undefined, {2}}, std::vector<MetricValue>{{2}, undefined}}) {
    const Average result = average(values, support, rule);
    CHECK(result.why == Undefined::no_predictions);
    CHECK(result.n_defined == 2);
  }
}

TEST_CASE("average: the reason why there is none follows from the truth alone") {
  const ClassSupport no_positives[] = {{0, 2}};
  for (const MetricValue& value :
       {MetricValue{0}, MetricValue::undefined(Undefined::no_positives)}) {
    CHECK(average({&value, 1}, no_positives, {Needs::positives}).why == Undefined::no_positives);
    CHECK(average({&value, 1}, no_positives, {Needs::both_labels}).why == Undefined::no_positives);
    CHECK(average({&value, 1}, no_positives, {Needs::samples}, Weighting::support).why ==
          Undefined::no_positives);
  }
  const MetricValue value{0.5};
  const ClassSupport no_negatives[] = {{2, 0}};
  CHECK(average({&value, 1}, no_negatives, {Needs::negatives}).why == Undefined::no_negatives);
  CHECK(average({&value, 1}, no_negatives, {Needs::both_labels}).why == Undefined::no_negatives);
  const ClassSupport nothing[] = {{0, 0}};
  CHECK(average({&value, 1}, nothing, {Needs::positives}).why == Undefined::no_samples);
}
