// SPDX-License-Identifier: Apache-2.0
/// What decisions are worth where the finding is as frequent as one states, not as in the test set;
/// and their net benefit.
#pragma once

#include <string>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/metrics/threshold.hpp"

namespace cxrlt {

namespace detail {

/// Refuses a prevalence or threshold probability outside (0, 1).
inline void check_inside_unit(double value, const char* what) {
  if (!(value > 0 && value < 1)) {
    throw InvalidArgument(std::string("the ") + what + " is " + number_text(value) +
                          "; expected a number between 0 and 1, both excluded");
  }
}

/// right / (right + wrong), or `no_predictions` where both are 0.
inline MetricValue predictive_value(double right, double wrong) {
  if (right + wrong > 0) return {right / (right + wrong)};
  return MetricValue::undefined(Undefined::no_predictions);
}

}  // namespace detail

/// The positive predictive value at a stated prevalence q, by Bayes' theorem, from recall r and
/// specificity s: r q / (r q + (1 - s)(1 - q)). At the prevalence of the test set it is the
/// precision. It takes for granted that recall and specificity are the same where q is (Vecchio
/// 1966; Leeflang et al. 2013 on when that fails).
/// @param counts      of one class at one threshold
/// @param prevalence  in (0, 1)
/// Range [0, 1], higher is better. Undefined without positives or negatives, and `no_predictions`
/// where nothing is predicted positive.
/// @throws InvalidArgument if the prevalence is outside (0, 1). Cost: O(1).
template <class Count>
MetricValue ppv_at_prevalence(const ConfusionCounts<Count>& counts, double prevalence) {
  detail::check_inside_unit(prevalence, "prevalence");
  return detail::from_rates(counts, [&](double tpr, double tnr) {
    return detail::predictive_value(tpr * prevalence, (1 - tnr) * (1 - prevalence));
  });
}

/// The negative predictive value at a stated prevalence q: s (1 - q) / (s (1 - q) + (1 - r) q).
/// `no_predictions` where nothing is predicted negative; otherwise as `ppv_at_prevalence`.
template <class Count>
MetricValue npv_at_prevalence(const ConfusionCounts<Count>& counts, double prevalence) {
  detail::check_inside_unit(prevalence, "prevalence");
  return detail::from_rates(counts, [&](double tpr, double tnr) {
    return detail::predictive_value(tnr * (1 - prevalence), (1 - tpr) * prevalence);
  });
}

/// The net benefit (Vickers and Elkin 2006) TP / n - FP / n t / (1 - t): true positives per row,
/// less the false ones at the price that a threshold probability of t puts on them.
/// @param counts     of decisions at probability >= t, for a decision curve; of any others as well
/// @param threshold  t in (0, 1): at this risk, acting and not acting are worth the same
/// Range (-infinity, prevalence], higher is better; 0 is what acting on nobody gives. Undefined
/// (`no_samples`) without a labelled row.
/// @throws InvalidArgument if the threshold is outside (0, 1). Cost: O(1).
template <class Count>
MetricValue net_benefit(const ConfusionCounts<Count>& counts, double threshold) {
  detail::check_inside_unit(threshold, "threshold probability");
  const double n = static_cast<double>(counts.total());
  if (!(n > 0)) return MetricValue::undefined(Undefined::no_samples);
  return {static_cast<double>(counts.tp) / n -
          static_cast<double>(counts.fp) / n * threshold / (1 - threshold)};
}

/// The net benefit at a stated prevalence q: r q - (1 - s)(1 - q) t / (1 - t), with recall r and
/// specificity s. Undefined without positives or negatives. Otherwise as `net_benefit`.
/// @throws InvalidArgument if the prevalence or the threshold is outside (0, 1). Cost: O(1).
template <class Count>
MetricValue net_benefit_at_prevalence(const ConfusionCounts<Count>& counts, double threshold,
                                      double prevalence) {
  detail::check_inside_unit(threshold, "threshold probability");
  detail::check_inside_unit(prevalence, "prevalence");
  return detail::from_rates(counts, [&](double tpr, double tnr) {
    return tpr * prevalence - (1 - tnr) * (1 - prevalence) * threshold / (1 - threshold);
  });
}

/// The net benefit of acting on everybody, q - (1 - q) t / (1 - t): what a decision curve is held
/// against, besides 0. Range (-infinity, 1), 0 at t = q.
/// @throws InvalidArgument if the prevalence or the threshold is outside (0, 1). Cost: O(1).
inline double net_benefit_of_all(double threshold, double prevalence) {
  detail::check_inside_unit(threshold, "threshold probability");
  detail::check_inside_unit(prevalence, "prevalence");
  return prevalence - (1 - prevalence) * threshold / (1 - threshold);
}

}  // namespace cxrlt
