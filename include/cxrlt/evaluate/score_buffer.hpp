// SPDX-License-Identifier: Apache-2.0
/// Scores and labels that come batch by batch.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt {

/// Collects the scores and labels of a data set from batches, as an epoch of training gives them,
/// until the whole is evaluated. Buffers of several threads or processes are merged.
///
/// Scores merge, values do not: neither the mean of the batches' average precisions nor that of
/// their AUROCs is the value of all rows, and the threshold counts of two parts cannot be added,
/// since each has its own thresholds. Only decisions at a fixed threshold could be counted as they
/// come (`ConfusionCounts`).
///
/// Rows stand in the order in which they were added, which no metric depends on; a buffer merged in
/// another order gives the same values. Memory: a score and a byte for each cell.
template <class Score>
class ScoreBuffer {
 public:
  explicit ScoreBuffer(std::size_t n_classes) : n_classes_(n_classes) {}

  std::size_t n_classes() const { return n_classes_; }
  std::size_t n_samples() const { return n_classes_ == 0 ? 0 : scores_.size() / n_classes_; }

  /// Room for so many rows in all, so that adding them moves nothing.
  void reserve(std::size_t n_samples) {
    scores_.reserve(n_samples * n_classes_);
    labels_.reserve(n_samples * n_classes_);
  }

  /// Appends the rows of a batch, in either layout. Values are checked when they are evaluated.
  /// @throws InvalidArgument if scores and labels differ in size, or have another number of
  /// classes; the buffer is then unchanged.
  void add(MatrixView<const Score> scores, LabelMatrixView labels) {
    detail::check_same_shape(scores, labels);
    check_classes(scores.n_classes());
    for (std::size_t i = 0; i < scores.n_samples(); ++i) {
      for (std::size_t c = 0; c < n_classes_; ++c) {
        scores_.push_back(scores(i, c));
        labels_.push_back(labels(i, c));
      }
    }
  }

  /// Appends the rows of another buffer. @throws InvalidArgument for another number of classes.
  void merge(const ScoreBuffer& other) {
    check_classes(other.n_classes_);
    // A buffer merged into itself must not read what it is writing.
    const std::size_t n = other.scores_.size();
    scores_.reserve(scores_.size() + n);
    labels_.reserve(labels_.size() + n);
    for (std::size_t k = 0; k < n; ++k) {
      scores_.push_back(other.scores_[k]);
      labels_.push_back(other.labels_[k]);
    }
  }

  /// Forgets all rows and keeps the memory, for the next epoch.
  void clear() {
    scores_.clear();
    labels_.clear();
  }

  /// All rows; valid as long as the buffer is unchanged.
  MatrixView<const Score> scores() const { return {scores_.data(), n_samples(), n_classes_}; }
  LabelMatrixView labels() const { return {labels_.data(), n_samples(), n_classes_}; }

 private:
  void check_classes(std::size_t n_classes) const {
    if (n_classes == n_classes_) return;
    throw InvalidArgument("score buffer: " + std::to_string(n_classes) + " classes where " +
                          std::to_string(n_classes_) + " are collected");
  }

  std::size_t n_classes_;
  std::vector<Score> scores_;
  std::vector<Label> labels_;
};

}  // namespace cxrlt
