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
  double head = 0.10;
  double tail = 0.01;
  std::string file;
};

namespace detail {

[[noreturn]] inline void throw_group_rule(std::string_view text) {
  throw InvalidArgument("'" + std::string(text) +
                        "' is no rule for groups; expected prevalence:0.10,0.01, count:1000,100, "
                        "rank:10,10, profile or file:FILE");
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

/// Reads a rule; `prevalence`, `count` and `rank` without numbers mean those shown above.
/// @throws InvalidArgument for anything else.
inline GroupRule parse_group_rule(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const bool has_value = colon != std::string_view::npos;
  const std::string_view value = has_value ? text.substr(colon + 1) : std::string_view();
  GroupRule rule;
  if (kind == "profile" && !has_value) return {GroupBy::profile, 0, 0, ""};
  if (kind == "file" && !value.empty()) return {GroupBy::file, 0, 0, std::string(value)};
  if (kind == "prevalence") {
    rule = {GroupBy::prevalence, 0.10, 0.01, ""};
  } else if (kind == "count") {
    rule = {GroupBy::count, 1000, 100, ""};
  } else if (kind == "rank") {
    rule = {GroupBy::rank, 10, 10, ""};
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

/// The groups of a rule by training counts. @throws InvalidArgument as the functions it calls.
inline std::vector<ClassGroup> groups_by_rule(const GroupRule& rule,
                                              std::span<const TrainCount> counts,
                                              std::uint64_t train_size) {
  if (rule.by == GroupBy::rank) {
    return groups_by_rank(counts, static_cast<std::size_t>(rule.head),
                          static_cast<std::size_t>(rule.tail));
  }
  if (rule.by == GroupBy::count) return groups_by_count(counts, rule.head, rule.tail);
  return groups_by_prevalence(counts, train_size, rule.head, rule.tail);
}

}  // namespace cxrlt
