// SPDX-License-Identifier: Apache-2.0
/// The order of rows by score, where a whole order is needed and threshold counts are not enough.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/detail/class_words.hpp"
#include "cxrlt/counting/detail/radix_sort.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt {

namespace detail {

/// Puts the rows of each run of equal upper halves into order by their whole keys.
template <class Score>
void order_runs(ColumnView<const Score> scores, std::vector<std::uint64_t>& words) {
  const auto row_of = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const auto earlier = [&](std::uint64_t a, std::uint64_t b) {
    const auto key_a = ordered_key(scores[row_of(a)]);
    const auto key_b = ordered_key(scores[row_of(b)]);
    return key_a != key_b ? key_a > key_b : row_of(a) < row_of(b);
  };
  for (std::size_t begin = 0; begin < words.size();) {
    std::size_t end = begin + 1;
    while (end < words.size() && words[end] >> 32 == words[begin] >> 32) ++end;
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = words.begin() + static_cast<std::ptrdiff_t>(end);
    if (!std::is_sorted(first, last, earlier)) std::sort(first, last, earlier);
    begin = end;
  }
}

/// Sorts words of the highest 32 bits of the distance from the highest key, and the row.
template <class Score>
std::vector<std::size_t> rank_order(ColumnView<const Score> scores) {
  using Key = typename OrderedKey<Score>::type;
  const std::size_t n = scores.size();
  if (n >> 31 != 0) throw InvalidArgument("rank_order: 2^31 rows or more");
  std::vector<Key> keys(n);
  for (std::size_t i = 0; i < n; ++i) keys[i] = checked_key(scores[i], i);
  const KeyRange<Key> range = key_range(keys.data(), n);
  const int width = static_cast<int>(n == 0 ? 0 : std::bit_width(range.high - range.low));
  const int shift = std::max(0, width - 32);
  std::vector<std::uint64_t> words(n);
  for (std::size_t i = 0; i < n; ++i) {
    words[i] = static_cast<std::uint64_t>((range.high - keys[i]) >> shift) << 32 | i;
  }
  std::vector<std::uint64_t> other(n);
  std::vector<std::uint32_t> counts(std::size_t{2} << kMostDigitBits);
  const std::uint64_t* const sorted =
      radix_sort(words.data(), n, n, 31 + width - shift, other.data(), counts.data());
  if (sorted == other.data()) words.swap(other);
  // The sort leaves out the lowest bit, and the prefix the lowest bits of the key.
  order_runs(scores, words);
  std::vector<std::size_t> order(n);
  std::transform(words.begin(), words.end(), order.begin(),
                 [](std::uint64_t word) { return static_cast<std::uint32_t>(word); });
  return order;
}

}  // namespace detail

/// The rows by descending score; equal scores (-0 and +0 among them) stay in row order.
/// @param scores  n scores; infinities are allowed
/// @return a permutation of 0 ... n - 1
/// @throws InvalidArgument if a score is NaN, or for 2^31 rows or more.
/// Cost: O(n) for scores that do not cluster; O(n log n) in the worst case.
inline std::vector<std::size_t> rank_order(ColumnView<const float> scores) {
  return detail::rank_order(scores);
}
/// @copydoc rank_order(ColumnView<const float>)
inline std::vector<std::size_t> rank_order(ColumnView<const double> scores) {
  return detail::rank_order(scores);
}

}  // namespace cxrlt
