// SPDX-License-Identifier: Apache-2.0
/// The known name that an unknown one was probably meant to be.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/text.hpp"

namespace cxrlt {

/// The Levenshtein distance: the least number of bytes to insert, delete or replace to turn `a`
/// into `b` (Levenshtein 1966). O(|a| |b|) time.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

/// The candidate closest to `name`, or "" when none is close: at most max(2, two fifths of the
/// length of `name`) edits, case set aside, and fewer than its length. Of equally close ones the
/// closest with case counts, then the first. Only the first 10,000 candidates are looked at.
inline std::string closest_name(std::string_view name, std::span<const std::string> candidates) {
  constexpr std::size_t most_candidates = 10'000;
  constexpr std::size_t longest = 200;
  if (name.empty() || name.size() > longest) return "";
  const std::size_t allowed =
      std::min(std::max<std::size_t>(2, name.size() * 2 / 5), name.size() - 1);
  const std::string wanted = ascii_lower(name);
  std::string best;
  std::size_t best_distance = allowed + 1;
  std::size_t best_with_case = 0;
  for (const std::string& candidate :
       candidates.first(std::min(most_candidates, candidates.size()))) {
    if (candidate.empty() || candidate.size() > name.size() + allowed ||
        candidate.size() + allowed < name.size()) {
      continue;
    }
    const std::size_t distance = edit_distance(wanted, ascii_lower(candidate));
    if (distance > allowed || distance > best_distance) continue;
    const std::size_t with_case = edit_distance(name, candidate);
    if (distance < best_distance || with_case < best_with_case) {
      best = candidate;
      best_distance = distance;
      best_with_case = with_case;
    }
  }
  return best;
}

/// `; the closest is 'x'` for a message, or "" when no candidate is close.
inline std::string closest_hint(std::string_view name, std::span<const std::string> candidates) {
  const std::string closest = closest_name(name, candidates);
  return closest.empty() ? "" : "; the closest is '" + printable(closest) + "'";
}

}  // namespace cxrlt
