// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/core/text.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using namespace cxrlt;

TEST_CASE("lower case is ASCII's, and other bytes stay") {
  CHECK(ascii_lower("AZaz09@[") == "azaz09@[");
  CHECK(ascii_lower("\xC3\x84") == "\xC3\x84");
  CHECK(ascii_lower('Q') == 'q');
}

TEST_CASE("printable text has no control characters") {
  CHECK(printable("Mass, \xC3\xA4 100 %") == "Mass, \xC3\xA4 100 %");
  CHECK(printable("a\nb\tc\x1B[2Jd\x7F") == "a?b?c?[2Jd?");
  CHECK(printable(std::string(1, '\0')) == "?");
  // U+009B introduces the same sequences as escape and a bracket; U+00A0 is a blank.
  CHECK(printable("\xC2\x9B"
                  "31m\xC2\x80.\xC2\xA0.") == "?31m?.\xC2\xA0.");
  CHECK(printable("\xC2") == "\xC2");
}

TEST_CASE("names are joined with a separator between them") {
  CHECK(joined(std::vector<std::string>{}).empty());
  CHECK(joined(std::vector<std::string>{"a"}) == "a");
  CHECK(joined(std::vector<std::string>{"a", "", "b"}) == "a, , b");
  CHECK(joined(std::vector<std::string>{"a", "b"}, " ") == "a b");
}
