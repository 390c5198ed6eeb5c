// SPDX-License-Identifier: Apache-2.0
/// The metric of a weighted combination of models.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/ensemble/combine_rule.hpp"
#include "cxrlt/ensemble/detail/combine_terms.hpp"
#include "cxrlt/evaluate.hpp"
#include "cxrlt/evaluate/options.hpp"
#include "cxrlt/evaluate/requested_value.hpp"
#include "cxrlt/metrics/metric_name.hpp"

namespace cxrlt::detail {

/// Weights for all classes, one vector a model.
inline std::vector<std::vector<double>> of_all_classes(std::span<const double> weights) {
  std::vector<std::vector<double>> of_models;
  for (const double weight : weights) of_models.push_back({weight});
  return of_models;
}

/// Models in the form that is averaged, so that a search converts them once.
class EnsembleObjective {
 public:
  template <class Score>
  EnsembleObjective(std::span<const MatrixView<const Score>> models, const MetricName& name,
                    EvaluationOptions options, const CombineRule& rule, const Cpu& policy)
      : name_(name), options_(std::move(options)), rule_(rule) {
    for (const MatrixView<const Score>& model : models) {
      if (model.n_samples() != models.front().n_samples() ||
          model.n_classes() != models.front().n_classes()) {
        throw InvalidArgument("search_ensemble: models of different shapes");
      }
      ClassMatrix<double> terms(model.n_samples(), model.n_classes());
      parallel_for(
          model.n_classes(), for_size(policy, model.n_samples() * model.n_classes()),
          [&](std::size_t k) { class_terms(model.column(k), k, rule, options_.scores, terms[k]); });
      models_.push_back(std::move(terms));
    }
    options_.scores = ScoreKind::probabilities;
    options_.metrics = {name};
    class_name_ = name;
    class_name_.scope = Scope::macro;
    class_name_.member.clear();
  }

  std::size_t n_models() const { return models_.size(); }
  std::size_t n_samples() const { return models_.front().n_samples(); }
  std::size_t n_classes() const { return models_.front().n_classes(); }
  Direction direction() const { return name_.key.metric->direction; }

  /// Of all classes.
  /// @param weights  one vector a model: one weight, or one a class
  MetricValue value(std::span<const std::vector<double>> weights, LabelMatrixView labels,
                    const Cpu& policy) const {
    ClassMatrix<double> combined(n_samples(), n_classes());
    parallel_for(n_classes(), for_size(policy, n_samples() * n_classes()), [&](std::size_t k) {
      combine_class(
          k, [&](std::size_t m) { return weights[m][weights[m].size() == 1 ? 0 : k]; },
          combined[k]);
    });
    return requested_value(evaluate(combined.view(), labels, options_, policy), name_).value;
  }

  /// Of one class.
  MetricValue class_value(std::size_t k, std::span<const double> weights,
                          LabelMatrixView labels) const {
    ClassMatrix<double> combined(n_samples(), 1);
    combine_class(
        k, [&](std::size_t m) { return weights[m]; }, combined[0]);
    EvaluationOptions options;
    options.n_bins = options_.n_bins;
    options.row_weights = options_.row_weights;
    options.metrics = {class_name_};
    if (!options_.thresholds.empty()) {
      options.thresholds = {options_.thresholds[options_.thresholds.size() == 1 ? 0 : k]};
    }
    const Evaluation evaluation =
        evaluate(combined.view(), labels.column(k).as_matrix(), options, Cpu{1});
    return requested_value(evaluation, class_name_).value;
  }

 private:
  template <class WeightOf>
  void combine_class(std::size_t k, const WeightOf& weight_of, std::span<double> sums) const {
    double total = 0;
    for (std::size_t m = 0; m < models_.size(); ++m) {
      const double weight = weight_of(m);
      if (weight == 0) continue;
      total += weight;
      const std::span<const double> terms = models_[m][k];
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += weight * terms[i];
    }
    scores_of_sums(rule_, total, sums);
  }

  MetricName name_;
  MetricName class_name_;
  EvaluationOptions options_;
  CombineRule rule_;
  std::vector<ClassMatrix<double>> models_;
};

}  // namespace cxrlt::detail
