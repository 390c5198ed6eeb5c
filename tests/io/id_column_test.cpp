// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/id_column.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using cxrlt::IdColumn;
using cxrlt::IdIndex;

TEST_CASE("ids are read like a vector of strings") {
  const std::vector<std::string> texts{"x", "", "longer than the short strings that fit inside",
                                       "x"};
  IdColumn ids;
  CHECK(ids.empty());
  for (const std::string& text : texts) ids.push_back(text);
  REQUIRE(ids.size() == 4);
  CHECK(ids.front() == "x");
  CHECK(ids[1].empty());
  CHECK(ids[2] == texts[2]);
  CHECK(std::vector<std::string>(ids.begin(), ids.end()) == texts);
  CHECK(ids == texts);

  IdColumn reserved;
  reserved.reserve(10, 1000);
  CHECK(reserved.empty());
  for (const std::string_view id : ids) reserved.push_back(id);
  CHECK(reserved == ids);
}

TEST_CASE("columns of the same text cut elsewhere differ") {
  CHECK_FALSE(IdColumn({"ab", "c"}) == IdColumn({"a", "bc"}));
  CHECK_FALSE(IdColumn({"a"}) == IdColumn({"a", ""}));
}

TEST_CASE("an index finds the first row of every id, and grows") {
  IdColumn ids;
  IdIndex index(ids, 0);
  for (std::size_t i = 0; i < 20'000; ++i) {
    ids.push_back("id_" + std::to_string(i * i));
    CHECK_FALSE(index.insert(i).has_value());
  }
  ids.push_back("id_49");
  CHECK(index.insert(20'000) == 7U);
  for (std::size_t i = 0; i < 20'000; ++i) {
    if (index.find("id_" + std::to_string(i * i)) != i) FAIL("not found: " << i);
  }
  CHECK_FALSE(index.find("id_2").has_value());
  CHECK_FALSE(index.find("").has_value());
  CHECK(IdIndex(ids).find("id_49") == 7U);
}
