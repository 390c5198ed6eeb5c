// SPDX-License-Identifier: Apache-2.0
/// The reports of `validate` for people: the verdict, the problems, what to do about them.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/detail/submission_advice.hpp"
#include "cxrlt/io/submission_check.hpp"
#include "cxrlt/io/submission_report.hpp"
#include "cxrlt/io/table.hpp"

namespace cxrlt {

namespace detail {

inline std::string plural(std::size_t n, const std::string& what) {
  return grouped(n) + " " + what + (n == 1 ? "" : "s");
}

/// Where a problem stands, in words; empty for a whole file.
inline std::string place_of(const Problem& problem) {
  std::string place;
  const auto add = [&place](const std::string& part) {
    place += (place.empty() ? "" : ", ") + part;
  };
  if (problem.line > 0) add("line " + std::to_string(problem.line));
  if (problem.column > 0) add("column " + std::to_string(problem.column));
  if (!problem.class_name.empty()) add(problem.class_name);
  if (!problem.id.empty()) add("id " + problem.id);
  return place;
}

/// The problems of one kind.
inline std::vector<const Problem*> problems_of(const SubmissionReport& report, Severity severity,
                                               const std::string& code) {
  std::vector<const Problem*> problems;
  for (const Problem& problem : report.problems) {
    if (problem.severity == severity && problem.code == code) problems.push_back(&problem);
  }
  return problems;
}

/// Do all of these say the same of a class each? The last may stand for the rest.
inline bool say_the_same_of_classes(const std::vector<const Problem*>& problems) {
  return std::all_of(problems.begin(), problems.end(), [&](const Problem* problem) {
    const bool is_rest = problem != problems.front() && problem == problems.back() &&
                         problem->line == 0 && problem->id.empty() && problem->class_name.empty();
    return is_rest || (problem->message == problems.front()->message && problem->line == 1 &&
                       !problem->class_name.empty());
  });
}

/// The classes of some problems in a line; the last entry may stand for the rest.
inline std::string classes_in(const std::vector<const Problem*>& problems) {
  std::string text;
  for (const Problem* problem : problems) {
    text += text.empty() ? "in " : ", ";
    text += problem->class_name.empty() ? problem->message : problem->class_name;
  }
  return text;
}

/// One kind of problem: where and what, and what to do about it.
inline PageSection section_of(const SubmissionReport& report, Severity severity,
                              const std::string& code) {
  const std::vector<const Problem*> problems = problems_of(report, severity, code);
  PageSection section;
  std::size_t n = 0;
  for (const Problem* problem : problems) n += problem->count;
  section.title =
      fmt::format("{} {}{}", to_string(severity), code, n == 1 ? "" : " (" + grouped(n) + ")");
  if (problems.size() > 1 && say_the_same_of_classes(problems)) {
    section.lines = {problems.front()->message, classes_in(problems)};
  } else {
    section.table.columns = {{"where", Align::left}, {"what", Align::left}};
    for (const Problem* problem : problems) {
      section.table.rows.push_back({place_of(*problem), problem->message});
    }
  }
  if (severity != Severity::note) {
    section.lines.push_back("What to do: " + std::string(advice_for(code)));
  }
  return section;
}

inline std::string counts_text(const SubmissionReport& report) {
  return plural(report.n_errors, "error") + ", " + plural(report.n_warnings, "warning");
}

inline std::string verdict_of(const SubmissionReport& report) {
  const std::string against =
      report.profile.empty() ? "the given classes" : "profile " + report.profile;
  const char* verdict = report.valid ? "VALID by the published rules" : "NOT VALID";
  return fmt::format("{}: {} ({}): {}{}", report.file, verdict, against, counts_text(report),
                     report.strict ? "; warnings count as errors (--strict)" : "");
}

inline std::string ids_text(const SubmissionReport& report) {
  if (report.ids_checked) return "The ids are those of the list given.";
  return "The ids were NOT checked against a list: give one with --ids FILE.";
}

inline bool has_id_difference(const SubmissionReport& report) {
  return std::any_of(report.problems.begin(), report.problems.end(), [](const Problem& problem) {
    return problem.code == "missing_id" || problem.code == "extra_id";
  });
}

inline void add_repair(Page& page, const RepairSummary& repair) {
  if (repair.repairs.empty() && repair.obstacles.empty() && repair.file.empty()) return;
  PageSection section;
  if (repair.file.empty()) {
    section.title = "Not repaired: nothing was written";
    for (const std::string& code : repair.obstacles) {
      section.lines.push_back(code + " cannot be repaired with certainty");
    }
  } else {
    section.title = "Repaired: " + repair.file;
    section.lines = repair.repairs;
    if (section.lines.empty()) section.lines = {"there was nothing to repair"};
    section.lines.push_back(repair.valid ? "The repaired file is VALID by the published rules."
                                         : "The repaired file is NOT VALID.");
  }
  page.sections.push_back(std::move(section));
}

}  // namespace detail

/// One submission as a page: the verdict, what was not checked, each kind of problem with advice.
inline Page submission_page(const SubmissionReport& report, const RepairSummary& repair) {
  Page page;
  page.title = detail::verdict_of(report);
  PageSection about;
  about.lines.push_back(detail::plural(report.n_rows, "row") + ", " +
                        detail::plural(report.n_columns, "column"));
  if (!report.ids_checked || !detail::has_id_difference(report)) {
    about.lines.push_back(detail::ids_text(report));
  }
  page.sections.push_back(std::move(about));
  for (const auto& [severity, code] : detail::kinds_of(report)) {
    page.sections.push_back(detail::section_of(report, severity, code));
  }
  detail::add_repair(page, repair);
  return page;
}

namespace detail {

/// The names of the files; those that several bear are numbered in order: `sub.csv (2)`.
inline std::vector<std::string> numbered_names(const std::vector<SubmissionReport>& reports) {
  std::unordered_map<std::string, std::size_t> n_files;
  for (const SubmissionReport& report : reports) ++n_files[report.file];
  std::unordered_map<std::string, std::size_t> n_seen;
  std::vector<std::string> names;
  for (const SubmissionReport& report : reports) {
    names.push_back(report.file);
    if (n_files[report.file] > 1) names.back() += fmt::format(" ({})", ++n_seen[report.file]);
  }
  return names;
}

}  // namespace detail

/// Several submissions as a page, one a line; files of one name are numbered in the order given.
inline Page submissions_page(const std::vector<SubmissionReport>& reports) {
  Page page;
  const std::size_t n_valid = detail::count_valid(reports);
  page.title = fmt::format("{} of {} valid by the published rules", grouped(n_valid),
                           detail::plural(reports.size(), "submission"));
  PageSection section;
  section.table.columns = {{"file", Align::left}, {"verdict", Align::left}, {"rows"}, {"errors"},
                           {"warnings"},          {"problems", Align::left}};
  bool ids_checked = true;
  const std::vector<std::string> names = detail::numbered_names(reports);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const SubmissionReport& report = reports[i];
    ids_checked = ids_checked && report.ids_checked;
    section.table.rows.push_back({names[i], report.valid ? "valid" : "NOT VALID",
                                  grouped(report.n_rows), grouped(report.n_errors),
                                  grouped(report.n_warnings), detail::codes_of(report)});
  }
  section.lines.push_back(ids_checked
                              ? "The ids were checked against the list given."
                              : "The ids of some or all files were NOT checked against a list "
                                "(--ids FILE).");
  page.sections.push_back(std::move(section));
  return page;
}

}  // namespace cxrlt
