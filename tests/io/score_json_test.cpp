// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/score_json.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "catch.hpp"
#include "cxrlt/io/score_csv.hpp"
#include "cxrlt/io/score_page.hpp"
#include "io_support.hpp"

using namespace cxrlt;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One class without an upper bound of its loss, decided at no score at all.
ScoreReport infinite_report() {
  NamedValue loss{"log_loss", {kInfinity, Undefined::none}};
  NamedValue lowest{"lowest", {-kInfinity, Undefined::none}};
  NamedValue best{"best_informedness", {0, Undefined::none}};
  best.threshold = kInfinity;
  ClassEvaluation one;
  one.name = "Mass";
  one.threshold = -kInfinity;
  one.values = {loss, lowest, best};
  ScoreReport report;
  report.evaluation.classes = {one};
  report.thresholds = {-kInfinity};
  return report;
}

}  // namespace

TEST_CASE("infinite values keep their sign in JSON") {
  const nlohmann::ordered_json json = score_json(infinite_report());
  const auto& one = json.at("classes").at(0);
  CHECK(one.at("log_loss").dump() == R"({"value":null,"infinite":"+"})");
  CHECK(one.at("lowest").dump() == R"({"value":null,"infinite":"-"})");
  CHECK(one.at("best_informedness").dump() ==
        R"({"value":0.0,"threshold":null,"threshold_infinite":"+"})");
  CHECK(one.at("threshold").is_null());
  CHECK(one.at("threshold_infinite") == "-");
  CHECK(json.at("threshold_infinite") == "-");
}

TEST_CASE("infinite values are written out in CSV and on the page") {
  const std::string csv = score_csv(infinite_report());
  CHECK(contains(csv, "class,Mass,log_loss,inf,,,,\n"));
  CHECK(contains(csv, "class,Mass,lowest,-inf,,,,\n"));
  CHECK(contains(csv, "class,Mass,best_informedness.threshold,inf,,,,\n"));
  ScoreReport report = infinite_report();
  report.requested = {{"class/Mass:log_loss", {kInfinity, Undefined::none}},
                      {"class/Mass:best_informedness", {0, Undefined::none}, kInfinity}};
  const std::string page = to_text(score_page(report));
  CHECK(contains(page, "  inf"));
  CHECK(contains(page, "at inf"));
}

TEST_CASE("counts are integers in JSON as long as they are exact") {
  CHECK(detail::json_count(3).dump() == "3");
  CHECK(detail::json_count(-3).dump() == "-3");
  CHECK(detail::json_count(0.5).dump() == "0.5");
  CHECK(detail::json_count(1e300).is_number_float());
  CHECK(detail::json_count(0x1p53).is_number_float());
  CHECK(detail::json_count(0x1p53 - 1).is_number_integer());
}

TEST_CASE("JSON is written also where text is not UTF-8") {
  CHECK(detail::json_text({{"file", "p\xFF.csv"}}) == "{\n  \"file\": \"p\xEF\xBF\xBD.csv\"\n}\n");
}
