// SPDX-License-Identifier: Apache-2.0
/// Which team made which submission.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// The team of each file, from a CSV with the columns `file` and `team`. Files are known by their
/// base names, whatever folder stands before them.
/// @throws DataError for a file that cannot be read, `bad_header` without these columns,
/// `empty_cell`, and `duplicate_id` for a file that stands twice.
inline std::map<std::string, std::string> read_teams(const std::filesystem::path& path) {
  const ProblemSink sink = throw_errors([](const Problem&) {});
  const CsvTable table = parse_csv(read_input(path, sink).value(), sink).value();
  const std::size_t file_column = find_column(table.header(), "file");
  const std::size_t team_column = find_column(table.header(), "team");
  if (file_column == kNoColumn || team_column == kNoColumn) {
    throw DataError(detail::header_problem(table, "bad_header", kNoColumn,
                                           "expected the columns 'file' and 'team'"));
  }
  std::map<std::string, std::string> teams;
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    const auto refuse = [&](const char* code, std::size_t column, std::string message) {
      Problem problem;
      problem.code = code;
      problem.file = table.file();
      problem.line = table.line(row);
      problem.column = column + 1;
      problem.message = std::move(message);
      throw DataError(std::move(problem));
    };
    const std::string file(table.cell(row, file_column));
    const std::string team(table.cell(row, team_column));
    if (file.empty()) refuse("empty_cell", file_column, "the file is empty");
    if (team.empty()) refuse("empty_cell", team_column, "the team is empty");
    if (!teams.emplace(base_name(std::filesystem::path(file)), team).second) {
      refuse("duplicate_id", file_column, in_quotes(file) + " stands in this file twice");
    }
  }
  return teams;
}

}  // namespace cxrlt
