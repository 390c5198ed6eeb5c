// SPDX-License-Identifier: Apache-2.0
/// An adjustment as JSON, schema `cxrlt-adjustment/1`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "cxrlt/adjustment/invariance.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/adjustment_report.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/score_json.hpp"
#include "cxrlt/version.hpp"

namespace cxrlt {

/// The `schema` of the form.
inline constexpr std::string_view kAdjustmentSchema = "cxrlt-adjustment/1";

namespace detail {

inline Json to_json(const NamedTauSearch& named) {
  const TauSearch& search = named.search;
  Json json;
  json["metric"] = named.metric;
  json["unadjusted"] = json_value(search.unadjusted.value, search.unadjusted.why);
  json["best"] = json_value(search.value.value, search.value.why);
  json["largest_tau"] = named.grid.largest;
  json["curve"] = Json::array();
  for (const TauPoint& point : search.curve) {
    Json entry = json_value(point.value.value, point.value.why);
    entry["tau"] = point.tau;
    json["curve"].push_back(std::move(entry));
  }
  return json;
}

inline Json to_json(const TargetPrior& target, AdjustmentMethod method) {
  Json json = json_value(target.prior.value, target.prior.why);
  if (!target.prior.defined()) return json;
  json["used"] = target.used;
  if (target.interval) {
    json["ci"] = {{"lower", target.interval->lower},
                  {"upper", target.interval->upper},
                  {"level", target.interval->level},
                  {"method", method == AdjustmentMethod::black_box ? "delta" : "likelihood ratio"}};
  }
  if (target.likelihood_ratio) json["likelihood_ratio"] = *target.likelihood_ratio;
  if (target.p_value) json["p_value"] = *target.p_value;
  if (target.unclipped) json["unclipped"] = *target.unclipped;
  return json;
}

}  // namespace detail

/// The report as JSON: `schema`, `cxrlt_version`, `method` (`logit-adjustment`, `target-prior`,
/// `em` or `bbse`), `inputs`, `n_samples`, `counts_source`, `train_size`, `tau` (null but for logit
/// adjustment), `search` (null, or `metric`, `unadjusted`, `best`, `largest_tau` and `curve`),
/// `unchanged_metrics` and `unchanged_scopes` (what no shift of a class's logits can change),
/// `classes` and `notes`. A class has `name`, `train_count`, `prior`, `shift`, `undefined` (why it
/// is left as it is), `target_prior` (null but for prior shift: a value with `used`, `ci`,
/// `likelihood_ratio`, `p_value`, `unclipped`) and `n_distinct_before`, `n_distinct_after`,
/// `n_newly_tied`, `n_reversed` of its scores. Numbers read back to the same double.
inline std::string adjustment_json(const AdjustmentReport& report) {
  detail::Json json;
  json["schema"] = kAdjustmentSchema;
  json["cxrlt_version"] = version;
  json["method"] = std::string(to_string(report.method));
  json["inputs"] = detail::Json::array();
  for (const InputInfo& input : report.inputs) json["inputs"].push_back(detail::to_json(input));
  json["n_samples"] = report.n_samples;
  json["counts_source"] = report.counts.source;
  json["train_size"] = report.counts.n_samples;
  json["tau"] = detail::or_null(report.tau);
  json["search"] = report.search ? detail::to_json(*report.search) : detail::Json(nullptr);
  json["unchanged_metrics"] = detail::Json::array();
  for (const std::string_view name : metrics_unchanged_by_increasing_maps()) {
    json["unchanged_metrics"].push_back(std::string(name));
  }
  json["unchanged_scopes"] = detail::Json::array();
  for (const Scope scope : scopes_of_single_classes) {
    json["unchanged_scopes"].push_back(std::string(to_string(scope)));
  }
  json["classes"] = detail::Json::array();
  for (std::size_t k = 0; k < report.classes.size(); ++k) {
    const AdjustedClass& one = report.classes[k];
    detail::Json entry;
    entry["name"] = report.class_names[k];
    entry["train_count"] = report.counts.positives[k];
    entry["prior"] = report.counts.prior(k);
    entry["shift"] = one.shift.value;
    if (one.shift.why != Undefined::none) {
      entry["undefined"] = std::string(to_string(one.shift.why));
    }
    entry["target_prior"] =
        one.target ? detail::to_json(*one.target, report.method) : detail::Json(nullptr);
    entry["n_distinct_before"] = one.order.n_distinct_before;
    entry["n_distinct_after"] = one.order.n_distinct_after;
    entry["n_newly_tied"] = one.order.n_newly_tied;
    entry["n_reversed"] = one.order.n_reversed;
    json["classes"].push_back(std::move(entry));
  }
  json["notes"] = detail::Json::array();
  for (const Problem& note : report.notes) {
    json["notes"].push_back({{"code", note.code}, {"message", describe(note)}});
  }
  return detail::json_text(json);
}

}  // namespace cxrlt
