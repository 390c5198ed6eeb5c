// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/core/closest_name.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using namespace cxrlt;

TEST_CASE("the edit distance counts insertions, deletions and replacements") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("", "ab") == 2);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("flaw", "lawn") == 2);
  CHECK(edit_distance("Mass", "mass") == 1);
}

TEST_CASE("the closest name is the one that was probably meant") {
  const std::vector<std::string> names{"Hernia", "Mass", "Nodule", "Pneumonia", "Pneumothorax"};
  CHECK(closest_name("hernia", names) == "Hernia");
  CHECK(closest_name("Nodul", names) == "Nodule");
  CHECK(closest_name("Pneumonai", names) == "Pneumonia");
  CHECK(closest_name("Fracture", names).empty());
  CHECK(closest_name("", names).empty());
}

TEST_CASE("of equally close names the one with the right case wins, then the first") {
  CHECK(closest_name("MAss", std::vector<std::string>{"mass", "Mass"}) == "Mass");
  CHECK(closest_name("cat", std::vector<std::string>{"bat", "rat"}) == "bat");
}

TEST_CASE("a name is never replaced as a whole") {
  CHECK(closest_name("a", std::vector<std::string>{"b"}).empty());
  CHECK(closest_name("ab", std::vector<std::string>{"xy"}).empty());
  CHECK(closest_name("ab", std::vector<std::string>{"ax"}) == "ax");
}
