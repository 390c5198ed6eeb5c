// SPDX-License-Identifier: Apache-2.0
/// Predictions alone, for work without a truth: thresholds applied, probabilities calibrated.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/crc32.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/dataset_options.hpp"
#include "cxrlt/io/detail/load_arrays.hpp"
#include "cxrlt/io/detail/load_tables.hpp"
#include "cxrlt/io/id_column.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/npy.hpp"
#include "cxrlt/io/prediction_file.hpp"
#include "cxrlt/io/stored_matrix.hpp"

namespace cxrlt {

/// n_samples rows of scores for n_classes classes, in the order of the file.
struct Predictions {
  InputInfo input;
  bool is_array = false;  ///< an `.npy`, which has no ids
  std::string id_column;  ///< its name; "" for an array
  IdColumn ids;           ///< none for an array
  std::vector<std::string> class_names;
  std::size_t n_samples = 0;
  StoredScores scores;
  std::vector<Problem> notes;  ///< warnings and notes met while reading

  /// As `Dataset::visit_scores`.
  template <class Visit>
  decltype(auto) visit_scores(const Visit& visit) const {
    return std::visit([&](const auto& matrix) { return visit(matrix.view()); }, scores);
  }
};

namespace detail {

inline void load_prediction_array(const DatasetOptions& options, const StoredFile& file,
                                  const ProblemSink& sink, Predictions& predictions) {
  const NpyHeader header = read_npy_header(file, sink).value();
  predictions.is_array = true;
  predictions.class_names = classes_of_array(options, file.name, header.n_columns, sink);
  predictions.n_samples = header.n_rows;
  predictions.scores =
      read_npy_scores(file, header, predictions.class_names, options.allow_infinite, sink).value();
  predictions.input = {"predictions", file.name, file.content.size(), crc32(file.content),
                       header.n_rows};
}

/// Takes over what was read of a table; notes stay.
inline void take_table(const CsvTable& table, PredictionTable read, Predictions& predictions) {
  predictions.input = input_info("predictions", table);
  predictions.id_column = std::move(read.id_column);
  predictions.ids = std::move(read.ids);
  predictions.class_names = std::move(read.classes);
  predictions.n_samples = table.n_rows();
  predictions.scores = StoredMatrix(std::move(read.scores));
}

/// Refuses a table without a class.
inline void check_any_class(const CsvTable& table, const std::vector<std::string>& classes,
                            const ProblemSink& sink) {
  if (!classes.empty()) return;
  sink(header_problem(table, "missing_class", kNoColumn, "no column of scores beside the id"));
}

inline void load_prediction_table(const DatasetOptions& options, StoredFile file,
                                  const ProblemSink& sink, const Cpu& policy,
                                  Predictions& predictions) {
  const CsvTable table = table_of(std::move(file), sink, policy);
  PredictionTable read =
      read_dataset_predictions(table, options, named_classes(options), sink, policy);
  check_any_class(table, read.classes, sink);
  take_table(table, std::move(read), predictions);
}

}  // namespace detail

/// Reads `options.predictions` (CSV, `.gz`, `.zip` or `.npy`) without a truth. The classes are the
/// named ones, else the profile's, else every named column but the id.
/// @throws DataError with the first problem that forbids a result; InvalidArgument for a class
/// named twice. Equal for every number of threads. O(bytes) time and memory.
inline Predictions load_predictions(const DatasetOptions& options, const Cpu& policy = {}) {
  Predictions predictions;
  const ProblemSink sink =
      throw_errors([&](Problem problem) { predictions.notes.push_back(std::move(problem)); });
  StoredFile file = read_stored(options.predictions, sink).value();
  if (detail::is_array(file)) {
    detail::load_prediction_array(options, file, sink, predictions);
  } else {
    detail::load_prediction_table(options, std::move(file), sink, policy, predictions);
  }
  return predictions;
}

}  // namespace cxrlt
