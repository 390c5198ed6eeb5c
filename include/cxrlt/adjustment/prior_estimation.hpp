// SPDX-License-Identifier: Apache-2.0
/// How frequent a class is among rows without labels, from its calibrated probabilities.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "cxrlt/adjustment/detail/find_root.hpp"
#include "cxrlt/adjustment/logit_adjustment.hpp"
#include "cxrlt/adjustment/training_counts.hpp"
#include "cxrlt/calibration/calibration_model.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/normal.hpp"

namespace cxrlt {

/// How a prior is estimated.
struct PriorEstimationOptions {
  /// a >= 0: the source prior weighs as much as a more rows would, a pi of them positive. In other
  /// words a Beta(a pi, a (1 - pi)) prior on logit q, of which the mode is taken.
  double prior_weight = 0;
  double level = 0.95;  ///< of the interval
};

/// The prior of one class where the rows come from.
struct PriorEstimate {
  MetricValue prior;  ///< q in [0, 1]
  Interval interval;  ///< of q: where twice the log-likelihood is within the chi-squared quantile
  /// Twice the logarithm of the likelihood at its maximum over that at the source prior, >= 0.
  double likelihood_ratio = std::numeric_limits<double>::quiet_NaN();
  /// Of the test for "no shift": chi-squared of one degree of freedom.
  double p_value = std::numeric_limits<double>::quiet_NaN();
};

namespace detail {

/// The log-likelihood of q, sum_i log((1 - p_i) (1 - q) / (1 - pi) + p_i q / pi), with a
/// prior_weight (pi log q + (1 - pi) log(1 - q)) added. Concave in q.
class PriorLikelihood {
 public:
  PriorLikelihood(ColumnView<const double> probabilities, double source, double prior_weight)
      : probabilities_(probabilities), source_(source), weight_(prior_weight) {}

  /// At q in [0, 1]; -inf is possible at the ends.
  double value(double q) const {
    double sum = 0;
    for (std::size_t i = 0; i < probabilities_.size(); ++i) sum += std::log(density(i, q));
    if (weight_ > 0) {
      sum += weight_ * (source_ * std::log(q) + (1 - source_) * std::log1p(-q));
    }
    return sum;
  }

  /// The first and second derivative at q in (0, 1).
  ValueAndSlope derivative(double q) const {
    ValueAndSlope at;
    for (std::size_t i = 0; i < probabilities_.size(); ++i) {
      const double p = probabilities_[i];
      const double ratio = (p / source_ - (1 - p) / (1 - source_)) / density(i, q);
      at.value += ratio;
      at.slope -= ratio * ratio;
    }
    if (weight_ > 0) {
      at.value += weight_ * (source_ / q - (1 - source_) / (1 - q));
      at.slope -= weight_ * (source_ / (q * q) + (1 - source_) / ((1 - q) * (1 - q)));
    }
    return at;
  }

  /// Whether the likelihood rises from q = 0, or to q = 1: whether its maximum is not there.
  bool rises_from_zero() const { return weight_ > 0 || end_slope(0) > 0; }
  bool falls_to_one() const { return weight_ > 0 || end_slope(1) < 0; }

 private:
  /// Of row i under q, relative to under the source prior.
  double density(std::size_t i, double q) const {
    const double p = probabilities_[i];
    return (1 - p) * ((1 - q) / (1 - source_)) + p * (q / source_);
  }

  /// The derivative at an end, q = 0 or q = 1, where rows that are certain of the other label make
  /// it infinite.
  double end_slope(double q) const {
    double sum = 0;
    for (std::size_t i = 0; i < probabilities_.size(); ++i) {
      const double p = probabilities_[i];
      const double at_end = density(i, q);
      if (at_end <= 0) return q == 0 ? 1 : -1;
      sum += (p / source_ - (1 - p) / (1 - source_)) / at_end;
    }
    return sum;
  }

