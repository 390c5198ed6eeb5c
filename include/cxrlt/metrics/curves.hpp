// SPDX-License-Identifier: Apache-2.0
/// The points of the ROC and the precision-recall curve of one class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/discrimination.hpp"

namespace cxrlt {

/// One point of a ROC curve: predicted positive where score >= threshold.
template <class Count = std::uint64_t>
struct RocPoint {
  double threshold = 0;
  double fpr = 0;  ///< fp / negatives
  double tpr = 0;  ///< tp / positives
  Count tp = 0;
  Count fp = 0;
};

/// A polyline of ROC points, or none and the reason why.
template <class Count = std::uint64_t>
struct RocCurve {
  std::vector<RocPoint<Count>> points;
  Undefined why = Undefined::none;
};

/// The ROC curve, (FP / negatives, TP / positives) at all thresholds (Fawcett 2006), from (0, 0) to
/// (1, 1) with straight lines between its points; the area under them is `auroc`. Only the points
/// are returned that the polyline needs: each threshold at which a positive stands, and the corner
/// before it where negatives alone stand above it. A group of equal scores with both labels is a
/// slanted segment. The first point stands for "nothing is predicted", its threshold is +inf; the
/// threshold of a corner is the next double above the positive's score; that of the last is -inf if
/// no positive stands there. Undefined unless both kinds of label are present. Cost: O(distinct
/// positive scores).
template <class Count>
RocCurve<Count> roc_curve(const ThresholdCounts<Count>& counts) {
  RocCurve<Count> curve;
  curve.why = detail::needs_both_labels(counts);
  if (curve.why != Undefined::none) return curve;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto add = [&](double threshold, Count tp, Count fp) {
    curve.points.push_back(
        {threshold, static_cast<double>(fp) / static_cast<double>(counts.n_negative),
         static_cast<double>(tp) / static_cast<double>(counts.n_positive), tp, fp});
  };
  add(infinity, 0, 0);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const auto last = curve.points.back();
    if (counts.fp_above[k] > last.fp) {
      const double next_above = from_ordered_key<double>(ordered_key(counts.threshold[k]) + 1);
      add(next_above, last.tp, counts.fp_above[k]);
    }
    add(counts.threshold[k], counts.tp[k], counts.fp[k]);
  }
  if (curve.points.back().fp < counts.n_negative) {
    add(-infinity, counts.n_positive, counts.n_negative);
  }
  return curve;
}

/// One point of a precision-recall curve: predicted positive where score >= threshold.
template <class Count = std::uint64_t>
struct PrecisionRecallPoint {
  double threshold = 0;
  double recall = 0;     ///< tp / positives
  double precision = 0;  ///< tp / (tp + fp)
  Count tp = 0;
  Count fp = 0;
};

/// Points in order of recall, or none and the reason why.
template <class Count = std::uint64_t>
struct PrecisionRecallCurve {
  std::vector<PrecisionRecallPoint<Count>> points;
  Undefined why = Undefined::none;
};

/// The precision-recall curve, (TP / positives, TP / (TP + FP)) at the thresholds at which a
/// positive stands, recall ascending (Davis and Goadrich 2006; Boyd, Eng, Page 2013); the step sum
/// of (R_k - R_{k-1}) P_k from R = 0 is `average_precision`. Between two points recall
/// stays and precision only falls, so nothing is lost; no point at recall 0 is made up, and
/// straight lines between the points would be wrong. Equal scores are one point. Undefined without
/// positives. Cost: O(distinct positive scores).
template <class Count>
PrecisionRecallCurve<Count> precision_recall_curve(const ThresholdCounts<Count>& counts) {
  PrecisionRecallCurve<Count> curve;
  curve.why = detail::needs_positives(counts);
  if (curve.why != Undefined::none) return curve;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double tp = static_cast<double>(counts.tp[k]);
    curve.points.push_back({counts.threshold[k], tp / static_cast<double>(counts.n_positive),
                            tp / static_cast<double>(counts.tp[k] + counts.fp[k]), counts.tp[k],
                            counts.fp[k]});
  }
  return curve;
}

}  // namespace cxrlt
