// SPDX-License-Identifier: Apache-2.0
#include "cli/leaderboard_scores.hpp"

#include <algorithm>
#include <cxrlt/core/closest_name.hpp>
#include <cxrlt/core/parallel.hpp>
#include <cxrlt/evaluate/replicates.hpp>
#include <cxrlt/evaluate/requested_replicates.hpp>
#include <cxrlt/io/cluster_column.hpp>
#include <cxrlt/io/evaluate_dataset.hpp>
#include <cxrlt/io/input_file.hpp>
#include <cxrlt/io/shared_truth.hpp>
#include <cxrlt/uncertainty/resampling.hpp>
#include <optional>
#include <string>
#include <utility>

#include "cli/progress.hpp"
#include "cli/score_evaluation.hpp"
#include "cli/score_groups.hpp"

namespace cxrlt::cli {

namespace {

constexpr int kDefaultReplicates = 2000;

std::vector<std::string> names_of(const std::vector<std::filesystem::path>& paths) {
  std::vector<std::string> names;
  for (const std::filesystem::path& path : paths) names.push_back(base_name(path));
  return numbered(std::move(names));
}

/// Refuses a class or group that does not exist once, and not with each submission.
void check_members(const std::vector<MetricName>& metrics, const EvaluationOptions& options) {
  std::vector<std::string> groups;
  for (const ClassGroup& group : options.groups) groups.push_back(group.name);
  for (const MetricName& name : metrics) {
    if (name.scope != Scope::class_ && name.scope != Scope::group) continue;
    const std::vector<std::string>& known =
        name.scope == Scope::class_ ? options.class_names : groups;
    if (std::find(known.begin(), known.end(), name.member) != known.end()) continue;
    throw Error("'" + name.text + "': there is no " + std::string(to_string(name.scope)) + " '" +
                name.member + "'" + closest_hint(name.member, known));
  }
}

/// Reads submissions against one truth, evaluates them, and keeps only what was asked for.
class Scorer {
 public:
  Scorer(const LeaderboardArguments& arguments, const SharedTruth& truth,
         const EvaluationOptions& options, const LeaderboardOptions& ranking,
         const Resampler* resampler)
      : truth_(truth),
        options_(options),
        ranking_(ranking),
        resampler_(resampler),
        policy_{arguments.score.data.threads} {}

  LeaderboardEntry score(const std::filesystem::path& path, const std::string& name,
                         LeaderboardReport& report) const {
    const Dataset dataset = truth_.join(path, policy_);
    LeaderboardEntry entry;
    entry.name = name;
    entry.values = requested_values(evaluate(dataset, options_, policy_), options_.metrics);
    if (resampler_ != nullptr) entry.replicates = replicates_of(dataset);
    report.inputs.insert(report.inputs.end(), dataset.inputs.begin(), dataset.inputs.end());
    add_new_notes(dataset.notes, report.notes);
    return entry;
  }

 private:
  std::vector<std::vector<double>> replicates_of(const Dataset& dataset) const {
    EvaluationOptions options = options_;
    // Metrics that are only shown would cost the most of the time.
    options.metrics.clear();
    for (std::size_t k = 0; k < options_.metrics.size(); ++k) {
      if (ranking_.metrics[k].weight > 0) options.metrics.push_back(options_.metrics[k]);
    }
    const EvaluationReplicates replicates =
        evaluate_replicates(dataset, options, *resampler_, policy_);
    std::vector<std::vector<double>> kept(options_.metrics.size());
    for (std::size_t k = 0; k < options_.metrics.size(); ++k) {
      if (ranking_.metrics[k].weight == 0) continue;
      const auto values = requested_replicates(replicates, options_.metrics[k]);
      kept[k].assign(values.begin(), values.end());
    }
    return kept;
  }

  const SharedTruth& truth_;
  const EvaluationOptions& options_;
  const LeaderboardOptions& ranking_;
  const Resampler* resampler_;
  Cpu policy_;
};

/// What is wrong with a submission, where it is no fault of the file's form.
Problem not_scored(const std::string& name, const Error& error) {
  Problem problem;
  problem.code = "not_scored";
  problem.file = name;
  problem.message = error.what();
  return problem;
}

}  // namespace

void score_submissions(const LeaderboardArguments& arguments,
                       const std::vector<MetricName>& metrics,
                       const std::vector<std::filesystem::path>& paths, LeaderboardReport& report) {
  const ScoreArguments& score = arguments.score;
  report.undefined = policies_of(score.undefined, score.convention);
  const std::optional<Profile> profile = profile_of(score.data);
  if (profile) report.profile = profile->name;
  check_can_write(score.output.path);

  const bool allow_infinite =
      score.data.logits || std::all_of(metrics.begin(), metrics.end(), ranks_only);
  std::vector<std::string> columns;
  if (!arguments.cluster.empty()) columns.push_back(arguments.cluster);
  const DatasetOptions reading = dataset_options(score.data, profile, allow_infinite, columns);
  const SharedTruth truth = SharedTruth::read(reading, paths, Cpu{score.data.threads});
  report.classes = truth.class_names();
  report.n_samples = truth.n_samples();
  report.joined = truth.joined();
  report.inputs = truth.inputs();
  report.notes = truth.notes();

  EvaluationOptions options =
      evaluation_options(score, truth.class_names(), report.undefined, metrics);
  options.class_names = truth.class_names();
  report.thresholds = options.thresholds;
  if (std::any_of(metrics.begin(), metrics.end(),
                  [](const MetricName& name) { return name.scope == Scope::group; })) {
    ScoreReport of_groups;
    options.groups = groups_of(score, profile, truth.class_names(), of_groups);
    report.counts_source = of_groups.counts_source;
    add_new_notes(of_groups.notes, report.notes);
  }
  check_members(metrics, options);

  std::optional<Resampler> resampler;
  const int n_replicates = arguments.n_replicates.value_or(kDefaultReplicates);
  if (n_replicates > 0) {
    std::vector<std::size_t> clusters;
    if (!arguments.cluster.empty()) {
      clusters = cluster_numbers(truth.metadata().front(), truth.ids());
      report.cluster = arguments.cluster;
    }
    resampler = resampler_of(score, truth.n_samples(), n_replicates, clusters);
    report.n_units = resampler->n_units();
  }

  const std::vector<std::string> names = names_of(paths);
  const Scorer scorer(arguments, truth, options, report.options, resampler ? &*resampler : nullptr);
  Progress progress("scoring submissions", paths.size(), score.output.quiet);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    try {
      report.entries.push_back(scorer.score(paths[i], names[i], report));
    } catch (const DataError& error) {
      report.refused.push_back({names[i], error.problem()});
    } catch (const Error& error) {
      report.refused.push_back({names[i], not_scored(names[i], error)});
    }
    progress.step();
  }
}

}  // namespace cxrlt::cli
