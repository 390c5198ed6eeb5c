// SPDX-License-Identifier: Apache-2.0
/// The thresholds of all classes that together make the highest micro F-beta.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/operating_points.hpp"
#include "cxrlt/metrics/threshold.hpp"

namespace cxrlt {

/// A threshold per class, and the micro F-beta that they attain together.
struct MicroThresholds {
  std::vector<double> thresholds;  ///< +inf: the class predicts nothing
  MetricValue value;
};

namespace detail {

/// True positives and predictions, added up over classes.
struct MicroTotals {
  double tp = 0;
  double predicted = 0;
};

/// The number of the highest threshold at which gain = TP reward - predictions price is highest;
/// counts.size() where predicting nothing gains most.
template <class Count>
std::size_t most_gainful(const ThresholdCounts<Count>& counts, double reward, double price) {
  std::size_t best = counts.size();
  double highest = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double gain = static_cast<double>(counts.tp[k]) * reward -
                        static_cast<double>(counts.tp[k] + counts.fp[k]) * price;
    if (!(gain > highest)) continue;
    highest = gain;
    best = k;
  }
  return best;
}

}  // namespace detail

/// The joint optimum of micro F-beta = (1 + b^2) sum TP_c / (b^2 sum P_c + sum k_c), with P_c
/// positives and k_c predictions of class c, over all combinations of thresholds. By the method of
/// Dinkelbach (1967): at a given value F each class alone takes the cut that maximises
/// (1 + b^2) TP_c - F k_c; the value of these cuts is the next F, and where it stays, no
/// combination is better. Of equally good cuts of a class the highest threshold is taken, with
/// predicting nothing (+inf) as the highest; so a class without positives predicts nothing. Between
/// two thresholds with a positive only k_c grows, so the counts hold every candidate. Usually the
/// common classes lower their thresholds against `best_f_beta` of each, and the rare ones raise
/// theirs.
/// @param counts  of all classes, from `count_thresholds`
/// @return n_classes thresholds; undefined without positives in any class
/// @throws InvalidArgument unless beta is in [1e-100, 1e100].
/// Cost: O(distinct positive scores) a round, of which about 5 are needed.
template <class Count>
MicroThresholds best_micro_thresholds(const std::vector<ThresholdCounts<Count>>& counts,
                                      double beta = 1) {
  detail::check_beta(beta, "best_micro_thresholds");
  const double b2 = beta * beta;
  double n_positive = 0;
  double n_labelled = 0;
  for (const ThresholdCounts<Count>& one : counts) {
    n_positive += static_cast<double>(one.n_positive);
    n_labelled += static_cast<double>(one.n_positive + one.n_negative);
  }
  MicroThresholds found;
  found.thresholds.assign(counts.size(), std::numeric_limits<double>::infinity());
  if (!(n_positive > 0)) {
    found.value =
        MetricValue::undefined(n_labelled > 0 ? Undefined::no_positives : Undefined::no_samples);
    return found;
  }
  // The value is (1 + b^2) tp / size. Both sides of a comparison are multiplied by size / (1 +
  // b^2): whole numbers for F1, so that equal gains are seen as equal. It begins with everything
  // predicted.
  double tp = n_positive;
  double size = b2 * n_positive + n_labelled;
  while (true) {
    detail::MicroTotals totals;
    for (std::size_t c = 0; c < counts.size(); ++c) {
      const std::size_t k = detail::most_gainful(counts[c], size, tp);
      const bool any = k < counts[c].size();
      found.thresholds[c] = any ? counts[c].threshold[k] : std::numeric_limits<double>::infinity();
      if (!any) continue;
      totals.tp += static_cast<double>(counts[c].tp[k]);
      totals.predicted += static_cast<double>(counts[c].tp[k] + counts[c].fp[k]);
    }
    const double next_size = b2 * n_positive + totals.predicted;
    if (!(totals.tp * size > tp * next_size)) break;
    tp = totals.tp;
    size = next_size;
  }
  found.value = {(1 + b2) * tp / size};
  return found;
}

}  // namespace cxrlt
