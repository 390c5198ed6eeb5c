// SPDX-License-Identifier: Apache-2.0
/// The JSON of `score`, schema `cxrlt-score/1`.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/io/detail/infinite.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/score_report.hpp"
#include "cxrlt/version.hpp"

namespace cxrlt {

namespace detail {

/// Writes a number under its key. JSON holds no infinite ones: these are null, and their sign
/// stands under `sign_key`.
inline void put_number(Json& json, const std::string& key, double value,
                       const std::string& sign_key) {
  json[key] = is_finite(value) ? Json(value) : Json(nullptr);
  if (is_infinite(value)) json[sign_key] = infinite_text(value) == "inf" ? "+" : "-";
}

inline void put_number(Json& json, const std::string& key, double value) {
  put_number(json, key, value, key + "_infinite");
}

/// Whole sums of weights as integers, so that counts read as counts.
inline Json json_count(double value) {
  const bool whole = std::fabs(value) < 0x1p53 && value == std::floor(value);
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

inline Json json_value(double value, Undefined why) {
  Json json;
  if (why == Undefined::none) {
    put_number(json, "value", value, "infinite");
  } else {
    json["value"] = nullptr;
    json["undefined"] = std::string(to_string(why));
  }
  return json;
}

inline Json to_json(const MetricValue& value) {
  return json_value(value.value, value.why);
}

inline void put_ends(Json& json, const Interval& interval) {
  if (interval.defined()) {
    put_number(json, "lower", interval.lower);
    put_number(json, "upper", interval.upper);
  } else {
    json["lower"] = nullptr;
    json["upper"] = nullptr;
    json["undefined"] = std::string(to_string(interval.why));
  }
  json["level"] = interval.level;
}

inline Json to_json(const ResampledInterval& resampled) {
  Json json;
  put_ends(json, resampled.interval);
  json["method"] = std::string(to_string(resampled.method));
  json["bias"] = is_nan(resampled.bias) ? Json(nullptr) : Json(resampled.bias);
  json["standard_error"] =
      is_nan(resampled.standard_error) ? Json(nullptr) : Json(resampled.standard_error);
  json["estimand"] = std::string(estimand(resampled.method));
  json["replicates"] = resampled.n_replicates;
  json["n_defined"] = resampled.n_defined;
  json["small_sample"] = resampled.small_sample;
  return json;
}

/// The interval that a metric brings along, else the resampled one.
template <class Entry>
void add_interval(Json& json, const Entry& entry) {
  if (entry.interval) {
    Json& ci = json["ci"];
    put_ends(ci, *entry.interval);
    ci["method"] = "exact Poisson";
    ci["estimand"] = "observed over expected, the expected number taken as known";
  } else if (entry.resampled) {
    json["ci"] = to_json(*entry.resampled);
  }
}

inline Json to_json(const NamedValue& entry) {
  Json json = json_value(entry.value.value, entry.value.why);
  if (entry.threshold) put_number(json, "threshold", *entry.threshold);
  add_interval(json, entry);
  return json;
}

inline Json to_json(const NamedAverage& entry) {
  Json json = json_value(entry.value.value, entry.value.why);
  json["n_defined"] = entry.value.n_defined;
  json["n_classes"] = entry.value.n_classes;
  add_interval(json, entry);
  return json;
}

inline Json to_json(const RequestedValue& entry) {
  Json json = json_value(entry.value.value, entry.value.why);
  if (entry.threshold) put_number(json, "threshold", *entry.threshold);
  if (entry.n_defined) json["n_defined"] = *entry.n_defined;
  if (entry.n_classes) json["n_classes"] = *entry.n_classes;
  add_interval(json, entry);
  return json;
}

template <class Entries>
Json to_json_object(const Entries& entries) {
  Json json = Json::object();
  for (const auto& entry : entries) json[entry.name] = to_json(entry);
  return json;
}

inline Json to_json(const ClassEvaluation& one) {
  Json json;
  json["name"] = one.name;
  json["group"] = one.group.empty() ? Json(nullptr) : Json(one.group);
  json["n_positive"] = one.n_positive;
  json["n_negative"] = one.n_negative;
  json["n_missing"] = one.n_missing;
  json["prevalence"] =
      one.n_labelled() > 0
          ? Json(static_cast<double>(one.n_positive) / static_cast<double>(one.n_labelled()))
          : Json(nullptr);
  put_number(json, "threshold", one.threshold);
  if (one.counts) {
    json["counts"] = {{"tp", json_count(one.counts->tp)},
                      {"fp", json_count(one.counts->fp)},
                      {"fn", json_count(one.counts->fn)},
                      {"tn", json_count(one.counts->tn)}};
  } else {
    json["counts"] = nullptr;
  }
  for (const NamedValue& value : one.values) json[value.name] = to_json(value);
  return json;
}

inline Json to_json(const GroupEvaluation& group, const Evaluation& evaluation) {
  Json json;
  json["name"] = group.group.name;
  json["rule"] = group.group.rule;
  json["classes"] = Json::array();
  for (const std::size_t c : group.group.classes) {
    json["classes"].push_back(evaluation.classes[c].name);
  }
  for (const NamedAverage& value : group.values) json[value.name] = to_json(value);
  return json;
}

/// The values of an evaluation, the same keys for all rows and for a subgroup.
inline void add_values(Json& json, const Evaluation& evaluation) {
  json["macro"] = to_json_object(evaluation.macro);
  json["micro"] = to_json_object(evaluation.micro);
  json["weighted"] = to_json_object(evaluation.weighted);
  json["samples"] = to_json_object(evaluation.samples);
  json["pooled"] = to_json_object(evaluation.pooled);
  json["rows"] = to_json_object(evaluation.rows);
  json["groups"] = Json::array();
  for (const GroupEvaluation& group : evaluation.groups) {
    json["groups"].push_back(to_json(group, evaluation));
  }
  json["classes"] = Json::array();
  for (const ClassEvaluation& one : evaluation.classes) json["classes"].push_back(to_json(one));
}

inline Json to_json(const SubgroupEvaluation& subgroup) {
  Json json;
  json["column"] = subgroup.column;
  json["value"] = subgroup.value;
  json["n_samples"] = subgroup.n_samples;
  json["suppressed"] = subgroup.suppressed;
  if (subgroup.suppressed) return json;
  if (!subgroup.requested.empty()) json["requested"] = to_json_object(subgroup.requested);
  add_values(json, subgroup.evaluation);
  return json;
}

inline Json to_json(const InputInfo& input) {
  return {{"role", input.role},
          {"file", input.file},
          {"bytes", input.bytes},
          {"crc32", fmt::format("{:08x}", input.crc32)},
          {"rows", input.rows}};
}

/// The single threshold of all classes, or null where each has its own.
inline void add_common_threshold(Json& json, const std::vector<double>& thresholds) {
  if (thresholds.size() > 1) {
    json["threshold"] = nullptr;
  } else {
    put_number(json, "threshold", thresholds.empty() ? 0.5 : thresholds.front());
  }
}

/// The averages that may be shown where the truth is hidden. Over how many classes they run would
/// tell which have positives.
inline Json headline_json(const Evaluation& evaluation) {
  Json json = Json::object();
  for (const NamedAverage& value : evaluation.macro) {
    if (!is_headline(value.name)) continue;
    json[value.name] = to_json(value);
    json[value.name].erase("n_defined");
  }
  return json;
}

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace detail

/// The report as JSON of the schema `cxrlt-score/1`. Numbers read back to the same double; values
/// that do not exist are null and carry their reason, infinite ones are null and carry their sign.
inline nlohmann::ordered_json score_json(const ScoreReport& report) {
  detail::Json json;
  json["schema"] = "cxrlt-score/1";
  json["cxrlt_version"] = version;
  json["arguments"] = report.arguments;
  json["seed"] = report.seed;
  if (!report.cluster.empty()) json["cluster"] = report.cluster;
  json["inputs"] = detail::Json::array();
  for (const InputInfo& input : report.inputs) {
    if (report.headline_only && input.role != "predictions") continue;
    json["inputs"].push_back(detail::to_json(input));
  }
  json["counts_source"] = detail::or_null(report.counts_source);
  json["n_samples"] = report.evaluation.n_samples;
  json["n_classes"] = report.evaluation.classes.size();
  json["profile"] = detail::or_null(report.profile);
  json["joined"] = report.joined;
  json["undefined"] = to_string(report.undefined);
  detail::add_common_threshold(json, report.thresholds);
  json["bins"] = report.n_bins;
  json["n_clipped"] =
      report.headline_only ? detail::Json(nullptr) : detail::Json(report.evaluation.n_clipped);
  if (!report.requested.empty()) json["requested"] = detail::to_json_object(report.requested);
  if (report.headline_only) {
    // The keys of a report are stable: what is held back is empty.
    json["macro"] = detail::headline_json(report.evaluation);
    for (const char* key : {"micro", "weighted", "samples", "pooled", "rows"}) {
      json[key] = detail::Json::object();
    }
    for (const char* key : {"groups", "classes", "by"}) json[key] = detail::Json::array();
  } else {
    detail::add_values(json, report.evaluation);
    json["by"] = detail::Json::array();
    for (const SubgroupEvaluation& subgroup : report.by) {
      json["by"].push_back(detail::to_json(subgroup));
    }
  }
  json["notes"] = detail::Json::array();
  for (const Problem& note : report.notes) {
    json["notes"].push_back({{"code", note.code}, {"message", describe(note)}});
  }
  return json;
}

}  // namespace cxrlt
