// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cxrlt/ensemble/combine_rule.hpp>
#include <cxrlt/ensemble/gating.hpp>
#include <cxrlt/ensemble/study_views.hpp>
#include <cxrlt/evaluate/search_ensemble.hpp>
#include <cxrlt/metrics/metric_name.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/common.hpp"
#include "cli/data_arguments.hpp"
#include "cli/train_counts.hpp"

namespace cxrlt::cli {

/// What `ensemble` was asked for, as written on the command line.
struct EnsembleArguments {
  std::vector<std::string> command_line;
  std::vector<std::string> files;
  DataArguments data;  ///< its `predictions` are not used
  CountArguments train_counts;
  std::string ids;
  std::string method = "mean";
  std::string weights;
  std::string search;
  std::string strategy = "greedy";
  bool per_class = false;
  int folds = 5;
  std::string views;
  std::string view_method;
  std::string study;
  bool per_study = false;
  std::string gate;
  std::string normal;
  std::vector<std::string> exceptions;
  std::optional<double> smooth;
  std::string train_labels;
  std::string metric = "average_precision";
  std::string cluster;
  int n_replicates = 1000;
  double level = 0.95;
  std::uint64_t seed = 0;
  OutputOptions output;
};

/// Views as they were asked for.
struct ViewChoice {
  std::string column;
  ViewMethod method = ViewMethod::weighted;
  ViewWeights weights;
};

/// The arguments, read.
struct EnsemblePlan {
  CombineRule rule;
  std::vector<double> weights;  ///< of `--weights 2,1,1`; none where they come from elsewhere
  MetricName metric;            ///< of `--search`, else of `--metric`
  std::optional<EnsembleSearchOptions> search;
  std::optional<ViewChoice> views;
  std::optional<Gate> gate;
};

/// Reads the arguments. @throws UsageError for what is missing or contradicts itself.
EnsemblePlan plan_of(const EnsembleArguments& arguments);

/// Combines the predictions, writes them and shows what was done.
void run_ensemble(const EnsembleArguments& arguments);

}  // namespace cxrlt::cli
