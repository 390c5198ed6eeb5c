// SPDX-License-Identifier: Apache-2.0
/// Views of scores and labels in the memory of a device. They are made from `thrust::device_ptr`
/// alone, so that a pointer to host memory does not compile.
#pragma once

#include <thrust/device_ptr.h>

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/cuda/detail/system.hpp"

namespace cxrlt::inline CXRLT_DEVICE_SYSTEM {

/// A strided, non-owning view of n_samples x n_classes elements on the device. A pointer that
/// another library gave you becomes one by `thrust::device_pointer_cast(pointer)`.
template <class T>
class DeviceMatrixView {
 public:
  using Element = std::remove_const_t<T>;

  DeviceMatrixView() = default;

  /// A dense row-major matrix: the classes of one sample lie side by side.
  DeviceMatrixView(thrust::device_ptr<T> data, std::size_t n_samples, std::size_t n_classes)
      : DeviceMatrixView(data, n_samples, n_classes, static_cast<std::ptrdiff_t>(n_classes), 1) {}

  /// Any layout: elements between neighbouring samples and between neighbouring classes. A dense
  /// column-major matrix has the strides 1 and n_samples.
  DeviceMatrixView(thrust::device_ptr<T> data, std::size_t n_samples, std::size_t n_classes,
                   std::ptrdiff_t sample_stride, std::ptrdiff_t class_stride)
      : data_(data),
        n_samples_(n_samples),
        n_classes_(n_classes),
        sample_stride_(sample_stride),
        class_stride_(class_stride) {}

  /// A view that may write reads as well.
  template <class U>
  requires std::same_as<const U, T> &&(!std::is_const_v<U>)
      DeviceMatrixView(DeviceMatrixView<U> other)  // NOLINT(google-explicit-constructor)
      : DeviceMatrixView(other.data(), other.n_samples(), other.n_classes(), other.sample_stride(),
                         other.class_stride()) {}

  std::size_t n_samples() const { return n_samples_; }
  std::size_t n_classes() const { return n_classes_; }
  thrust::device_ptr<T> data() const { return data_; }
  std::ptrdiff_t sample_stride() const { return sample_stride_; }
  std::ptrdiff_t class_stride() const { return class_stride_; }

 private:
  thrust::device_ptr<T> data_;
  std::size_t n_samples_ = 0;
  std::size_t n_classes_ = 0;
  std::ptrdiff_t sample_stride_ = 0;
  std::ptrdiff_t class_stride_ = 0;
};

/// A view of n_samples x n_classes labels on the device, stored as `int8_t`, `uint8_t` or `bool`.
/// Only signed bytes can say missing (-1).
class DeviceLabelMatrixView {
 public:
  DeviceLabelMatrixView() = default;

  /// A dense row-major matrix.
  template <class T>
  requires detail::LabelByte<std::remove_const_t<T>> DeviceLabelMatrixView(
      thrust::device_ptr<T> data, std::size_t n_samples, std::size_t n_classes)
      : DeviceLabelMatrixView(DeviceMatrixView<T>(data, n_samples, n_classes)) {}

  /// Labels in any layout.
  template <class T>
  requires detail::LabelByte<std::remove_const_t<T>> DeviceLabelMatrixView(
      DeviceMatrixView<T> labels)  // NOLINT(google-explicit-constructor)
      : bytes_(thrust::device_pointer_cast(
                   reinterpret_cast<const unsigned char*>(thrust::raw_pointer_cast(labels.data()))),
               labels.n_samples(), labels.n_classes(), labels.sample_stride(),
               labels.class_stride()),
        largest_(detail::largest_byte<std::remove_const_t<T>>) {
    static_assert(sizeof(T) == 1);
  }

  std::size_t n_samples() const { return bytes_.n_samples(); }
  std::size_t n_classes() const { return bytes_.n_classes(); }
  /// The labels as they are stored.
  DeviceMatrixView<const unsigned char> bytes() const { return bytes_; }
  /// The largest byte that is read as a label: 255 where bytes are signed, else 127.
  unsigned char largest_byte() const { return largest_; }

 private:
  DeviceMatrixView<const unsigned char> bytes_;
  unsigned char largest_ = 255;
};

}  // namespace cxrlt::inline CXRLT_DEVICE_SYSTEM
