// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/prediction_file.hpp"

#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "io_support.hpp"

using cxrlt::PredictionOptions;
using cxrlt::read_predictions;
using cxrlt::Severity;

namespace {

using Strings = std::vector<std::string>;

struct Read {
  Problems problems;
  cxrlt::PredictionTable table;
};

Read read(const std::string& text, const PredictionOptions& options = {}) {
  Read out;
  out.table = read_predictions(table_of_text(text, "p.csv"), options, out.problems.sink()).value();
  return out;
}

PredictionOptions with_classes(Strings classes) {
  PredictionOptions options;
  options.classes = std::move(classes);
  return options;
}

/// The one problem of a cell.
cxrlt::Problem cell_problem(const std::string& cell) {
  const Read out = read("id,A,B\nr0,0.5,0.25\nr1,0.5," + cell + "\n");
  REQUIRE(out.problems.list.size() == 1);
  const auto& problem = out.problems.list[0];
  CHECK(problem.severity == Severity::error);
  CHECK(problem.file == "p.csv");
  CHECK(problem.line == 3);
  CHECK(problem.column == 3);
  CHECK(problem.class_name == "B");
  CHECK(problem.id == "r1");
  CHECK(cxrlt::is_nan(out.table.scores[1][1]));
  CHECK(out.table.scores[0][1] == 0.5);
  return problem;
}

}  // namespace

TEST_CASE("ids, classes, scores and their places are read") {
  const Read out = read("id,A,B\nr0,0.5,-1\nr1,1e-3,2\n");
  CHECK(out.problems.list.empty());
  CHECK(out.table.file == "p.csv");
  CHECK(out.table.id_column == "id");
  CHECK(out.table.ids == Strings{"r0", "r1"});
  CHECK(out.table.lines == std::vector<std::size_t>{2, 3});
  CHECK(out.table.classes == Strings{"A", "B"});
  CHECK(out.table.class_columns == std::vector<std::size_t>{1, 2});
  CHECK(values_of(out.table.scores) == std::vector<double>{0.5, 1e-3, -1, 2});
  CHECK(out.table.header == Strings{"id", "A", "B"});
}

TEST_CASE("classes are found by name, in the order that is asked for") {
  const Read out = read("B,id2,A,key\n1,2,3,r0\n",
                        {.classes = {"A", "B"}, .id_column = "key", .other_columns = {"id2"}});
  CHECK(out.problems.list.empty());
  CHECK(out.table.class_columns == std::vector<std::size_t>{2, 0});
  CHECK(values_of(out.table.scores) == std::vector<double>{3, 1});
  CHECK(out.table.ids == Strings{"r0"});
}

TEST_CASE("the id column: by name, by alias, else the first named column") {
  const std::string text = "A,ImageID,dicom_id\n1,2,3\n";
  PredictionOptions options;
  CHECK(read(text, options).table.id_column == "A");
  options.id_aliases = {"none", "dicom_id", "ImageID"};
  CHECK(read(text, options).table.id_column == "dicom_id");
  options.id_column = "ImageID";
  CHECK(read(text, options).table.id_column == "ImageID");
  options.id_column = "image";
  CHECK(read(text, options).table.id_column == "dicom_id");
  options.id_aliases = {"x", "y"};
  options.id_column = "imageid";
  const Read missing = read(text, options);
  const auto problem = missing.problems.first("missing_id_column");
  CHECK(problem.line == 1);
  CHECK(problem.message == "no id column 'imageid' or 'x' or 'y'; the closest is 'ImageID'");
  CHECK(missing.table.id_column.empty());
  CHECK(missing.table.ids == Strings{""});
  // Without a name asked for, aliases that are not there do no harm.
  options.id_column = "";
  CHECK(read(text, options).table.id_column == "A");
}

TEST_CASE("a class is no id column") {
  const Read out = read("A,B\n0.5,0.25\n", with_classes({"A", "B"}));
  const auto problem = out.problems.first("missing_id_column");
  CHECK(problem.column == 1);
  CHECK(contains(problem.message, "'A'"));
  CHECK(out.table.scores[0][0] == 0.5);
}

TEST_CASE("a saved index and unnamed empty columns are left out with a note") {
  const Read out = read(",id,A,,\n0,r0,0.5,,\n1,r1,0.25,,\n");
  CHECK(out.table.id_column == "id");
  CHECK(out.table.classes == Strings{"A"});
  REQUIRE(out.problems.list.size() == 2);
  CHECK(out.problems.list[0].severity == Severity::note);
  CHECK(out.problems.list[0].column == 1);
  CHECK(contains(out.problems.list[0].message, "saved index"));
  CHECK(out.problems.list[1].severity == Severity::note);
  CHECK(out.problems.list[1].code == "extra_column");
  CHECK(out.problems.list[1].column == 4);
  CHECK(out.problems.list[1].count == 2);
}

TEST_CASE("an unnamed column with other values is left out with a warning") {
  for (const std::string text : {",id,A\n1,r0,0.5\n2,r1,0.25\n", ",id,A\nx,r0,0.5\n,r1,0.25\n"}) {
    const Read out = read(text);
    CHECK(out.table.id_column == "id");
    REQUIRE(out.problems.list.size() == 1);
    CHECK(out.problems.list[0].severity == Severity::warning);
    CHECK(out.problems.list[0].code == "extra_column");
    CHECK(out.problems.list[0].column == 1);
  }
}

TEST_CASE("extra columns are a warning each") {
  const Read out = read("id,A,note,B,view\nr0,1,x,2,PA\n", with_classes({"A", "B"}));
  REQUIRE(out.problems.list.size() == 2);
  CHECK(out.problems.list[0].severity == Severity::warning);
  CHECK(out.problems.list[0].code == "extra_column");
  CHECK(out.problems.list[0].column == 3);
  CHECK(contains(out.problems.list[0].message, "'note'"));
  CHECK(out.problems.list[1].column == 5);
}

