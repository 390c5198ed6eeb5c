// SPDX-License-Identifier: Apache-2.0
/// The challenge profiles that the library brings along. What the organisers do not state
/// themselves is marked as inferred.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/challenge/detail/builtin_data.hpp"
#include "cxrlt/challenge/detail/cxrlt2023.hpp"
#include "cxrlt/challenge/detail/cxrlt2024.hpp"
#include "cxrlt/challenge/detail/cxrlt2026.hpp"
#include "cxrlt/challenge/profile.hpp"

namespace cxrlt {

namespace detail {

inline constexpr std::array<const BuiltinProfile*, 7> kBuiltinProfiles{
    &kCxrlt2023,      &kCxrlt2024Task1, &kCxrlt2024Task2, &kCxrlt2024Task3,
    &kCxrlt2024All45, &kCxrlt2026Task1, &kCxrlt2026Task2};

/// The lists of one grouping; `member` says which of a class's groups is meant.
inline ProfileGrouping to_grouping(const BuiltinProfile& builtin, const BuiltinGrouping& grouping,
                                   BuiltinGroup BuiltinClass::*member) {
  constexpr std::array<std::pair<BuiltinGroup, std::string_view>, 3> names{
      {{kHead, "head"}, {kMedium, "medium"}, {kTail, "tail"}}};
  ProfileGrouping out{
      std::string(grouping.name), std::string(grouping.rule), grouping.inferred, {}};
  for (const auto& [which, name] : names) {
    ProfileGroup group{std::string(name), {}};
    for (const BuiltinClass& entry : builtin.classes) {
      if (entry.*member == which) group.classes.emplace_back(entry.name);
    }
    if (!group.classes.empty()) out.groups.push_back(std::move(group));
  }
  return out;
}

inline Profile to_profile(const BuiltinProfile& builtin) {
  Profile profile;
  profile.name = builtin.name;
  profile.title = builtin.title;
  profile.id_column = builtin.id_column;
  if (!builtin.id_alias.empty()) profile.id_aliases.emplace_back(builtin.id_alias);
  profile.normal_class = builtin.normal_class;
  profile.train_size = builtin.train_size;
  profile.train_counts_source = builtin.train_counts_source;
  for (const BuiltinClass& entry : builtin.classes) {
    profile.classes.emplace_back(entry.name);
    if (builtin.train_size == 0) continue;
    const bool known = entry.train_count != kUnknownCount;
    profile.train_counts.push_back(known ? TrainCount(static_cast<std::uint64_t>(entry.train_count))
                                         : TrainCount());
  }
  profile.grouping = to_grouping(builtin, builtin.grouping, &BuiltinClass::group);
  if (!builtin.alternative.name.empty()) {
    profile.alternative_groupings.push_back(
        to_grouping(builtin, builtin.alternative, &BuiltinClass::alternative));
  }
  if (!builtin.swap_first.empty()) {
    profile.swap_pairs.push_back(
        {std::string(builtin.swap_first), std::string(builtin.swap_second)});
  }
  for (const BuiltinNote& note : builtin.notes) {
    profile.notes.push_back({std::string(note.about), std::string(note.text), note.inferred});
  }
  return profile;
}

}  // namespace detail

/// The names of the built-in profiles, oldest challenge first.
inline std::vector<std::string> builtin_profile_names() {
  std::vector<std::string> names;
  for (const detail::BuiltinProfile* builtin : detail::kBuiltinProfiles) {
    names.emplace_back(builtin->name);
  }
  return names;
}

/// The built-in profile of that exact name, or nothing.
inline std::optional<Profile> builtin_profile(std::string_view name) {
  for (const detail::BuiltinProfile* builtin : detail::kBuiltinProfiles) {
    if (builtin->name == name) return detail::to_profile(*builtin);
  }
  return std::nullopt;
}

}  // namespace cxrlt
