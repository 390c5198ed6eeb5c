// SPDX-License-Identifier: Apache-2.0
/// A matrix that owns its values.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

/// n_samples x n_classes values, class after class: what functions return that make new scores.
template <class T>
class ClassMatrix {
 public:
  ClassMatrix() = default;
  ClassMatrix(std::size_t n_samples, std::size_t n_classes)
      : n_samples_(n_samples), n_classes_(n_classes), values_(n_samples * n_classes) {}

  std::size_t n_samples() const { return n_samples_; }
  std::size_t n_classes() const { return n_classes_; }

  /// The values of one class.
  std::span<T> operator[](std::size_t k) { return {values_.data() + k * n_samples_, n_samples_}; }
  std::span<const T> operator[](std::size_t k) const {
    return {values_.data() + k * n_samples_, n_samples_};
  }

  /// Valid as long as this is unchanged.
  MatrixView<const T> view() const {
    return {values_.data(), n_samples_, n_classes_, 1, static_cast<std::ptrdiff_t>(n_samples_)};
  }

 private:
  std::size_t n_samples_ = 0;
  std::size_t n_classes_ = 0;
  std::vector<T> values_;
};

namespace detail {

/// The rows of a matrix in this order, each as often as it stands there.
template <class T>
ClassMatrix<double> rows_in_order(MatrixView<const T> scores, std::span<const std::size_t> order) {
  ClassMatrix<double> rows(order.size(), scores.n_classes());
  for (std::size_t k = 0; k < scores.n_classes(); ++k) {
    for (std::size_t i = 0; i < order.size(); ++i) {
      rows[k][i] = static_cast<double>(scores(order[i], k));
    }
  }
  return rows;
}

/// The labels that `keep(i, k)` wants; all others are missing.
template <class Keep>
ClassMatrix<Label> labels_where(LabelMatrixView labels, const Keep& keep) {
  ClassMatrix<Label> some(labels.n_samples(), labels.n_classes());
  for (std::size_t k = 0; k < labels.n_classes(); ++k) {
    for (std::size_t i = 0; i < labels.n_samples(); ++i) {
      some[k][i] = keep(i, k) ? labels(i, k) : kMissing;
    }
  }
  return some;
}

}  // namespace detail

}  // namespace cxrlt
