// SPDX-License-Identifier: Apache-2.0
/// What is known about a challenge: classes in order, training counts, groups, the id column.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/metrics/frequency_groups.hpp"

namespace cxrlt {

/// The schema that a profile's JSON names.
inline constexpr std::string_view kProfileSchema = "cxrlt-profile/1";

/// Some classes under one name.
struct ProfileGroup {
  std::string name;  ///< e.g. `head`
  std::vector<std::string> classes;
};

/// One way to group the classes.
struct ProfileGrouping {
  std::string name;  ///< of the grouping, e.g. `prevalence`; empty where it has none
  std::string rule;  ///< where the lists come from, in words
  bool inferred = false;
  std::vector<ProfileGroup> groups;
};

/// A remark on one part of a profile.
struct ProfileNote {
  std::string about;  ///< a key of the JSON form, e.g. `train_counts`
  std::string text;
  bool inferred = false;  ///< true where the organisers do not state it
};

/// Two classes whose columns are known to be exchanged by mistake.
struct SwapPair {
  std::string first;
  std::string second;
};

/// A challenge profile: built in (`builtin_profile`) or read from JSON (`load_profile`). Only
/// `name` and `classes` are needed; what is empty is not known.
struct Profile {
  std::string name;
  std::string title;
  std::string id_column;
  std::vector<std::string> id_aliases;
  std::vector<std::string> classes;  ///< in the order that the challenge prescribes
  std::string normal_class;          ///< the class for "nothing found", empty where there is none
  std::uint64_t train_size = 0;      ///< training images that the counts refer to; 0: not known
  std::vector<TrainCount> train_counts;  ///< per class, or empty
  std::string train_counts_source;       ///< who counted what
  ProfileGrouping grouping;              ///< the lists that `--group-by profile` uses
  std::vector<ProfileGrouping> alternative_groupings;
  double lowest = 0;   ///< of a score
  double highest = 1;  ///< of a score
  std::vector<SwapPair> swap_pairs;
  std::vector<ProfileNote> notes;
};

/// The training count of a class by name, or nothing where it is not known. O(classes).
inline TrainCount train_count(const Profile& profile, std::string_view class_name) {
  const auto at = std::find(profile.classes.begin(), profile.classes.end(), class_name);
  const auto index = static_cast<std::size_t>(at - profile.classes.begin());
  return index < profile.train_counts.size() ? profile.train_counts[index] : TrainCount{};
}

/// The training counts of the given classes. O(classes squared).
inline std::vector<TrainCount> train_counts_of(const Profile& profile,
                                               std::span<const std::string> classes) {
  std::vector<TrainCount> counts;
  for (const std::string& name : classes) counts.push_back(train_count(profile, name));
  return counts;
}

/// The lists of a grouping as indices into the given classes, for evaluation. Classes in no list
/// belong to no group. O(classes squared).
inline std::vector<ClassGroup> class_groups(const ProfileGrouping& grouping,
                                            std::span<const std::string> classes) {
  std::vector<ClassGroup> groups;
  for (const ProfileGroup& listed : grouping.groups) {
    ClassGroup group{listed.name, grouping.rule, {}};
    for (std::size_t c = 0; c < classes.size(); ++c) {
      if (std::find(listed.classes.begin(), listed.classes.end(), classes[c]) !=
          listed.classes.end()) {
        group.classes.push_back(c);
      }
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

/// What contradicts itself in a profile, and the JSON key where it stands.
struct ProfileFault {
  std::string key;
  std::string message;
};

namespace detail {

/// The first name that stands twice, or nothing.
inline std::optional<std::string> first_repeated(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  const auto at = std::adjacent_find(names.begin(), names.end());
  return at == names.end() ? std::nullopt : std::optional<std::string>(*at);
}

inline std::optional<ProfileFault> find_grouping_fault(const Profile& profile,
                                                       const ProfileGrouping& grouping,
                                                       const std::string& key) {
  std::vector<std::string> groups;
  std::vector<std::string> listed;
  for (const ProfileGroup& group : grouping.groups) {
    if (group.name.empty()) return ProfileFault{key, "a group has no name"};
    groups.push_back(group.name);
    for (const std::string& name : group.classes) {
      const auto& known = profile.classes;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        return ProfileFault{key + "." + group.name,
                            "'" + name + "' is not one of the profile's classes"};
      }
      listed.push_back(name);
    }
  }
  if (const auto repeated = first_repeated(groups)) {
    return ProfileFault{key, "the group '" + *repeated + "' stands twice"};
  }
  if (const auto repeated = first_repeated(listed)) {
    return ProfileFault{key, "the class '" + *repeated + "' stands in the groups twice"};
  }
  return std::nullopt;
}

inline std::optional<ProfileFault> find_count_fault(const Profile& profile) {
  if (!profile.train_counts.empty() && profile.train_counts.size() != profile.classes.size()) {
    return ProfileFault{"train_counts", "there must be one count per class, or none at all"};
  }
  for (std::size_t c = 0; c < profile.train_counts.size(); ++c) {
    const TrainCount& count = profile.train_counts[c];
    if (profile.train_size > 0 && count && *count > profile.train_size) {
      return ProfileFault{"train_counts." + profile.classes[c],
                          std::to_string(*count) + " is more than train_size, " +
                              std::to_string(profile.train_size)};
    }
  }
  return std::nullopt;
}

inline std::optional<ProfileFault> find_class_fault(const Profile& profile) {
  if (profile.classes.empty()) return ProfileFault{"classes", "expected at least one class"};
  for (const std::string& name : profile.classes) {
    if (name.empty()) return ProfileFault{"classes", "a class name is empty"};
    if (name == profile.id_column) {
      return ProfileFault{"id_column", "'" + name + "' is also the name of a class"};
    }
    const auto& aliases = profile.id_aliases;
    if (std::find(aliases.begin(), aliases.end(), name) != aliases.end()) {
      return ProfileFault{"id_aliases", "'" + name + "' is also the name of a class"};
    }
  }
  if (const auto repeated = first_repeated(profile.classes)) {
    return ProfileFault{"classes", "'" + *repeated + "' stands twice"};
  }
  return std::nullopt;
}

}  // namespace detail

/// The first thing that contradicts itself in a profile, or nothing: no or repeated classes, an id
/// column named like a class, a count above the training size, a group, swap pair or normal class
/// that names no class, a class in two groups, an empty range of values. O(classes squared).
inline std::optional<ProfileFault> find_fault(const Profile& profile) {
  const auto is_class = [&profile](const std::string& name) {
    const auto& known = profile.classes;
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  if (profile.name.empty()) return ProfileFault{"name", "expected a name"};
  if (auto fault = detail::find_class_fault(profile)) return fault;
  if (!profile.normal_class.empty() && !is_class(profile.normal_class)) {
    return ProfileFault{"normal_class",
                        "'" + profile.normal_class + "' is not one of the profile's classes"};
  }
  if (auto fault = detail::find_count_fault(profile)) return fault;
  if (auto fault = detail::find_grouping_fault(profile, profile.grouping, "groups")) return fault;
  for (const ProfileGrouping& grouping : profile.alternative_groupings) {
    const std::string key = "alternative_groups." + grouping.name;
    if (auto fault = detail::find_grouping_fault(profile, grouping, key)) return fault;
  }
  if (!is_finite(profile.lowest) || !is_finite(profile.highest) ||
      !(profile.lowest < profile.highest)) {
    return ProfileFault{"value_range", "the first bound must be below the second"};
  }
  for (const SwapPair& pair : profile.swap_pairs) {
    for (const std::string& name : {pair.first, pair.second}) {
      if (!is_class(name)) {
        return ProfileFault{"swap_pairs", "'" + name + "' is not one of the profile's classes"};
      }
    }
    if (pair.first == pair.second) {
      return ProfileFault{"swap_pairs", "'" + pair.first + "' is paired with itself"};
    }
  }
  return std::nullopt;
}

}  // namespace cxrlt
