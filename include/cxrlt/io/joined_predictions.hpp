// SPDX-License-Identifier: Apache-2.0
/// Predictions of several models, one file after the other, for the same rows and classes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/dataset_options.hpp"
#include "cxrlt/io/detail/load_arrays.hpp"
#include "cxrlt/io/detail/load_tables.hpp"
#include "cxrlt/io/id_column.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/load_predictions.hpp"
#include "cxrlt/io/npy.hpp"
#include "cxrlt/io/prediction_file.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/io/submission_options.hpp"

namespace cxrlt {

/// Reads files of predictions that must agree: rows are joined by id, columns by class name, and
/// what one file has and another has not is an error that names it. Holds the ids and no scores.
///
/// The rows are the wanted ones, else those of the first file. The classes are the named ones, else
/// the profile's, both in their order; else those of the first file, sorted by name, and then every
/// file must have the same. Arrays (`.npy`) are joined by position.
class PredictionJoin {
 public:
  /// @param options  id column, classes, `allow_infinite`; the files in it are not read
  /// @param wanted   the rows, in their order; others are then left out, with a note
  /// @throws DataError (`duplicate_id`) for an id that is wanted twice; InvalidArgument for a class
  /// that is named twice
  explicit PredictionJoin(DatasetOptions options, std::optional<WantedIds> wanted = {})
      : options_(std::move(options)), classes_(detail::named_classes(options_)) {
    is_named_ = !classes_.empty();
    if (!wanted) return;
    is_wanted_ = true;
    first_ = wanted->file;
    ids_ = IdColumn(wanted->ids);
    lines_ = std::move(wanted->lines);
    check_wanted_once();
  }

  /// The next file, its rows and classes as they stand here.
  /// @throws DataError with the first problem that forbids a result: whatever `load_predictions`
  /// says; `missing_class`, `extra_class` and `missing_id`, `extra_id` for what differs from the
  /// first file (or is wanted and not there); `bad_npy` for an array beside a table, or of another
  /// shape. O(bytes) time and memory.
  Predictions read(const std::filesystem::path& path, const Cpu& policy = {}) {
    Predictions predictions;
    const ProblemSink sink =
        throw_errors([&](Problem problem) { predictions.notes.push_back(std::move(problem)); });
    StoredFile file = read_stored(path, sink).value();
    const bool is_array = detail::is_array(file);
    if (n_files_ > 0 && is_array != is_array_) {
      sink(detail::file_problem(file.name, "bad_npy",
                                is_array ? "this is an .npy file, but " + first_ + " is not"
                                         : "this is not an .npy file, but " + first_ + " is"));
    }
    is_array_ = is_array;
    if (is_array) {
      read_array(file, sink, predictions);
    } else {
      read_table(std::move(file), sink, policy, predictions);
    }
    ++n_files_;
    return predictions;
  }

  /// Of the first file.
  bool is_array() const { return is_array_; }
  const std::string& id_column() const { return id_column_; }
  const std::vector<std::string>& class_names() const { return classes_; }
  std::size_t n_samples() const { return n_samples_; }
  /// None for arrays.
  const IdColumn& ids() const { return ids_; }
  /// The line of each row in the first file, or in that of the wanted ids.
  const std::vector<std::size_t>& lines() const { return lines_; }
  /// The file that says which rows there are.
  const std::string& first_file() const { return first_; }

  /// The rows in an order that no order within a file changes: as they were wanted, or as the ids
  /// sort (byte by byte); of arrays as they stand.
  std::vector<std::size_t> stable_order() const {
    std::vector<std::size_t> order(n_samples_);
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (is_wanted_ || is_array_) return order;
    const auto before = [this](std::size_t a, std::size_t b) { return ids_[a] < ids_[b]; };
    if (!std::is_sorted(order.begin(), order.end(), before)) {
      std::sort(order.begin(), order.end(), before);
    }
    return order;
  }

 private:
  void check_wanted_once() const {
    IdIndex index(ids_, ids_.size());
    for (std::size_t row = 0; row < ids_.size(); ++row) {
      const std::optional<std::size_t> before = index.insert(row);
      if (!before) continue;
      Problem problem = detail::file_problem(
          first_, "duplicate_id",
          "this id is wanted in line " + std::to_string(lines_[*before]) + " already");
      problem.line = lines_[row];
      problem.id = ids_[row];
      throw DataError(std::move(problem));
    }
  }

  void read_array(const StoredFile& file, const ProblemSink& sink, Predictions& predictions) {
    if (is_wanted_) {
      throw InvalidArgument("rows of arrays (.npy) have no ids, so none can be wanted");
    }
    detail::load_prediction_array(options_, file, sink, predictions);
    if (n_files_ == 0) {
      first_ = file.name;
      classes_ = predictions.class_names;
      n_samples_ = predictions.n_samples;
      return;
    }
    const auto shape = [](std::size_t rows, std::size_t columns) {
      return std::to_string(rows) + " x " + std::to_string(columns);
    };
    if (predictions.n_samples != n_samples_ || predictions.class_names.size() != classes_.size()) {
      sink(detail::file_problem(
          file.name, "bad_npy",
          "the array is " + shape(predictions.n_samples, predictions.class_names.size()) +
              ", that in " + first_ + " " + shape(n_samples_, classes_.size()) +
              "; expected the same shape"));
    }
  }

