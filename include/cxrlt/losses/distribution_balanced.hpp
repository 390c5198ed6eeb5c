// SPDX-License-Identifier: Apache-2.0
/// Distribution-balanced loss: weights that know which labels occur together, and negatives that
/// are tolerated.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/losses/class_terms.hpp"
#include "cxrlt/losses/class_weights.hpp"
#include "cxrlt/losses/focal.hpp"

namespace cxrlt {

/// The focal loss with tolerance for negatives: of the logit u for a positive, and of lambda u,
/// divided by lambda, for a negative: -(1 - p_t)^gamma log p_t, p_t = sigmoid(u) or
/// sigmoid(-lambda u).
struct NegativeTolerantKernel {
  double negative_scale = 2;  ///< lambda, above 0
  double gamma = 2;           ///< at least 0

  template <class Real, class Condition>
  CXRLT_HD CXRLT_ALWAYS_INLINE CellLoss<Real> operator()(const Real& u,
                                                         const Condition& is_positive) const {
    using detail::select;
    const Real one(1);
    const Real scale = select(is_positive, one, static_cast<Real>(-negative_scale));
    // A product of infinity and 0 would be NaN.
    const Real largest = static_cast<Real>(1e30);
    const Real m = scale * select(u < -largest, -largest, select(u > largest, largest, u));
    const CellLoss<Real> loss = FocalKernel{gamma}.of_margin(m);
    const Real size = select(is_positive, one, static_cast<Real>(1 / negative_scale));
    return {size * loss.value, size * scale * loss.gradient, size * scale * scale * loss.curvature};
  }
};

/// How a distribution-balanced loss weighs cells; the defaults are those of COCO in the paper.
struct DistributionBalancedOptions {
  double alpha = 0.1;         ///< least weight of a cell, at least 0
  double beta = 10;           ///< steepness of the map of weights
  double mu = 0.2;            ///< its middle; 0.3 for VOC in the paper
  double bias_scale = 0.05;   ///< kappa, at least 0
  double negative_scale = 2;  ///< lambda, above 0; 5 for VOC in the paper
  double gamma = 2;           ///< of the focal factor; 0 leaves it out
  double balance = 2;         ///< a factor for all, which the authors use with the focal factor
};

/// A loss whose cells are also weighted by the labels of their row.
struct DistributionBalancedLoss : LabelLoss<NegativeTolerantKernel> {
  double alpha = 0.1;
  double beta = 10;
  double mu = 0.2;
  std::vector<double> inverse_counts;  ///< 1 / n_c, one per class

  /// The weights alpha + sigmoid(beta (r_c - mu)) of one row's cells, with
  /// r_c = (1 / n_c) / sum over its positives j of 1 / n_j, and r_c = 0 in a row without positives.
  /// @param labels   of one row
  /// @param weights  of each class, multiplied by them. O(classes).
  void weigh_row(LabelColumnView labels, double* weights) const {
    double sum = 0;
    for (std::size_t k = 0; k < inverse_counts.size(); ++k) {
      if (labels[k] == 1) sum += inverse_counts[k];
    }
    for (std::size_t k = 0; k < inverse_counts.size(); ++k) {
      const double share = sum > 0 ? inverse_counts[k] / sum : 0;
      weights[k] *= alpha + sigmoid(beta * (share - mu));
    }
  }
};

/// The distribution-balanced loss (Wu et al. 2020): with u = z + kappa / lambda logit(pi_c),
///   y = 1:  balance r_ic (1 - p_t)^gamma softplus(-u),                 p_t = sigmoid(u)
///   y = 0:  balance r_ic (1 - p_t)^gamma softplus(lambda u) / lambda,  p_t = sigmoid(-lambda u)
/// and r_ic the weight of `DistributionBalancedLoss::weigh_row`. Missing labels count as no
/// positives there. The authors take the mean over cells.
/// @param positives  n_c, training positives of each class; 0 counts as 1 in weights, as one half
///                   in priors
/// @param n_samples  N, rows of the training set
/// @throws InvalidArgument if n_c > N, N = 0, or an option is out of range. O(classes).
inline DistributionBalancedLoss distribution_balanced_loss(
    std::span<const std::uint64_t> positives, std::uint64_t n_samples,
    const DistributionBalancedOptions& options = {}) {
  detail::check_class_counts(positives, n_samples);
  detail::checked_at_least_zero(options.alpha, "distribution-balanced loss: alpha");
  detail::checked_at_least_zero(options.beta, "distribution-balanced loss: beta");
  detail::checked_at_least_zero(options.mu, "distribution-balanced loss: mu");
  detail::checked_at_least_zero(options.bias_scale, "distribution-balanced loss: the bias scale");
  detail::checked_above_zero(options.negative_scale,
                             "distribution-balanced loss: the negative scale");
  detail::checked_at_least_zero(options.gamma, "distribution-balanced loss: gamma");
  detail::checked_at_least_zero(options.balance, "distribution-balanced loss: the balance");
  DistributionBalancedLoss loss;
  loss.kernel = {options.negative_scale, options.gamma};
  loss.alpha = options.alpha;
  loss.beta = options.beta;
  loss.mu = options.mu;
  for (const std::uint64_t count : positives) {
    const double bias =
        options.bias_scale / options.negative_scale * detail::prior_logit(count, n_samples);
    loss.classes.push_back({bias, bias, options.balance, options.balance});
    loss.inverse_counts.push_back(1 / detail::at_least_one(count));
  }
  return loss;
}

}  // namespace cxrlt
