// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/adjustment/order_change.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <vector>

#include "catch.hpp"
#include "cxrlt/adjustment/invariance.hpp"
#include "cxrlt/adjustment/logit_shift.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

OrderChange change_of(const std::vector<double>& before, const std::vector<double>& after) {
  const auto n = static_cast<std::ptrdiff_t>(before.size());
  return order_changes(MatrixView<const double>(before.data(), before.size(), 1, 1, n),
                       MatrixView<const double>(after.data(), after.size(), 1, 1, n))[0];
}

}  // namespace

TEST_CASE("what a map did to the order", "[order_change]") {
  const std::vector<double> before{0.1, 0.4, 0.4, 0.7, 0.9};
  const OrderChange kept = change_of(before, {0.2, 0.3, 0.3, 0.8, 1});
  CHECK(kept.kept());
  CHECK(kept.n_distinct_before == 4);
  CHECK(kept.n_distinct_after == 4);

  const OrderChange saturated = change_of(before, {0.2, 1, 1, 1, 1});
  CHECK_FALSE(saturated.kept());
  CHECK(saturated.n_distinct_after == 2);
  CHECK(saturated.n_newly_tied == 4);
  CHECK(saturated.n_reversed == 0);

  const OrderChange reversed = change_of(before, {0.3, 0.2, 0.2, 0.8, 1});
  CHECK_FALSE(reversed.kept());
  CHECK(reversed.n_reversed == 1);
  CHECK(reversed.n_newly_tied == 0);

  CHECK(change_of({}, {}).kept());
  CHECK(change_of({-0.0, 0.0}, {0.5, 0.5}).n_distinct_before == 1);
}

TEST_CASE("newly tied rows of random maps, by definition", "[order_change]") {
  Random random(8);
  for (int repetition = 0; repetition < 300; ++repetition) {
    const Sample sample = random_sample(random, 14);
    // An increasing map with plateaus.
    std::map<double, double> map;
    double level = 0;
    for (const double score : std::set<double>(sample.scores.begin(), sample.scores.end())) {
      if (random.below(2) == 0) level += 0.25;
      map[score] = level;
    }
    std::vector<double> after;
    for (const double score : sample.scores) after.push_back(map.at(score));
    std::uint64_t tied = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
      bool meets = false;
      for (std::size_t j = 0; j < after.size(); ++j) {
        meets = meets || (after[i] == after[j] && sample.scores[i] != sample.scores[j]);
      }
      tied += meets ? 1 : 0;
    }
    const OrderChange change = change_of(sample.scores, after);
    CHECK(change.n_newly_tied == tied);
    CHECK(change.n_distinct_before == map.size());
    CHECK(change.n_distinct_after == std::set<double>(after.begin(), after.end()).size());
    CHECK(change.n_reversed == 0);
  }
}

TEST_CASE("saturation in double is found, and average precision has changed", "[order_change]") {
  // Confident scores shifted further up end in the few doubles below 1.
  const std::vector<double> before{0.999999999999, 0.9999999999995, 0.9999999999999, 0.2};
  const std::vector<Label> labels{0, 0, 1, 0};
  const MatrixView<const double> view(before.data(), 4, 1, 1, 4);
  const ClassMatrix<double> after = shift_logits(view, std::vector<LogitShift>{{10, {}}});
  const OrderChange change = order_changes(view, after.view())[0];
  CHECK(change.n_newly_tied == 3);
  CHECK(change.n_distinct_after == 2);
  const auto ap = [&](ColumnView<const double> scores) {
    return average_precision(count_thresholds(scores, labels)).value;
  };
  CHECK(ap(view.column(0)) == 1);
  check_close(ap(after.view().column(0)), 1.0 / 3);
}

TEST_CASE("order changes are refused where shapes differ or a score is NaN", "[order_change]") {
  const std::vector<double> values{0.1, 0.2};
  const MatrixView<const double> two_rows(values.data(), 2, 1, 1, 2);
  const MatrixView<const double> two_classes(values.data(), 1, 2, 1, 1);
  const MatrixView<const double> one(values.data(), 1, 1, 1, 1);
  CHECK_THROWS_AS(order_changes(two_rows, two_classes), InvalidArgument);
  CHECK_THROWS_AS(order_changes(two_rows, one), InvalidArgument);
  CHECK_THROWS_AS(change_of({0.1, 0.2}, {0.1, std::numeric_limits<double>::quiet_NaN()}),
                  InvalidArgument);
  const std::vector<float> floats{0.25F, 0.5F};
  const std::vector<double> mapped{0.5, 0.5};
  CHECK(order_changes(MatrixView<const float>(floats.data(), 2, 1, 1, 2),
                      MatrixView<const double>(mapped.data(), 2, 1, 1, 2))[0]
            .n_newly_tied == 2);
}

TEST_CASE("which metrics no increasing map per class can change", "[invariance]") {
  const auto unchanged = [](const char* text) {
    const MetricName name = parse_metric_name(text);
    return is_unchanged_by_increasing_maps(*name.key.metric, name.scope);
  };
  for (const char* text :
       {"average_precision", "weighted:auroc", "group/tail:partial_auroc", "class/Mass:best_f1",
        "recall_at_precision", "chance_average_precision"}) {
    CAPTURE(text);
    CHECK(unchanged(text));
  }
  for (const char* text : {"micro:average_precision", "micro:auroc", "f1", "class/Mass:f1", "lrap",
                           "ranking_loss", "samples:f1", "pooled:ece", "log_loss"}) {
    CAPTURE(text);
    CHECK_FALSE(unchanged(text));
  }
  CHECK(metrics_unchanged_by_increasing_maps() ==
        std::vector<std::string_view>{"average_precision", "chance_average_precision", "auroc",
                                      "partial_auroc", "best_f1", "best_informedness",
                                      "recall_at_precision", "precision_at_recall",
                                      "sensitivity_at_specificity"});
}