  ColumnView<const double> probabilities_;
  double source_;
  double weight_;
};

/// The q that is most likely.
inline double most_likely_prior(const PriorLikelihood& likelihood, double start) {
  if (!likelihood.rises_from_zero()) return 0;
  if (!likelihood.falls_to_one()) return 1;
  return root_of_falling([&](double q) { return likelihood.derivative(q); }, 0, 1, start);
}

/// The q to either side of the best where the log-likelihood has fallen by `fall`.
inline Interval likelihood_interval(const PriorLikelihood& likelihood, double best, double fall,
                                    double level) {
  const double wanted = likelihood.value(best) - fall;
  Interval interval{0, 1, level};
  if (best > 0 && likelihood.value(0) < wanted) {
    interval.lower = root_of_falling(
        [&](double q) {
          return ValueAndSlope{wanted - likelihood.value(q), -likelihood.derivative(q).value};
        },
        0, best, best / 2);
  }
  if (best < 1 && likelihood.value(1) < wanted) {
    interval.upper = root_of_falling(
        [&](double q) {
          return ValueAndSlope{likelihood.value(q) - wanted, likelihood.derivative(q).value};
        },
        best, 1, best + (1 - best) / 2);
  }
  return interval;
}

inline void check_prior_estimation(const PriorEstimationOptions& options) {
  if (!is_finite(options.prior_weight) || options.prior_weight < 0) {
    throw InvalidArgument("prior estimation: the weight of the prior must be finite, 0 or more");
  }
}

}  // namespace detail

/// The prior q of one class where unlabelled rows come from, given probabilities that are
/// calibrated where the prior is `source`, if nothing but the prior differs. It maximises the
/// likelihood prod_i (p_i q / pi + (1 - p_i) (1 - q) / (1 - pi)), the fixed point of the EM
/// algorithm of Saerens, Latinne and Decaestecker 2002, q = mean of the posterior under q; found by
/// safeguarded Newton, since the log-likelihood is concave. The interval is that of the likelihood
/// ratio. The probabilities are believed: over-confident ones give a q that is far too small. For a
/// few expected positives the estimate is noise; the interval says so.
/// @param probabilities  n values in [0, 1], without labels
/// @param source         the prior pi behind the probabilities, in (0, 1)
/// Undefined (`no_samples`) without rows.
/// @throws InvalidArgument if a probability is none, or the source, level or weight is out of
/// range. Cost: O(n), about 40 passes.
inline PriorEstimate estimate_prior(ColumnView<const double> probabilities, double source,
                                    const PriorEstimationOptions& options = {}) {
  detail::check_prior_estimation(options);
  if (!(source > 0 && source < 1)) {
    throw InvalidArgument("prior estimation: the source prior must lie between 0 and 1");
  }
  const double z = detail::two_sided_normal_quantile(options.level);
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
      throw InvalidArgument("prior estimation: the probability of sample " + std::to_string(i) +
                            " lies outside [0, 1]");
    }
  }
  PriorEstimate estimate;
  if (probabilities.size() == 0) {
    estimate.prior = MetricValue::undefined(Undefined::no_samples);
    return estimate;
  }
  const detail::PriorLikelihood of_rows(probabilities, source, 0);
  const detail::PriorLikelihood with_prior(probabilities, source, options.prior_weight);
  const double best = detail::most_likely_prior(with_prior, source);
  estimate.prior = {best};
  estimate.interval = detail::likelihood_interval(with_prior, best, z * z / 2, options.level);
  const double of_rows_alone =
      options.prior_weight > 0 ? detail::most_likely_prior(of_rows, source) : best;
  // At the source prior every row has density 1.
  estimate.likelihood_ratio = std::max(0.0, 2 * of_rows.value(of_rows_alone));
  estimate.p_value = detail::chi_squared_tail(estimate.likelihood_ratio);
  return estimate;
}

/// @copydoc estimate_prior(ColumnView<const double>, double, const PriorEstimationOptions&)
inline PriorEstimate estimate_prior(ColumnView<const float> probabilities, double source,
                                    const PriorEstimationOptions& options = {}) {
  std::vector<double> widened(probabilities.size());
  for (std::size_t i = 0; i < widened.size(); ++i) widened[i] = probabilities[i];
  return estimate_prior(widened, source, options);
}

namespace detail {

template <class Score>
std::vector<PriorEstimate> estimate_priors(MatrixView<const Score> scores,
                                           const TrainingCounts& counts, ScoreKind kind,
                                           const PriorEstimationOptions& options,
                                           const Cpu& policy) {
  check_training_counts(counts, scores.n_classes());
  const ClassMatrix<double> probabilities = as_probabilities(scores, kind, policy);
  std::vector<PriorEstimate> estimates(scores.n_classes());
  parallel_for(scores.n_classes(), for_size(policy, scores.n_samples() * scores.n_classes()),
               [&](std::size_t k) {
                 const double source = counts.prior(k);
                 if (const Undefined why = why_no_logit(source); why != Undefined::none) {
                   estimates[k].prior = MetricValue::undefined(why);
                   return;
                 }
                 estimates[k] = estimate_prior(probabilities.view().column(k), source, options);
               });
  return estimates;
}

}  // namespace detail

/// `estimate_prior` of each class, from its training prior; undefined (`no_positives`,
/// `no_negatives`) where that is 0 or 1.
/// @param scores  n_samples x n_classes, what `kind` says
/// @throws InvalidArgument as `estimate_prior`, `as_probabilities` and `check_training_counts`.
/// Equal for every number of threads.
inline std::vector<PriorEstimate> estimate_priors(MatrixView<const double> scores,
                                                  const TrainingCounts& counts,
                                                  ScoreKind kind = ScoreKind::probabilities,
                                                  const PriorEstimationOptions& options = {},
                                                  const Cpu& policy = {}) {
  return detail::estimate_priors(scores, counts, kind, options, policy);
}
/// @copydoc estimate_priors(MatrixView<const double>, const TrainingCounts&, ScoreKind, const
/// PriorEstimationOptions&, const Cpu&)
inline std::vector<PriorEstimate> estimate_priors(MatrixView<const float> scores,
                                                  const TrainingCounts& counts,
                                                  ScoreKind kind = ScoreKind::probabilities,
                                                  const PriorEstimationOptions& options = {},
                                                  const Cpu& policy = {}) {
  return detail::estimate_priors(scores, counts, kind, options, policy);
}

}  // namespace cxrlt
