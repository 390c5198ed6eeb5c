// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/core/error.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/problem.hpp"

using namespace cxrlt;

TEST_CASE("a problem is described by its place and its message") {
  Problem problem;
  problem.message = "found 'x', expected a number";
  CHECK(describe(problem) == "found 'x', expected a number");
  problem.file = "a.csv";
  CHECK(describe(problem) == "a.csv: found 'x', expected a number");
  problem.line = 3;
  problem.column = 4;
  problem.class_name = "Mass";
  problem.id = "i7";
  CHECK(describe(problem) ==
        "a.csv, line 3, column 4, class 'Mass', id 'i7': found 'x', expected a number");
  problem.file.clear();
  problem.line = 0;
  CHECK(describe(problem) == "column 4, class 'Mass', id 'i7': found 'x', expected a number");
}

TEST_CASE("a problem's description holds no control characters") {
  Problem problem;
  problem.file = "a\n.csv";
  problem.class_name = "Ma\x1B[31mss";
  problem.id = "i\t7";
  problem.message = "found \r";
  CHECK(describe(problem) == "a?.csv, class 'Ma?[31mss', id 'i?7': found ?");
}

TEST_CASE("severities have stable names") {
  CHECK(to_string(Severity::error) == "error");
  CHECK(to_string(Severity::warning) == "warning");
  CHECK(to_string(Severity::note) == "note");
}

TEST_CASE("a DataError carries its problem and says it in words") {
  Problem problem;
  problem.code = "ragged_row";
  problem.line = 2;
  problem.message = "2 cells, expected 3";
  const DataError error(problem);
  CHECK(error.problem().code == "ragged_row");
  CHECK(std::string(error.what()) == "line 2: 2 cells, expected 3");
}

TEST_CASE("everything thrown can be caught as Error") {
  CHECK_THROWS_AS(throw InvalidArgument("x"), Error);
  CHECK_THROWS_AS(throw DataError(Problem{}), Error);
}

TEST_CASE("throw_errors throws errors and passes on the rest") {
  std::vector<std::string> passed;
  const ProblemSink sink = throw_errors([&](Problem p) { passed.push_back(p.code); });
  Problem problem;
  problem.severity = Severity::note;
  problem.code = "a";
  sink(problem);
  problem.severity = Severity::warning;
  problem.code = "b";
  sink(problem);
  CHECK(passed == std::vector<std::string>{"a", "b"});
  problem.severity = Severity::error;
  problem.code = "c";
  CHECK_THROWS_AS(sink(problem), DataError);
  CHECK(passed.size() == 2);
}
