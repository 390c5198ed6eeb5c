// SPDX-License-Identifier: Apache-2.0
#include "cli/ensemble_truth.hpp"

#include <algorithm>
#include <cxrlt/challenge/group_rule.hpp>
#include <cxrlt/core/error.hpp>
#include <cxrlt/evaluate.hpp>
#include <cxrlt/evaluate/requested_value.hpp>
#include <cxrlt/io/cluster_column.hpp>
#include <cxrlt/io/id_column.hpp>
#include <cxrlt/io/shared_truth.hpp>
#include <cxrlt/io/threshold_json.hpp>
#include <string>
#include <utility>

#include "cli/progress.hpp"

namespace cxrlt::cli {

namespace {

SharedTruth read_truth_of(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                          const PredictionJoin& join) {
  std::vector<std::string> columns;
  if (!arguments.cluster.empty()) columns.push_back(arguments.cluster);
  DatasetOptions options = dataset_options(arguments.data, plan.profile, false, columns);
  options.classes = join.class_names();
  if (arguments.cluster.empty()) options.metadata.clear();  // it is that of the views alone
  return SharedTruth::read(std::move(options), {}, Cpu{arguments.data.threads});
}

/// The row of the truth for each row of the output, `kNoRow` where there is none. Every row of the
/// truth must be found, unless it was said which rows are wanted.
std::vector<std::size_t> truth_rows(const SharedTruth& truth, const PredictionJoin& join,
                                    std::span<const std::size_t> order, bool has_wanted_ids) {
  std::vector<std::size_t> row_of(order.size(), kNoRow);
  if (join.is_array() != (truth.joined() == "position")) {
    throw InvalidArgument("the truth and the predictions must both be arrays (.npy), or neither");
  }
  if (join.is_array()) {
    if (truth.n_samples() != join.n_samples()) {
      throw InvalidArgument("the truth has " + std::to_string(truth.n_samples()) +
                            " rows, the predictions " + std::to_string(join.n_samples()));
    }
    return {order.begin(), order.end()};
  }
  const std::vector<std::size_t> found = find_rows(join.ids(), truth.ids());
  for (std::size_t i = 0; i < order.size(); ++i) row_of[i] = found[order[i]];
  const std::vector<std::size_t> predicted = find_rows(truth.ids(), join.ids());
  const auto missing = std::find(predicted.begin(), predicted.end(), kNoRow);
  const auto n_missing = static_cast<std::size_t>(std::count(missing, predicted.end(), kNoRow));
  // Of wanted ids the truth may have more.
  if (n_missing == 0 || (has_wanted_ids && n_missing < truth.n_samples())) return row_of;
  const auto row = static_cast<std::size_t>(missing - predicted.begin());
  Problem problem;
  problem.code = "missing_id";
  problem.file = truth.inputs().front().file;
  problem.line = truth.line(row);
  problem.id = truth.ids()[row];
  problem.count = n_missing;
  problem.message = "no row for this id in " + join.first_file();
  if (n_missing > 1) {
    problem.message += "; " + std::to_string(n_missing) + " rows of the truth have none";
  }
  throw DataError(std::move(problem));
}

/// Groups of the classes by training counts, for metrics such as `group/tail:map`.
std::vector<ClassGroup> groups_of(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                                  const std::vector<std::string>& classes) {
  const KnownCounts known = known_counts(arguments.train_counts, plan.profile, classes);
  if (known.counts.empty() || known.train_size == 0) return {};
  return groups_by_rule(default_group_rule(), known.counts, known.train_size);
}

}  // namespace

EnsembleTruth::EnsembleTruth(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                             const PredictionJoin& join, std::span<const std::size_t> order)
    : arguments_(arguments), plan_(plan), metric_(plan.metric) {
  const SharedTruth truth = read_truth_of(arguments, plan, join);
  const std::vector<std::size_t> row_of =
      truth_rows(truth, join, order, plan.wanted_ids.has_value());
  std::vector<std::size_t> in_truth;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (row_of[i] == kNoRow) continue;
    places_.push_back(i);
    rows_.push_back(order[i]);
    in_truth.push_back(row_of[i]);
  }
  labels_ = ClassMatrix<Label>(in_truth.size(), join.class_names().size());
  for (std::size_t k = 0; k < labels_.n_classes(); ++k) {
    for (std::size_t i = 0; i < in_truth.size(); ++i) {
      labels_[k][i] = truth.labels()(in_truth[i], k);
    }
  }
  if (!arguments.cluster.empty()) {
    MetadataColumn column{arguments.cluster, {}};
    IdColumn ids;
    for (const std::size_t row : in_truth) {
      column.values.push_back(truth.metadata().front().values[row]);
      ids.push_back(truth.ids()[row]);
    }
    clusters_ = cluster_numbers(column, ids);
  }
  options_.class_names = join.class_names();
  options_.metrics = {metric_};
  options_.level = plan.level;
  options_.undefined = plan.undefined;
  options_.groups = groups_of(arguments, plan, join.class_names());
  options_.n_bins = arguments.n_bins.value_or(default_bins);
  if (arguments.threshold) options_.thresholds = {*arguments.threshold};
  if (!arguments.thresholds.empty()) {
    options_.thresholds = read_thresholds(arguments.thresholds, join.class_names());
  }
  inputs_ = truth.inputs();
  notes_ = truth.notes();
}

