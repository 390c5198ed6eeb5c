// SPDX-License-Identifier: Apache-2.0
/// The page of `score` that a person reads: classes from most to least frequent, then groups and
/// averages, then what is undefined and why.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/io/detail/interval_section.hpp"
#include "cxrlt/io/detail/page_parts.hpp"
#include "cxrlt/io/detail/score_cells.hpp"
#include "cxrlt/io/detail/undefined_section.hpp"
#include "cxrlt/io/score_report.hpp"
#include "cxrlt/io/table.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/metric_table.hpp"
#include "cxrlt/uncertainty/bootstrap_interval.hpp"

namespace cxrlt {

namespace detail {

inline PageSection class_section(const ScoreReport& report) {
  const Evaluation& evaluation = report.evaluation;
  PageSection section;
  section.title = "Classes, from most to least frequent";
  const bool grouped_classes = !evaluation.groups.empty();
  section.table.columns = {{"class", Align::left}};
  if (grouped_classes) section.table.columns.push_back({"group", Align::left});
  for (const char* name : {"positives", "AP", "chance", "AUROC", "F1", "best F1", "at", "O/E"}) {
    section.table.columns.push_back({name});
  }
  bool any_few = false;
  bool any_off = false;
  for (const std::size_t c : by_frequency(evaluation.classes)) {
    const ClassEvaluation& one = evaluation.classes[c];
    const bool few = one.n_positive > 0 && one.n_positive < small_sample_positives;
    const std::string ratio = ratio_cell(one.values);
    any_few = any_few || few;
    any_off = any_off || ratio.back() == '!';
    std::vector<std::string> row{one.name};
    if (grouped_classes) row.push_back(one.group.empty() ? "-" : one.group);
    row.insert(row.end(),
               {grouped(one.n_positive) + (few ? "*" : " "), cell(one.values, "average_precision"),
                cell(one.values, "chance_average_precision"), cell(one.values, "auroc"),
                cell(one.values, "f1"), cell(one.values, "best_f1"),
                threshold_cell(one.values, "best_f1"), ratio});
    section.table.rows.push_back(std::move(row));
  }
  section.lines.push_back(
      "AP: average precision; chance: expected AP of a random order. F1 is at the threshold " +
      (report.thresholds.size() > 1
           ? std::string("given for each class")
           : threshold_text(report.thresholds.empty() ? 0.5 : report.thresholds.front(), 6)) +
      ";");
  section.lines.push_back(
      "best F1 at the threshold that suits this very data best: an upper bound, not a forecast.");
  section.lines.push_back(
      "O/E: positives observed over expected (the sum of the probabilities); 1 is right.");
  if (any_few) {
    section.lines.push_back(
        fmt::format("*  fewer than {} positives: AP is biased upwards and says little.",
                    small_sample_positives));
  }
  if (any_off) section.lines.push_back("!  the exact Poisson interval of O/E excludes 1.");
  return section;
}

template <class Values>
std::vector<std::string> average_row(std::string name, std::string classes, const Values& values,
                                     std::string ratio = "-") {
  return {std::move(name),
          std::move(classes),
          cell(values, "average_precision"),
          cell(values, "chance_average_precision"),
          cell(values, "auroc"),
          cell(values, "f1"),
          cell(values, "precision"),
          cell(values, "recall"),
          cell(values, "mcc"),
          cell(values, "ece"),
          std::move(ratio)};
}

/// How many classes the average precision rests on, of how many.
inline std::string classes_cell(const std::vector<NamedAverage>& values, std::size_t n_classes) {
  const NamedAverage* found = find_value(values, "average_precision");
  if (found == nullptr) return std::to_string(n_classes);
  return fmt::format("{} of {}", found->value.n_defined, found->value.n_classes);
}

inline PageSection average_section(const Evaluation& evaluation) {
  PageSection section;
  section.title = "Averages";
  section.table.columns = {{"", Align::left}, {"classes"}, {"AP"},  {"chance"}, {"AUROC"}, {"F1"},
                           {"precision"},     {"recall"},  {"MCC"}, {"ECE"},    {"O/E"}};
  const std::size_t n_classes = evaluation.classes.size();
  for (const GroupEvaluation& group : evaluation.groups) {
    section.table.rows.push_back(average_row(group.group.name,
                                             classes_cell(group.values, group.group.classes.size()),
                                             group.values, ratio_of_sums_cell(group.values)));
  }
  section.table.rows.push_back(
      average_row("macro", classes_cell(evaluation.macro, n_classes), evaluation.macro));
  section.table.rows.push_back(
      average_row("weighted", classes_cell(evaluation.weighted, n_classes), evaluation.weighted));
  section.table.rows.push_back(average_row("micro", std::to_string(n_classes), evaluation.micro,
                                           ratio_of_sums_cell(evaluation.pooled)));
  for (const GroupEvaluation& group : evaluation.groups) {
    section.lines.push_back(group.group.name + ": " + group.group.rule);
  }
  section.lines.push_back(
      "macro: every class counts the same; weighted: by positives; micro: all cells as one class.");
  section.lines.push_back("O/E of several classes is the ratio of their sums.");
  return section;
}

inline PageSection row_section(const Evaluation& evaluation) {
  PageSection section;
  section.title = "Whole rows, and all cells pooled";
  section.table.columns = {{"metric", Align::left}, {"value"}};
  for (const NamedValue& value : evaluation.rows) {
    section.table.rows.push_back({value.name, fixed(value.value)});
  }
  for (const NamedValue& value : evaluation.samples) {
    section.table.rows.push_back({"samples:" + value.name, fixed(value.value)});
  }
  for (const NamedValue& value : evaluation.pooled) {
    section.table.rows.push_back({"pooled:" + value.name, fixed(value.value)});
  }
  return section;
}

/// The values of one subgroup: those asked for by name, or the usual averages.
inline std::vector<std::string> subgroup_row(const SubgroupEvaluation& part) {
  std::vector<std::string> row;
  if (part.requested.empty()) {
    const Evaluation& values = part.evaluation;
    row = average_row(part.value, classes_cell(values.macro, values.classes.size()), values.macro,
                      ratio_of_sums_cell(values.pooled));
  } else {
    row = {part.value};
    for (const RequestedValue& value : part.requested) row.push_back(fixed(value.value));
  }
  if (part.value.empty()) row.front() = "(blank)";
  row.insert(row.begin() + 1, grouped(part.n_samples));
  return row;
}

/// The subgroups of one column.
inline PageSection subgroup_section(const ScoreReport& report, const std::string& column) {
  PageSection section;
  section.table.columns = {{column, Align::left}, {"rows"}};
  if (report.requested.empty()) {
    section.title = "By " + column + " (macro averages)";
    for (const char* name :
         {"classes", "AP", "chance", "AUROC", "F1", "precision", "recall", "MCC", "ECE", "O/E"}) {
      section.table.columns.push_back({name});
    }
  } else {
    section.title = "By " + column;
    for (const RequestedValue& value : report.requested) {
      section.table.columns.push_back({value.name});
    }
  }
  for (const SubgroupEvaluation& part : report.by) {
    if (part.column != column) continue;
    if (part.suppressed) {
      section.lines.push_back(
          fmt::format("{}: only {} rows; suppressed", part.value, part.n_samples));
    } else {
      section.table.rows.push_back(subgroup_row(part));
    }
  }
  if (report.requested.empty()) {
    section.lines.push_back(
        "Averages of subgroups run over different classes where 'classes' differs: compare with "
        "care.");
  }
  return section;
}

/// A section for each column that subgroups were made by.
inline void add_subgroup_sections(const ScoreReport& report, Page& page) {
  std::string column;
  for (const SubgroupEvaluation& part : report.by) {
    if (part.column == column) continue;
    column = part.column;
    page.sections.push_back(subgroup_section(report, column));
  }
}

inline PageSection requested_section(const ScoreReport& report) {
  PageSection section;
  const bool any_interval =
      std::any_of(report.requested.begin(), report.requested.end(),
                  [](const RequestedValue& value) { return value.resampled.has_value(); });
  section.table.columns = {{"metric", Align::left}, {"value"}};
  if (any_interval) section.table.columns.push_back({"interval "});
  section.table.columns.push_back({"classes"});
  section.table.columns.push_back({"note", Align::left});
  for (const RequestedValue& value : report.requested) {
    std::string note(to_string(value.value.why));
    if (value.threshold) note = "at " + threshold_text(*value.threshold, 6);
    if (value.resampled && value.resampled->small_sample) note = "few positives";
    std::vector<std::string> row{value.name, fixed(value.value, 6)};
    if (any_interval) row.push_back(interval_cell(value, 6));
    row.push_back(value.n_defined ? fmt::format("{} of {}", *value.n_defined, *value.n_classes)
                                  : "");
    row.push_back(note);
    section.table.rows.push_back(std::move(row));
  }
  return section;
}

inline PageSection headline_section(const Evaluation& evaluation) {
  PageSection section;
  section.table.columns = {{"macro average", Align::left}, {"value"}};
  for (const NamedAverage& value : evaluation.macro) {
    if (is_headline(value.name)) {
      section.table.rows.push_back({value.name, fixed(value.value.value, 6)});
    }
  }
  return section;
}

inline std::string page_title(const ScoreReport& report) {
  std::string title = files_of_title(report.inputs);
  title += fmt::format(": {} samples, {} classes", grouped(report.evaluation.n_samples),
                       report.evaluation.classes.size());
  if (report.profile) title += ", profile " + *report.profile;
  if (report.joined == "position") title += ", rows joined by position";
  return title;
}

}  // namespace detail

/// The page for a person. With values asked for by name, only those.
inline Page score_page(const ScoreReport& report) {
  Page page{detail::page_title(report), {}};
  if (!report.requested.empty()) {
    page.sections.push_back(detail::requested_section(report));
    detail::add_subgroup_sections(report, page);
  } else if (report.headline_only) {
    page.sections.push_back(detail::headline_section(report.evaluation));
  } else {
    page.sections.push_back(detail::class_section(report));
    page.sections.push_back(detail::average_section(report.evaluation));
    if (detail::has_intervals(report.evaluation)) {
      page.sections.push_back(detail::interval_section(report.evaluation, report.cluster));
    }
    page.sections.push_back(detail::row_section(report.evaluation));
    detail::add_subgroup_sections(report, page);
    detail::add_lines(detail::undefined_section(report), page);
  }
  detail::add_notes(report.notes, page);
  return page;
}

}  // namespace cxrlt
