// SPDX-License-Identifier: Apache-2.0
/// Thresholds as JSON, of both forms.
#include "cxrlt/io/threshold_json.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/io/threshold_page.hpp"
#include "io/io_support.hpp"

using namespace cxrlt;

namespace {

std::string message_of(const std::string& text) {
  return error_text([&] { parse_thresholds(text, "t.json"); });
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

TEST_CASE("sets of all classes and guaranteed ones carry what they are", "[threshold_json]") {
  ThresholdSet set;
  set.class_names = {"A", "B"};
  set.classes.resize(2);
  set.classes[0].threshold = 0.25;
  set.scope = ThresholdScope::shared;
  set.options.objective = parse_objective("cardinality");
  set.joint = JointValue{{1.5}, {1.25}, 1.375};
  ThresholdReport report;
  report.set = set;
  const nlohmann::json shared = nlohmann::json::parse(threshold_json(set));
  CHECK(shared.at("scope") == "shared");
  CHECK(shared.at("joint").at("apparent").at("value") == 1.5);
  CHECK(shared.at("joint").at("cross_validated").at("value") == 1.25);
  CHECK(shared.at("joint").at("wanted") == 1.375);
  CHECK_FALSE(shared.contains("guarantee"));
  CHECK_THAT(threshold_csv(report), Catch::Contains("\n,,,,,,1.5,1.25,shared,,,\n"));

  set.joint.reset();
  set.scope = ThresholdScope::each_class;
  set.options.objective = parse_objective("precision>=0.9");
  set.guarantee = PrecisionGuarantee{0.9, 0.1};
  set.certificates.resize(2);
  set.certificates[0] = {0.25, true, 30, 30, 0.0625, 22};
  set.certificates[1].p_value = 0.5;
  set.certificates[1].n_needed = 22;
  set.classes[1].attainable = false;
  set.classes[1].n_positive = 3;
  report.set = set;
  const nlohmann::json certified = nlohmann::json::parse(threshold_json(set));
  CHECK(certified.at("scope") == "class");
  CHECK_FALSE(certified.contains("joint"));
  CHECK(certified.at("guarantee") ==
        nlohmann::json({{"precision", 0.9}, {"delta", 0.1}, {"needed_predictions", 22}}));
  CHECK(certified.at("classes")[0].at("certificate") ==
        nlohmann::json({{"certified", true}, {"p_value", 0.0625}, {"n_correct", 30}}));
  CHECK(certified.at("classes")[1].at("certificate").at("certified") == false);
  CHECK(parse_thresholds(threshold_json(set), "t.json").thresholds[0] == 0.25);
  CHECK(detail::unattained_line(set, 1) ==
        "needs at least 22 right predictions, has 3 positives; nothing is predicted");
  set.classes[1].n_positive = 40;
  CHECK(detail::unattained_line(set, 1) ==
        "precision>=0.9 is not certified (p = 0.5 at the first test); nothing is predicted");
  CHECK_THAT(threshold_csv(report),
             Catch::Contains(",class,0.1,22,true\n") && Catch::Contains(",class,0.1,22,false\n"));
}

TEST_CASE("files of earlier versions, without scope or guarantee, are read", "[threshold_json]") {
  const NamedThresholds read = parse_thresholds(
      "{\"schema\": \"cxrlt-thresholds/1\", \"objective\": \"f1\", \"classes\": [{\"name\": "
      "\"A\", \"threshold\": 0.5}, {\"name\": \"B\", \"threshold\": null, "
      "\"threshold_infinite\": \"+\"}]}",
      "t.json");
  CHECK(read.thresholds == std::vector<double>{0.5, std::numeric_limits<double>::infinity()});
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
