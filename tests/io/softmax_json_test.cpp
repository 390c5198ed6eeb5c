// SPDX-License-Identifier: Apache-2.0
/// Calibrations of rows with one class as JSON: the same map after reading, and clear refusals.
#include "cxrlt/io/softmax_json.hpp"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "io/io_support.hpp"

using namespace cxrlt;

namespace {

/// 200 rows of three classes, of which the last never occurs.
struct Rows {
  std::vector<double> logits;
  std::vector<int> classes;

  Rows() {
    Random random(3);
    for (int i = 0; i < 200; ++i) {
      for (int k = 0; k < 3; ++k) logits.push_back(2 * random.normal());
      classes.push_back(logits[logits.size() - 2] + random.normal() > 0 ? 1 : 0);
    }
  }
  MatrixView<const double> view() const { return {logits.data(), classes.size(), 3}; }
};

const std::vector<std::string> kNames{"no \"finding\"", "Mass", "Hernia"};

std::string message_of(const std::string& text) {
  return error_text([&] { parse_softmax(text, "m.json"); });
}

const std::string kAffine =
    R"({"schema": "cxrlt-softmax-calibration/1", "method": "affine", "scale": 0.5, "classes": [
        {"name": "A", "n_positive": 3, "n_negative": 9, "bias": 0.25},
        {"name": "B", "n_positive": 9, "n_negative": 3, "bias": -0.25}]})";
const std::string kTemperature =
    R"({"schema": "cxrlt-softmax-calibration/1", "method": "temperature", "n_rows": 12,
        "inverse_temperature": 0.5, "classes": [{"name": "A"}, {"name": "B"}]})";

}  // namespace

TEST_CASE("softmax maps read back to the same numbers") {
  const Rows rows;
  const SoftmaxAffine affine = SoftmaxAffine::fit(rows.view(), rows.classes);
  const std::string text = softmax_json({kNames, affine});
  const SoftmaxModel model = parse_softmax(text, "m.json");
  CHECK(model.class_names == kNames);
  CHECK(std::get<SoftmaxAffine>(model.map).scale == affine.scale);
  CHECK(std::get<SoftmaxAffine>(model.map).bias == affine.bias);
  CHECK(std::get<SoftmaxAffine>(model.map).labels == affine.labels);
  CHECK(affine.labels[2].why == Undefined::no_positives);
  CHECK(softmax_json(model) == text);

  const SoftmaxTemperature temperature = SoftmaxTemperature::fit(rows.view(), rows.classes);
  const std::string warm = softmax_json({kNames, temperature});
  const auto again = std::get<SoftmaxTemperature>(parse_softmax(warm, "m.json").map);
  CHECK(again.inverse_temperature == temperature.inverse_temperature);
  CHECK(again.n_rows == 200);
  CHECK(softmax_json(parse_softmax(warm, "m.json")) == warm);
}

TEST_CASE("limits and reasons of a softmax temperature are kept") {
  SoftmaxTemperature map{0, TemperatureLimit::flat, 0, Undefined::no_samples};
  const std::string text = softmax_json({kNames, map});
  const auto again = std::get<SoftmaxTemperature>(parse_softmax(text, "m.json").map);
  CHECK(again.limit == TemperatureLimit::flat);
  CHECK(again.why == Undefined::no_samples);
  CHECK_THAT(message_of(with(text, "no_samples", "no_positives")),
             Catch::Contains("'undefined': expected 'no_samples'"));
}

TEST_CASE("a softmax model that is none is refused with its key") {
  CHECK(message_of(kAffine).empty());
  CHECK(message_of(kTemperature).empty());
  CHECK_THAT(message_of(with(kAffine, "softmax-", "")),
             Catch::Contains("'schema': expected 'cxrlt-softmax-calibration/1', found"));
  CHECK_THAT(message_of(with(kAffine, "\"affine\"", "\"platt\"")),
             Catch::Contains("expected 'temperature' or 'affine', found 'platt'"));
  CHECK_THAT(message_of(with(kAffine, "\"B\"", "\"A\"")),
             Catch::Contains("the class 'A' stands twice"));
  CHECK_THAT(message_of(with(kAffine, "\"bias\": -0.25", "\"bias\": null")),
             Catch::Contains("'classes[1].bias': is missing"));
  CHECK_THAT(message_of(with(kTemperature, "0.5", "-0.5")),
             Catch::Contains("'inverse_temperature': expected at least 0"));
  CHECK_THAT(message_of(with(kTemperature, R"({"name": "A"}, {"name": "B"})", "")),
             Catch::Contains("'classes': expected at least one class"));
  CHECK_THROWS_AS(softmax_json({{"A"}, SoftmaxAffine{1, {0, 0}, {{}, {}}}}), InvalidArgument);
}
