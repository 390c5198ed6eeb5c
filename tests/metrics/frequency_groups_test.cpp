// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/frequency_groups.hpp"

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace cxrlt;

namespace {

using Classes = std::vector<std::size_t>;
using Counts = std::vector<TrainCount>;

void check_classes(const std::vector<ClassGroup>& groups, const Classes& head,
                   const Classes& medium, const Classes& tail) {
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].name == "head");
  CHECK(groups[1].name == "medium");
  CHECK(groups[2].name == "tail");
  CHECK(groups[0].classes == head);
  CHECK(groups[1].classes == medium);
  CHECK(groups[2].classes == tail);
}

}  // namespace

TEST_CASE("groups by prevalence: both cuts belong to the medium group") {
  const Counts counts{101, 100, 10, 9, std::nullopt, 0, 1000};
  const auto groups = groups_by_prevalence(counts, 1000);
  check_classes(groups, {0, 6}, {1, 2}, {3, 5});
  CHECK(groups[0].rule == "training prevalence > 0.1");
  CHECK(groups[1].rule == "training prevalence in [0.01, 0.1]");
  CHECK(groups[2].rule == "training prevalence < 0.01");
  check_classes(groups_by_prevalence(counts, 1000, 0.5, 0.5), {6}, {}, {0, 1, 2, 3, 5});
}

TEST_CASE("prevalences need a size that holds the counts, and cuts in order") {
  CHECK_THROWS_AS(groups_by_prevalence(Counts{5}, 4), InvalidArgument);
  CHECK_THROWS_AS(groups_by_prevalence(Counts{0}, 0), InvalidArgument);
  CHECK_THROWS_AS(groups_by_prevalence(Counts{1}, 4, 0.01, 0.1), InvalidArgument);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(groups_by_prevalence(Counts{1}, 4, nan, 0.1), InvalidArgument);
  CHECK_THROWS_AS(groups_by_prevalence(Counts{1}, 4, 0.1, nan), InvalidArgument);
  CHECK_NOTHROW(groups_by_prevalence(Counts{std::nullopt}, 0));
}

TEST_CASE("groups by count") {
  const auto groups = groups_by_count(Counts{1001, 1000, 100, 99, std::nullopt});
  check_classes(groups, {0}, {1, 2}, {3});
  CHECK(groups[0].rule == "training positives > 1000");
  check_classes(groups_by_count(Counts{100, 20, 101, 19}, 100, 20), {2}, {0, 1}, {3});
  CHECK_THROWS_AS(groups_by_count(Counts{1}, 10, 100), InvalidArgument);
}

TEST_CASE("groups by rank: ties in class order, classes in class order") {
  const Counts counts{5, 9, 5, std::nullopt, 1, 5};
  check_classes(groups_by_rank(counts, 2, 2), {0, 1}, {2}, {4, 5});
  check_classes(groups_by_rank(counts, 1, 1), {1}, {0, 2, 5}, {4});
  check_classes(groups_by_rank(counts, 0, 5), {}, {}, {0, 1, 2, 4, 5});
  CHECK_THROWS_AS(groups_by_rank(counts, 3, 3), InvalidArgument);
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  CHECK_THROWS_AS(groups_by_rank(counts, 2, most), InvalidArgument);
  CHECK_THROWS_AS(groups_by_rank(counts, most, 2), InvalidArgument);
  CHECK_THROWS_AS(groups_by_rank(counts, most, most), InvalidArgument);
}
