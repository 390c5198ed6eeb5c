// SPDX-License-Identifier: Apache-2.0
/// An ensemble as JSON, schema `cxrlt-ensemble/1`.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/ensemble/combine_rule.hpp"
#include "cxrlt/io/comparison_report.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/ensemble_report.hpp"
#include "cxrlt/io/score_json.hpp"
#include "cxrlt/version.hpp"

namespace cxrlt {

namespace detail {

inline Json to_json(const NamedEnsembleSearch& named) {
  const EnsembleSearch& search = named.search;
  Json json;
  json["strategy"] = name_in(weight_strategies, named.strategy);
  json["per_class"] = named.per_class;
  json["apparent"] = to_json(search.apparent);
  json["nested"] = to_json(search.nested);
  json["equal_weights"] = to_json(search.equal);
  json["gain"] = to_json(search.gain);
  json["gain_error"] = to_json(search.gain_error);
  json["n_folds"] = search.n_folds;
  json["equal_weights_do_as_well"] =
      search.equal_does_as_well ? Json(*search.equal_does_as_well) : Json(nullptr);
  return json;
}

inline Json to_json(const EnsembleStep& step) {
  Json json;
  json["step"] = step.what;
  if (!step.change) return json;
  json["before"] = to_json(step.change->second);
  json["after"] = to_json(step.change->first);
  json["change"] = to_json(step.change->difference);
  if (step.change->difference.defined()) json["change"]["ci"] = to_json(step.change->interval);
  json["p_value"] = to_json(step.change->p_value);
  return json;
}

}  // namespace detail

/// The report as JSON: `schema`, `cxrlt_version`, `arguments`, `seed`, `inputs`, `output`,
/// `method`, `n_samples`, `classes`, `joined`, `n_clipped`, `metric` (null without a truth),
/// `n_measured`, `models` (each `file`, `weights`: one, or one a class, or null; `value`),
/// `ensemble` (its value), `search` (null, or `strategy`, `per_class`, `apparent`, `nested`,
/// `equal_weights`, `gain`, `gain_error`, `n_folds`, `equal_weights_do_as_well`: null where nobody
/// can tell), `steps` (each `step`, `before`, `after`, `change` with `ci`, `p_value`),
/// `replicates`, `level`, `cluster`, `pairs` (each `first`, `second`, `correlation`,
/// `lowest_correlation`, `disagreement`, `largest_difference`, `near_identical`), `n_compared`,
/// `valid` (null where nothing says what is) and `notes`. Numbers read back to the same double.
inline std::string ensemble_json(const EnsembleReport& report) {
  using detail::Json;
  Json json;
  json["schema"] = "cxrlt-ensemble/1";
  json["cxrlt_version"] = version;
  json["arguments"] = report.arguments;
  json["seed"] = report.seed;
  json["inputs"] = Json::array();
  for (const InputInfo& input : report.inputs) json["inputs"].push_back(detail::to_json(input));
  json["output"] = report.output;
  json["method"] = to_string(report.rule);
  json["n_samples"] = report.n_samples;
  json["classes"] = report.class_names;
  json["joined"] = report.joined;
  json["n_clipped"] = report.n_clipped;
  json["metric"] = report.metric.empty() ? Json(nullptr) : Json(report.metric);
  json["n_measured"] = report.n_measured;
  json["models"] = Json::array();
  for (const EnsembleMember& member : report.members) {
    Json entry;
    entry["file"] = member.file;
    entry["weights"] = member.weights.empty() ? Json(nullptr) : Json(member.weights);
    if (member.value) entry["value"] = detail::to_json(*member.value);
    json["models"].push_back(std::move(entry));
  }
  json["ensemble"] = nullptr;
  if (report.value) {
    json["ensemble"] = detail::to_json(report.value->value);
    if (report.value->n_defined) json["ensemble"]["n_defined"] = *report.value->n_defined;
    if (report.value->n_classes) json["ensemble"]["n_classes"] = *report.value->n_classes;
  }
  json["search"] = report.search ? detail::to_json(*report.search) : Json(nullptr);
  json["steps"] = Json::array();
  for (const EnsembleStep& step : report.steps) json["steps"].push_back(detail::to_json(step));
  json["replicates"] = report.n_replicates;
  json["level"] = report.level;
  json["cluster"] = report.cluster.empty() ? Json(nullptr) : Json(report.cluster);
  json["pairs"] = Json::array();
  for (const PairDiversity& pair : report.pairs) {
    Json entry;
    entry["first"] = report.members[pair.first].file;
    entry["second"] = report.members[pair.second].file;
    entry["correlation"] = detail::to_json(pair.correlation);
    entry["lowest_correlation"] = detail::to_json(pair.lowest_correlation);
    entry["disagreement"] = detail::to_json(pair.disagreement);
    detail::put_number(entry, "largest_difference", pair.largest_difference);
    entry["near_identical"] = pair.near_identical;
    json["pairs"].push_back(std::move(entry));
  }
  json["n_compared"] = report.n_compared;
  json["valid"] = report.checked ? Json(report.checked->valid) : Json(nullptr);
  json["ids_checked"] = report.checked && report.checked->ids_checked;
  json["notes"] = Json::array();
  for (const Problem& note : report.notes) {
    json["notes"].push_back({{"code", note.code}, {"message", describe(note)}});
  }
  return detail::json_text(json);
}

}  // namespace cxrlt
