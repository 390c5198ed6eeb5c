// SPDX-License-Identifier: Apache-2.0
/// Folds for cross-validation that keep a patient's rows together and spread few positives evenly.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

/// How rows are split.
struct FoldOptions {
  int n_folds = 5;         ///< at least 2
  std::uint64_t seed = 0;  ///< of the shuffle
};

/// A number per row, equal where the names are equal, from 0 in the order of first occurrence: what
/// `stratified_folds` takes for patients. O(rows).
inline std::vector<std::size_t> number_groups(std::span<const std::string> names) {
  std::unordered_map<std::string, std::size_t> known;
  std::vector<std::size_t> numbers;
  numbers.reserve(names.size());
  for (const std::string& name : names) {
    numbers.push_back(known.try_emplace(name, known.size()).first->second);
  }
  return numbers;
}

namespace detail {

/// The rows of one group that are labelled for the class.
struct FoldGroup {
  std::size_t n_positive = 0;
  std::size_t n_rows = 0;
};

inline void shuffle(std::vector<std::size_t>& values, Random random) {
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[random.below(static_cast<std::uint32_t>(i))]);
  }
}

/// The rows' groups as numbers from 0 without gaps, and how many there are.
inline std::pair<std::vector<std::size_t>, std::size_t> dense_groups(
    std::span<const std::size_t> groups, std::size_t n_rows) {
  std::vector<std::size_t> dense(n_rows);
  if (groups.empty()) {
    std::iota(dense.begin(), dense.end(), std::size_t{0});
    return {std::move(dense), n_rows};
  }
  std::unordered_map<std::size_t, std::size_t> known;
  for (std::size_t i = 0; i < n_rows; ++i) {
    dense[i] = known.try_emplace(groups[i], known.size()).first->second;
  }
  return {std::move(dense), known.size()};
}

}  // namespace detail

/// The fold, from 0 to n_folds - 1, of each of n rows, stratified for one class. Rows of one group
/// share a fold. Groups are taken in random order, those with most positives first, and each goes
/// to the fold with the fewest positives so far, among equals with the fewest labelled rows, then
/// to the first: so 7 positives of 7 patients in 5 folds are spread 2, 2, 1, 1, 1. Rows with a
/// missing label get a fold, too, but count for nothing.
/// @param labels n labels in {0, 1, missing}
/// @param groups n group numbers (patients), or none: every row is its own
/// @throws InvalidArgument if n_folds < 2, sizes differ, or there are 2^32 rows or more.
/// Equal on every platform. Cost: O(n log n).
inline std::vector<int> stratified_folds(LabelColumnView labels,
                                         std::span<const std::size_t> groups = {},
                                         const FoldOptions& options = {}) {
  if (options.n_folds < 2) {
    throw InvalidArgument("folds: " + std::to_string(options.n_folds) +
                          " folds; expected 2 or more");
  }
  if (!groups.empty() && groups.size() != labels.size()) {
    throw InvalidArgument("folds: " + std::to_string(groups.size()) + " groups for " +
                          std::to_string(labels.size()) + " labels");
  }
  if (labels.size() > 0xFFFF'FFFFU) throw InvalidArgument("folds: 2^32 rows or more");
  const auto [group_of, n_groups] = detail::dense_groups(groups, labels.size());
  std::vector<detail::FoldGroup> counts(n_groups);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == kMissing) continue;
    counts[group_of[i]].n_positive += labels[i] == 1 ? 1 : 0;
    counts[group_of[i]].n_rows += 1;
  }
  std::vector<std::size_t> order(n_groups);
  std::iota(order.begin(), order.end(), std::size_t{0});
  detail::shuffle(order, Random(options.seed));
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return counts[a].n_positive > counts[b].n_positive;
  });
  std::vector<detail::FoldGroup> folds(static_cast<std::size_t>(options.n_folds));
  std::vector<int> fold_of_group(n_groups);
  for (const std::size_t group : order) {
    const auto emptiest = std::min_element(
        folds.begin(), folds.end(), [&](const detail::FoldGroup& a, const detail::FoldGroup& b) {
          // A group without positives only has to even out the rows.
          if (counts[group].n_positive > 0 && a.n_positive != b.n_positive) {
            return a.n_positive < b.n_positive;
          }
          return a.n_rows < b.n_rows;
        });
    emptiest->n_positive += counts[group].n_positive;
    emptiest->n_rows += counts[group].n_rows;
    fold_of_group[group] = static_cast<int>(emptiest - folds.begin());
  }
  std::vector<int> result(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) result[i] = fold_of_group[group_of[i]];
  return result;
}

}  // namespace cxrlt
