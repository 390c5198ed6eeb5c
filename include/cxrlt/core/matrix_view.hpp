// SPDX-License-Identifier: Apache-2.0
/// Views of scores and labels where they lie: pointers, containers, or Eigen objects with direct
/// access, in either storage order. Nothing is copied and nothing is owned.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

namespace detail {

/// An Eigen expression with direct access, recognised without including Eigen.
template <class M>
concept EigenDirect = requires(const std::remove_cvref_t<M>& m) {
  typename std::remove_cvref_t<M>::Scalar;
  typename std::remove_cvref_t<M>::PlainObject;
  {m.data()};
  {m.rows()};
  {m.cols()};
  {m.innerStride()};
  {m.outerStride()};
};

/// A contiguous container or span: neither an Eigen object nor one of our own strided views.
template <class R>
concept Contiguous = !EigenDirect<R> && !requires(const std::remove_cvref_t<R>& r) {
  {r.stride()};
}
&&requires(const std::remove_cvref_t<R>& r) {
  {*r.data()};
  { r.size() } -> std::convertible_to<std::size_t>;
};

template <class M>
using ElementOf =
    std::remove_cvref_t<decltype(*std::declval<const std::remove_cvref_t<M>&>().data())>;

/// Owns its elements: a view of a temporary of this kind would dangle.
template <class M>
inline constexpr bool owns_elements = [] {
  using Plain = std::remove_cvref_t<M>;
  if constexpr (EigenDirect<M>) {
    return std::is_same_v<Plain, typename Plain::PlainObject>;
  } else {
    return requires {
      typename Plain::allocator_type;
    };
  }
}();

template <class M>
concept OwningTemporary =
    (EigenDirect<M> || Contiguous<M>)&&!std::is_lvalue_reference_v<M> && owns_elements<M>;

/// Bytes that hold a label: signed and unsigned 8-bit integers, and bool.
template <class T>
concept LabelByte =
    std::same_as<T, signed char> || std::same_as<T, unsigned char> || std::same_as<T, bool>;

template <class M>
constexpr bool is_row_major(const M&) {
  return bool(M::IsRowMajor);
}

inline void check_same_size(std::size_t scores, std::size_t labels, const char* what) {
  if (scores != labels) {
    throw InvalidArgument("scores and labels differ in their number of " + std::string(what) +
                          ": " + std::to_string(scores) + " and " + std::to_string(labels));
  }
}

}  // namespace detail

/// A strided, non-owning view of one column (the scores of one class, say).
template <class T>
class ColumnView {
 public:
  using Element = std::remove_const_t<T>;

  ColumnView() = default;

  /// `size` elements from `data`, `stride` elements apart.
  ColumnView(T* data, std::size_t size, std::ptrdiff_t stride = 1)
      : data_(data), size_(size), stride_(stride) {}

  /// A contiguous container or span of the same element type.
  template <detail::Contiguous R>
  requires std::same_as<detail::ElementOf<R>, Element> &&
      (!detail::OwningTemporary<R>)ColumnView(R&& range)  // NOLINT(google-explicit-constructor)
      : ColumnView(range.data(), range.size()) {}

  /// An Eigen vector, or a row or column of an Eigen matrix.
  template <detail::EigenDirect M>
  requires std::same_as<detail::ElementOf<M>, Element> &&
      (bool(std::remove_cvref_t<M>::IsVectorAtCompileTime)) &&
      (!detail::OwningTemporary<M>)ColumnView(M&& vector)  // NOLINT(google-explicit-constructor)
      : ColumnView(vector.data(), static_cast<std::size_t>(vector.size()), vector.innerStride()) {}

  /// A view of a temporary that owns its elements would dangle.
  template <class M>
  requires detail::OwningTemporary<M> ColumnView(M&&)
  = delete;

  /// A view that may write reads as well.
  template <class U>
  requires std::same_as<const U, T> &&
      (!std::is_const_v<U>)ColumnView(ColumnView<U> other)  // NOLINT(google-explicit-constructor)
      : ColumnView(other.data(), other.size(), other.stride()) {}

  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) const { return data_[static_cast<std::ptrdiff_t>(i) * stride_]; }
  T* data() const { return data_; }
  std::ptrdiff_t stride() const { return stride_; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::ptrdiff_t stride_ = 1;
};

