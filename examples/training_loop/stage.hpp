// SPDX-License-Identifier: Apache-2.0
/// What trains a network, step by step: the processor, or a device.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cxrlt/evaluate/score_buffer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "data_set.hpp"
#include "loss_by_name.hpp"
#include "network.hpp"

namespace training {

/// One stage of training: a network with its optimiser, and the data.
class Stage {
 public:
  Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  virtual ~Stage() = default;

  /// The loss of the steps that follow.
  virtual void use(const AnyLoss& loss) = 0;

  /// One step of the optimiser on rows of the training set. Returns the loss before it, the mean
  /// over rows of their sums over classes.
  virtual double step(std::span<const std::size_t> rows, double learning_rate) = 0;

  /// Logits and labels of validation.
  virtual cxrlt::ScoreBuffer<float> validation_scores() = 0;

  /// The network as it is now.
  virtual Network network() const = 0;

  /// Seconds that AP, AUROC and best F1 of validation's last logits take on the device where they
  /// lie; none on the processor.
  virtual std::optional<double> ranking_seconds() { return std::nullopt; }
};

/// Begins a stage with a network, of which all layers are trained or the last alone.
using StageMaker = std::function<std::unique_ptr<Stage>(Network network, bool head_only)>;

/// Rows that are evaluated at once.
inline constexpr std::size_t kEvaluatedRows = 1024;

/// The logits of all rows, batch by batch, with their labels.
inline cxrlt::ScoreBuffer<float> scores_of(Network& network, const DataSet& data) {
  cxrlt::ScoreBuffer<float> buffer(data.n_classes());
  buffer.reserve(data.n_rows());
  Matrix batch;
  for (std::size_t begin = 0; begin < data.n_rows(); begin += kEvaluatedRows) {
    const auto first = static_cast<Eigen::Index>(begin);
    const auto n = static_cast<Eigen::Index>(std::min(kEvaluatedRows, data.n_rows() - begin));
    batch = data.embeddings.middleRows(first, n);
    const Labels labels = data.labels.middleRows(first, n);
    buffer.add(cxrlt::MatrixView<const float>(network.forward(batch)), labels);
  }
  return buffer;
}

}  // namespace training
