// SPDX-License-Identifier: Apache-2.0
/// Threshold counts from rows that are already in order.
#pragma once

#include <cstdint>

#include "cxrlt/counting/threshold_counts.hpp"

namespace cxrlt::detail {

/// Adds the rows of the next lower score.
inline void add_score(ThresholdCounts<>& counts, double score, std::uint64_t n_positive,
                      std::uint64_t n_negative) {
  const std::uint64_t fp_above = counts.n_negative;
  counts.n_positive += n_positive;
  counts.n_negative += n_negative;
  if (n_positive == 0) return;
  counts.threshold.push_back(score);
  counts.tp.push_back(counts.n_positive);
  counts.fp.push_back(counts.n_negative);
  counts.fp_above.push_back(fp_above);
}

}  // namespace cxrlt::detail
