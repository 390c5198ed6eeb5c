// SPDX-License-Identifier: Apache-2.0
/// What DeLong's variance is made of: how many rows of the other kind each row is on the right side
/// of, added up per cluster.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/rank_order.hpp"

namespace cxrlt::detail {

/// The labelled rows of one class, which all models share.
struct ClusteredRows {
  struct Row {
    std::size_t index;
    std::size_t cluster;
    bool positive;
  };

  std::vector<Row> rows;
  std::vector<std::uint64_t> positives;  ///< per cluster
  std::vector<std::uint64_t> negatives;
  std::uint64_t n_positive = 0;
  std::uint64_t n_negative = 0;
  std::uint64_t n_clusters = 0;           ///< with a labelled row
  std::uint64_t n_positive_clusters = 0;  ///< with a positive
  std::uint64_t n_negative_clusters = 0;  ///< with a negative

  ClusteredRows(LabelColumnView labels, std::span<const std::size_t> clusters) {
    if (!clusters.empty()) check_same_size(clusters.size(), labels.size(), "clusters");
    const auto [cluster_of, n_all] = dense_groups(clusters, labels.size());
    positives.resize(n_all);
    negatives.resize(n_all);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const Label label = checked_label(labels[i], i);
      if (label == kMissing) continue;
      rows.push_back({i, cluster_of[i], label == 1});
      ++(label == 1 ? positives : negatives)[cluster_of[i]];
    }
    for (std::size_t k = 0; k < n_all; ++k) {
      n_positive += positives[k];
      n_negative += negatives[k];
      n_clusters += positives[k] + negatives[k] > 0 ? 1 : 0;
      n_positive_clusters += positives[k] > 0 ? 1 : 0;
      n_negative_clusters += negatives[k] > 0 ? 1 : 0;
    }
  }

  /// Why there is no AUROC; `none` if there is one.
  Undefined why() const {
    if (rows.empty()) return Undefined::no_samples;
    if (n_positive == 0) return Undefined::no_positives;
    return n_negative == 0 ? Undefined::no_negatives : Undefined::none;
  }

  /// Whether both parts of a variance over clusters can be estimated.
  bool can_vary() const { return n_positive_clusters > 1 && n_negative_clusters > 1; }
};

/// Twice the Mann-Whitney wins of a model, a tie counting one, added up per cluster. Whole numbers.
struct Placements {
  std::vector<std::int64_t> of_positives;  ///< wins of the cluster's positives
  std::vector<std::int64_t> of_negatives;  ///< wins over the cluster's negatives
  std::int64_t total = 0;                  ///< of all pairs: AUROC = total / (2 m n)

  bool operator==(const Placements&) const = default;

  /// Those of a difference of two models.
  Placements& operator-=(const Placements& other) {
    for (std::size_t k = 0; k < of_positives.size(); ++k) {
      of_positives[k] -= other.of_positives[k];
      of_negatives[k] -= other.of_negatives[k];
    }
    total -= other.total;
    return *this;
  }
};

/// Walks the rows once in the order of their scores (after Sun and Xu 2014).
template <class Score>
Placements placements(ColumnView<const Score> scores, const ClusteredRows& of) {
  std::vector<Score> labelled;
  labelled.reserve(of.rows.size());
  for (const ClusteredRows::Row& row : of.rows) {
    if (is_nan(scores[row.index])) throw_nan_score(row.index);
    labelled.push_back(scores[row.index]);
  }
  const std::vector<std::size_t> order = rank_order(ColumnView<const Score>(labelled));
  Placements result{std::vector<std::int64_t>(of.positives.size()),
                    std::vector<std::int64_t>(of.negatives.size())};
  std::uint64_t positives_above = 0;
  std::uint64_t negatives_above = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    std::uint64_t positives_tied = 0;
    for (; end < order.size() && labelled[order[end]] == labelled[order[begin]]; ++end) {
      positives_tied += of.rows[order[end]].positive ? 1 : 0;
    }
    const std::uint64_t negatives_tied = end - begin - positives_tied;
    const std::uint64_t negatives_below = of.n_negative - negatives_above - negatives_tied;
    const auto of_positive = static_cast<std::int64_t>(2 * negatives_below + negatives_tied);
    const auto of_negative = static_cast<std::int64_t>(2 * positives_above + positives_tied);
    for (; begin < end; ++begin) {
      const ClusteredRows::Row& row = of.rows[order[begin]];
      if (row.positive) {
        result.of_positives[row.cluster] += of_positive;
        result.total += of_positive;
      } else {
        result.of_negatives[row.cluster] += of_negative;
      }
    }
    positives_above += positives_tied;
    negatives_above += negatives_tied;
  }
  return result;
}

/// The covariance of two AUROCs by clusters (Obuchowski 1997), which is that of DeLong, DeLong and
/// Clarke-Pearson (1988) where every row is a cluster of its own. Of one model and itself: the
/// variance. Needs `rows.can_vary()`.
inline double placement_covariance(const Placements& a, const Placements& b,
                                   const ClusteredRows& rows) {
  const double m = static_cast<double>(rows.n_positive);
  const double n = static_cast<double>(rows.n_negative);
  // Deviations of a cluster's sums from what its rows would have at the AUROC, times 2 m n. Whole
  // numbers, so that equal placements deviate by exactly 0.
  const auto deviation = [](std::int64_t sum, double n_kind, std::uint64_t n_own,
                            std::int64_t total) {
    return static_cast<double>(sum) * n_kind -
           static_cast<double>(n_own) * static_cast<double>(total);
  };
  double among_positives = 0;
  double among_negatives = 0;
  double between = 0;
  for (std::size_t k = 0; k < rows.positives.size(); ++k) {
    const double a_positive = deviation(a.of_positives[k], m, rows.positives[k], a.total);
    const double b_positive = deviation(b.of_positives[k], m, rows.positives[k], b.total);
    const double a_negative = deviation(a.of_negatives[k], n, rows.negatives[k], a.total);
    const double b_negative = deviation(b.of_negatives[k], n, rows.negatives[k], b.total);
    among_positives += a_positive * b_positive;
    among_negatives += a_negative * b_negative;
    between += a_positive * b_negative + a_negative * b_positive;
  }
  const auto correction = [](std::uint64_t n_clusters) {
    return static_cast<double>(n_clusters) / static_cast<double>(n_clusters - 1);
  };
  const double scale = 2 * m * n;
  return (correction(rows.n_positive_clusters) * among_positives / (m * m) +
          correction(rows.n_negative_clusters) * among_negatives / (n * n) +
          correction(rows.n_clusters) * between / (m * n)) /
         (scale * scale);
}

}  // namespace cxrlt::detail
