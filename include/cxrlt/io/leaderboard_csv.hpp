// SPDX-License-Identifier: Apache-2.0
/// The CSV of `leaderboard`: one submission a line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/leaderboard_report.hpp"
#include "cxrlt/io/score_csv.hpp"

namespace cxrlt {

namespace detail {

inline std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t c = 0; c < cells.size(); ++c) line += (c == 0 ? "" : ",") + csv_cell(cells[c]);
  return line + '\n';
}

inline std::string csv_line(const LeaderboardPlace& place, const LeaderboardReport& report) {
  const LeaderboardEntry& entry = report.entries[place.entry];
  std::vector<std::string> cells{entry.name, std::to_string(place.rank), entry.team,
                                 csv_number(place.score)};
  for (std::size_t k = 0; k < entry.values.size(); ++k) {
    const std::size_t rank = place.metric_ranks[k];
    cells.push_back(csv_number(entry.values[k].value));
    cells.push_back(rank == 0 ? "" : std::to_string(rank));
  }
  if (place.rank_interval && place.share_first && place.against_first) {
    cells.insert(
        cells.end(),
        {csv_number(place.rank_interval->lower), csv_number(place.rank_interval->upper),
         csv_number(*place.share_first), csv_number(place.against_first->behind),
         csv_number(place.against_first->p_value), csv_number(place.against_first->p_adjusted),
         place.against_first->tied ? "true" : "false"});
  } else {
    cells.insert(cells.end(), 7, "");
  }
  cells.emplace_back();
  return csv_line(cells);
}

}  // namespace detail

/// The report as CSV: `name,rank,team,score`, for each metric its name and `NAME_rank`, then
/// `rank_lower,rank_upper,share_first,behind_first,p_value,p_adjusted,tied_with_first,problem`.
/// Submissions that were refused come last, with their problem alone; those behind a better one of
/// their team are left out. What does not exist is blank. Numbers read back to the same double.
inline std::string leaderboard_csv(const LeaderboardReport& report) {
  std::vector<std::string> header{"name", "rank", "team", "score"};
  for (const LeaderboardMetric& metric : report.options.metrics) {
    header.push_back(metric.name);
    header.push_back(metric.name + "_rank");
  }
  header.insert(header.end(), {"rank_lower", "rank_upper", "share_first", "behind_first", "p_value",
                               "p_adjusted", "tied_with_first", "problem"});
  std::string text = detail::csv_line(header);
  for (const LeaderboardPlace& place : report.board.places) {
    text += detail::csv_line(place, report);
  }
  for (const RefusedSubmission& refused : report.refused) {
    std::vector<std::string> cells(header.size());
    cells.front() = refused.name;
    cells.back() = describe(refused.problem);
    text += detail::csv_line(cells);
  }
  return text;
}

}  // namespace cxrlt
