// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cxrlt/io/leaderboard_report.hpp>
#include <filesystem>
#include <vector>

#include "cli/leaderboard.hpp"

namespace cxrlt::cli {

/// Reads submissions against one truth, evaluates each by the metrics of `report.options`, and adds
/// its values, with replicates of those that rank. Who cannot be scored is listed as refused.
void score_submissions(const LeaderboardArguments& arguments,
                       const std::vector<MetricName>& metrics,
                       const std::vector<std::filesystem::path>& paths, LeaderboardReport& report);

}  // namespace cxrlt::cli
