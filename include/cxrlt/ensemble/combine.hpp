// SPDX-License-Identifier: Apache-2.0
/// Scores of several models as one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/ensemble/combine_rule.hpp"
#include "cxrlt/ensemble/detail/combine_terms.hpp"
#include "cxrlt/ensemble/detail/weight_range.hpp"

namespace cxrlt {

/// Scores of several models as one.
struct CombinedScores {
  ClassMatrix<double> scores;  ///< n_samples x n_classes in [0, 1]
  /// Scores that were clipped: probabilities within 1e-6 beyond [0, 1]; by the mean of log-odds
  /// also those nearer to 0 or 1 than 2^-53, and logits beyond +-745.
  std::size_t n_clipped = 0;
};

/// Combines models that come one after the other, so that memory does not grow with their number:
/// 8 bytes a cell. The median alone keeps every model: 8 bytes a cell and model.
///
/// What the methods compute stands at `CombineMethod`. All but `rank` work on probabilities: logits
/// become sigmoid(z) in double, or are averaged as they are by `logit`. Ranks need no common scale:
/// the n rows of a model have 1/n (the lowest) to 1; doubled ranks are summed and divided once, so
/// that rounding breaks no tie where weights are whole numbers. Sums run in the order in which
/// models are added. Test-time augmentations are merged in the same way.
class Combiner {
 public:
  /// @throws InvalidArgument for a power mean without a usable exponent.
  Combiner(std::size_t n_samples, std::size_t n_classes, const CombineRule& rule = {},
           ScoreKind kind = ScoreKind::probabilities)
      : rule_(rule), kind_(kind), sums_(n_samples, n_classes), weights_(n_classes, 0.0) {
    check_combine_rule(rule);
  }

  /// Adds a model. After an exception the combiner is of no further use.
  /// @param scores   n_samples x n_classes, of the same rows and classes as all others
  /// @param weights  one for all classes, or one a class; none: 1. From 1e-100 to 1e100, or 0,
  ///                 which leaves the model out of the class: its scores are then not looked at.
  ///                 Not for `median` and `max`.
  /// @throws InvalidArgument for another shape, a NaN, a probability more than 1e-6 beyond [0, 1]
  /// (but for ranks), or a weight that is none.
  /// Equal for every number of threads. O(cells), for ranks as a sort of each class.
  void add(MatrixView<const float> scores, std::span<const double> weights = {},
           const Cpu& policy = {}) {
    add_matrix(scores, weights, policy);
  }
  /// @copydoc add
  void add(MatrixView<const double> scores, std::span<const double> weights = {},
           const Cpu& policy = {}) {
    add_matrix(scores, weights, policy);
  }

  std::size_t n_models() const { return n_models_; }

  /// All models so far as one. Nothing can be added any more.
  /// @throws InvalidArgument if a class has no model with a weight above 0.
  CombinedScores finish(const Cpu& policy = {}) && {
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      if (weights_[k] > 0) continue;
      throw InvalidArgument("combine: no model has a weight above 0 for class " +
                            std::to_string(k));
    }
    parallel_for(weights_.size(), policy_for(policy), [&](std::size_t k) { finish_class(k); });
    return {std::move(sums_), n_clipped_};
  }

 private:
  Cpu policy_for(const Cpu& policy) const {
    return for_size(policy, sums_.n_samples() * sums_.n_classes());
  }

  /// One weight a class.
  std::vector<double> checked_weights(std::span<const double> weights) const {
    if (!weights.empty() && !takes_weights(rule_.method)) {
      throw InvalidArgument("combine: weights have no meaning for the method '" + to_string(rule_) +
                            "'");
    }
    if (weights.size() > 1 && weights.size() != weights_.size()) {
      throw InvalidArgument("combine: " + std::to_string(weights.size()) + " weights for " +
                            std::to_string(weights_.size()) + " classes; expected 1, or one each");
    }
    for (const double weight : weights) {
      if (weight == 0 || detail::is_positive_weight(weight)) continue;
      throw InvalidArgument("combine: the weight " + number_text(weight) +
                            " is neither 0 nor a number from 1e-100 to 1e100");
    }
    if (weights.size() > 1) return {weights.begin(), weights.end()};
    return std::vector<double>(weights_.size(), weights.empty() ? 1.0 : weights.front());
  }

  void check_shape(std::size_t n_samples, std::size_t n_classes) const {
    if (n_samples == sums_.n_samples() && n_classes == sums_.n_classes()) return;
    const auto shape = [](std::size_t rows, std::size_t classes) {
      return std::to_string(rows) + " x " + std::to_string(classes);
    };
    throw InvalidArgument("combine: a model of " + shape(n_samples, n_classes) +
                          " scores; expected " + shape(sums_.n_samples(), sums_.n_classes()));
  }

