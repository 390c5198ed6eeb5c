// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "cli/common.hpp"
#include "cli/data_arguments.hpp"
#include "cli/train_counts.hpp"

namespace cxrlt::cli {

/// What `adjust` was asked for, as written on the command line.
struct AdjustArguments {
  DataArguments data;
  CountArguments train_counts;
  std::optional<double> tau;
  std::string search;
  std::string target_prior;
  std::string estimate_prior;
  std::string source_predictions;
  std::optional<double> prior_weight;
  std::optional<double> threshold;
  std::string thresholds;
  std::optional<int> n_bins;
  std::optional<double> level;
  OutputOptions output;
};

/// Refuses what is missing or contradicts itself. @throws UsageError
void check_usage(const AdjustArguments& arguments);

/// Adjusts the predictions, writes them and shows what was done.
void run_adjust(const AdjustArguments& arguments);

}  // namespace cxrlt::cli
