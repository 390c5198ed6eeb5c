// SPDX-License-Identifier: Apache-2.0
#include "cli/adjust.hpp"

#include <algorithm>
#include <cxrlt/adjustment/black_box_shift.hpp>
#include <cxrlt/adjustment/logit_adjustment.hpp>
#include <cxrlt/adjustment/prior_estimation.hpp>
#include <cxrlt/adjustment/prior_shift.hpp>
#include <cxrlt/calibration/calibration_model.hpp>
#include <cxrlt/challenge/group_rule.hpp>
#include <cxrlt/evaluate/search_logit_adjustment.hpp>
#include <cxrlt/io/adjustment_json.hpp>
#include <cxrlt/io/adjustment_page.hpp>
#include <cxrlt/io/check_probabilities.hpp>
#include <cxrlt/io/class_tables.hpp>
#include <cxrlt/io/input_file.hpp>
#include <cxrlt/io/threshold_json.hpp>
#include <cxrlt/io/write_predictions.hpp>
#include <filesystem>
#include <utility>
#include <vector>

namespace cxrlt::cli {

namespace {

/// What is read: the predictions, and labelled rows where the way to adjust needs some.
struct AdjustmentInput {
  Predictions predictions;
  std::optional<Dataset> labelled;
  TrainingCounts counts;
};

TrainingCounts counts_of(const AdjustArguments& arguments, const std::optional<Profile>& profile,
                         const std::vector<std::string>& classes) {
  const KnownCounts known = known_counts(arguments.train_counts, profile, classes);
  if (known.counts.empty()) {
    throw UsageError(
        "adjust rests on training counts; give --train-counts FILE --train-size N, or a --profile "
        "that has them");
  }
  if (known.train_size == 0) {
    throw UsageError(
        "the number of training samples is not known; give --train-counts FILE "
        "--train-size N");
  }
  std::string source = known.source;
  if (!arguments.train_counts.file.empty()) source += " " + base_name(arguments.train_counts.file);
  return training_counts(known.counts, known.train_size, classes, source);
}

AdjustmentInput read_input(const AdjustArguments& arguments, AdjustmentReport& report) {
  AdjustmentInput input;
  const std::optional<Profile> profile = profile_of(arguments.data);
  check_can_write(arguments.output.path);
  std::vector<std::string> classes;
  if (!arguments.data.truth.empty()) {
    DataArguments labelled = arguments.data;
    const bool of_source = !arguments.source_predictions.empty();
    if (of_source) labelled.predictions = arguments.source_predictions;
    input.labelled = read_dataset(labelled, profile, arguments.data.logits);
    if (!arguments.data.logits) {
      check_probabilities(*input.labelled, input.labelled->inputs.front().file);
    }
    classes = input.labelled->class_names;
    for (InputInfo& info : input.labelled->inputs) {
      if (of_source && info.role == "predictions") info.role = "source_predictions";
      if (info.role != "predictions") report.inputs.push_back(info);
    }
  }
  input.predictions = read_predictions(arguments.data, classes);
  if (!arguments.data.logits) check_probabilities(input.predictions, input.predictions.input.file);
  report.inputs.insert(report.inputs.begin(), input.predictions.input);
  add_new_notes(input.predictions.notes, report.notes);
  if (input.labelled) add_new_notes(input.labelled->notes, report.notes);
  input.counts = counts_of(arguments, profile, input.predictions.class_names);
  report.n_samples = input.predictions.n_samples;
  report.class_names = input.predictions.class_names;
  report.counts = input.counts;
  report.classes.resize(report.class_names.size());
  return input;
}

/// The thresholds of the options; none where there are none.
std::vector<double> thresholds_of(const AdjustArguments& arguments,
                                  const std::vector<std::string>& classes) {
  if (arguments.threshold) return std::vector<double>(classes.size(), *arguments.threshold);
  if (arguments.thresholds.empty()) return {};
  return read_thresholds(arguments.thresholds, classes);
}

NamedTauSearch search_of(const AdjustArguments& arguments, const AdjustmentInput& input,
                         const MetricName& metric, ScoreKind kind) {
  const Dataset& dataset = *input.labelled;
  EvaluationOptions options;
  options.class_names = dataset.class_names;
  options.scores = kind;
  options.thresholds = thresholds_of(arguments, dataset.class_names);
  options.n_bins = arguments.n_bins.value_or(default_bins);
  const std::vector<TrainCount> counts(input.counts.positives.begin(),
                                       input.counts.positives.end());
  options.groups = groups_by_rule(default_group_rule(), counts, input.counts.n_samples);
  const TauSearchOptions grid;
  return {metric.text, dataset.visit_scores([&](const auto& scores) {
            return search_logit_adjustment(scores, dataset.label_view(), input.counts, metric,
                                           options, grid, Cpu{arguments.data.threads});
          }),
          grid};
}

/// The priors to shift to, one per class: as given, or estimated.
std::vector<TargetPrior> targets_of(const AdjustArguments& arguments, const AdjustmentInput& input,
                                    ScoreKind kind) {
  std::vector<TargetPrior> targets;
  const Cpu policy{arguments.data.threads};
  const Predictions& predictions = input.predictions;
  const double level = arguments.level.value_or(0.95);
  if (!arguments.target_prior.empty()) {
    for (const double prior : read_class_priors(arguments.target_prior, predictions.class_names)) {
      targets.push_back({{prior}, prior});
    }
    return targets;
  }
  const auto used = [&](const MetricValue& prior) {
    return prior.defined() ? inner_prior(prior.value, predictions.n_samples) : prior.value;
  };
  if (arguments.estimate_prior == "em") {
    const PriorEstimationOptions options{arguments.prior_weight.value_or(0), level};
    const auto estimates = predictions.visit_scores([&](const auto& scores) {
      return estimate_priors(scores, input.counts, kind, options, policy);
    });
    for (const PriorEstimate& one : estimates) {
      targets.push_back(
          {one.prior, used(one.prior), one.interval, one.likelihood_ratio, one.p_value});
    }
    return targets;
  }
  const auto probabilities = [&](const auto& scores) {
    return as_probabilities(scores, kind, policy);
  };
  std::vector<double> thresholds = thresholds_of(arguments, predictions.class_names);
  for (std::size_t k = thresholds.size(); k < predictions.class_names.size(); ++k) {
    thresholds.push_back(input.counts.prior(k));
  }
  const auto estimates =
      black_box_priors(input.labelled->visit_scores(probabilities).view(),
                       input.labelled->label_view(), predictions.visit_scores(probabilities).view(),
                       thresholds, ScoreKind::probabilities, level, policy);
  for (const BlackBoxEstimate& one : estimates) {
    targets.push_back({one.prior, used(one.prior), one.interval, {}, {}, one.unclipped});
  }
  return targets;
}

AdjustmentMethod method_of(const AdjustArguments& arguments) {
  if (!arguments.target_prior.empty()) return AdjustmentMethod::target_prior;
  if (arguments.estimate_prior.empty()) return AdjustmentMethod::logit_adjustment;
  return arguments.estimate_prior == "em" ? AdjustmentMethod::maximum_likelihood
                                          : AdjustmentMethod::black_box;
}

/// The shifts of all classes, with what they rest on written into the report.
std::vector<LogitShift> shifts_of(const AdjustArguments& arguments, const AdjustmentInput& input,
                                  const std::optional<MetricName>& metric, ScoreKind kind,
                                  AdjustmentReport& report) {
  report.method = method_of(arguments);
  if (report.method == AdjustmentMethod::logit_adjustment) {
    if (metric) report.search = search_of(arguments, input, *metric, kind);
    report.tau = metric ? report.search->search.tau : arguments.tau.value_or(1);
    return logit_adjustment(input.counts, *report.tau);
  }
  std::vector<MetricValue> priors;
  const std::vector<TargetPrior> targets = targets_of(arguments, input, kind);
  for (std::size_t k = 0; k < targets.size(); ++k) {
    report.classes[k].target = targets[k];
    priors.push_back({targets[k].used, targets[k].prior.why});
  }
  return prior_shifts(input.counts, priors);
}

}  // namespace

void run_adjust(const AdjustArguments& arguments) {
  check_usage(arguments);
  std::optional<MetricName> metric;
  if (!arguments.search.empty()) {
    metric = as_usage([&] {
      MetricName name =
          parse_metric_name(arguments.search, arguments.n_bins.value_or(default_bins));
      check_can_search_tau(name);
      return name;
    });
  }
  AdjustmentReport report;
  const AdjustmentInput input = read_input(arguments, report);
  const ScoreKind kind = score_kind(arguments.data);
  const Cpu policy{arguments.data.threads};
  const std::vector<LogitShift> shifts = shifts_of(arguments, input, metric, kind, report);

  const Predictions& predictions = input.predictions;
  const ClassMatrix<double> adjusted = predictions.visit_scores(
      [&](const auto& scores) { return shift_logits(scores, shifts, kind, policy); });
  const std::vector<OrderChange> orders = predictions.visit_scores(
      [&](const auto& scores) { return order_changes(scores, adjusted.view(), policy); });
  for (std::size_t k = 0; k < shifts.size(); ++k) {
    report.classes[k].shift = shifts[k];
    report.classes[k].order = orders[k];
  }
  const std::string page = rendered(
      arguments.output.format, [&] { return adjustment_json(report); },
      [&] { return adjustment_csv(report); }, [&] { return adjustment_page(report); });
  StagedFile file = stage_predictions(arguments.output.path, predictions, adjusted.view());
  write_output({arguments.output.format, "", arguments.output.quiet}, page);
  file.publish();
}

}  // namespace cxrlt::cli
