// SPDX-License-Identifier: Apache-2.0
/// Checks submissions of a challenge: one run finds every problem, with its place.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "cxrlt/challenge/profile.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/detail/submission_rules.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/prediction_file.hpp"
#include "cxrlt/io/problem_list.hpp"
#include "cxrlt/io/submission_options.hpp"

namespace cxrlt {

/// What a check found in one submission.
struct SubmissionReport {
  std::string file;     ///< base name
  std::string profile;  ///< name; empty where only classes were given
  bool valid = false;   ///< no error (with `strict`: no warning either)
  bool strict = false;
  bool ids_checked = false;
  std::size_t n_rows = 0;     ///< data rows that could be read
  std::size_t n_columns = 0;  ///< of the header
  std::size_t n_errors = 0;   ///< occurrences
  std::size_t n_warnings = 0;
  std::vector<Problem> problems;  ///< see `ProblemList::list`
};

/// A submission with what was read of it.
struct CheckedSubmission {
  SubmissionReport report;
  std::optional<CsvTable> table;
  std::optional<PredictionTable> predictions;
};

namespace detail {

inline void finish_report(SubmissionReport& report, const ProblemList& problems,
                          const SubmissionOptions& options,
                          const std::optional<PredictionTable>& predictions) {
  report.profile = options.profile.name;
  report.strict = options.strict;
  report.n_errors = problems.count(Severity::error);
  report.n_warnings = problems.count(Severity::warning);
  report.valid = report.n_errors == 0 && (!options.strict || report.n_warnings == 0);
  report.problems = problems.list();
  if (options.redact_ids) {
    redact_ids(report.problems, predictions, options.profile, options.wanted_ids);
  }
}

/// The names that a header may bear.
inline std::vector<std::string> known_names(const Profile& profile) {
  std::vector<std::string> names = profile.classes;
  names.insert(names.end(), profile.id_aliases.begin(), profile.id_aliases.end());
  if (!profile.id_column.empty()) names.push_back(profile.id_column);
  return names;
}

inline CheckedSubmission check_read(std::optional<InputFile> input, ProblemList& problems,
                                    const std::string& file, const SubmissionOptions& options,
                                    const Cpu& policy) {
  CheckedSubmission checked;
  SubmissionReport& report = checked.report;
  report.file = file;
  const ProblemSink sink = problems.sink();
  if (input)
    checked.table = parse_csv(*std::move(input), sink, known_names(options.profile), policy);
  if (checked.table) {
    const CsvTable& table = *checked.table;
    report.n_rows = table.n_rows();
    report.n_columns = table.n_columns();
    PredictionOptions wanted;
    wanted.classes = options.profile.classes;
    wanted.id_column = options.profile.id_column;
    wanted.id_aliases = options.profile.id_aliases;
    checked.predictions = read_predictions(table, wanted, sink, policy);
  }
  if (checked.predictions && report.n_rows > 0) {
    const PredictionTable& predictions = *checked.predictions;
    check_column_order(predictions, sink);
    check_scores(predictions, options.profile, sink);
    check_lossy_ids(predictions, sink);
    report.ids_checked = options.wanted_ids.has_value() && !predictions.id_column.empty();
    if (report.ids_checked) {
      const bool lost_rows = problems.contains("ragged_row") || problems.contains("decimal_comma");
      check_wanted_ids(predictions, *options.wanted_ids, lost_rows, sink);
    }
  }
  finish_report(report, problems, options, checked.predictions);
  return checked;
}

inline bool is_submission_name(const std::string& name) {
  const auto ends = [&name](std::string_view ending) {
    return ends_with_ignoring_case(name, ending);
  };
  return !name.starts_with('.') && (ends(".csv") || ends(".gz") || ends(".zip"));
}

}  // namespace detail

/// Checks one submission: everything that the reader reports (see `read_predictions`), and the
/// rules of `challenge/submission.hpp`. Never throws for what is in the file. O(cells) time; memory
/// of one file.
inline SubmissionReport check_submission(const std::filesystem::path& path,
                                         const SubmissionOptions& options, const Cpu& policy = {}) {
  ProblemList problems;
  std::optional<InputFile> input = read_input(path, problems.sink(), policy);
  return detail::check_read(std::move(input), problems, base_name(path), options, policy).report;
}

/// Checks a file that is still to be published under the name of `path`.
inline SubmissionReport check_staged_submission(const std::filesystem::path& staged,
                                                const std::filesystem::path& path,
                                                const SubmissionOptions& options,
                                                const Cpu& policy = {}) {
  ProblemList problems;
  std::optional<StoredFile> stored = read_stored(staged, problems.sink());
  std::optional<InputFile> input;
  if (stored) {
    stored->name = base_name(path);
    input = unpack_input(*std::move(stored), problems.sink(), kUnpackLimit, policy);
  }
  return detail::check_read(std::move(input), problems, base_name(path), options, policy).report;
}

/// Checks a text as if it stood in a file of that name.
inline SubmissionReport check_submission_text(const std::string& file, std::string text,
                                              const SubmissionOptions& options,
                                              const Cpu& policy = {}) {
  ProblemList problems;
  std::optional<InputFile> input =
      unpack_input({file, std::move(text)}, problems.sink(), kUnpackLimit, policy);
  return detail::check_read(std::move(input), problems, file, options, policy).report;
}

/// Checks submissions one by one, several at a time by `policy`; the reports stand in the order of
/// the paths. `on_done` is called after each, from any thread. Memory of one file a thread.
inline std::vector<SubmissionReport> check_submissions(
    const std::vector<std::filesystem::path>& paths, const SubmissionOptions& options,
    const Cpu& policy = {}, const std::function<void()>& on_done = [] {}) {
  std::vector<SubmissionReport> reports(paths.size());
  parallel_for(paths.size(), policy, [&](std::size_t i) {
    reports[i] = check_submission(paths[i], options, paths.size() > 1 ? Cpu{1} : policy);
    on_done();
  });
  return reports;
}

/// The submissions in a folder, sorted by name: files that end in `.csv`, `.gz` or `.zip`, hidden
/// ones (`.name`) left out. @throws DataError if the folder cannot be read or holds none.
inline std::vector<std::filesystem::path> find_submissions(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    std::error_code no_status;
    const bool is_folder = entry->is_directory(no_status);
    if (!is_folder && detail::is_submission_name(base_name(entry->path()))) {
      paths.push_back(entry->path());
    }
  }
  if (error) {
    throw DataError(detail::file_problem(base_name(folder), "not_readable",
                                         "the folder cannot be read: " + error.message()));
  }
  if (paths.empty()) {
    throw DataError(detail::file_problem(base_name(folder), "not_readable",
                                         "the folder holds no .csv, .gz or .zip file"));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace cxrlt
