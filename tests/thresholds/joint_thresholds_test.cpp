// SPDX-License-Identifier: Apache-2.0
/// Sets of thresholds of all classes together, and guaranteed ones: what they hold and report.
#include "cxrlt/thresholds/joint_thresholds.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/thresholds/guaranteed_thresholds.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

const std::vector<std::string> kNames{"common", "rare", "never"};

/// A common class, one with about 1 % positives, and one without; a few labels are missing.
struct Sample {
  ClassMatrix<double> logits;
  ClassMatrix<Label> labels;
  explicit Sample(std::size_t n = 600, std::uint64_t seed = 3) : logits(n, 3), labels(n, 3) {
    Random random(seed);
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        const bool positive = random.uniform() < (k == 0 ? 0.3 : k == 1 ? 0.015 : 0);
        logits[k][i] = std::round(16 * (random.normal() + (positive ? 1.5 : -1))) / 16;
        labels[k][i] = random.below(20) == 0 ? kMissing : positive ? Label{1} : Label{0};
      }
    }
  }
  LabelMatrixView label_view() const { return LabelMatrixView(labels.view()); }
};

ThresholdOptions options_of(const std::string& objective, ScoreKind kind = ScoreKind::logits) {
  ThresholdOptions options;
  options.objective = parse_objective(objective);
  options.scores = kind;
  return options;
}

ConfusionCounts<> counts_of_decisions(const ClassMatrix<std::uint8_t>& decisions,
                                      LabelMatrixView labels, std::size_t k) {
  ConfusionCounts<> counts;
  for (std::size_t i = 0; i < labels.n_samples(); ++i) {
    if (labels(i, k) == kMissing) continue;
    counts.add(labels(i, k) == 1, decisions[k][i] == 1);
  }
  return counts;
}

}  // namespace

TEST_CASE("sets of all classes apply exactly", "[joint_thresholds]") {
  const Sample sample;
  for (const ThresholdScope scope : {ThresholdScope::shared, ThresholdScope::micro}) {
    const ThresholdSet set = find_joint_thresholds(sample.logits.view(), sample.label_view(),
                                                   kNames, scope, options_of("f1"));
    CHECK(set.scope == scope);
    CHECK(set.options.method == ThresholdMethod::automatic);
    std::vector<double> thresholds;
    for (const ChosenThreshold& one : set.classes) thresholds.push_back(one.threshold);
    const auto decisions = decide(sample.logits.view(), thresholds, ScoreKind::logits);
    ConfusionCounts<> sum;
    double macro = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto counts = counts_of_decisions(decisions, sample.label_view(), k);
      const ChosenThreshold& one = set.classes[k];
      CHECK(one.method == ThresholdMethod::best);
      CHECK(one.n_predicted == counts.tp + counts.fp);
      CHECK(one.n_positive == counts.tp + counts.fn);
      CHECK(one.n_negative == counts.fp + counts.tn);
      if (k < 2) {
        check_close(one.apparent.value, f1(counts).value);
        macro += f1(counts).value / 2;
        CHECK(one.smallest_accepted >= one.threshold);
        CHECK(one.largest_refused < one.threshold);
      } else {
        CHECK(one.apparent.why == Undefined::no_positives);
        CHECK(one.cross_validated.why == Undefined::no_positives);
      }
      sum += counts;
    }
    REQUIRE(set.joint.has_value());
    CHECK_FALSE(set.joint->wanted.has_value());
    if (scope == ThresholdScope::shared) {
      CHECK(thresholds[0] == thresholds[1]);
      CHECK(thresholds[0] == thresholds[2]);
      check_close(set.joint->apparent.value, macro);
    } else {
      CHECK(std::isinf(thresholds[2]));
      CHECK(std::isnan(set.classes[2].smallest_accepted));
      check_close(set.joint->apparent.value, f1(sum).value);
    }
  }
}

TEST_CASE("the scores next to a threshold are those of labelled rows", "[joint_thresholds]") {
  const std::vector<double> scores{0.6, 0.9, 0.2, 0.5, 0.7, 0.1};
  const std::vector<Label> labels{kMissing, 1, 0, kMissing, 1, 0};
  const ColumnView<const double> view(scores);
  const auto describe = [&](double threshold) {
    return detail::describe_threshold(view, labels, threshold,
                                      count_confusion(view, labels, threshold));
  };
  const ChosenThreshold one = describe(0.55);
  CHECK(one.smallest_accepted == 0.7);
  CHECK(one.largest_refused == 0.2);
  CHECK(one.n_predicted == 2);
  CHECK(std::isnan(describe(1).smallest_accepted));
  CHECK(describe(1).largest_refused == 0.9);
  CHECK(describe(0.1).smallest_accepted == 0.1);
  CHECK(std::isnan(describe(0.1).largest_refused));
}

