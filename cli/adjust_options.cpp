// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/core/ordered_key.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/adjust.hpp"
#include "cli/commands.hpp"

namespace cxrlt::cli {

namespace {

void add_adjust_options(CLI::App& command, AdjustArguments& arguments) {
  add_prediction_options(command, arguments.data);
  add_count_options(command, arguments.train_counts);
  command
      .add_option("--tau", arguments.tau,
                  "take this much of the training prior's logit out (default: 1)")
      ->type_name("X");
  command
      .add_option("--search", arguments.search,
                  "take the tau that is best by this metric, e.g. f1, micro:map, lrap")
      ->type_name("METRIC");
  command
      .add_option("--target-prior", arguments.target_prior,
                  "shift from the training priors to these: CSV class,prior")
      ->type_name("FILE");
  command
      .add_option("--estimate-prior", arguments.estimate_prior,
                  "shift to priors estimated from the predictions: em (by calibrated "
                  "probabilities) or bbse (by decisions)")
      ->type_name("NAME");
  add_label_options(command, arguments.data);
  command.get_option("--truth")->description(
      "truth of the predictions for --search, of the source predictions for bbse");
  command
      .add_option("--source-predictions", arguments.source_predictions,
                  "for bbse: predictions of labelled rows like the training set")
      ->type_name("FILE");
  command
      .add_option("--prior-weight", arguments.prior_weight,
                  "for em: the training prior weighs as much as N more rows (0)")
      ->type_name("N");
  command
      .add_option("--threshold", arguments.threshold,
                  "decide at this threshold (for --search 0.5, for bbse the training prior)")
      ->type_name("X");
  command
      .add_option("--thresholds", arguments.thresholds,
                  "a file that 'thresholds' wrote, or JSON {\"class\": threshold}")
      ->type_name("FILE");
  command.add_option("--bins", arguments.n_bins, "bins of the calibration errors of --search (15)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  command.add_option("--level", arguments.level, "level of the intervals of estimates (0.95)")
      ->check(CLI::Range(0.001, 0.999999))
      ->type_name("X");
  add_output_options(command, arguments.output);
  command.get_option("--output")
      ->description("write the probabilities to OUT: CSV (.gz, .zip), or NPY for an NPY")
      ->type_name("OUT");
  command.get_option("--format")
      ->description("of what is shown: table (default), json, csv or markdown");
}

/// Refuses options that have no meaning beside the others.
void check_belongings(const AdjustArguments& arguments) {
  const bool searches = !arguments.search.empty();
  const bool by_decisions = arguments.estimate_prior == "bbse";
  const bool by_likelihood = arguments.estimate_prior == "em";
  const auto refuse = [](bool wrong, const char* message) {
    if (wrong) throw UsageError(message);
  };
  refuse(!arguments.data.truth.empty() && !searches && !by_decisions,
         "--truth goes with --search METRIC or --estimate-prior bbse");
  refuse(!arguments.source_predictions.empty() && !by_decisions,
         "--source-predictions goes with --estimate-prior bbse");
  refuse(arguments.prior_weight && !by_likelihood, "--prior-weight goes with --estimate-prior em");
  refuse((arguments.threshold || !arguments.thresholds.empty()) && !searches && !by_decisions,
         "--threshold and --thresholds go with --search METRIC or --estimate-prior bbse");
  refuse(arguments.n_bins && !searches, "--bins goes with --search METRIC");
  refuse(arguments.level && !by_decisions && !by_likelihood, "--level goes with --estimate-prior");
  refuse(arguments.threshold && !arguments.thresholds.empty(),
         "--threshold and --thresholds contradict each other; give one of them");
  refuse(searches && arguments.data.truth.empty(), "--search needs the truth: --truth FILE");
  refuse(by_decisions && (arguments.data.truth.empty() || arguments.source_predictions.empty()),
         "--estimate-prior bbse needs labelled rows like the training set: --source-predictions "
         "FILE --truth FILE");
}

void check_numbers(const AdjustArguments& arguments) {
  const auto is_wrong = [](const std::optional<double>& number) {
    return number && (!is_finite(*number) || *number < 0);
  };
  if (is_wrong(arguments.tau)) throw UsageError("--tau must be a number of at least 0");
  if (is_wrong(arguments.prior_weight)) {
    throw UsageError("--prior-weight must be a number of at least 0");
  }
  if (arguments.threshold && is_nan(*arguments.threshold)) {
    throw UsageError("--threshold is not a number");
  }
}

}  // namespace

void check_usage(const AdjustArguments& arguments) {
  if (arguments.data.predictions.empty()) {
    throw UsageError("adjust needs a file of predictions: PRED");
  }
  if (arguments.output.path.empty()) {
    throw UsageError("adjust needs a file for the probabilities: -o OUT");
  }
  const int n_ways = (arguments.tau ? 1 : 0) + (arguments.search.empty() ? 0 : 1) +
                     (arguments.target_prior.empty() ? 0 : 1) +
                     (arguments.estimate_prior.empty() ? 0 : 1);
  if (n_ways > 1) {
    throw UsageError(
        "--tau, --search, --target-prior and --estimate-prior contradict each other; give one of "
        "them");
  }
  if (!arguments.estimate_prior.empty()) {
    choice<bool>("way to estimate priors", arguments.estimate_prior,
                 {{"em", true}, {"bbse", true}});
  }
  check_belongings(arguments);
  check_numbers(arguments);
  const CountArguments& counts = arguments.train_counts;
  if (counts.file.empty() != !counts.size) {
    throw UsageError("--train-counts FILE and --train-size N go together");
  }
  std::vector<std::filesystem::path> inputs = input_files(arguments.data);
  for (const std::string& file :
       {counts.file, arguments.target_prior, arguments.source_predictions, arguments.thresholds}) {
    inputs.emplace_back(file);
  }
  check_not_overwritten("-o", arguments.output.path, inputs);
}

void add_adjust(CLI::App& program) {
  const auto arguments = std::make_shared<AdjustArguments>();
  CLI::App* command =
      program.add_subcommand("adjust", "logit adjustment and prior shift, from training counts");
  add_adjust_options(*command, *arguments);
  command->footer(
      "Example:\n"
      "  cxrlt adjust predictions.csv --train-counts train_counts.csv --train-size 10000 "
      "-o adjusted.csv\n"
      "  cxrlt adjust validation.csv --truth truth.csv --search f1 --profile cxrlt2026_task1 "
      "-o adjusted.csv\n"
      "  cxrlt adjust predictions.csv --estimate-prior em --profile cxrlt2026_task1 "
      "-o shifted.csv");
  command->callback([arguments] { run_adjust(*arguments); });
}

}  // namespace cxrlt::cli
