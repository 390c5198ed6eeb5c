// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/ensemble.hpp"

namespace cxrlt::cli {

namespace {

void add_combining_options(CLI::App& command, EnsembleArguments& arguments) {
  command
      .add_option("--method", arguments.method,
                  "mean (default), logit, geometric, power:2, median, rank or max")
      ->type_name("NAME");
  command
      .add_option("--weights", arguments.weights,
                  "of the files: 2,1,1; or @FILE, a CSV that --format csv wrote")
      ->type_name("LIST");
  command
      .add_option("--search", arguments.search,
                  "search the weights that are best by this metric, e.g. map")
      ->type_name("METRIC");
  command
      .add_option("--strategy", arguments.strategy,
                  "of the search: greedy (default), simplex, best, proportional")
      ->type_name("NAME");
  command.add_flag("--per-class", arguments.per_class,
                   "search weights of their own for each class");
  command.add_option("--folds", arguments.folds, "folds that say what the search is worth (5)")
      ->check(CLI::Range(2, 1000))
      ->type_name("K");
  command
      .add_option("--ids", arguments.ids,
                  "CSV with the ids that are wanted, in their order (default: sorted)")
      ->type_name("FILE");
}

void add_step_options(CLI::App& command, EnsembleArguments& arguments) {
  command
      .add_option("--views", arguments.views,
                  "make the images of a study one, by this column: "
                  "COLUMN[:PA+AP=7,LATERAL=3,other=5]")
      ->type_name("COLUMN");
  command
      .add_option("--view-method", arguments.view_method,
                  "weighted (default), mean, group-means or max")
      ->type_name("NAME");
  command.add_option("--study", arguments.study, "the column that names the study")
      ->type_name("COLUMN");
  command.add_flag("--per-study", arguments.per_study,
                   "write a row for each study instead of each image");
  command
      .add_option(
          "--gate", arguments.gate,
          "lower findings where the normal class is likely: power:0.5, linear:0.5, hard:0.5")
      ->type_name("GATE");
  command.add_option("--normal", arguments.normal, "the normal class (default: the profile's)")
      ->type_name("CLASS");
  command.add_option("--except", arguments.exceptions, "a class that is not gated; repeatable")
      ->type_name("CLASS")
      ->allow_extra_args(false);
  command
      .add_option("--smooth", arguments.smooth,
                  "smooth scores over classes that occur together, by this share")
      ->type_name("X");
  command
      .add_option("--train-labels", arguments.train_labels,
                  "for --smooth: labels of the training set, as a truth file")
      ->type_name("FILE");
}

void add_measuring_options(CLI::App& command, EnsembleArguments& arguments) {
  command.add_option("--metric", arguments.metrics, "what is measured with --truth (map)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command.add_option("--undefined", arguments.undefined, "as for score: skip (default), zero, ...")
      ->type_name("POLICY");
  command.add_option("--convention", arguments.convention, "as for score: sklearn")
      ->type_name("NAME");
  command.add_option("--threshold", arguments.threshold, "decide at this threshold (0.5)")
      ->type_name("X");
  command.add_option("--thresholds", arguments.thresholds, "a file that 'thresholds' wrote")
      ->type_name("FILE");
  command.add_option("--bins", arguments.n_bins, "bins of the calibration errors (15)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  command.add_option("--ci", arguments.n_replicates, "replicates behind the intervals (1000)")
      ->check(CLI::Range(2, 10'000'000))
      ->type_name("N");
  command
      .add_option("--cluster", arguments.cluster,
                  "rows with one value of this column, such as patient, stay together")
      ->type_name("COLUMN");
  command.add_option("--level", arguments.level, "level of intervals (0.95)")
      ->check(CLI::Range(0.001, 0.999999))
      ->type_name("X");
  command.add_option("--seed", arguments.seed, "of folds and replicates (0)")
      ->check(whole_number)
      ->type_name("S");
}

}  // namespace

void add_ensemble(CLI::App& program, std::vector<std::string> command_line) {
  const auto arguments = std::make_shared<EnsembleArguments>();
  arguments->command_line = std::move(command_line);
  CLI::App* command = program.add_subcommand(
      "ensemble", "combines predictions of several models, joined by id and class name");
  command
      ->add_option("files", arguments->files, "predictions of the models: CSV (.gz, .zip) or NPY")
      ->type_name("FILE");
  add_combining_options(*command, *arguments);
  add_step_options(*command, *arguments);
  add_reading_options(*command, arguments->data);
  add_truth_options(*command, arguments->data);
  add_count_options(*command, arguments->train_counts);
  add_measuring_options(*command, *arguments);
  add_output_options(*command, arguments->output);
  command->get_option("--output")
      ->description("write the combined probabilities to OUT: CSV (.gz, .zip), or NPY for NPY")
      ->type_name("OUT");
  command->get_option("--format")
      ->description("of what is shown: table (default), json, csv (the weights) or markdown");
  command->footer(
      "Example:\n"
      "  cxrlt ensemble a.csv b.csv c.csv --profile cxrlt2026_task1 -o submission.csv\n"
      "  cxrlt ensemble a.csv b.csv --search map --truth truth.csv --format csv -o out.csv > "
      "weights.csv\n"
      "  cxrlt ensemble test_a.csv test_b.csv --weights @weights.csv -o submission.csv");
  command->callback([arguments] { run_ensemble(*arguments); });
}

}  // namespace cxrlt::cli
