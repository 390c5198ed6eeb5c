// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/table.hpp"

#include <limits>
#include <string>

#include "catch.hpp"

using namespace cxrlt;

namespace {

/// A page with names as a hostile file might bear them.
Page hostile_page() {
  PageSection section;
  section.title = "By se\x1B[2Jx|y";
  section.table.columns = {{"na\nme|x", Align::left}, {"value"}};
  section.table.rows = {{"a\x1B[31m\\|b", "1"}};
  section.lines = {"first\nsecond *bold*"};
  return {"p\r.csv_", {section}};
}

}  // namespace

TEST_CASE("numbers of tables: digits, infinite, or none") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(fixed(0.12345) == "0.123");
  CHECK(fixed(infinity) == "inf");
  CHECK(fixed(-infinity, 6) == "-inf");
  CHECK(fixed(std::numeric_limits<double>::quiet_NaN()) == "-");
  CHECK(fixed(MetricValue{infinity, Undefined::no_samples}) == "-");
}

TEST_CASE("text for a terminal holds no control characters from names") {
  CHECK(to_text(hostile_page()) ==
        "p?.csv_\n\n"
        "By se?[2Jx|y\n"
        "na?me|x    value\n"
        "---------  -----\n"
        "a?[31m\\|b      1\n"
        "first?second *bold*\n");
}

TEST_CASE("Markdown holds neither control characters nor marks from names") {
  CHECK(to_markdown(hostile_page()) ==
        "# p?.csv\\_\n\n"
        "## By se?[2Jx\\|y\n\n"
        "| na?me\\|x | value |\n"
        "| --- | ---: |\n"
        "| a?[31m\\\\\\|b | 1 |\n\n"
        "- first?second \\*bold\\*\n");
}
