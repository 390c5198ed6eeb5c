// SPDX-License-Identifier: Apache-2.0
/// Temperature scaling: one temperature for all classes.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"

namespace cxrlt {

/// Where the best temperature lies.
enum class TemperatureLimit : std::uint8_t {
  none,   ///< at a finite temperature
  flat,   ///< T = inf: logits say nothing of the labels, or the contrary; every probability is 1/2
  sharp,  ///< T -> 0: a threshold of 0 separates the labels; stopped at the lowest temperature
};

/// The stable name of a limit; `""` for `TemperatureLimit::none`.
constexpr std::string_view to_string(TemperatureLimit limit) {
  switch (limit) {
    case TemperatureLimit::none:
      return "";
    case TemperatureLimit::flat:
      return "flat";
    case TemperatureLimit::sharp:
      return "sharp";
  }
  return "";
}

namespace detail {

/// First and second derivative of the log loss by the inverse temperature.
struct LossDerivatives {
  double first = 0;
  double second = 0;
};

/// Of the margins m = z (2 y - 1), whose loss is softplus(-b m).
inline LossDerivatives loss_derivatives(const double* margins, std::size_t n, double b) {
  constexpr Eigen::Index tile = 512;
  Eigen::Array<double, tile, 1> e;
  LossDerivatives sums;
  for (std::size_t begin = 0; begin < n; begin += tile) {
    const Eigen::Index size = static_cast<Eigen::Index>(std::min<std::size_t>(tile, n - begin));
    const Eigen::Map<const Eigen::ArrayXd> m(margins + begin, size);
    e.head(size) = (-(b * m.abs())).exp();
    const auto tail = e.head(size);
    // sigmoid(-b m), from whichever side does not cancel.
    const auto share = (m >= 0).select(tail, 1.0) / (1 + tail);
    sums.first -= (m * share).sum();
    sums.second += (m.square() * tail / (1 + tail).square()).sum();
  }
  return sums;
}

/// The same in blocks, on several threads, added up in one order.
inline LossDerivatives loss_derivatives(const std::vector<double>& margins, double b,
                                        const Cpu& policy) {
  constexpr std::size_t block = std::size_t{1} << 15;
  const std::size_t n_blocks = (margins.size() + block - 1) / block;
  std::vector<LossDerivatives> parts(n_blocks);
  parallel_for(n_blocks, for_size(policy, margins.size()), [&](std::size_t k) {
    const std::size_t begin = k * block;
    parts[k] = loss_derivatives(margins.data() + begin, std::min(block, margins.size() - begin), b);
  });
  LossDerivatives total;
  for (const LossDerivatives& part : parts) {
    total.first += part.first;
    total.second += part.second;
  }
  return total;
}

/// The largest b = 1 / T that is looked at.
inline constexpr double kLargestInverseTemperature = 1e4;

struct InverseTemperature {
  double value = 1;
  TemperatureLimit limit = TemperatureLimit::none;
};

/// The root b in [0, b_max] of an increasing derivative, by Newton's method in a bracket.
template <class Derivatives>
InverseTemperature solve_inverse_temperature(const Derivatives& derivatives, double b,
                                             double b_max) {
  constexpr int max_steps = 200;
  constexpr double furthest_growth = 4;
  constexpr int patience = 10;
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  for (int step = 0; step < max_steps; ++step) {
    const LossDerivatives at = derivatives(b);
    (at.first > 0 ? high : low) = b;
    if (at.first == 0 && at.second > 0) return {b, TemperatureLimit::none};
    if (high <= 0x1p-40) return {0, TemperatureLimit::flat};
    double next = at.second > 0 ? b - at.first / at.second : furthest_growth * b;
    if (next > furthest_growth * b) next = furthest_growth * b;
    // With separated labels Newton's steps stay short for ever.
    if (step >= patience && is_infinite(high)) next = furthest_growth * b;
    if (next >= b_max && low >= b_max) return {b_max, TemperatureLimit::sharp};
    if (next > b_max) next = b_max;
    if (!(next > low && next < high)) {
      if (high > b_max) {
        next = std::min(b_max, furthest_growth * std::max(b, 0x1p-40));
      } else {
        next = low + (high - low) / 2;
      }
    }
    if (std::abs(next - b) <= 4e-15 * b) return {next, TemperatureLimit::none};
    b = next;
  }
  return {b, TemperatureLimit::none};
}

}  // namespace detail

/// p = sigmoid(z / T) with one temperature T for all cells (Guo et al. 2017, in the form for
/// several labels). It never changes the order within a class; it cannot correct a wrong
/// prevalence. The log loss is convex in b = 1 / T on b >= 0, and its only minimum is found by
/// Newton's method in a bracket: no learning rate, no start to choose.
struct TemperatureScaling {
  double inverse_temperature = 1;  ///< b = 1 / T, in [0, 10^4]
  TemperatureLimit limit = TemperatureLimit::none;
  FitSummary labels;  ///< over all cells