/// A strided, non-owning view of n_samples x n_classes elements.
template <class T>
class MatrixView {
 public:
  using Element = std::remove_const_t<T>;

  MatrixView() = default;

  /// A dense row-major matrix: the classes of one sample lie side by side.
  MatrixView(T* data, std::size_t n_samples, std::size_t n_classes)
      : MatrixView(data, n_samples, n_classes, static_cast<std::ptrdiff_t>(n_classes), 1) {}

  /// Any layout: elements between neighbouring samples and between neighbouring classes.
  MatrixView(T* data, std::size_t n_samples, std::size_t n_classes, std::ptrdiff_t sample_stride,
             std::ptrdiff_t class_stride)
      : data_(data),
        n_samples_(n_samples),
        n_classes_(n_classes),
        sample_stride_(sample_stride),
        class_stride_(class_stride) {}

  /// An Eigen expression with direct access, of the same element type, without a copy.
  template <detail::EigenDirect M>
  requires std::same_as<detail::ElementOf<M>, Element> &&
      (!detail::OwningTemporary<M>)MatrixView(M&& matrix)  // NOLINT(google-explicit-constructor)
      : MatrixView(matrix.data(), static_cast<std::size_t>(matrix.rows()),
                   static_cast<std::size_t>(matrix.cols()),
                   detail::is_row_major(matrix) ? matrix.outerStride() : matrix.innerStride(),
                   detail::is_row_major(matrix) ? matrix.innerStride() : matrix.outerStride()) {}

  /// A view of a temporary that owns its elements would dangle.
  template <class M>
  requires detail::OwningTemporary<M> MatrixView(M&&)
  = delete;

  /// A view that may write reads as well.
  template <class U>
  requires std::same_as<const U, T> &&
      (!std::is_const_v<U>)MatrixView(MatrixView<U> other)  // NOLINT(google-explicit-constructor)
      : MatrixView(other.data(), other.n_samples(), other.n_classes(), other.sample_stride(),
                   other.class_stride()) {}

  std::size_t n_samples() const { return n_samples_; }
  std::size_t n_classes() const { return n_classes_; }
  T* data() const { return data_; }
  std::ptrdiff_t sample_stride() const { return sample_stride_; }
  std::ptrdiff_t class_stride() const { return class_stride_; }

  T& operator()(std::size_t sample, std::size_t class_index) const {
    return data_[static_cast<std::ptrdiff_t>(sample) * sample_stride_ +
                 static_cast<std::ptrdiff_t>(class_index) * class_stride_];
  }

  /// All samples of one class.
  ColumnView<T> column(std::size_t class_index) const {
    return {data_ + static_cast<std::ptrdiff_t>(class_index) * class_stride_, n_samples_,
            sample_stride_};
  }

  /// All classes of one sample.
  ColumnView<T> row(std::size_t sample) const {
    return {data_ + static_cast<std::ptrdiff_t>(sample) * sample_stride_, n_classes_,
            class_stride_};
  }

 private:
  T* data_ = nullptr;
  std::size_t n_samples_ = 0;
  std::size_t n_classes_ = 0;
  std::ptrdiff_t sample_stride_ = 0;
  std::ptrdiff_t class_stride_ = 0;
};

namespace detail {

/// True where the rows of a matrix lie one after the other, without gaps.
template <class T>
bool rows_touch(MatrixView<T> matrix) {
  return matrix.class_stride() == 1 &&
         matrix.sample_stride() == static_cast<std::ptrdiff_t>(matrix.n_classes());
}

/// True where the columns do.
template <class T>
bool columns_touch(MatrixView<T> matrix) {
  return matrix.sample_stride() == 1 &&
         matrix.class_stride() == static_cast<std::ptrdiff_t>(matrix.n_samples());
}

/// A stored byte as a label. `largest` is the largest byte of a valid or signed label, so that the
/// 255 of an unsigned mask is refused by whoever checks labels, and not taken for -1 (missing).
constexpr Label label_of_byte(unsigned char byte, unsigned char largest) {
  return static_cast<Label>(byte < largest ? byte : largest);
}

template <class T>
inline constexpr unsigned char largest_byte = std::is_signed_v<T> ? 255 : 127;

}  // namespace detail

