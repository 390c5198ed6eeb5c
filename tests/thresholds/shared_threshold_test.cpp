// SPDX-License-Identifier: Apache-2.0
/// One threshold for all classes against trying every score of every class.
#include "cxrlt/thresholds/shared_threshold.hpp"

#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Cells {
  ClassMatrix<double> scores;
  ClassMatrix<Label> labels;

  Cells(std::size_t n, std::size_t n_classes) : scores(n, n_classes), labels(n, n_classes) {}
  LabelMatrixView label_view() const { return LabelMatrixView(labels.view()); }
};

Cells random_cells(Random& random) {
  Cells cells(1 + random.below(15), 1 + random.below(4));
  for (std::size_t k = 0; k < cells.scores.n_classes(); ++k) {
    const std::uint32_t rarity = 2 + random.below(8);
    for (std::size_t i = 0; i < cells.scores.n_samples(); ++i) {
      cells.scores[k][i] = random.below(10) / 8.0;
      cells.labels[k][i] =
          random.below(9) == 0 ? kMissing : static_cast<Label>(random.below(rarity) == 0);
    }
  }
  return cells;
}

OperatingPoint by_trying(const Cells& cells, const Objective& objective, Needs needs) {
  std::set<double, std::greater<>> thresholds{kInfinity};
  for (std::size_t k = 0; k < cells.scores.n_classes(); ++k) {
    thresholds.insert(cells.scores[k].begin(), cells.scores[k].end());
  }
  const double sign = objective.kind == ObjectiveKind::cost ? -1 : 1;
  OperatingPoint best{std::nan(""), MetricValue::undefined(Undefined::no_samples)};
  for (const double threshold : thresholds) {
    std::vector<MetricValue> values;
    std::vector<ClassSupport> support;
    for (std::size_t k = 0; k < cells.scores.n_classes(); ++k) {
      const auto counts =
          count_confusion(cells.scores.view().column(k), cells.label_view().column(k), threshold);
      values.push_back(objective_value(counts, objective));
      support.push_back(
          {static_cast<double>(counts.tp + counts.fn), static_cast<double>(counts.fp + counts.tn)});
    }
    AveragingRule rule;
    rule.needs = needs;
    const Average mean = average(values, support, rule);
    if (!mean.defined()) return {std::nan(""), MetricValue::undefined(mean.why)};
    if (!best.value.defined() || sign * (mean.value - best.value.value) > 1e-13) {
      best = {threshold, {mean.value}};
    }
  }
  return best;
}

}  // namespace

TEST_CASE("the shared threshold is the best of all scores", "[shared_threshold]") {
  Random random(51);
  int n_compared = 0;
  for (int repetition = 0; repetition < 1000; ++repetition) {
    const Cells cells = random_cells(random);
    for (const auto& [text, needs] :
         std::vector<std::pair<std::string, Needs>>{{"f1", Needs::positives},
                                                    {"fbeta:2", Needs::positives},
                                                    {"youden", Needs::both_labels},
                                                    {"cost:1,3", Needs::samples},
                                                    {"cost:4,1", Needs::samples}}) {
      CAPTURE(text, repetition);
      const Objective objective = parse_objective(text);
      const OperatingPoint best =
          best_shared_threshold(cells.scores.view(), cells.label_view(), objective);
      const OperatingPoint expected = by_trying(cells, objective, needs);
      CHECK(best.value.why == expected.value.why);
      if (!expected.value.defined()) {
        CHECK(std::isnan(best.threshold));
        continue;
      }
      ++n_compared;
      check_close(best.value.value, expected.value.value);
      CHECK(best.threshold == expected.threshold);
    }
  }
  CHECK(n_compared > 4000);
}

TEST_CASE("two classes share a threshold, by hand", "[shared_threshold]") {
  Cells cells(4, 3);
  const std::vector<std::vector<double>> scores{
      {0.9, 0.8, 0.2, 0.1}, {0.6, 0.5, 0.4, 0.3}, {1, 1, 1, 1}};
  const std::vector<std::vector<Label>> labels{{1, 1, 0, 0}, {1, 0, 0, 1}, {0, 0, 0, 0}};
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t i = 0; i < 4; ++i) {
      cells.scores[k][i] = scores[k][i];
      cells.labels[k][i] = labels[k][i];
    }
  }
  // (1 + 2/3) / 2 at 0.6 and at 0.3 (1 + 4/6) / 2: the higher. The third class has no positives.
  const OperatingPoint best = best_shared_threshold(cells.scores.view(), cells.label_view());
  CHECK(best.threshold == 0.6);
  check_close(best.value.value, 5.0 / 6);
  // The third class counts for the cost: any prediction at all is four false ones there.
  CHECK(best_shared_threshold(cells.scores.view(), cells.label_view(), parse_objective("cost:1,1"))
            .threshold == kInfinity);
}

TEST_CASE("the shared threshold does not depend on threads or the type", "[shared_threshold]") {
  Random random(52);
  constexpr std::size_t n = 60'000;
  ClassMatrix<float> scores(n, 9);
  ClassMatrix<double> wide(n, 9);
  ClassMatrix<Label> labels(n, 9);
  for (std::size_t k = 0; k < 9; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      labels[k][i] = random.below(40 * (1 + static_cast<std::uint32_t>(k))) == 0 ? 1 : 0;
      scores[k][i] = static_cast<float>(random.normal() + 2 * labels[k][i]);
      wide[k][i] = static_cast<double>(scores[k][i]);
    }
  }
  const LabelMatrixView label_view(labels.view());
  const OperatingPoint one = best_shared_threshold(scores.view(), label_view, {}, Cpu{1});
  for (const int threads : {2, 4, 7}) {
    const OperatingPoint more = best_shared_threshold(scores.view(), label_view, {}, Cpu{threads});
    CHECK(more.threshold == one.threshold);
    CHECK(more.value.value == one.value.value);
  }
  CHECK(best_shared_threshold(wide.view(), label_view).value.value == one.value.value);
}

TEST_CASE("objectives that no threshold is shared for", "[shared_threshold]") {
  const Cells cells(2, 1);
  for (const std::string text :
       {"mcc", "recall>=0.9", "precision>=0.9", "specificity>=0.9", "cardinality"}) {
    CHECK_THROWS_AS(
        best_shared_threshold(cells.scores.view(), cells.label_view(), parse_objective(text)),
        InvalidArgument);
  }
  const Cells other(2, 2);
  CHECK_THROWS_AS(best_shared_threshold(cells.scores.view(), other.label_view()), InvalidArgument);
}
