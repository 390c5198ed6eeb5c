// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/class_list.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "io_support.hpp"

using cxrlt::read_class_list;

namespace {
using Strings = std::vector<std::string>;
}

TEST_CASE("classes in an argument are separated by commas and trimmed") {
  Problems problems;
  CHECK(read_class_list("Mass", problems.sink()) == Strings{"Mass"});
  CHECK(read_class_list(" Mass, Calcification of the Aorta ,\tHernia", problems.sink()) ==
        Strings{"Mass", "Calcification of the Aorta", "Hernia"});
  CHECK_THROWS_AS(read_class_list("", problems.sink()), cxrlt::InvalidArgument);
  CHECK_THROWS_AS(read_class_list("a,,b", problems.sink()), cxrlt::InvalidArgument);
  CHECK_THROWS_AS(read_class_list("a,b,", problems.sink()), cxrlt::InvalidArgument);
  CHECK_THROWS_AS(read_class_list("a,b, a", problems.sink()), cxrlt::InvalidArgument);
  CHECK(problems.list.empty());
}

TEST_CASE("classes in a file stand one or several a line") {
  const TemporaryFolder folder;
  Problems problems;
  const auto read = [&](const std::string& text) {
    const auto path = folder.write("classes.txt", text);
    return read_class_list("@" + path.string(), problems.sink());
  };
  CHECK(read("Hernia\t\nMass\t\nNodule") == Strings{"Hernia", "Mass", "Nodule"});
  CHECK(read("\xEF\xBB\xBFHernia,Mass\r\n\r\n\"a, b\"\r\n") == Strings{"Hernia", "Mass", "a, b"});
  CHECK(problems.list.empty());

  read("Hernia\nMass\nHernia\n");
  CHECK(problems.first("duplicate_column").line == 3);
  CHECK(problems.first("duplicate_column").class_name == "Hernia");
  CHECK(problems.first("duplicate_column").file == "classes.txt");
  CHECK_FALSE(read("\n,\n\"\"\n").has_value());
  CHECK(problems.count("empty_file") == 1);
  CHECK_FALSE(read("a\n\"b\n").has_value());
  CHECK(problems.first("bad_header").line == 2);
  CHECK_FALSE(
      read_class_list("@" + (folder.path() / "none").string(), problems.sink()).has_value());
  CHECK(problems.count("not_readable") == 1);
}
