// SPDX-License-Identifier: Apache-2.0
/// The rows of an ensemble for which there is a truth, and what is measured on them.
#pragma once

#include <cstddef>
#include <cxrlt/core/class_matrix.hpp>
#include <cxrlt/core/matrix_view.hpp>
#include <cxrlt/core/types.hpp>
#include <cxrlt/evaluate/comparison.hpp>
#include <cxrlt/evaluate/options.hpp>
#include <cxrlt/evaluate/replicates.hpp>
#include <cxrlt/evaluate/requested_value.hpp>
#include <cxrlt/evaluate/search_ensemble.hpp>
#include <cxrlt/io/dataset.hpp>
#include <cxrlt/io/joined_predictions.hpp>
#include <cxrlt/io/load_predictions.hpp>
#include <cxrlt/metrics/metric_name.hpp>
#include <cxrlt/uncertainty/resampling.hpp>
#include <optional>
#include <span>
#include <vector>

#include "cli/ensemble.hpp"

namespace cxrlt::cli {

/// Labels beside the rows of the output that have some.
class EnsembleTruth {
 public:
  /// Reads the truth of `--truth` for the rows and classes of `join`.
  /// @param order  of the rows of the output, among those of `join`
  EnsembleTruth(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                const PredictionJoin& join, std::span<const std::size_t> order);

  const std::vector<InputInfo>& inputs() const { return inputs_; }
  const std::vector<Problem>& notes() const { return notes_; }
  std::size_t n_rows() const { return rows_.size(); }

  /// A model's scores in double, of these rows alone.
  ClassMatrix<double> rows_of(const Predictions& model) const;

  /// The metric of a model's scores, of these rows alone.
  MetricValue value_of_model(const ClassMatrix<double>& rows) const;

  /// The metric of combined scores of all rows of the output.
  RequestedValue value_of(MatrixView<const double> combined) const;

  /// What a step changes: after (first) against before (second), with the paired difference. Steps
  /// follow each other, so `before` is what was `after` the last time.
  ComparedValue change(MatrixView<const double> before, MatrixView<const double> after);

  EnsembleSearch search(std::span<const ClassMatrix<double>> models,
                        EnsembleSearchOptions options) const;

 private:
  EvaluationOptions options_for(ScoreKind kind) const;
  RequestedValue value_of_rows(const ClassMatrix<double>& rows, ScoreKind kind) const;
  EvaluationReplicates replicates_of(MatrixView<const double> combined) const;

  const EnsembleArguments& arguments_;
  const EnsemblePlan& plan_;
  const MetricName& metric_;
  std::vector<std::size_t> places_;  ///< of these rows among those of the output
  std::vector<std::size_t> rows_;    ///< of these rows among those of the join
  ClassMatrix<Label> labels_;
  std::vector<std::size_t> clusters_;
  EvaluationOptions options_;
  std::vector<InputInfo> inputs_;
  std::vector<Problem> notes_;
  std::optional<EvaluationReplicates> last_;  ///< of the scores after the last step
};

}  // namespace cxrlt::cli
