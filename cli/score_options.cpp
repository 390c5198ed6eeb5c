// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/challenge/group_rule.hpp>
#include <cxrlt/core/ordered_key.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/score.hpp"

namespace cxrlt::cli {

namespace {

void add_score_options(CLI::App& command, ScoreArguments& arguments) {
  add_prediction_options(command, arguments.data);
  add_truth_options(command, arguments.data);
  command.add_option("--by", arguments.by, "repeat the values per value of a column; repeatable")
      ->type_name("COLUMN")
      ->allow_extra_args(false);
  command.add_option("--min-n", arguments.min_n, "suppress values of --by with fewer rows (20)")
      ->check(whole_number)
      ->type_name("N");
  command
      .add_option("--metric", arguments.metrics,
                  "show only this value, e.g. map, micro:f1, f_beta@0.5; repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  add_evaluation_options(command, arguments);
  command
      .add_option("--ci", arguments.n_replicates,
                  "an interval on every value, by N bootstrap replicates, e.g. 2000 (0: none)")
      ->check(CLI::Range(0, 10'000'000))
      ->type_name("N");
  command
      .add_option(
          "--cluster", arguments.cluster,
          "with --ci: draw all rows with one value of this column, such as patient, together")
      ->type_name("COLUMN");
  command.add_flag("--public", arguments.headline_only,
                   "headline averages only, so that a hidden truth's counts do not leak");
  command.add_option("--seed", arguments.seed, "of the bootstrap (0)")
      ->check(whole_number)
      ->type_name("S");
  add_output_options(command, arguments.output);
}

}  // namespace

void add_evaluation_options(CLI::App& command, ScoreArguments& arguments) {
  add_count_options(command, arguments.train_counts);
  command
      .add_option(
          "--group-by", arguments.group_by,
          "by training counts (the default: the first), or as listed: " + group_rule_forms())
      ->type_name("RULE");
  command
      .add_option("--undefined", arguments.undefined,
                  "classes without a value: skip (default), zero, one, nan, error; or per metric: "
                  "ap=zero,auroc=skip")
      ->type_name("POLICY");
  command
      .add_option("--convention", arguments.convention,
                  "sklearn: AP and F1 count 0 without positives, AUROC is left out")
      ->type_name("NAME");
  command.add_option("--threshold", arguments.threshold, "decide at this threshold (0.5)")
      ->type_name("X");
  command
      .add_option("--thresholds", arguments.thresholds,
                  "a file that 'thresholds' wrote, or JSON {\"class\": threshold}")
      ->type_name("FILE");
  command.add_option("--bins", arguments.n_bins, "bins of the calibration errors (15)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  command.add_option("--level", arguments.level, "level of intervals (0.95)")
      ->check(CLI::Range(0.001, 0.999999))
      ->type_name("X");
}

void check_evaluation_usage(const ScoreArguments& arguments) {
  if (arguments.threshold && is_nan(*arguments.threshold)) {
    throw UsageError("--threshold is not a number");
  }
  if (arguments.threshold && !arguments.thresholds.empty()) {
    throw UsageError("--threshold and --thresholds contradict each other; give one of them");
  }
  const CountArguments& counts = arguments.train_counts;
  if (!counts.file.empty() && !counts.size && !arguments.group_by) {
    throw UsageError("--train-counts needs --train-size N, unless --group-by says otherwise");
  }
  if (counts.size && counts.file.empty()) {
    throw UsageError("--train-size goes with --train-counts FILE");
  }
}

void check_usage(const ScoreArguments& arguments) {
  // Not left to the parser, which would complain of these before a misspelt option.
  if (arguments.data.predictions.empty())
    throw UsageError("score needs a file of predictions: PRED");
  if (arguments.data.truth.empty()) throw UsageError("score needs the truth: --truth FILE");
  check_evaluation_usage(arguments);
  if (!arguments.cluster.empty() && arguments.n_replicates == 0) {
    throw UsageError("--cluster says what the intervals of --ci N draw together; give both");
  }
  if (arguments.headline_only && arguments.n_replicates > 0) {
    throw UsageError(
        "--public cannot go with --ci: intervals tell how many positives a hidden truth has");
  }
  if (arguments.headline_only && !arguments.by.empty()) {
    throw UsageError("--public shows headline averages only; it cannot go with --by");
  }
  if (arguments.headline_only && !arguments.metrics.empty()) {
    throw UsageError("--public shows headline averages only; it cannot go with --metric");
  }
  std::vector<std::filesystem::path> inputs = input_files(arguments.data);
  inputs.emplace_back(arguments.train_counts.file);
  inputs.emplace_back(arguments.thresholds);
  check_not_overwritten("-o", arguments.output.path, inputs);
}

void add_score(CLI::App& program, std::vector<std::string> command_line) {
  const auto arguments = std::make_shared<ScoreArguments>();
  arguments->command_line = std::move(command_line);
  CLI::App* command =
      program.add_subcommand("score", "all metrics: per class, macro, micro, weighted, groups");
  add_score_options(*command, *arguments);
  command->footer(
      "Example:\n"
      "  cxrlt score predictions.csv --truth truth.csv --profile cxrlt2026_task1\n"
      "  cxrlt score predictions.csv --truth truth.csv --metric map --metric class/Hernia:auroc\n"
      "  cxrlt score predictions.csv --truth truth.csv --ci 2000 --metadata meta.csv --cluster "
      "patient\n"
      "  cxrlt score predictions.csv --truth truth.csv --format json -o report.json");
  command->callback([arguments] { run_score(*arguments); });
}

}  // namespace cxrlt::cli
