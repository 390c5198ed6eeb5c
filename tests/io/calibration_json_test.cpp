// SPDX-License-Identifier: Apache-2.0
/// Calibrations as JSON: the same map after reading, and clear refusals.
#include "cxrlt/io/calibration_json.hpp"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "cxrlt/calibration/calibration_model.hpp"
#include "cxrlt/core/random.hpp"
#include "io/io_support.hpp"

using namespace cxrlt;

namespace {

CalibrationModel fitted(CalibrationMethod method) {
  constexpr std::size_t n = 200;
  ClassMatrix<double> scores(n, 2);
  ClassMatrix<Label> labels(n, 2);
  Random random(5);
  for (std::size_t i = 0; i < n; ++i) {
    scores[0][i] = random.uniform();
    scores[1][i] = random.uniform();
    labels[0][i] = random.uniform() < scores[0][i] * scores[0][i] ? Label{1} : Label{0};
  }
  return fit_calibration(scores.view(), labels.view(), {"Mass \"b\"", "Hernia"}, {method});
}

std::string message_of(const std::string& text) {
  return error_text([&] { parse_calibration(text, "m.json"); });
}

const std::string kPlatt =
    R"({"schema": "cxrlt-calibration/1", "method": "platt", "scores": "logits", "classes": [
        {"name": "A", "n_positive": 3, "n_negative": 9, "slope": 0.5, "intercept": -1}]})";
const std::string kIsotonic =
    R"({"schema": "cxrlt-calibration/1", "method": "isotonic", "scores": "probabilities", "classes":
        [{"name": "A", "n_positive": 3, "n_negative": 9, "score": [0.1, 0.2, 0.4],
          "probability": [0, 0.5, 1]}]})";

const std::string kVennAbers =
    R"({"schema": "cxrlt-calibration/1", "method": "venn-abers", "scores": "probabilities",
        "classes": [{"name": "A", "n_positive": 3, "n_negative": 9, "lower_score": [0.1, 0.5],
          "lower": [0.25, 0.75], "upper_score": [0.3], "upper": [0.6]}]})";

}  // namespace

TEST_CASE("every method reads back to the same map", "[calibration_json]") {
  for (const auto& [method, name] : calibration_methods) {
    CAPTURE(std::string(name));
    const CalibrationModel model = fitted(method);
    const std::string text = calibration_json(model);
    const CalibrationModel again = parse_calibration(text, "m.json");
    CHECK(again.method == method);
    CHECK(again.class_names == model.class_names);
    CHECK(again.classes[0].labels == model.classes[0].labels);
    CHECK(again.classes[1].labels == model.classes[1].labels);
    CHECK(calibration_json(again) == text);
    for (double p = 0; p <= 1; p += 1.0 / 128) {
      const auto value = [&](const CalibrationModel& from) {
        return std::visit([&](const auto& map) { return map(p); }, from.classes[0].map);
      };
      CHECK(value(again) == value(model));
    }
  }
}

TEST_CASE("what a file says", "[calibration_json]") {
  const CalibrationModel model = parse_calibration(kPlatt, "m.json");
  CHECK(model.scores == ScoreKind::logits);
  CHECK(std::get<PlattScaling>(model.classes[0].map).slope == 0.5);
  CHECK(std::get<PlattScaling>(model.classes[0].map).intercept == -1);
  CHECK(model.classes[0].labels.n_positive == 3);
  CHECK(std::get<IsotonicCalibration>(parse_calibration(kIsotonic, "m.json").classes[0].map)(0.3) ==
        Approx(0.75));
}

TEST_CASE("the pair of steps of Venn-Abers", "[calibration_json]") {
  const CalibrationModel model = parse_calibration(kVennAbers, "m.json");
  const auto& map = std::get<VennAbersCalibration>(model.classes[0].map);
  CHECK(map.pair(0.3).p0 == 0.25);
  CHECK(map.pair(0.3).p1 == 0.6);
  CHECK_THAT(message_of(with(kVennAbers, "[0.6]", "[]")),
             Catch::Contains("as many numbers as in 'upper_score' (1), found 0"));
  CHECK_THAT(message_of(with(kVennAbers, "[0.25, 0.75]", "[0.75, 0.25]")),
             Catch::Contains("'classes[0].lower': expected strictly ascending"));
  CHECK_THAT(message_of(with(kVennAbers, "[0.1, 0.5]", "[0.5, 0.1]")),
             Catch::Contains("'classes[0].lower_score': expected strictly ascending"));
  CHECK_THAT(message_of(with(with(kVennAbers, "[0.6]", "[]"), "[0.3]", "[]")),
             Catch::Contains("in both"));
}

