// SPDX-License-Identifier: Apache-2.0
/// What the program reads and writes: arrays, checkpoints, predictions.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cxrlt/core/error.hpp>
#include <cxrlt/core/logistic.hpp>
#include <cxrlt/evaluate/score_buffer.hpp>
#include <cxrlt/io/csv_cell.hpp>
#include <cxrlt/io/input_file.hpp>
#include <cxrlt/io/npy.hpp>
#include <cxrlt/io/npy_header.hpp>
#include <cxrlt/io/output_file.hpp>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "data_set.hpp"
#include "network.hpp"

namespace training {

namespace detail {

inline const cxrlt::ProblemSink& throwing() {
  static const cxrlt::ProblemSink sink = [](cxrlt::Problem problem) {
    throw cxrlt::DataError(std::move(problem));
  };
  return sink;
}

inline std::vector<std::string> numbered_names(const char* prefix, std::size_t n) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < n; ++k) names.push_back(prefix + std::to_string(k));
  return names;
}

template <class Value, class View>
void copy_into(const View& view, Eigen::Matrix<Value, -1, -1, Eigen::RowMajor>& to) {
  to.resize(static_cast<Eigen::Index>(view.n_samples()),
            static_cast<Eigen::Index>(view.n_classes()));
  for (std::size_t i = 0; i < view.n_samples(); ++i) {
    for (std::size_t k = 0; k < view.n_classes(); ++k) {
      to(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) =
          static_cast<Value>(view(i, k));
    }
  }
}

}  // namespace detail

/// Embeddings (float32 or float64, images x features) and labels (int8, uint8 or bool, images x
/// classes; -1 is missing) from `.npy` files.
/// @throws cxrlt::DataError for what is none of that, with row and column
inline DataSet read_data_set(const std::filesystem::path& embeddings,
                             const std::filesystem::path& labels) {
  const cxrlt::ProblemSink& sink = detail::throwing();
  DataSet data;
  {
    const cxrlt::StoredFile file = cxrlt::read_stored(embeddings, sink).value();
    const cxrlt::NpyHeader header = cxrlt::read_npy_header(file, sink).value();
    const auto names = detail::numbered_names("feature ", header.n_columns);
    const cxrlt::StoredScores stored =
        cxrlt::read_npy_scores(file, header, names, false, sink).value();
    std::visit([&](const auto& matrix) { detail::copy_into(matrix.view(), data.embeddings); },
               stored);
  }
  const cxrlt::StoredFile file = cxrlt::read_stored(labels, sink).value();
  const cxrlt::NpyHeader header = cxrlt::read_npy_header(file, sink).value();
  const auto names = detail::numbered_names("class ", header.n_columns);
  std::size_t n_missing = 0;
  const auto stored =
      cxrlt::read_npy_labels(file, header, names, cxrlt::UncertainPolicy::missing, n_missing, sink);
  detail::copy_into(cxrlt::LabelMatrixView(stored.value().view()), data.labels);
  if (data.embeddings.rows() != data.labels.rows()) {
    throw cxrlt::InvalidArgument(fmt::format("{} embeddings and {} rows of labels",
                                             data.embeddings.rows(), data.labels.rows()));
  }
  return data;
}

/// A trained network as JSON, with the names of its classes. The optimiser's state is not kept:
/// training that is to go on begins with new moments.
inline void write_checkpoint(const std::filesystem::path& path, const Network& network,
                             const std::vector<std::string>& class_names) {
  const auto layer = [](const Layer& one) {
    return nlohmann::ordered_json{
        {"inputs", one.weights.rows()},
        {"outputs", one.weights.cols()},
        {"weights",
         std::vector<float>(one.weights.data(), one.weights.data() + one.weights.size())},
        {"bias", std::vector<float>(one.bias.data(), one.bias.data() + one.bias.size())}};
  };
  nlohmann::ordered_json json{
      {"format", "cxrlt-training-loop/1"}, {"classes", class_names}, {"scale", network.scale()}};
  json["layers"] = nlohmann::ordered_json::array();
  if (network.has_hidden()) json["layers"].push_back(layer(network.hidden()));
  json["layers"].push_back(layer(network.head()));
  cxrlt::write_text(path, json.dump() + "\n");
}

/// Probabilities sigmoid(scale x logit) by id for `cxrlt score`, and the truth beside them.
inline void write_predictions(const std::filesystem::path& predictions,
                              const std::filesystem::path& truth,
                              const cxrlt::ScoreBuffer<float>& logits, double scale,
                              const std::vector<std::string>& class_names) {
  std::string header = "id";
  for (const std::string& name : class_names) header += ',' + cxrlt::csv_cell(name);
  std::string scores = header + '\n';
  std::string labels = header + '\n';
  for (std::size_t i = 0; i < logits.n_samples(); ++i) {
    fmt::format_to(std::back_inserter(scores), "row_{}", i);
    fmt::format_to(std::back_inserter(labels), "row_{}", i);
    for (std::size_t c = 0; c < logits.n_classes(); ++c) {
      const auto z = static_cast<double>(logits.scores()(i, c));
      fmt::format_to(std::back_inserter(scores), ",{}", cxrlt::sigmoid(scale * z));
      const cxrlt::Label label = logits.labels()(i, c);
      labels += label == cxrlt::kMissing ? std::string(",") : fmt::format(",{}", int{label});
    }
    scores += '\n';
    labels += '\n';
  }
  cxrlt::write_text(predictions, scores);
  cxrlt::write_text(truth, labels);
}

}  // namespace training