  void read_table(StoredFile file, const ProblemSink& sink, const Cpu& policy,
                  Predictions& predictions) {
    const CsvTable table = detail::table_of(std::move(file), sink, policy);
    if (!is_named_) settle_classes(table, sink);
    detail::check_any_class(table, classes_, sink);
    PredictionTable read =
        detail::read_dataset_predictions(table, options_, classes_, sink, policy);
    // Nobody named an order from which another would differ.
    if (!is_named_) {
      std::erase_if(predictions.notes,
                    [](const Problem& note) { return note.code == "column_order_differs"; });
    }
    if (n_files_ == 0) {
      id_column_ = read.id_column;
      n_samples_ = ids_.size();
    }
    if (n_files_ == 0 && !is_wanted_) {
      first_ = table.file();
      ids_ = read.ids;
      lines_ = read.lines;
      n_samples_ = ids_.size();
    } else {
      join(read, sink);
    }
    detail::take_table(table, std::move(read), predictions);
    predictions.n_samples = n_samples_;
  }

  /// Takes the classes of the first file, and refuses others in those that follow.
  void settle_classes(const CsvTable& table, const ProblemSink& sink) {
    const std::size_t id_column =
        find_id_column(table, {options_.id_column, options_.id_aliases}, {}, sink);
    std::vector<std::string> classes = detail::all_classes(table, id_column, {});
    std::sort(classes.begin(), classes.end());
    if (n_files_ == 0) {
      classes_ = std::move(classes);
      return;
    }
    std::vector<std::string> missing;
    std::vector<std::string> extra;
    std::set_difference(classes_.begin(), classes_.end(), classes.begin(), classes.end(),
                        std::back_inserter(missing));
    std::set_difference(classes.begin(), classes.end(), classes_.begin(), classes_.end(),
                        std::back_inserter(extra));
    if (missing.empty() && extra.empty()) return;
    std::string message = "the classes differ from those of " + first_ + ": ";
    if (!missing.empty()) message += "without " + named(missing);
    if (!missing.empty() && !extra.empty()) message += ", and ";
    if (!extra.empty()) message += "with " + named(extra) + " besides";
    sink(detail::header_problem(table, missing.empty() ? "extra_class" : "missing_class", kNoColumn,
                                message + "; --classes or --profile says which are meant"));
  }

  /// Some names, in quotes.
  static std::string named(const std::vector<std::string>& names) {
    constexpr std::size_t most = 5;
    std::string text;
    for (std::size_t k = 0; k < std::min(names.size(), most); ++k) {
      text += (k == 0 ? "" : ", ") + in_quotes(names[k]);
    }
    return text +
           (names.size() > most ? " and " + std::to_string(names.size() - most) + " more" : "");
  }

  /// Brings the rows of a file into the order here; refuses other rows.
  void join(PredictionTable& read, const ProblemSink& sink) const {
    if (read.ids == ids_) return;
    const std::vector<std::size_t> rows = find_rows(ids_, read.ids);
    report_missing(read, rows, sink);
    if (read.ids.size() > rows.size()) report_extra(read, rows, sink);
    if (!std::is_sorted(rows.begin(), rows.end())) {
      sink(detail::dataset_note(
          read.file, "row_order_differs",
          "the rows stand in another order than in " + first_ + "; they are joined by id", 1));
    }
    read.scores.keep_rows(rows);
    read.ids = ids_;
  }

  void report_missing(const PredictionTable& read, const std::vector<std::size_t>& rows,
                      const ProblemSink& sink) const {
    const auto missing = std::find(rows.begin(), rows.end(), kNoRow);
    if (missing == rows.end()) return;
    const auto row = static_cast<std::size_t>(missing - rows.begin());
    Problem problem = detail::file_problem(first_, "missing_id",
                                           "there is no prediction for this id in " + read.file);
    problem.line = lines_[row];
    problem.id = ids_[row];
    problem.count = static_cast<std::size_t>(std::count(missing, rows.end(), kNoRow));
    if (problem.count == rows.size()) {
      problem.message += ", nor for any other: are the id columns right?";
    } else if (problem.count > 1) {
      problem.message += "; " + detail::count_of(problem.count, "row") + " have none there";
    }
    sink(std::move(problem));
  }

  /// Rows that nobody wants: an error, unless it was said which are wanted.
  void report_extra(const PredictionTable& read, const std::vector<std::size_t>& rows,
                    const ProblemSink& sink) const {
    const std::size_t n_extra = read.ids.size() - rows.size();
    if (is_wanted_) {
      sink(detail::dataset_note(
          read.file, "extra_id",
          detail::count_of(n_extra, "prediction") + " left out, being of no id in " + first_,
          n_extra));
      return;
    }
    std::vector<bool> used(read.ids.size(), false);
    for (const std::size_t row : rows) used[row] = true;
    const auto row =
        static_cast<std::size_t>(std::find(used.begin(), used.end(), false) - used.begin());
    Problem problem = detail::file_problem(read.file, "extra_id", "this id is not in " + first_);
    problem.line = read.lines[row];
    problem.id = read.ids[row];
    problem.count = n_extra;
    if (n_extra > 1) problem.message += "; " + detail::count_of(n_extra, "row") + " are not";
    sink(std::move(problem));
  }

  DatasetOptions options_;
  std::vector<std::string> classes_;
  bool is_named_ = false;
  bool is_wanted_ = false;
  std::string first_;
  bool is_array_ = false;
  std::string id_column_;
  std::size_t n_samples_ = 0;
  std::size_t n_files_ = 0;
  IdColumn ids_;
  std::vector<std::size_t> lines_;
};

}  // namespace cxrlt
