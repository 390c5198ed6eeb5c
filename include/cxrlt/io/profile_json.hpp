// SPDX-License-Identifier: Apache-2.0
/// Challenge profiles as JSON, schema `cxrlt-profile/1`: what `--profile FILE` reads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "cxrlt/challenge/builtin_profiles.hpp"
#include "cxrlt/challenge/profile.hpp"
#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/detail/profile_reader.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/io/strict_json.hpp"

namespace cxrlt {

namespace detail {

inline Json groups_json(const std::vector<ProfileGroup>& groups) {
  Json json = Json::object();
  for (const ProfileGroup& group : groups) json[group.name] = group.classes;
  return json;
}

inline Json grouping_json(const ProfileGrouping& grouping) {
  Json json = Json::object();
  if (!grouping.rule.empty()) json["rule"] = grouping.rule;
  json["inferred"] = grouping.inferred;
  return json;
}

inline void add_groupings(Json& json, const Profile& profile) {
  const ProfileGrouping& grouping = profile.grouping;
  if (!grouping.name.empty() || !grouping.rule.empty()) {
    Json about = Json::object();
    about["name"] = grouping.name;
    about.update(grouping_json(grouping));
    json["grouping"] = about;
  }
  if (!grouping.groups.empty()) json["groups"] = groups_json(grouping.groups);
  for (const ProfileGrouping& other : profile.alternative_groupings) {
    Json about = grouping_json(other);
    about["groups"] = groups_json(other.groups);
    json["alternative_groups"][other.name] = about;
  }
}

inline void add_counts(Json& json, const Profile& profile) {
  if (profile.train_size > 0) json["train_size"] = profile.train_size;
  for (std::size_t c = 0; c < profile.train_counts.size(); ++c) {
    const TrainCount& count = profile.train_counts[c];
    if (count) json["train_counts"][profile.classes[c]] = *count;
  }
  if (!profile.train_counts_source.empty()) {
    json["train_counts_source"] = profile.train_counts_source;
  }
}

/// A bound as an integer where it is one, as people write it.
inline Json bound_json(double bound) {
  const auto nearest = static_cast<std::int64_t>(std::clamp(bound, -1e15, 1e15));
  return static_cast<double>(nearest) == bound ? Json(nearest) : Json(bound);
}

}  // namespace detail

/// The profile in a JSON text (see `docs/data_format.md`). `schema`, `name` and `classes` are
/// required; unknown keys are left alone, null counts as absent, names are trimmed. Beside the
/// keys of the form, `train_counts_source`, `grouping`, `alternative_groups` and `notes` are read.
/// `file` is the base name for messages. @throws DataError (`bad_json`) with the file and the
/// key: no JSON, a wrong type, a repeated key, whatever `find_fault` finds.
inline Profile parse_profile(std::string_view text, const std::string& file) {
  const detail::Json json = detail::parse_json(text, file);
  return detail::ProfileReader(json, file).read();
}

/// The profile in a file; as `parse_profile`. @throws DataError also where it cannot be read.
inline Profile read_profile(const std::filesystem::path& path) {
  const auto input = read_input(path, throw_errors([](const Problem&) {}));
  return parse_profile(input.value().text, input.value().name);
}

/// A profile as a JSON text that `parse_profile` reads back.
inline std::string profile_to_json(const Profile& profile) {
  detail::Json json;
  json["schema"] = kProfileSchema;
  json["name"] = profile.name;
  if (!profile.title.empty()) json["title"] = profile.title;
  if (!profile.id_column.empty()) json["id_column"] = profile.id_column;
  if (!profile.id_aliases.empty()) json["id_aliases"] = profile.id_aliases;
  json["classes"] = profile.classes;
  if (!profile.normal_class.empty()) json["normal_class"] = profile.normal_class;
  detail::add_counts(json, profile);
  detail::add_groupings(json, profile);
  json["value_range"] = {detail::bound_json(profile.lowest), detail::bound_json(profile.highest)};
  for (const SwapPair& pair : profile.swap_pairs) {
    json["swap_pairs"].push_back({pair.first, pair.second});
  }
  for (const ProfileNote& note : profile.notes) {
    json["notes"].push_back(
        {{"about", note.about}, {"text", note.text}, {"inferred", note.inferred}});
  }
  return detail::json_text(json);
}

/// The built-in profile of that name, else the one in that file. @throws InvalidArgument for a name
/// that is neither (naming the closest), DataError for a path (something with `/`, `\` or `.`)
/// without a file and for a bad file.
inline Profile load_profile(const std::string& name_or_path) {
  if (auto profile = builtin_profile(name_or_path)) return *std::move(profile);
  std::error_code error;
  const bool is_there = std::filesystem::exists(name_or_path, error);
  if (is_there || name_or_path.find_first_of("/\\.") != std::string::npos) {
    return read_profile(name_or_path);
  }
  const std::vector<std::string> known = builtin_profile_names();
  const std::string closest = closest_name(name_or_path, known);
  std::string message = "there is no profile " + in_quotes(name_or_path);
  if (!closest.empty()) {
    message += "; the closest is '" + closest + "'";
  } else {
    message += "; built in are";
    for (const std::string& name : known) message += " " + name;
  }
  throw InvalidArgument(message);
}

}  // namespace cxrlt
