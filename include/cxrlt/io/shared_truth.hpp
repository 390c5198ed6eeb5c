// SPDX-License-Identifier: Apache-2.0
/// A truth that is read once, and to which the predictions of several submissions are joined.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/dataset_options.hpp"
#include "cxrlt/io/detail/load_arrays.hpp"
#include "cxrlt/io/detail/load_tables.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/load_dataset.hpp"
#include "cxrlt/io/npy.hpp"
#include "cxrlt/io/prediction_file.hpp"
#include "cxrlt/io/truth_file.hpp"

namespace cxrlt {

namespace detail {

/// The names of columns, other than the id, that more than half of the readable files bear.
inline std::vector<std::string> names_of_most(std::span<const std::filesystem::path> files,
                                              const IdOptions& ids, const Cpu& policy) {
  const ProblemSink silent = [](const Problem&) {};
  std::unordered_map<std::string, std::size_t> n_files;
  std::vector<std::string> names;
  std::size_t n_readable = 0;
  for (const std::filesystem::path& file : files) {
    std::optional<InputFile> input = read_input(file, silent, policy);
    if (!input) continue;
    const std::optional<CsvTable> table = parse_csv(std::move(*input), silent, {}, policy);
    if (!table) continue;
    ++n_readable;
    for (const std::string& name :
         all_classes(*table, find_id_column(*table, ids, {}, silent), {})) {
      if (++n_files[name] == 1) names.push_back(name);
    }
  }
  std::erase_if(names, [&](const std::string& name) { return 2 * n_files[name] <= n_readable; });
  return names;
}

}  // namespace detail

/// The truth of several submissions: rows, classes, labels and metadata, the same for all of them.
class SharedTruth {
 public:
  /// Reads the truth and the metadata columns as `load_dataset` does; `options.predictions` is not
  /// read. Where nobody names classes, they are those of `select_classes`, to which a column counts
  /// as predicted if more than half of `submissions` have it: no single submission can add a class
  /// or take one away. Throws as `load_dataset`. O(bytes), of the submissions too where their
  /// columns must be known.
  static SharedTruth read(DatasetOptions options,
                          std::span<const std::filesystem::path> submissions,
                          const Cpu& policy = {}) {
    SharedTruth shared;
    shared.options_ = std::move(options);
    Dataset& base = shared.base_;
    const ProblemSink sink =
        throw_errors([&](Problem problem) { base.notes.push_back(std::move(problem)); });
    StoredFile stored = read_stored(shared.options_.truth, sink).value();
    if (detail::is_array(stored)) {
      shared.read_array(stored, sink);
    } else {
      shared.read_table(std::move(stored), submissions, sink, policy);
    }
    return shared;
  }

  const std::vector<std::string>& class_names() const { return base_.class_names; }
  std::size_t n_samples() const { return base_.n_samples; }
  const IdColumn& ids() const { return base_.ids; }
  /// n_samples x n_classes; valid as long as this or a dataset joined to it lives.
  LabelMatrixView labels() const { return base_.labels.view(); }
  /// The line of a row in the truth file; 0 for arrays.
  std::size_t line(std::size_t row) const { return truth_ ? truth_->lines[row] : 0; }
  /// "id" or "position".
  const std::string& joined() const { return base_.joined; }
  /// The truth, and the metadata if there are any.
  const std::vector<InputInfo>& inputs() const { return base_.inputs; }
  /// What was noticed in these.
  const std::vector<Problem>& notes() const { return base_.notes; }
  /// The metadata columns, a value a row.
  const std::vector<MetadataColumn>& metadata() const { return base_.metadata; }

  /// The predictions of one file beside the truth's labels, as `load_dataset` joins them; without
  /// metadata, and with the inputs and notes of the predictions alone. Throws `DataError`. O(bytes
  /// of the predictions).
  Dataset join(const std::filesystem::path& predictions, const Cpu& policy = {}) const {
    Dataset dataset;
    const ProblemSink sink =
        throw_errors([&](Problem problem) { dataset.notes.push_back(std::move(problem)); });
    StoredFile stored = read_stored(predictions, sink).value();
    if (detail::is_array(stored) != !truth_) {
      sink(detail::file_problem(stored.name, "bad_npy",
                                truth_ ? "this is an .npy file, but the truth is not"
                                       : "this is not an .npy file, but the truth is"));
    }
    if (truth_) {
      join_table(std::move(stored), sink, policy, dataset);
    } else {
      detail::load_arrays(options_, stored, read_stored(options_.truth, sink).value(), sink,
                          dataset);
      std::erase_if(dataset.inputs, [](const InputInfo& input) { return input.role == "truth"; });
      std::erase_if(dataset.notes, [&](const Problem& note) { return note.file != stored.name; });
    }
    return dataset;
  }

