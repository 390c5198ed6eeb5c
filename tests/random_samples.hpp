// SPDX-License-Identifier: Apache-2.0
/// Small random samples with many ties, and the slow definitions that fast code is held against.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "cxrlt/core/random.hpp"
#include "cxrlt/core/types.hpp"

/// One class: scores, labels, and a whole-numbered weight per row.
struct Sample {
  std::vector<double> scores;
  std::vector<cxrlt::Label> labels;
  std::vector<double> weights;

  std::size_t size() const { return scores.size(); }

  void add(double score, int label, double weight = 1) {
    scores.push_back(score);
    labels.push_back(static_cast<cxrlt::Label>(label));
    weights.push_back(weight);
  }

  /// Each row as often as its weight says, with weight 1.
  Sample repeated() const {
    Sample result;
    for (std::size_t i = 0; i < size(); ++i) {
      for (double k = 0; k < weights[i]; k += 1) result.add(scores[i], labels[i]);
    }
    return result;
  }

  /// Only the rows that `keep(i)` wants.
  template <class Keep>
  Sample where(const Keep& keep) const {
    Sample result;
    for (std::size_t i = 0; i < size(); ++i) {
      if (keep(i)) result.add(scores[i], labels[i], weights[i]);
    }
    return result;
  }

  double weight_of(int label) const {
    double sum = 0;
    for (std::size_t i = 0; i < size(); ++i) sum += labels[i] == label ? weights[i] : 0;
    return sum;
  }

  /// Weight of the rows with that label and a score >= threshold.
  double at_least(double threshold, int label) const {
    double sum = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      if (labels[i] == label && scores[i] >= threshold) sum += weights[i];
    }
    return sum;
  }

  /// All distinct scores of labelled rows with weight, descending.
  std::vector<double> distinct_scores() const {
    std::set<double, std::greater<>> distinct;
    for (std::size_t i = 0; i < size(); ++i) {
      if (labels[i] != cxrlt::kMissing && weights[i] > 0) distinct.insert(scores[i]);
    }
    return {distinct.begin(), distinct.end()};
  }
};

/// 1 to `most` rows; scores from few values in [0, 1], labels sometimes missing, weights 0 to 3.
inline Sample random_sample(cxrlt::Random& random, std::uint32_t most = 12,
                            bool with_missing = true) {
  Sample sample;
  const std::uint32_t n = 1 + random.below(most);
  const std::uint32_t n_values = 1 + random.below(6);
  for (std::uint32_t i = 0; i < n; ++i) {
    const double score = static_cast<double>(random.below(n_values)) / n_values;
    const bool missing = with_missing && random.below(8) == 0;
    sample.add(score, missing ? -1 : static_cast<int>(random.below(2)),
               static_cast<double>(random.below(4)));
  }
  return sample;
}

/// AUROC from its definition: all pairs of a positive and a negative, a tie counting one half.
inline double auroc_of_pairs(const Sample& s) {
  double wins = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    for (std::size_t j = 0; j < s.size(); ++j) {
      if (s.labels[i] != 1 || s.labels[j] != 0) continue;
      const double credit = s.scores[i] > s.scores[j] ? 1 : s.scores[i] == s.scores[j] ? 0.5 : 0;
      wins += credit * s.weights[i] * s.weights[j];
    }
  }
  return wins / (s.weight_of(1) * s.weight_of(0));
}

/// AP from its definition, with precision and recall counted anew at every distinct score.
inline double average_precision_of_thresholds(const Sample& s) {
  double sum = 0;
  double recall_before = 0;
  for (const double threshold : s.distinct_scores()) {
    const double tp = s.at_least(threshold, 1);
    const double recall = tp / s.weight_of(1);
    sum += (recall - recall_before) * tp / (tp + s.at_least(threshold, 0));
    recall_before = recall;
  }
  return sum;
}
