// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/non_inferiority.hpp"

#include <limits>

#include "cxrlt/core/error.hpp"
#include "support.hpp"

using namespace cxrlt;

TEST_CASE("non-inferiority of an interval, for higher and for lower values") {
  struct Case {
    double lower, upper;
    bool non_inferior, superior, equivalent, inferior;
  };
  // The margin is 0.05; bounds on the limit do not suffice.
  for (const Case& one :
       {Case{-.04, .10, true, false, false, false}, Case{-.04, .04, true, false, true, false},
        Case{.01, .04, true, true, true, false}, Case{.01, .20, true, true, false, false},
        Case{-.05, .01, false, false, false, false}, Case{-.04, .05, true, false, false, false},
        Case{0, .04, true, false, true, false}, Case{-.20, -.05, false, false, false, false},
        Case{-.20, -.06, false, false, false, true}, Case{-.04, -.01, true, false, true, false},
        Case{0, 0, true, false, true, false}}) {
    CAPTURE(one.lower, one.upper);
    const auto check = [&](const NonInferiority& found) {
      CHECK(found.non_inferior == one.non_inferior);
      CHECK(found.superior == one.superior);
      CHECK(found.equivalent == one.equivalent);
      CHECK(found.inferior == one.inferior);
      CHECK(found.margin == 0.05);
      check_close(found.one_sided_level, 0.05, 1e-15);
      CHECK(found.why == Undefined::none);
    };
    check(judge_non_inferiority({one.lower, one.upper, 0.9}, 0.05));
    check(judge_non_inferiority({-one.upper, -one.lower, 0.9}, 0.05, Direction::lower));
  }
}

TEST_CASE("an interval that does not exist says nothing, whatever its ends") {
  for (const Interval& interval : {Interval::undefined(Undefined::not_estimable, 0.95),
                                   Interval{.01, .02, .95, Undefined::not_estimable},
                                   Interval{-.2, -.1, .95, Undefined::not_estimable}}) {
    const NonInferiority found = judge_non_inferiority(interval, 0.05);
    CHECK(found.why == Undefined::not_estimable);
    CHECK(!found.non_inferior);
    CHECK(!found.superior);
    CHECK(!found.equivalent);
    CHECK(!found.inferior);
  }
}

TEST_CASE("margins, directions and levels that make no sense") {
  const Interval interval{-.1, .1, .95};
  for (const double margin : {0.0, -0.1, std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(judge_non_inferiority(interval, margin), InvalidArgument);
  }
  CHECK_THROWS_AS(judge_non_inferiority(interval, .1, Direction::closest_to_one), InvalidArgument);
  CHECK_THROWS_AS(judge_non_inferiority(interval, .1, Direction::reference), InvalidArgument);
  CHECK_THROWS_AS(judge_non_inferiority({-.1, .1, 1}, .1), InvalidArgument);
  check_close(level_of_one_sided(0.025), 0.95, 1e-15);
  CHECK_THROWS_AS(level_of_one_sided(0), InvalidArgument);
  CHECK_THROWS_AS(level_of_one_sided(0.5), InvalidArgument);
}
