// SPDX-License-Identifier: Apache-2.0
/// Temperature scaling where each row has exactly one class.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/calibration/temperature.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/softmax.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

namespace detail {

/// Rows of logits whose class is known, copied to lie side by side.
struct ClassifiedRows {
  std::size_t n_classes = 0;
  std::vector<double> logits;
  std::vector<std::size_t> classes;

  std::size_t size() const { return classes.size(); }
  const double* row(std::size_t i) const { return logits.data() + i * n_classes; }
};

/// @throws InvalidArgument if a class is out of range, or a logit of a row with a class not finite.
template <class Score>
ClassifiedRows classified_rows(MatrixView<const Score> logits, std::span<const int> classes) {
  check_same_size(logits.n_samples(), classes.size(), "samples");
  ClassifiedRows rows{logits.n_classes(), {}, {}};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] == kMissing) continue;
    if (classes[i] < 0 || static_cast<std::size_t>(classes[i]) >= logits.n_classes()) {
      throw InvalidArgument("the class of sample " + std::to_string(i) + " is " +
                            std::to_string(classes[i]) + "; expected 0 to " +
                            std::to_string(logits.n_classes()) + " - 1, or missing (-1)");
    }
    for (std::size_t k = 0; k < logits.n_classes(); ++k) {
      const double z = static_cast<double>(logits(i, k));
      if (!is_finite(z)) {
        throw InvalidArgument("the logit of sample " + std::to_string(i) + ", class " +
                              std::to_string(k) + " is not finite");
      }
      rows.logits.push_back(z);
    }
    rows.classes.push_back(static_cast<std::size_t>(classes[i]));
  }
  return rows;
}

/// Sums `part(begin, end)` over blocks of n rows on several threads, in one order.
template <class Sum, class Part>
Sum sum_over_rows(std::size_t n, Sum total, const Cpu& policy, const Part& part) {
  constexpr std::size_t block = 4096;
  std::vector<Sum> parts((n + block - 1) / block, total);
  parallel_for(parts.size(), policy,
               [&](std::size_t j) { parts[j] = part(j * block, std::min(n, (j + 1) * block)); });
  for (const Sum& one : parts) total.add(one);
  return total;
}

/// Of -log softmax(b z)_y over rows [begin, end): the mean of z under the softmax less z_y, and its
/// variance.
inline LossDerivatives softmax_derivatives(const ClassifiedRows& rows, double b, std::size_t begin,
                                           std::size_t end) {
  LossDerivatives sums;
  for (std::size_t i = begin; i < end; ++i) {
    const double* z = rows.row(i);
    const double largest = *std::max_element(z, z + rows.n_classes);
    double weight = 0;
    double first = 0;
    double second = 0;
    for (std::size_t k = 0; k < rows.n_classes; ++k) {
      // Distances from the largest logit, so that squares do not cancel.
      const double d = z[k] - largest;
      const double e = std::exp(b * d);
      weight += e;
      first += e * d;
      second += e * d * d;
    }
    const double mean = first / weight;
    sums.first += mean - (z[rows.classes[i]] - largest);
    sums.second += std::max(0.0, second / weight - mean * mean);
  }
  return sums;
}

}  // namespace detail

/// p = softmax(z / T) for rows of exactly one class (Guo et al. 2017). Which class is the most
/// probable never changes. Solved as `TemperatureScaling`.
struct SoftmaxTemperature {
  double inverse_temperature = 1;  ///< b = 1 / T, in [0, 10^4]
  TemperatureLimit limit = TemperatureLimit::none;
  std::uint64_t n_rows = 0;         ///< rows with a class
  Undefined why = Undefined::none;  ///< `no_samples`: the identity, for want of rows

  /// T = 1 / b; +inf where b = 0.
  double temperature() const { return 1 / inverse_temperature; }

  /// Fits n_samples x n_classes logits (log-probabilities are logits, too) against the class of
  /// each row, 0 to n_classes - 1 or missing (-1).
  /// @throws InvalidArgument if sizes differ, a class is out of range, or a logit of a row with a
  /// class is not finite. Cost: about ten passes with an exponential a cell. Equal for every number
  /// of threads.
  static SoftmaxTemperature fit(MatrixView<const double> logits, std::span<const int> classes,
                                const Cpu& policy = {}) {
    return fit_rows(detail::classified_rows(logits, classes), policy);
  }
  /// @copydoc fit(MatrixView<const double>, std::span<const int>, const Cpu&)
  static SoftmaxTemperature fit(MatrixView<const float> logits, std::span<const int> classes,
                                const Cpu& policy = {}) {
    return fit_rows(detail::classified_rows(logits, classes), policy);
  }

  /// The logarithms of the calibrated probabilities of one row of finite logits.
  void log_probabilities(ColumnView<const double> logits, std::span<double> out) const {
    detail::check_same_size(logits.size(), out.size(), "classes");
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = inverse_temperature * logits[k];
    detail::log_softmax(ColumnView<const double>(out.data(), out.size()), out);
  }

 private:
  static SoftmaxTemperature fit_rows(const detail::ClassifiedRows& rows, const Cpu& policy) {
    SoftmaxTemperature fitted;
    fitted.n_rows = rows.size();
    if (rows.size() == 0) {
      fitted.why = Undefined::no_samples;
      return fitted;
    }
    const Cpu threads = for_size(policy, rows.logits.size());
    const auto derivatives = [&](double b) {
      return detail::sum_over_rows(rows.size(), detail::LossDerivatives{}, threads,
                                   [&](std::size_t begin, std::size_t end) {
                                     return detail::softmax_derivatives(rows, b, begin, end);
                                   });
    };
    const detail::InverseTemperature found =
        detail::solve_inverse_temperature(derivatives, 1.0, detail::kLargestInverseTemperature);
    fitted.inverse_temperature = found.value;
    fitted.limit = found.limit;
    return fitted;
  }
};

}  // namespace cxrlt
