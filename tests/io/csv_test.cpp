// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/csv.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "io_support.hpp"

using cxrlt::parse_csv;

namespace {

using Strings = std::vector<std::string>;

/// The problems of a text, and its table where there is one.
struct Parsed {
  Problems problems;
  std::optional<cxrlt::CsvTable> table;
};

Parsed parse(const std::string& text) {
  Parsed parsed;
  parsed.table = parse_csv(text_file(text), parsed.problems.sink());
  return parsed;
}

}  // namespace

TEST_CASE("a plain table") {
  const auto table = table_of_text("id,A,B\nx,1,2\ny,3,4\n");
  CHECK(table.file() == "file.csv");
  CHECK(table.header() == Strings{"id", "A", "B"});
  REQUIRE(table.n_rows() == 2);
  CHECK(table.n_columns() == 3);
  CHECK(table.cell(0, 0) == "x");
  CHECK(table.cell(1, 2) == "4");
  CHECK(table.line(0) == 2);
  CHECK(table.line(1) == 3);
}

TEST_CASE("a table outlives what it was made from, also when it is short") {
  const auto copy = [] {
    const auto table = table_of_text("i\na\n");
    return table;
  }();
  CHECK(copy.cell(0, 0) == "a");
}

TEST_CASE("line ends: LF, CRLF, mixed, and none after the last line") {
  for (const std::string text : {"id,A\nx,1\ny,2\n", "id,A\r\nx,1\r\ny,2\r\n", "id,A\nx,1\r\ny,2",
                                 "id,A\r\nx,1\r\ny,2\r", "id,A\nx,1\ny,2"}) {
    CAPTURE(text);
    const auto table = table_of_text(text);
    CHECK(table.header() == Strings{"id", "A"});
    REQUIRE(table.n_rows() == 2);
    CHECK(table.cell(0, 1) == "1");
    CHECK(table.cell(1, 1) == "2");
    CHECK(table.line(1) == 3);
  }
}

TEST_CASE("cells and header are trimmed, of tabs too, inside and outside of quotes") {
  const auto table = table_of_text(" id\t,Hernia\t, \"Mass \" \n x , 0.5\t,\t\" 1 \"\r\n");
  CHECK(table.header() == Strings{"id", "Hernia", "Mass"});
  CHECK(table.cell(0, 0) == "x");
  CHECK(table.cell(0, 1) == "0.5");
  CHECK(table.cell(0, 2) == "1");
}

TEST_CASE("quoted cells: commas, doubled quotes, line ends; lines are counted on") {
  const auto table = table_of_text(
      "\"id\",\"a \"\"b\"\", c\",\"two\nlines\"\n\"x,1\",\"\"\"\",\"p\r\nq\"\ny,\"\",z\"q\n");
  CHECK(table.header() == Strings{"id", "a \"b\", c", "two\nlines"});
  REQUIRE(table.n_rows() == 2);
  CHECK(table.cell(0, 0) == "x,1");
  CHECK(table.cell(0, 1) == "\"");
  CHECK(table.cell(0, 2) == "p\r\nq");
  CHECK(table.line(0) == 3);
  CHECK(table.line(1) == 5);
  CHECK(table.cell(1, 1) == "");
  CHECK(table.cell(1, 2) == "z\"q");
}

TEST_CASE("blank lines at the end are left out") {
  const auto table = table_of_text("id,A\nx,1\n\n \r\n\t\n\n");
  CHECK(table.n_rows() == 1);
  CHECK(table_of_text("id\nx\n\n\n").n_rows() == 1);
}

TEST_CASE("a blank line between rows is an error with its line, and an empty cell of one column") {
  const Parsed parsed = parse("id,A\nx,1\n\n\ny,2\n");
  CHECK(parsed.problems.count("ragged_row") == 2);
  CHECK(parsed.problems.list[0].line == 3);
  CHECK(parsed.problems.list[1].line == 4);
  CHECK(contains(parsed.problems.list[0].message, "blank line"));
  CHECK(parsed.table->n_rows() == 2);

  const auto single = table_of_text("id\nx\n\ny\n");
  REQUIRE(single.n_rows() == 3);
  CHECK(single.cell(1, 0).empty());
  CHECK(single.line(1) == 3);
  CHECK(single.line(2) == 4);
}

TEST_CASE("ragged rows are reported with line and numbers of cells, and left out") {
  const Parsed parsed = parse("id,A,B\nx,1,2\ny,3\nz,4,5,6\nw,7,8\n");
  REQUIRE(parsed.problems.list.size() == 2);
  const auto& few = parsed.problems.list[0];
  CHECK(few.code == "ragged_row");
  CHECK(few.severity == cxrlt::Severity::error);
  CHECK(few.file == "file.csv");
  CHECK(few.line == 3);
  CHECK(few.message == "2 cells; the header has 3");
  CHECK(parsed.problems.list[1].line == 4);
  CHECK(parsed.problems.list[1].message == "4 cells; the header has 3");
  REQUIRE(parsed.table->n_rows() == 2);
  CHECK(parsed.table->cell(1, 0) == "w");
  CHECK(parsed.table->line(1) == 5);
}