TEST_CASE("a missing class names the closest column") {
  const Read out =
      read("id,hernia,Mass,Zebra\nr0,1,2,3\n", with_classes({"Hernia", "Mass", "Edema"}));
  CHECK(out.problems.count("missing_class") == 2);
  const auto problem = out.problems.first("missing_class");
  CHECK(problem.line == 1);
  CHECK(problem.class_name == "Hernia");
  CHECK(problem.message == "no column for class 'Hernia'; the closest is 'hernia'");
  CHECK(out.problems.list[1].message == "no column for class 'Edema'");
  CHECK(out.table.class_columns == std::vector<std::size_t>{cxrlt::kNoColumn, 2, cxrlt::kNoColumn});
  CHECK(cxrlt::is_nan(out.table.scores[0][0]));
  CHECK(out.table.scores[1][0] == 2);
}

TEST_CASE("the id column is no class, whatever it is called") {
  const Read out = read("Mass,A\nr0,1\n", {.classes = {"Mass", "A"}, .id_column = "Mass"});
  CHECK(out.problems.first("missing_class").class_name == "Mass");
}

TEST_CASE("duplicate columns are errors, the first one counts") {
  const Read out = read("id,A,B,A,A\nr0,1,2,3,4\n");
  CHECK(out.problems.count("duplicate_column") == 2);
  CHECK(out.problems.count("extra_column") == 0);
  const auto problem = out.problems.first("duplicate_column");
  CHECK(problem.column == 4);
  CHECK(contains(problem.message, "'A': columns 2 and 4"));
  CHECK(out.table.classes == Strings{"A", "B"});
  CHECK(out.table.scores[0][0] == 1);
}

TEST_CASE("cells that are no scores") {
  CHECK(cell_problem("").code == "empty_cell");
  CHECK(cell_problem("  ").code == "empty_cell");
  CHECK(cell_problem("n/a").code == "not_a_number");
  CHECK(contains(cell_problem("n/a").message, "'n/a' is not a number"));
  CHECK(cell_problem("0x1").code == "not_a_number");
  CHECK(cell_problem("nan").code == "not_finite");
  CHECK(cell_problem("-NaN").code == "not_finite");
  CHECK(cell_problem("inf").code == "not_finite");
  CHECK(contains(cell_problem("-inf").message, "logits"));
  CHECK(cell_problem("1e999").code == "not_finite");
  CHECK(contains(cell_problem("1e999").message, "too large"));
  CHECK(cell_problem("\"0,5\"").code == "decimal_comma");
}

TEST_CASE("infinite scores are accepted on demand; NaN and overflow never") {
  const Read out = read("id,A\nr0,inf\nr1,-Infinity\nr2,nan\nr3,1e999\n", {.allow_infinite = true});
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(out.table.scores[0][0] == infinity);
  CHECK(out.table.scores[0][1] == -infinity);
  REQUIRE(out.problems.list.size() == 2);
  CHECK(out.problems.list[0].line == 4);
  CHECK(out.problems.list[1].line == 5);
}

TEST_CASE("duplicate and empty ids") {
  const Read out = read("A,id\n1,x\n2,y\n3,x\n4,\n5,x\n", {.id_column = "id"});
  REQUIRE(out.problems.list.size() == 3);
  const auto& twice = out.problems.list[0];
  CHECK(twice.code == "duplicate_id");
  CHECK(twice.line == 4);
  CHECK(twice.column == 2);
  CHECK(twice.id == "x");
  CHECK(contains(twice.message, "line 2"));
  CHECK(out.problems.list[1].code == "empty_cell");
  CHECK(out.problems.list[1].line == 5);
  CHECK(out.problems.list[2].line == 6);
  CHECK(out.table.ids.size() == 5);
}

TEST_CASE("problems come in the file's order, and long text is cut") {
  const Read out = read("id,A,B\nr0,x,1\nr0,1," + std::string(500, 'y') + "\nr2,,\n");
  REQUIRE(out.problems.list.size() == 5);
  CHECK(out.problems.list[0].code == "not_a_number");
  CHECK(out.problems.list[1].code == "duplicate_id");
  CHECK(out.problems.list[2].message.size() < 100);
  CHECK(out.problems.list[3].column == 2);
  CHECK(out.problems.list[4].column == 3);
}

TEST_CASE("ids in scientific notation are lossy") {
  for (const char* id : {"1.90E+38", "1e+10", "-2.5e-7", "9E+05", "1.90E38"}) {
    CAPTURE(id);
    CHECK(cxrlt::is_lossy_id(id));
  }
  for (const char* id :
       {"12e4", "3e10", "abc", "", "e+3", "1.5", "s50414267", "1e+", "1e+x", "12e+4", "1.2.3e+4"}) {
    CAPTURE(id);
    CHECK_FALSE(cxrlt::is_lossy_id(id));
  }
  const Read out = read("id,A\n1.90E+38,1\n1.90E+38,2\n");
  CHECK(contains(out.problems.first("duplicate_id").message, "spreadsheet"));
}

TEST_CASE("text in messages is made fit to print") {
  CHECK(cxrlt::in_quotes("a\nb\x1B[31m\x7F") == "'a?b?[31m?'");
  CHECK(cxrlt::in_quotes("abcdef", 3) == "'abc...'");
  CHECK(cxrlt::in_quotes("ab\xC3\xA9", 3) == "'ab...'");
  CHECK(cxrlt::in_quotes("ab\xC3\xA9", 4) == "'ab\xC3\xA9'");
}
