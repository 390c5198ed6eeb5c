// SPDX-License-Identifier: Apache-2.0
/// Temperature scaling: one temperature for all classes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/detail/margin_loss.hpp"
#include "cxrlt/calibration/detail/read_margins.hpp"
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

/// The largest b = 1 / T that is looked at.
inline constexpr double kLargestInverseTemperature = 1e4;

struct InverseTemperature {
  double value = 1;
  TemperatureLimit limit = TemperatureLimit::none;
};

/// The slope of the derivative for the next step, as Halley corrects it; never by more than half.
inline double corrected_slope(const LossDerivatives& at) {
  const double correction = at.first * at.third / (2 * at.second);
  return at.second - std::clamp(correction, -at.second / 2, at.second / 2);
}

/// The root b in [0, b_max] of an increasing derivative, by Halley's method (Newton's where no
/// third derivative is given) in a bracket.
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
    double next = at.second > 0 ? b - at.first / corrected_slope(at) : furthest_growth * b;
    if (next > furthest_growth * b) next = furthest_growth * b;
    // With separated labels steps stay short for ever.
    if (step >= patience && is_infinite(high)) next = furthest_growth * b;
    if (next >= b_max && low >= b_max) return {b_max, TemperatureLimit::sharp};
    if (next > b_max) next = b_max;
    if (!(next > low && next < high)) {
      if (high > b_max) {
        next = std::min(b_max, furthest_growth * std::max(b, 0x1p-40));
      } else {
        next = low + (high - low) / 2;
      }
    } else if (std::abs(next - b) <= (at.third == 0 ? 1e-8 : 1e-5) * b) {
      // The error after a step is about the step squared (Newton) or cubed (Halley).
      return {next, TemperatureLimit::none};
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
/// Halley's method in a bracket: no learning rate, no start to choose.
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
  /// Cost: about two passes, each of about 2 ns a cell. Equal for every number of threads.
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
    const double start = start_from_some_rows(logits, truth);
    const Cpu threads = for_size(policy, logits.n_samples() * logits.n_classes());
    const detail::InverseTemperature found = detail::solve_inverse_temperature(
        [&](double b) {
          const MatrixLoss loss = loss_at(logits, truth, b, threads);
          fitted.labels = loss.tally.summary();
          return loss.derivatives;
        },
        start, detail::kLargestInverseTemperature);
    // One kind of label has a best temperature, too.
    if (fitted.labels.why != Undefined::no_samples) {
      fitted.labels.why = Undefined::none;
      fitted.inverse_temperature = found.value;
      fitted.limit = found.limit;
    }
    return fitted;
  }

  /// The loss of all cells, and their labels.
  struct MatrixLoss {
    detail::LossDerivatives derivatives;
    detail::LabelTally tally;
  };

  /// In blocks of rows, on several threads, added up in one order.
  template <class Score>
  static MatrixLoss loss_at(MatrixView<const Score> logits, LabelMatrixView truth, double b,
                            const Cpu& policy) {
    constexpr std::size_t tile_cells = 2048;  // their margins stay in the nearest cache
    constexpr std::size_t tiles_a_block = 16;
    const std::size_t tile = std::max<std::size_t>(1, tile_cells / (logits.n_classes() + 1));
    const std::size_t block = tile * tiles_a_block;
    std::vector<MatrixLoss> parts((logits.n_samples() + block - 1) / block);
    parallel_for(parts.size(), policy, [&](std::size_t j) {
      std::vector<double> margins(tile * logits.n_classes());
      const std::size_t stop = std::min(logits.n_samples(), (j + 1) * block);
      for (std::size_t begin = j * block; begin < stop; begin += tile) {
        const std::size_t end = std::min(stop, begin + tile);
        detail::read_margins(logits, truth, begin, end, margins.data(), parts[j].tally);
        parts[j].derivatives.add(
            detail::loss_derivatives(margins.data(), (end - begin) * logits.n_classes(), b));
      }
    });
    MatrixLoss total;
    for (const MatrixLoss& part : parts) {
      total.derivatives.add(part.derivatives);
      total.tally.n_positive += part.tally.n_positive;
      total.tally.n_negative += part.tally.n_negative;
    }
    return total;
  }

  /// The answer for every 32nd row: so near that few passes over all are left.
  template <class Score>
  static double start_from_some_rows(MatrixView<const Score> logits, LabelMatrixView truth) {
    constexpr std::size_t every = 32;
    constexpr std::size_t enough = 10'000;
    const std::size_t n_classes = logits.n_classes();
    if (logits.n_samples() * n_classes < every * enough) return 1;
    std::vector<double> some;
    detail::LabelTally tally;
    for (std::size_t i = 0; i < logits.n_samples(); i += every) {
      some.resize(some.size() + n_classes);
      detail::read_margins(logits, truth, i, i + 1, some.data() + some.size() - n_classes, tally);
    }
    const detail::InverseTemperature found = detail::solve_inverse_temperature(
        [&](double b) { return detail::loss_derivatives(some.data(), some.size(), b); }, 1.0,
        detail::kLargestInverseTemperature);
    return found.limit == TemperatureLimit::none ? found.value : 1;
  }
};

}  // namespace cxrlt