class LabelMatrixView;

/// A view of one column of labels stored as `int8_t`, `uint8_t` or `bool`; reads as `Label`.
/// Only signed bytes can say missing (-1).
class LabelColumnView {
 public:
  LabelColumnView() = default;

  template <detail::LabelByte T>
  LabelColumnView(const T* data, std::size_t size, std::ptrdiff_t stride = 1)
      : bytes_(reinterpret_cast<const unsigned char*>(data), size, stride),
        largest_(detail::largest_byte<T>) {
    static_assert(sizeof(T) == 1);
  }

  template <class M>
  requires(detail::Contiguous<M> || detail::EigenDirect<M>) &&
      detail::LabelByte<detail::ElementOf<M>> &&
      (!detail::OwningTemporary<M>)
          LabelColumnView(M&& labels)  // NOLINT(google-explicit-constructor)
      : LabelColumnView(ColumnView<const detail::ElementOf<M>>(labels)) {}

  template <detail::LabelByte T>
  LabelColumnView(ColumnView<const T> labels)  // NOLINT(google-explicit-constructor)
      : LabelColumnView(labels.data(), labels.size(), labels.stride()) {}

  std::size_t size() const { return bytes_.size(); }
  Label operator[](std::size_t i) const { return detail::label_of_byte(bytes_[i], largest_); }
  /// The column as a matrix of one class.
  inline LabelMatrixView as_matrix() const;

 private:
  friend class LabelMatrixView;
  LabelColumnView(ColumnView<const unsigned char> bytes, unsigned char largest)
      : bytes_(bytes), largest_(largest) {}

  ColumnView<const unsigned char> bytes_;
  unsigned char largest_ = 255;
};

/// A view of n_samples x n_classes labels stored as `int8_t`, `uint8_t` or `bool`.
class LabelMatrixView {
 public:
  LabelMatrixView() = default;

  template <detail::LabelByte T>
  LabelMatrixView(const T* data, std::size_t n_samples, std::size_t n_classes)
      : LabelMatrixView(MatrixView<const T>(data, n_samples, n_classes)) {}

  template <class M>
  requires detail::EigenDirect<M> && detail::LabelByte<detail::ElementOf<M>> &&
      (!detail::OwningTemporary<M>)
          LabelMatrixView(M&& labels)  // NOLINT(google-explicit-constructor)
      : LabelMatrixView(MatrixView<const detail::ElementOf<M>>(labels)) {}

  template <detail::LabelByte T>
  LabelMatrixView(MatrixView<const T> labels)  // NOLINT(google-explicit-constructor)
      : bytes_(reinterpret_cast<const unsigned char*>(labels.data()), labels.n_samples(),
               labels.n_classes(), labels.sample_stride(), labels.class_stride()),
        largest_(detail::largest_byte<T>) {
    static_assert(sizeof(T) == 1);
  }

  std::size_t n_samples() const { return bytes_.n_samples(); }
  std::size_t n_classes() const { return bytes_.n_classes(); }
  Label operator()(std::size_t sample, std::size_t class_index) const {
    return detail::label_of_byte(bytes_(sample, class_index), largest_);
  }
  LabelColumnView column(std::size_t class_index) const {
    return {bytes_.column(class_index), largest_};
  }
  LabelColumnView row(std::size_t sample) const { return {bytes_.row(sample), largest_}; }
  /// The labels as they are stored; a byte above 1 is -1 (missing) or no label.
  MatrixView<const unsigned char> bytes() const { return bytes_; }

 private:
  friend class LabelColumnView;
  LabelMatrixView(MatrixView<const unsigned char> bytes, unsigned char largest)
      : bytes_(bytes), largest_(largest) {}

  MatrixView<const unsigned char> bytes_;
  unsigned char largest_ = 255;
};

inline LabelMatrixView LabelColumnView::as_matrix() const {
  return {MatrixView<const unsigned char>(bytes_.data(), bytes_.size(), 1, bytes_.stride(), 1),
          largest_};
}

}  // namespace cxrlt
