// SPDX-License-Identifier: Apache-2.0
/// The JSON of `leaderboard`, schema `cxrlt-leaderboard/1`.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/leaderboard_report.hpp"
#include "cxrlt/io/score_json.hpp"
#include "cxrlt/io/score_report.hpp"
#include "cxrlt/version.hpp"

namespace cxrlt {

namespace detail {

/// A place by its number, or null where there is none.
template <class Number>
Json number_or_null(Number number) {
  return number == 0 ? Json(nullptr) : Json(number);
}

inline Json to_json(const Problem& problem) {
  Json json;
  json["severity"] = to_string(problem.severity);
  json["code"] = problem.code;
  json["file"] = problem.file;
  json["line"] = number_or_null(problem.line);
  json["column"] = number_or_null(problem.column);
  json["class"] = problem.class_name.empty() ? Json(nullptr) : Json(problem.class_name);
  json["id"] = problem.id.empty() ? Json(nullptr) : Json(problem.id);
  json["message"] = problem.message;
  return json;
}

inline Json to_json(const LeaderboardPlace& place, const LeaderboardReport& report) {
  const LeaderboardEntry& entry = report.entries[place.entry];
  Json json;
  json["name"] = entry.name;
  json["team"] = entry.team.empty() ? Json(nullptr) : Json(entry.team);
  json["n_entries"] = place.n_entries;
  json["rank"] = {{"value", place.rank}};
  if (place.rank_interval) {
    json["rank"]["ci"] = {{"lower", place.rank_interval->lower},
                          {"upper", place.rank_interval->upper},
                          {"level", place.rank_interval->level},
                          {"method", "quantiles of the ranks in replicates"},
                          {"replicates", report.board.n_replicates}};
  }
  json["score"] = to_json(place.score);
  json["values"] = Json::object();
  for (std::size_t k = 0; k < entry.values.size(); ++k) {
    Json value = to_json(entry.values[k]);
    value["rank"] = number_or_null(place.metric_ranks[k]);
    json["values"][report.options.metrics[k].name] = std::move(value);
  }
  if (place.share_first) json["share_first"] = {{"value", *place.share_first}};
  if (place.against_first) {
    json["behind_first"] = to_json(place.against_first->behind);
    json["p_value"] = to_json(place.against_first->p_value);
    json["p_adjusted"] = to_json(place.against_first->p_adjusted);
    json["tied_with_first"] = place.against_first->tied;
  }
  return json;
}

/// What ranks, and how.
inline Json ranking_json(const LeaderboardReport& report) {
  Json json;
  json["combine"] = report.options.combination
                        ? Json(std::string(to_string(*report.options.combination)))
                        : Json(nullptr);
  json["metrics"] = Json::array();
  for (const LeaderboardMetric& metric : report.options.metrics) {
    json["metrics"].push_back({{"name", metric.name},
                               {"direction", std::string(to_string(metric.direction))},
                               {"weight", metric.weight}});
  }
  json["ties"] = "equal values share the better rank, and the next ranks are skipped";
  json["best_of_team"] = report.options.best_of_team;
  return json;
}

/// How values were computed; null for each where they were read.
inline void add_evaluation_keys(Json& json, const LeaderboardReport& report) {
  const auto unless_read = [&](Json value) { return report.from_values ? Json(nullptr) : value; };
  json["counts_source"] = or_null(report.counts_source);
  json["n_samples"] = unless_read(report.n_samples);
  json["n_classes"] = unless_read(report.classes.size());
  json["classes"] = unless_read(report.classes);
  json["profile"] = or_null(report.profile);
  json["joined"] = unless_read(report.joined);
  json["undefined"] = unless_read(to_string(report.undefined));
  add_common_threshold(json, report.thresholds);
  json["threshold"] = unless_read(json["threshold"]);
  json["bins"] = unless_read(report.n_bins);
}

/// How test sets were resampled; null where they were not.
inline Json resampling_json(const LeaderboardReport& report) {
  if (report.board.n_replicates == 0) return nullptr;
  return {{"replicates", report.board.n_replicates},
          {"scheme", "multinomial"},
          {"cluster", or_null(report.cluster)},
          {"n_units", report.n_units},
          {"level", report.options.level},
          {"test", "shifted paired bootstrap"},
          {"adjustment", "Holm"},
          {"too_few_replicates", report.board.too_few_replicates}};
}

}  // namespace detail

/// The report as JSON of the schema `cxrlt-leaderboard/1`; values are as in `score_json`.
inline nlohmann::ordered_json leaderboard_json(const LeaderboardReport& report) {
  detail::Json json;
  json["schema"] = "cxrlt-leaderboard/1";
  json["cxrlt_version"] = version;
  json["arguments"] = report.arguments;
  json["seed"] = report.seed;
  json["inputs"] = detail::Json::array();
  for (const InputInfo& input : report.inputs) json["inputs"].push_back(detail::to_json(input));
  detail::add_evaluation_keys(json, report);
  json["ranking"] = detail::ranking_json(report);
  json["resampling"] = detail::resampling_json(report);
  json["entries"] = detail::Json::array();
  for (const LeaderboardPlace& place : report.board.places) {
    json["entries"].push_back(detail::to_json(place, report));
  }
  json["superseded"] = detail::Json::array();
  for (const std::size_t e : report.board.superseded) {
    json["superseded"].push_back(
        {{"name", report.entries[e].name}, {"team", report.entries[e].team}});
  }
  json["refused"] = detail::Json::array();
  for (const RefusedSubmission& refused : report.refused) {
    json["refused"].push_back(
        {{"name", refused.name}, {"problem", detail::to_json(refused.problem)}});
  }
  json["notes"] = detail::Json::array();
  for (const Problem& note : report.notes) {
    json["notes"].push_back({{"code", note.code}, {"message", describe(note)}});
  }
  return json;
}

}  // namespace cxrlt
