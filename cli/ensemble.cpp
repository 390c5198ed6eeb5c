// SPDX-License-Identifier: Apache-2.0
#include "cli/ensemble.hpp"

#include <cstddef>
#include <cxrlt/io/ensemble_json.hpp>
#include <cxrlt/io/ensemble_page.hpp>
#include <cxrlt/io/input_file.hpp>
#include <cxrlt/io/model_weights.hpp>
#include <cxrlt/io/output_file.hpp>
#include <cxrlt/io/submission_check.hpp>
#include <cxrlt/io/write_predictions.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/ensemble_models.hpp"
#include "cli/ensemble_steps.hpp"

namespace cxrlt::cli {

namespace {

/// What the output must look like, where anything says so.
std::optional<SubmissionOptions> rules_of(const EnsembleArguments& arguments,
                                          const EnsemblePlan& plan, const CombinedModels& models,
                                          const std::string& id_column) {
  const bool has_classes = !arguments.data.classes.empty();
  if (models.join.is_array() || arguments.per_study || (!plan.profile && !has_classes)) {
    return std::nullopt;
  }
  SubmissionOptions options;
  if (plan.profile) options.profile = *plan.profile;
  if (has_classes) {
    options.profile = with_classes(options.profile, models.join.class_names());
  }
  options.profile.id_column = id_column;
  options.wanted_ids = plan.wanted_ids;
  return options;
}

/// Reads what was written as any validator would; nothing where there are no rules.
/// @throws DataError where it breaks one
std::optional<SubmissionReport> validate(const EnsembleArguments& arguments, const StagedFile& file,
                                         const std::optional<SubmissionOptions>& rules,
                                         std::vector<Problem>& notes) {
  const std::optional<std::filesystem::path> staged = file.staged_path();
  if (!rules || !staged) {
    if (!arguments.data.profile.empty()) {
      add_new_notes({note("not_validated", "the output is no submission, and was not checked")},
                    notes);
    }
    return std::nullopt;
  }
  SubmissionReport checked =
      check_staged_submission(*staged, arguments.output.path, *rules, Cpu{arguments.data.threads});
  for (const Problem& problem : checked.problems) {
    if (problem.severity == Severity::error) throw DataError(problem);
    add_new_notes({problem}, notes);
  }
  return checked;
}

/// The predictions to write, without scores.
Predictions output_of(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                      const CombinedModels& models, const std::optional<StudyRows>& studies) {
  Predictions output;
  output.is_array = models.join.is_array();
  output.id_column = plan.profile && arguments.data.id_column.empty() ? plan.profile->id_column
                                                                      : models.join.id_column();
  output.class_names = models.join.class_names();
  output.ids = models.ids;
  if (arguments.per_study && studies) {
    output.id_column = studies->column;
    output.ids = studies->ids;
  }
  return output;
}

void complete(const EnsembleArguments& arguments, const EnsemblePlan& plan,
              const CombinedModels& models, EnsembleReport& report) {
  report.arguments = arguments.command_line;
  report.output = base_name(arguments.output.path);
  report.rule = plan.rule;
  report.n_samples = models.scores.n_samples();
  report.class_names = models.join.class_names();
  if (models.join.is_array()) report.joined = "position";
  report.seed = plan.seed;
  report.level = plan.level;
  report.cluster = arguments.cluster;
  if (!models.truth) return;
  report.metric = plan.metric.text;
  report.n_measured = models.truth->n_rows();
  if (!report.steps.empty()) report.n_replicates = static_cast<std::size_t>(plan.n_replicates);
  const std::vector<InputInfo>& inputs = models.truth->inputs();
  report.inputs.insert(report.inputs.end(), inputs.begin(), inputs.end());
  add_new_notes(models.truth->notes(), report.notes);
}

std::string weights_csv(const EnsembleReport& report) {
  std::vector<std::string> files;
  std::vector<std::vector<double>> weights;
  for (const EnsembleMember& member : report.members) {
    files.push_back(member.file);
    weights.push_back(member.weights);
  }
  return model_weights_csv(files, report.class_names, weights);
}

}  // namespace

void run_ensemble(const EnsembleArguments& arguments) {
  const EnsemblePlan plan = plan_of(arguments);
  CombinedModels models = combine_files(arguments, plan);
  const std::optional<StudyRows> studies = apply_steps(arguments, plan, models);
  const Predictions output = output_of(arguments, plan, models, studies);
  if (arguments.per_study && studies) {
    models.scores = detail::rows_in_order<double>(models.scores.view(), studies->rows);
  }
  EnsembleReport& report = models.report;
  StagedFile file = stage_predictions<double>(arguments.output.path, output, models.scores.view(),
                                              Cpu{arguments.data.threads});
  report.checked =
      validate(arguments, file, rules_of(arguments, plan, models, output.id_column), report.notes);
  complete(arguments, plan, models, report);
  const std::string page = rendered(
      arguments.output.format, [&] { return ensemble_json(report); },
      [&] { return weights_csv(report); }, [&] { return ensemble_page(report); });
  write_output({arguments.output.format, "", arguments.output.quiet}, page);
  file.publish();
}

}  // namespace cxrlt::cli
