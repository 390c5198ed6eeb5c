// SPDX-License-Identifier: Apache-2.0
/// The reports of `validate`: JSON (`cxrlt-validate/1`), CSV, and a page for people.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/detail/submission_advice.hpp"
#include "cxrlt/io/submission_check.hpp"
#include "cxrlt/io/table.hpp"

namespace cxrlt {

/// What `--fix` did, for the reports.
struct RepairSummary {
  std::string file;  ///< base name of what was written; empty: nothing was
  std::vector<std::string> repairs;
  std::vector<std::string> obstacles;
};

namespace detail {

using Json = nlohmann::ordered_json;

inline Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

inline Json number_or_null(std::size_t number) {
  return number == 0 ? Json(nullptr) : Json(number);
}

inline Json problem_json(const Problem& problem) {
  Json json;
  json["severity"] = std::string(to_string(problem.severity));
  json["code"] = problem.code;
  json["count"] = problem.count;
  json["class"] = text_or_null(problem.class_name);
  json["line"] = number_or_null(problem.line);
  json["column"] = number_or_null(problem.column);
  json["id"] = text_or_null(problem.id);
  json["message"] = problem.message;
  return json;
}

inline Json report_json(const SubmissionReport& report) {
  Json json;
  json["schema"] = "cxrlt-validate/1";
  json["file"] = report.file;
  json["profile"] = text_or_null(report.profile);
  json["valid"] = report.valid;
  json["strict"] = report.strict;
  json["ids_checked"] = report.ids_checked;
  json["n_rows"] = report.n_rows;
  json["n_columns"] = report.n_columns;
  json["n_errors"] = report.n_errors;
  json["n_warnings"] = report.n_warnings;
  json["problems"] = Json::array();
  for (const Problem& problem : report.problems) json["problems"].push_back(problem_json(problem));
  return json;
}

/// Text that comes from a file name may not be UTF-8; it is shown with replacement characters.
inline std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

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

/// The codes of a report with their severity, in its order.
inline std::vector<std::pair<Severity, std::string>> kinds_of(const SubmissionReport& report) {
  std::vector<std::pair<Severity, std::string>> kinds;
  for (const Problem& problem : report.problems) {
    const std::pair<Severity, std::string> kind{problem.severity, problem.code};
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
}

/// One kind of problem: where and what, and what to do about it.
inline PageSection section_of(const SubmissionReport& report, Severity severity,
                              const std::string& code) {
  PageSection section;
  section.table.columns = {{"where", Align::left}, {"what", Align::left}};
  std::size_t n = 0;
  for (const Problem& problem : report.problems) {
    if (problem.severity != severity || problem.code != code) continue;
    n += problem.count;
    section.table.rows.push_back({place_of(problem), problem.message});
  }
  section.title =
      fmt::format("{} {}{}", to_string(severity), code, n == 1 ? "" : " (" + grouped(n) + ")");
  if (severity != Severity::note) section.lines.push_back(std::string(advice_for(code)));
  return section;
}

inline std::string counts_text(const SubmissionReport& report) {
  return plural(report.n_errors, "error") + ", " + plural(report.n_warnings, "warning");
}

inline std::string verdict_of(const SubmissionReport& report) {
  const std::string against =
      report.profile.empty() ? "the given classes" : "profile " + report.profile;
  if (report.valid) {
    return fmt::format("{}: VALID by the published rules ({})", report.file, against);
  }
  return fmt::format("{}: NOT VALID ({}): {}{}", report.file, against, counts_text(report),
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
  }
  page.sections.push_back(std::move(section));
}

/// The codes of errors and warnings, for a line of a summary.
inline std::string codes_of(const SubmissionReport& report) {
  std::string codes;
  for (const auto& [severity, code] : kinds_of(report)) {
    if (severity == Severity::note || (" " + codes + " ").find(" " + code + " ") != codes.npos) {
      continue;
    }
    codes += (codes.empty() ? "" : " ") + code;
  }
  return codes;
}

inline std::size_t count_valid(const std::vector<SubmissionReport>& reports) {
  return static_cast<std::size_t>(std::count_if(
      reports.begin(), reports.end(), [](const SubmissionReport& report) { return report.valid; }));
}

}  // namespace detail

/// The JSON of one submission. With `repair`, `fixed` says what `--fix` wrote.
inline std::string submission_json(const SubmissionReport& report, const RepairSummary& repair) {
  detail::Json json = detail::report_json(report);
  if (!repair.file.empty() || !repair.obstacles.empty()) {
    json["fixed"] = {{"file", detail::text_or_null(repair.file)},
                     {"repairs", repair.repairs},
                     {"cannot_be_repaired", repair.obstacles}};
  }
  return detail::dumped(json);
}

/// The JSON of several submissions: `files` holds the JSON of each, in order.
inline std::string submissions_json(const std::vector<SubmissionReport>& reports) {
  detail::Json json;
  json["schema"] = "cxrlt-validate-summary/1";
  json["valid"] = detail::count_valid(reports) == reports.size();
  json["n_files"] = reports.size();
  json["n_valid"] = detail::count_valid(reports);
  json["files"] = detail::Json::array();
  for (const SubmissionReport& report : reports) {
    json["files"].push_back(detail::report_json(report));
  }
  return detail::dumped(json);
}

/// One submission as CSV, a problem a line.
inline std::string submission_csv(const SubmissionReport& report) {
  std::string text = "file,severity,code,count,class,line,column,id,message\n";
  const auto number = [](std::size_t value) { return value == 0 ? "" : std::to_string(value); };
  for (const Problem& problem : report.problems) {
    text += csv_cell(report.file) + ',' + std::string(to_string(problem.severity)) + ',' +
            csv_cell(problem.code) + ',' + std::to_string(problem.count) + ',' +
            csv_cell(problem.class_name) + ',' + number(problem.line) + ',' +
            number(problem.column) + ',' + csv_cell(problem.id) + ',' + csv_cell(problem.message) +
            '\n';
  }
  return text;
}

/// Several submissions as CSV, one a line; `problems` lists the codes of errors and warnings.
inline std::string submissions_csv(const std::vector<SubmissionReport>& reports) {
  std::string text = "file,valid,ids_checked,n_rows,n_columns,n_errors,n_warnings,problems\n";
  for (const SubmissionReport& report : reports) {
    text += fmt::format("{},{},{},{},{},{},{},{}\n", csv_cell(report.file), report.valid,
                        report.ids_checked, report.n_rows, report.n_columns, report.n_errors,
                        report.n_warnings, csv_cell(detail::codes_of(report)));
  }
  return text;
}

/// One submission as a page: the verdict, what was not checked, each kind of problem with advice.
inline Page submission_page(const SubmissionReport& report, const RepairSummary& repair) {
  Page page;
  page.title = detail::verdict_of(report);
  PageSection about;
  about.lines.push_back(fmt::format("{}, {}; {}", detail::plural(report.n_rows, "row"),
                                    detail::plural(report.n_columns, "column"),
                                    detail::counts_text(report)));
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

/// Several submissions as a page, one a line.
inline Page submissions_page(const std::vector<SubmissionReport>& reports) {
  Page page;
  const std::size_t n_valid = detail::count_valid(reports);
  page.title = fmt::format("{} of {} valid by the published rules", grouped(n_valid),
                           detail::plural(reports.size(), "submission"));
  PageSection section;
  section.table.columns = {{"file", Align::left}, {"verdict", Align::left}, {"rows"}, {"errors"},
                           {"warnings"},          {"problems", Align::left}};
  bool ids_checked = true;
  for (const SubmissionReport& report : reports) {
    ids_checked = ids_checked && report.ids_checked;
    section.table.rows.push_back({report.file, report.valid ? "valid" : "NOT VALID",
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
