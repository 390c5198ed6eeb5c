// SPDX-License-Identifier: Apache-2.0
/// The order of rows by score, where a whole order is needed and threshold counts are not enough.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt {

namespace detail {

template <class Score>
std::vector<std::size_t> rank_order(ColumnView<const Score> scores) {
  struct Entry {
    typename OrderedKey<Score>::type key;
    std::size_t row;
  };
  std::vector<Entry> entries(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) entries[i] = {checked_key(scores[i], i), i};
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.key != b.key ? a.key > b.key : a.row < b.row;
  });
  std::vector<std::size_t> order(scores.size());
  std::transform(entries.begin(), entries.end(), order.begin(),
                 [](const Entry& entry) { return entry.row; });
  return order;
}

}  // namespace detail

/// The rows by descending score; equal scores (-0 and +0 among them) stay in row order.
/// @param scores  n scores; infinities are allowed
/// @return a permutation of 0 ... n - 1
/// @throws InvalidArgument if a score is NaN.
/// Cost: O(n log n).
inline std::vector<std::size_t> rank_order(ColumnView<const float> scores) {
  return detail::rank_order(scores);
}
/// @copydoc rank_order(ColumnView<const float>)
inline std::vector<std::size_t> rank_order(ColumnView<const double> scores) {
  return detail::rank_order(scores);
}

}  // namespace cxrlt
