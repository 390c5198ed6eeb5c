// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/kappa.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "golden/uncertainty.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Labels = std::vector<Label>;

}  // namespace

TEST_CASE("kappa with its variance equals that of statsmodels") {
  for (const golden::KappaValues& one : golden::kappa_values) {
    const ConfusionCounts<> counts{one.tp, one.fp, one.fn, one.tn};
    const KappaEstimate estimate = kappa_estimate(counts, 0.9);
    check_close(estimate.kappa.value, one.kappa, 1e-13);
    check_close(estimate.variance.value, one.variance, 1e-13);
    CHECK(!estimate.smoothed);
    CHECK(estimate.interval.level == 0.9);
    const double reach = 1.6448536269514722 * std::sqrt(one.variance);
    check_close(estimate.interval.lower, std::max(-1.0, one.kappa - reach), 1e-12);
    check_close(estimate.interval.upper, std::min(1.0, one.kappa + reach), 1e-12);
  }
}

TEST_CASE("where the variance is 0 the interval still has a width and contains kappa") {
  for (std::uint64_t tp = 0; tp < 5; ++tp) {
    for (std::uint64_t fp = 0; fp < 5; ++fp) {
      for (std::uint64_t fn = 0; fn < 5; ++fn) {
        for (std::uint64_t tn = 0; tn < 5; ++tn) {
          CAPTURE(tp, fp, fn, tn);
          const KappaEstimate estimate = kappa_estimate({tp, fp, fn, tn});
          if (!estimate.kappa.defined()) {
            CHECK(estimate.variance.why == estimate.kappa.why);
            CHECK(estimate.interval.why == estimate.kappa.why);
            continue;
          }
          const double raw =
              detail::kappa_variance({static_cast<double>(tp), static_cast<double>(fp),
                                      static_cast<double>(fn), static_cast<double>(tn)});
          CHECK(estimate.smoothed == (raw < 1e-12));
          CHECK((estimate.variance.value == 0) == estimate.smoothed);
          CHECK(estimate.interval.contains(estimate.kappa.value));
          CHECK(estimate.interval.upper - estimate.interval.lower > 0.1);
          CHECK(estimate.interval.lower >= -1);
          CHECK(estimate.interval.upper <= 1);
          // The raters change places; both kinds of decision do.
          const KappaEstimate swapped = kappa_estimate({tp, fn, fp, tn});
          const KappaEstimate inverted = kappa_estimate({tn, fn, fp, tp});
          check_close(swapped.variance.value, estimate.variance.value, 1e-13);
          check_close(inverted.interval.lower, estimate.interval.lower, 1e-13);
        }
      }
    }
  }
}

TEST_CASE("full agreement of few rows is less sure than of many") {
  const KappaEstimate few = kappa_estimate({2, 0, 0, 3});
  const KappaEstimate many = kappa_estimate({200, 0, 0, 300});
  CHECK(few.kappa.value == 1);
  CHECK(few.interval.upper == 1);
  CHECK(few.interval.lower < 0.2);
  CHECK(many.interval.lower > 0.98);
  // By hand: the table 2.5, 0.5, 0.5, 3.5 has kappa 2 (2.5 3.5 - 0.25) / 24 = 17 / 24.
  const double deviation = std::sqrt(detail::kappa_variance({2.5, 0.5, 0.5, 3.5}));
  check_close(few.interval.lower, 17.0 / 24 - 1.959963984540054 * deviation, 1e-12);
}

TEST_CASE("kappa of two raters' columns leaves out what either did not judge") {
  const Labels first{1, 1, 0, 0, 1, kMissing, 0};
  const Labels second{1, 0, 0, 1, 1, 1, kMissing};
  const KappaEstimate estimate = kappa_estimate(first, second);
  CHECK(estimate.counts == ConfusionCounts<>{2, 1, 1, 1});
  check_close(estimate.kappa.value, 1.0 / 6, 1e-15);
  const Labels same{1, 1};
  CHECK(kappa_estimate(same, same).kappa.why == Undefined::one_margin_empty);
  CHECK(kappa_estimate(ConfusionCounts<>{}).kappa.why == Undefined::no_samples);
  CHECK_THROWS_AS(kappa_estimate(first, same), InvalidArgument);
  const Labels strange{1, 3};
  CHECK_THROWS_AS(kappa_estimate(strange, same), InvalidArgument);
  CHECK_THROWS_AS(kappa_estimate(same, strange), InvalidArgument);
  CHECK_THROWS_AS(kappa_estimate(same, same, 0), InvalidArgument);
  CHECK_THROWS_AS(kappa_estimate(ConfusionCounts<>{}, 1.0), InvalidArgument);
}
