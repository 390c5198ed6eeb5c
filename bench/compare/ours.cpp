// SPDX-License-Identifier: Apache-2.0
/// The library behind a C interface, for compare.py: AP, AUROC, best F1 and its threshold of every
/// class from row-major matrices. Compiled twice, for this machine and for any x86-64.
#include <cstddef>
#include <cstdint>
#include <string>

#include "bench/build_info.hpp"
#include "bench/compare/c_interface.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/metrics/operating_points.hpp"

namespace {

/// Writes the four values of one class.
void write_values(const cxrlt::ThresholdCounts<>& counts, double* values) {
  const cxrlt::OperatingPoint best = cxrlt::best_f_beta(counts, 1);
  values[0] = cxrlt::average_precision(counts).value;
  values[1] = cxrlt::auroc(counts).value;
  values[2] = best.value.value;
  values[3] = best.threshold;
}

template <class Score>
int compute(const Score* scores, const std::uint8_t* labels, std::size_t n_samples,
            std::size_t n_classes, int threads, double* values) {
  return guarded([&] {
    cxrlt::visit_thresholds(
        cxrlt::MatrixView<const Score>(scores, n_samples, n_classes),
        cxrlt::LabelMatrixView(labels, n_samples, n_classes),
        [values](std::size_t c, const cxrlt::ThresholdCounts<>& counts) {
          write_values(counts, values + 4 * c);
        },
        cxrlt::Cpu{threads, &workspace});
  });
}

}  // namespace

/// Why the last call that returned 1 refused its input.
CXRLT_COMPARE_API const char* compare_error() {
  return last_error.c_str();
}

/// The compiler and its flags.
CXRLT_COMPARE_API const char* compare_build() {
  static const std::string text = build_info();
  return text.c_str();
}

/// `values` has room for 4 doubles per class. Returns 0, or 1 where the input is refused.
CXRLT_COMPARE_API int compare_float(const float* scores, const std::uint8_t* labels,
                                    std::size_t n_samples, std::size_t n_classes, int threads,
                                    double* values) {
  return compute(scores, labels, n_samples, n_classes, threads, values);
}

/// As `compare_float`.
CXRLT_COMPARE_API int compare_double(const double* scores, const std::uint8_t* labels,
                                     std::size_t n_samples, std::size_t n_classes, int threads,
                                     double* values) {
  return compute(scores, labels, n_samples, n_classes, threads, values);
}
