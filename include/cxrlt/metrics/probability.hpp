// SPDX-License-Identifier: Apache-2.0
/// Proper scores of probabilities: the Brier score and the log loss.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"

namespace cxrlt {

/// A log loss, and for how many samples the probability had to be clipped to keep it finite.
struct LogLoss {
  MetricValue value;
  std::size_t n_clipped = 0;
};

namespace detail {

/// A sum over rows and the sum of their weights.
struct WeightedSum {
  double sum = 0;
  double weight = 0;

  void add(double value, double amount) {
    sum += amount * value;
    weight += amount;
  }

  /// The mean, unless there is a reason why it does not exist.
  MetricValue mean(Undefined why) const {
    return why == Undefined::none ? MetricValue{sum / weight} : MetricValue::undefined(why);
  }
};

template <class Score>
MetricValue brier(ColumnView<const Score> probabilities, LabelColumnView labels,
                  std::span<const double> row_weights) {
  WeightedSum squares;
  const Undefined why = for_each_probability(probabilities, labels, row_weights,
                                             [&](double p, bool positive, double weight) {
                                               const double error = positive ? 1 - p : p;
                                               squares.add(error * error, weight);
                                             });
  return squares.mean(why);
}

template <class Score>
LogLoss log_loss(ColumnView<const Score> probabilities, LabelColumnView labels,
                 std::span<const double> row_weights) {
  constexpr double smallest = 0x1p-52;
  WeightedSum losses;
  LogLoss result;
  const Undefined why = for_each_probability(
      probabilities, labels, row_weights, [&](double p, bool positive, double weight) {
        const double clipped = std::clamp(p, smallest, 1 - smallest);
        if (clipped != p) ++result.n_clipped;
        losses.add(positive ? -std::log(clipped) : -std::log1p(-clipped), weight);
      });
  if (why != Undefined::none) result.n_clipped = 0;
  result.value = losses.mean(why);
  return result;
}

template <class Score>
MetricValue log_loss_from_logits(ColumnView<const Score> logits, LabelColumnView labels,
                                 std::span<const double> row_weights) {
  WeightedSum losses;
  for_each_labelled_row(logits.size(), labels, row_weights,
                        [&](std::size_t i, bool positive, double weight) {
                          if (is_nan(logits[i])) throw_nan_score(i);
                          const double z = static_cast<double>(logits[i]);
                          losses.add(softplus(positive ? -z : z), weight);
                        });
  return losses.mean(losses.weight > 0 ? Undefined::none : Undefined::no_samples);
}

}  // namespace detail

/// The Brier score mean (p - y)^2 of one class (Brier 1950; not the doubled two-class form).
/// Range [0, 1], lower is better. float probabilities are widened exactly; values within 1e-6 of
/// [0, 1] are clipped to it. Missing labels are left out; a row of weight 0 counts as deleted.
/// @param probabilities  n probabilities of the class
/// @param labels         n labels in {0, 1, missing}
/// @param row_weights    n weights, or none at all for equal weights
/// Undefined without labelled rows, and `not_probabilities` if a value lies further out.
/// @throws InvalidArgument if sizes differ, a probability of a labelled row is NaN or infinite, a
/// label is none, or a weight is negative or not finite.
/// Cost: O(n).
inline MetricValue brier(ColumnView<const float> probabilities, LabelColumnView labels,
                         std::span<const double> row_weights = {}) {
  return detail::brier(probabilities, labels, row_weights);
}
/// @copydoc brier(ColumnView<const float>, LabelColumnView, std::span<const double>)
inline MetricValue brier(ColumnView<const double> probabilities, LabelColumnView labels,
                         std::span<const double> row_weights = {}) {
  return detail::brier(probabilities, labels, row_weights);
}

/// The log loss mean -(y ln p + (1 - y) ln(1 - p)) of one class, with the natural logarithm.
/// Range [0, 36.04], lower is better. Probabilities are clipped to [2^-52, 1 - 2^-52], also those
/// of float, and the number of clipped ones is returned: where it is not 0 the value depends on
/// this bound, and `log_loss_from_logits` is the exact way. Otherwise as `brier`: parameters,
/// tolerance, missing labels, weights, when undefined, throws.
/// Cost: O(n).
inline LogLoss log_loss(ColumnView<const float> probabilities, LabelColumnView labels,
                        std::span<const double> row_weights = {}) {
  return detail::log_loss(probabilities, labels, row_weights);
}
/// @copydoc log_loss(ColumnView<const float>, LabelColumnView, std::span<const double>)
inline LogLoss log_loss(ColumnView<const double> probabilities, LabelColumnView labels,
                        std::span<const double> row_weights = {}) {
  return detail::log_loss(probabilities, labels, row_weights);
}

/// The log loss of one class from logits z = ln(p / (1 - p)): mean softplus((1 - 2 y) z), without
/// clipping. Range [0, inf], lower is better; an infinite logit costs nothing where it is right and
/// makes the loss infinite where it is wrong. Undefined without labelled rows.
/// @throws InvalidArgument if sizes differ, a logit of a labelled row is NaN, a label is none, or a
/// weight is negative or not finite.
/// Cost: O(n).
inline MetricValue log_loss_from_logits(ColumnView<const float> logits, LabelColumnView labels,
                                        std::span<const double> row_weights = {}) {
  return detail::log_loss_from_logits(logits, labels, row_weights);
}
/// @copydoc log_loss_from_logits(ColumnView<const float>, LabelColumnView, std::span<const double>)
inline MetricValue log_loss_from_logits(ColumnView<const double> logits, LabelColumnView labels,
                                        std::span<const double> row_weights = {}) {
  return detail::log_loss_from_logits(logits, labels, row_weights);
}

}  // namespace cxrlt
