// SPDX-License-Identifier: Apache-2.0
#include "cli/score.hpp"

#include <algorithm>
#include <cxrlt/challenge/group_rule.hpp>
#include <cxrlt/challenge/profile.hpp>
#include <cxrlt/evaluate/intervals.hpp>
#include <cxrlt/io/detail/json_text.hpp>
#include <cxrlt/io/evaluate_dataset.hpp>
#include <cxrlt/io/score_csv.hpp>
#include <cxrlt/io/score_json.hpp>
#include <cxrlt/io/score_page.hpp>
#include <filesystem>
#include <map>
#include <utility>

#include "cli/progress.hpp"
#include "cli/score_evaluation.hpp"
#include "cli/score_groups.hpp"

namespace cxrlt::cli {

namespace {

/// Whether an undefined value of some metric ends the run.
bool refuses_undefined(const UndefinedPolicies& policies) {
  return policies.otherwise == UndefinedPolicy::error ||
         std::any_of(policies.by_metric.begin(), policies.by_metric.end(),
                     [](const auto& entry) { return entry.second == UndefinedPolicy::error; });
}

/// The evaluation, with intervals where they are wanted.
Evaluation evaluated(const ScoreArguments& arguments, const Dataset& dataset,
                     const EvaluationOptions& options) {
  const Cpu policy{arguments.data.threads};
  if (arguments.n_replicates == 0) return evaluate(dataset, options, policy);
  const Resampler resampler = resampler_of(arguments, dataset.n_samples, arguments.n_replicates,
                                           clusters_of(arguments, dataset));
  Progress progress("resampling", resampler.n_batches(), arguments.output.quiet);
  return add_intervals(evaluate_replicates(dataset, options, resampler, policy,
                                           [&](std::size_t) { progress.step(); }),
                       {arguments.level});
}

/// One evaluation per value of a column, values in order of their first row.
std::vector<SubgroupEvaluation> evaluate_by(const ScoreArguments& arguments, const Dataset& dataset,
                                            const EvaluationOptions& options) {
  std::vector<SubgroupEvaluation> by;
  std::vector<std::vector<std::size_t>> rows;
  for (const std::string& column : arguments.by) {
    std::map<std::string, std::size_t> index;
    const std::vector<std::string>& values = find_metadata(dataset, column)->values;
    for (std::size_t row = 0; row < values.size(); ++row) {
      const auto [found, is_new] = index.try_emplace(values[row], by.size());
      if (is_new) {
        by.push_back({column, values[row]});
        rows.emplace_back();
      }
      rows[found->second].push_back(row);
    }
  }
  Progress progress("scoring subgroups", by.size(), arguments.output.quiet);
  for (std::size_t k = 0; k < by.size(); ++k) {
    by[k].n_samples = rows[k].size();
    by[k].suppressed = rows[k].size() < arguments.min_n;
    if (!by[k].suppressed) {
      by[k].evaluation = evaluated(arguments, select_rows(dataset, rows[k]), options);
    }
    progress.step();
  }
  return by;
}

void add_score_notes(ScoreReport& report) {
  const Evaluation& evaluation = report.evaluation;
  if (!evaluation.probabilities) {
    report.notes.push_back(
        note("not_probabilities",
             "scores lie outside [0, 1], so metrics of probabilities, and decisions at the default "
             "threshold, do not exist; say --logits if they are logits"));
  }
  if (evaluation.n_out_of_range > 0) {
    report.notes.push_back(note("clipped_to_range",
                                std::to_string(evaluation.n_out_of_range) +
                                    " scores lie outside [0, 1] by at most 1e-6; taken as 0 or 1"));
  }
  if (evaluation.n_clipped > 0) {
    report.notes.push_back(
        note("log_loss_clipped", std::to_string(evaluation.n_clipped) +
                                     " probabilities were clipped at 2^-52 for the log loss"));
  }
}

/// Keeps only remarks on the predictions: others might tell a hidden truth's counts.
void forget_truth(ScoreReport& report) {
  std::string predictions;
  for (const InputInfo& input : report.inputs) {
    if (input.role == "predictions") predictions = input.file;
  }
  std::erase_if(report.notes, [&](const Problem& remark) {
    // Remarks on values count labelled cells.
    return remark.file.empty() ? remark.code != "no_groups" : remark.file != predictions;
  });
}

std::string render(const ScoreReport& report, Format format) {
  return rendered(
      format, [&] { return detail::json_text(score_json(report)); },
      [&] { return score_csv(report); }, [&] { return score_page(report); });
}

}  // namespace

void run_score(const ScoreArguments& arguments) {
  check_usage(arguments);
  const std::vector<MetricName> metrics = metrics_of(arguments);
  const UndefinedPolicies policies = policies_of(arguments.undefined, arguments.convention);
  if (arguments.headline_only && refuses_undefined(policies)) {
    throw UsageError("--public cannot go with --undefined error, which names classes");
  }
  const std::optional<Profile> profile = profile_of(arguments.data);
  const bool only_ranking =
      !metrics.empty() && std::all_of(metrics.begin(), metrics.end(), ranks_only);
  std::vector<std::string> columns = arguments.by;
  if (!arguments.cluster.empty()) columns.push_back(arguments.cluster);
  check_can_write(arguments.output.path);
  const Dataset dataset =
      read_dataset(arguments.data, profile, arguments.data.logits || only_ranking, columns);

  ScoreReport report;
  report.arguments = arguments.command_line;
  report.inputs = dataset.inputs;
  report.joined = dataset.joined;
  report.undefined = policies;
  report.n_bins = arguments.n_bins;
  report.seed = arguments.seed;
  report.cluster = arguments.cluster;
  report.headline_only = arguments.headline_only;
  report.notes = dataset.notes;
  if (profile) report.profile = profile->name;

  EvaluationOptions options = evaluation_options(arguments, dataset.class_names, policies, metrics);
  report.thresholds = options.thresholds;
  options.groups = groups_of(arguments, profile, dataset.class_names, report);
  report.evaluation = evaluated(arguments, dataset, options);
  report.by = evaluate_by(arguments, dataset, options);
  add_score_notes(report);
  report.requested = requested_values(report.evaluation, metrics);
  for (SubgroupEvaluation& part : report.by) {
    if (!part.suppressed) part.requested = requested_values(part.evaluation, metrics);
  }
  if (arguments.headline_only) forget_truth(report);
  write_output(arguments.output, render(report, arguments.output.format));
}

}  // namespace cxrlt::cli
