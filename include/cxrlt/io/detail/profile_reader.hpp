// SPDX-License-Identifier: Apache-2.0
/// From the JSON of a profile to a `Profile`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/challenge/profile.hpp"
#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/io/strict_json.hpp"

namespace cxrlt::detail {

/// Reads the keys of a profile one by one, each with a clear error for another type.
class ProfileReader {
 public:
  ProfileReader(const Json& json, const std::string& file) : json_(json), file_(file) {}

  Profile read() const {
    if (!json_.is_object()) throw_bad_json(file_, "expected a JSON object, " + found(json_));
    check_schema();
    Profile profile;
    profile.name = required_string("name");
    profile.classes = names(required("classes"), "classes");
    profile.title = string("title");
    profile.id_column = string("id_column");
    if (const Json* value = find("id_aliases")) profile.id_aliases = names(*value, "id_aliases");
    profile.normal_class = string("normal_class");
    if (const Json* value = find("train_size")) profile.train_size = whole(*value, "train_size");
    read_counts(profile);
    profile.train_counts_source = string("train_counts_source");
    read_groupings(profile);
    read_range(profile);
    read_swap_pairs(profile);
    read_notes(profile);
    if (const auto fault = find_fault(profile)) fail(fault->key, fault->message);
    return profile;
  }

 private:
  [[noreturn]] void fail(const std::string& key, const std::string& message) const {
    throw_bad_json(file_, "key " + in_quotes(key, 200) + ": " + message);
  }

  static std::string found(const Json& value) { return "found " + std::string(value.type_name()); }

  /// The value of a key, or nullptr where it is absent or null.
  static const Json* find(const Json& object, const char* key) {
    const auto at = object.find(key);
    return at == object.end() || at->is_null() ? nullptr : &*at;
  }
  const Json* find(const char* key) const { return find(json_, key); }

  const Json& required(const char* key) const {
    const Json* value = find(key);
    if (value == nullptr) fail(key, "is missing; a profile needs schema, name and classes");
    return *value;
  }

  std::string text(const Json& value, const std::string& key) const {
    if (!value.is_string()) fail(key, "expected a string, " + found(value));
    return std::string(trimmed(value.get_ref<const std::string&>()));
  }

  std::string required_string(const char* key) const { return text(required(key), key); }

  std::string string(const char* key) const {
    const Json* value = find(key);
    return value == nullptr ? "" : text(*value, key);
  }

  bool flag(const Json& object, const std::string& key) const {
    const Json* value = find(object, "inferred");
    if (value == nullptr) return false;
    if (!value->is_boolean()) fail(key + ".inferred", "expected true or false, " + found(*value));
    return value->get<bool>();
  }

  std::uint64_t whole(const Json& value, const std::string& key) const {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (value.is_number_integer() && value.get<std::int64_t>() >= 0) {
      return static_cast<std::uint64_t>(value.get<std::int64_t>());
    }
    fail(key, "expected a whole number of at least 0, found " + in_quotes(value.dump(), 40));
  }

  /// A list of strings, trimmed like the header of a CSV.
  std::vector<std::string> names(const Json& value, const std::string& key) const {
    if (!value.is_array()) fail(key, "expected a list of strings, " + found(value));
    std::vector<std::string> out;
    for (const Json& entry : value) out.push_back(text(entry, key));
    return out;
  }

  void check_schema() const {
    const std::string schema = required_string("schema");
    if (schema != kProfileSchema) {
      fail("schema", "expected '" + std::string(kProfileSchema) + "', found " + in_quotes(schema));
    }
  }

