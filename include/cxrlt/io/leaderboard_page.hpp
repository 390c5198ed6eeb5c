// SPDX-License-Identifier: Apache-2.0
/// The page of `leaderboard` that a person reads: who stands where, and how firmly.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/detail/page_parts.hpp"
#include "cxrlt/io/detail/score_cells.hpp"
#include "cxrlt/io/leaderboard_report.hpp"
#include "cxrlt/io/table.hpp"

namespace cxrlt {

namespace detail {

/// `1`, or `1-3`.
inline std::string rank_range(const Interval& ranks) {
  const std::string lower = number_text(ranks.lower);
  return ranks.lower == ranks.upper ? lower : lower + "-" + number_text(ranks.upper);
}

/// The metrics that rank, with their weights where there are several.
inline std::string ranking_text(const LeaderboardOptions& options) {
  std::string text;
  for (const LeaderboardMetric& metric : options.metrics) {
    if (metric.weight == 0) continue;
    text += (text.empty() ? "" : ", ") + metric.name;
    if (options.combination) text += " x " + number_text(metric.weight);
    text += " (" + std::string(to_string(metric.direction)) + ")";
  }
  if (!options.combination) return text;
  return std::string("the mean ") + std::string(to_string(*options.combination)) + " of " + text;
}

inline std::string metric_cell(const LeaderboardPlace& place, const MetricValue& value,
                               std::size_t k) {
  const std::string text = fixed(value, 4);
  return place.metric_ranks.size() == 1 || place.metric_ranks[k] == 0
             ? text
             : fmt::format("{} ({})", text, place.metric_ranks[k]);
}

inline std::vector<TableColumn> leaderboard_columns(const LeaderboardReport& report) {
  const bool uncertain = report.board.n_replicates > 0;
  std::vector<TableColumn> columns{{"rank"}};
  if (uncertain) columns.insert(columns.end(), {{"ranks"}, {"first"}});
  columns.push_back({report.from_values ? "name" : "submission", Align::left});
  if (report.options.best_of_team) {
    columns.insert(columns.end(), {{"team", Align::left}, {"entries"}});
  }
  if (report.options.combination) {
    columns.push_back({"mean " + std::string(to_string(*report.options.combination))});
  }
  for (const LeaderboardMetric& metric : report.options.metrics) columns.push_back({metric.name});
  if (uncertain) columns.insert(columns.end(), {{"behind"}, {"p"}, {"", Align::left}});
  return columns;
}

inline std::vector<std::string> leaderboard_row(const LeaderboardPlace& place,
                                                const LeaderboardReport& report) {
  const LeaderboardEntry& entry = report.entries[place.entry];
  const bool uncertain = place.rank_interval && place.share_first && place.against_first;
  std::vector<std::string> row{std::to_string(place.rank)};
  if (uncertain) {
    row.insert(row.end(), {rank_range(*place.rank_interval), fixed(*place.share_first, 2)});
  }
  row.push_back(entry.name);
  if (report.options.best_of_team) {
    row.insert(row.end(), {entry.team.empty() ? "-" : entry.team, std::to_string(place.n_entries)});
  }
  if (report.options.combination) row.push_back(fixed(place.score, 4));
  for (std::size_t k = 0; k < entry.values.size(); ++k) {
    row.push_back(metric_cell(place, entry.values[k].value, k));
  }
  if (uncertain) {
    row.insert(row.end(),
               {fixed(place.against_first->behind, 4), p_cell(place.against_first->p_adjusted),
                place.against_first->tied ? "=" : ""});
  }
  return row;
}

inline void add_combination_lines(const LeaderboardReport& report, PageSection& section) {
  const LeaderboardOptions& options = report.options;
  if (options.combination == Combination::ranks) {
    section.lines.push_back(
        "mean rank: the weighted mean of the ranks by each metric; lower is better. It depends on "
        "who else takes part.");
  } else if (options.combination) {
    section.lines.push_back(
        "mean value: the weighted mean of the values, higher is better; metrics for which lower is "
        "better enter with the opposite sign.");
  }
}

inline void add_uncertainty_lines(const LeaderboardReport& report, PageSection& section) {
  const Leaderboard& board = report.board;
  if (board.n_replicates == 0) {
    if (!report.from_values) {
      section.lines.push_back("Nothing is said of uncertainty: give --ci N.");
    }
    return;
  }
  section.lines.push_back(fmt::format(
      "ranks: what {} % of {} resampled test sets give ({}); first: in which share of them it is "
      "first.",
      number_text(100 * report.options.level), grouped(board.n_replicates),
      report.cluster ? fmt::format("{} clusters by {}", grouped(report.n_units), *report.cluster)
                     : grouped(report.n_units) + " rows"));
  section.lines.push_back(
      "behind: by how much the first is better; p: paired bootstrap, adjusted by Holm for all "
      "comparisons with the first.");
  section.lines.push_back(fmt::format(
      "=  not shown to be worse than the first (p > {}); that is not shown to be as good.",
      number_text(1 - report.options.level, 6)));
  if (board.too_few_replicates) {
    section.lines.push_back(fmt::format(
        "{} replicates are too few to tell any of {} submissions from the first: give a larger "
        "--ci.",
        grouped(board.n_replicates), board.places.size()));
  }
}

inline PageSection leaderboard_section(const LeaderboardReport& report) {
  PageSection section;
  section.title = "Ranked by " + ranking_text(report.options);
  section.table.columns = leaderboard_columns(report);
  bool any_undefined = false;
  for (const LeaderboardPlace& place : report.board.places) {
    section.table.rows.push_back(leaderboard_row(place, report));
    any_undefined = any_undefined || !place.score.defined();
  }
  if (report.board.places.empty()) {
    section.lines.push_back("No submission could be ranked.");
    return section;
  }
  section.lines.push_back(
      report.options.metrics.size() > 1
          ? "Equal values share the better rank, and the next ranks are skipped; in brackets the "
            "rank by that metric."
          : "Equal values share the better rank, and the next ranks are skipped.");
  add_combination_lines(report, section);
  if (any_undefined) section.lines.push_back("-  has no value, and ranks last.");
  add_uncertainty_lines(report, section);
  return section;
}

inline PageSection refused_section(const LeaderboardReport& report) {
  PageSection section{
      "Not ranked", {{{"submission", Align::left}, {"problem", Align::left}}, {}}, {}};
  for (const RefusedSubmission& refused : report.refused) {
    section.table.rows.push_back({refused.name, describe(refused.problem)});
  }
  return section;
}

inline PageSection superseded_section(const LeaderboardReport& report) {
  PageSection section{"Behind a better one of the same team", {}, {}};
  for (const std::size_t e : report.board.superseded) {
    section.lines.push_back(report.entries[e].name + " (" + report.entries[e].team + ")");
  }
  return section;
}

inline PageSection shared_classes_section(const LeaderboardReport& report) {
  PageSection section{fmt::format("Classes, the same for all: {}", report.classes.size()), {}, {}};
  std::string names;
  for (const std::string& name : report.classes) names += (names.empty() ? "" : ", ") + name;
  section.lines.push_back(std::move(names));
  return section;
}

inline std::string leaderboard_title(const LeaderboardReport& report) {
  const std::size_t n = report.entries.size() + report.refused.size();
  std::string title = report.refused.empty() ? "" : grouped(report.entries.size()) + " of ";
  title += grouped(n) + (n == 1 ? " submission" : " submissions");
  if (report.from_values) {
    title += " by the values in ";
    for (std::size_t i = 0; i < report.inputs.size(); ++i) {
      title += (i == 0 ? "" : ", ") + report.inputs[i].file;
    }
    return title;
  }
  for (const InputInfo& input : report.inputs) {
    if (input.role == "truth") title += " against " + input.file;
  }
  title +=
      fmt::format(": {} samples, {} classes", grouped(report.n_samples), report.classes.size());
  if (report.profile) title += ", profile " + *report.profile;
  if (report.joined == "position") title += ", rows joined by position";
  return title;
}

}  // namespace detail

/// The page for a person.
inline Page leaderboard_page(const LeaderboardReport& report) {
  Page page{detail::leaderboard_title(report), {}};
  page.sections.push_back(detail::leaderboard_section(report));
  if (!report.refused.empty()) page.sections.push_back(detail::refused_section(report));
  detail::add_lines(detail::superseded_section(report), page);
  if (!report.from_values) page.sections.push_back(detail::shared_classes_section(report));
  detail::add_notes(report.notes, page);
  return page;
}

}  // namespace cxrlt
