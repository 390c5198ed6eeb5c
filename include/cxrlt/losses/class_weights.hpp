// SPDX-License-Identifier: Apache-2.0
/// Weights of classes from how often they are positive in training.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/losses/class_terms.hpp"

namespace cxrlt {

/// What weights of C classes are scaled to.
enum class WeightScale {
  mean_one,  ///< they sum to C, so that the size of the loss hardly changes
  none,      ///< as the formula has them
};

namespace detail {

/// The count as a number. A class without positives counts as one with a single positive: it has no
/// positives to weigh, and no weight is infinite.
inline double at_least_one(std::uint64_t count) {
  return static_cast<double>(std::max<std::uint64_t>(count, 1));
}

/// @throws InvalidArgument if a class has more positives than there are samples, or there are none.
inline void check_class_counts(std::span<const std::uint64_t> positives, std::uint64_t n_samples) {
  if (n_samples == 0) {
    throw InvalidArgument("the number of training samples is 0; expected at least 1");
  }
  for (std::size_t k = 0; k < positives.size(); ++k) {
    if (positives[k] > n_samples) {
      throw InvalidArgument("class " + std::to_string(k) + " has " + std::to_string(positives[k]) +
                            " training positives of " + std::to_string(n_samples) +
                            " training samples");
    }
  }
}

/// logit(n / N), with half a sample at least of either label, so that it is finite.
inline double prior_logit(std::uint64_t positives, std::uint64_t n_samples) {
  const auto total = static_cast<double>(n_samples);
  const double inside = std::clamp(static_cast<double>(positives), 0.5, total - 0.5);
  return std::log(inside / (total - inside));
}

template <class Weight>
std::vector<double> weights_of_counts(std::span<const std::uint64_t> counts, WeightScale scale,
                                      const Weight& weight) {
  std::vector<double> weights(counts.size());
  double sum = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    weights[k] = weight(at_least_one(counts[k]));
    sum += weights[k];
  }
  if (scale == WeightScale::mean_one) {
    for (double& one : weights) one *= static_cast<double>(counts.size()) / sum;
  }
  return weights;
}

}  // namespace detail

/// 1 / n_c, n_c the training positives of class c; 0 counts as 1. O(classes).
inline std::vector<double> inverse_frequency_weights(std::span<const std::uint64_t> positives,
                                                     WeightScale scale = WeightScale::mean_one) {
  return detail::weights_of_counts(positives, scale, [](double n) { return 1 / n; });
}

/// 1 / sqrt(n_c); 0 counts as 1. O(classes).
inline std::vector<double> inverse_square_root_weights(std::span<const std::uint64_t> positives,
                                                       WeightScale scale = WeightScale::mean_one) {
  return detail::weights_of_counts(positives, scale, [](double n) { return 1 / std::sqrt(n); });
}

/// The inverse of the effective number of positives, (1 - beta) / (1 - beta^n_c) (Cui et al. 2019):
/// 1 where n_c = 1, towards 1 - beta where n_c is large. Computed without cancellation; n_c = 0
/// counts as 1.
/// @param beta  in [0, 1); 0 weighs all classes the same, towards 1 it is 1 / n_c
/// @throws InvalidArgument if beta is outside. O(classes).
inline std::vector<double> effective_number_weights(std::span<const std::uint64_t> positives,
                                                    double beta = 0.9999,
                                                    WeightScale scale = WeightScale::mean_one) {
  if (!is_finite(beta) || beta < 0 || beta >= 1) {
    throw InvalidArgument("effective number: beta is " + detail::text_of(beta) +
                          "; expected a number in [0, 1)");
  }
  const double log_beta = std::log1p(-(1 - beta));
  return detail::weights_of_counts(
      positives, scale, [&](double n) { return (1 - beta) / -std::expm1(n * log_beta); });
}

/// (N - n_c) / n_c, the weight of positives with which both labels weigh the same in total; n_c = 0
/// counts as 1, so the weight is N - 1 there, and it is 0 where all rows are positive.
/// @throws InvalidArgument if n_c > N, or N = 0. O(classes).
inline std::vector<double> negatives_per_positive(std::span<const std::uint64_t> positives,
                                                  std::uint64_t n_samples) {
  detail::check_class_counts(positives, n_samples);
  return detail::weights_of_counts(positives, WeightScale::none, [&](double n) {
    return (static_cast<double>(n_samples) - n) / n;
  });
}

/// exp(1 - pi_c) for positives and exp(pi_c) for negatives, pi_c = n_c / N: the mild weights,
/// within a factor e, with which the CXR-LT 2023 challenge was won (CheXFusion, Kim 2023).
/// @throws InvalidArgument if n_c > N, or N = 0. O(classes).
inline LabelWeights prevalence_weights(std::span<const std::uint64_t> positives,
                                       std::uint64_t n_samples) {
  detail::check_class_counts(positives, n_samples);
  LabelWeights weights;
  for (const std::uint64_t count : positives) {
    const double prior = static_cast<double>(count) / static_cast<double>(n_samples);
    weights.positive.push_back(std::exp(1 - prior));
    weights.negative.push_back(std::exp(prior));
  }
  return weights;
}

}  // namespace cxrlt