  /// T = 1 / b; +inf where b = 0.
  double temperature() const { return 1 / inverse_temperature; }

  /// Fits n_samples x n_classes logits against labels in {0, 1, missing}. Infinite logits are taken
  /// as +-36.7. Without any label: the identity, and `labels.why` says so; one kind of label is
  /// fine (all negative labels have a best temperature too).
  /// @throws InvalidArgument if shapes differ, a logit is NaN, or a label is none.
  /// Cost: about four passes with an exponential a cell, and 8 bytes a cell of memory. Equal for
  /// every number of threads.
  static TemperatureScaling fit(MatrixView<const double> logits, LabelMatrixView truth,
                                const Cpu& policy = {}) {
    return fit_matrix(logits, truth, policy);
  }
  /// @copydoc fit(MatrixView<const double>, LabelMatrixView, const Cpu&)
  static TemperatureScaling fit(MatrixView<const float> logits, LabelMatrixView truth,
                                const Cpu& policy = {}) {
    return fit_matrix(logits, truth, policy);
  }

  /// The calibrated probability of one logit; +-inf stays 0 or 1.
  double operator()(double logit) const {
    return sigmoid(is_infinite(logit) ? logit : inverse_temperature * logit);
  }

 private:
  template <class Score>
  static TemperatureScaling fit_matrix(MatrixView<const Score> logits, LabelMatrixView truth,
                                       const Cpu& policy) {
    detail::check_same_shape(logits, truth);
    TemperatureScaling fitted;
    std::vector<double> margins;
    margins.reserve(logits.n_samples() * logits.n_classes());
    for (std::size_t k = 0; k < logits.n_classes(); ++k) {
      const FitSummary one = detail::for_each_logit(
          logits.column(k), truth.column(k),
          [&](double z, bool positive) { margins.push_back(positive ? z : -z); });
      fitted.labels.n_positive += one.n_positive;
      fitted.labels.n_negative += one.n_negative;
    }
    if (margins.empty()) {
      fitted.labels.why = Undefined::no_samples;
      return fitted;
    }
    const detail::InverseTemperature found = detail::solve_inverse_temperature(
        [&](double b) { return detail::loss_derivatives(margins, b, policy); },
        start_from_some(margins), detail::kLargestInverseTemperature);
    fitted.inverse_temperature = found.value;
    fitted.limit = found.limit;
    return fitted;
  }

  /// The answer for every 32nd cell: so near that few passes over all are left.
  static double start_from_some(const std::vector<double>& margins) {
    constexpr std::size_t every = 32;
    constexpr std::size_t enough = 10'000;
    if (margins.size() < every * enough) return 1;
    std::vector<double> some;
    for (std::size_t i = 0; i < margins.size(); i += every) some.push_back(margins[i]);
    const detail::InverseTemperature found = detail::solve_inverse_temperature(
        [&](double b) { return detail::loss_derivatives(some.data(), some.size(), b); }, 1.0,
        detail::kLargestInverseTemperature);
    return found.limit == TemperatureLimit::none ? found.value : 1;
  }
};

}  // namespace cxrlt
