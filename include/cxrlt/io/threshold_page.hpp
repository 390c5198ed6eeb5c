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
    default:
      return objective_text(objective);
  }
}

inline PageSection threshold_section(const ThresholdSet& set) {
  PageSection section;
  section.table.columns = {{"class", Align::left},  {"positives"},
                           {"method", Align::left}, {"threshold"},
                           {"predicted"},           {objective_column(set.options.objective)},
                           {"cross-validated"}};
  for (std::size_t k = 0; k < set.classes.size(); ++k) {
    const ChosenThreshold& one = set.classes[k];
    const bool chosen = one.attainable && one.n_positive > 0;
    section.table.rows.push_back(
        {set.class_names[k], grouped(one.n_positive),
         chosen ? std::string(to_string(one.method)) : "-",
         is_infinite(one.threshold) ? "none" : fmt::format("{:.6g}", one.threshold),
         grouped(one.n_predicted), fixed(one.apparent), fixed(one.cross_validated)});
  }
  section.lines.push_back(
      fmt::format("'cross-validated' is what thresholds attain on rows that had no part in their "
                  "choice, in {} folds.",
                  set.options.folds.n_folds));
  return section;
}

inline PageSection unattained_section(const ThresholdSet& set) {
  PageSection section;
  for (std::size_t k = 0; k < set.classes.size(); ++k) {
    const ChosenThreshold& one = set.classes[k];
    if (one.n_positive == 0) {
      section.lines.push_back(set.class_names[k] + ": no positives; nothing is predicted");
    } else if (!one.attainable) {
      section.lines.push_back(set.class_names[k] + ": no threshold reaches " +
                              objective_text(set.options.objective) + "; nothing is predicted");
    }
  }
  if (!section.lines.empty()) section.title = "Without a threshold";
  return section;
}

}  // namespace detail

/// The page for a person.
inline Page threshold_page(const ThresholdReport& report) {
  Page page;
  for (const InputInfo& input : report.inputs) {
    if (input.role == "predictions") page.title = input.file;
    if (input.role == "truth") page.title += " against " + input.file;
  }
  page.title +=
      fmt::format(": {} samples, {} classes, thresholds for {}", grouped(report.n_samples),
                  report.set.classes.size(), objective_text(report.set.options.objective));
  page.sections.push_back(detail::threshold_section(report.set));
  PageSection unattained = detail::unattained_section(report.set);
  if (!unattained.lines.empty()) page.sections.push_back(std::move(unattained));
  PageSection notes;
  for (const Problem& note : report.notes) notes.lines.push_back(describe(note));
  if (!notes.lines.empty()) {
    notes.title = "Notes";
    page.sections.push_back(std::move(notes));
  }
  return page;
}

/// One class a line: `class,n_positive,n_negative,method,threshold,n_predicted,apparent,
/// cross_validated`; `inf` is a threshold that nothing reaches, values that do not exist are empty.
inline std::string threshold_csv(const ThresholdReport& report) {
  std::string text =
      "class,n_positive,n_negative,method,threshold,n_predicted,apparent,cross_validated\n";
  const auto cell = [](const MetricValue& value) {
    return value.defined() ? fmt::format("{}", value.value) : std::string();
  };
  for (std::size_t k = 0; k < report.set.classes.size(); ++k) {
    const ChosenThreshold& one = report.set.classes[k];
    text += csv_cell(report.set.class_names[k]) +
            fmt::format(",{},{},{},{},{},{},{}\n", one.n_positive, one.n_negative,
                        to_string(one.method), one.threshold, one.n_predicted, cell(one.apparent),
                        cell(one.cross_validated));
  }
  return text;
}

}  // namespace cxrlt
