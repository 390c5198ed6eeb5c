// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/truth_file.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "io_support.hpp"

using cxrlt::BlankPolicy;
using cxrlt::kMissing;
using cxrlt::Label;
using cxrlt::read_truth;
using cxrlt::select_classes;
using cxrlt::TruthOptions;
using cxrlt::UncertainPolicy;

namespace {

using Strings = std::vector<std::string>;
using Labels = std::vector<Label>;

struct Read {
  Problems problems;
  cxrlt::TruthTable table;
};

Read read(const std::string& text, const TruthOptions& options) {
  Read out;
  out.table = read_truth(table_of_text(text, "t.csv"), options, out.problems.sink()).value();
  return out;
}

Labels labels_of(const std::string& cells, const TruthOptions& options) {
  const Read out = read("id,A\n" + cells, options);
  CHECK(out.problems.list.empty());
  return values_of(out.table.labels);
}

cxrlt::Problem label_problem(const std::string& cell, TruthOptions options = {}) {
  options.classes = {"A", "B"};
  const Read out = read("id,A,B\nr0,0,1\nr1,1," + cell + "\n", options);
  REQUIRE(out.problems.list.size() == 1);
  const auto& problem = out.problems.list[0];
  CHECK(problem.file == "t.csv");
  CHECK(problem.line == 3);
  CHECK(problem.column == 3);
  CHECK(problem.class_name == "B");
  CHECK(problem.id == "r1");
  return problem;
}

}  // namespace

TEST_CASE("labels are numbers equal to 0 or 1, blank or -1") {
  const Labels labels =
      labels_of("a,0\nb,1\nc,1.0\nd,0.0\ne,+1\nf,-0\ng,1e0\nh,\ni,-1\nj,-1.0\nk,01\n", {{"A"}});
  CHECK(labels == Labels{0, 1, 1, 0, 1, 0, 1, kMissing, kMissing, kMissing, 1});
}

TEST_CASE("policies for uncertain and blank labels") {
  const std::string cells = "a,-1\nb,\nc,1\nd,0\n";
  TruthOptions options{{"A"}};
  options.uncertain = UncertainPolicy::positive;
  CHECK(labels_of(cells, options) == Labels{1, kMissing, 1, 0});
  options.uncertain = UncertainPolicy::negative;
  CHECK(labels_of(cells, options) == Labels{0, kMissing, 1, 0});
  options.uncertain = UncertainPolicy::missing;
  options.blank = BlankPolicy::negative;
  CHECK(labels_of(cells, options) == Labels{kMissing, 0, 1, 0});
  CHECK(read("id,A\n" + cells, options).table.n_uncertain == 1);

  options.uncertain = UncertainPolicy::error;
  CHECK(label_problem("-1", options).code == "uncertain_label");
  options.blank = BlankPolicy::error;
  CHECK(label_problem("", options).code == "empty_cell");
}

TEST_CASE("anything else is no label") {
  CHECK(label_problem("2").code == "not_a_label");
  CHECK(label_problem("2").message ==
        "'2' is no label; expected 0, 1, blank (missing) or -1 (uncertain)");
  CHECK(label_problem("0.5").code == "not_a_label");
  CHECK(label_problem("-2").code == "not_a_label");
  CHECK(label_problem("yes").code == "not_a_number");
  CHECK(label_problem("nan").code == "not_a_number");
  CHECK(label_problem("0x1").code == "not_a_number");
  CHECK(label_problem("\"1,0\"").code == "decimal_comma");
}

TEST_CASE("a truth has ids once each and the classes that are asked for") {
  const Read out =
      read("id,A\nx,1\nx,0\n,0\n", {.classes = {"A", "Mass"}, .id_column = "", .id_aliases = {}});
  CHECK(out.problems.first("missing_class").class_name == "Mass");
  CHECK(out.problems.first("missing_class").file == "t.csv");
  CHECK(out.problems.first("duplicate_id").line == 3);
  CHECK(out.problems.first("empty_cell").line == 4);
  CHECK(read("A,B\nx,1\n", {.classes = {"B"}, .id_column = "id"}).problems.list.at(0).code ==
        "missing_id_column");
  CHECK(read("id,B,B\nx,1,1\n", {.classes = {"B"}}).problems.list.at(0).code == "duplicate_column");
}

TEST_CASE("classes are selected by the predictions' names or by their cells") {
  const auto truth = table_of_text(
      "id,A,patient,B,C,D,E,sex,view\n"
      "r0,1,17,0,-1,2,0.0,1,PA\n"
      "r1,0,18,,0,1,1,0,\n");
  const auto selected = [&](const Strings& names, const Strings& others = {}) {
    return select_classes(truth, 0, names, others);
  };
  // A, B, E and sex hold only 0, 1 and blank; C and D do not; patient and view are something else.
  CHECK(selected({}) == Strings{"A", "B", "E", "sex"});
  CHECK(selected({}, {"sex"}) == Strings{"A", "B", "E"});
  // A shared name makes a class of any column, also one whose cells are then errors.
  CHECK(selected({"D", "C", "A"}, {"sex"}) == Strings{"A", "B", "C", "D", "E"});
  CHECK(selected({"view"}, {"sex", "view"}) == Strings{"A", "B", "E"});
  CHECK(selected({"id", "sex"}, {}) == Strings{"A", "B", "E", "sex"});
}

TEST_CASE("unnamed columns are no classes") {
  const auto truth = table_of_text(",id,A,\n0,r0,1,\n1,r1,0,\n");
  CHECK(select_classes(truth, 1, Strings{}, {}) == Strings{"A"});
}
