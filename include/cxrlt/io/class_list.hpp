// SPDX-License-Identifier: Apache-2.0
/// A list of class names, as given to `--classes`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// The names in a text file, one or several a line, separated by commas, quoted as in CSV where
/// needed; blank lines and what stands around a name do not count. Reports what `read_input`
/// reports, `bad_header` for a faulty quote, `duplicate_column` for a name that stands twice, and
/// `empty_file` where there is none.
inline std::optional<std::vector<std::string>> read_class_file(const std::filesystem::path& path,
                                                               const ProblemSink& sink) {
  std::optional<InputFile> input = read_input(path, sink);
  if (!input) return std::nullopt;
  const std::string_view text = input->text;
  detail::CsvCursor cursor{text.data(), text.data() + text.size()};
  std::vector<std::string> classes;
  std::vector<detail::RawCell> cells;
  std::unordered_set<std::string> names;
  while (cursor.at != cursor.end) {
    const std::size_t line = cursor.line;
    cells.clear();
    const detail::RecordResult result = detail::read_record(cursor, cells);
    if (result.fault != detail::QuoteFault::none) {
      sink(detail::quote_problem(*input, "bad_header", result));
      return std::nullopt;
    }
    for (const detail::RawCell& cell : cells) {
      std::string name = detail::unescaped(cell);
      if (name.empty()) continue;
      if (!names.insert(name).second) {
        Problem problem = detail::csv_problem(*input, "duplicate_column", line,
                                              "the class " + in_quotes(name) + " is named twice");
        problem.class_name = std::move(name);
        sink(std::move(problem));
      } else {
        classes.push_back(std::move(name));
      }
    }
  }
  if (classes.empty()) {
    sink(detail::csv_problem(*input, "empty_file", 0, "there is no class name"));
    return std::nullopt;
  }
  return classes;
}

/// The classes of an argument `a,b,c` or `@FILE` (see `read_class_file`), trimmed. Throws
/// `InvalidArgument` for an empty name or one that stands twice in `a,b,c`.
inline std::optional<std::vector<std::string>> read_class_list(std::string_view argument,
                                                               const ProblemSink& sink) {
  if (argument.starts_with('@')) return read_class_file(argument.substr(1), sink);
  std::vector<std::string> classes;
  while (true) {
    const std::size_t comma = std::min(argument.find(','), argument.size());
    const std::string_view name = trimmed(argument.substr(0, comma));
    if (name.empty()) throw InvalidArgument("an empty name in the list of classes");
    if (std::find(classes.begin(), classes.end(), name) != classes.end()) {
      throw InvalidArgument("the class " + in_quotes(name) + " is named twice");
    }
    classes.emplace_back(name);
    if (comma == argument.size()) return classes;
    argument.remove_prefix(comma + 1);
  }
}

}  // namespace cxrlt
