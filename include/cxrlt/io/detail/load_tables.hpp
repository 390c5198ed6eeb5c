// SPDX-License-Identifier: Apache-2.0
/// A dataset from two tables: rows joined by id, columns by class name.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/challenge/submission.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/dataset_options.hpp"
#include "cxrlt/io/id_column.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/metadata.hpp"
#include "cxrlt/io/prediction_file.hpp"
#include "cxrlt/io/quote.hpp"
#include "cxrlt/io/truth_file.hpp"

namespace cxrlt::detail {

inline InputInfo input_info(const char* role, const CsvTable& table) {
  const InputFile& input = table.input();
  return {role, input.name, input.bytes, input.crc32, table.n_rows()};
}

/// Reads a stored file as a table; `sink` throws errors, so that there always is one.
inline CsvTable table_of(StoredFile stored, const ProblemSink& sink, const Cpu& policy) {
  std::optional<InputFile> input = unpack_input(std::move(stored), sink, kUnpackLimit, policy);
  return parse_csv(std::move(input.value()), sink, {}, policy).value();
}

/// Counts the columns that are left out into one note, and passes on everything else.
class LeftOutColumns {
 public:
  LeftOutColumns(std::string file, const ProblemSink& sink) : file_(std::move(file)), sink_(sink) {}

  void take(Problem problem, const std::string& name) {
    if (problem.code != "extra_column" || problem.severity != Severity::warning) {
      sink_(std::move(problem));
      return;
    }
    constexpr std::size_t most_names = 5;
    if (count_++ < most_names) names_ += (names_.empty() ? "" : ", ") + in_quotes(name);
    if (count_ == most_names + 1) names_ += " ...";
  }

  void report() const {
    if (count_ == 0) return;
    sink_(dataset_note(file_, "extra_column",
                       count_of(count_, "column") + " of the predictions left out, being " +
                           "none of the classes: " + names_,
                       count_));
  }