TEST_CASE("cross-validation of all classes keeps less than the apparent value",
          "[joint_thresholds]") {
  for (const ThresholdScope scope : {ThresholdScope::shared, ThresholdScope::micro}) {
    double apparent = 0;
    double validated = 0;
    double on_others = 0;
    constexpr int n_repetitions = 40;
    const Sample others(4000, 999);
    for (std::uint64_t r = 0; r < n_repetitions; ++r) {
      const Sample sample(200, 100 + r);
      const ThresholdSet set = find_joint_thresholds(sample.logits.view(), sample.label_view(),
                                                     kNames, scope, options_of("f1"));
      apparent += set.joint->apparent.value / n_repetitions;
      validated += set.joint->cross_validated.value / n_repetitions;
      if (scope == ThresholdScope::shared) continue;
      std::vector<double> thresholds;
      for (const ChosenThreshold& one : set.classes) thresholds.push_back(one.threshold);
      const auto decisions = decide(others.logits.view(), thresholds, ScoreKind::logits);
      ConfusionCounts<> sum;
      for (std::size_t k = 0; k < 3; ++k) {
        sum += counts_of_decisions(decisions, others.label_view(), k);
      }
      on_others += f1(sum).value / n_repetitions;
    }
    CAPTURE(apparent, validated, on_others);
    CHECK(apparent > validated + 0.005);
    if (scope == ThresholdScope::micro) CHECK(std::abs(validated - on_others) < 0.02);
  }
}

TEST_CASE("patients of all classes share a fold", "[joint_thresholds]") {
  const Sample sample;
  const std::vector<std::size_t> one_patient(600, 4);
  const ThresholdSet set =
      find_joint_thresholds(sample.logits.view(), sample.label_view(), kNames,
                            ThresholdScope::shared, options_of("f1"), one_patient);
  // The other folds have no labels to choose by: nothing is predicted on this one.
  CHECK(set.joint->cross_validated.value == 0);
}

TEST_CASE("cardinality: as many predictions per row as labels", "[joint_thresholds]") {
  const Sample sample;
  const ThresholdSet set = find_joint_thresholds(sample.logits.view(), sample.label_view(), kNames,
                                                 ThresholdScope::shared, options_of("cardinality"));
  double n_positive = 0;
  double n_predicted = 0;
  for (const ChosenThreshold& one : set.classes) {
    CHECK(one.method == ThresholdMethod::match);
    CHECK(one.threshold == set.classes[0].threshold);
    n_positive += static_cast<double>(one.n_positive);
    n_predicted += static_cast<double>(one.n_predicted);
    check_close(one.apparent.value, static_cast<double>(one.n_predicted) /
                                        static_cast<double>(one.n_positive + one.n_negative));
  }
  check_close(*set.joint->wanted, n_positive / 600);
  check_close(set.joint->apparent.value, n_predicted / 600);
  CHECK(std::abs(set.joint->apparent.value - *set.joint->wanted) < 0.02);
  CHECK(std::abs(set.joint->cross_validated.value - *set.joint->wanted) < 0.05);
  // Rows without any label count neither way.
  Sample fewer;
  for (std::size_t k = 0; k < 3; ++k) fewer.labels[k][0] = fewer.labels[k][1] = kMissing;
  const ThresholdSet of_fewer =
      find_joint_thresholds(fewer.logits.view(), fewer.label_view(), kNames, ThresholdScope::shared,
                            options_of("cardinality"));
  double positives_left = 0;
  for (const ChosenThreshold& one : of_fewer.classes) {
    positives_left += static_cast<double>(one.n_positive);
  }
  check_close(*of_fewer.joint->wanted, positives_left / 598);
}

TEST_CASE("costs count classes without positives", "[joint_thresholds]") {
  const Sample sample;
  const ThresholdSet set = find_joint_thresholds(sample.logits.view(), sample.label_view(), kNames,
                                                 ThresholdScope::shared, options_of("cost:1,3"));
  double mean = 0;
  for (const ChosenThreshold& one : set.classes) mean += one.apparent.value / 3;
  check_close(set.joint->apparent.value, mean);
}

