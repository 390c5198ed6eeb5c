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

/// Places of keys by descending key; of equal keys the lower place first.
struct RankedPlaces {
  /// Above: the highest 32 bits of the distance from the highest key. Below: the place.
  std::vector<std::uint64_t> words;
  bool exact = true;  ///< words of equal upper halves are of equal keys

  std::uint32_t place(std::size_t k) const { return static_cast<std::uint32_t>(words[k]); }
  /// Whether the keys of the k-th and of the one before are equal.
  template <class Key>
  bool ties_with_last(std::size_t k, const Key* keys) const {
    return words[k] >> 32 == words[k - 1] >> 32 && (exact || keys[place(k)] == keys[place(k - 1)]);
  }
};

/// Puts the places of each run of equal upper halves into order by their whole keys.
template <class Key>
void order_runs(const Key* keys, std::vector<std::uint64_t>& words) {
  const auto place_of = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const auto earlier = [&](std::uint64_t a, std::uint64_t b) {
    const Key key_a = keys[place_of(a)];
    const Key key_b = keys[place_of(b)];
    return key_a != key_b ? key_a > key_b : place_of(a) < place_of(b);
  };
  for (std::size_t begin = 0; begin < words.size();) {
    std::size_t end = begin + 1;
    while (end < words.size() && words[end] >> 32 == words[begin] >> 32) ++end;
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = words.begin() + static_cast<std::ptrdiff_t>(end);
    if (end - begin > 1 && !std::is_sorted(first, last, earlier)) std::sort(first, last, earlier);
    begin = end;
  }
}

/// Sorts n < 2^31 keys that lie within the range.
template <class Key>
RankedPlaces rank_keys(const Key* keys, std::size_t n, const KeyRange<Key>& range) {
  const int width = static_cast<int>(n == 0 ? 0 : std::bit_width(range.high - range.low));
  const int shift = std::max(0, width - 32);
  RankedPlaces ranked{std::vector<std::uint64_t>(n), shift == 0};
  std::vector<std::uint64_t>& words = ranked.words;
  for (std::size_t i = 0; i < n; ++i) {
    words[i] = static_cast<std::uint64_t>((range.high - keys[i]) >> shift) << 32 | i;
  }
  std::vector<std::uint64_t> other(n);
  std::vector<std::uint32_t> counts(std::size_t{2} << kMostDigitBits);
  const std::uint64_t* const sorted =
      radix_sort(words.data(), n, n, 31 + width - shift, other.data(), counts.data());
  if (sorted == other.data()) words.swap(other);
  // The sort leaves out the lowest bit, and the prefix the lowest bits of the key.
  order_runs(keys, words);
  return ranked;
}

template <class Score>
std::vector<std::size_t> rank_order(ColumnView<const Score> scores) {
  using Key = typename OrderedKey<Score>::type;
  const std::size_t n = scores.size();
  if (n >> 31 != 0) throw InvalidArgument("rank_order: 2^31 rows or more");
  std::vector<Key> keys(n);
  for (std::size_t i = 0; i < n; ++i) keys[i] = checked_key(scores[i], i);
  const RankedPlaces ranked = rank_keys(keys.data(), n, key_range(keys.data(), n));
  std::vector<std::size_t> order(n);
  for (std::size_t k = 0; k < n; ++k) order[k] = ranked.place(k);
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
