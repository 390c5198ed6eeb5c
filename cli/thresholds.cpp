// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/core/folds.hpp>
#include <cxrlt/core/ordered_key.hpp>
#include <cxrlt/io/check_probabilities.hpp>
#include <cxrlt/io/cluster_column.hpp>
#include <cxrlt/io/output_file.hpp>
#include <cxrlt/io/threshold_json.hpp>
#include <cxrlt/io/threshold_page.hpp>
#include <cxrlt/io/write_predictions.hpp>
#include <cxrlt/thresholds/guaranteed_thresholds.hpp>
#include <cxrlt/thresholds/joint_thresholds.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/data_arguments.hpp"

namespace cxrlt::cli {

namespace {

struct ThresholdArguments {
  DataArguments data;
  std::string method = "auto";
  std::string objective = "f1";
  std::string scope;
  std::optional<double> guarantee;
  int folds = 5;
  std::string cluster;
  std::uint64_t seed = 0;
  OutputOptions output;
};

struct BinarizeArguments {
  DataArguments data;
  std::string thresholds;
  std::optional<double> threshold;
  OutputOptions output;
};

ThresholdScope scope_of(const ThresholdArguments& arguments, const Objective& objective) {
  if (arguments.scope.empty()) {
    return objective.kind == ObjectiveKind::cardinality ? ThresholdScope::shared
                                                        : ThresholdScope::each_class;
  }
  const auto scope = find_threshold_scope(arguments.scope);
  if (scope) return *scope;
  std::vector<std::string> known;
  for (const auto& entry : threshold_scopes) known.emplace_back(entry.second);
  throw unknown_name("scope", arguments.scope, known);
}

/// What --guarantee asks for, which must go with the other options.
PrecisionGuarantee guarantee_of(const ThresholdArguments& arguments, const Objective& objective) {
  if (objective.kind != ObjectiveKind::precision_at_least) {
    throw UsageError("--guarantee needs a precision: --objective precision>=0.9, say");
  }
  if (!arguments.cluster.empty()) {
    throw UsageError(
        "--guarantee counts rows as independent, which the rows of one --cluster are not; keep one "
        "row of each and leave out --cluster");
  }
  const PrecisionGuarantee guarantee{objective.target, *arguments.guarantee};
  as_usage([&] { needed_predictions(guarantee); });
  return guarantee;
}

ThresholdOptions options_of(const ThresholdArguments& arguments) {
  ThresholdOptions options;
  options.objective = as_usage([&] { return parse_objective(arguments.objective); });
  std::vector<std::string> known;
  for (const auto& entry : threshold_methods) known.emplace_back(entry.second);
  const auto method = find_threshold_method(arguments.method);
  if (!method) throw unknown_name("threshold method", arguments.method, known);
  options.method = *method;
  options.scores = score_kind(arguments.data);
  options.folds = {arguments.folds, arguments.seed};
  return options;
}

void run_thresholds(const ThresholdArguments& arguments) {
  if (arguments.data.predictions.empty()) {
    throw UsageError("thresholds needs a file of predictions: PRED");
  }
  if (arguments.data.truth.empty()) throw UsageError("thresholds needs the truth: --truth FILE");
  check_not_overwritten("-o", arguments.output.path, input_files(arguments.data));
  const ThresholdOptions options = options_of(arguments);
  const ThresholdScope scope = scope_of(arguments, options.objective);
  const bool of_each_class =
      scope == ThresholdScope::each_class && options.objective.kind != ObjectiveKind::cardinality;
  as_usage([&] {
    of_each_class ? detail::check_threshold_options(options) : check_joint_options(scope, options);
  });
  std::optional<PrecisionGuarantee> guarantee;
  if (arguments.guarantee) guarantee = guarantee_of(arguments, options.objective);
  std::vector<std::string> columns;
  if (!arguments.cluster.empty()) columns.push_back(arguments.cluster);
  const std::optional<Profile> profile = profile_of(arguments.data);
  check_can_write(arguments.output.path);
  const Dataset dataset = read_dataset(arguments.data, profile, arguments.data.logits, columns);
  const bool recalibrates =
      of_each_class &&
      (options.method == ThresholdMethod::plug_in ||
       (options.method == ThresholdMethod::automatic && !options.objective.has_target()));
  if (recalibrates && !arguments.data.logits) {
    check_probabilities(dataset, dataset.inputs.front().file);
  }
  std::vector<std::size_t> groups;
  if (!arguments.cluster.empty()) {
    groups = cluster_numbers(dataset, arguments.cluster);
  }
  ThresholdReport report{dataset.inputs, dataset.n_samples, {}, dataset.notes};
  const Cpu policy{arguments.data.threads};
  report.set = dataset.visit_scores([&](const auto& scores) {
    const LabelMatrixView labels = dataset.label_view();
    if (guarantee) {
      return find_guaranteed_thresholds(scores, labels, dataset.class_names, *guarantee, options,
                                        policy);
    }
    return of_each_class
               ? find_thresholds(scores, labels, dataset.class_names, options, groups, policy)
               : find_joint_thresholds(scores, labels, dataset.class_names, scope, options, groups,
                                       policy);
  });

  const std::string json = threshold_json(report.set);
  const std::string page = rendered(
      arguments.output.format, [&] { return json; }, [&] { return threshold_csv(report); },
      [&] { return threshold_page(report); });
  std::optional<StagedFile> file;
  if (!arguments.output.path.empty()) file.emplace(arguments.output.path, json);
  write_output({arguments.output.format, "", arguments.output.quiet}, page);
  if (file) file->publish();
}

/// The classes that options name, else those of the file of thresholds, else all.
NamedThresholds wanted_thresholds(const BinarizeArguments& arguments) {
  const std::vector<std::string> named = named_classes(arguments.data);
  if (arguments.threshold) return {named, {}};
  if (named.empty()) return read_thresholds(arguments.thresholds);
  return {named, read_thresholds(arguments.thresholds, named)};
}

void run_binarize(const BinarizeArguments& arguments) {
  if (arguments.data.predictions.empty()) {
    throw UsageError("binarize needs a file of predictions: PRED");
  }
  if (arguments.thresholds.empty() == !arguments.threshold) {
    throw UsageError("binarize needs either --thresholds FILE or --threshold X");
  }
  if (arguments.threshold && is_nan(*arguments.threshold)) {
    throw UsageError("--threshold is not a number");
  }
  if (arguments.output.path.empty()) {
    throw UsageError("binarize needs a file for the decisions: -o OUT");
  }
  std::vector<std::filesystem::path> inputs = input_files(arguments.data);
  inputs.emplace_back(arguments.thresholds);
  check_not_overwritten("-o", arguments.output.path, inputs);

  NamedThresholds wanted = wanted_thresholds(arguments);
  check_can_write(arguments.output.path);
  const Predictions predictions = read_predictions(arguments.data, wanted.class_names);
  if (arguments.threshold) {
    wanted.thresholds.assign(predictions.class_names.size(), *arguments.threshold);
  }
  const ScoreKind kind = score_kind(arguments.data);
  const ClassMatrix<std::uint8_t> decisions = predictions.visit_scores([&](const auto& scores) {
    return decide(scores, wanted.thresholds, kind, Cpu{arguments.data.threads});
  });
  stage_predictions(arguments.output.path, predictions, decisions.view()).publish();
  for (const Problem& problem : predictions.notes) remark(arguments.output, describe(problem));
}

}  // namespace

void add_thresholds(CLI::App& program) {
  const auto arguments = std::make_shared<ThresholdArguments>();
  CLI::App* command = program.add_subcommand(
      "thresholds", "chooses decision thresholds, safe for classes with few positives");
  add_prediction_options(*command, arguments->data);
  add_truth_options(*command, arguments->data);
  command
      ->add_option("--method", arguments->method,
                   "auto (default: the best in cross-validation), best, match, plug-in or shrink")
      ->type_name("NAME");
  command
      ->add_option("--objective", arguments->objective,
                   "f1 (default), fbeta:2, youden, mcc, cost:FP,FN, recall>=0.9, precision>=0.9, "
                   "specificity>=0.9, cardinality (as many predictions per row as labels, by one "
                   "threshold)")
      ->type_name("NAME");
  command
      ->add_option("--scope", arguments->scope,
                   "class (default: each for itself), shared (one threshold, for the macro average "
                   "of f1, fbeta, youden or cost), micro (for the micro average of f1 or fbeta)")
      ->type_name("NAME");
  command
      ->add_option("--guarantee", arguments->guarantee,
                   "with --objective precision>=P: the precision of new rows is P or more with "
                   "probability 1 - DELTA")
      ->type_name("DELTA");
  command->add_option("--folds", arguments->folds, "of the cross-validation (5)")
      ->check(CLI::Range(2, 1000))
      ->type_name("K");
  command
      ->add_option("--cluster", arguments->cluster,
                   "rows with the same value of this column, such as patient, share a fold")
      ->type_name("COLUMN");
  command->add_option("--seed", arguments->seed, "of the folds (0)")
      ->check(whole_number)
      ->type_name("S");
  add_output_options(*command, arguments->output);
  command->get_option("--output")->description("write the thresholds (JSON) to FILE");
  command->footer(
      "Example:\n"
      "  cxrlt thresholds predictions.csv --truth truth.csv -o thresholds.json\n"
      "  cxrlt binarize test.csv --thresholds thresholds.json -o decisions.csv");
  command->callback([arguments] { run_thresholds(*arguments); });
}

void add_binarize(CLI::App& program) {
  const auto arguments = std::make_shared<BinarizeArguments>();
  CLI::App* command =
      program.add_subcommand("binarize", "turns predictions into decisions, 0 or 1");
  add_prediction_options(*command, arguments->data);
  command
      ->add_option("--thresholds", arguments->thresholds,
                   "a file that 'thresholds' wrote, or JSON {\"class\": threshold}")
      ->type_name("FILE");
  command->add_option("--threshold", arguments->threshold, "one threshold for all classes")
      ->type_name("X");
  command
      ->add_option("-o,--output", arguments->output.path,
                   "write the decisions to OUT: CSV (.gz, .zip), or NPY for an NPY")
      ->type_name("OUT");
  command->add_flag("--quiet", arguments->output.quiet, "no remarks on standard error");
  command->footer(
      "Example:\n"
      "  cxrlt binarize predictions.csv --thresholds thresholds.json -o decisions.csv");
  command->callback([arguments] { run_binarize(*arguments); });
}

}  // namespace cxrlt::cli
