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

/// Positives per class, and labelled cells, of several sets of rows (groups, or folds).
struct FoldCounts {
  FoldCounts(std::size_t n_sets, std::size_t n_classes)
      : classes(n_classes), positives(n_sets * n_classes), n_cells(n_sets) {}

  std::uint32_t* n_positive(std::size_t set) { return positives.data() + set * classes; }
  const std::uint32_t* n_positive(std::size_t set) const {
    return positives.data() + set * classes;
  }

  std::size_t classes = 0;
  std::vector<std::uint32_t> positives;  ///< set after set
  std::vector<std::size_t> n_cells;
};

inline FoldCounts count_groups(LabelMatrixView labels, const std::vector<std::size_t>& group_of,
                               std::size_t n_groups) {
  FoldCounts counts(n_groups, labels.n_classes());
  for (std::size_t i = 0; i < labels.n_samples(); ++i) {
    std::uint32_t* const n_positive = counts.n_positive(group_of[i]);
    for (std::size_t k = 0; k < labels.n_classes(); ++k) {
      if (labels(i, k) == kMissing) continue;
      n_positive[k] += labels(i, k) == 1 ? 1 : 0;
      counts.n_cells[group_of[i]] += 1;
    }
  }
  return counts;
}

/// The classes from the rarest; of equally rare ones the first comes first.
inline std::vector<std::size_t> rarest_first(const FoldCounts& groups) {
  std::vector<std::size_t> totals(groups.classes);
  for (std::size_t g = 0; g < groups.n_cells.size(); ++g) {
    for (std::size_t k = 0; k < groups.classes; ++k) totals[k] += groups.n_positive(g)[k];
  }
  std::vector<std::size_t> classes(groups.classes);
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  std::stable_sort(classes.begin(), classes.end(),
                   [&](std::size_t a, std::size_t b) { return totals[a] < totals[b]; });
  return classes;
}

/// The class that a group is spread for, as its place in `classes`: the first of which it has a
/// positive; classes.size() where there is none.
inline std::vector<std::size_t> first_classes(const FoldCounts& groups,
                                              const std::vector<std::size_t>& classes) {
  std::vector<std::size_t> first(groups.n_cells.size());
  for (std::size_t g = 0; g < first.size(); ++g) {
    while (first[g] < classes.size() && groups.n_positive(g)[classes[first[g]]] == 0) ++first[g];
  }
  return first;
}

inline void check_fold_input(std::size_t n_rows, std::span<const std::size_t> groups,
                             const FoldOptions& options) {
  if (options.n_folds < 2) {
    throw InvalidArgument("folds: " + std::to_string(options.n_folds) +
                          " folds; expected 2 or more");
  }
  if (!groups.empty() && groups.size() != n_rows) {
    throw InvalidArgument("folds: " + std::to_string(groups.size()) + " groups for " +
                          std::to_string(n_rows) + " labels");
  }
  if (n_rows > 0xFFFF'FFFFU) throw InvalidArgument("folds: 2^32 rows or more");
}

}  // namespace detail

/// The fold, from 0 to n_folds - 1, of each of n rows, the same for all classes and stratified for
/// each. Rows of one group share a fold. Groups are taken by the rarest class of which they have a
/// positive, the rarest first (after Sechidis, Tsoumakas and Vlahavas 2011); within a class those
/// with most of its positives first, otherwise in random order. Each goes to the fold with the
/// fewest positives of that class so far, among equals with the fewest labelled cells, then to the
/// first. Missing labels count for nothing.
/// @param labels n_samples x n_classes labels in {0, 1, missing}
/// @param groups n_samples group numbers (patients), or none: every row is its own
/// @throws InvalidArgument if n_folds < 2, sizes differ, or there are 2^32 rows or more.
/// Equal on every platform. Cost: O(n log n + cells); 4 bytes a group and class.
inline std::vector<int> stratified_folds(LabelMatrixView labels,
                                         std::span<const std::size_t> groups = {},
                                         const FoldOptions& options = {}) {
  detail::check_fold_input(labels.n_samples(), groups, options);
  const auto [group_of, n_groups] = detail::dense_groups(groups, labels.n_samples());
  const detail::FoldCounts counts = detail::count_groups(labels, group_of, n_groups);
  const std::vector<std::size_t> classes = detail::rarest_first(counts);
  const std::vector<std::size_t> first = detail::first_classes(counts, classes);
  const auto positives = [&](const detail::FoldCounts& of, std::size_t set, std::size_t group) {
    return first[group] == classes.size() ? 0 : of.n_positive(set)[classes[first[group]]];
  };
  std::vector<std::size_t> order(n_groups);
  std::iota(order.begin(), order.end(), std::size_t{0});
  detail::shuffle(order, Random(options.seed));
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return first[a] != first[b] ? first[a] < first[b]
                                : positives(counts, a, a) > positives(counts, b, b);
  });
  std::vector<std::size_t> fold_numbers(static_cast<std::size_t>(options.n_folds));
  std::iota(fold_numbers.begin(), fold_numbers.end(), std::size_t{0});
  detail::FoldCounts folds(fold_numbers.size(), labels.n_classes());
  std::vector<int> fold_of_group(n_groups);
  for (const std::size_t group : order) {
    // Without positives a group only has to even out the cells.
    const std::size_t emptiest = *std::min_element(
        fold_numbers.begin(), fold_numbers.end(), [&](std::size_t a, std::size_t b) {
          const std::uint32_t n_a = positives(folds, a, group);
          const std::uint32_t n_b = positives(folds, b, group);
          return n_a != n_b ? n_a < n_b : folds.n_cells[a] < folds.n_cells[b];
        });
    for (std::size_t k = 0; k < labels.n_classes(); ++k) {
      folds.n_positive(emptiest)[k] += counts.n_positive(group)[k];
    }
    folds.n_cells[emptiest] += counts.n_cells[group];
    fold_of_group[group] = static_cast<int>(emptiest);
  }
  std::vector<int> result(labels.n_samples());
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = fold_of_group[group_of[i]];
  return result;
}

/// The same for one class: so 7 positives of 7 patients in 5 folds are spread 2, 2, 1, 1, 1.
/// @param labels n labels in {0, 1, missing}
inline std::vector<int> stratified_folds(LabelColumnView labels,
                                         std::span<const std::size_t> groups = {},
                                         const FoldOptions& options = {}) {
  return stratified_folds(labels.as_matrix(), groups, options);
}

}  // namespace cxrlt
