// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/stated_prevalence.hpp"

#include <cmath>
#include <limits>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

TEST_CASE("predictive values at a stated prevalence by hand") {
  // Recall 0.9, specificity 0.8.
  const ConfusionCounts<> counts{9, 4, 1, 16};
  check_close(ppv_at_prevalence(counts, 0.01).value, 0.009 / (0.009 + 0.198), 1e-15);
  check_close(npv_at_prevalence(counts, 0.01).value, 0.792 / (0.792 + 0.001), 1e-15);
  check_close(net_benefit(counts, 0.2).value, 9.0 / 30 - 4.0 / 30 / 4, 1e-15);
  check_close(net_benefit_at_prevalence(counts, 0.2, 0.01).value, 0.009 - 0.198 / 4, 1e-15);
  check_close(net_benefit_of_all(0.2, 0.5), 0.5 - 0.5 / 4, 1e-15);
  check_close(net_benefit_of_all(0.3, 0.3), 0, 1e-15);
}

TEST_CASE("at the prevalence of the data they are precision, npv and net benefit") {
  Random random(531);
  for (int repetition = 0; repetition < 500; ++repetition) {
    ConfusionCounts<> counts{random.below(9), random.below(9), random.below(9), random.below(9)};
    const auto n_positive = static_cast<double>(counts.tp + counts.fn);
    const auto n = static_cast<double>(counts.total());
    if (n_positive == 0 || n_positive == n) continue;
    const double share = n_positive / n;
    const auto check_same = [](const MetricValue& found, const MetricValue& expected) {
      CHECK(found.why == expected.why);
      if (expected.defined()) check_close(found.value, expected.value, 1e-14);
    };
    check_same(ppv_at_prevalence(counts, share), precision(counts));
    check_same(npv_at_prevalence(counts, share), npv(counts));
    check_same(net_benefit_at_prevalence(counts, 0.3, share), net_benefit(counts, 0.3));
    // Who calls everything positive acts on everybody; the other kind of label mirrors.
    const ConfusionCounts<> all{counts.tp + counts.fn, counts.fp + counts.tn, 0, 0};
    check_close(net_benefit(all, 0.3).value, net_benefit_of_all(0.3, share), 1e-14);
    const ConfusionCounts<> mirrored{counts.tn, counts.fn, counts.fp, counts.tp};
    check_same(ppv_at_prevalence(mirrored, 0.1), npv_at_prevalence(counts, 0.9));
    const ConfusionCounts<double> weighted{
        static_cast<double>(counts.tp), static_cast<double>(counts.fp),
        static_cast<double>(counts.fn), static_cast<double>(counts.tn)};
    check_same(ppv_at_prevalence(weighted, 0.2), ppv_at_prevalence(counts, 0.2));
  }
}

TEST_CASE("a predictive value that does not exist says why") {
  CHECK(ppv_at_prevalence(ConfusionCounts<>{0, 0, 3, 4}, 0.1).why == Undefined::no_predictions);
  CHECK(npv_at_prevalence(ConfusionCounts<>{3, 4, 0, 0}, 0.1).why == Undefined::no_predictions);
  CHECK(ppv_at_prevalence(ConfusionCounts<>{0, 3, 0, 4}, 0.1).why == Undefined::no_positives);
  CHECK(npv_at_prevalence(ConfusionCounts<>{3, 0, 4, 0}, 0.1).why == Undefined::no_negatives);
  CHECK(net_benefit_at_prevalence(ConfusionCounts<>{3, 0, 4, 0}, 0.1, 0.1).why ==
        Undefined::no_negatives);
  CHECK(net_benefit(ConfusionCounts<>{}, 0.1).why == Undefined::no_samples);
  CHECK(ppv_at_prevalence(ConfusionCounts<>{}, 0.1).why == Undefined::no_samples);
}

TEST_CASE("prevalences and thresholds outside (0, 1) are refused") {
  const ConfusionCounts<> counts{1, 1, 1, 1};
  for (const double bad : {0.0, 1.0, -0.1, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_AS(ppv_at_prevalence(counts, bad), InvalidArgument);
    CHECK_THROWS_AS(npv_at_prevalence(counts, bad), InvalidArgument);
    CHECK_THROWS_AS(net_benefit(counts, bad), InvalidArgument);
    CHECK_THROWS_AS(net_benefit_at_prevalence(counts, bad, 0.5), InvalidArgument);
    CHECK_THROWS_AS(net_benefit_at_prevalence(counts, 0.5, bad), InvalidArgument);
    CHECK_THROWS_AS(net_benefit_of_all(bad, 0.5), InvalidArgument);
    CHECK_THROWS_AS(net_benefit_of_all(0.5, bad), InvalidArgument);
  }
}
