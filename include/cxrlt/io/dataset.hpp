// SPDX-License-Identifier: Apache-2.0
/// Scores and labels of the same rows and classes, side by side, with where they came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/class_columns.hpp"
#include "cxrlt/io/id_column.hpp"
#include "cxrlt/io/metadata.hpp"

namespace cxrlt {

/// A file that was read.
struct InputInfo {
  std::string role;  ///< "predictions", "truth" or "metadata"
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
  ClassColumns<double> scores;
  ClassColumns<Label> labels;
  std::vector<MetadataColumn> metadata;
  std::vector<InputInfo> inputs;
  std::string joined = "id";   ///< "id" or "position"
  std::vector<Problem> notes;  ///< warnings and notes met while reading

  /// The scores as n_samples x n_classes; valid as long as the dataset is unchanged.
  MatrixView<const double> score_view() const { return scores.view(); }
  /// The labels as n_samples x n_classes; valid as long as the dataset is unchanged.
  LabelMatrixView label_view() const { return labels.view(); }
};

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
  const auto pick = [&rows](const auto& from, auto&& to) {
    for (std::size_t i = 0; i < rows.size(); ++i) to[i] = from[rows[i]];
  };
  for (const std::size_t row : rows) subset.ids.push_back(dataset.ids[row]);
  subset.scores = {rows.size(), dataset.n_classes};
  subset.labels = {rows.size(), dataset.n_classes};
  for (std::size_t k = 0; k < dataset.n_classes; ++k) {
    pick(dataset.scores[k], subset.scores[k]);
    pick(dataset.labels[k], subset.labels[k]);
  }
  for (const MetadataColumn& column : dataset.metadata) {
    subset.metadata.push_back({column.name, std::vector<std::string>(rows.size())});
    pick(column.values, subset.metadata.back().values);
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
