// SPDX-License-Identifier: Apache-2.0
#include "cli/score_evaluation.hpp"

#include <algorithm>
#include <cstddef>
#include <cxrlt/core/error.hpp>
#include <cxrlt/io/cluster_column.hpp>
#include <cxrlt/io/threshold_json.hpp>
#include <utility>
#include <variant>

#include "cli/common.hpp"

namespace cxrlt::cli {

namespace {

UndefinedPolicy policy_of(const std::string& name) {
  return choice<UndefinedPolicy>("policy for undefined values", name,
                                 {{"skip", UndefinedPolicy::skip},
                                  {"zero", UndefinedPolicy::zero},
                                  {"one", UndefinedPolicy::one},
                                  {"nan", UndefinedPolicy::nan},
                                  {"error", UndefinedPolicy::error}});
}

/// Reads `skip`, `ap=zero,auroc=skip` or `zero,auroc=skip`.
UndefinedPolicies read_policies(const std::string& text) {
  UndefinedPolicies policies;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos) {
      policies.otherwise = policy_of(part);
    } else {
      const MetricName metric = as_usage([&] { return parse_metric_name(part.substr(0, equals)); });
      policies.by_metric.emplace_back(std::string(metric.key.metric->name),
                                      policy_of(part.substr(equals + 1)));
    }
    begin = end + 1;
  }
  return policies;
}

}  // namespace

UndefinedPolicies policies_of(const std::string& undefined, const std::string& convention) {
  if (convention.empty()) {
    return undefined.empty() ? UndefinedPolicies{} : read_policies(undefined);
  }
  if (!undefined.empty()) {
    throw UsageError("--undefined and --convention contradict each other; give one of them");
  }
  return choice<UndefinedPolicies>("convention", convention,
                                   {{"sklearn", UndefinedPolicies::scikit_learn()}});
}

std::vector<MetricName> metrics_of(const ScoreArguments& arguments) {
  std::vector<MetricName> metrics;
  for (const std::string& name : arguments.metrics) {
    metrics.push_back(as_usage([&] { return parse_metric_name(name, arguments.n_bins); }));
  }
  return metrics;
}

bool ranks_only(const MetricName& name) {
  const MetricFunction& function = name.key.metric->function;
  if (const auto* rows = std::get_if<FromRows>(&function)) return !rows->needs_decisions;
  return std::holds_alternative<FromThresholdCounts>(function) ||
         std::holds_alternative<PointFromThresholdCounts>(function);
}

EvaluationOptions evaluation_options(const ScoreArguments& arguments,
                                     const std::vector<std::string>& classes,
                                     const UndefinedPolicies& policies,
                                     const std::vector<MetricName>& metrics) {
  EvaluationOptions options;
  options.scores = score_kind(arguments.data);
  if (arguments.threshold) options.thresholds = {*arguments.threshold};
  if (!arguments.thresholds.empty()) {
    options.thresholds = read_thresholds(arguments.thresholds, classes);
  }
  options.n_bins = arguments.n_bins;
  options.level = arguments.level;
  options.undefined = policies;
  options.metrics = metrics;
  return options;
}

std::vector<RequestedValue> requested_values(const Evaluation& evaluation,
                                             const std::vector<MetricName>& metrics) {
  std::vector<RequestedValue> values;
  for (const MetricName& name : metrics) {
    values.push_back(requested_value(evaluation, name));
    if (values.back().value.why == Undefined::not_probabilities) {
      throw Error(
          "'" + name.text +
          "' was asked for, but scores lie outside [0, 1]; say --logits if they are logits");
    }
  }
  return values;
}

std::vector<std::size_t> clusters_of(const ScoreArguments& arguments, const Dataset& dataset) {
  if (arguments.cluster.empty()) return {};
  return cluster_numbers(dataset, arguments.cluster);
}

Resampler resampler_of(const ScoreArguments& arguments, std::size_t n_rows, int n_replicates,
                       std::span<const std::size_t> clusters) {
  ResamplingOptions options;
  options.n_replicates = n_replicates;
  options.seed = arguments.seed;
  options.clusters = clusters;
  return {n_rows, options};
}

}  // namespace cxrlt::cli
