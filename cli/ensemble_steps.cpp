// SPDX-License-Identifier: Apache-2.0
#include "cli/ensemble_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cxrlt/core/closest_name.hpp>
#include <cxrlt/core/error.hpp>
#include <cxrlt/core/text.hpp>
#include <cxrlt/ensemble/cooccurrence.hpp>
#include <cxrlt/io/cluster_column.hpp>
#include <cxrlt/io/input_file.hpp>
#include <cxrlt/io/metadata.hpp>
#include <cxrlt/io/shared_truth.hpp>
#include <span>
#include <utility>

namespace cxrlt::cli {

namespace {

/// Takes the scores that a step has made, and measures what they are worth.
void take_step(std::string what, ClassMatrix<double> scores, CombinedModels& models) {
  EnsembleStep step{std::move(what)};
  if (models.truth) step.change = models.truth->change(models.scores.view(), scores.view());
  models.scores = std::move(scores);
  models.report.steps.push_back(std::move(step));
}

/// The column of the study where none was named: the only one that bears such a name.
std::string study_column(const CsvTable& table, std::vector<Problem>& notes) {
  std::vector<std::string> found;
  for (const std::string& name : table.header()) {
    const std::string lower = ascii_lower(name);
    if (lower == "study_id" || lower == "studyid" || lower == "study" ||
        lower == "studyinstanceuid") {
      found.push_back(name);
    }
  }
  if (found.size() != 1) {
    throw UsageError("--views needs the column that names the study: --study COLUMN");
  }
  add_new_notes({note("study_column", "studies are told by the column '" + found.front() + "'")},
                notes);
  return found.front();
}

/// The columns of view and study, of the metadata file or else of the truth, for every row.
std::vector<MetadataColumn> view_columns(const EnsembleArguments& arguments,
                                         const EnsemblePlan& plan, CombinedModels& models) {
  if (models.join.is_array()) {
    throw InvalidArgument("metadata are joined by id, and arrays (.npy) have no ids");
  }
  const ProblemSink sink = throw_errors([](const Problem&) {});
  const bool in_truth = arguments.data.metadata.empty();
  const std::string& path = in_truth ? arguments.data.truth : arguments.data.metadata;
  const Cpu policy{arguments.data.threads};
  const CsvTable table = detail::table_of(read_stored(path, sink).value(), sink, policy);
  if (!in_truth) models.report.inputs.push_back(detail::input_info("metadata", table));
  TruthTable rows;
  rows.file = models.join.first_file();
  rows.ids = models.ids;
  for (const std::size_t row : models.order) rows.lines.push_back(models.join.lines()[row]);
  const DatasetOptions options = ensemble_reading(arguments, plan);
  IdOptions ids{options.id_column, options.id_aliases};
  ids.id_aliases.push_back(models.join.id_column());
  const std::vector<std::string> names{
      plan.views->column,
      arguments.study.empty() ? study_column(table, models.report.notes) : arguments.study};
  return read_metadata(table, ids, names, rows, sink);
}

/// The group of each row's view. @throws DataError for a view without a weight
std::vector<std::size_t> groups_of_views(const ViewChoice& views, const MetadataColumn& column,
                                         const IdColumn& ids, const std::string& file) {
  if (views.method == ViewMethod::mean || views.method == ViewMethod::max) return {};
  ViewWeights weights = views.weights;
  if (!weights.other) weights.other = 1;
  std::vector<std::size_t> groups = view_groups(column.values, weights);
  const auto other = std::find(groups.begin(), groups.end(), weights.groups.size());
  if (views.weights.other || other == groups.end()) return groups;
  const auto row = static_cast<std::size_t>(other - groups.begin());
  Problem problem;
  problem.code = "unknown_view";
  problem.file = file;
  problem.id = ids[row];
  problem.message = "the view '" + column.values[row] + "' in the column '" + column.name +
                    "' has no weight; give one to all others: other=5";
  throw DataError(std::move(problem));
}

StudyRows rows_of_studies(const MetadataColumn& names, std::span<const std::size_t> study_of) {
  StudyRows studies{names.name, {}, {}};
  for (std::size_t i = 0; i < study_of.size(); ++i) {
    if (study_of[i] != studies.rows.size()) continue;
    studies.rows.push_back(i);
    studies.ids.push_back(names.values[i]);
  }
  return studies;
}

StudyRows join_views(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                     CombinedModels& models) {
  const ViewChoice& views = *plan.views;
  const std::vector<MetadataColumn> columns = view_columns(arguments, plan, models);
  const std::string file =
      base_name(arguments.data.metadata.empty() ? arguments.data.truth : arguments.data.metadata);
  const std::vector<std::size_t> study_of = cluster_numbers(columns[1], models.ids, "study", file);
  const std::vector<std::size_t> group_of = groups_of_views(views, columns[0], models.ids, file);
  if (models.truth && arguments.cluster.empty()) {
    add_new_notes(
        {note("images_resampled",
              "intervals resample single images, and images of a study share a score: they "
              "are too narrow; --cluster keeps patients or studies together")},
        models.report.notes);
  }
  const ClassMatrix<double> studies =
      aggregate_views(models.scores.view(), study_of, group_of, views.weights, views.method);
  take_step("views " + arguments.views +
                (arguments.view_method.empty() ? "" : ", " + arguments.view_method),
            copy_to_rows(studies.view(), study_of), models);
  return rows_of_studies(columns[1], study_of);
}

void smooth(const EnsembleArguments& arguments, const EnsemblePlan& plan, CombinedModels& models) {
  DataArguments labels = arguments.data;
  labels.truth = arguments.train_labels;
  labels.metadata.clear();
  DatasetOptions options = dataset_options(labels, plan.profile, false, {});
  options.classes = models.join.class_names();
  const SharedTruth training =
      SharedTruth::read(std::move(options), {}, Cpu{arguments.data.threads});
  for (InputInfo input : training.inputs()) {
    input.role = "train_labels";
    models.report.inputs.push_back(std::move(input));
  }
  take_step(fmt::format("smooth {:g}", *arguments.smooth),
            smoothed(models.scores.view(), cooccurrence_walk(training.labels()), *arguments.smooth),
            models);
}

std::size_t class_named(const std::string& name, const std::string& who,
                        const std::vector<std::string>& classes) {
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found == classes.end()) {
    throw InvalidArgument(who + ": there is no class '" + name + "'" + closest_hint(name, classes));
  }
  return static_cast<std::size_t>(found - classes.begin());
}

/// The classes that a gate leaves alone.
struct GateClasses {
  std::size_t normal = 0;
  std::vector<std::size_t> exceptions;
};

GateClasses gate_classes(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                         const std::vector<std::string>& classes) {
  GateClasses found;
  if (!arguments.normal.empty()) {
    found.normal = class_named(arguments.normal, "--normal", classes);
  } else if (plan.profile && !plan.profile->normal_class.empty()) {
    found.normal = class_named(plan.profile->normal_class, "the profile's normal class", classes);
  } else {
    throw UsageError("--gate needs the normal class: --normal CLASS, or a --profile with one");
  }
  for (const std::string& name : arguments.exceptions) {
    found.exceptions.push_back(class_named(name, "--except", classes));
  }
  return found;
}

void gate(const EnsembleArguments& arguments, const EnsemblePlan& plan, CombinedModels& models) {
  const GateClasses classes = gate_classes(arguments, plan, models.join.class_names());
  take_step("gate " + arguments.gate,
            gated(models.scores.view(), classes.normal, *plan.gate, classes.exceptions), models);
}

}  // namespace

void check_steps(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                 const std::vector<std::string>& classes) {
  if (plan.gate) gate_classes(arguments, plan, classes);
}

std::optional<StudyRows> apply_steps(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                                     CombinedModels& models) {
  std::optional<StudyRows> studies;
  if (plan.views) studies = join_views(arguments, plan, models);
  if (arguments.smooth) smooth(arguments, plan, models);
  if (plan.gate) gate(arguments, plan, models);
  return studies;
}

}  // namespace cxrlt::cli
