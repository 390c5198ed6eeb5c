// SPDX-License-Identifier: Apache-2.0
/// Repairs what is certain in a submission: order, names, rounding beyond the range.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/challenge/submission.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/text.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/prediction_file.hpp"
#include "cxrlt/io/problem_list.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/io/submission_check.hpp"

namespace cxrlt {

/// A submission after repair, or what stands in its way.
struct RepairedSubmission {
  SubmissionReport before;             ///< of the file as it is
  std::vector<std::string> repairs;    ///< what was done, in words; may be empty
  std::vector<std::string> obstacles;  ///< codes of the problems that remain; empty: repaired
  std::string text;                    ///< the CSV; empty where something remains
};

namespace detail {

/// Problems that writing the file anew removes.
inline bool is_repairable(const Problem& problem) {
  return problem.code == "column_order_differs" || problem.code == "extra_column" ||
         problem.severity == Severity::note;
}

inline std::vector<std::string> find_obstacles(const SubmissionReport& report) {
  std::vector<std::string> codes;
  for (const Problem& problem : report.problems) {
    const bool counts = problem.severity == Severity::error ||
                        (report.strict && problem.severity == Severity::warning);
    if (!counts || is_repairable(problem)) continue;
    if (codes.empty() || codes.back() != problem.code) codes.push_back(problem.code);
  }
  return codes;
}

/// The names in a header line that have blanks around them; 0 where cells are quoted.
inline std::size_t count_padded_names(std::string_view header) {
  if (header.ends_with('\r')) header.remove_suffix(1);
  if (header.find('"') != std::string_view::npos) return 0;
  std::size_t n = 0;
  while (true) {
    const std::size_t comma = std::min(header.find(','), header.size());
    const std::string_view name = header.substr(0, comma);
    if (!trimmed(name).empty() && trimmed(name) != name) ++n;
    if (comma == header.size()) return n;
    header.remove_prefix(comma + 1);
  }
}

/// The CSV with the id first and the classes in order; numbers keep their text unless clipped.
inline std::string repaired_text(const CsvTable& table, const PredictionTable& predictions,
                                 const Profile& profile, std::size_t& n_clipped) {
  const std::size_t id_column = find_column(table.header(), predictions.id_column);
  std::string text = csv_cell(predictions.id_column);
  for (const std::string& name : predictions.classes) text += ',' + csv_cell(name);
  text += '\n';
  text.reserve(table.input().text.size() + text.size());
  std::vector<std::string_view> cells(table.n_columns());
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    CellCursor cursor = table.row(row);
    for (std::string_view& cell : cells) cell = cursor.next();
    text += csv_cell(cells[id_column]);
    for (std::size_t k = 0; k < predictions.classes.size(); ++k) {
      const double score = predictions.scores[k][row];
      text += ',';
      if (range_place(score, profile.lowest, profile.highest) == RangePlace::inside) {
        text += csv_cell(cells[predictions.class_columns[k]]);
      } else {
        text += fmt::format("{}", score < profile.lowest ? profile.lowest : profile.highest);
        ++n_clipped;
      }
    }
    text += '\n';
  }
  return text;
}

/// What was done to the columns, in words.
inline std::vector<std::string> column_repairs(const CsvTable& table,
                                               const PredictionTable& predictions) {
  std::vector<std::string> repairs;
  const std::size_t id_column = find_column(table.header(), predictions.id_column);
  std::vector<bool> used(table.n_columns(), false);
  used[id_column] = true;
  bool id_is_first = true;
  for (const std::size_t column : predictions.class_columns) {
    used[column] = true;
    id_is_first = id_is_first && id_column < column;
  }
  if (first_out_of_order(predictions.class_columns)) repairs.push_back("put the classes in order");
  if (!id_is_first) repairs.push_back("put the id column first");
  std::vector<std::string> named;
  std::size_t n_unnamed = 0;
  for (std::size_t c = 0; c < table.n_columns(); ++c) {
    if (used[c]) continue;
    if (table.header()[c].empty()) {
      ++n_unnamed;
    } else {
      named.push_back(in_quotes(table.header()[c]));
    }
  }
  if (!named.empty()) repairs.push_back("left out " + joined(named));
  if (n_unnamed > 0) {
    repairs.push_back(
        fmt::format("left out {} unnamed column{}", n_unnamed, n_unnamed == 1 ? "" : "s"));
  }
  return repairs;
}

inline RepairedSubmission repair_read(std::optional<InputFile> input, ProblemList& problems,
                                      const std::string& file, const SubmissionOptions& options,
                                      const Cpu& policy) {
  RepairedSubmission repaired;
  const FileBytes original = input ? input->text : FileBytes();
  const CheckedSubmission checked = check_read(std::move(input), problems, file, options, policy);
  repaired.before = checked.report;
  repaired.obstacles = find_obstacles(checked.report);
  if (!repaired.obstacles.empty()) return repaired;

  const CsvTable& table = checked.table.value();
  const PredictionTable& predictions = checked.predictions.value();
  repaired.repairs = column_repairs(table, predictions);
  const std::string_view header = original.view().substr(0, original.view().find('\n'));
  if (const std::size_t n = count_padded_names(header); n > 0) {
    repaired.repairs.push_back(fmt::format("trimmed {} name{}", n, n == 1 ? "" : "s"));
  }
  std::size_t n_clipped = 0;
  repaired.text = repaired_text(table, predictions, options.profile, n_clipped);
  if (n_clipped > 0) {
    repaired.repairs.push_back(fmt::format("clipped {} score{} to the range {}", n_clipped,
                                           n_clipped == 1 ? "" : "s", range_text(options.profile)));
  }
  if (repaired.repairs.empty() && repaired.text != original.view()) {
    repaired.repairs.push_back("made blanks, quotes and line ends uniform");
  }
  return repaired;
}

}  // namespace detail

/// Repairs a submission where that is certain: classes in order, the id column first, names and
/// cells without blanks around them, scores within 1e-6 of the range clipped to it, columns that
/// are neither id nor class left out. Every other number keeps its text, every row its place.
/// Errors of any kind (with `strict` also the other warnings) are obstacles: then there is no text.
inline RepairedSubmission repair_submission(const std::filesystem::path& path,
                                            const SubmissionOptions& options,
                                            const Cpu& policy = {}) {
  ProblemList problems;
  std::optional<InputFile> input = read_input(path, problems.sink(), policy);
  return detail::repair_read(std::move(input), problems, base_name(path), options, policy);
}

/// Repairs a text as if it stood in a file of that name; as `repair_submission`.
inline RepairedSubmission repair_submission_text(const std::string& file, std::string text,
                                                 const SubmissionOptions& options,
                                                 const Cpu& policy = {}) {
  ProblemList problems;
  std::optional<InputFile> input =
      unpack_input({file, std::move(text)}, problems.sink(), kUnpackLimit, policy);
  return detail::repair_read(std::move(input), problems, file, options, policy);
}

}  // namespace cxrlt