  template <class Score>
  void add_matrix(MatrixView<const Score> scores, std::span<const double> weights,
                  const Cpu& policy) {
    const std::size_t n_classes = scores.n_classes();
    check_shape(scores.n_samples(), n_classes);
    const std::vector<double> of_class = checked_weights(weights);
    const bool keeps = rule_.method == CombineMethod::median;
    ClassMatrix<double> kept(keeps ? scores.n_samples() : 0, n_classes);
    std::vector<std::size_t> n_clipped(n_classes, 0);
    parallel_for(n_classes, policy_for(policy), [&](std::size_t k) {
      if (of_class[k] == 0) return;
      const ColumnView<const Score> column = scores.column(k);
      n_clipped[k] = keeps ? detail::class_terms(column, k, rule_, kind_, kept[k])
                           : detail::for_each_term_block(
                                 column, k, rule_, kind_,
                                 [&](std::size_t first, std::span<const double> terms) {
                                   add_terms(of_class[k], terms, sums_[k].data() + first);
                                 });
    });
    for (std::size_t k = 0; k < n_classes; ++k) weights_[k] += of_class[k];
    n_clipped_ += std::accumulate(n_clipped.begin(), n_clipped.end(), std::size_t{0});
    if (keeps) models_.push_back(std::move(kept));
    ++n_models_;
  }

  void add_terms(double weight, std::span<const double> terms, double* sums) const {
    if (rule_.method == CombineMethod::max) {
      for (std::size_t i = 0; i < terms.size(); ++i) sums[i] = std::max(sums[i], terms[i]);
    } else {
      for (std::size_t i = 0; i < terms.size(); ++i) sums[i] += weight * terms[i];
    }
  }

  void finish_class(std::size_t k) {
    if (rule_.method == CombineMethod::max) return;
    if (rule_.method != CombineMethod::median) {
      detail::scores_of_sums(rule_, weights_[k], sums_[k]);
      return;
    }
    std::vector<double> values(models_.size());
    for (std::size_t i = 0; i < sums_.n_samples(); ++i) {
      for (std::size_t m = 0; m < models_.size(); ++m) values[m] = models_[m][k][i];
      sums_[k][i] = detail::median_of(values);
    }
  }

  CombineRule rule_;
  ScoreKind kind_;
  ClassMatrix<double> sums_;     ///< of weighted terms; of `max` the largest
  std::vector<double> weights_;  ///< sums of each class
  std::vector<ClassMatrix<double>> models_;
  std::size_t n_clipped_ = 0;
  std::size_t n_models_ = 0;
};

namespace detail {

template <class Score>
CombinedScores combine(std::span<const MatrixView<const Score>> models,
                       std::span<const std::vector<double>> weights, const CombineRule& rule,
                       ScoreKind kind, const Cpu& policy) {
  if (models.empty()) throw InvalidArgument("combine: there is no model");
  if (!weights.empty() && weights.size() != models.size()) {
    throw InvalidArgument("combine: weights of " + std::to_string(weights.size()) +
                          " models; there are " + std::to_string(models.size()));
  }
  Combiner combiner(models.front().n_samples(), models.front().n_classes(), rule, kind);
  for (std::size_t m = 0; m < models.size(); ++m) {
    combiner.add(models[m], weights.empty() ? std::span<const double>() : weights[m], policy);
  }
  return std::move(combiner).finish(policy);
}

}  // namespace detail

/// Combines models that are all at hand; see `Combiner`.
/// @param models   at least one; all n_samples x n_classes
/// @param weights  of each model, one or one a class as `Combiner::add` takes them; none: all 1
inline CombinedScores combine(std::span<const MatrixView<const double>> models,
                              std::span<const std::vector<double>> weights = {},
                              const CombineRule& rule = {},
                              ScoreKind kind = ScoreKind::probabilities, const Cpu& policy = {}) {
  return detail::combine(models, weights, rule, kind, policy);
}
/// @copydoc combine(std::span<const MatrixView<const double>>, std::span<const
/// std::vector<double>>, const CombineRule&, ScoreKind, const Cpu&)
inline CombinedScores combine(std::span<const MatrixView<const float>> models,
                              std::span<const std::vector<double>> weights = {},
                              const CombineRule& rule = {},
                              ScoreKind kind = ScoreKind::probabilities, const Cpu& policy = {}) {
  return detail::combine(models, weights, rule, kind, policy);
}

}  // namespace cxrlt
