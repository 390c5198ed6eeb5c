// SPDX-License-Identifier: Apache-2.0
/// One column of values per class, one column after the other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "cxrlt/core/large_pages.hpp"
#include "cxrlt/core/matrix_view.hpp"

namespace cxrlt {

/// n_rows values for each of n_columns classes.
template <class T>
class ClassColumns {
 public:
  ClassColumns() = default;

  /// The values are not set: whoever makes it writes every one.
  ClassColumns(std::size_t n_rows, std::size_t n_columns)
      : n_rows_(n_rows), n_columns_(n_columns), values_(n_rows * n_columns) {}

  std::size_t n_rows() const { return n_rows_; }
  std::size_t n_columns() const { return n_columns_; }

  /// The values of one class.
  std::span<T> operator[](std::size_t column) {
    return {values_.data() + column * n_rows_, n_rows_};
  }
  std::span<const T> operator[](std::size_t column) const {
    return {values_.data() + column * n_rows_, n_rows_};
  }

  /// All values, class after class.
  std::span<const T> values() const { return {values_.data(), n_rows_ * n_columns_}; }

  /// As n_rows samples x n_columns classes; valid as long as this is unchanged.
  MatrixView<const T> view() const {
    return {values_.data(), n_rows_, n_columns_, 1, static_cast<std::ptrdiff_t>(n_rows_)};
  }

  /// Keeps the given rows, in this order and each at most once, in place. O(values) time and
  /// O(rows) memory.
  void keep_rows(std::span<const std::size_t> rows) {
    std::vector<T> kept(rows.size());
    for (std::size_t column = 0; column < n_columns_; ++column) {
      const std::span<const T> values = (*this)[column];
      for (std::size_t i = 0; i < rows.size(); ++i) kept[i] = values[rows[i]];
      // Behind this lie only columns that are still to be read.
      std::copy(kept.begin(), kept.end(), values_.data() + column * rows.size());
    }
    n_rows_ = rows.size();
  }

 private:
  std::size_t n_rows_ = 0;
  std::size_t n_columns_ = 0;
  detail::LargeVector<T> values_;
};

}  // namespace cxrlt
