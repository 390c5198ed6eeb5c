// SPDX-License-Identifier: Apache-2.0
/// Values of rows and classes with whoever keeps them: columns of their own, or the file in which
/// they lie.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <variant>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/io/class_columns.hpp"

namespace cxrlt {

/// n_samples x n_classes values that never change. Copies are cheap and share them.
template <class T>
class StoredMatrix {
 public:
  StoredMatrix() = default;

  /// Values in columns of their own.
  StoredMatrix(ClassColumns<T> columns) {  // NOLINT(google-explicit-constructor)
    auto kept = std::make_shared<const ClassColumns<T>>(std::move(columns));
    view_ = kept->view();
    keeper_ = std::move(kept);
  }

  /// Values that are valid as long as `keeper` lives.
  StoredMatrix(std::shared_ptr<const void> keeper, MatrixView<const T> view)
      : keeper_(std::move(keeper)), view_(view) {}

  /// Valid as long as this or a copy lives.
  MatrixView<const T> view() const { return view_; }
  T operator()(std::size_t sample, std::size_t class_index) const {
    return view_(sample, class_index);
  }

 private:
  std::shared_ptr<const void> keeper_;
  MatrixView<const T> view_;
};

/// Scores in the precision in which they were stored.
using StoredScores = std::variant<StoredMatrix<double>, StoredMatrix<float>>;

}  // namespace cxrlt
