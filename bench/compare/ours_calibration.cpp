// SPDX-License-Identifier: Apache-2.0
/// Calibration and thresholds behind a C interface, for calibration.py; beside ours.cpp in the same
/// modules.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/compare/c_interface.hpp"
#include "cxrlt/cxrlt.hpp"

namespace {

std::vector<cxrlt::IsotonicCalibration> maps;

template <class Score>
int fit_isotonic(const Score* scores, const std::uint8_t* labels, std::size_t n_samples,
                 std::size_t n_classes, int threads) {
  return guarded([&] {
    maps = cxrlt::IsotonicCalibration::fit(
        cxrlt::MatrixView<const Score>(scores, n_samples, n_classes),
        cxrlt::LabelMatrixView(labels, n_samples, n_classes), cxrlt::Cpu{threads, &workspace});
  });
}

template <class Score>
int fit_temperature(const Score* logits, const std::uint8_t* labels, std::size_t n_samples,
                    std::size_t n_classes, int threads, double* inverse) {
  return guarded([&] {
    *inverse = cxrlt::TemperatureScaling::fit(
                   cxrlt::MatrixView<const Score>(logits, n_samples, n_classes),
                   cxrlt::LabelMatrixView(labels, n_samples, n_classes), cxrlt::Cpu{threads})
                   .inverse_temperature;
  });
}

/// Counts all classes and hands each to `use`.
template <class Score, class Use>
int visit(const Score* scores, const std::uint8_t* labels, std::size_t n_samples,
          std::size_t n_classes, int threads, const Use& use) {
  return guarded([&] {
    cxrlt::visit_thresholds(cxrlt::MatrixView<const Score>(scores, n_samples, n_classes),
                            cxrlt::LabelMatrixView(labels, n_samples, n_classes), use,
                            cxrlt::Cpu{threads, &workspace});
  });
}

}  // namespace

/// Why the last call that returned 1 refused its input.
CXRLT_COMPARE_API const char* calibration_error() {
  return last_error.c_str();
}

/// Fits maps for all classes and keeps them until the next call. Returns 0, or 1 where refused.
CXRLT_COMPARE_API int calibration_isotonic_float32(const float* scores, const std::uint8_t* labels,
                                                   std::size_t n_samples, std::size_t n_classes,
                                                   int threads) {
  return fit_isotonic(scores, labels, n_samples, n_classes, threads);
}
/// As `calibration_isotonic_float32`.
CXRLT_COMPARE_API int calibration_isotonic_float64(const double* scores, const std::uint8_t* labels,
                                                   std::size_t n_samples, std::size_t n_classes,
                                                   int threads) {
  return fit_isotonic(scores, labels, n_samples, n_classes, threads);
}

/// The value of a class's map at one score.
CXRLT_COMPARE_API double calibration_isotonic_at(std::size_t class_index, double score) {
  return maps[class_index](score);
}

/// Writes the best inverse temperature. Returns 0, or 1 where refused.
CXRLT_COMPARE_API int calibration_temperature_float32(const float* logits,
                                                      const std::uint8_t* labels,
                                                      std::size_t n_samples, std::size_t n_classes,
                                                      int threads, double* inverse) {
  return fit_temperature(logits, labels, n_samples, n_classes, threads, inverse);
}
/// As `calibration_temperature_float32`.
CXRLT_COMPARE_API int calibration_temperature_float64(const double* logits,
                                                      const std::uint8_t* labels,
                                                      std::size_t n_samples, std::size_t n_classes,
                                                      int threads, double* inverse) {
  return fit_temperature(logits, labels, n_samples, n_classes, threads, inverse);
}

/// Counts alone: writes the number of thresholds of each class. Returns 0, or 1 where refused.
CXRLT_COMPARE_API int calibration_count_float32(const float* scores, const std::uint8_t* labels,
                                                std::size_t n_samples, std::size_t n_classes,
                                                int threads, double* sizes) {
  return visit(scores, labels, n_samples, n_classes, threads,
               [&](std::size_t k, const cxrlt::ThresholdCounts<>& counts) {
                 sizes[k] = static_cast<double>(counts.size());
               });
}

/// Counts, and writes the threshold of the best F1 of each class. Returns 0, or 1 where refused.
CXRLT_COMPARE_API int calibration_thresholds_float32(const float* scores,
                                                     const std::uint8_t* labels,
                                                     std::size_t n_samples, std::size_t n_classes,
                                                     int threads, double* thresholds) {
  return visit(scores, labels, n_samples, n_classes, threads,
               [&](std::size_t k, const cxrlt::ThresholdCounts<>& counts) {
                 thresholds[k] = cxrlt::best_threshold(counts, {}).threshold;
               });
}
