// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/reliability_bins.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "metrics/column_views.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

TEST_CASE("every edge k/n belongs to the bin above it, and 1 to the last") {
  for (std::size_t n = 1; n <= 200; ++n) {
    for (std::size_t k = 0; k < n; ++k) {
      const double edge = static_cast<double>(k) / static_cast<double>(n);
      CHECK(detail::bin_index(edge, n) == k);
      if (k > 0) CHECK(detail::bin_index(std::nextafter(edge, 0), n) == k - 1);
      CHECK(detail::bin_index(std::nextafter(edge, 2), n) == k);
    }
    CHECK(detail::bin_index(1, n) == n - 1);
  }
}

TEST_CASE("reliability bins hold every row once, empty bins included") {
  const Doubles p{0, .1, .25, .5, .74, .75, 1};
  const Labels labels{0, 1, 0, 1, 1, 0, 1};
  const auto result = reliability_bins(View(p), labels, 4);
  REQUIRE(result.why == Undefined::none);
  REQUIRE(result.bins.size() == 4);
  const std::uint64_t counts[] = {2, 1, 2, 2};
  const double means[] = {.05, .25, .62, .875};
  const double rates[] = {.5, 0, 1, .5};
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(result.bins[k].lower == static_cast<double>(k) / 4);
    CHECK(result.bins[k].upper == static_cast<double>(k + 1) / 4);
    CHECK(result.bins[k].count == counts[k]);
    CHECK(result.bins[k].weight == static_cast<double>(counts[k]));
    check_close(result.bins[k].mean_probability, means[k], 1e-15);
    check_close(result.bins[k].observed_rate, rates[k], 1e-15);
  }
  const Doubles one{.5};
  const auto sparse = reliability_bins(View(one), view({1})).bins;
  REQUIRE(sparse.size() == 15);
  CHECK(sparse[0].count == 0);
  CHECK(std::isnan(sparse[0].mean_probability));
  CHECK(std::isnan(sparse[0].observed_rate));
  CHECK(sparse[7].count == 1);
}

TEST_CASE("weights make means and shares in bins") {
  const Doubles p{.1, .2, .9};
  const Labels labels{1, 0, 1};
  const Doubles weights{1, 3, 4};
  const auto bins = reliability_bins(View(p), labels, 2, weights).bins;
  CHECK(bins[0].weight == 4);
  CHECK(bins[0].count == 2);
  check_close(bins[0].mean_probability, .175, 1e-15);
  check_close(bins[0].observed_rate, .25, 1e-15);
  CHECK(reliability_bins(View(p), labels, 2, Doubles{1, 0, 4}).bins[0].count == 1);
}

TEST_CASE("float probabilities are binned as doubles") {
  // 0.7F is a little less than 0.7, 0.1F a little more than 0.1.
  const std::vector<float> p{0.7F, 0.1F};
  const Labels labels{1, 1};
  const auto bins = reliability_bins(ColumnView<const float>(p), labels, 10).bins;
  CHECK(bins[6].count == 1);
  CHECK(bins[7].count == 0);
  CHECK(bins[1].count == 1);
  const auto tail = log_bins(ColumnView<const float>(p), labels, {.per_decade = 1, .n_decades = 2});
  CHECK(tail.bins[2].count == 2);
}

TEST_CASE("log bins: powers of ten, one bin down to 0, every row once") {
  const Doubles p{0, 1e-9, .0009, .001, .005, .01, .05, .1, .5, 1};
  const Labels labels{0, 1, 0, 1, 0, 0, 0, 1, 1, 1};
  const auto result = log_bins(View(p), labels, {.per_decade = 1, .n_decades = 3});
  REQUIRE(result.bins.size() == 4);
  const double edges[] = {0, .001, .01, .1, 1};
  const std::uint64_t counts[] = {3, 2, 2, 3};
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(result.bins[k].lower == edges[k]);
    CHECK(result.bins[k].upper == edges[k + 1]);
    CHECK(result.bins[k].count == counts[k]);
  }
  check_close(result.bins[0].observed_rate, 1.0 / 3, 1e-15);
  check_close(result.bins[1].mean_probability, .003, 1e-15);
  const auto weighted = log_bins(View(p), labels, {.per_decade = 1, .n_decades = 3},
                                 Doubles{1, 3, 0, 1, 1, 1, 1, 1, 1, 1});
  CHECK(weighted.bins[0].count == 2);
  CHECK(weighted.bins[0].weight == 4);
  check_close(weighted.bins[0].observed_rate, .75, 1e-15);
}

TEST_CASE("log bins divide decades evenly, and their edges belong to the bin above") {
  const Labels one{1};
  const Doubles half{.5};
  for (const int m : {1, 2, 3, 10}) {
    const auto bins = log_bins(View(half), one, {.per_decade = m, .n_decades = 6}).bins;
    REQUIRE(bins.size() == static_cast<std::size_t>(6 * m + 1));
    CHECK(bins[0].lower == 0);
    CHECK(bins[0].upper == 1e-6);
    CHECK(bins.back().upper == 1);
    for (std::size_t k = 1; k < bins.size(); ++k) {
      CHECK(bins[k].lower == bins[k - 1].upper);
      check_close(bins[k].upper / bins[k].lower, std::pow(10, 1.0 / m), 1e-13);
      const Doubles at{bins[k].lower};
      CHECK(log_bins(View(at), one, {.per_decade = m, .n_decades = 6}).bins[k].count == 1);
      const Doubles under{std::nextafter(bins[k].lower, 0)};
      CHECK(log_bins(View(under), one, {.per_decade = m, .n_decades = 6}).bins[k - 1].count == 1);
    }
  }
  CHECK(log_bins(View(half), one).bins.size() == 13);
}

TEST_CASE("bins that cannot be made are refused") {
  const Doubles p{.5};
  const Labels one{1};
  CHECK_THROWS_AS(reliability_bins(View(p), one, 0), InvalidArgument);
  CHECK_THROWS_AS(log_bins(View(p), one, {.per_decade = 0}), InvalidArgument);
  CHECK_THROWS_AS(log_bins(View(p), one, {.n_decades = 0}), InvalidArgument);
  CHECK_THROWS_AS(log_bins(View(p), one, {.n_decades = 301}), InvalidArgument);
  CHECK_THROWS_AS(log_bins(View(p), one, {}, Doubles{-1}), InvalidArgument);
  const Doubles outside{1.5};
  CHECK(log_bins(View(outside), one).why == Undefined::not_probabilities);
  CHECK(log_bins(View(outside), one).bins.empty());
  CHECK(log_bins(View(p), view({kMissing})).why == Undefined::no_samples);
}
