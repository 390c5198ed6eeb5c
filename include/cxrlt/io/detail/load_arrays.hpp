// SPDX-License-Identifier: Apache-2.0
/// A dataset from two arrays: rows joined by position.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/crc32.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/dataset_options.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/npy.hpp"

namespace cxrlt::detail {

/// The names of an array's columns: those that the caller gave, or class_0, class_1, ...
inline std::vector<std::string> classes_of_array(const DatasetOptions& options,
                                                 const std::string& file, std::size_t n_columns,
                                                 const ProblemSink& sink) {
  std::vector<std::string> classes = named_classes(options);
  if (!classes.empty() && classes.size() != n_columns) {
    sink(file_problem(file, "bad_npy",
                      count_of(n_columns, "column") + " in the array, and " +
                          std::to_string(classes.size()) + " names of classes"));
  }
  for (std::size_t k = classes.size(); k < n_columns; ++k) {
    classes.push_back("class_" + std::to_string(k));
  }
  return classes;
}

inline void load_arrays(const DatasetOptions& options, const StoredFile& predictions,
                        const StoredFile& truth, const ProblemSink& sink, Dataset& dataset) {
  if (!options.metadata.empty() || !options.metadata_columns.empty()) {
    throw InvalidArgument("metadata are joined by id, and arrays (.npy) have no ids");
  }
  const auto shape = [](const NpyHeader& h) {
    return std::to_string(h.n_rows) + " x " + std::to_string(h.n_columns);
  };
  const NpyHeader scores = read_npy_header(predictions, sink).value();
  const NpyHeader labels = read_npy_header(truth, sink).value();
  if (scores.n_rows != labels.n_rows || scores.n_columns != labels.n_columns) {
    sink(file_problem(truth.name, "bad_npy",
                      "the labels are " + shape(labels) + ", the scores in " + predictions.name +
                          " " + shape(scores) + "; expected the same shape"));
  }
  dataset.joined = "position";
  dataset.n_samples = scores.n_rows;
  dataset.n_classes = scores.n_columns;
  dataset.class_names = classes_of_array(options, predictions.name, scores.n_columns, sink);
  dataset.scores =
      read_npy_scores(predictions, scores, dataset.class_names, options.allow_infinite, sink)
          .value();
  std::size_t n_uncertain = 0;
  dataset.labels =
      read_npy_labels(truth, labels, dataset.class_names, options.uncertain, n_uncertain, sink)
          .value();
  note_uncertain(truth.name, n_uncertain, options.uncertain, sink);
  for (std::size_t row = 0; row < dataset.n_samples; ++row) {
    dataset.ids.push_back(std::to_string(row));
  }
  for (const auto& [role, file] : {std::pair("predictions", &predictions), {"truth", &truth}}) {
    dataset.inputs.push_back(
        {role, file->name, file->content.size(), crc32(file->content), dataset.n_samples});
  }
  sink(dataset_note(predictions.name, "joined_by_position",
                    "arrays have no ids: rows are joined by position", 1));
}

}  // namespace cxrlt::detail
