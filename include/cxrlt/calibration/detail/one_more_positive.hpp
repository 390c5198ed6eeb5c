// SPDX-License-Identifier: Apache-2.0
/// Isotonic values with one more row, for every place where the row may stand, in one pass.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cxrlt::detail {

/// Positives among rows: of one score, of a block, or summed up from the lowest score on.
struct RateCounts {
  std::int64_t n_positive = 0;
  std::int64_t n_rows = 0;

  double rate() const { return static_cast<double>(n_positive) / static_cast<double>(n_rows); }
};

/// True if the rate of the step from `a` to `b` is at most that of the step from `c` to `d`; exact
/// for fewer than 2^31 rows.
inline bool rises_no_faster(const RateCounts& a, const RateCounts& b, const RateCounts& c,
                            const RateCounts& d) {
  return (b.n_positive - a.n_positive) * (d.n_rows - c.n_rows) <=
         (d.n_positive - c.n_positive) * (b.n_rows - a.n_rows);
}

/// For each group of rows of one score, ascending: the value that isotonic regression gives the
/// group once one more positive stands in it.
///
/// With sums P_0 ... P_k from the lowest score on, that value for group j is the slope of the
/// common tangent from below of P_0 ... P_{j-1}, each less the one row, and P_j ... P_k. From one
/// group to the next the slope cannot fall, so neither end of the tangent ever moves back
/// (in the spirit of Vovk, Petej and Fedorova 2015, whose corners are these ends). O(groups).
inline std::vector<RateCounts> rates_with_one_more_positive(const std::vector<RateCounts>& groups) {
  const std::size_t n = groups.size();
  std::vector<RateCounts> sums(n + 1);
  for (std::size_t j = 0; j < n; ++j) {
    sums[j + 1] = {sums[j].n_positive + groups[j].n_positive, sums[j].n_rows + groups[j].n_rows};
  }
  // The corner after i of the lower hull of P_i ... P_n.
  std::vector<std::size_t> next(n + 1, n);
  for (std::size_t i = n; i-- > 0;) {
    std::size_t corner = i + 1;
    while (corner != n &&
           rises_no_faster(sums[corner], sums[next[corner]], sums[i], sums[corner])) {
      corner = next[corner];
    }
    next[i] = corner;
  }
  std::vector<RateCounts> rates(n);
  std::vector<std::size_t> hull;  // the corners of P_0 ... P_{j-1}
  std::size_t left = 0;           // the end of the tangent among them
  std::size_t right = 0;
  for (std::size_t j = 1; j <= n; ++j) {
    const auto top = [&](std::size_t from_last) { return sums[hull[hull.size() - from_last]]; };
    while (hull.size() > 1 && rises_no_faster(top(1), sums[j - 1], top(2), top(1))) hull.pop_back();
    hull.push_back(j - 1);
    left = std::min(left, hull.size() - 1);
    right = std::max(right, j);
    while (true) {
      const RateCounts& corner = sums[hull[left]];
      const RateCounts before{corner.n_positive - 1, corner.n_rows - 1};
      while (right != n && rises_no_faster(before, sums[next[right]], before, sums[right])) {
        right = next[right];
      }
      const bool is_end = left + 1 == hull.size() ||
                          !rises_no_faster(corner, sums[hull[left + 1]], before, sums[right]);
      if (is_end) {
        rates[j - 1] = {sums[right].n_positive - before.n_positive,
                        sums[right].n_rows - before.n_rows};
        break;
      }
      ++left;
    }
  }
  return rates;
}

}  // namespace cxrlt::detail
