// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/adaptive_bins.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "metrics/column_views.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// The share of positives in each bin.
Doubles rates(const CalibrationBins& result) {
  Doubles found;
  for (const CalibrationBin& bin : result.bins) found.push_back(bin.observed_rate);
  return found;
}

/// The number of rows in each bin.
std::vector<std::uint64_t> sizes(const CalibrationBins& result) {
  std::vector<std::uint64_t> found;
  for (const CalibrationBin& bin : result.bins) found.push_back(bin.count);
  return found;
}

bool is_ascending(const Doubles& values) {
  return std::is_sorted(values.begin(), values.end());
}

}  // namespace

TEST_CASE("equal-mass bins differ by at most one row where nothing ties") {
  for (const int n_rows : {1, 2, 7, 10, 12, 29, 90}) {
    Doubles p;
    for (int i = 0; i < n_rows; ++i) p.push_back((i * 37 % n_rows) / static_cast<double>(n_rows));
    const Labels labels(p.size(), 0);
    for (const int n : {1, 2, 3, 5, 15}) {
      const auto bins = equal_mass_bins(View(p), labels, n).bins;
      CHECK(bins.size() == static_cast<std::size_t>(std::min(n, n_rows)));
      std::uint64_t rows = 0;
      for (std::size_t k = 0; k < bins.size(); ++k) {
        rows += bins[k].count;
        if (n <= n_rows) {
          CHECK(bins[k].count >= static_cast<std::uint64_t>(n_rows / n));
          CHECK(bins[k].count <= static_cast<std::uint64_t>((n_rows + n - 1) / n));
        }
        CHECK(bins[k].lower <= bins[k].upper);
        if (k > 0) CHECK(bins[k - 1].upper < bins[k].lower);
      }
      CHECK(rows == p.size());
    }
  }
}

TEST_CASE("equal-mass bins by hand: ties stay together, heavy ties take several bins' place") {
  const Doubles p{.1, .2, .2, .2, .2, .9};
  const Labels labels{0, 1, 0, 0, 0, 1};
  // Middles of the groups: 1/12, 6/12, 11/12 of the mass.
  const auto three = equal_mass_bins(View(p), labels, 3).bins;
  REQUIRE(three.size() == 3);
  CHECK(three[1].count == 4);
  CHECK(three[1].lower == .2);
  CHECK(three[1].upper == .2);
  check_close(three[1].observed_rate, .25, 1e-15);
  const auto two = equal_mass_bins(View(p), labels, 2).bins;  // 6/12 opens the second half
  REQUIRE(two.size() == 2);
  CHECK(two[0].count == 1);
  CHECK(two[1].count == 5);
  CHECK(two[1].lower == .2);
  CHECK(two[1].upper == .9);
  check_close(two[1].mean_probability, 1.7 / 5, 1e-15);
  check_close(two[1].observed_rate, .4, 1e-15);
  CHECK(equal_mass_bins(View(p), labels, 100).bins.size() == 3);
  const Doubles constant(4, .25);
  CHECK(equal_mass_bins(View(constant), view({1, 0, 0, 0}), 15).bins.size() == 1);
  const std::vector<float> few{0.7F, 0.1F};
  CHECK(equal_mass_bins(ColumnView<const float>(few), view({1, 1}), 1).bins[0].count == 2);
}

TEST_CASE("the sweep stops before rates fall for the first time") {
  // One bin: 1/2. Two: 0 1 0 | 1 0 1. Three: 0 1 | 0 1 | 0 1. Four: 0 | 1 0 | 1 | 0 1.
  const Doubles p{.1, .2, .3, .4, .5, .6};
  const Labels labels{0, 1, 0, 1, 0, 1};
  const auto bins = sweep_bins(View(p), labels);
  CHECK(sizes(bins) == std::vector<std::uint64_t>{2, 2, 2});
  // More bins with rates in order would not bring the sweep back: six fail, and two before them.
  const Labels early{1, 0, 0, 0, 1, 1};
  CHECK(sizes(sweep_bins(View(p), early)) == std::vector<std::uint64_t>{3, 3});
  CHECK(sweep_bins(View(p), view({1, 1, 1, 0, 0, 0})).bins.size() == 1);
  const std::vector<float> few{0.7F, 0.1F};
  CHECK(sweep_bins(ColumnView<const float>(few), view({1, 0})).bins.size() == 2);
  CHECK(sweep_bins(View(p), view(Labels(6, 1))).bins.size() == 6);
}

