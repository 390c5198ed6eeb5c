// SPDX-License-Identifier: Apache-2.0
/// Real prediction files, read and evaluated, against values computed independently.
#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cxrlt/evaluate.hpp"
#include "cxrlt/io/class_tables.hpp"
#include "cxrlt/io/evaluate_dataset.hpp"
#include "cxrlt/io/load_dataset.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

Dataset load(const std::filesystem::path& predictions, const std::filesystem::path& truth) {
  DatasetOptions options;
  options.predictions = predictions;
  options.truth = truth;
  return load_dataset(options, throw_errors([](Problem) {}));
}

nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  REQUIRE(file);
  return nlohmann::json::parse(file);
}

struct Tolerances {
  double ranking = 1e-12;
  double probabilities = 1e-12;
  double log_loss = 1e-10;
};

/// The reference's names of per-class values and ours.
const std::map<std::string, std::string> class_names{
    {"auroc", "auroc"},      {"ap", "average_precision"},
    {"best_f1", "best_f1"},  {"youden", "best_informedness"},
    {"f1_05", "f1"},         {"brier", "brier"},
    {"logloss", "log_loss"}, {"ece15", "ece"},
    {"mce15", "mce"},        {"ece10", "ece@10"}};

double tolerance_of(const std::string& name, const Tolerances& tolerances) {
  if (name == "logloss") return tolerances.log_loss;
  const bool probability = name == "brier" || name.starts_with("ece") || name.starts_with("mce");
  return probability ? tolerances.probabilities : tolerances.ranking;
}

std::vector<MetricName> all_class_metrics() {
  std::vector<MetricName> names;
  for (const auto& [theirs, ours] : class_names) names.push_back(parse_metric_name(ours));
  for (const char* name : {"micro:auroc", "micro:average_precision", "micro:f1", "exact_match",
                           "hamming_loss", "group/head:map", "group/head:mauc"}) {
    names.push_back(parse_metric_name(name));
  }
  return names;
}

void check_classes(const nlohmann::json& reference, const Evaluation& evaluation,
                   const Tolerances& tolerances) {
  for (const ClassEvaluation& one : evaluation.classes) {
    const nlohmann::json& expected = reference.at("per_class").at(one.name);
    CHECK(one.n_labelled() == expected.at("n").get<std::uint64_t>());
    CHECK(one.n_positive == expected.at("pos").get<std::uint64_t>());
    REQUIRE(one.counts);
    CHECK(one.counts->tp == expected.at("tp05").get<double>());
    CHECK(one.counts->fp == expected.at("fp05").get<double>());
    CHECK(one.counts->fn == expected.at("fn05").get<double>());
    for (const auto& [theirs, ours] : class_names) {
      INFO(one.name << " " << ours);
      const NamedValue* value = find_value(one.values, ours);
      REQUIRE(value != nullptr);
      check_close(value->value.value, expected.at(theirs).get<double>(),
                  tolerance_of(theirs, tolerances));
    }
  }
}

void check_aggregate(const nlohmann::json& expected, const Evaluation& evaluation,
                     const Tolerances& tolerances) {
  const auto macro = [&](const char* ours, const char* theirs, double tolerance) {
    INFO(ours);
    check_close(find_value(evaluation.macro, ours)->value.value, expected.at(theirs).get<double>(),
                tolerance);
  };
  macro("auroc", "macro_auroc", tolerances.ranking);
  macro("average_precision", "macro_ap", tolerances.ranking);
  macro("f1", "macro_f1_05", tolerances.ranking);
  macro("best_f1", "macro_best_f1", tolerances.ranking);
  macro("brier", "macro_brier", tolerances.probabilities);
  macro("log_loss", "macro_logloss", tolerances.log_loss);
  macro("ece", "macro_ece15", tolerances.probabilities);
  macro("ece@10", "macro_ece10", tolerances.probabilities);
  const auto one = [&](const auto& values, const char* ours, const char* theirs) {
    INFO(ours);
    check_close(find_value(values, ours)->value.value, expected.at(theirs).get<double>(),
                tolerances.ranking);
  };
  one(evaluation.micro, "auroc", "micro_auroc");
  one(evaluation.micro, "average_precision", "micro_ap");
  one(evaluation.micro, "f1", "micro_f1_05");
  one(evaluation.rows, "exact_match", "exact_match_05");
  one(evaluation.rows, "hamming_loss", "hamming_05");
}

EvaluationOptions named_options(const Dataset& dataset) {
  EvaluationOptions options;
  options.class_names = dataset.class_names;
  options.metrics = all_class_metrics();
  return options;
}

}  // namespace

TEST_CASE("reference: NIH ChestX-ray14 subset, every value", "[real-data]") {
  const auto data = real_data();
  if (!data) return;
  const std::filesystem::path folder = *data / "nih14_subset2000";
  const Dataset dataset = load(folder / "scores.csv", folder / "labels.csv");
  const nlohmann::json reference = read_json(folder / "reference_sklearn.json");
  EvaluationOptions options = named_options(dataset);
  options.groups = groups_by_prevalence(
      read_train_counts(folder / "train_counts.csv", dataset.class_names), 89687);
  const Evaluation evaluation = evaluate(dataset, options);
  check_classes(reference, evaluation, {});
  check_aggregate(reference.at("aggregate"), evaluation, {});
  for (const ClassEvaluation& one : evaluation.classes) {
    // Thresholds: the highest that attains the maximum, exactly as it stands in the file.
    const nlohmann::json& expected = reference.at("per_class").at(one.name);
    CHECK(*find_value(one.values, "best_f1")->threshold ==
          expected.at("best_f1_thr").get<double>());
  }
  for (const GroupEvaluation& group : evaluation.groups) {
    const nlohmann::json& expected = reference.at("aggregate").at("groups").at(group.group.name);
    std::vector<std::string> names;
    for (const std::size_t c : group.group.classes) names.push_back(dataset.class_names[c]);
    CHECK(names == expected.at("classes").get<std::vector<std::string>>());
    if (group.group.name == "head") {
      check_close(find_value(group.values, "average_precision")->value.value,
                  expected.at("map").get<double>());
      check_close(find_value(group.values, "auroc")->value.value,
                  expected.at("mauroc").get<double>());
    }
  }
}

TEST_CASE("reference: three ECG networks, every value", "[real-data]") {
  const auto data = real_data();
  if (!data) return;
  const std::filesystem::path folder = *data / "ecg_code_6";
  const nlohmann::json reference = read_json(folder / "reference_sklearn.json");
  // Their scores were rounded to text after the reference was computed.
  const Tolerances tolerances{1e-12, 1e-8, 1e-8};
  for (const auto& [model, expected] : reference.items()) {
    INFO(model);
    const Dataset dataset = load(folder / ("scores_" + model + ".csv"), folder / "labels.csv");
    const Evaluation evaluation = evaluate(dataset, named_options(dataset));
    check_classes(expected, evaluation, tolerances);
    check_aggregate(expected.at("aggregate"), evaluation, tolerances);
  }
}
