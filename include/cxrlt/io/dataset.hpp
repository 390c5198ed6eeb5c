// SPDX-License-Identifier: Apache-2.0
/// Scores and labels of the same rows and classes, side by side, with where they came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/class_columns.hpp"
#include "cxrlt/io/id_column.hpp"
#include "cxrlt/io/metadata.hpp"
#include "cxrlt/io/stored_matrix.hpp"

namespace cxrlt {

/// A file that was read.
struct InputInfo {
  std::string role;  ///< "predictions", "truth", "metadata" or "values"
  std::string file;  ///< base name
  std::uint64_t bytes = 0;
  std::uint32_t crc32 = 0;
  std::size_t rows = 0;
};

/// n_samples rows of scores and labels for n_classes classes, in the truth's order of rows.
struct Dataset {
  IdColumn ids;  ///< row numbers from 0 where rows were joined by position
  std::vector<std::string> class_names;
  std::size_t n_samples = 0;
  std::size_t n_classes = 0;
  StoredScores scores;
  StoredMatrix<Label> labels;
  std::vector<MetadataColumn> metadata;
  std::vector<InputInfo> inputs;
  std::string joined = "id";   ///< "id" or "position"
  std::vector<Problem> notes;  ///< warnings and notes met while reading

  /// Calls `visit` with the scores as n_samples x n_classes, in the precision in which they were
  /// stored: `MatrixView<const double>`, or of floats where arrays of float32 were read. The view
  /// is valid as long as the dataset is unchanged.
  template <class Visit>
  decltype(auto) visit_scores(const Visit& visit) const {
    return std::visit([&](const auto& matrix) { return visit(matrix.view()); }, scores);
  }
  /// One score, widened exactly.
  double score(std::size_t sample, std::size_t class_index) const {
    return visit_scores([&](const auto& view) -> double { return view(sample, class_index); });
  }
  /// The labels as n_samples x n_classes; valid as long as the dataset is unchanged.
  LabelMatrixView label_view() const { return labels.view(); }
};

namespace detail {

template <class T>
StoredMatrix<T> pick_rows(MatrixView<const T> values, std::span<const std::size_t> rows) {
  ClassColumns<T> picked(rows.size(), values.n_classes());
  for (std::size_t k = 0; k < values.n_classes(); ++k) {
    for (std::size_t i = 0; i < rows.size(); ++i) picked[k][i] = values(rows[i], k);
  }
  return picked;
}

}  // namespace detail

/// The dataset of the given rows, in the given order; a row may stand several times. Inputs, way
/// of joining and notes are kept. Throws `InvalidArgument` for a row that is not there.
/// O(rows x classes).
inline Dataset select_rows(const Dataset& dataset, std::span<const std::size_t> rows) {
  for (const std::size_t row : rows) {
    if (row >= dataset.n_samples) {
      throw InvalidArgument("row " + std::to_string(row) + " of a dataset of " +
                            std::to_string(dataset.n_samples) + " rows");
    }
  }
  Dataset subset;
  subset.class_names = dataset.class_names;
  subset.n_samples = rows.size();
  subset.n_classes = dataset.n_classes;
  subset.inputs = dataset.inputs;
  subset.joined = dataset.joined;
  subset.notes = dataset.notes;
  for (const std::size_t row : rows) subset.ids.push_back(dataset.ids[row]);
  dataset.visit_scores(
      [&](const auto& scores) { subset.scores = detail::pick_rows(scores, rows); });
  subset.labels = detail::pick_rows(dataset.labels.view(), rows);
  for (const MetadataColumn& column : dataset.metadata) {
    subset.metadata.push_back({column.name, {}});
    for (const std::size_t row : rows) subset.metadata.back().values.push_back(column.values[row]);
  }
  return subset;
}

/// The metadata column of this name, or nullptr.
inline const MetadataColumn* find_metadata(const Dataset& dataset, std::string_view name) {
  for (const MetadataColumn& column : dataset.metadata) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

}  // namespace cxrlt