 private:
  SharedTruth() = default;

  void read_array(const StoredFile& stored, const ProblemSink& sink) {
    if (!options_.metadata.empty() || !options_.metadata_columns.empty()) {
      throw InvalidArgument("metadata are joined by id, and arrays (.npy) have no ids");
    }
    const NpyHeader header = read_npy_header(stored, sink).value();
    base_.class_names = detail::classes_of_array(options_, stored.name, header.n_columns, sink);
    base_.n_samples = header.n_rows;
    base_.n_classes = header.n_columns;
    base_.joined = "position";
    std::size_t n_uncertain = 0;
    base_.labels =
        read_npy_labels(stored, header, base_.class_names, options_.uncertain, n_uncertain, sink)
            .value();
    detail::note_uncertain(stored.name, n_uncertain, options_.uncertain, sink);
    base_.inputs.push_back(
        {"truth", stored.name, stored.content.size(), crc32(stored.content), base_.n_samples});
  }

  void read_table(StoredFile stored, std::span<const std::filesystem::path> submissions,
                  const ProblemSink& sink, const Cpu& policy) {
    const CsvTable table = detail::table_of(std::move(stored), sink, policy);
    base_.class_names = detail::named_classes(options_);
    if (base_.class_names.empty()) select_classes_of(table, submissions, sink, policy);
    truth_ = read_truth(table,
                        {base_.class_names, options_.id_column, options_.id_aliases,
                         options_.uncertain, options_.blank},
                        sink, policy)
                 .value();
    detail::note_uncertain(truth_->file, truth_->n_uncertain, options_.uncertain, sink);
    base_.n_samples = truth_->ids.size();
    base_.n_classes = base_.class_names.size();
    base_.inputs.push_back(detail::input_info("truth", table));
    detail::load_metadata(options_, table, *truth_, sink, policy, base_);
    base_.labels = std::move(truth_->labels);
    base_.ids = truth_->ids;
  }

  void select_classes_of(const CsvTable& table, std::span<const std::filesystem::path> submissions,
                         const ProblemSink& sink, const Cpu& policy) {
    const IdOptions ids{options_.id_column, options_.id_aliases};
    std::vector<std::string> others = options_.other_columns;
    others.insert(others.end(), options_.metadata_columns.begin(), options_.metadata_columns.end());
    base_.class_names = select_classes(table, find_id_column(table, ids, {}, sink),
                                       detail::names_of_most(submissions, ids, policy), others);
    if (base_.class_names.empty()) {
      sink(detail::header_problem(table, "missing_class", kNoColumn,
                                  "no class: no column bears the name of a column that most of "
                                  "the predictions have, and none holds only 0, 1 and blank"));
    }
  }

  void join_table(StoredFile stored, const ProblemSink& sink, const Cpu& policy,
                  Dataset& dataset) const {
    const CsvTable table = detail::table_of(std::move(stored), sink, policy);
    PredictionTable predictions =
        detail::read_dataset_predictions(table, options_, base_.class_names, sink, policy);
    dataset.inputs.push_back(detail::input_info("predictions", table));
    const std::vector<std::size_t> rows = detail::join_rows(predictions, *truth_, sink);
    if (!(predictions.ids == truth_->ids)) predictions.scores.keep_rows(rows);
    dataset.class_names = base_.class_names;
    dataset.n_samples = base_.n_samples;
    dataset.n_classes = base_.n_classes;
    dataset.scores = StoredMatrix(std::move(predictions.scores));
    dataset.labels = base_.labels;
    dataset.ids = base_.ids;
  }

  DatasetOptions options_;
  Dataset base_;
  std::optional<TruthTable> truth_;  ///< without its labels; none where rows join by position
};

}  // namespace cxrlt