TEST_CASE("an unclosed quote is reported where it opens") {
  const Parsed in_row = parse("id,A\nx,1\ny,\"2\nz,3\n");
  REQUIRE(in_row.problems.list.size() == 1);
  CHECK(in_row.problems.list[0].code == "ragged_row");
  CHECK(in_row.problems.list[0].line == 3);
  CHECK(in_row.problems.list[0].column == 2);
  CHECK(contains(in_row.problems.list[0].message, "unclosed quote"));
  CHECK(in_row.table->n_rows() == 1);

  const Parsed in_header = parse("id,\"A\nx,1\n");
  REQUIRE(in_header.problems.list.size() == 1);
  CHECK(in_header.problems.list[0].code == "bad_header");
  CHECK(in_header.problems.list[0].line == 1);
  CHECK(in_header.problems.list[0].column == 2);
  CHECK(contains(in_header.problems.list[0].message, "unclosed quote"));
  CHECK_FALSE(in_header.table.has_value());
}

TEST_CASE("text after a closing quote is an error") {
  const Parsed in_row = parse("id,A\n\"x\"y,1\nz,2\n");
  REQUIRE(in_row.problems.list.size() == 1);
  CHECK(in_row.problems.list[0].code == "ragged_row");
  CHECK(in_row.problems.list[0].line == 2);
  CHECK(in_row.problems.list[0].column == 1);
  CHECK(contains(in_row.problems.list[0].message, "after a closing quote"));
  CHECK(in_row.table->n_rows() == 1);
  CHECK(parse("\"id\"x,A\nx,1\n").problems.list.at(0).code == "bad_header");
}

TEST_CASE("other separators are named") {
  const Parsed semicolons = parse("id;A;B\nx;0,5;0,25\n");
  REQUIRE(semicolons.problems.list.size() == 1);
  CHECK(semicolons.problems.list[0].code == "decimal_comma");
  CHECK(semicolons.problems.list[0].line == 1);
  CHECK(contains(semicolons.problems.list[0].message, "separated by ';'"));
  CHECK_FALSE(semicolons.table.has_value());
  const Parsed tabs = parse("id\tA\tB\nx\t1\t2\n");
  CHECK(tabs.problems.list.at(0).code == "decimal_comma");
  CHECK(contains(tabs.problems.list.at(0).message, "separated by tabs"));
  CHECK(parse("id|A\nx|1\n").problems.list.at(0).code == "decimal_comma");
}

TEST_CASE("numbers split by decimal commas are recognised") {
  const Parsed parsed = parse("id,A,B\nx,0,5,0,25\n");
  REQUIRE(parsed.problems.list.size() == 1);
  CHECK(parsed.problems.list[0].code == "decimal_comma");
  CHECK(parsed.problems.list[0].line == 2);
  CHECK(contains(parsed.problems.list[0].message, "5 cells where 3 are expected"));
  CHECK(parse("id,A,B\nx,0.5,5,0,25\n").problems.list.at(0).code == "ragged_row");
  CHECK(parse("id,A,B\nx,a,5,0,25\n").problems.list.at(0).code == "ragged_row");
}

TEST_CASE("no usable header") {
  const Parsed blank = parse("\nid,A\nx,1\n");
  CHECK(blank.problems.list.at(0).code == "bad_header");
  CHECK(blank.problems.list.at(0).line == 1);
  CHECK_FALSE(blank.table.has_value());
  CHECK(parse(",,\nx,1,2\n").problems.list.at(0).code == "bad_header");
  const Parsed numbers = parse("r0,0.25,1e-3\nr1,0.5,0.5\n");
  CHECK(numbers.problems.list.at(0).code == "bad_header");
  CHECK(contains(numbers.problems.list.at(0).message, "holds numbers"));
  const Parsed mac = parse("id,A\rx,1\ry,2");
  REQUIRE_FALSE(mac.problems.list.empty());
  CHECK(mac.problems.list[0].code == "bad_header");
  CHECK(contains(mac.problems.list[0].message, "carriage return"));
  // Classes may be named by whole numbers.
  CHECK(table_of_text("id,0,1\nx,0.5,0.25\n").n_rows() == 1);
}

TEST_CASE("a header without rows is an empty file") {
  for (const std::string text : {"id,A", "id,A\n", "id,A\r\n\r\n"}) {
    CAPTURE(text);
    const Parsed parsed = parse(text);
    REQUIRE(parsed.problems.list.size() == 1);
    CHECK(parsed.problems.list[0].code == "empty_file");
    CHECK(contains(parsed.problems.list[0].message, "no data row"));
    CHECK(parsed.table->n_rows() == 0);
  }
  // Faulty rows are not "no rows".
  CHECK(parse("id,A\nx\n").problems.count("empty_file") == 0);
}

TEST_CASE("unnamed columns have empty names") {
  const auto table = table_of_text(",id,A,,\n0,x,1,,\n");
  CHECK(table.header() == Strings{"", "id", "A", "", ""});
  CHECK(table.cell(0, 4).empty());
}

TEST_CASE("a header of too many columns is refused") {
  const Parsed parsed = parse("id" + std::string(cxrlt::kMostColumns, ',') + "\nx\n");
  REQUIRE(parsed.problems.list.size() == 1);
  CHECK(parsed.problems.list[0].code == "bad_header");
  CHECK(contains(parsed.problems.list[0].message, "1000001 columns"));
  CHECK_FALSE(parsed.table.has_value());
}
