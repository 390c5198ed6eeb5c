// SPDX-License-Identifier: Apache-2.0
/// Products of row-major matrices on a device: by cuBLAS, or by Eigen where Thrust takes the host
/// for the device.
#pragma once

#include <thrust/device_vector.h>

#include <cstddef>
#include <cxrlt/core/error.hpp>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <cublas_v2.h>

#include <climits>
#include <string>
#else
#include <Eigen/Core>
#endif

namespace training {

/// A matrix on the device, row after row.
struct DeviceMatrix {
  std::size_t n_rows = 0;
  std::size_t n_columns = 0;
  thrust::device_vector<float> values;

  DeviceMatrix() = default;
  DeviceMatrix(std::size_t rows, std::size_t columns)
      : n_rows(rows), n_columns(columns), values(rows * columns) {}

  float* data() { return thrust::raw_pointer_cast(values.data()); }
  const float* data() const { return thrust::raw_pointer_cast(values.data()); }
};

/// Whether a factor is taken as it is, or its transpose.
enum class Factor { plain, transposed };

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA

class DeviceBlas {
 public:
  DeviceBlas() { check(cublasCreate(&handle_)); }
  DeviceBlas(const DeviceBlas&) = delete;
  DeviceBlas& operator=(const DeviceBlas&) = delete;
  ~DeviceBlas() { cublasDestroy(handle_); }

  /// to = a b, where `to` has the right shape already.
  void multiply(const DeviceMatrix& a, Factor of_a, const DeviceMatrix& b, Factor of_b,
                DeviceMatrix& to) {
    // cuBLAS reads columns, to which our rows are those of the transpose: to' = b' a'.
    const float one = 1;
    const float zero = 0;
    const std::size_t n_inner = of_a == Factor::plain ? a.n_columns : a.n_rows;
    check(cublasSgemm(handle_, operation(of_b), operation(of_a), size(to.n_columns),
                      size(to.n_rows), size(n_inner), &one, b.data(), size(b.n_columns), a.data(),
                      size(a.n_columns), &zero, to.data(), size(to.n_columns)));
  }

 private:
  static cublasOperation_t operation(Factor factor) {
    return factor == Factor::plain ? CUBLAS_OP_N : CUBLAS_OP_T;
  }
  static int size(std::size_t n) {
    if (n > INT_MAX) throw cxrlt::Error("a matrix on the device has 2^31 rows or columns or more");
    return static_cast<int>(n);
  }
  static void check(cublasStatus_t status) {
    if (status == CUBLAS_STATUS_SUCCESS) return;
    throw cxrlt::Error(std::string("cuBLAS: ") + cublasGetStatusString(status));
  }

  cublasHandle_t handle_ = nullptr;
};

#else

class DeviceBlas {
 public:
  void multiply(const DeviceMatrix& a, Factor of_a, const DeviceMatrix& b, Factor of_b,
                DeviceMatrix& to) {
    const auto multiplied = [&](const auto& left, const auto& right) {
      Eigen::Map<Rows>(to.data(), size(to.n_rows), size(to.n_columns)).noalias() = left * right;
    };
    if (of_a == Factor::transposed) return multiplied(rows(a).transpose(), rows(b));
    if (of_b == Factor::transposed) return multiplied(rows(a), rows(b).transpose());
    multiplied(rows(a), rows(b));
  }

 private:
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  static Eigen::Index size(std::size_t n) { return static_cast<Eigen::Index>(n); }
  static Eigen::Map<const Rows> rows(const DeviceMatrix& matrix) {
    return {matrix.data(), size(matrix.n_rows), size(matrix.n_columns)};
  }
};

#endif

}  // namespace training
