// SPDX-License-Identifier: Apache-2.0
/// The best thresholds against trying every one of them, ties and missing labels included.
#include "cxrlt/thresholds/search.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Rows {
  std::vector<double> scores;
  std::vector<Label> labels;

  ThresholdCounts<> counts() const {
    return count_thresholds(ColumnView<const double>(scores), LabelColumnView(labels));
  }
  ConfusionCounts<> at(double threshold) const {
    ConfusionCounts<> counts;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (labels[i] == kMissing) continue;
      const bool predicted = scores[i] >= threshold;
      ++(labels[i] == 1 ? (predicted ? counts.tp : counts.fn)
                        : (predicted ? counts.fp : counts.tn));
    }
    return counts;
  }
};

/// By trying every distinct score, from the highest, and predicting nothing before all.
OperatingPoint by_trying(const Rows& rows, const Objective& objective, double sign) {
  std::set<double, std::greater<>> thresholds{kInfinity};
  thresholds.insert(rows.scores.begin(), rows.scores.end());
  OperatingPoint best{kInfinity, MetricValue::undefined(Undefined::unattainable)};
  for (const double threshold : thresholds) {
    const ConfusionCounts<> counts = rows.at(threshold);
    const MetricValue value = objective_value(counts, objective);
    if (objective.kind == ObjectiveKind::recall_at_least &&
        !(recall(counts).value >= objective.target)) {
      continue;
    }
    if (objective.kind == ObjectiveKind::precision_at_least &&
        !(precision(counts).value >= objective.target)) {
      continue;
    }
    if (objective.kind == ObjectiveKind::specificity_at_least &&
        !(specificity(counts).value >= objective.target)) {
      continue;
    }
    if (!value.defined()) continue;
    const double margin = sign * (value.value - best.value.value);
    if (!best.value.defined() || margin > 1e-14) best = {threshold, value};
  }
  return best;
}

Rows random_rows(Random& random) {
  Rows rows;
  const std::size_t n = 2 + random.below(30);
  const std::uint32_t n_scores = 2 + random.below(12);
  for (std::size_t i = 0; i < n; ++i) {
    const double score = random.below(n_scores) / 16.0;
    rows.scores.push_back(score);
    rows.labels.push_back(random.below(10) == 0 ? kMissing
                                                : static_cast<Label>(random.below(3) == 0));
  }
  return rows;
}

}  // namespace

TEST_CASE("the best threshold is the best of all, ties included", "[thresholds]") {
  Random random(8);
  int n_compared = 0;
  for (int repetition = 0; repetition < 2000; ++repetition) {
    const Rows rows = random_rows(random);
    const ThresholdCounts<> counts = rows.counts();
    if (counts.n_positive == 0 || counts.n_negative == 0) continue;
    for (const std::string text :
         {"f1", "fbeta:2", "fbeta:0.5", "youden", "mcc", "cost:1,1", "cost:1,5", "cost:3,1",
          "recall>=0.6", "precision>=0.6", "specificity>=0.7"}) {
      CAPTURE(text, rows.scores);
      const Objective objective = parse_objective(text);
      const bool lower = objective.kind == ObjectiveKind::cost;
      const OperatingPoint best = best_threshold(counts, objective);
      OperatingPoint expected = by_trying(rows, objective, lower ? -1 : 1);
      if (objective.kind == ObjectiveKind::mcc && !(expected.value.value > 1e-14)) {
        CHECK(best.threshold == kInfinity);
        CHECK(best.value.why == Undefined::one_margin_empty);
        continue;
      }
      if (!expected.value.defined()) {
        CHECK_FALSE(best.attainable);
        CHECK(best.threshold == kInfinity);
        continue;
      }
      ++n_compared;
      check_close(best.value.value, expected.value.value, 1e-14);
      if (!objective.has_target()) CHECK(best.threshold == expected.threshold);
      if (!is_infinite(best.threshold)) {
        check_close(objective_value(rows.at(best.threshold), objective).value, expected.value.value,
                    1e-14);
      }
    }
  }
  CHECK(n_compared > 10'000);
}

TEST_CASE("six rows by hand", "[thresholds]") {
  const Rows rows{{0.9, 0.8, 0.7, 0.7, 0.4, 0.1}, {1, 0, 1, 0, 1, 0}};
  const ThresholdCounts<> counts = rows.counts();
  CHECK(best_threshold(counts, parse_objective("f1")).threshold == 0.4);
  check_close(best_threshold(counts, parse_objective("f1")).value.value, 0.75);
  CHECK(best_threshold(counts, parse_objective("fbeta:0.25")).threshold == 0.9);
  // (1 3 - 0) / sqrt(1 3 3 5) at 0.9, (3 3 - 2 3) / sqrt(5 3 3 1) at 0.4: equal, the higher counts.
  CHECK(best_mcc(counts).threshold == 0.9);
  check_close(best_mcc(counts).value.value, 1 / std::sqrt(5));
  // Missing a positive costs ten times a false alarm: take them all.
  const OperatingPoint costly = best_threshold(counts, parse_objective("cost:1,10"));
  CHECK(costly.threshold == 0.4);
  check_close(costly.value.value, 2.0 / 6);
  // False alarms cost ten times as much: one sure prediction.
  check_close(best_threshold(counts, parse_objective("cost:10,1")).value.value, 2.0 / 6);
}

TEST_CASE("nothing is better than all wrong", "[thresholds]") {
  const Rows rows{{0.9, 0.8, 0.1}, {0, 0, 1}};
  const OperatingPoint cheap = best_threshold(rows.counts(), parse_objective("cost:1,1"));
  CHECK(cheap.threshold == kInfinity);
  check_close(cheap.value.value, 1.0 / 3);
  CHECK(best_threshold(rows.counts(), parse_objective("mcc")).threshold == kInfinity);
  const OperatingPoint precise = best_threshold(rows.counts(), parse_objective("precision>=0.5"));
  CHECK_FALSE(precise.attainable);
  CHECK(precise.value.why == Undefined::unattainable);
}

TEST_CASE("classes with one kind of label have no best threshold", "[thresholds]") {
  const Rows none{{0.9, 0.1}, {0, 0}};
  CHECK(best_threshold(none.counts(), parse_objective("f1")).value.why == Undefined::no_positives);
  CHECK(best_threshold(none.counts(), parse_objective("mcc")).value.why == Undefined::no_positives);
  const Rows all{{0.9, 0.1}, {1, 1}};
  CHECK(best_threshold(all.counts(), parse_objective("mcc")).value.why == Undefined::no_negatives);
  const Rows empty{{0.9}, {kMissing}};
  CHECK_FALSE(best_threshold(empty.counts(), parse_objective("cost:1,1")).value.defined());
}

TEST_CASE("objectives have texts", "[thresholds]") {
  for (const std::string text : {"f1", "fbeta:2", "youden", "mcc", "cost:1,5", "recall>=0.9",
                                 "precision>=0.95", "specificity>=1"}) {
    CHECK(objective_text(parse_objective(text)) == text);
  }
  for (const std::string text :
       {"", "f2", "fbeta:", "fbeta:-1", "fbeta:x", "cost:1", "cost:0,0", "cost:-1,2", "cost:1,2,3",
        "recall>=1.5", "recall>0.9", "precision>=", "Youden"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_objective(text), InvalidArgument);
  }
}