EvaluationOptions EnsembleTruth::options_for(ScoreKind kind) const {
  EvaluationOptions options = options_;
  options.scores = kind;
  return options;
}

ClassMatrix<double> EnsembleTruth::rows_of(const Predictions& model) const {
  return model.visit_scores(
      [&](const auto& scores) { return detail::rows_in_order(scores, rows_); });
}

RequestedValue EnsembleTruth::value_of_rows(const ClassMatrix<double>& rows, ScoreKind kind) const {
  const Evaluation evaluation = evaluate(rows.view(), LabelMatrixView(labels_.view()),
                                         options_for(kind), Cpu{arguments_.data.threads});
  return requested_value(evaluation, metric_);
}

MetricValue EnsembleTruth::value_of_model(const ClassMatrix<double>& rows) const {
  return value_of_rows(rows, score_kind(arguments_.data)).value;
}

RequestedValue EnsembleTruth::value_of(MatrixView<const double> combined) const {
  return value_of_rows(detail::rows_in_order(combined, places_), ScoreKind::probabilities);
}

EvaluationReplicates EnsembleTruth::replicates_of(MatrixView<const double> combined) const {
  ResamplingOptions resampling;
  resampling.n_replicates = plan_.n_replicates;
  resampling.seed = plan_.seed;
  resampling.clusters = clusters_;
  const Resampler resampler(places_.size(), resampling);
  const ClassMatrix<double> rows = detail::rows_in_order(combined, places_);
  Progress progress("resampling", resampler.n_batches(), arguments_.output.quiet);
  return evaluate_replicates(
      rows.view(), LabelMatrixView(labels_.view()), options_for(ScoreKind::probabilities),
      resampler, Cpu{arguments_.data.threads}, [&progress](std::size_t) { progress.step(); });
}

ComparedValue EnsembleTruth::change(MatrixView<const double> before,
                                    MatrixView<const double> after) {
  const EvaluationReplicates of_before = last_ ? *std::move(last_) : replicates_of(before);
  last_ = replicates_of(after);
  for (ComparedValue& value : compare(*last_, of_before, plan_.level)) {
    if (value.scope == metric_.scope && value.metric == metric_.key.name &&
        value.member == metric_.member) {
      return std::move(value);
    }
  }
  throw Error("'" + metric_.text + "' was not computed");
}

EnsembleSearch EnsembleTruth::search(std::span<const ClassMatrix<double>> models,
                                     EnsembleSearchOptions options) const {
  options.clusters = clusters_;
  std::vector<MatrixView<const double>> views;
  for (const ClassMatrix<double>& model : models) views.push_back(model.view());
  const ScoreKind kind = score_kind(arguments_.data);
  const auto n_parts = static_cast<std::size_t>(options.folds.n_folds) + 1;
  Progress progress("searching", n_parts, arguments_.output.quiet);
  return search_ensemble(views, labels_.view(), metric_, options_for(kind), options,
                         Cpu{arguments_.data.threads},
                         [&](std::size_t, std::size_t) { progress.step(); });
}

}  // namespace cxrlt::cli
