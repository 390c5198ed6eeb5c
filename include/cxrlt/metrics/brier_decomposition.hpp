// SPDX-License-Identifier: Apache-2.0
/// The Brier score in parts: miscalibration, discrimination and uncertainty.
#pragma once

#include <algorithm>
#include <limits>
#include <span>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/adaptive_bins.hpp"
#include "cxrlt/metrics/detail/probability_groups.hpp"
#include "cxrlt/metrics/reliability_bins.hpp"

namespace cxrlt {

/// The parts of brier = miscalibration - discrimination + uncertainty, each in [0, 1], or the
/// reason why there are none.
struct BrierDecomposition {
  double brier = std::numeric_limits<double>::quiet_NaN();
  double miscalibration = std::numeric_limits<double>::quiet_NaN();  ///< Murphy's reliability
  double discrimination = std::numeric_limits<double>::quiet_NaN();  ///< Murphy's resolution
  double uncertainty = std::numeric_limits<double>::quiet_NaN();     ///< of the base rate
  Undefined why = Undefined::none;
};

namespace detail {

/// The parts for rates that each stand for some rows: `add_rates(add)` calls `add(weight, rate)`.
template <class AddRates>
BrierDecomposition decompose(const ProbabilityGroups& all, const AddRates& add_rates) {
  BrierDecomposition result;
  result.why = all.why;
  if (all.why != Undefined::none) return result;
  const double base_rate = all.positive / all.weight;
  double losses = 0;
  for (const ProbabilityGroup& group : all.groups) {
    const double p = group.probability;
    losses += group.positive * (1 - p) * (1 - p) + (group.weight - group.positive) * p * p;
  }
  double recalibrated = 0;
  double spread = 0;
  add_rates([&](double weight, double rate) {
    recalibrated += weight * rate * (1 - rate);
    spread += weight * (rate - base_rate) * (rate - base_rate);
  });
  result.brier = losses / all.weight;
  result.miscalibration = std::max(0.0, (losses - recalibrated) / all.weight);
  result.discrimination = spread / all.weight;
  result.uncertainty = base_rate * (1 - base_rate);
  return result;
}

template <class Score>
BrierDecomposition murphy_decomposition(ColumnView<const Score> probabilities,
                                        LabelColumnView labels,
                                        std::span<const double> row_weights) {
  const ProbabilityGroups all = probability_groups(probabilities, labels, row_weights);
  return decompose(all, [&](const auto& add) {
    for (const ProbabilityGroup& group : all.groups) add(group.weight, group.rate());
  });
}

template <class Score>
BrierDecomposition corp_decomposition(ColumnView<const Score> probabilities,
                                      LabelColumnView labels) {
  const ProbabilityGroups all = probability_groups(probabilities, labels, {});
  const CalibrationBins steps = isotonic_bins(all);
  return decompose(all, [&](const auto& add) {
    for (const CalibrationBin& step : steps.bins) add(step.weight, step.observed_rate);
  });
}

}  // namespace detail

/// The Brier score in Murphy's (1973) parts, over the rows of each distinct probability p_k with
/// observed rate r_k: reliability sum_k (w_k / w) (p_k - r_k)^2, resolution sum_k (w_k / w) (r_k -
/// r)^2 and uncertainty r (1 - r), with the base rate r. Exact for any probabilities, and of use
/// where each stands for many rows: where all are distinct, every r_k is 0 or 1, reliability is the
/// whole Brier score and resolution all of the uncertainty; see `corp_decomposition`.
/// @param probabilities  n probabilities; values within 1e-6 of [0, 1] are clipped to it
/// @param labels         n labels in {0, 1, missing}; missing ones are left out
/// @param row_weights    n weights, or none at all for equal weights; weight 0 equals deleting
/// Low reliability is better, high resolution is better. With one kind of label resolution and
/// uncertainty are 0. Undefined without labelled rows, and `not_probabilities` if a value lies
/// further out.
/// @throws InvalidArgument if sizes differ, a probability of a labelled row is NaN or infinite, a
/// label is none, or a weight is negative or not finite.
/// Cost: O(n log n).
inline BrierDecomposition murphy_decomposition(ColumnView<const float> probabilities,
                                               LabelColumnView labels,
                                               std::span<const double> row_weights = {}) {
  return detail::murphy_decomposition(probabilities, labels, row_weights);
}
/// @copydoc murphy_decomposition(ColumnView<const float>, LabelColumnView, std::span<const double>)
inline BrierDecomposition murphy_decomposition(ColumnView<const double> probabilities,
                                               LabelColumnView labels,
                                               std::span<const double> row_weights = {}) {
  return detail::murphy_decomposition(probabilities, labels, row_weights);
}

/// The Brier score in the parts of CORP (Dimitriadis, Gneiting and Jordan 2021). With S the score,
/// S_C that of the same rows after isotonic regression and S_R that of the base rate for all:
/// miscalibration S - S_C, discrimination S_R - S_C, uncertainty S_R. No number of bins has to be
/// chosen, neither part is negative, and a strictly increasing map of the probabilities changes
/// miscalibration alone. What isotonic regression does not see is missing in it: a part of the
/// curve that falls counts as want of discrimination. Fitted on few rows, S_C is too small and both
/// parts are too large. There are no row weights. Otherwise as `murphy_decomposition`. Cost: O(n
/// log n).
inline BrierDecomposition corp_decomposition(ColumnView<const float> probabilities,
                                             LabelColumnView labels) {
  return detail::corp_decomposition(probabilities, labels);
}
/// @copydoc corp_decomposition(ColumnView<const float>, LabelColumnView)
inline BrierDecomposition corp_decomposition(ColumnView<const double> probabilities,
                                             LabelColumnView labels) {
  return detail::corp_decomposition(probabilities, labels);
}

}  // namespace cxrlt
