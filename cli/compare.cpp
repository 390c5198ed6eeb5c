// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cxrlt/challenge/profile.hpp>
#include <cxrlt/evaluate/comparison_tests.hpp>
#include <cxrlt/io/comparison_report.hpp>
#include <cxrlt/io/detail/json_text.hpp>
#include <cxrlt/io/evaluate_dataset.hpp>
#include <cxrlt/io/input_file.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/score.hpp"
#include "cli/score_evaluation.hpp"
#include "cli/score_groups.hpp"

namespace cxrlt::cli {

namespace {

enum class Test { bootstrap, permutation, delong };

/// What `compare` was asked for: two files, and what `score` is asked for.
struct CompareArguments {
  ScoreArguments score;
  std::string second;
  int n_replicates = 2000;
  std::string test = "bootstrap";
};

Test test_of(const CompareArguments& arguments) {
  return choice<Test>("test", arguments.test,
                      {{"bootstrap", Test::bootstrap},
                       {"permutation", Test::permutation},
                       {"delong", Test::delong}});
}

/// The metrics to compare: average precision unless others are named. Those named without a scope
/// are compared per class, per group and macro.
std::vector<MetricName> compared_metrics(const CompareArguments& arguments) {
  std::vector<MetricName> metrics = metrics_of(arguments.score);
  if (metrics.empty()) metrics.push_back(parse_metric_name("average_precision"));
  return metrics;
}

void check_compare_usage(const CompareArguments& arguments,
                         const std::vector<MetricName>& metrics) {
  if (arguments.score.data.predictions.empty() || arguments.second.empty()) {
    throw UsageError("compare needs two files of predictions: A B");
  }
  if (arguments.score.data.truth.empty()) throw UsageError("compare needs the truth: --truth FILE");
  const Test test = test_of(arguments);
  for (const MetricName& name : metrics) {
    const MetricFunction& function = name.key.metric->function;
    if (test == Test::delong && name.key.metric->name != "auroc") {
      throw UsageError("--test delong compares AUROCs; '" + name.text +
                       "' can be tested by bootstrap");
    }
    if (test == Test::permutation && (std::holds_alternative<FromConfusion>(function) ||
                                      std::holds_alternative<FromRows>(function))) {
      throw UsageError("--test permutation is for metrics of ranking and of probabilities; '" +
                       name.text + "' can be tested by bootstrap");
    }
  }
  std::vector<std::filesystem::path> inputs = input_files(arguments.score.data);
  inputs.emplace_back(arguments.second);
  inputs.emplace_back(arguments.score.train_counts.file);
  check_not_overwritten("-o", arguments.score.output.path, inputs);
}

/// The groups' averages of the metrics that were asked for as macro averages.
void add_group_metrics(std::vector<MetricName>& metrics, const std::vector<ClassGroup>& groups) {
  const std::size_t n_named = metrics.size();
  for (std::size_t k = 0; k < n_named && !groups.empty(); ++k) {
    if (metrics[k].scope != Scope::macro) continue;
    MetricName of_group = metrics[k];
    of_group.scope = Scope::group;
    of_group.member = groups.front().name;
    metrics.push_back(std::move(of_group));
  }
}

/// Keeps what was asked for: values of a class or group named so, and all of a macro metric.
void keep_wanted(std::vector<ComparedValue>& values, const std::vector<MetricName>& metrics) {
  std::erase_if(values, [&](const ComparedValue& value) {
    return std::none_of(metrics.begin(), metrics.end(), [&](const MetricName& name) {
      if (name.key.name != value.metric) return false;
      if (name.scope == Scope::macro) {
        return value.scope == Scope::macro || value.scope == Scope::group ||
               value.scope == Scope::class_;
      }
      return name.scope == value.scope && (name.member.empty() || name.member == value.member);
    });
  });
}

/// Refuses two files that are not of the same classes, which the truth defines.
void check_same_classes(const Dataset& first, const Dataset& second) {
  if (first.class_names == second.class_names) return;
  for (const std::string& name : first.class_names) {
    if (std::find(second.class_names.begin(), second.class_names.end(), name) ==
        second.class_names.end()) {
      throw Error("the files are not of the same classes: '" + name + "' is one of " +
                  first.inputs.front().file + " only; name the classes by --classes or --profile");
    }
  }
  throw Error("the files are not of the same classes; name them by --classes or --profile");
}

/// Scores in double, which every file can be widened to exactly.
ClassMatrix<double> widened(const Dataset& dataset) {
  ClassMatrix<double> scores(dataset.n_samples, dataset.n_classes);
  for (std::size_t c = 0; c < dataset.n_classes; ++c) {
    for (std::size_t i = 0; i < dataset.n_samples; ++i) scores[c][i] = dataset.score(i, c);
  }
  return scores;
}

/// Replaces the bootstrap's p-values by those of the test that was asked for.
void apply_test(Test test, const CompareArguments& arguments,
                const std::vector<MetricName>& metrics, const Dataset& first, const Dataset& second,
                const Evaluation& evaluation, std::span<const std::size_t> clusters,
                std::vector<ComparedValue>& values) {
  if (test == Test::bootstrap) return;
  const ClassMatrix<double> of_first = widened(first);
  const ClassMatrix<double> of_second = widened(second);
  const PairedScores<double> scores{of_first.view(), of_second.view(), first.label_view(),
                                    clusters};
  if (test == Test::delong) {
    test_by_delong(values, evaluation, scores, arguments.score.level);
    return;
  }
  const PermutationOptions options{static_cast<std::size_t>(arguments.n_replicates),
                                   arguments.score.seed};
  std::vector<std::string> done;
  for (const MetricName& name : metrics) {
    if (std::find(done.begin(), done.end(), name.key.name) != done.end()) continue;
    done.push_back(name.key.name);
    test_by_permutation(values, evaluation, scores, name.key, score_kind(arguments.score.data),
                        options, Cpu{arguments.score.data.threads});
  }
}

void run_compare(const CompareArguments& arguments) {
  std::vector<MetricName> metrics = compared_metrics(arguments);
  check_compare_usage(arguments, metrics);
  const ScoreArguments& score = arguments.score;
  const Test test = test_of(arguments);
  const std::optional<Profile> profile = profile_of(score.data);
  std::vector<std::string> columns;
  if (!score.cluster.empty()) columns.push_back(score.cluster);
  const bool only_ranking = std::all_of(metrics.begin(), metrics.end(), ranks_only);
  const bool allow_infinite = score.data.logits || only_ranking;
  check_can_write(score.output.path);
  const Dataset first = read_dataset(score.data, profile, allow_infinite, columns);
  DataArguments other = score.data;
  other.predictions = arguments.second;
  const Dataset second = read_dataset(other, profile, allow_infinite, columns);
  check_same_classes(first, second);

  ScoreReport notes;
  const std::vector<ClassGroup> groups = groups_of(score, profile, first.class_names, notes);
  add_group_metrics(metrics, groups);
  EvaluationOptions options = evaluation_options(
      score, first.class_names, policies_of(score.undefined, score.convention), metrics);
  options.groups = groups;
  const std::vector<std::size_t> clusters = clusters_of(score, first);
  const Resampler resampler =
      resampler_of(score, first.n_samples, arguments.n_replicates, clusters);
  const Cpu policy{score.data.threads};
  EvaluationReplicates of_first;
  EvaluationReplicates of_second;
  {
    Progress progress("resampling", 2 * resampler.n_batches(), score.output.quiet);
    const auto step = [&](std::size_t) { progress.step(); };
    of_first = evaluate_replicates(first, options, resampler, policy, step);
    of_second = evaluate_replicates(second, options, resampler, policy, step);
  }
  for (const Evaluation* evaluation : {&of_first.estimate, &of_second.estimate}) {
    if (evaluation->probabilities || only_ranking) continue;
    throw Error("the scores of " +
                (evaluation == &of_first.estimate ? first : second).inputs.front().file +
                " lie outside [0, 1], so a metric that was asked for does not exist; say --logits "
                "if they are logits");
  }

  ComparisonReport report;
  report.values = compare(of_first, of_second, score.level);
  apply_test(test, arguments, metrics, first, second, of_first.estimate, clusters, report.values);
  keep_wanted(report.values, metrics);
  report.arguments = score.command_line;
  report.inputs = first.inputs;
  report.inputs.insert(report.inputs.begin() + 1, second.inputs.front());
  report.first = base_name(score.data.predictions);
  report.second = base_name(arguments.second);
  report.test = arguments.test;
  report.n_replicates = resampler.n_replicates();
  report.level = score.level;
  report.seed = score.seed;
  report.cluster = score.cluster;
  report.n_samples = first.n_samples;
  report.classes = first.class_names;
  report.positive_units = of_first.positive_units;
  report.notes = first.notes;
  add_new_notes(second.notes, report.notes);
  add_new_notes(notes.notes, report.notes);
  write_output(
      score.output,
      rendered(
          score.output.format, [&] { return detail::json_text(comparison_json(report)); },
          [&] { return comparison_csv(report); }, [&] { return comparison_page(report); }));
}

}  // namespace

void add_compare(CLI::App& program, std::vector<std::string> command_line) {
  const auto arguments = std::make_shared<CompareArguments>();
  ScoreArguments& score = arguments->score;
  score.command_line = std::move(command_line);
  CLI::App* command = program.add_subcommand(
      "compare", "differences of two models with intervals and p-values, per class and macro");
  command->add_option("A", score.data.predictions, "predictions of the first model")
      ->type_name("FILE");
  command->add_option("B", arguments->second, "predictions of the second model")->type_name("FILE");
  add_reading_options(*command, score.data);
  add_truth_options(*command, score.data);
  add_count_options(*command, score.train_counts);
  command
      ->add_option("--group-by", score.group_by,
                   "groups of classes, as for score: prevalence:0.10,0.01, count:1000,100, ...")
      ->type_name("RULE");
  command
      ->add_option("--metric", score.metrics,
                   "compare this, e.g. map, mauc, micro:f1 (average_precision); repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_option("--ci", arguments->n_replicates, "replicates, or exchanges (2000)")
      ->check(CLI::Range(2, 10'000'000))
      ->type_name("N");
  command
      ->add_option("--test", arguments->test,
                   "bootstrap (default), permutation (exchanging the models), delong (AUROC)")
      ->type_name("NAME");
  command
      ->add_option("--cluster", score.cluster,
                   "draw all rows with one value of this column, such as patient, together")
      ->type_name("COLUMN");
  command->add_option("--level", score.level, "level of intervals (0.95)")
      ->check(CLI::Range(0.001, 0.999999))
      ->type_name("X");
  command->add_option("--undefined", score.undefined, "as for score: skip (default), zero, ...")
      ->type_name("POLICY");
  command->add_option("--convention", score.convention, "as for score: sklearn")->type_name("NAME");
  command->add_option("--threshold", score.threshold, "decide at this threshold (0.5)")
      ->type_name("X");
  command->add_option("--thresholds", score.thresholds, "a file that 'thresholds' wrote")
      ->type_name("FILE");
  command->add_option("--bins", score.n_bins, "bins of the calibration errors (15)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  command->add_option("--seed", score.seed, "of the replicates (0)")
      ->check(whole_number)
      ->type_name("S");
  add_output_options(*command, score.output);
  command->footer(
      "Example:\n"
      "  cxrlt compare mine.csv theirs.csv --truth truth.csv --metric map --metric mauc\n"
      "  cxrlt compare mine.csv theirs.csv --truth truth.csv --metadata meta.csv --cluster "
      "patient");
  command->callback([arguments] { run_compare(*arguments); });
}

}  // namespace cxrlt::cli
