// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <cxrlt/challenge/profile.hpp>
#include <cxrlt/ensemble/combine_rule.hpp>
#include <cxrlt/ensemble/gating.hpp>
#include <cxrlt/ensemble/study_views.hpp>
#include <cxrlt/evaluate/search_ensemble.hpp>
#include <cxrlt/io/dataset_options.hpp>
#include <cxrlt/io/submission_options.hpp>
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
  std::string strategy;
  bool per_class = false;
  std::optional<int> folds;
  std::string views;
  std::string view_method;
  std::string study;
  bool per_study = false;
  std::string gate;
  std::string normal;
  std::vector<std::string> exceptions;
  std::optional<double> smooth;
  std::string train_labels;
  std::vector<std::string> metrics;
  std::optional<double> threshold;
  std::string thresholds;
  std::string undefined;
  std::string convention;
  std::optional<int> n_bins;
  std::string cluster;
  std::optional<int> n_replicates;
  std::optional<double> level;
  std::optional<std::uint64_t> seed;
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
  std::optional<Profile> profile;
  std::optional<WantedIds> wanted_ids;
  CombineRule rule;
  std::vector<double> weights;  ///< of `--weights 2,1,1`; none where they come from elsewhere
  MetricName metric;            ///< of `--search`, else of `--metric`
  UndefinedPolicies undefined;
  std::optional<EnsembleSearchOptions> search;
  std::optional<ViewChoice> views;
  std::optional<Gate> gate;
  int n_replicates = 1000;
  double level = 0.95;
  std::uint64_t seed = 0;
};

/// How the files are read.
DatasetOptions ensemble_reading(const EnsembleArguments& arguments, const EnsemblePlan& plan);

/// Reads the arguments, and the small files that they name. @throws UsageError for what is missing
/// or contradicts itself.
EnsemblePlan plan_of(const EnsembleArguments& arguments);

/// Combines the predictions, writes them and shows what was done.
void run_ensemble(const EnsembleArguments& arguments);

}  // namespace cxrlt::cli
