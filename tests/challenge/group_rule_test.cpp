// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/challenge/group_rule.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/error.hpp"

using namespace cxrlt;

namespace {

std::string refusal(const std::string& text) {
  try {
    parse_group_rule(text);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

const std::vector<TrainCount> kCounts{2000, 500, 5};

}  // namespace

TEST_CASE("rules for groups are read with their numbers, or with the usual ones") {
  const GroupRule given = parse_group_rule("count:300,7");
  CHECK(given.by == GroupBy::count);
  CHECK(given.head == 300);
  CHECK(given.tail == 7);
  CHECK(parse_group_rule("prevalence").head == 0.10);
  CHECK(parse_group_rule("prevalence").tail == 0.01);
  CHECK(parse_group_rule("count").head == 1000);
  CHECK(parse_group_rule("count").tail == 100);
  CHECK(parse_group_rule("rank").head == 10);
  CHECK(parse_group_rule("rank").tail == 10);
  CHECK(parse_group_rule("profile").by == GroupBy::profile);
  CHECK(parse_group_rule("file:a:b.csv").file == "a:b.csv");
}

TEST_CASE("what is no rule for groups is refused with the forms that are") {
  for (const char* text : {"", "prevalence:", "prevalence:0.1", "count:a,b", "count:1,2,3",
                           "count:-1,2", "rank:1.5,2", "file", "file:", "profile:x", "counts"}) {
    CAPTURE(text);
    CHECK(refusal(text).find("prevalence:0.1,0.01, count:1000,100, rank:10,10") !=
          std::string::npos);
  }
}

TEST_CASE("groups by a rule are those of its kind") {
  const auto by_prevalence = groups_by_rule(default_group_rule(), kCounts, 10'000);
  CHECK(by_prevalence[0].rule == "training prevalence > 0.1");
  CHECK(by_prevalence[0].classes == std::vector<std::size_t>{0});
  CHECK(by_prevalence[2].classes == std::vector<std::size_t>{2});
  const auto by_count = groups_by_rule(parse_group_rule("count"), kCounts, 0);
  CHECK(by_count[0].rule == "training positives > 1000");
  CHECK(by_count[1].classes == std::vector<std::size_t>{1});
  CHECK(groups_by_rule(parse_group_rule("rank:1,1"), kCounts, 0)[1].classes ==
        std::vector<std::size_t>{1});
}

TEST_CASE("groups that are listed elsewhere are not made from training counts") {
  CHECK_THROWS_AS(groups_by_rule(parse_group_rule("profile"), kCounts, 10'000), InvalidArgument);
  CHECK_THROWS_AS(groups_by_rule(parse_group_rule("file:x"), kCounts, 10'000), InvalidArgument);
}
