// SPDX-License-Identifier: Apache-2.0
/// The form in which the built-in profiles are written down.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cxrlt::detail {

enum class BuiltinGroup : std::uint8_t { none, head, medium, tail };

// Short names for the tables of classes.
inline constexpr BuiltinGroup kNone = BuiltinGroup::none;
inline constexpr BuiltinGroup kHead = BuiltinGroup::head;
inline constexpr BuiltinGroup kMedium = BuiltinGroup::medium;
inline constexpr BuiltinGroup kTail = BuiltinGroup::tail;

/// A count that is not public.
inline constexpr std::int64_t kUnknownCount = -1;

/// One class: its training positives, its group by prevalence, and its group in the alternative.
struct BuiltinClass {
  std::string_view name;
  std::int64_t train_count = kUnknownCount;
  BuiltinGroup group = kNone;
  BuiltinGroup alternative = kNone;
};

struct BuiltinNote {
  std::string_view about;
  std::string_view text;
  bool inferred = false;
};

struct BuiltinGrouping {
  std::string_view name;  ///< empty: there is none
  std::string_view rule;
  bool inferred = false;
};

/// A profile as constant data; `to_profile` makes a `Profile` of it.
struct BuiltinProfile {
  std::string_view name;
  std::string_view title;
  std::string_view id_column;
  std::string_view id_alias;  ///< empty: none
  std::string_view normal_class;
  std::span<const BuiltinClass> classes;
  std::uint64_t train_size = 0;
  std::string_view train_counts_source;
  BuiltinGrouping grouping;
  BuiltinGrouping alternative;
  std::string_view swap_first;  ///< empty: no pair
  std::string_view swap_second;
  std::span<const BuiltinNote> notes;
};

/// The group by the rule of the CXR-LT 2024 overview: head > 10 %, tail < 1 % of `train_size`.
constexpr BuiltinGroup group_by_prevalence(std::int64_t count, std::uint64_t train_size) {
  if (count < 0) return kNone;
  const auto positives = static_cast<std::uint64_t>(count);
  if (positives * 10 > train_size) return kHead;
  return positives * 100 < train_size ? kTail : kMedium;
}

/// True if the groups written beside the counts are those of the rule.
constexpr bool groups_follow_prevalence(std::span<const BuiltinClass> classes,
                                        std::uint64_t train_size) {
  for (const BuiltinClass& entry : classes) {
    if (entry.group != group_by_prevalence(entry.train_count, train_size)) return false;
  }
  return true;
}

inline constexpr BuiltinGrouping kPrevalenceGrouping{
    "prevalence", "training prevalence: head > 10 %, medium 1 to 10 %, tail < 1 %", true};

}  // namespace cxrlt::detail
