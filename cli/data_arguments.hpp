// SPDX-License-Identifier: Apache-2.0
/// Which files hold scores and labels, and how they are read: what most commands ask for.
#pragma once

#include <CLI/CLI.hpp>
#include <cxrlt/challenge/profile.hpp>
#include <cxrlt/core/types.hpp>
#include <cxrlt/io/dataset.hpp>
#include <cxrlt/io/dataset_options.hpp>
#include <cxrlt/io/load_predictions.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cxrlt::cli {

/// The files, as written on the command line.
struct DataArguments {
  std::string predictions;
  std::string truth;
  std::string metadata;
  std::string id_column;
  std::string classes;
  std::string profile;
  bool logits = false;
  std::string uncertain = "missing";
  std::string blank = "missing";
  int threads = 0;
};

/// Adds PRED, `--profile`, `--classes`, `--id`, `--logits` and `--threads`.
void add_prediction_options(CLI::App& command, DataArguments& arguments);

/// Adds those without PRED.
void add_reading_options(CLI::App& command, DataArguments& arguments);

/// Adds `--truth`, `--uncertain` and `--blank`.
void add_label_options(CLI::App& command, DataArguments& arguments);

/// Adds those and `--metadata`.
void add_truth_options(CLI::App& command, DataArguments& arguments);

/// The files that are read, which no output may overwrite.
std::vector<std::filesystem::path> input_files(const DataArguments& arguments);

/// What the scores are, by `--logits`.
ScoreKind score_kind(const DataArguments& arguments);

/// The profile that was named, if any.
std::optional<Profile> profile_of(const DataArguments& arguments);

/// The classes of `--classes`, else those of the profile; none where neither was given.
std::vector<std::string> named_classes(const DataArguments& arguments);

/// How predictions and truth are read, with these metadata columns.
DatasetOptions dataset_options(const DataArguments& arguments,
                               const std::optional<Profile>& profile, bool allow_infinite,
                               const std::vector<std::string>& metadata_columns);

/// Reads predictions and truth with these metadata columns.
Dataset read_dataset(const DataArguments& arguments, const std::optional<Profile>& profile,
                     bool allow_infinite, const std::vector<std::string>& metadata_columns = {});

/// Reads the predictions alone; `classes`, where there are any, instead of all.
Predictions read_predictions(const DataArguments& arguments,
                             const std::vector<std::string>& classes = {});

}  // namespace cxrlt::cli
