// SPDX-License-Identifier: Apache-2.0
/// The sums of one replicate from which average precision and AUROC follow: the same, in the same
/// order, wherever cells are walked.
#pragma once

#include <algorithm>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/unfused.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/discrimination.hpp"

namespace cxrlt::detail {

/// Sums of a walk from the highest score down.
struct ReplicateSums {
  double n_positive = 0;
  double n_negative = 0;
  double precision = 0;  ///< of positives at a threshold times the precision there
  double losses = 0;     ///< of positives times the negatives above, tied ones by half

  /// Adds what stands at a threshold: the negatives since the one before, the positives, and the
  /// negatives that tie with them.
  CXRLT_HD CXRLT_ALWAYS_INLINE void add(double above, double positive, double tied) {
    n_negative += above;
    add_product(positive, n_negative + tied * 0.5, losses);
    n_negative += tied;
    n_positive += positive;
    const double predicted = n_positive + n_negative;
    // Where nothing has weight yet, 0 / 1 adds the nothing that it should.
    add_product(positive, n_positive / (predicted > 0 ? predicted : 1), precision);
  }

  ThresholdCounts<double> support() const {
    ThresholdCounts<double> counts;
    counts.n_positive = n_positive;
    counts.n_negative = n_negative;
    return counts;
  }

  MetricValue average_precision() const {
    const Undefined why = needs_positives(support());
    if (why != Undefined::none) return MetricValue::undefined(why);
    return {precision / n_positive};
  }

  MetricValue auroc() const {
    const Undefined why = needs_both_labels(support());
    if (why != Undefined::none) return MetricValue::undefined(why);
    const double twice_wins_and_ties = 2 * (n_negative * n_positive - losses);
    return {std::max(0.0, share_of_pairs(twice_wins_and_ties, n_positive, n_negative))};
  }
};

}  // namespace cxrlt::detail
