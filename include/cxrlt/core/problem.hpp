// SPDX-License-Identifier: Apache-2.0
/// What can be wrong with a file, and where: one form for every reader and every check.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/text.hpp"

namespace cxrlt {

/// How bad a problem is: an error forbids a result, a warning does not, a note is for information.
enum class Severity : std::uint8_t { error, warning, note };

/// The stable name of a severity: `error`, `warning` or `note`.
constexpr std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "";
}

/// One thing that a reader or a check found. Places that do not apply are 0 or empty.
struct Problem {
  Severity severity = Severity::error;
  std::string code;        ///< stable name, e.g. `missing_class`
  std::string file;        ///< base name, never a path
  std::size_t line = 0;    ///< 1-based line of the file
  std::size_t column = 0;  ///< 1-based column (cell) of the line
  std::string class_name;
  std::string id;
  std::string message;    ///< what was found and what was expected, in plain words
  std::size_t count = 1;  ///< how many occurrences this entry stands for
};

/// Takes the problems of a reader one by one, in file order. It may throw to stop at the first.
using ProblemSink = std::function<void(Problem)>;

/// A problem in one line: `file, line 3, column 4, class 'Mass', id 'x': message`. Names come from
/// files, so control characters become '?'.
inline std::string describe(const Problem& problem) {
  std::string place = problem.file;
  const auto add = [&place](const std::string& part) {
    if (!place.empty()) place += ", ";
    place += part;
  };
  if (problem.line > 0) add("line " + std::to_string(problem.line));
  if (problem.column > 0) add("column " + std::to_string(problem.column));
  if (!problem.class_name.empty()) add("class '" + problem.class_name + "'");
  if (!problem.id.empty()) add("id '" + problem.id + "'");
  return printable(place.empty() ? problem.message : place + ": " + problem.message);
}

/// Data in a file that cannot be used; carries the file, the place and what was expected.
class DataError : public Error {
 public:
  explicit DataError(Problem problem) : Error(describe(problem)), problem_(std::move(problem)) {}

  /// The problem, with its place.
  const Problem& problem() const { return problem_; }

 private:
  Problem problem_;
};

/// A sink that throws the first error as `DataError` and hands everything milder to `others`.
inline ProblemSink throw_errors(ProblemSink others) {
  return [others = std::move(others)](Problem problem) {
    if (problem.severity == Severity::error) throw DataError(std::move(problem));
    others(std::move(problem));
  };
}

}  // namespace cxrlt