 private:
  std::string file_;
  const ProblemSink& sink_;
  std::string names_;
  std::size_t count_ = 0;
};

inline PredictionTable read_dataset_predictions(const CsvTable& table,
                                                const DatasetOptions& options,
                                                const std::vector<std::string>& classes,
                                                const ProblemSink& sink, const Cpu& policy) {
  LeftOutColumns left_out(table.file(), sink);
  const ProblemSink condensing = [&](Problem problem) {
    const std::size_t column = problem.column;
    const std::string name = column == 0 ? "" : table.header()[column - 1];
    left_out.take(std::move(problem), name);
  };
  PredictionOptions wanted;
  wanted.classes = classes;
  wanted.id_column = options.id_column;
  wanted.id_aliases = options.id_aliases;
  wanted.allow_infinite = options.allow_infinite;
  PredictionTable predictions = read_predictions(table, wanted, condensing, policy).value();
  left_out.report();
  if (first_out_of_order(predictions.class_columns)) {
    sink(dataset_note(table.file(), "column_order_differs",
                      "the classes stand in another order than in the result; columns are joined "
                      "by name",
                      1));
  }
  return predictions;
}

/// The classes of a pair of tables (see `select_classes`); an error where there is none.
inline std::vector<std::string> classes_of_tables(const CsvTable& predictions,
                                                  const CsvTable& truth,
                                                  const DatasetOptions& options,
                                                  const ProblemSink& sink) {
  const IdOptions ids{options.id_column, options.id_aliases};
  const std::size_t predictions_id = find_id_column(predictions, ids, {}, sink);
  const std::size_t truth_id = find_id_column(truth, ids, {}, sink);
  std::vector<std::string> others = options.other_columns;
  others.insert(others.end(), options.metadata_columns.begin(), options.metadata_columns.end());
  const std::vector<std::string> names = all_classes(predictions, predictions_id, {});
  std::vector<std::string> classes = select_classes(truth, truth_id, names, others);
  if (classes.empty()) {
    sink(header_problem(truth, "missing_class", kNoColumn,
                        "no class: no column bears the name of a prediction column, and none "
                        "holds only 0, 1 and blank"));
  }
  return classes;
}

/// The row of the predictions for each row of the truth. Every row needs one (`missing_id`, with
/// the truth's line); what is left over is noted.
inline std::vector<std::size_t> join_rows(const PredictionTable& predictions,
                                          const TruthTable& truth, const ProblemSink& sink) {
  std::vector<std::size_t> rows = find_rows(truth.ids, predictions.ids);
  const auto missing = std::find(rows.begin(), rows.end(), kNoRow);
  const auto first_missing = static_cast<std::size_t>(missing - rows.begin());
  const auto n_missing = static_cast<std::size_t>(std::count(missing, rows.end(), kNoRow));
  std::erase(rows, kNoRow);
  if (n_missing > 0) {
    Problem problem =
        file_problem(truth.file, "missing_id", "no prediction for this id in " + predictions.file);
    problem.line = truth.lines[first_missing];
    problem.id = truth.ids[first_missing];
    problem.count = n_missing;
    if (rows.empty()) {
      problem.message += ", nor for any other: are the id columns right (" +
                         in_quotes(truth.id_column) + " and " + in_quotes(predictions.id_column) +
                         ")?";
    } else if (n_missing > 1) {
      problem.message += "; " + count_of(n_missing, "row") + " of the truth have none";
    }
    sink(std::move(problem));
  }
  const std::size_t n_extra = predictions.ids.size() - rows.size();
  if (n_extra > 0) {
    sink(dataset_note(predictions.file, "extra_id",
                      count_of(n_extra, "prediction") + " without truth left out", n_extra));
  }
  return rows;
}

inline void load_metadata(const DatasetOptions& options, const CsvTable& truth_file,
                          const TruthTable& truth, const ProblemSink& sink, const Cpu& policy,
                          Dataset& dataset) {
  std::vector<std::string> in_truth = options.metadata_columns;
  if (!options.metadata.empty()) {
    const CsvTable table = table_of(read_stored(options.metadata, sink).value(), sink, policy);
    IdOptions ids{options.id_column, options.id_aliases};
    ids.id_aliases.push_back(truth.id_column);
    const auto not_there = [&table](const std::string& name) {
      return find_column(table.header(), name) == kNoColumn;
    };
    std::vector<std::string> here;
    std::vector<std::string> elsewhere;
    for (const std::string& name : options.metadata_columns) {
      const bool in_truth_only =
          not_there(name) && find_column(truth_file.header(), name) != kNoColumn;
      (in_truth_only ? elsewhere : here).push_back(name);
    }
    dataset.metadata = read_metadata(table, ids, here, truth, sink);
    dataset.inputs.push_back(input_info("metadata", table));
    in_truth = elsewhere;
  }
  std::vector<std::size_t> rows(truth_file.n_rows());
  for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = row;
  for (MetadataColumn& column : read_metadata_columns(truth_file, in_truth, rows, sink)) {
    dataset.metadata.push_back(std::move(column));
  }
}

inline void load_tables(const DatasetOptions& options, StoredFile stored_predictions,
                        StoredFile stored_truth, const ProblemSink& sink, const Cpu& policy,
                        Dataset& dataset) {
  std::optional<CsvTable> prediction_file = table_of(std::move(stored_predictions), sink, policy);
  const CsvTable truth_file = table_of(std::move(stored_truth), sink, policy);
  dataset.class_names = named_classes(options);
  if (dataset.class_names.empty()) {
    dataset.class_names = classes_of_tables(*prediction_file, truth_file, options, sink);
  }
  PredictionTable predictions =
      read_dataset_predictions(*prediction_file, options, dataset.class_names, sink, policy);
  dataset.inputs.push_back(input_info("predictions", *prediction_file));
  dataset.inputs.push_back(input_info("truth", truth_file));
  prediction_file.reset();
  TruthTable truth = read_truth(truth_file,
                                {dataset.class_names, options.id_column, options.id_aliases,
                                 options.uncertain, options.blank},
                                sink, policy)
                         .value();
  note_uncertain(truth.file, truth.n_uncertain, options.uncertain, sink);

  const std::vector<std::size_t> rows = join_rows(predictions, truth, sink);
  dataset.n_samples = rows.size();
  dataset.n_classes = dataset.class_names.size();
  if (!(predictions.ids == truth.ids)) predictions.scores.keep_rows(rows);
  dataset.scores = StoredMatrix(std::move(predictions.scores));
  dataset.labels = std::move(truth.labels);
  load_metadata(options, truth_file, truth, sink, policy, dataset);
  dataset.ids = std::move(truth.ids);
}

}  // namespace cxrlt::detail
