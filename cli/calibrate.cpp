// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/calibration/calibration_model.hpp>
#include <cxrlt/calibration/cross_fit.hpp>
#include <cxrlt/core/folds.hpp>
#include <cxrlt/io/calibration_json.hpp>
#include <cxrlt/io/calibration_page.hpp>
#include <cxrlt/io/check_probabilities.hpp>
#include <cxrlt/io/cluster_column.hpp>
#include <cxrlt/io/output_file.hpp>
#include <cxrlt/io/write_predictions.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/data_arguments.hpp"

namespace cxrlt::cli {

namespace {

struct FitArguments {
  DataArguments data;
  std::string method;
  int cross_fit = 0;
  std::string cluster;
  int n_bins = default_bins;
  std::uint64_t seed = 0;
  OutputOptions output;
};

struct ApplyArguments {
  DataArguments data;
  std::string model;
  OutputOptions output;
};

CalibrationMethod method_of(const std::string& name) {
  if (const auto method = find_calibration_method(name)) return *method;
  std::vector<std::string> known;
  for (const auto& entry : calibration_methods) known.emplace_back(entry.second);
  throw unknown_name("calibration method", name, known);
}

void check_usage(const FitArguments& arguments) {
  if (arguments.data.predictions.empty()) {
    throw UsageError("calibrate fit needs a file of predictions: PRED");
  }
  if (arguments.data.truth.empty()) throw UsageError("calibrate fit needs the truth: --truth FILE");
  if (arguments.method.empty()) {
    std::string names;
    for (const auto& entry : calibration_methods) names += " " + std::string(entry.second);
    throw UsageError("calibrate fit needs a method: --method, one of" + names);
  }
  if (arguments.output.path.empty()) {
    throw UsageError("calibrate fit needs a file for the calibration: -o FILE");
  }
  if (!arguments.cluster.empty() && arguments.cross_fit == 0) {
    throw UsageError("--cluster keeps rows in one fold; it goes with --cross-fit K");
  }
  check_not_overwritten("-o", arguments.output.path, input_files(arguments.data));
}

template <class Scores>
void measure(const FitArguments& arguments, const CalibrationOptions& options,
             const Dataset& dataset, Scores scores, CalibrationReport& report) {
  const Cpu policy{arguments.data.threads};
  const LabelMatrixView labels = dataset.label_view();
  const auto quality = [&](const ClassMatrix<double>& probabilities) {
    return calibration_quality(probabilities.view(), labels, arguments.n_bins);
  };
  report.model = fit_calibration(scores, labels, dataset.class_names, options, policy);
  report.before = quality(as_probabilities(scores, options.scores, policy));
  report.after = quality(apply_calibration(report.model, scores, policy));
  if (arguments.cross_fit == 0) return;
  report.n_folds = arguments.cross_fit;
  std::vector<std::size_t> groups;
  if (!arguments.cluster.empty()) {
    groups = cluster_numbers(dataset, arguments.cluster);
  }
  report.cross_fitted = quality(cross_fit(scores, labels, dataset.class_names, options, groups,
                                          {arguments.cross_fit, arguments.seed}, policy));
}

void run_fit(const FitArguments& arguments) {
  check_usage(arguments);
  CalibrationOptions options;
  options.method = method_of(arguments.method);
  options.scores = score_kind(arguments.data);
  options.n_bins = arguments.n_bins;
  std::vector<std::string> columns;
  if (!arguments.cluster.empty()) columns.push_back(arguments.cluster);
  const std::optional<Profile> profile = profile_of(arguments.data);
  check_can_write(arguments.output.path);
  const Dataset dataset = read_dataset(arguments.data, profile, arguments.data.logits, columns);
  if (!arguments.data.logits) check_probabilities(dataset, dataset.inputs.front().file);

  CalibrationReport report;
  report.inputs = dataset.inputs;
  report.n_samples = dataset.n_samples;
  report.notes = dataset.notes;
  dataset.visit_scores(
      [&](const auto& scores) { measure(arguments, options, dataset, scores, report); });

  const std::string model = calibration_json(report.model);
  const std::string page = rendered(
      arguments.output.format, [&] { return model; }, [&] { return calibration_csv(report); },
      [&] { return calibration_page(report); });
  StagedFile file(arguments.output.path, model);
  write_output({arguments.output.format, "", arguments.output.quiet}, page);
  file.publish();
}

/// The model for the classes that were asked for: all of its own, unless options name some.
CalibrationModel wanted_model(const ApplyArguments& arguments) {
  CalibrationModel model = read_calibration(arguments.model);
  if (arguments.data.classes.empty() && arguments.data.profile.empty()) return model;
  return select_classes(model, named_classes(arguments.data));
}

void run_apply(const ApplyArguments& arguments) {
  if (arguments.data.predictions.empty()) {
    throw UsageError("calibrate apply needs a file of predictions: PRED");
  }
  if (arguments.model.empty()) throw UsageError("calibrate apply needs a model: --model FILE");
  if (arguments.output.path.empty()) {
    throw UsageError("calibrate apply needs a file for the probabilities: -o OUT");
  }
  std::vector<std::filesystem::path> inputs = input_files(arguments.data);
  inputs.emplace_back(arguments.model);
  check_not_overwritten("-o", arguments.output.path, inputs);

  const CalibrationModel model = wanted_model(arguments);
  const bool logits = model.scores == ScoreKind::logits;
  if (arguments.data.logits && !logits) {
    throw UsageError("the model was fitted on probabilities; --logits contradicts it");
  }
  DataArguments data = arguments.data;
  data.logits = logits;
  check_can_write(arguments.output.path);
  const Predictions predictions = read_predictions(data, model.class_names);
  if (!logits) check_probabilities(predictions, predictions.input.file);
  const ClassMatrix<double> probabilities = predictions.visit_scores([&](const auto& scores) {
    return apply_calibration(model, scores, Cpu{arguments.data.threads});
  });
  stage_predictions(arguments.output.path, predictions, probabilities.view()).publish();
  for (const Problem& problem : predictions.notes) remark(arguments.output, describe(problem));
}

void add_fit(CLI::App& group) {
  const auto arguments = std::make_shared<FitArguments>();
  CLI::App* command =
      group.add_subcommand("fit", "fits a calibration to predictions and their truth");
  add_prediction_options(*command, arguments->data);
  add_truth_options(*command, arguments->data);
  command
      ->add_option(
          "--method", arguments->method,
          "temperature, temperature-per-class, affine, platt, beta, isotonic, centred-isotonic, "
          "histogram, histogram-mass or venn-abers")
      ->type_name("NAME");
  command
      ->add_option("--cross-fit", arguments->cross_fit,
                   "also show the quality on rows that the maps have not seen, by K folds")
      ->check(CLI::Range(2, 1000))
      ->type_name("K");
  command
      ->add_option("--cluster", arguments->cluster,
                   "rows with the same value of this column, such as patient, share a fold")
      ->type_name("COLUMN");
  command->add_option("--bins", arguments->n_bins, "bins of the ECE and of the histograms (15)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  command->add_option("--seed", arguments->seed, "of the folds (0)")
      ->check(whole_number)
      ->type_name("S");
  add_output_options(*command, arguments->output);
  command->get_option("--output")->description("write the calibration (JSON) to FILE");
  command->footer(
      "Example:\n"
      "  cxrlt calibrate fit predictions.csv --truth truth.csv --method platt --cross-fit 5 "
      "-o calibration.json");
  command->callback([arguments] { run_fit(*arguments); });
}

void add_apply(CLI::App& group) {
  const auto arguments = std::make_shared<ApplyArguments>();
  CLI::App* command = group.add_subcommand("apply", "writes calibrated predictions");
  add_prediction_options(*command, arguments->data);
  command->add_option("--model", arguments->model, "a file that 'calibrate fit' wrote")
      ->type_name("FILE");
  command
      ->add_option("-o,--output", arguments->output.path,
                   "write the probabilities to OUT: CSV (.gz, .zip), or NPY for an NPY")
      ->type_name("OUT");
  command->add_flag("--quiet", arguments->output.quiet, "no remarks on standard error");
  command->footer(
      "Example:\n"
      "  cxrlt calibrate apply predictions.csv --model calibration.json -o calibrated.csv");
  command->callback([arguments] { run_apply(*arguments); });
}

}  // namespace

void add_calibrate(CLI::App& program) {
  CLI::App* group = program.add_subcommand("calibrate", "fits and applies maps to probabilities");
  group->require_subcommand(1);
  add_fit(*group);
  add_apply(*group);
  group->footer(
      "Example:\n"
      "  cxrlt calibrate fit predictions.csv --truth truth.csv --method platt -o calibration.json\n"
      "  cxrlt calibrate apply predictions.csv --model calibration.json -o calibrated.csv");
}

}  // namespace cxrlt::cli
