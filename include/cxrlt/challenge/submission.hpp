// SPDX-License-Identifier: Apache-2.0
/// The rules that a submission is checked by, on plain columns of scores and ids.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"

namespace cxrlt {

/// Beyond the allowed range by no more than this is rounding, which clipping repairs.
inline constexpr double kRangeTolerance = 1e-6;

/// How a score lies to the allowed range.
enum class RangePlace : std::uint8_t { inside, just_outside, outside };

/// Where a finite score lies: in [lowest, highest], beyond by at most `kRangeTolerance`, or
/// further. Anything that is not finite counts as inside: it is an error of another kind.
inline RangePlace range_place(double score, double lowest, double highest) {
  if (!is_finite(score) || (score >= lowest && score <= highest)) return RangePlace::inside;
  const double beyond = std::max(lowest - score, score - highest);
  return beyond <= kRangeTolerance ? RangePlace::just_outside : RangePlace::outside;
}

/// How many scores of a class lie out of range.
struct RangeCounts {
  std::size_t n = 0;                 ///< finite scores
  std::size_t just_outside = 0;      ///< beyond by at most `kRangeTolerance`
  std::size_t outside = 0;           ///< beyond by more
  std::size_t outside_negative = 0;  ///< of `outside`: below 0
  double smallest = 0;               ///< over all finite scores
  double largest = 0;
};

/// Counts where the scores of one class lie; scores that are not finite are left out. O(n).
inline RangeCounts count_range(std::span<const double> scores, double lowest, double highest) {
  RangeCounts counts;
  for (const double score : scores) {
    if (!is_finite(score)) continue;
    counts.smallest = counts.n == 0 ? score : std::min(counts.smallest, score);
    counts.largest = counts.n == 0 ? score : std::max(counts.largest, score);
    ++counts.n;
    const RangePlace place = range_place(score, lowest, highest);
    if (place == RangePlace::just_outside) ++counts.just_outside;
    if (place != RangePlace::outside) continue;
    ++counts.outside;
    if (score < 0) ++counts.outside_negative;
  }
  return counts;
}

/// Do the scores of a class look like logits? More than 5 % of them are out of range, and some of
/// those are negative.
constexpr bool looks_like_logits(const RangeCounts& counts) {
  return counts.outside * 20 > counts.n && counts.outside_negative > 0;
}

/// Is there one value for all rows? Needs two rows or more, all finite. O(n).
inline bool is_constant(std::span<const double> scores) {
  if (scores.size() < 2) return false;
  return std::all_of(scores.begin(), scores.end(), [first = scores.front()](double score) {
    return is_finite(score) && score == first;
  });
}

/// Are there only 0 and 1, and both of them? Average precision then falls to one operating point.
/// O(n), and O(1) for scores that are not such decisions.
inline bool is_hard_decisions(std::span<const double> scores) {
  bool zero = false;
  bool one = false;
  for (const double score : scores) {
    if (is_nan(score) || (score != 0 && score != 1)) return false;
    zero = zero || score == 0;
    one = one || score == 1;
  }
  return zero && one;
}

/// Were the scores rounded to 2 decimals or fewer? At least 1,000 rows, at most 101 distinct
/// values, each the double nearest to a number with at most 2 decimals. O(n), and O(1) for scores
/// that are not rounded.
inline bool is_rounded(std::span<const double> scores) {
  constexpr std::size_t min_rows = 1000;
  constexpr std::size_t max_distinct = 101;
  if (scores.size() < min_rows) return false;
  std::unordered_set<double> distinct;
  for (const double score : scores) {
    // Division rounds to the nearest double, so a number with 2 decimals is met exactly.
    if (!is_finite(score) || std::round(score * 100) / 100 != score) return false;
    distinct.insert(score);
    if (distinct.size() > max_distinct) return false;
  }
  return true;
}

/// The mean of the finite scores, 0 where there are none. O(n).
inline double mean_score(std::span<const double> scores) {
  double sum = 0;
  std::size_t n = 0;
  for (const double score : scores) {
    if (!is_finite(score)) continue;
    sum += score;
    ++n;
  }
  return n == 0 ? 0.0 : sum / static_cast<double>(n);
}

/// Do the mean scores of two classes stand in the opposite order to their training counts, by a
/// factor of 2 or more? Means that are negative (logits) say nothing.
constexpr bool is_suspected_swap(double first_mean, double second_mean, std::uint64_t first_count,
                                 std::uint64_t second_count) {
  if (first_count == second_count || !(first_mean >= 0) || !(second_mean >= 0)) return false;
  const double frequent = first_count > second_count ? first_mean : second_mean;
  const double rare = first_count > second_count ? second_mean : first_mean;
  return rare > 0 && rare >= 2 * frequent;
}

/// How the ids of a submission differ from those that are wanted.
struct IdDifferences {
  std::vector<std::size_t> missing;  ///< positions in `wanted`, each id once
  std::vector<std::size_t> extra;    ///< rows of the submission
};

/// Compares ids as sets, by their exact text; order does not matter, and empty ids of the
/// submission are left out. The ids are strings or string views, to be read by index and iterator.
/// O(n).
template <class Ids, class WantedIds>
IdDifferences compare_ids(const Ids& ids, const WantedIds& wanted) {
  const std::unordered_set<std::string_view> present(ids.begin(), ids.end());
  std::unordered_set<std::string_view> known;
  IdDifferences differences;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (known.insert(wanted[i]).second && !present.contains(wanted[i])) {
      differences.missing.push_back(i);
    }
  }
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (!ids[row].empty() && !known.contains(ids[row])) differences.extra.push_back(row);
  }
  return differences;
}

/// The first class (index) whose column stands left of the column of a class before it, or nothing
/// where the columns follow the order of the classes. O(classes).
inline std::optional<std::size_t> first_out_of_order(std::span<const std::size_t> class_columns) {
  for (std::size_t c = 1; c < class_columns.size(); ++c) {
    if (class_columns[c] < class_columns[c - 1]) return c;
  }
  return std::nullopt;
}

}  // namespace cxrlt
