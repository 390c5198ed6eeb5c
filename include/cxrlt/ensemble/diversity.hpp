// SPDX-License-Identifier: Apache-2.0
/// How much the models of an ensemble differ: what there is to gain, and copies among them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/ensemble/average_ranks.hpp"

namespace cxrlt {

/// Two models whose ranks of 20 rows or more correlate by at least this in every class are called
/// near-identical. Networks trained twice from other seeds stay well below.
inline constexpr double kNearIdentical = 0.999;

/// Two models compared, without labels.
struct PairDiversity {
  std::size_t first = 0;
  std::size_t second = 0;
  /// Spearman's rank correlation, in [-1, 1], averaged over the classes in which both models have
  /// different scores; undefined (`not_estimable`) where there is none.
  MetricValue correlation;
  MetricValue lowest_correlation;  ///< of a class
  /// Of the cells that a model or the other calls positive, the share that only one does, in
  /// [0, 1]; undefined (`no_predictions`) where nobody calls any so.
  MetricValue disagreement;
  double largest_difference = 0;  ///< of the scores of a cell
  /// A copy, or as good as one. Not where one model alone is constant in a class.
  bool near_identical = false;
};

namespace detail {

/// Spearman's correlation of two models' doubled ranks; NaN where one of them is constant.
inline double rank_correlation(std::span<const std::uint64_t> first,
                               std::span<const std::uint64_t> second) {
  const double centre = static_cast<double>(first.size()) + 1;
  double products = 0;
  double squares_first = 0;
  double squares_second = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double a = static_cast<double>(first[i]) - centre;
    const double b = static_cast<double>(second[i]) - centre;
    products += a * b;
    squares_first += a * a;
    squares_second += b * b;
  }
  return products / std::sqrt(squares_first * squares_second);
}

/// The doubled ranks of all classes of one model.
using ModelRanks = std::vector<std::vector<std::uint64_t>>;

template <class Score>
ModelRanks ranks_of(MatrixView<const Score> scores) {
  ModelRanks ranks;
  for (std::size_t k = 0; k < scores.n_classes(); ++k) {
    ranks.push_back(doubled_ranks(scores.column(k)));
  }
  return ranks;
}

/// Whether all scores of a class are equal.
inline bool all_tie(std::span<const std::uint64_t> ranks) {
  return std::all_of(ranks.begin(), ranks.end(),
                     [&](std::uint64_t rank) { return rank == ranks.front(); });
}

/// Whether two models rank alike in every class.
inline bool rank_alike(const ModelRanks& first, const ModelRanks& second,
                       const PairDiversity& pair) {
  constexpr std::size_t least_rows = 20;
  for (std::size_t k = 0; k < first.size(); ++k) {
    if (first[k].size() < least_rows || all_tie(first[k]) != all_tie(second[k])) {
      return false;
    }
  }
  return pair.lowest_correlation.defined() && pair.lowest_correlation.value >= kNearIdentical;
}

inline void compare_ranks(const ModelRanks& first, const ModelRanks& second, PairDiversity& pair) {
  double sum = 0;
  double lowest = 1;
  std::size_t n_defined = 0;
  for (std::size_t k = 0; k < first.size(); ++k) {
    const double correlation = rank_correlation(first[k], second[k]);
    if (is_nan(correlation)) continue;
    sum += correlation;
    lowest = std::min(lowest, correlation);
    ++n_defined;
  }
  if (n_defined == 0) {
    pair.correlation = MetricValue::undefined(Undefined::not_estimable);
    pair.lowest_correlation = pair.correlation;
    return;
  }
  pair.correlation = {sum / static_cast<double>(n_defined)};
  pair.lowest_correlation = {lowest};
}

template <class Score>
void compare_cells(MatrixView<const Score> first, MatrixView<const Score> second,
                   std::span<const double> thresholds, PairDiversity& pair) {
  std::size_t n_either = 0;
  std::size_t n_both = 0;
  for (std::size_t k = 0; k < first.n_classes(); ++k) {
    const double threshold = thresholds.size() == 1 ? thresholds.front() : thresholds[k];
    for (std::size_t i = 0; i < first.n_samples(); ++i) {
      const double a = static_cast<double>(first(i, k));
      const double b = static_cast<double>(second(i, k));
      // Infinite scores of both differ by nothing.
      if (a != b) pair.largest_difference = std::max(pair.largest_difference, std::abs(a - b));
      n_either += a >= threshold || b >= threshold ? 1 : 0;
      n_both += a >= threshold && b >= threshold ? 1 : 0;
    }
  }
  pair.disagreement =
      n_either == 0
          ? MetricValue::undefined(Undefined::no_predictions)
          : MetricValue{static_cast<double>(n_either - n_both) / static_cast<double>(n_either)};
}

template <class Score>
std::vector<PairDiversity> model_diversity(std::span<const MatrixView<const Score>> models,
                                           std::span<const double> thresholds, const Cpu& policy) {
  for (const MatrixView<const Score>& model : models) {
    if (model.n_samples() != models.front().n_samples() ||
        model.n_classes() != models.front().n_classes()) {
      throw InvalidArgument("diversity: models of different shapes");
    }
    if (thresholds.size() != 1 && thresholds.size() != model.n_classes()) {
      throw InvalidArgument("diversity: expected one threshold, or one a class");
    }
  }
  std::vector<ModelRanks> ranks(models.size());
  parallel_for(models.size(), policy, [&](std::size_t m) { ranks[m] = ranks_of(models[m]); });
  std::vector<PairDiversity> pairs;
  for (std::size_t a = 0; a < models.size(); ++a) {
    for (std::size_t b = a + 1; b < models.size(); ++b) {
      pairs.emplace_back();
      pairs.back().first = a;
      pairs.back().second = b;
    }
  }
  parallel_for(pairs.size(), policy, [&](std::size_t j) {
    PairDiversity& pair = pairs[j];
    compare_ranks(ranks[pair.first], ranks[pair.second], pair);
    compare_cells(models[pair.first], models[pair.second], thresholds, pair);
    pair.near_identical =
        pair.largest_difference == 0 || rank_alike(ranks[pair.first], ranks[pair.second], pair);
  });
  return pairs;
}

}  // namespace detail

/// All pairs of models: (0, 1), (0, 2), ..., (1, 2), ...
/// @param models      each n_samples x n_classes; no NaN
/// @param thresholds  for decisions, on the scale of the scores: one for all classes or one a class
/// @throws InvalidArgument for different shapes, another number of thresholds, or a NaN.
/// Cost: a sort of each model and class, then O(cells) a pair.
inline std::vector<PairDiversity> model_diversity(std::span<const MatrixView<const double>> models,
                                                  std::span<const double> thresholds,
                                                  const Cpu& policy = {}) {
  return detail::model_diversity(models, thresholds, policy);
}
/// @copydoc model_diversity(std::span<const MatrixView<const double>>, std::span<const double>,
/// const Cpu&)
inline std::vector<PairDiversity> model_diversity(std::span<const MatrixView<const float>> models,
                                                  std::span<const double> thresholds,
                                                  const Cpu& policy = {}) {
  return detail::model_diversity(models, thresholds, policy);
}

}  // namespace cxrlt
