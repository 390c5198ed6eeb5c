// SPDX-License-Identifier: Apache-2.0
// Trains a classifier of several labels on frozen embeddings, with the losses for long tails, and
// evaluates it after each epoch as `cxrlt score` would: docs/training.md.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cxrlt/challenge/profile.hpp>
#include <cxrlt/core/error.hpp>
#include <cxrlt/metrics/frequency_groups.hpp>
#include <exception>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "data_set.hpp"
#include "device_stage.hpp"
#include "files.hpp"
#include "host_stage.hpp"
#include "loss_by_name.hpp"
#include "network.hpp"
#include "sampling.hpp"
#include "trainer.hpp"

#if defined(_WIN32)
#include <io.h>
#else
#include <unistd.h>
#endif

namespace {

using namespace training;

struct Arguments {
  bool synthetic = false;
  std::size_t n_rows = 142928;
  std::size_t n_features = 256;
  std::string embeddings;
  std::string labels;
  std::string loss = "bce";
  std::string sampler = "none";
  bool retrain_classifier = false;
  std::size_t n_hidden = 0;
  TrainOptions train;
  std::uint64_t data_seed = 2026;
  int n_parts = 10;
  std::string checkpoint;
  std::string predictions;
  std::string json;
  bool device = false;
  bool quiet = false;
};

bool on_terminal() {
#if defined(_WIN32)
  return _isatty(_fileno(stderr)) != 0;
#else
  return isatty(STDERR_FILENO) != 0;
#endif
}

/// A bar for the epoch at hand, on a terminal alone.
void draw_bar(int epoch, int n_epochs, double done) {
  constexpr int width = 30;
  const int filled = static_cast<int>(done * width);
  fmt::print(stderr, "\repoch {}/{} [{:#<{}}{:.<{}}]", epoch + 1, n_epochs, "", filled, "",
             width - filled);
  if (done >= 1) fmt::print(stderr, "\r{:60}\r", "");
  std::fflush(stderr);
}

SplitSet read_or_make(const Arguments& arguments) {
  if (arguments.synthetic) {
    return make_synthetic_set(arguments.n_rows, arguments.n_features, arguments.n_parts,
                              arguments.data_seed);
  }
  if (arguments.embeddings.empty() || arguments.labels.empty()) {
    throw cxrlt::InvalidArgument("give --embeddings and --labels, or --synthetic");
  }
  SplitSet data = split(read_data_set(arguments.embeddings, arguments.labels), {},
                        arguments.n_parts, arguments.data_seed);
  for (std::size_t c = 0; c < data.train.n_classes(); ++c) {
    data.class_names.push_back("class_" + std::to_string(c));
  }
  return data;
}

/// Head, medium and tail by the prevalences of the training part: above 10 %, below 1 %.
std::vector<cxrlt::ClassGroup> groups_of(const DataSet& train) {
  std::vector<cxrlt::TrainCount> counts;
  for (const std::uint64_t count : train.positives()) counts.emplace_back(count);
  return cxrlt::groups_by_prevalence(counts, train.n_rows());
}

std::vector<double> prevalences_of(const DataSet& train) {
  std::vector<double> prevalences;
  for (const std::uint64_t count : train.positives()) {
    // Half a sample of either label, so that the first logits are finite.
    prevalences.push_back((static_cast<double>(count) + 0.5) /
                          (static_cast<double>(train.n_rows()) + 1));
  }
  return prevalences;
}

void print_header(bool device) {
  fmt::print("{:>6} {:>9} | {:>6} {:>6} {:>6} | {:>6} {:>6} {:>6} | {:>8} {:>8}{}\n", "epoch",
             "loss", "mAP", "AUROC", "F1", "head", "medium", "tail", "train s", "score s",
             device ? " there, ms" : "");
}

void print_epoch(const EpochReport& report) {
  const cxrlt::Evaluation& found = report.validation;
  fmt::print("{:>6} {:>9.4f} | {:>6.3f} {:>6.3f} {:>6.3f} |", report.epoch + 1, report.loss,
             macro(found, "average_precision"), macro(found, "auroc"), macro(found, "f1"));
  for (const cxrlt::GroupEvaluation& group : found.groups) {
    fmt::print(" {:>6.3f}", value_in(group.values, "average_precision"));
  }
  fmt::print(" | {:>8.2f} {:>8.3f}", report.training_seconds, report.evaluation_seconds);
  if (report.ranking_seconds) fmt::print(" {:>9.3f}", 1000 * *report.ranking_seconds);
  fmt::print("\n");
  std::fflush(stdout);
}

nlohmann::ordered_json json_of(const cxrlt::Evaluation& evaluation) {
  const auto values = [](const std::vector<cxrlt::NamedAverage>& averages) {
    nlohmann::ordered_json json;
    for (const cxrlt::NamedAverage& average : averages) {
      json[average.name] = average.value.why == cxrlt::Undefined::none
                               ? nlohmann::ordered_json(average.value.value)
                               : nlohmann::ordered_json(nullptr);
    }
    return json;
  };
  nlohmann::ordered_json json{{"macro", values(evaluation.macro)}};
  for (const cxrlt::GroupEvaluation& group : evaluation.groups) {
    json[group.group.name] = values(group.values);
  }
  return json;
}

/// Where to train. The data must outlive what it makes.
StageMaker stage_maker(const Arguments& arguments, const SplitSet& data) {
  const double decay = arguments.train.weight_decay;
  if (arguments.device) {
    return [&data, decay](Network network, bool head_only) {
      return make_device_stage(std::move(network), head_only, data, decay);
    };
  }
  return [&data, decay](Network network, bool head_only) {
    return std::make_unique<HostStage>(std::move(network), head_only, data, decay);
  };
}

void run(const Arguments& arguments) {
  const NamedLoss loss = loss_named(arguments.loss);
  if (arguments.device) look_for_device();
  const SplitSet data = read_or_make(arguments);
  fmt::print("{} training and {} validation rows, {} features, {} classes; {}\n",
             data.train.n_rows(), data.validation.n_rows(), data.train.n_features(),
             data.train.n_classes(), loss.about);
  const cxrlt::EvaluationOptions evaluation =
      evaluation_options(groups_of(data.train), data.class_names);
  const Trainer trainer(data, evaluation, arguments.train, stage_maker(arguments, data));
  const bool bar = !arguments.quiet && on_terminal();
  int epoch = 0;
  const Watcher watcher{[&](double done) {
                          if (bar) draw_bar(epoch, arguments.train.n_epochs, done);
                        },
                        [&](const EpochReport& report) {
                          if (!arguments.quiet) print_epoch(report);
                          epoch = report.epoch + 1;
                        }};
  if (!arguments.quiet) print_header(arguments.device);
  Network network(data.train.n_features(), arguments.n_hidden, prevalences_of(data.train),
                  loss.scale, arguments.train.seed);
  network = trainer.train(
      network, loss, false,
      epoch_rows(data.train, arguments.sampler, arguments.train.seed, arguments.train.n_epochs),
      watcher);
  if (arguments.retrain_classifier) {
    fmt::print("the last layer anew, on rows drawn evenly by class\n");
    epoch = 0;
    network.reset_head(1, arguments.train.seed + 1);
    network = trainer.train(
        network, loss_named("bce"), true,
        epoch_rows(data.train, "class-balanced", arguments.train.seed, arguments.train.n_epochs),
        watcher);
  }
  const cxrlt::ScoreBuffer<float> scores = scores_of(network, data.validation);
  const cxrlt::Evaluation best = cxrlt::evaluate(scores.scores(), scores.labels(), evaluation);
  fmt::print("best epoch: macro AP {:.4f}, AUROC {:.4f}, F1 {:.4f}\n",
             macro(best, "average_precision"), macro(best, "auroc"), macro(best, "f1"));
  if (!arguments.checkpoint.empty()) {
    write_checkpoint(arguments.checkpoint, network, data.class_names);
  }
  if (!arguments.predictions.empty()) {
    const std::filesystem::path path = arguments.predictions;
    write_predictions(path, path.parent_path() / ("truth_" + path.filename().string()), scores,
                      network.scale(), data.class_names);
  }
  if (!arguments.json.empty()) {
    nlohmann::ordered_json json{{"loss", arguments.loss},
                                {"retrained_classifier", arguments.retrain_classifier},
                                {"seed", arguments.train.seed}};
    json["validation"] = json_of(best);
    cxrlt::write_text(arguments.json, json.dump(1) + "\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Trains a classifier of several labels on frozen embeddings of images.");
  app.add_flag("--synthetic", arguments.synthetic, "made-up data of the shape of CXR-LT 2026");
  app.add_option("--rows", arguments.n_rows, "images that are made up (142928)")->type_name("N");
  app.add_option("--features", arguments.n_features, "of each (256)")->type_name("N");
  app.add_option("--embeddings", arguments.embeddings, "images x features, float32 or float64")
      ->type_name("FILE.npy");
  app.add_option("--labels", arguments.labels, "images x classes, 0, 1 or -1 (missing)")
      ->type_name("FILE.npy");
  std::string losses;
  for (const NamedLoss& loss : named_losses()) losses += (losses.empty() ? "" : ", ") + loss.name;
  app.add_option("--loss", arguments.loss, losses + " (bce)")->type_name("NAME");
  app.add_option("--sampler", arguments.sampler,
                 "rows of an epoch: none, class-balanced, square-root, progressive, repeat-factor")
      ->type_name("NAME");
  app.add_flag("--crt", arguments.retrain_classifier,
               "then train the last layer anew on rows drawn evenly by class");
  app.add_option("--hidden", arguments.n_hidden, "units of a hidden layer (0: none)")
      ->type_name("N");
  app.add_option("--epochs", arguments.train.n_epochs, "(10)")
      ->check(CLI::Range(1, 100'000))
      ->type_name("N");
  app.add_option("--batch", arguments.train.batch_size, "rows of a batch (256)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 24))
      ->type_name("N");
  app.add_option("--rate", arguments.train.learning_rate, "highest learning rate (0.001)")
      ->type_name("X");
  app.add_option("--decay", arguments.train.weight_decay, "weight decay (0.01)")->type_name("X");
  app.add_option("--patience", arguments.train.patience,
                 "stop after so many epochs without a better macro AP (0: never)")
      ->type_name("N");
  app.add_option("--seed", arguments.train.seed, "of first weights and of the order of rows (0)")
      ->type_name("S");
  app.add_option("--data-seed", arguments.data_seed, "of made-up data and of the split (2026)")
      ->type_name("S");
  app.add_option("--parts", arguments.n_parts, "one part of so many validates (10)")
      ->check(CLI::Range(2, 1000))
      ->type_name("N");
  app.add_option("--checkpoint", arguments.checkpoint, "write the best network as JSON")
      ->type_name("FILE");
  app.add_option("--predictions", arguments.predictions,
                 "write validation probabilities as CSV, and truth_FILE beside it")
      ->type_name("FILE");
  app.add_option("--json", arguments.json, "write the best epoch's values")->type_name("FILE");
  app.add_flag("--device", arguments.device,
               "train on the GPU; also times AP, AUROC and best F1 there");
  app.add_flag("--quiet", arguments.quiet, "no table, no bar");
  CLI11_PARSE(app, argc, argv);
  try {
    run(arguments);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 2;
  }
}
