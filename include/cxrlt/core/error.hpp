// SPDX-License-Identifier: Apache-2.0
/// The exceptions of the library. A value that does not exist is no error: see `MetricValue`.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "cxrlt/core/problem.hpp"

namespace cxrlt {

/// The root of everything that the library throws.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A call that cannot be right: sizes that differ, a NaN score, a label outside {0, 1, missing}.
class InvalidArgument : public Error {
 public:
  using Error::Error;
};

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