TEST_CASE("without labels nothing is predicted", "[joint_thresholds]") {
  Sample sample;
  for (std::size_t k = 0; k < 3; ++k) {
    for (Label& label : sample.labels[k]) label = kMissing;
  }
  for (const std::string objective : {"f1", "cardinality"}) {
    const ThresholdSet set =
        find_joint_thresholds(sample.logits.view(), sample.label_view(), kNames,
                              ThresholdScope::shared, options_of(objective));
    CHECK(std::isinf(set.classes[0].threshold));
    CHECK(set.joint->apparent.why == Undefined::no_samples);
    CHECK(set.joint->cross_validated.why == Undefined::no_samples);
    CHECK_FALSE(set.joint->wanted.has_value());
  }
}

TEST_CASE("joint sets do not depend on threads", "[joint_thresholds]") {
  const Sample sample(170'000);
  for (const ThresholdScope scope : {ThresholdScope::shared, ThresholdScope::micro}) {
    const auto find = [&](int threads) {
      return find_joint_thresholds(sample.logits.view(), sample.label_view(), kNames, scope,
                                   options_of("f1"), {}, Cpu{threads});
    };
    const ThresholdSet one = find(1);
    const ThresholdSet four = find(4);
    CHECK(one.joint->cross_validated.value == four.joint->cross_validated.value);
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(one.classes[k].threshold == four.classes[k].threshold);
    }
  }
}

TEST_CASE("scopes, objectives and methods that contradict each other", "[joint_thresholds]") {
  const Sample sample;
  const auto refuse = [&](ThresholdScope scope, const std::string& objective,
                          ThresholdMethod method, const std::string& part) {
    ThresholdOptions options = options_of(objective);
    options.method = method;
    CHECK_THROWS_WITH(
        find_joint_thresholds(sample.logits.view(), sample.label_view(), kNames, scope, options),
        Catch::Contains(part));
  };
  using enum ThresholdMethod;
  refuse(ThresholdScope::each_class, "f1", automatic, "each class alone");
  refuse(ThresholdScope::each_class, "cardinality", automatic, "shared");
  refuse(ThresholdScope::shared, "f1", match, "only 'best'");
  refuse(ThresholdScope::micro, "f1", plug_in, "only 'best'");
  refuse(ThresholdScope::shared, "cardinality", best, "only 'match'");
  refuse(ThresholdScope::micro, "cardinality", automatic, "'micro' is for f1");
  refuse(ThresholdScope::micro, "youden", best, "'micro' is for f1");
  refuse(ThresholdScope::shared, "mcc", best, "no shared threshold");
  refuse(ThresholdScope::shared, "recall>=0.9", best, "no shared threshold");
  CHECK_THROWS_AS(find_joint_thresholds(sample.logits.view(), sample.label_view(), {"a"},
                                        ThresholdScope::shared, options_of("f1")),
                  InvalidArgument);
  CHECK_THROWS_AS(
      find_thresholds(sample.logits.view(), sample.label_view(), kNames, options_of("cardinality")),
      InvalidArgument);
}

TEST_CASE("guaranteed sets: the rule, its certificate and what it attains", "[joint_thresholds]") {
  const Sample sample(2000);
  const PrecisionGuarantee guarantee{0.8, 0.1};
  const ThresholdSet set = find_guaranteed_thresholds(sample.logits.view(), sample.label_view(),
                                                      kNames, guarantee, options_of("f1"));
  CHECK(objective_text(set.options.objective) == "precision>=0.8");
  REQUIRE(set.certificates.size() == 3);
  CHECK(set.guarantee->delta == 0.1);
  const ChosenThreshold& common = set.classes[0];
  CHECK(common.attainable);
  CHECK(common.n_predicted == set.certificates[0].n_predicted);
  CHECK(common.threshold == std::nextafter(common.largest_refused, 1.0));
  CHECK(common.smallest_accepted > common.threshold);
  check_close(common.apparent.value, static_cast<double>(set.certificates[0].n_correct) /
                                         static_cast<double>(common.n_positive));
  CHECK(common.cross_validated.value > 0);
  CHECK(common.cross_validated.value < common.apparent.value + 0.1);
  for (std::size_t k = 1; k < 3; ++k) {
    CHECK_FALSE(set.classes[k].attainable);
    CHECK(std::isinf(set.classes[k].threshold));
    CHECK(set.classes[k].n_predicted == 0);
    CHECK(set.certificates[k].n_needed == needed_predictions(guarantee));
  }
  CHECK(set.classes[1].apparent.why == Undefined::unattainable);
  CHECK(set.classes[2].apparent.why == Undefined::no_positives);
}
