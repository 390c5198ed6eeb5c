// SPDX-License-Identifier: Apache-2.0
/// Epochs of training with an evaluation after each.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cxrlt/evaluate.hpp>
#include <cxrlt/evaluate/score_buffer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data_set.hpp"
#include "loss_by_name.hpp"
#include "network.hpp"
#include "stage.hpp"

namespace training {

struct TrainOptions {
  int n_epochs = 10;
  std::size_t batch_size = 256;
  double learning_rate = 1e-3;
  double weight_decay = 1e-2;
  int patience = 0;  ///< epochs without a better macro AP after which training ends; 0: never
  std::uint64_t seed = 0;
};

/// What an epoch brought.
struct EpochReport {
  int epoch = 0;
  double loss = 0;  ///< mean over batches
  cxrlt::Evaluation validation;
  double training_seconds = 0;
  double evaluation_seconds = 0;
  std::optional<double> ranking_seconds;  ///< see `Stage::ranking_seconds`
};

/// Sees to what is shown and kept. `step` is called after each batch with the share of the epoch
/// that is done, `epoch` after each epoch.
struct Watcher {
  std::function<void(double)> step;
  std::function<void(const EpochReport&)> epoch;
};

inline double value_in(const std::vector<cxrlt::NamedAverage>& averages, std::string_view metric) {
  return cxrlt::find_value(averages, metric)->value.value;
}

inline double macro(const cxrlt::Evaluation& evaluation, std::string_view metric) {
  return value_in(evaluation.macro, metric);
}

/// Macro and group averages of AP, AUROC and F1 at probability one half.
inline cxrlt::EvaluationOptions evaluation_options(std::vector<cxrlt::ClassGroup> groups,
                                                   std::vector<std::string> class_names) {
  cxrlt::EvaluationOptions options;
  options.scores = cxrlt::ScoreKind::logits;
  options.groups = std::move(groups);
  options.class_names = std::move(class_names);
  for (const std::string name : {"average_precision", "auroc", "f1"}) {
    options.metrics.push_back(cxrlt::parse_metric_name(name));
    for (const cxrlt::ClassGroup& group : options.groups) {
      options.metrics.push_back(cxrlt::parse_metric_name("group/" + group.name + ":" + name));
    }
  }
  return options;
}

/// Trains a network; one stage of it.
class Trainer {
 public:
  Trainer(const SplitSet& data, cxrlt::EvaluationOptions evaluation, const TrainOptions& options,
          StageMaker make_stage)
      : data_(data),
        evaluation_(std::move(evaluation)),
        options_(options),
        make_stage_(std::move(make_stage)) {}

  /// @param head_only  whether the layers before the last stay as they are
  /// @param draw_rows  the rows of an epoch, in the order in which they are shown
  /// Returns the network of the epoch with the best macro average precision on validation.
  Network train(const Network& network, const NamedLoss& loss, bool head_only,
                const std::function<std::vector<std::size_t>(int epoch)>& draw_rows,
                const Watcher& watcher) const {
    const LossContext context{data_.train.positives(), data_.train.n_rows(), options_.n_epochs};
    const std::unique_ptr<Stage> stage = make_stage_(network, head_only);
    Network best = network;
    double best_value = -1;
    int n_worse = 0;
    for (int epoch = 0; epoch < options_.n_epochs; ++epoch) {
      EpochReport report;
      report.epoch = epoch;
      const auto begin = Clock::now();
      stage->use(loss.make(context, epoch));
      report.loss = run_epoch(*stage, epoch, draw_rows(epoch), watcher);
      report.training_seconds = seconds_since(begin);
      const auto evaluated = Clock::now();
      const cxrlt::ScoreBuffer<float> scores = stage->validation_scores();
      report.validation = cxrlt::evaluate(scores.scores(), scores.labels(), evaluation_);
      report.evaluation_seconds = seconds_since(evaluated);
      report.ranking_seconds = stage->ranking_seconds();
      watcher.epoch(report);
      const double value = macro(report.validation, "average_precision");
      if (value > best_value) {
        best_value = value;
        best = stage->network();
        n_worse = 0;
      } else if (options_.patience > 0 && ++n_worse >= options_.patience) {
        break;
      }
    }
    return best;
  }

 private:
  using Clock = std::chrono::steady_clock;

  static double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }

  double run_epoch(Stage& stage, int epoch, const std::vector<std::size_t>& rows,
                   const Watcher& watcher) const {
    const std::size_t n_batches = rows.size() / options_.batch_size;  // a last part is left out
    if (n_batches == 0) throw cxrlt::InvalidArgument("there are fewer rows than a batch has");
    const std::size_t n_steps = n_batches * static_cast<std::size_t>(options_.n_epochs);
    double sum = 0;
    for (std::size_t b = 0; b < n_batches; ++b) {
      const std::size_t step = static_cast<std::size_t>(epoch) * n_batches + b;
      sum += stage.step(std::span(rows).subspan(b * options_.batch_size, options_.batch_size),
                        cosine_rate(options_.learning_rate, step, n_steps));
      watcher.step(static_cast<double>(b + 1) / static_cast<double>(n_batches));
    }
    return sum / static_cast<double>(n_batches);
  }

  const SplitSet& data_;
  cxrlt::EvaluationOptions evaluation_;
  TrainOptions options_;
  StageMaker make_stage_;
};

}  // namespace training
