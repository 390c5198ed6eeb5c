// SPDX-License-Identifier: Apache-2.0
/// From files to a dataset: predictions and truth joined by id and class name, or by position.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/dataset_options.hpp"
#include "cxrlt/io/detail/load_arrays.hpp"
#include "cxrlt/io/detail/load_tables.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/npy.hpp"
#include "cxrlt/io/prediction_file.hpp"

namespace cxrlt {

namespace detail {

/// Loads from files in memory; `sink` throws errors.
inline void load_stored(const DatasetOptions& options, StoredFile predictions, StoredFile truth,
                        const ProblemSink& sink, const Cpu& policy, Dataset& dataset) {
  if (is_array(predictions) != is_array(truth)) {
    sink(file_problem(is_array(truth) ? predictions.name : truth.name, "bad_npy",
                      "this is not an .npy file, but " +
                          (is_array(truth) ? truth.name : predictions.name) +
                          " is; expected both or neither"));
  } else if (is_array(truth)) {
    load_arrays(options, predictions, truth, sink, dataset);
  } else {
    load_tables(options, std::move(predictions), std::move(truth), sink, policy, dataset);
  }
}

}  // namespace detail

/// Reads predictions and truth (CSV, `.gz`, `.zip`; or both `.npy`) and joins them: rows by id and
/// columns by class name, in the order of the truth's rows and of the named classes, else the
/// profile's, else the truth's (`select_classes`). Arrays join by position. Metadata columns are
/// taken from the metadata file, else from the truth file.
/// Throws `DataError` with the first problem that forbids a result, `InvalidArgument` for options
/// that contradict each other. Warnings and notes go to `notes` of the result and to `sink`.
/// Equal for every number of threads. O(bytes) time and memory.
inline Dataset load_dataset(const DatasetOptions& options, const ProblemSink& sink = {},
                            const Cpu& policy = {}) {
  Dataset dataset;
  const ProblemSink throwing = throw_errors([&](Problem problem) {
    dataset.notes.push_back(problem);
    if (sink) sink(std::move(problem));
  });
  StoredFile predictions = read_stored(options.predictions, throwing).value();
  StoredFile truth = read_stored(options.truth, throwing).value();
  detail::load_stored(options, std::move(predictions), std::move(truth), throwing, policy, dataset);
  return dataset;
}

/// Reads predictions alone, for work without a truth: `read_input`, `parse_csv`,
/// `read_predictions`, with their problems. Nothing is returned where nothing can be read.
inline std::optional<PredictionTable> read_prediction_file(const std::filesystem::path& path,
                                                           const PredictionOptions& options,
                                                           const ProblemSink& sink,
                                                           const Cpu& policy = {}) {
  std::optional<InputFile> input = read_input(path, sink, policy);
  if (!input) return std::nullopt;
  const std::optional<CsvTable> table = parse_csv(std::move(*input), sink, {}, policy);
  if (!table) return std::nullopt;
  return read_predictions(*table, options, sink, policy);
}

}  // namespace cxrlt
