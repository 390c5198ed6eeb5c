// SPDX-License-Identifier: Apache-2.0
/// Ranks in which ties share the mean of their places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/rank_order.hpp"

namespace cxrlt {

namespace detail {

template <class Score>
std::vector<std::uint64_t> doubled_ranks(ColumnView<const Score> scores) {
  using Key = typename OrderedKey<Score>::type;
  const std::size_t n = scores.size();
  if (n >> 31 != 0) throw InvalidArgument("doubled_ranks: 2^31 rows or more");
  std::vector<Key> keys(n);
  for (std::size_t i = 0; i < n; ++i) keys[i] = checked_key(scores[i], i);
  const RankedPlaces ranked = rank_keys(keys.data(), n, key_range(keys.data(), n));
  std::vector<std::uint64_t> ranks(n);
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin + 1;
    while (end < n && ranked.ties_with_last(end, keys.data())) ++end;
    // The order descends: these rows take the places n - end + 1 ... n - begin from below.
    const std::uint64_t doubled = std::uint64_t{2} * n - begin - end + 1;
    for (std::size_t k = begin; k < end; ++k) ranks[ranked.place(k)] = doubled;
    begin = end;
  }
  return ranks;
}

}  // namespace detail

/// Twice the rank of each row among all, from 2 (the lowest score) to 2n; equal scores (-0 and +0
/// among them) share the mean of their places, which doubled is a whole number: half of it is
/// `scipy.stats.rankdata(scores, method="average")`.
/// @param scores  n scores; infinities are allowed
/// @throws InvalidArgument if a score is NaN, or for 2^31 rows or more.
/// Cost: as `rank_order`.
inline std::vector<std::uint64_t> doubled_ranks(ColumnView<const float> scores) {
  return detail::doubled_ranks(scores);
}
/// @copydoc doubled_ranks(ColumnView<const float>)
inline std::vector<std::uint64_t> doubled_ranks(ColumnView<const double> scores) {
  return detail::doubled_ranks(scores);
}

}  // namespace cxrlt
