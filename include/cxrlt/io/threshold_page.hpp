// SPDX-License-Identifier: Apache-2.0
/// What a search for thresholds found, class by class.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/detail/page_parts.hpp"
#include "cxrlt/io/table.hpp"
#include "cxrlt/thresholds/threshold_set.hpp"

namespace cxrlt {

/// A set of thresholds, and the data that it was chosen on.
struct ThresholdReport {
  std::vector<InputInfo> inputs;
  std::size_t n_samples = 0;
  ThresholdSet set;
  std::vector<Problem> notes;
};

namespace detail {

/// What the objective's value is called in a table.
inline std::string objective_column(const Objective& objective) {
  switch (objective.kind) {
    case ObjectiveKind::recall_at_least:
      return "precision";
    case ObjectiveKind::precision_at_least:
    case ObjectiveKind::specificity_at_least:
      return "recall";
    case ObjectiveKind::cardinality:
      return "predicted share";
    default:
      return objective_text(objective);
  }
}

/// What all classes together attain, by name.
inline std::string joint_name(const ThresholdSet& set) {
  if (set.options.objective.kind == ObjectiveKind::cardinality) return "predictions per row";
  return (set.scope == ThresholdScope::micro ? "micro " : "macro ") +
         objective_text(set.options.objective);
}

inline PageSection threshold_section(const ThresholdSet& set) {
  PageSection section;
  section.table.columns = {{"class", Align::left},  {"positives"},
                           {"method", Align::left}, {"threshold"},
                           {"predicted"},           {objective_column(set.options.objective)},
                           {"cross-validated"}};
  for (std::size_t k = 0; k < set.classes.size(); ++k) {
    const ChosenThreshold& one = set.classes[k];
    const bool chosen = one.attainable && (one.n_positive > 0 || !is_infinite(one.threshold));
    section.table.rows.push_back(
        {set.class_names[k], grouped(one.n_positive),
         !chosen         ? "-"
         : set.guarantee ? "certified"
                         : std::string(to_string(one.method)),
         is_infinite(one.threshold) ? "none" : fmt::format("{:.6g}", one.threshold),
         grouped(one.n_predicted), fixed(one.apparent), fixed(one.cross_validated)});
  }
  if (set.joint) {
    const JointValue& joint = *set.joint;
    section.lines.push_back(
        fmt::format("{}: {}, cross-validated {}{}", joint_name(set), fixed(joint.apparent),
                    fixed(joint.cross_validated),
                    joint.wanted ? fmt::format("; labels per row: {:.3f}", *joint.wanted) : ""));
  }
  section.lines.push_back(
      fmt::format("'cross-validated' is what thresholds attain on rows that had no part in their "
                  "choice, in {} folds.",
                  set.options.folds.n_folds));
  return section;
}

/// What is guaranteed, and under which condition.
inline PageSection guarantee_section(const PrecisionGuarantee& guarantee) {
  PageSection section;
  section.title = "Guarantee";
  section.lines.push_back(fmt::format(
      "With probability {:.6g} a certified class has precision {} or more on new rows like these.",
      1 - guarantee.delta, guarantee.precision));
  section.lines.push_back(
      fmt::format("It needs independent rows (one per patient) and at least {} predictions, all "
                  "right.",
                  needed_predictions(guarantee)));
  section.lines.push_back("It is of each class alone.");
  return section;
}

/// Why a class predicts nothing.
inline std::string unattained_line(const ThresholdSet& set, std::size_t k) {
  const ChosenThreshold& one = set.classes[k];
  if (one.n_positive == 0) return "no positives; nothing is predicted";
  const std::string objective = objective_text(set.options.objective);
  if (!set.guarantee) return "no threshold reaches " + objective + "; nothing is predicted";
  const CertifiedThreshold& certificate = set.certificates[k];
  if (one.n_positive < certificate.n_needed) {
    return fmt::format(
        "needs at least {} right predictions, has {} positives; nothing is predicted",
        certificate.n_needed, one.n_positive);
  }
  return fmt::format("{} is not certified (p = {:.3g} at the first test); nothing is predicted",
                     objective, certificate.p_value);
}

inline PageSection unattained_section(const ThresholdSet& set) {
  PageSection section;
  for (std::size_t k = 0; k < set.classes.size(); ++k) {
    const ChosenThreshold& one = set.classes[k];
    if (!is_infinite(one.threshold) || (one.n_positive > 0 && one.attainable)) continue;
    section.lines.push_back(set.class_names[k] + ": " + unattained_line(set, k));
  }
  if (!section.lines.empty()) section.title = "Without a threshold";
  return section;
}

}  // namespace detail

/// The page for a person.
inline Page threshold_page(const ThresholdReport& report) {
  Page page;
  page.title = detail::files_of_title(report.inputs);
  page.title +=
      fmt::format(": {} samples, {} classes, thresholds for {}", grouped(report.n_samples),
                  report.set.classes.size(), objective_text(report.set.options.objective));
  if (report.set.scope != ThresholdScope::each_class) {
    page.title += ", scope " + std::string(to_string(report.set.scope));
  }
  page.sections.push_back(detail::threshold_section(report.set));
  if (report.set.guarantee) {
    page.sections.push_back(detail::guarantee_section(*report.set.guarantee));
  }
  detail::add_lines(detail::unattained_section(report.set), page);
  detail::add_notes(report.notes, page);
  return page;
}

/// One class a line: `class,n_positive,n_negative,method,threshold,n_predicted,apparent,
/// cross_validated,scope,delta,needed_predictions,certified`; `inf` is a threshold that nothing
/// reaches, values that do not exist are empty, and so are the last three without a guarantee.
/// Where all classes were chosen for together, a last line without a class has their values.
inline std::string threshold_csv(const ThresholdReport& report) {
  const ThresholdSet& set = report.set;
  std::string text =
      "class,n_positive,n_negative,method,threshold,n_predicted,apparent,cross_validated,scope,"
      "delta,needed_predictions,certified\n";
  const auto cell = [](const MetricValue& value) {
    return value.defined() ? fmt::format("{}", value.value) : std::string();
  };
  for (std::size_t k = 0; k < set.classes.size(); ++k) {
    const ChosenThreshold& one = set.classes[k];
    text += csv_cell(set.class_names[k]) +
            fmt::format(",{},{},{},{},{},{},{},{},", one.n_positive, one.n_negative,
                        to_string(one.method), one.threshold, one.n_predicted, cell(one.apparent),
                        cell(one.cross_validated), to_string(set.scope));
    text += set.guarantee ? fmt::format("{},{},{}\n", set.guarantee->delta,
                                        set.certificates[k].n_needed, set.certificates[k].certified)
                          : std::string(",,\n");
  }
  if (set.joint) {
    text += fmt::format(",,,,,,{},{},{},,,\n", cell(set.joint->apparent),
                        cell(set.joint->cross_validated), to_string(set.scope));
  }
  return text;
}

}  // namespace cxrlt
