// SPDX-License-Identifier: Apache-2.0
/// All problems of a file, in memory that does not grow with their number.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"

namespace cxrlt {

/// Collects problems: of each code and severity the first 20, and how many more there are.
class ProblemList {
 public:
  /// So many of a kind are kept with their place.
  static constexpr std::size_t kept = 20;

  void add(Problem problem) {
    Kind& kind = kind_of(problem);
    kind.count += problem.count;
    if (kind.first.size() < kept) {
      kind.kept_count += problem.count;
      kind.first.push_back(std::move(problem));
    }
  }

  /// A sink that adds to this list, which must outlive it.
  ProblemSink sink() {
    return [this](Problem problem) { add(std::move(problem)); };
  }

  /// The number of occurrences of one severity.
  std::size_t count(Severity severity) const {
    std::size_t n = 0;
    for (const Kind& kind : kinds_) n += kind.severity == severity ? kind.count : 0;
    return n;
  }

  /// True if something of this code was added, of whatever severity.
  bool contains(std::string_view code) const {
    for (const Kind& kind : kinds_) {
      if (kind.code == code) return true;
    }
    return false;
  }

  /// Errors, then warnings, then notes; within these by code in order of appearance. Where more
  /// than `kept` of a kind were added, the last entry of the kind stands for the rest.
  std::vector<Problem> list() const {
    std::vector<Problem> problems;
    for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
      for (const Kind& kind : kinds_) {
        if (kind.severity != severity) continue;
        problems.insert(problems.end(), kind.first.begin(), kind.first.end());
        if (kind.count > kind.kept_count) problems.push_back(rest_of(kind));
      }
    }
    return problems;
  }

 private:
  struct Kind {
    Severity severity;
    std::string code;
    std::size_t count = 0;       ///< occurrences in all
    std::size_t kept_count = 0;  ///< occurrences that `first` stands for
    std::vector<Problem> first;
  };

  Kind& kind_of(const Problem& problem) {
    for (Kind& kind : kinds_) {
      if (kind.severity == problem.severity && kind.code == problem.code) return kind;
    }
    kinds_.push_back({problem.severity, problem.code, 0, 0, {}});
    return kinds_.back();
  }

  static Problem rest_of(const Kind& kind) {
    Problem rest;
    rest.severity = kind.severity;
    rest.code = kind.code;
    rest.file = kind.first.front().file;
    rest.count = kind.count - kind.kept_count;
    rest.message = "and " + std::to_string(rest.count) + " more of this kind";
    return rest;
  }

  std::vector<Kind> kinds_;
};

}  // namespace cxrlt
