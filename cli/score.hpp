// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <cxrlt/evaluate/options.hpp>
#include <cxrlt/io/dataset.hpp>
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

/// Refuses what is missing or contradicts itself. @throws UsageError
void check_usage(const ScoreArguments& arguments);

/// The metrics of `--metric`. @throws UsageError for a name that is none.
std::vector<MetricName> metrics_of(const ScoreArguments& arguments);

/// What averages do with undefined values. @throws UsageError for names that are none.
UndefinedPolicies policies_of(const ScoreArguments& arguments);

/// Whether a metric reads scores only by their order, so that infinite ones do no harm.
bool ranks_only(const MetricName& name);

/// How the dataset is evaluated, but for the groups.
EvaluationOptions evaluation_options(const ScoreArguments& arguments, const Dataset& dataset,
                                     const UndefinedPolicies& policies,
                                     const std::vector<MetricName>& metrics);

/// Scores the files and writes the report.
void run_score(const ScoreArguments& arguments);

}  // namespace cxrlt::cli
