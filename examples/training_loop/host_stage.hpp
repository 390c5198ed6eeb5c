// SPDX-License-Identifier: Apache-2.0
/// Training on the processor.
#pragma once

#include <cstddef>
#include <cxrlt/losses/loss_value.hpp>
#include <memory>
#include <span>
#include <utility>
#include <variant>

#include "stage.hpp"

namespace training {

class HostStage : public Stage {
 public:
  /// The data must outlive it.
  HostStage(Network network, bool head_only, const SplitSet& data, double weight_decay)
      : network_(std::move(network)),
        head_only_(head_only),
        data_(data),
        optimiser_(weight_decay) {}

  void use(const AnyLoss& loss) override { loss_ = loss; }

  double step(std::span<const std::size_t> rows, double learning_rate) override {
    const DataSet batch = data_.train.rows(rows);
    const Matrix& logits = network_.forward(batch.embeddings);
    gradient_.resize(logits.rows(), logits.cols());
    const cxrlt::LossOptions options{cxrlt::Reduction::mean_over_rows, {}};
    const auto value = std::visit(
        [&](const auto& loss) {
          return cxrlt::loss_and_gradient(cxrlt::MatrixView<const float>(logits), batch.labels,
                                          loss, cxrlt::MatrixView<float>(gradient_), options,
                                          cxrlt::Cpu{1});
        },
        loss_);
    network_.backward(batch.embeddings, gradient_, head_only_);
    optimiser_.step(network_.layers(head_only_), learning_rate);
    return value.value;
  }

  cxrlt::ScoreBuffer<float> validation_scores() override {
    return scores_of(network_, data_.validation);
  }

  Network network() const override { return network_; }

 private:
  Network network_;
  bool head_only_;
  const SplitSet& data_;
  AdamW optimiser_;
  AnyLoss loss_;
  Matrix gradient_;
};

}  // namespace training
