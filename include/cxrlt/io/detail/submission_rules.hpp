// SPDX-License-Identifier: Apache-2.0
/// The rules of `challenge/submission.hpp` on what was read, reported with places.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "cxrlt/challenge/profile.hpp"
#include "cxrlt/challenge/submission.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/id_reader.hpp"
#include "cxrlt/io/prediction_file.hpp"
#include "cxrlt/io/problem_list.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/io/submission_options.hpp"

namespace cxrlt::detail {

/// A problem of a whole class column.
inline Problem class_problem(const PredictionTable& predictions, std::size_t k, Severity severity,
                             const char* code, std::string message) {
  Problem problem;
  problem.severity = severity;
  problem.code = code;
  problem.file = predictions.file;
  problem.line = 1;
  problem.column = predictions.class_columns[k] + 1;
  problem.class_name = predictions.classes[k];
  problem.message = std::move(message);
  return problem;
}

inline std::string range_text(const Profile& profile) {
  return fmt::format("[{}, {}]", profile.lowest, profile.highest);
}

/// Reports `column_order_differs`, once.
inline void check_column_order(const PredictionTable& predictions, const ProblemSink& sink) {
  std::vector<std::size_t> present;
  std::vector<std::size_t> columns;
  for (std::size_t k = 0; k < predictions.classes.size(); ++k) {
    if (predictions.class_columns[k] == kNoColumn) continue;
    present.push_back(k);
    columns.push_back(predictions.class_columns[k]);
  }
  const std::optional<std::size_t> first = first_out_of_order(columns);
  if (!first) return;
  sink(class_problem(predictions, present[*first], Severity::warning, "column_order_differs",
                     "the classes stand in another order than expected: this one should come after "
                     "'" +
                         predictions.classes[present[*first - 1]] +
                         "'; harmless here, ruinous with a scorer that goes by position"));
}

/// Reports `out_of_range` for the first cells in the order of the file, and the rest at once: a
/// file of logits has as many as cells.
inline void report_out_of_range(const PredictionTable& predictions, const Profile& profile,
                                std::size_t n_outside, const ProblemSink& sink) {
  std::size_t n_reported = 0;
  for (std::size_t row = 0; row < predictions.lines.size(); ++row) {
    for (std::size_t k = 0; k < predictions.classes.size(); ++k) {
      const double score = predictions.scores[k][row];
      if (range_place(score, profile.lowest, profile.highest) != RangePlace::outside) continue;
      Problem problem =
          class_problem(predictions, k, Severity::error, "out_of_range",
                        fmt::format("{} is out of the range {}", score, range_text(profile)));
      problem.line = predictions.lines[row];
      problem.id = std::string(predictions.ids[row]);
      if (n_reported == ProblemList::kept) problem.count = n_outside - n_reported;
      sink(std::move(problem));
      if (n_reported++ == ProblemList::kept) return;
    }
  }
}

/// Reports `out_of_range` (also the notes on rounding) and `looks_like_logits`.
inline void check_range(const PredictionTable& predictions, const Profile& profile,
                        const ProblemSink& sink) {
  std::vector<RangeCounts> counts;
  std::size_t n_outside = 0;
  for (std::size_t k = 0; k < predictions.classes.size(); ++k) {
    counts.push_back(count_range(predictions.scores[k], profile.lowest, profile.highest));
    n_outside += counts.back().outside;
  }
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (looks_like_logits(counts[k])) {
      sink(class_problem(predictions, k, Severity::error, "looks_like_logits",
                         fmt::format("{} of {} values are out of the range {} (from {:.3g} to "
                                     "{:.3g}): logits? expected probabilities",
                                     counts[k].outside, counts[k].n, range_text(profile),
                                     counts[k].smallest, counts[k].largest)));
    }
  }
  if (n_outside > 0) report_out_of_range(predictions, profile, n_outside, sink);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k].just_outside == 0) continue;
    Problem note = class_problem(
        predictions, k, Severity::note, "out_of_range",
        fmt::format("{} value{} out of the range {} by no more than 1e-6, which is rounding",
                    counts[k].just_outside, counts[k].just_outside == 1 ? " is" : "s are",
                    range_text(profile)));
    note.count = counts[k].just_outside;
    sink(std::move(note));
  }
}

/// Reports `constant_class`, `hard_decisions` and `rounded_scores`, all that hold of a class.
inline void check_resolution(const PredictionTable& predictions, const ProblemSink& sink) {
  const auto warn = [&](std::size_t k, const char* code, std::string message) {
    sink(class_problem(predictions, k, Severity::warning, code, std::move(message)));
  };
  for (std::size_t k = 0; k < predictions.classes.size(); ++k) {
    const std::span<const double> scores = predictions.scores[k];
    if (is_constant(scores)) {
      warn(k, "constant_class",
           fmt::format("every row has the value {}: this class is not ranked at all", scores[0]));
    }
    if (is_hard_decisions(scores)) {
      warn(k, "hard_decisions",
           "there are only 0 and 1: average precision falls to one operating point; expected "
           "probabilities");
    }
    if (is_rounded(scores)) {
      warn(k, "rounded_scores",
           "the values have 2 decimals or fewer: ties between rows cost average precision");
    }
  }
}

