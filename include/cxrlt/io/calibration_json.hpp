// SPDX-License-Identifier: Apache-2.0
/// Fitted calibrations as JSON, schema `cxrlt-calibration/1`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "cxrlt/calibration/calibration_model.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/io/detail/calibration_fields.hpp"
#include "cxrlt/io/detail/json_fields.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/strict_json.hpp"
#include "cxrlt/version.hpp"

namespace cxrlt {

/// The `schema` of the form.
inline constexpr std::string_view kCalibrationSchema = "cxrlt-calibration/1";

/// The model as JSON: `schema`, `cxrlt_version`, `method`, `scores` (`probabilities` or `logits`),
/// and `classes`, each with `name`, `n_positive`, `n_negative`, `undefined` (the reason, where the
/// class keeps its probabilities for want of labels) and the parameters of its map, named as in the
/// library: `inverse_temperature`, `is_shared`; `scale`, `bias`, `is_shared`; `slope`, `intercept`;
/// `a`, `b`, `c`; `score`, `probability`; `lower`, `probability`; `lower_score`, `lower`,
/// `upper_score`, `upper`. Numbers read back to the same double.
inline std::string calibration_json(const CalibrationModel& model) {
  detail::Json json;
  json["schema"] = kCalibrationSchema;
  json["cxrlt_version"] = version;
  json["method"] = std::string(to_string(model.method));
  json["scores"] = model.scores == ScoreKind::logits ? "logits" : "probabilities";
  json["classes"] = detail::Json::array();
  for (std::size_t k = 0; k < model.classes.size(); ++k) {
    const ClassCalibration& one = model.classes[k];
    detail::Json entry;
    entry["name"] = model.class_names[k];
    detail::put_fit_summary(entry, one.labels);
    std::visit([&](const auto& map) { detail::put_map(entry, map); }, one.map);
    json["classes"].push_back(std::move(entry));
  }
  return detail::json_text(json);
}

/// The model in a JSON text. `file` is the base name for messages. Unknown keys are left alone.
/// @throws DataError (`bad_json`) with the file and the key: no JSON, another schema, an unknown
/// method, a parameter that is missing or out of its range, no class, or one that stands twice.
inline CalibrationModel parse_calibration(std::string_view text, const std::string& file) {
  const detail::Json json = detail::parse_json(text, file);
  const detail::JsonFields fields(json, file);
  fields.check_schema(std::string(kCalibrationSchema), "calibrate fit");
  CalibrationModel model;
  model.method = detail::read_method(fields);
  model.scores = detail::read_score_kind(fields);
  model.class_names = detail::read_class_names(fields);
  for (const detail::JsonFields& entry : fields.objects("classes")) {
    model.classes.push_back(
        {detail::read_map(entry, model.method), detail::read_fit_summary(entry)});
  }
  return model;
}

/// The model in a file; as `parse_calibration`. @throws DataError also where it cannot be read.
inline CalibrationModel read_calibration(const std::filesystem::path& path) {
  const auto input = read_input(path, throw_errors([](const Problem&) {}));
  return parse_calibration(input.value().text, input.value().name);
}

}  // namespace cxrlt
