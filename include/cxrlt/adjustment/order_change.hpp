// SPDX-License-Identifier: Apache-2.0
/// What a map of scores did to their order, which an increasing one should leave alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/rank_order.hpp"

namespace cxrlt {

/// The order of the scores of one class before and after a map. Saturation (probabilities rounded
/// to 1), plateaus and low precision make ties; then average precision and AUROC may change though
/// the map increases.
struct OrderChange {
  std::uint64_t n_distinct_before = 0;
  std::uint64_t n_distinct_after = 0;
  std::uint64_t n_newly_tied = 0;  ///< rows that now share a score with one that differed before
  std::uint64_t n_reversed = 0;    ///< distinct scores that rose above the next higher one's

  /// True where nothing that reads the order alone can have changed.
  bool kept() const { return n_newly_tied == 0 && n_reversed == 0; }
};

namespace detail {

/// Walks the distinct scores downwards, and counts runs of them that were given one score.
template <class Score>
OrderChange order_change(ColumnView<const Score> before, ColumnView<const double> after) {
  check_same_size(before.size(), after.size(), "mapped scores");
  const std::vector<std::size_t> order = rank_order(before);
  OrderChange change;
  std::uint64_t run_rows = 0;  // of the rows that share the present score
  std::uint64_t run_scores = 0;
  const auto end_run = [&] {
    if (run_scores > 1) change.n_newly_tied += run_rows;
    run_rows = 0;
    run_scores = 0;
  };
  for (std::size_t j = 0; j < order.size(); ++j) {
    const double mapped = after[order[j]];
    if (is_nan(mapped)) {
      throw InvalidArgument("the mapped score of sample " + std::to_string(order[j]) + " is NaN");
    }
    if (j == 0 || ordered_key(before[order[j]]) != ordered_key(before[order[j - 1]])) {
      ++change.n_distinct_before;
      const double previous = j == 0 ? 0 : after[order[j - 1]];
      if (j == 0 || mapped != previous) {
        ++change.n_distinct_after;
        end_run();
        if (j > 0 && mapped > previous) ++change.n_reversed;
      }
      ++run_scores;
    }
    ++run_rows;
  }
  end_run();
  return change;
}

template <class Score>
std::vector<OrderChange> order_changes(MatrixView<const Score> before,
                                       MatrixView<const double> after, const Cpu& policy) {
  if (before.n_classes() != after.n_classes()) {
    throw InvalidArgument("order changes: " + std::to_string(after.n_classes()) +
                          " classes after the map of " + std::to_string(before.n_classes()));
  }
  std::vector<OrderChange> changes(before.n_classes());
  parallel_for(
      changes.size(), for_size(policy, before.n_samples() * before.n_classes()),
      [&](std::size_t k) { changes[k] = order_change(before.column(k), after.column(k)); });
  return changes;
}

}  // namespace detail

/// How the order of each class changed from n_samples x n_classes scores to those that a map made
/// of them. Equal scores are taken to have equal images.
/// @throws InvalidArgument if shapes differ or a score is NaN. Equal for every number of threads.
/// Cost: of `rank_order`.
inline std::vector<OrderChange> order_changes(MatrixView<const double> before,
                                              MatrixView<const double> after,
                                              const Cpu& policy = {}) {
  return detail::order_changes(before, after, policy);
}
/// @copydoc order_changes(MatrixView<const double>, MatrixView<const double>, const Cpu&)
inline std::vector<OrderChange> order_changes(MatrixView<const float> before,
                                              MatrixView<const double> after,
                                              const Cpu& policy = {}) {
  return detail::order_changes(before, after, policy);
}

}  // namespace cxrlt
