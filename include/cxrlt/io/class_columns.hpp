// SPDX-License-Identifier: Apache-2.0
/// One column of values per class, one column after the other.
#pragma once

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"

namespace cxrlt {

namespace detail {

/// Asks for pages of 2 MiB: those of 4 KiB cost more time than the numbers that fill them.
inline void prefer_large_pages([[maybe_unused]] void* data, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__)
  constexpr std::size_t large_page = 2U << 20;
  const auto begin = reinterpret_cast<std::uintptr_t>(data);
  const std::uintptr_t first = (begin + large_page - 1) / large_page * large_page;
  const std::uintptr_t last = (begin + bytes) / large_page * large_page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

/// Leaves new elements as they are, where a vector would first write zeros into all of them.
template <class T>
struct UninitialisedAllocator : std::allocator<T> {
  T* allocate(std::size_t n) {
    T* const data = std::allocator<T>::allocate(n);
    prefer_large_pages(data, n * sizeof(T));
    return data;
  }
  template <class U>
  struct rebind {
    using other = UninitialisedAllocator<U>;
  };
  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }
};

}  // namespace detail

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
  std::vector<T, detail::UninitialisedAllocator<T>> values_;
};

}  // namespace cxrlt
