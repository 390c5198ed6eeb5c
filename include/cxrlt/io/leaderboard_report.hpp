// SPDX-License-Identifier: Apache-2.0
/// A leaderboard with where its numbers come from: what every report of `leaderboard` is made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/evaluate/leaderboard.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/metrics/averaging.hpp"

namespace cxrlt {

/// A submission that could not be ranked.
struct RefusedSubmission {
  std::string name;
  Problem problem;
};

/// Everything that a report of `leaderboard` shows.
struct LeaderboardReport {
  std::vector<LeaderboardEntry> entries;  ///< their replicates are not looked at
  LeaderboardOptions options;
  Leaderboard board;
  std::vector<RefusedSubmission> refused;
  std::vector<std::string> arguments;
  std::vector<InputInfo> inputs;
  bool from_values = false;  ///< values were read, not computed: what follows does not apply
  std::size_t n_samples = 0;
  std::vector<std::string> classes;  ///< the same for all submissions
  std::string joined = "id";
  std::optional<std::string> profile;
  std::optional<std::string> counts_source;
  UndefinedPolicies undefined;
  std::vector<double> thresholds;  ///< as given; empty: 0.5
  int n_bins = 15;
  std::uint64_t seed = 0;
  std::optional<std::string> cluster;  ///< the column by which rows were resampled together
  std::size_t n_units = 0;             ///< rows, or clusters
  std::vector<Problem> notes;
};

/// Names as they are; those that stand several times are numbered in order: `sub.csv (2)`.
inline std::vector<std::string> numbered(std::vector<std::string> names) {
  std::unordered_map<std::string, std::size_t> n_all;
  for (const std::string& name : names) ++n_all[name];
  std::unordered_map<std::string, std::size_t> n_seen;
  for (std::string& name : names) {
    if (n_all[name] > 1) name += " (" + std::to_string(++n_seen[name]) + ")";
  }
  return names;
}

}  // namespace cxrlt
