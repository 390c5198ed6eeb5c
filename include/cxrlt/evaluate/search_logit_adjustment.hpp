// SPDX-License-Identifier: Apache-2.0
/// The tau of a logit adjustment that is best by a named metric on labelled rows.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/adjustment/invariance.hpp"
#include "cxrlt/adjustment/logit_adjustment.hpp"
#include "cxrlt/adjustment/logit_shift.hpp"
#include "cxrlt/adjustment/search_tau.hpp"
#include "cxrlt/adjustment/training_counts.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/evaluate.hpp"
#include "cxrlt/evaluate/options.hpp"
#include "cxrlt/evaluate/requested_value.hpp"
#include "cxrlt/metrics/metric_name.hpp"

namespace cxrlt {

/// Refuses a metric that no tau can change, or that has no best value.
/// @throws InvalidArgument with the reason, and what could be searched instead.
inline void check_can_search_tau(const MetricName& name) {
  const Metric& metric = *name.key.metric;
  if (is_unchanged_by_increasing_maps(metric, name.scope)) {
    const std::string compared = has_scope(metric, Scope::micro)
                                     ? "'micro:" + name.key.name + "', which compares classes, or "
                                     : "";
    throw InvalidArgument(
        "'" + name.text + "' cannot be changed by a logit adjustment: it depends on nothing but " +
        "the order of scores within each class, which a shift of the class's logits keeps; "
        "search " +
        compared + "a metric of decisions, of whole rows or of probabilities, such as 'f1', " +
        "'lrap' or 'pooled:log_loss'");
  }
  if (metric.direction == Direction::reference) {
    throw InvalidArgument("'" + name.text + "' is for reference and has no best value to search");
  }
}

namespace detail {

template <class Score>
TauSearch search_logit_adjustment(MatrixView<const Score> scores, LabelMatrixView labels,
                                  const TrainingCounts& counts, const MetricName& name,
                                  EvaluationOptions options, const TauSearchOptions& grid,
                                  const Cpu& policy) {
  check_can_search_tau(name);
  check_same_shape(scores, labels);
  check_training_counts(counts, scores.n_classes());
  const ScoreKind kind = options.scores;
  options.scores = ScoreKind::probabilities;
  options.metrics = {name};
  const auto objective = [&](double tau) {
    const ClassMatrix<double> adjusted =
        shift_logits(scores, logit_adjustment(counts, tau), kind, policy);
    return requested_value(evaluate(adjusted.view(), labels, options, policy), name).value;
  };
  return search_tau(objective, name.key.metric->direction, grid);
}

}  // namespace detail

/// `search_tau` for a metric by name, of `shift_logits(scores, logit_adjustment(counts, tau))`.
/// @param scores   n_samples x n_classes, what `options.scores` says
/// @param labels   of the same shape, in {0, 1, missing}; not the rows that the result will be
///                 judged by
/// @param name     e.g. `micro:average_precision`, `f1`, `lrap`, `pooled:ece`
/// @param options  thresholds, bins, groups, class names, weights; its metrics are not used
/// @throws InvalidArgument as `check_can_search_tau`, `search_tau`, `shift_logits`, `evaluate` and
/// `requested_value`. Cost: of an evaluation of that metric, for each point of the grid. Equal for
/// every number of threads.
inline TauSearch search_logit_adjustment(MatrixView<const double> scores, LabelMatrixView labels,
                                         const TrainingCounts& counts, const MetricName& name,
                                         const EvaluationOptions& options = {},
                                         const TauSearchOptions& grid = {},
                                         const Cpu& policy = {}) {
  return detail::search_logit_adjustment(scores, labels, counts, name, options, grid, policy);
}
/// @copydoc search_logit_adjustment(MatrixView<const double>, LabelMatrixView, const
/// TrainingCounts&, const MetricName&, const EvaluationOptions&, const TauSearchOptions&, const
/// Cpu&)
inline TauSearch search_logit_adjustment(MatrixView<const float> scores, LabelMatrixView labels,
                                         const TrainingCounts& counts, const MetricName& name,
                                         const EvaluationOptions& options = {},
                                         const TauSearchOptions& grid = {},
                                         const Cpu& policy = {}) {
  return detail::search_logit_adjustment(scores, labels, counts, name, options, grid, policy);
}

}  // namespace cxrlt
