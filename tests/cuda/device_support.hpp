// SPDX-License-Identifier: Apache-2.0
/// Matrices on the device for tests, which Catch2 runs in host builds and plain_checks.hpp in those
/// by nvcc.
#pragma once

#include <thrust/device_vector.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/cuda/device_matrix_view.hpp"
#include "cxrlt/cuda/reduced_float.hpp"
#ifdef CXRLT_PLAIN_CHECKS
#include "cuda/plain_checks.hpp"
#else
#include "catch.hpp"
#endif

/// A dense matrix on the host and its copy on the device, in one storage order.
template <class T>
class TestMatrix {
 public:
  TestMatrix(std::size_t n_samples, std::size_t n_classes, bool row_major)
      : cells(n_samples * n_classes),
        n_samples_(n_samples),
        n_classes_(n_classes),
        sample_stride_(row_major ? static_cast<std::ptrdiff_t>(n_classes) : 1),
        class_stride_(row_major ? 1 : static_cast<std::ptrdiff_t>(n_samples)) {}

  T& operator()(std::size_t sample, std::size_t class_index) {
    return cells[static_cast<std::size_t>(static_cast<std::ptrdiff_t>(sample) * sample_stride_ +
                                          static_cast<std::ptrdiff_t>(class_index) *
                                              class_stride_)];
  }

  cxrlt::MatrixView<const T> host() const {
    return {cells.data(), n_samples_, n_classes_, sample_stride_, class_stride_};
  }

  /// The cells as they are now, on the device.
  cxrlt::DeviceMatrixView<const T> device() {
    copy_ = thrust::device_vector<T>(cells.begin(), cells.end());
    return {copy_.data(), n_samples_, n_classes_, sample_stride_, class_stride_};
  }

  std::vector<T> cells;

 private:
  std::size_t n_samples_;
  std::size_t n_classes_;
  std::ptrdiff_t sample_stride_;
  std::ptrdiff_t class_stride_;
  thrust::device_vector<T> copy_;
};

/// Finite scores of 16 bits of both kinds, and the floats that they are.
struct SixteenBitScores {
  TestMatrix<cxrlt::Float16> float16;
  TestMatrix<cxrlt::Bfloat16> bfloat16;
  TestMatrix<float> wide_float16;
  TestMatrix<float> wide_bfloat16;

  SixteenBitScores(cxrlt::Random& random, std::size_t n_samples, std::size_t n_classes)
      : float16(n_samples, n_classes, true),
        bfloat16(n_samples, n_classes, false),
        wide_float16(n_samples, n_classes, true),
        wide_bfloat16(n_samples, n_classes, true) {
    for (std::size_t i = 0; i < n_samples; ++i) {
      for (std::size_t c = 0; c < n_classes; ++c) {
        float16(i, c).bits =
            static_cast<std::uint16_t>(random.below(0x7C00) | random.below(2) << 15);
        bfloat16(i, c).bits =
            static_cast<std::uint16_t>(random.below(0x7F80) | random.below(2) << 15);
        wide_float16(i, c) = cxrlt::widened(float16(i, c));
        wide_bfloat16(i, c) = cxrlt::widened(bfloat16(i, c));
      }
    }
  }
};

inline bool same_counts(const cxrlt::ThresholdCounts<>& a, const cxrlt::ThresholdCounts<>& b) {
  return a.threshold == b.threshold && a.tp == b.tp && a.fp == b.fp && a.fp_above == b.fp_above &&
         a.n_positive == b.n_positive && a.n_negative == b.n_negative;
}

/// What `work` complains of; "" if it does not.
template <class Work>
std::string complaint_of(const Work& work) {
  try {
    work();
  } catch (const cxrlt::InvalidArgument& error) {
    return error.what();
  }
  return "";
}

/// What the classes of a random matrix are like.
enum class Ties { none, some, all };

/// Fills scores and labels. Class by class there are no positives, no negatives, one of a kind, or
/// few or many of both.
template <class Score>
void fill_randomly(cxrlt::Random& random, TestMatrix<Score>& scores,
                   TestMatrix<cxrlt::Label>& labels, Ties ties, bool with_missing) {
  const std::size_t n_samples = scores.host().n_samples();
  for (std::size_t c = 0; c < scores.host().n_classes(); ++c) {
    const std::uint32_t per_mille = std::array<std::uint32_t, 6>{20, 0, 400, 1000, 3, 900}[c % 6];
    for (std::size_t i = 0; i < n_samples; ++i) {
      const double uniform = random.uniform();
      double score = 0.25;
      if (ties == Ties::none) score = 8 * uniform - 4;
      if (ties == Ties::some) score = static_cast<double>(random.below(9)) / 8 - 0.5;
      scores(i, c) = static_cast<Score>(score);
      if (ties == Ties::some && score == 0 && random.below(2) == 0) scores(i, c) = Score(-0.0);
      const bool missing = with_missing && random.below(7) == 0;
      labels(i, c) = missing ? cxrlt::kMissing
                             : static_cast<cxrlt::Label>(random.below(1000) < per_mille ? 1 : 0);
    }
  }
}
