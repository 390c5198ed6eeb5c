// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/columns.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "io_support.hpp"

using cxrlt::kNoColumn;

TEST_CASE("a saved index is an unnamed first column of 0 to n - 1") {
  CHECK(is_saved_index(table_of_text(",id\n0,x\n1,y\n"), 0));
  CHECK(is_saved_index(table_of_text(",id\n0.0,x\n1.0,y\n"), 0));
  CHECK_FALSE(is_saved_index(table_of_text(",id\n1,x\n2,y\n"), 0));
  CHECK_FALSE(is_saved_index(table_of_text(",id\n0,x\n,y\n"), 0));
  CHECK_FALSE(is_saved_index(table_of_text("n,id\n0,x\n1,y\n"), 0));
  CHECK_FALSE(is_saved_index(table_of_text("id,\nx,0\ny,1\n"), 1));
}

TEST_CASE("a blank column has no value at all") {
  const auto table = table_of_text("id,a,b\nx,,\ny,1, \n");
  CHECK_FALSE(is_blank_column(table, 1));
  CHECK(is_blank_column(table, 2));
}

TEST_CASE("a column is found by its whole name, the first of that name") {
  const std::vector<std::string> header{"id", "Mass", "mass", "Mass"};
  CHECK(cxrlt::find_column(header, "Mass") == 1);
  CHECK(cxrlt::find_column(header, "mass") == 2);
  CHECK(cxrlt::find_column(header, "Mas") == kNoColumn);
}
