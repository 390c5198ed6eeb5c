// SPDX-License-Identifier: Apache-2.0
/// Softmax cross-entropy where each row has exactly one class, adjusted by priors or not.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/softmax.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/losses/class_terms.hpp"
#include "cxrlt/losses/detail/loss_input.hpp"
#include "cxrlt/losses/reduction.hpp"

namespace cxrlt {

/// -w_y log softmax(z + shift)_y of a row of class y.
struct SoftmaxLoss {
  std::vector<double> shifts;   ///< one per class
  std::vector<double> weights;  ///< one per class
};

/// Softmax cross-entropy, without shifts and weights. O(classes).
inline SoftmaxLoss softmax_loss(std::size_t n_classes) {
  return {std::vector<double>(n_classes, 0.0), std::vector<double>(n_classes, 1.0)};
}

/// Logit-adjusted softmax cross-entropy, on z + tau log pi, pi_c = n_c / sum_j n_j (Menon et al.
/// 2021). The logarithm is taken before tau, so that no prior is too small. A class without rows
/// counts as one with half a row.
/// @param rows  n_c, training rows of each class
/// @throws InvalidArgument if tau is negative or not finite, or there is no row at all. O(classes).
inline SoftmaxLoss logit_adjusted_softmax_loss(std::span<const std::uint64_t> rows,
                                               double tau = 1) {
  detail::checked_at_least_zero(tau, "logit adjustment: tau");
  double total = 0;
  for (const std::uint64_t count : rows) total += static_cast<double>(count);
  if (total == 0) throw InvalidArgument("logit adjustment: no class has training rows");
  SoftmaxLoss loss = softmax_loss(rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    loss.shifts[k] = tau * std::log(std::max(static_cast<double>(rows[k]), 0.5) / total);
  }
  return loss;
}

/// Balanced softmax (Ren et al. 2020): cross-entropy on z + log n_c. Softmax knows no constant, so
/// it is the logit-adjusted loss with tau = 1. O(classes).
inline SoftmaxLoss balanced_softmax_loss(std::span<const std::uint64_t> rows) {
  return logit_adjusted_softmax_loss(rows, 1);
}

namespace detail {

/// Adds one row's loss and writes its gradient, both times weight; `scratch` has n_classes values.
template <class Score>
double add_softmax_row(ColumnView<const Score> logits, std::size_t class_index,
                       const SoftmaxLoss& loss, std::size_t row, double factor,
                       std::span<double> scratch, ColumnView<Score> gradient) {
  for (std::size_t k = 0; k < scratch.size(); ++k) {
    scratch[k] = static_cast<double>(checked_logit(logits[k], row, k)) + loss.shifts[k];
  }
  log_softmax(ColumnView<const double>(scratch.data(), scratch.size()), scratch);
  const double weight = loss.weights[class_index];
  for (std::size_t k = 0; k < scratch.size(); ++k) {
    // Of the row's own class p - 1 is the sum of the others, without cancellation.
    const double slope = k == class_index ? std::expm1(scratch[k]) : std::exp(scratch[k]);
    gradient[k] = static_cast<Score>(factor * weight * slope);
  }
  return -weight * scratch[class_index];
}

inline bool counts_row(std::span<const int> classes, std::span<const double> weights,
                       std::size_t row) {
  return classes[row] != kMissing && (weights.empty() || weights[row] > 0);
}

/// @throws InvalidArgument for a class out of range. The weight of the rows that have one.
inline double weight_of_classified(std::span<const int> classes, std::size_t n_classes,
                                   std::span<const double> weights) {
  double total = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] != kMissing &&
        (classes[i] < 0 || static_cast<std::size_t>(classes[i]) >= n_classes)) {
      throw InvalidArgument("the class of sample " + std::to_string(i) + " is " +
                            std::to_string(classes[i]) + "; expected 0 to " +
                            std::to_string(n_classes) + " - 1, or missing (-1)");
    }
    if (counts_row(classes, weights, i)) total += weights.empty() ? 1 : weights[i];
  }
  return total;
}

template <class Score>
MetricValue softmax_loss_and_gradient(MatrixView<const Score> logits, std::span<const int> classes,
                                      const SoftmaxLoss& loss, MatrixView<Score> gradient,
                                      const LossOptions& options, const Cpu& policy) {
  const std::size_t n_classes = logits.n_classes();
  check_same_size(logits.n_samples(), classes.size(), "samples");
  check_one_per_class(loss.shifts.size(), n_classes, "softmax shifts");
  check_one_per_class(loss.weights.size(), n_classes, "softmax weights");
  check_row_weights(options.row_weights, logits.n_samples());
  check_derivative_shape(logits, gradient, "gradient");
  const double total = weight_of_classified(classes, n_classes, options.row_weights);
  const double divisor = options.reduction == Reduction::sum ? 1 : total;
  const double sum = sum_over_blocks(
      logits.n_samples(), for_size(policy, logits.n_samples() * n_classes),
      [&](std::size_t begin, std::size_t end) {
        std::vector<double> scratch(n_classes);
        double part = 0;
        for (std::size_t i = begin; i < end; ++i) {
          if (!counts_row(classes, options.row_weights, i)) {
            for (std::size_t k = 0; k < n_classes; ++k) gradient(i, k) = 0;
            continue;
          }
          const double weight = options.row_weights.empty() ? 1 : options.row_weights[i];
          part += weight * add_softmax_row(logits.row(i), static_cast<std::size_t>(classes[i]),
                                           loss, i, weight / divisor, scratch, gradient.row(i));
        }
        return part;
      });
  return divisor > 0 ? MetricValue{sum / divisor} : MetricValue::undefined(Undefined::no_samples);
}

}  // namespace detail

/// Value and gradient of a softmax loss by n_samples x n_classes logits: w_i w_y (softmax(z +
/// shift) - e_y). Both means of `Reduction` are over rows with a class, sum w_i L_i / sum w_i;
/// class weights are part of the loss and divide nothing. Its second derivative is no diagonal.
/// @param classes   the class of each row, 0 to n_classes - 1 or missing (-1): gradient 0
/// @param gradient  n_samples x n_classes in any layout, overwritten
/// A mean over nothing is undefined (`no_samples`), a sum is 0. Equal for every number of threads.
/// @throws InvalidArgument if shapes differ, a class is out of range, a logit of a row with a class
/// is NaN or infinite, or a row weight is negative or not finite. O(cells), two exponentials each.
inline MetricValue softmax_loss_and_gradient(MatrixView<const float> logits,
                                             std::span<const int> classes, const SoftmaxLoss& loss,
                                             MatrixView<float> gradient,
                                             const LossOptions& options = {},
                                             const Cpu& policy = {}) {
  return detail::softmax_loss_and_gradient(logits, classes, loss, gradient, options, policy);
}
/// @copydoc softmax_loss_and_gradient(MatrixView<const float>, std::span<const int>, const
/// SoftmaxLoss&, MatrixView<float>, const LossOptions&, const Cpu&)
inline MetricValue softmax_loss_and_gradient(MatrixView<const double> logits,
                                             std::span<const int> classes, const SoftmaxLoss& loss,
                                             MatrixView<double> gradient,
                                             const LossOptions& options = {},
                                             const Cpu& policy = {}) {
  return detail::softmax_loss_and_gradient(logits, classes, loss, gradient, options, policy);
}

}  // namespace cxrlt
