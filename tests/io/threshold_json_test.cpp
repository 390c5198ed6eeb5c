// SPDX-License-Identifier: Apache-2.0
/// Thresholds as JSON, of both forms.
#include "cxrlt/io/threshold_json.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "io/io_support.hpp"

using namespace cxrlt;

namespace {

std::string message_of(const std::string& text) {
  try {
    parse_thresholds(text, "t.json");
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a set reads back to the same thresholds", "[threshold_json]") {
  ThresholdSet set;
  set.class_names = {"Mass", "Hernia"};
  set.classes.resize(2);
  set.classes[0].threshold = 1.0 / 3;
  set.classes[0].smallest_accepted = 1.0 / 3;
  set.classes[0].apparent = {0.5};
  set.classes[1].apparent = MetricValue::undefined(Undefined::no_positives);
  const std::string text = threshold_json(set);
  const NamedThresholds read = parse_thresholds(text, "t.json");
  CHECK(read.class_names == set.class_names);
  CHECK(read.thresholds == std::vector<double>{1.0 / 3, std::numeric_limits<double>::infinity()});
  CHECK_THAT(text, Catch::Contains("\"undefined\": \"no_positives\"") &&
                       Catch::Contains("\"objective\": \"f1\"") &&
                       Catch::Contains("\"method\": \"auto\""));
}

TEST_CASE("plain thresholds, for the classes that are wanted", "[threshold_json]") {
  const TemporaryFolder folder;
  const auto path = folder.write("t.json", "{\"A\": 0.5, \"B\": 1}");
  CHECK(read_thresholds(path).class_names == std::vector<std::string>{"A", "B"});
  CHECK(read_thresholds(path, std::vector<std::string>{"B"}) == std::vector<double>{1});
  CHECK_THROWS_WITH(read_thresholds(path, std::vector<std::string>{"b"}),
                    Catch::Contains("t.json, class 'b': there is no threshold"));
}

TEST_CASE("files that hold no thresholds", "[threshold_json]") {
  CHECK_THAT(message_of("[]"), Catch::Contains("{\"Hernia\": 0.031}"));
  CHECK_THAT(message_of("{\"A\": \"x\"}"), Catch::Contains("class 'A'"));
  CHECK_THAT(message_of("{\"schema\": \"cxrlt-calibration/1\"}"),
             Catch::Contains("as written by 'cxrlt thresholds'"));
  const std::string begin = "{\"schema\": \"cxrlt-thresholds/1\", \"classes\": [";
  CHECK_THAT(message_of(begin + "{\"name\": \"A\"}]}"), Catch::Contains("'classes[0].threshold'"));
  CHECK_THAT(message_of(begin + "{\"name\": \"A\", \"threshold\": null}]}"),
             Catch::Contains("threshold_infinite"));
  CHECK_THAT(
      message_of(begin +
                 "{\"name\": \"A\", \"threshold\": 1}, {\"name\": \"A\", \"threshold\": 1}]}"),
      Catch::Contains("stands twice"));
}
