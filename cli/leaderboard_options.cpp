// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/leaderboard.hpp"

namespace cxrlt::cli {

namespace {

void add_leaderboard_options(CLI::App& command, LeaderboardArguments& arguments) {
  ScoreArguments& score = arguments.score;
  command
      .add_option("files", arguments.paths,
                  "submissions: CSV (.gz, .zip) or NPY; a folder stands for the former in it")
      ->type_name("FILE|DIR");
  add_truth_options(command, score.data);
  command
      .add_option("--metric", score.metrics,
                  "the first ranks (default: average_precision), the others are shown; repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      .add_option("--combine", arguments.combine,
                  "rank by all metrics: by the mean 'rank', or the mean 'value'")
      ->type_name("WAY");
  command.add_option("--weights", arguments.weights, "of the metrics, with --combine: 2,1,1")
      ->type_name("LIST");
  command
      .add_option("--ci", arguments.n_replicates,
                  "resampled test sets for intervals of ranks and for ties (2000); 0: none")
      ->check(CLI::Range(0, 1'000'000))
      ->type_name("N");
  command
      .add_option("--cluster", arguments.cluster,
                  "resample the values of a column (patients) with all of their rows")
      ->type_name("COLUMN");
  command.add_option("--seed", score.seed, "of the resampling (0)")
      ->check(whole_number)
      ->type_name("S");
  command.add_option("--teams", arguments.teams, "CSV file,team: the best of each team takes part")
      ->type_name("FILE");
  command.add_flag("--values", arguments.from_values,
                   "the files are tables of metric values: a name, then a column a metric");
  add_reading_options(command, score.data);
  add_evaluation_options(command, score);
  add_output_options(command, score.output);
}

/// Options that say how values are computed, which `--values` reads instead.
void check_no_computation(const LeaderboardArguments& arguments) {
  const DataArguments& data = arguments.score.data;
  const std::vector<std::pair<const char*, bool>> given{
      {"--truth", !data.truth.empty()},
      {"--metadata", !data.metadata.empty()},
      {"--cluster", !arguments.cluster.empty()},
      {"--profile", !data.profile.empty()},
      {"--classes", !data.classes.empty()},
      {"--logits", data.logits},
      {"--ci", arguments.n_replicates.value_or(0) > 0}};
  for (const auto& [name, is_given] : given) {
    if (!is_given) continue;
    throw UsageError(std::string(name) +
                     " says nothing where --values reads the values; leave it out");
  }
}

}  // namespace

void check_usage(const LeaderboardArguments& arguments) {
  // Not left to the parser, which would complain of these before a misspelt option.
  if (arguments.paths.empty()) {
    throw UsageError("leaderboard needs submissions: FILE..., or a folder");
  }
  if (arguments.from_values) {
    check_no_computation(arguments);
  } else if (arguments.score.data.truth.empty()) {
    throw UsageError("leaderboard needs the truth: --truth FILE (or --values)");
  }
  if (!arguments.weights.empty() && arguments.combine.empty()) {
    throw UsageError(
        "--weights needs --combine rank or --combine value, which mean something else");
  }
  check_evaluation_usage(arguments.score);
  std::vector<std::filesystem::path> inputs = input_files(arguments.score.data);
  inputs.insert(inputs.end(), arguments.paths.begin(), arguments.paths.end());
  for (const std::string& file :
       {arguments.teams, arguments.score.thresholds, arguments.score.train_counts.file}) {
    inputs.emplace_back(file);
  }
  check_not_overwritten("-o", arguments.score.output.path, inputs);
}

void add_leaderboard(CLI::App& program, std::vector<std::string> command_line) {
  const auto arguments = std::make_shared<LeaderboardArguments>();
  arguments->score.command_line = std::move(command_line);
  CLI::App* command = program.add_subcommand(
      "leaderboard", "ranks submissions, with rank intervals and statistical ties");
  add_leaderboard_options(*command, *arguments);
  command->footer(
      "Exit code 2: some file could not be ranked; it is listed, the rest is ranked.\n"
      "Example:\n"
      "  cxrlt leaderboard submissions/ --truth truth.csv --profile cxrlt2026_task1\n"
      "  cxrlt leaderboard a.csv b.csv --truth truth.csv --metric map --metric ece --cluster "
      "patient\n"
      "  cxrlt leaderboard board.csv --values --metric map --metric ece --combine rank");
  command->callback([arguments] { run_leaderboard(*arguments); });
}

}  // namespace cxrlt::cli
