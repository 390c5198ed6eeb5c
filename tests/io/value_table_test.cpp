// SPDX-License-Identifier: Apache-2.0
/// Tables of metric values: how they are read, and a published leaderboard ranked as it was
/// printed.
#include "cxrlt/io/value_table.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/uncertainty/ranks.hpp"
#include "io/io_support.hpp"
#include "paths.hpp"

using namespace cxrlt;

namespace {

struct Table {
  TemporaryFolder folder;
  std::vector<Problem> notes;

  ValueTable read(const std::string& text, const std::vector<std::string>& wanted = {}) {
    std::vector<MetricName> metrics;
    for (const std::string& name : wanted) metrics.push_back(parse_metric_name(name));
    return read_value_table(folder.write("board.csv", text), metrics, notes);
  }

  Problem problem(const std::string& text, const std::vector<std::string>& wanted = {}) {
    try {
      read(text, wanted);
    } catch (const DataError& error) {
      return error.problem();
    }
    FAIL("no problem");
    return {};
  }
};

}  // namespace

TEST_CASE("a table of values: names, and a column a metric, capitals aside") {
  Table table;
  const std::string text =
      "team,mAP,entries,micro:f1,ECE\n"
      "first,0.5,3,1e-1,\n"
      "second,nan,2,inf,0.25\n";
  const ValueTable all = table.read(text);
  CHECK(all.names == std::vector<std::string>{"first", "second"});
  REQUIRE(all.metrics.size() == 3);
  CHECK(all.metrics[0].text == "mAP");
  CHECK(all.metrics[1].scope == Scope::micro);
  CHECK(all.metrics[2].key.name == "ece");
  CHECK(all.values[0][0].value == 0.5);
  CHECK(all.values[0][1].value == 0.1);
  CHECK(all.values[0][2].why == Undefined::not_estimable);
  CHECK(all.values[1][0].why == Undefined::not_estimable);
  CHECK(all.values[1][1].value > 1e300);
  CHECK(all.input.role == "values");
  CHECK(all.input.file == "board.csv");
  CHECK(all.input.rows == 2);
  REQUIRE(table.notes.size() == 1);
  CHECK(table.notes[0].code == "extra_column");
  CHECK(table.notes[0].message == "left out, being no metric: 'entries'");

  const ValueTable some = table.read(text, {"ece", "average_precision"});
  CHECK(some.metrics[0].text == "ECE");
  CHECK(some.values[1][0].value == 0.25);
  CHECK(some.values[0][1].value == 0.5);
}

TEST_CASE("a table of values: what is wrong with it, and where") {
  Table table;
  Problem problem = table.problem("team,map\na,0.5\nb,0.x\n");
  CHECK(problem.code == "not_a_number");
  CHECK(problem.line == 3);
  CHECK(problem.column == 2);
  CHECK(problem.id == "b");
  CHECK(table.problem("team,map\na,0.5\na,0.4\n").code == "duplicate_id");
  CHECK(table.problem("team,map\n,0.5\n").code == "empty_cell");
  CHECK(table.problem("team,map,ap\na,0.5,0.5\n").code == "duplicate_column");
  CHECK(table.problem("team,map,map\na,0.5,0.5\n").code == "duplicate_column");
  problem = table.problem("team,points\na,0.5\n");
  CHECK(problem.code == "missing_column");
  CHECK(problem.line == 1);
  problem = table.problem("team,mauc,f1\na,0.5,0.5\n", {"f1", "map"});
  CHECK(problem.code == "missing_column");
  CHECK(problem.message.starts_with("no column for the metric 'map'"));
  CHECK(table.problem("").code == "empty_file");
}

TEST_CASE("the CXR-LT 2024 Task 2 board has the ranks that it was printed with, ties aside") {
  std::vector<Problem> notes;
  const ValueTable board = read_value_table(
      tests_folder() + "/io/data/cxrlt2024_task2_board.csv", {}, notes);
  REQUIRE(board.names.size() == 13);
  REQUIRE(board.metrics.size() == 4);
  CHECK(notes.empty());
  const auto ranks = [&](std::size_t k) {
    std::vector<double> values;
    for (const auto& row : board.values) values.push_back(row[k].value);
    return rank_values(values, {board.metrics[k].key.metric->direction});
  };
  using Ranks = std::vector<double>;
  CHECK(board.metrics[0].text == "mAP");
  CHECK(board.metrics[0].key.name == "average_precision");
  // Printed as 6 and 7, the values being equal to the digits shown.
  CHECK(ranks(0) == Ranks{1, 2, 3, 4, 5, 6, 6, 8, 9, 10, 11, 12, 13});
  CHECK(ranks(1) == Ranks{3, 2, 1, 5, 7, 6, 4, 9, 8, 10, 12, 11, 13});
  CHECK(ranks(2) == Ranks{1, 4, 9, 3, 8, 5, 2, 6, 7, 11, 13, 10, 12});
  CHECK(board.metrics[3].key.metric->direction == Direction::lower);
  CHECK(ranks(3) == Ranks{6, 3, 10, 5, 13, 7, 4, 8, 2, 12, 9, 1, 11});
}
