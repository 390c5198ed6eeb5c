// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/adjustment/search_tau.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

MetricValue parabola(double tau) {
  return {0.7 - (tau - 0.83) * (tau - 0.83)};
}

}  // namespace

TEST_CASE("the best tau of a smooth curve", "[search_tau]") {
  const TauSearch search = search_tau(parabola, Direction::higher);
  check_close(search.tau, 0.83);
  check_close(search.value.value, 0.7);
  check_close(search.unadjusted.value, 0.7 - 0.83 * 0.83);
  CHECK_FALSE(search.is_largest);
  CHECK(search.curve.size() == 39);
  CHECK(search.curve.front().tau == 0);
  CHECK(search.curve.back().tau == 2);
  CHECK(std::is_sorted(search.curve.begin(), search.curve.end(),
                       [](const TauPoint& a, const TauPoint& b) { return a.tau < b.tau; }));
  // No tau is tried twice.
  CHECK(std::adjacent_find(search.curve.begin(), search.curve.end(),
                           [](const TauPoint& a, const TauPoint& b) { return a.tau == b.tau; }) ==
        search.curve.end());
}

TEST_CASE("every direction", "[search_tau]") {
  const auto line = [](double tau) { return MetricValue{0.5 + tau}; };
  const TauSearch lowest = search_tau(line, Direction::lower);
  CHECK(lowest.tau == 0);
  CHECK(lowest.curve.size() == 30);
  const TauSearch highest = search_tau(line, Direction::higher);
  CHECK(highest.tau == 2);
  CHECK(highest.is_largest);
  check_close(search_tau(line, Direction::closest_to_one).tau, 0.5);
  CHECK_THROWS_AS(search_tau(line, Direction::reference), InvalidArgument);
}

TEST_CASE("of equal values the smallest tau, rounding set aside", "[search_tau]") {
  const auto step = [](double tau) { return MetricValue{tau < 0.445 ? 0.25 : 0.5}; };
  check_close(search_tau(step, Direction::higher).tau, 0.45);
  const auto noise = [](double tau) { return MetricValue{0.25 + 1e-15 * tau}; };
  CHECK(search_tau(noise, Direction::higher).tau == 0);
  CHECK_FALSE(search_tau(noise, Direction::higher).is_largest);
}

TEST_CASE("undefined values are passed over", "[search_tau]") {
  const auto partly = [](double tau) {
    return tau < 1 ? MetricValue::undefined(Undefined::no_predictions) : MetricValue{3 - tau};
  };
  const TauSearch search = search_tau(partly, Direction::higher);
  CHECK(search.tau == 1);
  CHECK(search.value.value == 2);
  CHECK(search.unadjusted.why == Undefined::no_predictions);
  const auto never = [](double) { return MetricValue::undefined(Undefined::no_samples); };
  const TauSearch nothing = search_tau(never, Direction::lower);
  CHECK(nothing.tau == 0);
  CHECK(nothing.value.why == Undefined::no_samples);
  CHECK(nothing.curve.size() == 21);
}

TEST_CASE("another grid", "[search_tau]") {
  const TauSearch search =
      search_tau(parabola, Direction::higher, {.largest = 1, .n_steps = 4, .refinement = 1});
  CHECK(search.tau == 0.75);
  CHECK(search.curve.size() == 5);
  const auto refused = [](const TauSearchOptions& options) {
    CHECK_THROWS_AS(search_tau(parabola, Direction::higher, options), InvalidArgument);
  };
  refused({.largest = 0});
  refused({.largest = std::numeric_limits<double>::infinity()});
  refused({.n_steps = 0});
  refused({.refinement = 0});
}