/// Reports `suspected_swap` for the pairs of the profile.
inline void check_swaps(const PredictionTable& predictions, const Profile& profile,
                        const ProblemSink& sink) {
  for (const SwapPair& pair : profile.swap_pairs) {
    const std::size_t first = find_column(predictions.classes, pair.first);
    const std::size_t second = find_column(predictions.classes, pair.second);
    const TrainCount first_count = train_count(profile, pair.first);
    const TrainCount second_count = train_count(profile, pair.second);
    if (first == kNoColumn || second == kNoColumn || !first_count || !second_count) continue;
    if (predictions.class_columns[first] == kNoColumn ||
        predictions.class_columns[second] == kNoColumn) {
      continue;
    }
    const double first_mean = mean_score(predictions.scores[first]);
    const double second_mean = mean_score(predictions.scores[second]);
    if (!is_suspected_swap(first_mean, second_mean, *first_count, *second_count)) continue;
    sink(class_problem(
        predictions, first, Severity::warning, "suspected_swap",
        fmt::format("the mean scores of '{}' ({:.4g}) and '{}' ({:.4g}) stand in the opposite "
                    "order to their training counts ({} and {}): are the two columns exchanged?",
                    pair.first, first_mean, pair.second, second_mean, *first_count,
                    *second_count)));
  }
}

inline void check_scores(const PredictionTable& predictions, const Profile& profile,
                         const ProblemSink& sink) {
  check_range(predictions, profile, sink);
  check_resolution(predictions, sink);
  check_swaps(predictions, profile, sink);
}

/// A problem of the id in one row.
inline Problem id_problem(const PredictionTable& predictions, std::size_t row, Severity severity,
                          const char* code, std::string message) {
  Problem problem;
  problem.severity = severity;
  problem.code = code;
  problem.file = predictions.file;
  problem.line = predictions.lines[row];
  problem.column = find_column(predictions.header, predictions.id_column) + 1;
  problem.id = std::string(predictions.ids[row]);
  problem.message = std::move(message);
  return problem;
}

/// Reports `lossy_id`: errors where one of them repeats, else warnings.
inline void check_lossy_ids(const PredictionTable& predictions, const ProblemSink& sink) {
  std::unordered_set<std::string_view> seen;
  std::vector<std::size_t> rows;
  bool repeated = false;
  for (std::size_t row = 0; row < predictions.ids.size(); ++row) {
    if (!is_lossy_id(predictions.ids[row])) continue;
    rows.push_back(row);
    repeated = !seen.insert(predictions.ids[row]).second || repeated;
  }
  for (const std::size_t row : rows) {
    sink(id_problem(predictions, row, repeated ? Severity::error : Severity::warning, "lossy_id",
                    "the id is a number in scientific notation: a spreadsheet has cut its digits"));
  }
}

/// Reports `missing_id` in the order of the wanted ids, and `extra_id`.
inline void check_wanted_ids(const PredictionTable& predictions, const WantedIds& wanted,
                             bool lost_rows, const ProblemSink& sink) {
  const IdDifferences differences = compare_ids(predictions.ids, wanted.ids);
  for (const std::size_t i : differences.missing) {
    Problem problem;
    problem.code = "missing_id";
    problem.file = predictions.file;
    problem.id = wanted.ids[i];
    problem.message = fmt::format("no {}row has the id in line {} of {}",
                                  lost_rows ? "readable " : "", wanted.lines[i], wanted.file);
    sink(std::move(problem));
  }
  for (const std::size_t row : differences.extra) {
    sink(id_problem(predictions, row, Severity::error, "extra_id",
                    "the id does not stand in " + wanted.file));
  }
}

/// Where no id column or no class was found, the first line may be a row: then every name in it
/// that is not one of the profile's may be an id.
inline std::vector<std::string> doubtful_names(const PredictionTable& predictions,
                                               const Profile& profile) {
  std::vector<std::string> names;
  const std::vector<std::size_t>& columns = predictions.class_columns;
  const bool no_class =
      std::all_of(columns.begin(), columns.end(), [](std::size_t c) { return c == kNoColumn; });
  if (!predictions.id_column.empty() && !no_class) return names;
  for (const std::string& name : predictions.header) {
    const bool known = find_column(profile.classes, name) != kNoColumn ||
                       find_column(profile.id_aliases, name) != kNoColumn ||
                       name == profile.id_column;
    if (!name.empty() && !known) names.push_back(name);
  }
  return names;
}

/// Replaces the text of a class's cell, which these messages begin with: an id may have slipped
/// into it, alone or with other text.
inline void redact_cell(Problem& problem) {
  const bool quotes_cell = problem.code == "not_a_number" || problem.code == "not_finite" ||
                           problem.code == "decimal_comma";
  if (!quotes_cell || !problem.message.starts_with('\'')) return;
  problem.message.replace(0, problem.message.rfind('\'') + 1, "the cell");
}

/// Replaces ids in problems: in their own field, and in messages that quote a name or a cell which
/// is an id or may be one.
inline void redact_ids(std::vector<Problem>& problems,
                       const std::optional<PredictionTable>& predictions, const Profile& profile,
                       const std::optional<WantedIds>& wanted) {
  static const std::string hidden = "(redacted)";
  std::unordered_set<std::string> quoted;
  if (predictions) {
    for (const std::string_view id : predictions->ids) quoted.insert(in_quotes(id));
    for (const std::string& name : doubtful_names(*predictions, profile)) {
      quoted.insert(in_quotes(name));
    }
  }
  if (wanted) {
    for (const std::string& id : wanted->ids) quoted.insert(in_quotes(id));
  }
  for (Problem& problem : problems) {
    if (!problem.id.empty()) problem.id = hidden;
    redact_cell(problem);
    std::string& text = problem.message;
    for (std::size_t open = text.find('\''); open != std::string::npos;
         open = text.find('\'', open + 1)) {
      for (std::size_t close = text.find('\'', open + 1); close != std::string::npos;
           close = text.find('\'', close + 1)) {
        if (!quoted.contains(text.substr(open, close + 1 - open))) continue;
        text.replace(open, close + 1 - open, hidden);
        break;
      }
    }
  }
}

}  // namespace cxrlt::detail
