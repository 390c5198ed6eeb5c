// SPDX-License-Identifier: Apache-2.0
#include "cli/leaderboard.hpp"

#include <algorithm>
#include <cxrlt/core/number_text.hpp>
#include <cxrlt/evaluate/leaderboard.hpp>
#include <cxrlt/io/detail/json_text.hpp>
#include <cxrlt/io/input_file.hpp>
#include <cxrlt/io/leaderboard_csv.hpp>
#include <cxrlt/io/leaderboard_json.hpp>
#include <cxrlt/io/leaderboard_page.hpp>
#include <cxrlt/io/leaderboard_report.hpp>
#include <cxrlt/io/submission_check.hpp>
#include <cxrlt/io/team_table.hpp>
#include <cxrlt/io/value_table.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "cli/leaderboard_scores.hpp"
#include "cli/score_evaluation.hpp"

namespace cxrlt::cli {

namespace {

/// The weights of `--weights`, one a metric; equal ones where none are given.
std::vector<double> weights_of(const std::string& text, std::size_t n_metrics) {
  if (text.empty()) return std::vector<double>(n_metrics, 1.0);
  std::vector<double> weights;
  double sum = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    const std::optional<double> weight = number_of(part);
    if (!weight || *weight < 0) {
      throw UsageError("--weights: '" + part + "' is no weight; expected a number of 0 or more");
    }
    weights.push_back(*weight);
    sum += *weight;
    begin = end + 1;
  }
  if (weights.size() != n_metrics) {
    throw UsageError("--weights has " + std::to_string(weights.size()) + " numbers for " +
                     std::to_string(n_metrics) + " metrics");
  }
  if (sum == 0) throw UsageError("--weights are all 0");
  return weights;
}

/// What ranks, and how.
LeaderboardOptions ranking_of(const LeaderboardArguments& arguments,
                              const std::vector<MetricName>& metrics) {
  LeaderboardOptions options;
  options.level = arguments.score.level;
  options.best_of_team = !arguments.teams.empty();
  std::vector<double> weights(metrics.size(), 0.0);
  if (arguments.combine.empty()) {
    weights.front() = 1;
  } else {
    options.combination =
        choice<Combination>("way to combine", arguments.combine,
                            {{"rank", Combination::ranks}, {"value", Combination::values}});
    if (metrics.size() < 2) throw UsageError("--combine needs two metrics or more: --metric NAME");
    weights = weights_of(arguments.weights, metrics.size());
  }
  std::set<std::string> known;
  for (std::size_t k = 0; k < metrics.size(); ++k) {
    const MetricName& name = metrics[k];
    const Direction direction = name.key.metric->direction;
    if (direction == Direction::reference && weights[k] > 0) {
      throw UsageError("'" + name.text + "' is for reference and ranks nobody");
    }
    if (!known.insert(name.text).second) {
      throw UsageError("the metric '" + name.text + "' is asked for twice");
    }
    options.metrics.push_back({name.text, direction, weights[k]});
  }
  return options;
}

/// The submissions, folders opened. What other options read is none.
std::vector<std::filesystem::path> submissions_of(const LeaderboardArguments& arguments,
                                                  std::vector<RefusedSubmission>& refused) {
  std::vector<std::filesystem::path> others = input_files(arguments.score.data);
  others.emplace_back(arguments.teams);
  others.emplace_back(arguments.score.train_counts.file);
  const auto is_other = [&](const std::filesystem::path& path) {
    return std::any_of(others.begin(), others.end(), [&](const std::filesystem::path& other) {
      return !other.empty() && same_file(path, other);
    });
  };
  std::vector<std::filesystem::path> paths;
  for (const std::string& path : arguments.paths) {
    std::error_code error;  // what cannot be looked at is reported as a file that cannot be read
    if (!std::filesystem::is_directory(path, error)) {
      paths.emplace_back(path);
      continue;
    }
    try {
      for (std::filesystem::path& found : find_submissions(path)) {
        if (!is_other(found)) paths.push_back(std::move(found));
      }
    } catch (const DataError& error_of_folder) {
      if (arguments.paths.size() == 1) throw;
      refused.push_back({base_name(path), error_of_folder.problem()});
    }
  }
  if (paths.empty() && refused.empty()) {
    throw UsageError("the folder holds no submission, only what other options name");
  }
  check_not_overwritten("-o", arguments.score.output.path, paths);
  return paths;
}

void read_values(const LeaderboardArguments& arguments, LeaderboardReport& report) {
  report.from_values = true;
  std::vector<MetricName> metrics = metrics_of(arguments.score);
  std::vector<std::string> names;
  const std::vector<std::filesystem::path> paths = submissions_of(arguments, report.refused);
  check_can_write(arguments.score.output.path);
  for (const std::filesystem::path& path : paths) {
    try {
      std::vector<Problem> notes;
      const ValueTable table = read_value_table(path, metrics, notes);
      if (metrics.empty()) metrics = table.metrics;
      report.inputs.push_back(table.input);
      add_new_notes(notes, report.notes);
      for (std::size_t row = 0; row < table.names.size(); ++row) {
        LeaderboardEntry entry;
        for (std::size_t k = 0; k < metrics.size(); ++k) {
          entry.values.push_back({metrics[k].text, table.values[row][k]});
        }
        names.push_back(table.names[row]);
        report.entries.push_back(std::move(entry));
      }
    } catch (const DataError& error) {
      report.refused.push_back({base_name(path), error.problem()});
    }
  }
  names = numbered(std::move(names));
  for (std::size_t e = 0; e < names.size(); ++e) report.entries[e].name = names[e];
  if (metrics.empty()) throw DataError(report.refused.front().problem);
  report.options = ranking_of(arguments, metrics);
}

/// Gives each entry its team. Who is in no team takes part alone.
void assign_teams(const LeaderboardArguments& arguments, LeaderboardReport& report) {
  if (arguments.teams.empty()) return;
  std::map<std::string, std::string> teams = read_teams(arguments.teams);
  std::set<std::string> used;
  std::string without;
  for (LeaderboardEntry& entry : report.entries) {
    // Of files with one name, all are the team's.
    const std::string plain = entry.name.substr(0, entry.name.rfind(" ("));
    const auto found = teams.contains(entry.name) ? teams.find(entry.name) : teams.find(plain);
    if (found == teams.end()) {
      without += (without.empty() ? "'" : ", '") + entry.name + "'";
      continue;
    }
    entry.team = found->second;
    used.insert(found->first);
  }
  for (const RefusedSubmission& refused : report.refused) used.insert(refused.name);
  const std::string file = base_name(arguments.teams);
  if (!without.empty()) {
    add_new_notes({note("no_team", file + " names no team for " + without + ": ranked alone")},
                  report.notes);
  }
  std::string unknown;
  for (const auto& [name, team] : teams) {
    if (!used.contains(name)) unknown += (unknown.empty() ? "'" : ", '") + name + "'";
  }
  if (!unknown.empty()) {
    add_new_notes({note("unknown_file", file + " names what is no submission here: " + unknown)},
                  report.notes);
  }
}

std::string render(const LeaderboardReport& report, Format format) {
  return rendered(
      format, [&] { return detail::json_text(leaderboard_json(report)); },
      [&] { return leaderboard_csv(report); }, [&] { return leaderboard_page(report); });
}

}  // namespace

void run_leaderboard(const LeaderboardArguments& arguments) {
  check_usage(arguments);
  LeaderboardReport report;
  report.arguments = arguments.score.command_line;
  report.seed = arguments.score.seed;
  report.n_bins = arguments.score.n_bins;
  if (arguments.from_values) {
    read_values(arguments, report);
  } else {
    std::vector<MetricName> metrics = metrics_of(arguments.score);
    if (metrics.empty()) metrics.push_back(parse_metric_name("average_precision"));
    report.options = ranking_of(arguments, metrics);
    score_submissions(arguments, metrics, submissions_of(arguments, report.refused), report);
  }
  assign_teams(arguments, report);
  report.board = make_leaderboard(report.entries, report.options);
  write_output(arguments.score.output, render(report, arguments.score.output.format));
  constexpr int bad_data = 2;
  if (!report.refused.empty()) throw Exit{bad_data};
}

}  // namespace cxrlt::cli
