// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/bootstrap_interval.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/uncertainty/p_value.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// 0.01, 0.02, ..., 1.00.
std::vector<double> hundredths() {
  std::vector<double> values;
  for (int k = 100; k >= 1; --k) values.push_back(k / 100.0);
  return values;
}

}  // namespace

TEST_CASE("a normal interval is the estimate and the deviation of the replicates") {
  const std::vector<double> replicates{0.4, 0.5, 0.6, 0.5, kNan};
  const ResampledInterval result = bootstrap_interval({0.45, replicates, {}, 0, 1}, 0.95);
  const double deviation = std::sqrt(0.02 / 3);
  check_close(result.interval.lower, 0.45 - 1.959963984540054 * deviation);
  check_close(result.interval.upper, 0.45 + 1.959963984540054 * deviation);
  check_close(result.bias, 0.05);
  check_close(result.standard_error, deviation);
  CHECK(result.n_replicates == 5);
  CHECK(result.n_defined == 4);
  CHECK(result.method == IntervalMethod::normal);
}

TEST_CASE("percentile and basic intervals are quantiles, one of them turned over") {
  const std::vector<double> replicates = hundredths();
  const ResampledInterval percentile =
      bootstrap_interval({0.5, replicates, {}, 0, 1}, 0.9, IntervalMethod::percentile);
  // numpy.quantile of 0.01 ... 1.00 at 0.05 and 0.95
  check_close(percentile.interval.lower, 0.0595);
  check_close(percentile.interval.upper, 0.9505);
  const ResampledInterval basic =
      bootstrap_interval({0.5, replicates, {}, 0, 1}, 0.9, IntervalMethod::basic);
  check_close(basic.interval.lower, 1 - 0.9505);
  check_close(basic.interval.upper, 1 - 0.0595);
}

TEST_CASE("ends are cut off at the range of the metric") {
  const std::vector<double> replicates{0.7, 1.0, 0.2, 0.9};
  for (const IntervalMethod method : {IntervalMethod::normal, IntervalMethod::basic}) {
    const Interval interval =
        bootstrap_interval({0.95, replicates, {}, 0, 1}, 0.99, method).interval;
    CHECK(interval.upper == 1);
    CHECK(interval.lower >= 0);
  }
}

TEST_CASE("BCa without bias and acceleration is the percentile interval") {
  std::vector<double> replicates = hundredths();
  replicates.push_back(0.505);
  const std::vector<double> even{0.4, 0.5, 0.6};
  const IntervalInput input{0.505, replicates, even, 0, 1};
  const Interval bca = bootstrap_interval(input, 0.9, IntervalMethod::bca).interval;
  const Interval percentile = bootstrap_interval(input, 0.9, IntervalMethod::percentile).interval;
  check_close(bca.lower, percentile.lower, 1e-9);
  check_close(bca.upper, percentile.upper, 1e-9);
}

TEST_CASE("BCa is Efron's formula") {
  const std::vector<double> replicates = hundredths();
  const std::vector<double> left_out{0.3, 0.31, 0.29, 0.1};
  const Interval bca =
      bootstrap_interval({0.605, replicates, left_out, 0, 1}, 0.9, IntervalMethod::bca).interval;
  // By SciPy: z0 = norm.ppf(.6), a = sum(d^3) / (6 sum(d^2)^1.5), d = mean - left_out;
  // p = norm.cdf(z0 + (z0 +- 1.645) / (1 - a (z0 +- 1.645))), numpy.quantile(replicates, p).
  check_close(bca.lower, 0.17271029569134808, 1e-9);
  check_close(bca.upper, 0.9949002090341215, 1e-9);
  CHECK_THROWS_AS(bootstrap_interval({0.6, replicates, {}, 0, 1}, 0.9, IntervalMethod::bca),
                  InvalidArgument);
}

TEST_CASE("too few replicates make no interval, and say so") {
  const std::vector<double> one{0.4, kNan};
  const ResampledInterval result = bootstrap_interval({0.4, one, {}, 0, 1}, 0.95);
  CHECK_FALSE(result.interval.defined());
  CHECK(result.interval.why == Undefined::not_estimable);
  CHECK(result.n_defined == 1);
  const std::vector<double> two{0.4, 0.5};
  CHECK_FALSE(bootstrap_interval({kNan, two, {}, 0, 1}, 0.95).interval.defined());
  const std::vector<double> equal{1, 1, 1};
  for (const IntervalMethod method : {IntervalMethod::normal, IntervalMethod::percentile}) {
    const ResampledInterval flat = bootstrap_interval({1, equal, {}, 0, 1}, 0.95, method);
    CHECK(flat.interval.why == Undefined::not_estimable);
    CHECK(flat.n_defined == 3);
  }
}

TEST_CASE("levels outside (0, 1), and methods that take no replicates, are refused") {
  const std::vector<double> two{0.4, 0.5};
  for (const double level : {0.0, 1.0, -1.0, kNan}) {
    CHECK_THROWS_AS(bootstrap_interval({0.4, two}, level), InvalidArgument);
    CHECK_THROWS_AS(average_precision_interval(0.5, 3, level), InvalidArgument);
  }
  CHECK_THROWS_AS(bootstrap_interval({0.4, two}, 0.9, IntervalMethod::logit), InvalidArgument);
}

TEST_CASE("the interval of an average precision from its positives") {
  const Interval interval = average_precision_interval(0.3, 12);
  const double eta = std::log(0.3 / 0.7);
  const double tau = 1 / std::sqrt(12 * 0.3 * 0.7);
  check_close(interval.lower, 1 / (1 + std::exp(-(eta - 1.959963984540054 * tau))));
  check_close(interval.upper, 1 / (1 + std::exp(-(eta + 1.959963984540054 * tau))));
  CHECK(average_precision_interval(1, 3).upper == 1);
  CHECK(average_precision_interval(1, 3).lower > 0.15);
  CHECK(average_precision_interval(1, 3).lower < 1);
  CHECK(average_precision_interval(0, 3).lower == 0);
  check_close(average_precision_interval(0, 3).upper, 1 - average_precision_interval(1, 3).lower);
  CHECK(average_precision_interval(0.5, 0).why == Undefined::no_positives);
  CHECK_THROWS_AS(average_precision_interval(1.1, 3), InvalidArgument);
  CHECK_THROWS_AS(average_precision_interval(kNan, 3), InvalidArgument);
  // More positives, a shorter interval; always around the estimate.
  for (std::size_t n = 1; n < 60; ++n) {
    for (const double value : {0.0, 0.01, 0.5, 0.99, 1.0}) {
      const Interval wide = average_precision_interval(value, n);
      const Interval narrow = average_precision_interval(value, n + 1);
      CHECK(wide.contains(value));
      CHECK(narrow.upper - narrow.lower <= wide.upper - wide.lower);
    }
  }
}

TEST_CASE("shifted p-values count how often replicates differ as much") {
  const std::vector<double> replicates{0.1, 0.12, 0.08, 0.2, -0.01};
  // |d* - 0.1|: 0, .02, .02, .1, .11
  check_close(shifted_p_value(0.1, replicates), 3.0 / 6);
  check_close(shifted_p_value(-0.1, std::vector<double>{-0.1, -0.12, kNan}), 1.0 / 3);
  CHECK(shifted_p_value(0, replicates) == 1);
  CHECK(is_nan(shifted_p_value(0.1, {})));
  CHECK(is_nan(shifted_p_value(kNan, replicates)));
}
