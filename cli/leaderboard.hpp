// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/score.hpp"

namespace cxrlt::cli {

/// What `leaderboard` was asked for, as written on the command line.
struct LeaderboardArguments {
  /// Those that `score` has as well; its predictions are not looked at.
  ScoreArguments score;
  std::vector<std::string> paths;  ///< of submissions, or of folders
  bool from_values = false;
  std::string weights;
  std::string combine;
  std::string teams;
  std::string cluster;
  std::optional<int> n_replicates;
};

/// Refuses what is missing or contradicts itself. @throws UsageError
void check_usage(const LeaderboardArguments& arguments);

/// Ranks the submissions and writes the report. @throws Exit with 2 where some could not be ranked
void run_leaderboard(const LeaderboardArguments& arguments);

}  // namespace cxrlt::cli
