// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/columns.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/io/prediction_file.hpp"
#include "io_support.hpp"

using cxrlt::kNoColumn;

TEST_CASE("an index that pandas saved twice is no id column and no class") {
  const cxrlt::CsvTable table = table_of_text("Unnamed: 0,image,A\n0,x,0.5\n1,y,0.25\n");
  CHECK(is_saved_index(table, 0));
  CHECK(cxrlt::find_id_column(table, {}, {}, [](const cxrlt::Problem&) {}) == 1);
  CHECK(cxrlt::detail::all_classes(table, 1, {}) == std::vector<std::string>{"A"});
  const cxrlt::CsvTable only = table_of_text("Unnamed: 0\n0\n1\n");
  CHECK(cxrlt::find_id_column(only, {}, {}, [](const cxrlt::Problem&) {}) == 0);
  CHECK_FALSE(is_saved_index(table_of_text("Unnamed: 0,A\n5,0.5\n"), 0));
}

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
  const auto is_empty = [](std::string_view cell) { return cell.empty(); };
  CHECK(columns_where(table, {0, 1, 2}, is_empty) == std::vector<std::size_t>{2});
  CHECK(columns_where(table, {1}, is_empty).empty());
}

TEST_CASE("a column is found by its whole name, the first of that name") {
  const std::vector<std::string> header{"id", "Mass", "mass", "Mass"};
  CHECK(cxrlt::find_column(header, "Mass") == 1);
  CHECK(cxrlt::find_column(header, "mass") == 2);
  CHECK(cxrlt::find_column(header, "Mas") == kNoColumn);
}
