// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/class_tables.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/io/threshold_json.hpp"
#include "io_support.hpp"

namespace {

std::vector<double> thresholds_of(const std::string& json) {
  const TemporaryFolder folder;
  return cxrlt::read_thresholds(folder.write("t.json", json),
                                std::vector<std::string>{"Mass", "Hernia"});
}

cxrlt::Problem threshold_error(const std::string& json) {
  return data_error([&json] { thresholds_of(json); });
}

}  // namespace

TEST_CASE("thresholds come in the order of the classes") {
  CHECK(thresholds_of(R"({"Hernia": 0.25, "Other": 2, "Mass": 1})") ==
        std::vector<double>{1, 0.25});
}

TEST_CASE("thresholds that contradict each other are refused") {
  const cxrlt::Problem problem = threshold_error(R"({"Mass": 1, "Hernia": 0.2, "Mass": 0.3})");
  CHECK(problem.code == "bad_json");
  CHECK(contains(problem.message, "the key 'Mass' stands twice"));
}

TEST_CASE("what is wrong with a file of thresholds is said with its place") {
  const cxrlt::Problem syntax = threshold_error("{\n\"Mass\": 1,\n\"Hernia\" 2}");
  CHECK(syntax.code == "bad_json");
  CHECK(syntax.line == 3);
  CHECK(contains(threshold_error("[0.5, 0.5]").message, "expected a JSON object"));
  CHECK(contains(threshold_error(std::string(40, '[') + std::string(40, ']')).message,
                 "nested too deeply"));
  const cxrlt::Problem missing = threshold_error(R"({"Mass": 1, "hernia": 2})");
  CHECK(missing.code == "missing_class");
  CHECK(missing.class_name == "Hernia");
  CHECK(contains(missing.message, "the closest is 'hernia'"));
  CHECK_FALSE(contains(threshold_error(R"({"Mass": 1})").message, "closest is ''"));
  CHECK(threshold_error(R"({"Mass": 1, "Hernia": "0.5"})").code == "not_a_number");
}

TEST_CASE("priors come in the order of the classes, each of them") {
  const TemporaryFolder folder;
  const std::vector<std::string> classes{"Mass", "Hernia"};
  const auto read = [&](const std::string& text) {
    return cxrlt::read_class_priors(folder.write("q.csv", text), classes);
  };
  CHECK(read("class,prior\nHernia,2e-3\nEdema,0.5\nMass,0.25\n") ==
        std::vector<double>{0.25, 0.002});
  const auto error = [&](const std::string& text) { return data_error([&] { read(text); }); };
  const cxrlt::Problem missing = error("class,prior\nHernia,0.1\nmass,0.2\n");
  CHECK(missing.code == "missing_class");
  CHECK(missing.class_name == "Mass");
  CHECK(contains(missing.message, "the closest is 'mass'"));
  for (const char* wrong : {"0", "1", "-0.1", "x", "", "nan"}) {
    const cxrlt::Problem problem =
        error(std::string("class,prior\nHernia,0.1\nMass,") + wrong + "\n");
    CAPTURE(wrong, problem.message);
    CHECK(problem.code == "not_a_number");
    CHECK(problem.line == 3);
  }
  CHECK(error("class,prior\nMass,0.1\nMass,0.2\nHernia,0.1\n").code == "duplicate_class");
  CHECK(error("class,count\nMass,3\n").code == "bad_header");
}
