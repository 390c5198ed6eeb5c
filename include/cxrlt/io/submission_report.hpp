// SPDX-License-Identifier: Apache-2.0
/// The reports of `validate` for programs: JSON (`cxrlt-validate/1`) and CSV.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/submission_check.hpp"

namespace cxrlt {

/// What `--fix` did, for the reports.
struct RepairSummary {
  std::string file;  ///< base name of what was written; empty: nothing was
  std::vector<std::string> repairs;
  std::vector<std::string> obstacles;
  bool valid = false;  ///< the verdict on what was written
};

namespace detail {

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

/// The codes of a report with their severity, in its order.
inline std::vector<std::pair<Severity, std::string>> kinds_of(const SubmissionReport& report) {
  std::vector<std::pair<Severity, std::string>> kinds;
  for (const Problem& problem : report.problems) {
    const std::pair<Severity, std::string> kind{problem.severity, problem.code};
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
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
                     {"valid", repair.valid},
                     {"repairs", repair.repairs},
                     {"cannot_be_repaired", repair.obstacles}};
  }
  return detail::json_text(json);
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
  return detail::json_text(json);
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

}  // namespace cxrlt
