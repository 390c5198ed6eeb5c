// SPDX-License-Identifier: Apache-2.0
/// Calibrations of rows with exactly one class as JSON, schema `cxrlt-softmax-calibration/1`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cxrlt/calibration/softmax.hpp"
#include "cxrlt/calibration/softmax_affine.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/io/detail/calibration_fields.hpp"
#include "cxrlt/io/detail/json_fields.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/io/strict_json.hpp"
#include "cxrlt/version.hpp"

namespace cxrlt {

/// The `schema` of the form.
inline constexpr std::string_view kSoftmaxSchema = "cxrlt-softmax-calibration/1";

/// A fitted map of whole rows, and the classes that it was fitted for, in their order.
struct SoftmaxModel {
  std::vector<std::string> class_names;
  std::variant<SoftmaxTemperature, SoftmaxAffine> map;
};

namespace detail {

inline void put_rows_map(Json& json, const SoftmaxTemperature& map,
                         const std::vector<std::string>& names) {
  json["method"] = "temperature";
  json["n_rows"] = map.n_rows;
  put_temperature(json, map);
  if (map.why != Undefined::none) json["undefined"] = std::string(to_string(map.why));
  json["classes"] = Json::array();
  for (const std::string& name : names) json["classes"].push_back({{"name", name}});
}

inline void put_rows_map(Json& json, const SoftmaxAffine& map,
                         const std::vector<std::string>& names) {
  if (names.size() != map.bias.size() || names.size() != map.labels.size()) {
    throw InvalidArgument("softmax calibration: " + std::to_string(names.size()) +
                          " class names for " + std::to_string(map.bias.size()) + " classes");
  }
  json["method"] = "affine";
  json["scale"] = map.scale;
  json["classes"] = Json::array();
  for (std::size_t k = 0; k < names.size(); ++k) {
    Json entry;
    entry["name"] = names[k];
    put_fit_summary(entry, map.labels[k]);
    entry["bias"] = map.bias[k];
    json["classes"].push_back(std::move(entry));
  }
}

inline SoftmaxTemperature read_softmax_temperature(const JsonFields& fields) {
  const TemperatureScaling map = read_temperature(fields);
  SoftmaxTemperature fitted{map.inverse_temperature, map.limit, fields.count("n_rows")};
  if (fields.has("undefined")) {
    if (fields.text("undefined") != to_string(Undefined::no_samples)) {
      fields.fail("undefined", "expected 'no_samples'");
    }
    fitted.why = Undefined::no_samples;
  }
  return fitted;
}

inline SoftmaxAffine read_softmax_affine(const JsonFields& fields) {
  SoftmaxAffine map;
  map.scale = fields.number("scale");
  for (const JsonFields& entry : fields.objects("classes")) {
    map.bias.push_back(entry.number("bias"));
    map.labels.push_back(read_fit_summary(entry));
  }
  return map;
}

}  // namespace detail

/// The model as JSON: `schema`, `cxrlt_version`, `method` (`temperature`: `n_rows`,
/// `inverse_temperature`, `limit`; `affine`: `scale`) and `classes`, each with `name` and, under
/// `affine`, `n_positive`, `n_negative`, `undefined` and `bias`. Numbers read back to the same
/// double. @throws InvalidArgument if there are not as many names as classes.
inline std::string softmax_json(const SoftmaxModel& model) {
  detail::Json json;
  json["schema"] = kSoftmaxSchema;
  json["cxrlt_version"] = version;
  std::visit([&](const auto& map) { detail::put_rows_map(json, map, model.class_names); },
             model.map);
  return detail::json_text(json);
}

/// The model in a JSON text. `file` is the base name for messages. Unknown keys are left alone.
/// @throws DataError (`bad_json`) with the file and the key: no JSON, another schema, an unknown
/// method, a parameter that is missing or out of its range, no class, or one that stands twice.
inline SoftmaxModel parse_softmax(std::string_view text, const std::string& file) {
  const detail::Json json = detail::parse_json(text, file);
  const detail::JsonFields fields(json, file);
  if (const std::string schema = fields.text("schema"); schema != kSoftmaxSchema) {
    fields.fail("schema",
                "expected '" + std::string(kSoftmaxSchema) + "', found " + in_quotes(schema, 60));
  }
  SoftmaxModel model{detail::read_class_names(fields), {}};
  const std::string method = fields.text("method");
  if (method == "temperature") {
    model.map = detail::read_softmax_temperature(fields);
  } else if (method == "affine") {
    model.map = detail::read_softmax_affine(fields);
  } else {
    fields.fail("method", "expected 'temperature' or 'affine', found " + in_quotes(method, 60));
  }
  return model;
}

/// The model in a file; as `parse_softmax`. @throws DataError also where it cannot be read.
inline SoftmaxModel read_softmax(const std::filesystem::path& path) {
  const auto input = read_input(path, throw_errors([](const Problem&) {}));
  return parse_softmax(input.value().text, input.value().name);
}

}  // namespace cxrlt
