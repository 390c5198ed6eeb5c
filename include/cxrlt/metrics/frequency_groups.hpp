// SPDX-License-Identifier: Apache-2.0
/// Head, medium and tail: classes grouped by how often they occur in *training*.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"

namespace cxrlt {

/// Positives of one class in training, where known.
using TrainCount = std::optional<std::uint64_t>;

/// Some classes under one name, and the rule that put them there.
struct ClassGroup {
  std::string name;                  ///< `head`, `medium`, `tail`, or a name of the caller's
  std::string rule;                  ///< e.g. `training prevalence > 0.1`
  std::vector<std::size_t> classes;  ///< indices in class order
};

namespace detail {

/// Three groups by a frequency per class: head above one cut, tail below the other.
template <class Frequency>
std::vector<ClassGroup> cut_groups(std::span<const TrainCount> counts, const std::string& what,
                                   double head_above, double tail_below,
                                   const Frequency& frequency) {
  if (is_nan(tail_below) || is_nan(head_above) || tail_below > head_above) {
    throw InvalidArgument("groups: the tail's cut (" + number_text(tail_below) +
                          ") lies above the head's (" + number_text(head_above) +
                          "), or one is no number");
  }
  const std::string head = number_text(head_above);
  const std::string tail = number_text(tail_below);
  std::vector<ClassGroup> groups{{"head", what + " > " + head, {}},
                                 {"medium", what + " in [" + tail + ", " + head + "]", {}},
                                 {"tail", what + " < " + tail, {}}};
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (!counts[c]) continue;
    const double value = frequency(*counts[c]);
    groups[value > head_above ? 0U : value < tail_below ? 2U : 1U].classes.push_back(c);
  }
  return groups;
}

}  // namespace detail

/// Head, medium and tail by training prevalence count / train_size: head > `head_above`,
/// tail < `tail_below`, medium the rest, both cuts included (the rule of the CXR-LT 2024 overview:
/// 10 % and 1 %).
/// @param counts      training positives, one per class; a class without a count is in no group
/// @param train_size  rows of the training set
/// @return the three groups in that order, empty ones too
/// @throws InvalidArgument if a count exceeds train_size or train_size is 0 (where any class has a
/// count), or the cuts cross or are NaN.
/// Cost: O(classes).
inline std::vector<ClassGroup> groups_by_prevalence(std::span<const TrainCount> counts,
                                                    std::uint64_t train_size,
                                                    double head_above = 0.10,
                                                    double tail_below = 0.01) {
  for (const TrainCount& count : counts) {
    if (count && (train_size == 0 || *count > train_size)) {
      throw InvalidArgument("groups: a class has " + std::to_string(*count) +
                            " training positives, but the training size is " +
                            std::to_string(train_size));
    }
  }
  return detail::cut_groups(counts, "training prevalence", head_above, tail_below,
                            [train_size](std::uint64_t count) {
                              return static_cast<double>(count) / static_cast<double>(train_size);
                            });
}

/// Head, medium and tail by the number of training positives: head > `head_above`,
/// tail < `tail_below`, medium the rest, both cuts included (Liu et al. 2019 use 100 and 20).
/// `counts` and the result are those of `groups_by_prevalence`.
/// @throws InvalidArgument if the cuts cross or are NaN.
/// Cost: O(classes).
inline std::vector<ClassGroup> groups_by_count(std::span<const TrainCount> counts,
                                               double head_above = 1000, double tail_below = 100) {
  return detail::cut_groups(counts, "training positives", head_above, tail_below,
                            [](std::uint64_t count) { return static_cast<double>(count); });
}

/// The `top` classes most frequent in training, the `bottom` least frequent, and the rest as
/// medium; equal counts stand in class order. `counts` and the result are those of
/// `groups_by_prevalence`.
/// @throws InvalidArgument if there are fewer than top + bottom classes with a count.
/// Cost: O(classes log classes).
inline std::vector<ClassGroup> groups_by_rank(std::span<const TrainCount> counts, std::size_t top,
                                              std::size_t bottom) {
  std::vector<std::size_t> order;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c]) order.push_back(c);
  }
  // The sum could overflow.
  if (top > order.size() || bottom > order.size() - top) {
    throw InvalidArgument("groups: top " + std::to_string(top) + " and bottom " +
                          std::to_string(bottom) + " of only " + std::to_string(order.size()) +
                          " classes with a training count");
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return *counts[a] > *counts[b]; });
  std::vector<ClassGroup> groups{
      {"head", "the " + std::to_string(top) + " most frequent in training", {}},
      {"medium", "neither head nor tail", {}},
      {"tail", "the " + std::to_string(bottom) + " least frequent in training", {}}};
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    groups[rank < top                      ? 0U
           : rank + bottom >= order.size() ? 2U
                                           : 1U]
        .classes.push_back(order[rank]);
  }
  for (ClassGroup& group : groups) std::sort(group.classes.begin(), group.classes.end());
  return groups;
}

}  // namespace cxrlt