TEST_CASE("the sweep equals trying all numbers of bins, on tie-heavy samples") {
  Random random(411);
  for (int repetition = 0; repetition < 1000; ++repetition) {
    const Sample s = random_sample(random, 25);
    const auto found = sweep_bins(View(s.scores), s.labels);
    CalibrationBins expected = equal_mass_bins(View(s.scores), s.labels, 1);
    CHECK(found.why == expected.why);
    for (int n = 2; n <= static_cast<int>(s.size()); ++n) {
      const CalibrationBins bins = equal_mass_bins(View(s.scores), s.labels, n);
      if (!is_ascending(rates(bins))) break;
      expected = bins;
    }
    CHECK(sizes(found) == sizes(expected));
    CHECK(rates(found) == rates(expected));
  }
}

TEST_CASE("isotonic bins by hand") {
  const Doubles p{.1, .2, .3, .4, .5, .6};
  const auto bins = isotonic_bins(View(p), view({0, 1, 0, kMissing, 1, 1}));
  REQUIRE(bins.bins.size() == 3);
  CHECK(sizes(bins) == std::vector<std::uint64_t>{1, 2, 2});
  CHECK(rates(bins) == Doubles{0, .5, 1});
  CHECK(bins.bins[1].lower == .2);
  CHECK(bins.bins[1].upper == .3);
  check_close(bins.bins[1].mean_probability, .25, 1e-15);
  CHECK(rates(isotonic_bins(View(p), view(Labels(6, 0)))) == Doubles{0});
  CHECK(rates(isotonic_bins(View(p), view(Labels(6, 1)))) == Doubles{1});
  CHECK(isotonic_bins(View(p), view(Labels(6, kMissing))).why == Undefined::no_samples);
  const std::vector<float> few{0.7F, 0.1F};
  CHECK(isotonic_bins(ColumnView<const float>(few), view({1, 0})).bins.size() == 2);
}

TEST_CASE("isotonic bins hold all rows, ascend strictly, and fit best") {
  Random random(412);
  for (int repetition = 0; repetition < 1000; ++repetition) {
    const Sample s = random_sample(random, 20);
    const auto result = isotonic_bins(View(s.scores), s.labels);
    if (result.why != Undefined::none) continue;
    std::uint64_t n_rows = 0;
    for (std::size_t k = 0; k < result.bins.size(); ++k) {
      const CalibrationBin& bin = result.bins[k];
      n_rows += bin.count;
      if (k > 0) {
        CHECK(result.bins[k - 1].upper < bin.lower);
        CHECK(result.bins[k - 1].observed_rate < bin.observed_rate);
      }
      // The rows of a block up to any probability have at least its rate (Ayer et al. 1955).
      double n = 0;
      double n_positive = 0;
      for (const double end : s.distinct_scores()) {
        n = n_positive = 0;
        for (std::size_t i = 0; i < s.size(); ++i) {
          if (s.labels[i] == kMissing || s.scores[i] < bin.lower || s.scores[i] > end) continue;
          n += 1;
          n_positive += s.labels[i];
        }
        if (end <= bin.upper && n > 0) CHECK(n_positive / n >= bin.observed_rate - 1e-12);
      }
    }
    const auto labelled = std::count_if(s.labels.begin(), s.labels.end(),
                                        [](Label label) { return label != kMissing; });
    CHECK(n_rows == static_cast<std::uint64_t>(labelled));
  }
}

TEST_CASE("adaptive bins are undefined or refused as probabilities are") {
  const Doubles good{.5};
  const Doubles outside{1.5};
  const Doubles wrong{std::numeric_limits<double>::quiet_NaN()};
  const Labels one{1};
  CHECK(equal_mass_bins(View(outside), one).why == Undefined::not_probabilities);
  CHECK(sweep_bins(View(outside), one).why == Undefined::not_probabilities);
  CHECK(isotonic_bins(View(outside), one).why == Undefined::not_probabilities);
  CHECK(isotonic_bins(View(outside), one).bins.empty());
  CHECK_THROWS_AS(equal_mass_bins(View(good), one, 0), InvalidArgument);
  CHECK_THROWS_AS(sweep_bins(View(wrong), one), InvalidArgument);
  CHECK_THROWS_AS(isotonic_bins(View(wrong), one), InvalidArgument);
}
