// SPDX-License-Identifier: Apache-2.0
/// What a submission is checked against.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/challenge/profile.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/input_file.hpp"

namespace cxrlt {

/// The ids that a submission must have, and where they stand.
struct WantedIds {
  std::string file;  ///< base name
  std::vector<std::string> ids;
  std::vector<std::size_t> lines;  ///< 1-based, of each id
};

/// How submissions are checked.
struct SubmissionOptions {
  Profile profile;  ///< `classes` are required; `name` is empty where only classes were given
  std::optional<WantedIds> wanted_ids;
  bool strict = false;      ///< warnings make a submission invalid, too
  bool redact_ids = false;  ///< no id in messages and reports
};

/// A profile for other classes: counts and swap pairs of those that stay, no groups.
inline Profile with_classes(const Profile& profile, const std::vector<std::string>& classes) {
  Profile other = profile;
  other.classes = classes;
  other.train_counts.clear();
  for (const std::string& name : classes) {
    if (!profile.train_counts.empty()) other.train_counts.push_back(train_count(profile, name));
  }
  other.grouping = {};
  other.alternative_groupings.clear();
  other.swap_pairs.clear();
  const auto stays = [&](const std::string& name) {
    return find_column(classes, name) != kNoColumn;
  };
  for (const SwapPair& pair : profile.swap_pairs) {
    if (stays(pair.first) && stays(pair.second)) other.swap_pairs.push_back(pair);
  }
  if (!stays(other.normal_class)) other.normal_class.clear();
  return other;
}

/// The ids in a CSV: its column named as the id column or an alias, else its first named column. An
/// id that stands there several times counts once. @throws DataError where the file cannot be read,
/// is malformed or has an empty id.
inline WantedIds read_wanted_ids(const std::filesystem::path& path, const IdOptions& options) {
  const ProblemSink sink = throw_errors([](const Problem&) {});
  const CsvTable table = parse_csv(read_input(path, sink).value(), sink).value();
  IdOptions wanted = options;
  const auto stands = [&table](const std::string& name) {
    return !name.empty() && find_column(table.header(), name) != kNoColumn;
  };
  bool any = stands(options.id_column);
  for (const std::string& alias : options.id_aliases) any = any || stands(alias);
  if (!any) wanted = {};
  const std::size_t column = find_id_column(table, wanted, {}, sink);
  WantedIds ids{table.file(), {}, {}};
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    if (table.cell(row, column).empty()) {
      Problem problem = detail::file_problem(table.file(), "empty_cell", "the id is empty");
      problem.line = table.line(row);
      problem.column = column + 1;
      throw DataError(std::move(problem));
    }
    ids.ids.emplace_back(table.cell(row, column));
    ids.lines.push_back(table.line(row));
  }
  return ids;
}

}  // namespace cxrlt