TEST_CASE("a shared temperature is told from one of the class", "[calibration_json]") {
  const std::string text = calibration_json(fitted(CalibrationMethod::temperature_per_class));
  const CalibrationModel model = parse_calibration(text, "m.json");
  CHECK_FALSE(std::get<ClassTemperature>(model.classes[0].map).is_shared);
  CHECK(std::get<ClassTemperature>(model.classes[1].map).is_shared);
  CHECK(model.classes[1].labels.n_positive == 0);
  CHECK_THAT(message_of(with(text, "\"is_shared\": true", "\"is_shared\": 1")),
             Catch::Contains("'classes[1].is_shared': expected true or false"));
}

TEST_CASE("a shared scale is told from one with a bias", "[calibration_json]") {
  const std::string text = calibration_json(fitted(CalibrationMethod::affine));
  const CalibrationModel model = parse_calibration(text, "m.json");
  const auto map = [&](std::size_t k) { return std::get<ClassAffine>(model.classes[k].map); };
  CHECK_FALSE(map(0).is_shared);
  CHECK(map(0).bias != 0);
  CHECK(map(1).is_shared);
  CHECK(map(1).bias == 0);
  CHECK(map(1).scale == map(0).scale);
  CHECK_THAT(message_of(with(text, "\"bias\": 0.0", "\"bias\": \"0\"")),
             Catch::Contains("'classes[1].bias': expected a number"));
}

TEST_CASE("centred steps must rise", "[calibration_json]") {
  const std::string centred = with(kIsotonic, "\"isotonic\"", "\"centred-isotonic\"");
  CHECK(message_of(centred).empty());
  CHECK_THAT(message_of(with(centred, "0, 0.5, 1", "0, 0.5, 0.5")),
             Catch::Contains("'classes[0].probability': expected strictly ascending"));
  CHECK(message_of(with(kIsotonic, "0, 0.5, 1", "0, 0.5, 0.5")).empty());
}

TEST_CASE("files that are no calibration are refused, with the key", "[calibration_json]") {
  CHECK(message_of("{").find("m.json") == 0);
  CHECK_THAT(message_of("[1]"), Catch::Contains("expected a JSON object, found array"));
  CHECK_THAT(message_of("{}"), Catch::Contains("as written by 'cxrlt calibrate fit'; found none"));
  CHECK_THAT(message_of(with(kPlatt, "calibration/1", "calibration/2")),
             Catch::Contains("cxrlt-calibration/2"));
  CHECK_THAT(message_of(with(kPlatt, "\"platt\"", "\"plat\"")),
             Catch::Contains("'method'") && Catch::Contains("closest is 'platt'"));
  CHECK_THAT(message_of(with(kPlatt, "\"logits\"", "\"scores\"")), Catch::Contains("'scores'"));
  CHECK_THAT(message_of(with(kPlatt, "\"slope\": 0.5, ", "")),
             Catch::Contains("'classes[0].slope': is missing"));
  CHECK_THAT(message_of(with(kPlatt, "0.5", "\"steep\"")),
             Catch::Contains("expected a number, found '\"steep\"'"));
  CHECK_THAT(message_of(with(kPlatt, "\"n_positive\": 3", "\"n_positive\": -3")),
             Catch::Contains("'classes[0].n_positive'"));
  CHECK_THAT(message_of(with(kPlatt, "\"n_positive\": 3",
                             "\"n_positive\": 3, \"undefined\": \"whatever\"")),
             Catch::Contains("no_positives"));
  CHECK_THAT(message_of(with(kIsotonic, "0.2", "0.1")), Catch::Contains("strictly ascending"));
  CHECK_THAT(message_of(with(kIsotonic, "0, 0.5, 1", "0, 0.5")),
             Catch::Contains("as many numbers as in 'score' (3), found 2"));
  CHECK_THAT(message_of(with(kIsotonic, "0, 0.5, 1", "0, 0.5, 1.5")), Catch::Contains("[0, 1]"));
  CHECK_THAT(message_of(with(kIsotonic, "0, 0.5, 1", "0.5, 0, 1")), Catch::Contains("ascending"));
  CHECK_THAT(message_of(with(kPlatt, "[\n",
                             "[ {\"name\": \"A\", \"n_positive\": 3, "
                             "\"n_negative\": 9, \"slope\": 1, \"intercept\": 0},")),
             Catch::Contains("'A' stands twice"));
  CHECK_THAT(message_of(R"({"schema": "cxrlt-calibration/1", "method": "platt",
                            "scores": "logits", "classes": []})"),
             Catch::Contains("at least one class"));
  CHECK_THROWS_AS(read_calibration("no_such_file.json"), DataError);
}
