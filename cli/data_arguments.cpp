// SPDX-License-Identifier: Apache-2.0
#include "cli/data_arguments.hpp"

#include <cxrlt/core/parallel.hpp>
#include <cxrlt/io/load_dataset.hpp>
#include <utility>

#include "cli/common.hpp"
#include "cli/profile_argument.hpp"

namespace cxrlt::cli {

namespace {

/// Options without policies for labels, which only those need who read a truth.
DatasetOptions prediction_options(const DataArguments& arguments,
                                  const std::optional<Profile>& profile) {
  DatasetOptions options;
  options.predictions = arguments.predictions;
  options.truth = arguments.truth;
  options.metadata = arguments.metadata;
  options.id_column = arguments.id_column;
  if (profile) {
    options.profile_classes = profile->classes;
    // As aliases they are looked for, but the first named column may stand in for them.
    if (arguments.id_column.empty()) {
      options.id_aliases = profile->id_aliases;
      options.id_aliases.insert(options.id_aliases.begin(), profile->id_column);
    }
  }
  if (!arguments.classes.empty()) options.classes = class_list_argument(arguments.classes);
  return options;
}

}  // namespace

DatasetOptions dataset_options(const DataArguments& arguments,
                               const std::optional<Profile>& profile, bool allow_infinite,
                               const std::vector<std::string>& metadata_columns) {
  DatasetOptions options = prediction_options(arguments, profile);
  options.metadata_columns = metadata_columns;
  options.allow_infinite = allow_infinite;
  options.uncertain = choice<UncertainPolicy>("policy for uncertain labels", arguments.uncertain,
                                              {{"missing", UncertainPolicy::missing},
                                               {"positive", UncertainPolicy::positive},
                                               {"negative", UncertainPolicy::negative},
                                               {"error", UncertainPolicy::error}});
  options.blank = choice<BlankPolicy>("policy for blank labels", arguments.blank,
                                      {{"missing", BlankPolicy::missing},
                                       {"negative", BlankPolicy::negative},
                                       {"error", BlankPolicy::error}});
  return options;
}

void add_prediction_options(CLI::App& command, DataArguments& arguments) {
  command.add_option("predictions", arguments.predictions, "predictions: CSV (.gz, .zip) or NPY")
      ->type_name("PRED");
  add_reading_options(command, arguments);
}

void add_reading_options(CLI::App& command, DataArguments& arguments) {
  command.add_option("--profile", arguments.profile, "challenge profile: a name or a JSON file")
      ->type_name("NAME|FILE");
  command.add_option("--classes", arguments.classes, "the classes: a,b,c or @FILE")
      ->type_name("LIST");
  command.add_option("--id", arguments.id_column, "the id column (default: the first named one)")
      ->type_name("NAME");
  command.add_flag("--logits", arguments.logits,
                   "predictions are logits; ranked as they are, else turned into probabilities");
  command.add_option("--threads", arguments.threads, "threads (default: all cores)")
      ->check(CLI::Range(0, 1024))
      ->type_name("N");
}

void add_label_options(CLI::App& command, DataArguments& arguments) {
  command.add_option("--truth", arguments.truth, "truth: 0, 1, blank or -1 per class")
      ->type_name("FILE");
  command
      .add_option("--uncertain", arguments.uncertain,
                  "labels of -1 are: missing (default), positive, negative, error")
      ->type_name("POLICY");
  command
      .add_option("--blank", arguments.blank,
                  "blank labels are: missing (default), negative, error")
      ->type_name("POLICY");
}

void add_truth_options(CLI::App& command, DataArguments& arguments) {
  add_label_options(command, arguments);
  command.add_option("--metadata", arguments.metadata, "CSV with the id and further columns")
      ->type_name("FILE");
}

std::vector<std::filesystem::path> input_files(const DataArguments& arguments) {
  std::vector<std::filesystem::path> files{arguments.predictions, arguments.truth,
                                           arguments.metadata, arguments.profile};
  if (arguments.classes.starts_with('@')) files.emplace_back(arguments.classes.substr(1));
  return files;
}

ScoreKind score_kind(const DataArguments& arguments) {
  return arguments.logits ? ScoreKind::logits : ScoreKind::probabilities;
}

std::optional<Profile> profile_of(const DataArguments& arguments) {
  if (arguments.profile.empty()) return std::nullopt;
  return profile_argument(arguments.profile);
}

std::vector<std::string> named_classes(const DataArguments& arguments) {
  const DatasetOptions options = prediction_options(arguments, profile_of(arguments));
  return options.classes.empty() ? options.profile_classes : options.classes;
}

Dataset read_dataset(const DataArguments& arguments, const std::optional<Profile>& profile,
                     bool allow_infinite, const std::vector<std::string>& metadata_columns) {
  const DatasetOptions options =
      dataset_options(arguments, profile, allow_infinite, metadata_columns);
  return load_dataset(options, throw_errors([](Problem) {}), Cpu{arguments.threads});
}

Predictions read_predictions(const DataArguments& arguments,
                             const std::vector<std::string>& classes) {
  DatasetOptions options = prediction_options(arguments, profile_of(arguments));
  options.allow_infinite = arguments.logits;
  if (!classes.empty()) options.classes = classes;
  return load_predictions(options, Cpu{arguments.threads});
}

}  // namespace cxrlt::cli
