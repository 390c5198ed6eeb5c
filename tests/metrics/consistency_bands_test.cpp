// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/consistency_bands.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "cxrlt/metrics/adaptive_bins.hpp"
#include "metrics/column_views.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

View values(const Doubles& p) {
  return View(p);
}

/// The distribution of the count by going through all outcomes.
Doubles distribution(const Doubles& p) {
  Doubles chances(p.size() + 1, 0.0);
  for (unsigned outcome = 0; outcome < 1U << p.size(); ++outcome) {
    double chance = 1;
    std::size_t count = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const bool happens = (outcome >> i & 1U) != 0;
      chance *= happens ? p[i] : 1 - p[i];
      count += happens ? 1U : 0U;
    }
    chances[count] += chance;
  }
  return chances;
}

}  // namespace

TEST_CASE("the count of independent events has the distribution of all outcomes") {
  Random random(801);
  for (int repetition = 0; repetition < 100; ++repetition) {
    Doubles p;
    const std::uint32_t n = random.below(9);
    for (std::uint32_t i = 0; i < n; ++i) p.push_back(static_cast<double>(random.below(5)) / 4);
    const Doubles expected = distribution(p);
    const detail::PoissonBinomial count(p);
    for (std::size_t k = 0; k < expected.size(); ++k) check_close(count[k], expected[k], 1e-14);
    CHECK(count[expected.size()] == 0);
    for (const double tail : {.3, .05, .0001}) {
      const auto range = count.central_range(tail);
      double below = 0;
      double above = 0;
      for (std::size_t k = 0; k < range.lower; ++k) below += expected[k];
      for (std::size_t k = range.upper + 1; k < expected.size(); ++k) above += expected[k];
      CHECK(below <= tail + 1e-12);
      CHECK(above <= tail + 1e-12);
      CHECK(below + expected[range.lower] > tail - 1e-12);
      CHECK(above + expected[range.upper] > tail - 1e-12);
    }
  }
}

TEST_CASE("many equal events: the binomial distribution, far into its tails") {
  const Doubles p(4000, .25);
  const detail::PoissonBinomial count(p);
  double sum = 0;
  double mean = 0;
  for (std::size_t k = 0; k <= 4000; ++k) {
    sum += count[k];
    mean += static_cast<double>(k) * count[k];
  }
  check_close(sum, 1, 1e-12);
  check_close(mean, 1000, 1e-12);
  const auto log_chance = [](double k) {
    return std::lgamma(4001) - std::lgamma(k + 1) - std::lgamma(4001 - k) + k * std::log(.25) +
           (4000 - k) * std::log(.75);
  };
  for (const double k : {800.0, 1000.0, 1200.0}) {
    check_close(std::log(count[static_cast<std::size_t>(k)]), log_chance(k), 1e-10);
  }
}

TEST_CASE("bands by hand") {
  // 3 rows at 0.1: 0 or 1 positives, as 2 have chance .027 + .001; 2 rows at 0.5: anything.
  const Doubles p{.1, .1, .5, .1, .5, .9};
  const Labels labels{0, 0, 1, 1, 0, kMissing};
  const CalibrationBins bins = reliability_bins(View(p), labels, 10);
  const auto bands = consistency_bands(View(p), labels, bins, .9);
  REQUIRE(bands.size() == 10);
  CHECK(bands[1].lower == 0);
  check_close(bands[1].upper, 1.0 / 3, 1e-15);
  CHECK(bands[1].level == .9);
  CHECK(bands[5].lower == 0);
  CHECK(bands[5].upper == 1);
  CHECK(std::isnan(bands[9].lower));
  CHECK(std::isnan(bands[9].upper));
  check_close(consistency_bands(View(p), labels, bins)[1].upper, 2.0 / 3, 1e-15);
  const std::vector<float> narrow{0, 1};
  const auto sure =
      consistency_bands(ColumnView<const float>(narrow), view({1, 0}),
                        equal_mass_bins(ColumnView<const float>(narrow), view({1, 0}), 2));
  CHECK(sure[0].upper == 0);
  CHECK(sure[1].lower == 1);
}

TEST_CASE("bands find the rows of every kind of bin") {
  Random random(802);
  for (int repetition = 0; repetition < 300; ++repetition) {
    const Sample s = random_sample(random, 20);
    for (const CalibrationBins& bins :
         {reliability_bins(View(s.scores), s.labels, 7), log_bins(View(s.scores), s.labels),
          equal_mass_bins(View(s.scores), s.labels, 4), sweep_bins(View(s.scores), s.labels),
          isotonic_bins(View(s.scores), s.labels)}) {
      const auto bands = consistency_bands(View(s.scores), s.labels, bins);
      REQUIRE(bands.size() == bins.bins.size());
      for (std::size_t k = 0; k < bands.size(); ++k) {
        if (bins.bins[k].count == 0) continue;
        const double slack = 1 / static_cast<double>(bins.bins[k].count);
        CHECK(bands[k].lower <= bins.bins[k].mean_probability + slack);
        CHECK(bands[k].upper >= bins.bins[k].mean_probability - slack);
      }
    }
  }
}

TEST_CASE("calibrated labels leave their band as seldom as the level says") {
  Random random(803);
  Doubles p(600);
  int n_bins = 0;
  int n_below = 0;
  int n_above = 0;
  for (int repetition = 0; repetition < 300; ++repetition) {
    Labels labels;
    for (double& value : p) {
      value = random.uniform() * random.uniform();
      labels.push_back(random.uniform() < value ? 1 : 0);
    }
    const CalibrationBins bins = equal_mass_bins(View(p), labels, 6);
    const auto bands = consistency_bands(View(p), labels, bins, .8);
    for (std::size_t k = 0; k < bands.size(); ++k) {
      ++n_bins;
      if (bins.bins[k].observed_rate < bands[k].lower) ++n_below;
      if (bins.bins[k].observed_rate > bands[k].upper) ++n_above;
    }
  }
  CHECK(n_below < .115 * n_bins);
  CHECK(n_above < .115 * n_bins);
  CHECK(n_below + n_above > .08 * n_bins);
}

TEST_CASE("bands refuse levels outside (0, 1) and bins of other rows") {
  const Doubles p{.1, .2, .9};
  const Labels labels{0, 1, 1};
  const CalibrationBins bins = reliability_bins(View(p), labels, 2);
  for (const double level : {0.0, 1.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_AS(consistency_bands(View(p), labels, bins, level), InvalidArgument);
  }
  CHECK_THROWS_AS(consistency_bands(View(p), view({0, kMissing, 1}), bins), InvalidArgument);
  const CalibrationBins other = equal_mass_bins(values(Doubles{.5, .6, .95}), labels, 1);
  CHECK_THROWS_AS(consistency_bands(View(p), labels, other), InvalidArgument);
  const CalibrationBins weighted = reliability_bins(View(p), labels, 2, Doubles{0, 1, 1});
  CHECK_THROWS_AS(consistency_bands(View(p), labels, weighted), InvalidArgument);
  const Doubles outside{.1, .2, 1.9};
  CHECK(consistency_bands(View(outside), labels, reliability_bins(View(outside), labels)).empty());
}
