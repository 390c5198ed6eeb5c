// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/common.hpp"
#include "cli/data_arguments.hpp"
#include "cli/train_counts.hpp"

namespace cxrlt::cli {

/// What `score` was asked for, as written on the command line.
struct ScoreArguments {
  DataArguments data;
  CountArguments train_counts;
  std::optional<std::string> group_by;
  std::vector<std::string> by;
  std::size_t min_n = 20;
  bool headline_only = false;
  std::vector<std::string> metrics;
  std::string undefined;
  std::string convention;
  std::optional<double> threshold;
  std::string thresholds;
  int n_bins = 15;
  int n_replicates = 0;  ///< of intervals; 0: none
  std::string cluster;
  double level = 0.95;
  std::uint64_t seed = 0;
  OutputOptions output;
  std::vector<std::string> command_line;  ///< recorded in the report
};

/// Adds `--train-counts`, `--group-by`, `--undefined`, `--threshold` and others of how predictions
/// are evaluated.
void add_evaluation_options(CLI::App& command, ScoreArguments& arguments);

/// Refuses those where they contradict each other. @throws UsageError
void check_evaluation_usage(const ScoreArguments& arguments);

/// Refuses what is missing or contradicts itself. @throws UsageError
void check_usage(const ScoreArguments& arguments);

/// Scores the files and writes the report.
void run_score(const ScoreArguments& arguments);

}  // namespace cxrlt::cli
