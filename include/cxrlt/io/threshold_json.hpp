// SPDX-License-Identifier: Apache-2.0
/// Decision thresholds as JSON: what a search found, schema `cxrlt-thresholds/1`, and a plain
/// object `{"class": threshold}`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/detail/json_fields.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/io/score_json.hpp"
#include "cxrlt/io/strict_json.hpp"
#include "cxrlt/thresholds/threshold_set.hpp"
#include "cxrlt/version.hpp"

namespace cxrlt {

/// The `schema` of the form.
inline constexpr std::string_view kThresholdSchema = "cxrlt-thresholds/1";

/// Classes with a threshold each; +inf: nothing is predicted.
struct NamedThresholds {
  std::vector<std::string> class_names;
  std::vector<double> thresholds;
};

namespace detail {

inline Json joint_json(const JointValue& joint) {
  Json json;
  json["apparent"] = json_value(joint.apparent.value, joint.apparent.why);
  json["cross_validated"] = json_value(joint.cross_validated.value, joint.cross_validated.why);
  if (joint.wanted) put_number(json, "wanted", *joint.wanted);
  return json;
}

inline Json guarantee_json(const PrecisionGuarantee& guarantee) {
  Json json;
  json["precision"] = guarantee.precision;
  json["delta"] = guarantee.delta;
  json["needed_predictions"] = needed_predictions(guarantee);
  return json;
}

inline Json certificate_json(const CertifiedThreshold& certificate) {
  Json json;
  json["certified"] = certificate.certified;
  json["p_value"] = certificate.p_value;
  json["n_correct"] = certificate.n_correct;
  return json;
}

}  // namespace detail

/// The set as JSON: `schema`, `cxrlt_version`, `objective`, `method`, `scope`, `scores`, `folds`,
/// `seed`; under a guarantee `guarantee` with `precision`, `delta` and `needed_predictions`; where
/// all classes were chosen for together `joint` with `apparent`, `cross_validated` and for
/// `cardinality` `wanted`; and `classes`, each with `name`, `threshold` (null with
/// `"threshold_infinite": "+"` where nothing is predicted), `smallest_accepted`, `largest_refused`
/// (null where there is none), `method`, `n_positive`, `n_negative`, `n_predicted`, `attainable`,
/// `apparent` and `cross_validated`, which are values as in the JSON of `score`, and under a
/// guarantee `certificate` with `certified`, `p_value` and `n_correct`. Numbers read back to the
/// same double.
inline std::string threshold_json(const ThresholdSet& set) {
  detail::Json json;
  json["schema"] = kThresholdSchema;
  json["cxrlt_version"] = version;
  json["objective"] = objective_text(set.options.objective);
  json["method"] = std::string(to_string(set.options.method));
  json["scope"] = std::string(to_string(set.scope));
  json["scores"] = set.options.scores == ScoreKind::logits ? "logits" : "probabilities";
  json["folds"] = set.options.folds.n_folds;
  json["seed"] = set.options.folds.seed;
  if (set.guarantee) json["guarantee"] = detail::guarantee_json(*set.guarantee);
  if (set.joint) json["joint"] = detail::joint_json(*set.joint);
  json["classes"] = detail::Json::array();
  for (std::size_t k = 0; k < set.classes.size(); ++k) {
    const ChosenThreshold& one = set.classes[k];
    detail::Json entry;
    entry["name"] = set.class_names[k];
    detail::put_number(entry, "threshold", one.threshold);
    detail::put_number(entry, "smallest_accepted", one.smallest_accepted);
    detail::put_number(entry, "largest_refused", one.largest_refused);
    entry["method"] = std::string(to_string(one.method));
    entry["n_positive"] = one.n_positive;
    entry["n_negative"] = one.n_negative;
    entry["n_predicted"] = one.n_predicted;
    entry["attainable"] = one.attainable;
    entry["apparent"] = detail::json_value(one.apparent.value, one.apparent.why);
    entry["cross_validated"] =
        detail::json_value(one.cross_validated.value, one.cross_validated.why);
    if (set.guarantee) entry["certificate"] = detail::certificate_json(set.certificates[k]);
    json["classes"].push_back(std::move(entry));
  }
  return detail::json_text(json);
}

namespace detail {

inline double read_threshold(const JsonFields& entry) {
  if (entry.has("threshold")) return entry.number("threshold");
  if (entry.has("threshold_infinite") && entry.text("threshold_infinite") == "+") {
    return std::numeric_limits<double>::infinity();
  }
  entry.fail("threshold", "expected a number, or null beside \"threshold_infinite\": \"+\"");
}

inline NamedThresholds read_threshold_set(const JsonFields& fields) {
  fields.check_schema(std::string(kThresholdSchema), "thresholds");
  NamedThresholds read;
  for (const JsonFields& entry : fields.objects("classes")) {
    const std::string name = entry.text("name");
    if (find_column(read.class_names, name) != kNoColumn) {
      entry.fail("name", "the class " + in_quotes(name) + " stands twice");
    }
    read.class_names.push_back(name);
    read.thresholds.push_back(read_threshold(entry));
  }
  return read;
}

inline NamedThresholds read_plain_thresholds(const Json& json, const std::string& file) {
  NamedThresholds read;
  for (const auto& entry : json.items()) {
    if (!entry.value().is_number()) {
      Problem problem = file_problem(
          file, "not_a_number", "the threshold is " + entry.value().dump() + "; expected a number");
      problem.class_name = entry.key();
      throw DataError(std::move(problem));
    }
    read.class_names.push_back(entry.key());
    read.thresholds.push_back(entry.value().get<double>());
  }
  return read;
}

}  // namespace detail

/// The thresholds in a JSON text of either form, classes in its order. `file` is the base name for
/// messages. @throws DataError for another form, a class that stands twice, a threshold that is no
/// number.
inline NamedThresholds parse_thresholds(std::string_view text, const std::string& file) {
  const detail::Json json = detail::parse_json(text, file);
  if (!json.is_object()) {
    detail::throw_bad_json(file, "expected a JSON object such as {\"Hernia\": 0.031}");
  }
  const bool has_schema = json.contains("schema") && json.at("schema").is_string();
  return has_schema ? detail::read_threshold_set(detail::JsonFields(json, file))
                    : detail::read_plain_thresholds(json, file);
}

/// The thresholds in a file; as `parse_thresholds`.
inline NamedThresholds read_thresholds(const std::filesystem::path& path) {
  const auto input = read_input(path, throw_errors([](const Problem&) {}));
  return parse_thresholds(input.value().text, input.value().name);
}

/// The thresholds of these classes, in their order. Others in the file are left out.
/// @throws DataError also for a class without a threshold (naming the closest).
inline std::vector<double> read_thresholds(const std::filesystem::path& path,
                                           std::span<const std::string> classes) {
  const NamedThresholds read = read_thresholds(path);
  std::vector<double> thresholds;
  for (const std::string& name : classes) {
    const std::size_t at = find_column(read.class_names, name);
    if (at == kNoColumn) {
      Problem problem = detail::file_problem(
          base_name(path), "missing_class",
          "there is no threshold for this class" + closest_hint(name, read.class_names));
      problem.class_name = name;
      throw DataError(std::move(problem));
    }
    thresholds.push_back(read.thresholds[at]);
  }
  return thresholds;
}

}  // namespace cxrlt
