// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cxrlt/core/number_text.hpp>
#include <cxrlt/core/text.hpp>
#include <cxrlt/ensemble/detail/weight_range.hpp>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/ensemble.hpp"
#include "cli/score_evaluation.hpp"

namespace cxrlt::cli {

namespace {

/// `2,1,1`, one for each file.
std::vector<double> listed_weights(const EnsembleArguments& arguments) {
  if (arguments.weights.empty() || arguments.weights.starts_with('@')) return {};
  std::vector<double> weights;
  for (const std::string& part : split_text(arguments.weights, ',')) {
    const std::optional<double> weight = number_of(part);
    if (!weight || (*weight != 0 && !detail::is_positive_weight(*weight))) {
      throw UsageError("--weights: '" + part + "' is neither 0 nor a number from 1e-100 to 1e100");
    }
    weights.push_back(*weight);
  }
  if (std::all_of(weights.begin(), weights.end(), [](double weight) { return weight == 0; })) {
    throw UsageError("--weights are all 0");
  }
  if (weights.size() != arguments.files.size()) {
    throw UsageError("--weights has " + std::to_string(weights.size()) +
                     " weights, and there are " + std::to_string(arguments.files.size()) +
                     " files");
  }
  return weights;
}

EnsembleSearchOptions search_options(const EnsembleArguments& arguments, const CombineRule& rule) {
  EnsembleSearchOptions options;
  options.rule = rule;
  std::vector<std::pair<std::string, WeightStrategy>> strategies;
  for (const auto& [strategy, name] : weight_strategies) strategies.emplace_back(name, strategy);
  if (!arguments.strategy.empty()) {
    options.strategy = choice("strategy", arguments.strategy, strategies);
  }
  options.per_class = arguments.per_class;
  options.folds = {arguments.folds.value_or(5), arguments.seed.value_or(0)};
  return options;
}

/// What is measured, or searched by. Ranks are no probabilities, so that other metrics than those
/// of ranking would measure something else.
MetricName measured_metric(const EnsembleArguments& arguments, const CombineRule& rule) {
  std::string name = arguments.search;
  if (name.empty())
    name = arguments.metrics.empty() ? "average_precision" : arguments.metrics.front();
  const MetricName metric = parse_metric_name(name, arguments.n_bins.value_or(default_bins));
  if (rule.method == CombineMethod::rank && !ranks_only(metric)) {
    throw UsageError("--method rank makes no probabilities; '" + name +
                     "' reads more than their order, unlike 'map' or 'mauc'");
  }
  return metric;
}

/// `COLUMN` or `COLUMN:PA=7,LATERAL=3,other=5`.
ViewChoice view_choice(const EnsembleArguments& arguments) {
  ViewChoice views;
  const std::size_t colon = arguments.views.find(':');
  views.column = arguments.views.substr(0, colon);
  if (!arguments.view_method.empty()) {
    std::vector<std::pair<std::string, ViewMethod>> methods;
    for (const auto& [method, name] : view_methods) methods.emplace_back(name, method);
    views.method = choice("way to join views", arguments.view_method, methods);
  }
  const bool has_weights =
      views.method == ViewMethod::weighted || views.method == ViewMethod::group_means;
  if (colon != std::string::npos) {
    if (!has_weights) {
      throw UsageError("weights of views have no meaning for --view-method " +
                       arguments.view_method);
    }
    views.weights = parse_view_weights(arguments.views.substr(colon + 1));
  } else if (views.method == ViewMethod::group_means) {
    views.weights = default_group_weights();
  } else {
    views.weights = default_view_weights();
  }
  return views;
}

/// Refuses options that only a truth gives a meaning.
void check_truth_options(const EnsembleArguments& arguments) {
  const bool views = !arguments.views.empty();
  if (!arguments.data.metadata.empty() && !views && arguments.cluster.empty()) {
    throw UsageError("--metadata goes with --views or --cluster");
  }
  if (!arguments.data.truth.empty()) return;
  const std::vector<std::pair<const char*, bool>> given{
      {"--metric", !arguments.metrics.empty()},
      {"--cluster", !arguments.cluster.empty()},
      {"--ci", arguments.n_replicates.has_value()},
      {"--level", arguments.level.has_value()},
      {"--seed", arguments.seed.has_value()},
      {"--threshold", arguments.threshold.has_value()},
      {"--thresholds", !arguments.thresholds.empty()},
      {"--undefined", !arguments.undefined.empty()},
      {"--convention", !arguments.convention.empty()},
      {"--bins", arguments.n_bins.has_value()},
      {"--train-counts", !arguments.train_counts.file.empty()}};
  for (const auto& [option, is_given] : given) {
    if (is_given) throw UsageError(std::string(option) + " goes with --truth");
  }
}

/// Refuses options that have no meaning beside the others.
void check_belongings(const EnsembleArguments& arguments, const CombineRule& rule) {
  const auto refuse = [](bool wrong, const std::string& message) {
    if (wrong) throw UsageError(message);
  };
  const bool searches = !arguments.search.empty();
  refuse(searches && !arguments.weights.empty(),
         "--weights and --search contradict each other; give one of them");
  refuse(!arguments.weights.empty() && !takes_weights(rule.method),
         "--weights have no meaning for --method " + arguments.method);
  refuse(searches && arguments.data.truth.empty(), "--search needs the truth: --truth FILE");
  refuse(arguments.per_class && !searches, "--per-class goes with --search METRIC");
  refuse(!arguments.strategy.empty() && !searches, "--strategy goes with --search METRIC");
  refuse(arguments.folds && !searches, "--folds goes with --search METRIC");
  refuse(searches && !arguments.metrics.empty(),
         "--search measures by its own metric; --metric contradicts it");
  refuse(arguments.metrics.size() > 1, "ensemble measures one metric; give --metric once");
  refuse(arguments.weights == "@", "--weights @FILE lacks the name of the file");
  refuse(arguments.output.format == Format::csv && !takes_weights(rule.method),
         "--format csv shows weights, and --method " + arguments.method + " has none");
  const bool views = !arguments.views.empty();
  refuse(!views && !arguments.view_method.empty(), "--view-method goes with --views COLUMN");
  refuse(!views && !arguments.study.empty(), "--study goes with --views COLUMN");
  refuse(!views && arguments.per_study, "--per-study goes with --views COLUMN");
  refuse(views && arguments.data.metadata.empty() && arguments.data.truth.empty(),
         "--views needs the columns of view and study: --metadata FILE");
  const bool gates = !arguments.gate.empty();
  refuse(!gates && !arguments.normal.empty(), "--normal goes with --gate");
  refuse(!gates && !arguments.exceptions.empty(), "--except goes with --gate");
  refuse(gates && rule.method == CombineMethod::rank,
         "--gate needs probabilities; --method rank makes ranks");
  refuse(arguments.smooth.has_value() != !arguments.train_labels.empty(),
         "--smooth X and --train-labels FILE go together");
  check_truth_options(arguments);
  refuse(arguments.smooth && !(*arguments.smooth >= 0 && *arguments.smooth <= 1),
         "--smooth must lie in [0, 1]");
}

void check_files(const EnsembleArguments& arguments) {
  if (arguments.files.empty()) throw UsageError("ensemble needs files of predictions: A B ...");
  if (arguments.output.path.empty()) {
    throw UsageError("ensemble needs a file for the combined predictions: -o OUT");
  }
  if (arguments.train_counts.file.empty() != !arguments.train_counts.size) {
    throw UsageError("--train-counts FILE and --train-size N go together");
  }
  std::vector<std::filesystem::path> inputs = input_files(arguments.data);
  inputs.insert(inputs.end(), arguments.files.begin(), arguments.files.end());
  for (const std::string& file :
       {arguments.ids, arguments.train_labels, arguments.train_counts.file, arguments.thresholds}) {
    inputs.emplace_back(file);
  }
  if (arguments.weights.starts_with('@')) inputs.emplace_back(arguments.weights.substr(1));
  check_not_overwritten("-o", arguments.output.path, inputs);
}

}  // namespace

DatasetOptions ensemble_reading(const EnsembleArguments& arguments, const EnsemblePlan& plan) {
  return dataset_options(arguments.data, plan.profile, arguments.data.logits, {});
}

EnsemblePlan plan_of(const EnsembleArguments& arguments) {
  check_files(arguments);
  return as_usage([&] {
    EnsemblePlan plan;
    plan.rule = parse_combine_rule(arguments.method);
    check_belongings(arguments, plan.rule);
    plan.weights = listed_weights(arguments);
    plan.metric = measured_metric(arguments, plan.rule);
    plan.undefined = policies_of(arguments.undefined, arguments.convention);
    if (!arguments.search.empty()) {
      plan.search = search_options(arguments, plan.rule);
      check_can_search_ensemble(plan.metric, *plan.search);
    }
    if (!arguments.views.empty()) plan.views = view_choice(arguments);
    if (!arguments.gate.empty()) plan.gate = parse_gate(arguments.gate);
    plan.n_replicates = arguments.n_replicates.value_or(1000);
    plan.level = arguments.level.value_or(0.95);
    plan.seed = arguments.seed.value_or(0);
    plan.profile = profile_of(arguments.data);
    check_can_write(arguments.output.path);
    if (!arguments.ids.empty()) {
      const DatasetOptions options = ensemble_reading(arguments, plan);
      plan.wanted_ids = read_wanted_ids(arguments.ids, {options.id_column, options.id_aliases});
    }
    return plan;
  });
}

}  // namespace cxrlt::cli
