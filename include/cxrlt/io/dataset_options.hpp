// SPDX-License-Identifier: Apache-2.0
/// What a dataset is made of.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/challenge/profile.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/detail/file_problem.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/io/truth_file.hpp"

namespace cxrlt {

/// What is read, and how.
struct DatasetOptions {
  std::filesystem::path predictions = {};
  std::filesystem::path truth = {};
  std::filesystem::path metadata = {};  ///< empty: none; columns are looked for in the truth file
  std::string id_column = {};           ///< must be there, under this name or an alias; "": any
  std::vector<std::string> id_aliases = {};
  std::vector<std::string> classes = {};          ///< none: those of the profile
  std::vector<std::string> profile_classes = {};  ///< none: see `select_classes`
  UncertainPolicy uncertain = UncertainPolicy::missing;
  BlankPolicy blank = BlankPolicy::missing;
  bool allow_infinite = false;                     ///< accept scores of +inf and -inf
  std::vector<std::string> metadata_columns = {};  ///< wanted, from the metadata or the truth file
  std::vector<std::string> other_columns =
      {};  ///< further columns of the truth that are no classes
};

namespace detail {

inline Problem dataset_note(const std::string& file, const char* code, std::string message,
                            std::size_t count) {
  Problem note = file_problem(file, code, std::move(message));
  note.severity = Severity::note;
  note.count = count;
  return note;
}

/// The names that the caller gave, checked to be there once each.
inline std::vector<std::string> named_classes(const DatasetOptions& options) {
  std::vector<std::string> classes =
      options.classes.empty() ? options.profile_classes : options.classes;
  if (const auto twice = first_repeated(classes)) {
    throw InvalidArgument("the class " + in_quotes(*twice) + " is named twice");
  }
  if (std::find(classes.begin(), classes.end(), "") != classes.end()) {
    throw InvalidArgument("a class without a name");
  }
  return classes;
}

inline void note_uncertain(const std::string& file, std::size_t n, UncertainPolicy policy,
                           const ProblemSink& sink) {
  if (n == 0) return;
  const char* as = policy == UncertainPolicy::positive   ? "positive"
                   : policy == UncertainPolicy::negative ? "negative"
                                                         : "missing";
  sink(dataset_note(file, "uncertain_labels",
                    count_of(n, "uncertain label") + " (-1) taken as " + as, n));
}

}  // namespace detail

}  // namespace cxrlt
