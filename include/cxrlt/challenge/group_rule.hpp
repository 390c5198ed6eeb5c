// SPDX-License-Identifier: Apache-2.0
/// How classes are grouped, as users write it: `prevalence:0.10,0.01`, `count:1000,100`,
/// `rank:10,10`, `profile`, `file:F`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/metrics/frequency_groups.hpp"

namespace cxrlt {

enum class GroupBy : std::uint8_t { prevalence, count, rank, profile, file };

/// A rule with its two numbers, or its file.
struct GroupRule {
  GroupBy by = GroupBy::prevalence;
  double head = 0;
  double tail = 0;
  std::string file = {};
};

/// The rule of a kind with its usual numbers: a prevalence of 0.10 and 0.01 (the CXR-LT 2024
/// overview), counts of 1000 and 100, the 10 most and least frequent; none for the other kinds.
inline GroupRule default_group_rule(GroupBy by = GroupBy::prevalence) {
  switch (by) {
    case GroupBy::prevalence:
      return {by, 0.10, 0.01};
    case GroupBy::count:
      return {by, 1000, 100};
    case GroupBy::rank:
      return {by, 10, 10};
    case GroupBy::profile:
    case GroupBy::file:
      break;
  }
  return {by};
}

/// The forms of rules, for people, each with its usual numbers.
inline std::string group_rule_forms() {
  const auto form = [](const char* kind, GroupBy by) {
    const GroupRule rule = default_group_rule(by);
    return std::string(kind) + ":" + number_text(rule.head) + "," + number_text(rule.tail);
  };
  return form("prevalence", GroupBy::prevalence) + ", " + form("count", GroupBy::count) + ", " +
         form("rank", GroupBy::rank) + ", profile or file:FILE";
}

namespace detail {

[[noreturn]] inline void throw_group_rule(std::string_view text) {
  throw InvalidArgument("'" + std::string(text) + "' is no rule for groups; expected " +
                        group_rule_forms());
}

/// The two numbers of `kind:head,tail`.
inline void parse_cuts(std::string_view text, std::string_view numbers, GroupRule& rule) {
  const std::size_t comma = std::min(numbers.find(','), numbers.size());
  const std::optional<double> head = number_of(std::string(numbers.substr(0, comma)));
  const std::optional<double> tail =
      number_of(std::string(numbers.substr(std::min(comma + 1, numbers.size()))));
  if (!head || !tail || *head < 0 || *tail < 0) throw_group_rule(text);
  rule.head = *head;
  rule.tail = *tail;
}

}  // namespace detail

/// Reads a rule; `prevalence`, `count` and `rank` without numbers mean the usual ones.
/// @throws InvalidArgument for anything else.
inline GroupRule parse_group_rule(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const bool has_value = colon != std::string_view::npos;
  const std::string_view value = has_value ? text.substr(colon + 1) : std::string_view();
  GroupRule rule;
  if (kind == "profile" && !has_value) return default_group_rule(GroupBy::profile);
  if (kind == "file" && !value.empty()) return {GroupBy::file, 0, 0, std::string(value)};
  if (kind == "prevalence") {
    rule = default_group_rule(GroupBy::prevalence);
  } else if (kind == "count") {
    rule = default_group_rule(GroupBy::count);
  } else if (kind == "rank") {
    rule = default_group_rule(GroupBy::rank);
  } else {
    detail::throw_group_rule(text);
  }
  if (has_value) detail::parse_cuts(text, value, rule);
  const auto whole = [](double number) {
    return number < 1e9 && number == static_cast<double>(static_cast<std::uint64_t>(number));
  };
  if (rule.by == GroupBy::rank && !(whole(rule.head) && whole(rule.tail))) {
    detail::throw_group_rule(text);
  }
  return rule;
}

/// The groups of a rule by training counts. @throws InvalidArgument for a rule that does not go by
/// counts (`profile`, `file`), and as the functions it calls.
inline std::vector<ClassGroup> groups_by_rule(const GroupRule& rule,
                                              std::span<const TrainCount> counts,
                                              std::uint64_t train_size) {
  switch (rule.by) {
    case GroupBy::prevalence:
      return groups_by_prevalence(counts, train_size, rule.head, rule.tail);
    case GroupBy::count:
      return groups_by_count(counts, rule.head, rule.tail);
    case GroupBy::rank:
      return groups_by_rank(counts, static_cast<std::size_t>(rule.head),
                            static_cast<std::size_t>(rule.tail));
    case GroupBy::profile:
    case GroupBy::file:
      break;
  }
  throw InvalidArgument("a profile or a file lists its groups; training counts do not make them");
}

}  // namespace cxrlt