  void read_counts(Profile& profile) const {
    const Json* counts = find("train_counts");
    if (counts == nullptr) return;
    if (!counts->is_object()) fail("train_counts", "expected an object, " + found(*counts));
    if (counts->empty()) return;
    profile.train_counts.assign(profile.classes.size(), TrainCount());
    for (const auto& [key, value] : counts->items()) {
      const std::string name(trimmed(key));
      const auto at = std::find(profile.classes.begin(), profile.classes.end(), name);
      if (at == profile.classes.end()) {
        fail("train_counts", in_quotes(name) + " is not one of the profile's classes" +
                                 closest_hint(name, profile.classes));
      }
      TrainCount& count =
          profile.train_counts[static_cast<std::size_t>(at - profile.classes.begin())];
      if (count) fail("train_counts", "the class " + in_quotes(name) + " stands twice");
      count = whole(value, "train_counts." + name);
    }
  }

  std::vector<ProfileGroup> groups(const Json& value, const std::string& key) const {
    if (!value.is_object()) {
      fail(key, "expected an object of lists of classes, " + found(value));
    }
    std::vector<ProfileGroup> out;
    for (const auto& [name, members] : value.items()) {
      out.push_back({std::string(trimmed(name)), names(members, key + "." + name)});
    }
    return out;
  }

  /// `name`, `rule` and `inferred` of a grouping.
  ProfileGrouping grouping(const Json& about, const std::string& key) const {
    if (!about.is_object()) fail(key, "expected an object, " + found(about));
    ProfileGrouping out;
    if (const Json* value = find(about, "name")) out.name = text(*value, key + ".name");
    if (const Json* value = find(about, "rule")) out.rule = text(*value, key + ".rule");
    out.inferred = flag(about, key);
    return out;
  }

  void read_groupings(Profile& profile) const {
    if (const Json* about = find("grouping")) profile.grouping = grouping(*about, "grouping");
    if (const Json* value = find("groups")) profile.grouping.groups = groups(*value, "groups");
    const Json* others = find("alternative_groups");
    if (others == nullptr) return;
    if (!others->is_object()) fail("alternative_groups", "expected an object, " + found(*others));
    for (const auto& [name, value] : others->items()) {
      const std::string key = "alternative_groups." + name;
      ProfileGrouping other = grouping(value, key);
      other.name = std::string(trimmed(name));
      const Json* lists = find(value, "groups");
      if (lists == nullptr) fail(key + ".groups", "is missing");
      other.groups = groups(*lists, key + ".groups");
      profile.alternative_groupings.push_back(std::move(other));
    }
  }

  void read_range(Profile& profile) const {
    const Json* range = find("value_range");
    if (range == nullptr) return;
    if (!range->is_array() || range->size() != 2 || !(*range)[0].is_number() ||
        !(*range)[1].is_number()) {
      fail("value_range", "expected two numbers");
    }
    profile.lowest = (*range)[0].get<double>();
    profile.highest = (*range)[1].get<double>();
  }

  void read_swap_pairs(Profile& profile) const {
    const Json* pairs = find("swap_pairs");
    if (pairs == nullptr) return;
    if (!pairs->is_array()) fail("swap_pairs", "expected a list of pairs, " + found(*pairs));
    for (const Json& value : *pairs) {
      const std::vector<std::string> pair = names(value, "swap_pairs");
      if (pair.size() != 2) fail("swap_pairs", "expected two classes a pair");
      profile.swap_pairs.push_back({pair[0], pair[1]});
    }
  }

  void read_notes(Profile& profile) const {
    const Json* notes = find("notes");
    if (notes == nullptr) return;
    if (!notes->is_array()) fail("notes", "expected a list, " + found(*notes));
    for (const Json& value : *notes) {
      if (!value.is_object()) {
        profile.notes.push_back({"", text(value, "notes"), false});
        continue;
      }
      ProfileNote note;
      if (const Json* about = find(value, "about")) note.about = text(*about, "notes.about");
      if (const Json* words = find(value, "text")) note.text = text(*words, "notes.text");
      note.inferred = flag(value, "notes");
      profile.notes.push_back(std::move(note));
    }
  }

  const Json& json_;
  const std::string& file_;
};

}  // namespace cxrlt::detail
