// SPDX-License-Identifier: Apache-2.0
// Training on a device. Host compilers build it too, with Thrust's system CPP, for tests.
#include <thrust/copy.h>
#include <thrust/device_vector.h>
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cxrlt/core/host_device.hpp>
#include <cxrlt/cuda/cuda.hpp>
#include <cxrlt/cuda/loss_gradient.hpp>
#include <cxrlt/cuda/ranking_summary.hpp>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "device_blas.hpp"
#include "device_stage.hpp"

namespace training {

namespace {

/// Calls `body(i)` for every i in [0, n) on the device, in order after what was called before.
/// @throws cxrlt::Error for 2^32 elements or more
template <class Body>
void for_each(std::size_t n, const Body& body) {
  if (n >> 32 != 0) throw cxrlt::Error("a matrix on the device has 2^32 elements or more");
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
  const auto policy = thrust::cuda::par_nosync;  // on the stream that all others use here, too
#else
  const auto policy = thrust::device;
#endif
  thrust::for_each_n(policy, thrust::counting_iterator<std::uint32_t>(0),
                     static_cast<std::uint32_t>(n), body);
}

/// Copies elements of rows side by side: element i of the batch.
template <class T>
struct GatherRows {
  const T* from;
  const std::uint32_t* rows;
  std::uint32_t n_columns;
  T* to;

  CXRLT_HD void operator()(std::uint32_t i) const {
    to[i] = from[static_cast<std::size_t>(rows[i / n_columns]) * n_columns + i % n_columns];
  }
};

/// Adds a bias to each column, and where `is_rectified` takes 0 for what is below.
struct AddBias {
  const float* bias;
  std::uint32_t n_columns;
  bool is_rectified;
  float* values;

  CXRLT_HD void operator()(std::uint32_t i) const {
    const float sum = values[i] + bias[i % n_columns];
    values[i] = is_rectified && sum < 0 ? 0 : sum;
  }
};

/// Leaves no gradient where a unit was at rest.
struct MaskGradient {
  const float* activations;
  float* gradient;

  CXRLT_HD void operator()(std::uint32_t i) const {
    if (!(activations[i] > 0)) gradient[i] = 0;
  }
};

/// The sum of a column, from the first row on.
struct SumColumn {
  const float* values;
  std::uint32_t n_rows, n_columns;
  float* sums;

  CXRLT_HD void operator()(std::uint32_t column) const {
    float sum = 0;
    for (std::uint32_t row = 0; row < n_rows; ++row) {
      sum += values[static_cast<std::size_t>(row) * n_columns + column];
    }
    sums[column] = sum;
  }
};

/// One element's step of AdamW; see `AdamW` in network.hpp.
struct AdamWStep {
  float* values;
  const float* gradient;
  float* first;
  float* second;
  float rate, decay, first_scale, second_scale;

  CXRLT_HD void operator()(std::uint32_t i) const {
    constexpr float kFirst = 0.9F;
    constexpr float kSecond = 0.999F;
    constexpr float kSmall = 1e-8F;
    const float slope = gradient[i];
    first[i] = kFirst * first[i] + (1 - kFirst) * slope;
    second[i] = kSecond * second[i] + (1 - kSecond) * slope * slope;
    values[i] = values[i] * (1 - rate * decay) -
                rate / first_scale * first[i] / (std::sqrt(second[i] / second_scale) + kSmall);
  }
};

/// Values that are trained, with their gradient and moments.
struct Trained {
  DeviceMatrix values;
  DeviceMatrix gradient;
  thrust::device_vector<float> first;
  thrust::device_vector<float> second;

  Trained() = default;
  Trained(const float* from, std::size_t n_rows, std::size_t n_columns)
      : values(n_rows, n_columns),
        gradient(n_rows, n_columns),
        first(n_rows * n_columns, 0.0F),
        second(n_rows * n_columns, 0.0F) {
    thrust::copy_n(from, n_rows * n_columns, values.values.begin());
  }

  void step(float rate, float decay, float n_steps) {
    for_each(values.values.size(),
             AdamWStep{values.data(), gradient.data(), thrust::raw_pointer_cast(first.data()),
                       thrust::raw_pointer_cast(second.data()), rate, decay,
                       1 - std::pow(0.9F, n_steps), 1 - std::pow(0.999F, n_steps)});
  }

  void copy_to(float* to) const { thrust::copy(values.values.begin(), values.values.end(), to); }
};

/// `Layer`, on the device.
struct DeviceLayer {
  Trained weights;
  Trained bias;

  DeviceLayer() = default;
  explicit DeviceLayer(const Layer& layer)
      : weights(layer.weights.data(), static_cast<std::size_t>(layer.weights.rows()),
                static_cast<std::size_t>(layer.weights.cols())),
        bias(layer.bias.data(), 1, static_cast<std::size_t>(layer.bias.size())) {}

  void forward(DeviceBlas& blas, const DeviceMatrix& input, bool is_rectified,
               DeviceMatrix& output) {
    blas.multiply(input, Factor::plain, weights.values, Factor::plain, output);
    for_each(output.values.size(),
             AddBias{bias.values.data(), static_cast<std::uint32_t>(output.n_columns), is_rectified,
                     output.data()});
  }

  void backward(DeviceBlas& blas, const DeviceMatrix& input, const DeviceMatrix& output_gradient) {
    blas.multiply(input, Factor::transposed, output_gradient, Factor::plain, weights.gradient);
    for_each(
        output_gradient.n_columns,
        SumColumn{output_gradient.data(), static_cast<std::uint32_t>(output_gradient.n_rows),
                  static_cast<std::uint32_t>(output_gradient.n_columns), bias.gradient.data()});
  }

  void step(float rate, float decay, float n_steps) {
    weights.step(rate, decay, n_steps);
    bias.step(rate, 0, n_steps);
  }

  void copy_to(Layer& layer) const {
    weights.copy_to(layer.weights.data());
    bias.copy_to(layer.bias.data());
  }
};

/// Embeddings and labels on the device.
struct DeviceData {
  DeviceMatrix embeddings;
  thrust::device_vector<cxrlt::Label> labels;

  DeviceData() = default;
  DeviceData(std::size_t n_rows, std::size_t n_features, std::size_t n_classes)
      : embeddings(n_rows, n_features), labels(n_rows * n_classes) {}
  explicit DeviceData(const DataSet& data)
      : DeviceData(data.n_rows(), data.n_features(), data.n_classes()) {
    thrust::copy_n(data.embeddings.data(), embeddings.values.size(), embeddings.values.begin());
    thrust::copy_n(data.labels.data(), labels.size(), labels.begin());
  }

  /// Takes rows of others.
  void gather(const DeviceData& from, const thrust::device_vector<std::uint32_t>& rows) {
    const std::uint32_t* const at = thrust::raw_pointer_cast(rows.data());
    const auto n_features = static_cast<std::uint32_t>(embeddings.n_columns);
    for_each(embeddings.values.size(),
             GatherRows<float>{from.embeddings.data(), at, n_features, embeddings.data()});
    for_each(labels.size(),
             GatherRows<cxrlt::Label>{thrust::raw_pointer_cast(from.labels.data()), at,
                                      static_cast<std::uint32_t>(labels.size() / embeddings.n_rows),
                                      thrust::raw_pointer_cast(labels.data())});
  }
};

/// What a batch of some size needs.
struct BatchRoom {
  DeviceData data;
  DeviceMatrix activations, activation_gradient, logits, logit_gradient;
  thrust::device_vector<std::uint32_t> rows;

  BatchRoom() = default;
  BatchRoom(std::size_t n_rows, std::size_t n_features, std::size_t n_hidden, std::size_t n_classes)
      : data(n_rows, n_features, n_classes),
        activations(n_hidden > 0 ? n_rows : 0, n_hidden),
        activation_gradient(n_hidden > 0 ? n_rows : 0, n_hidden),
        logits(n_rows, n_classes),
        logit_gradient(n_rows, n_classes),
        rows(n_rows) {}
};

cxrlt::DeviceMatrixView<const float> scores_view(const DeviceMatrix& matrix) {
  return {matrix.values.data(), matrix.n_rows, matrix.n_columns};
}

cxrlt::DeviceLabelMatrixView labels_view(const thrust::device_vector<cxrlt::Label>& labels,
                                         const DeviceMatrix& logits) {
  return {labels.data(), logits.n_rows, logits.n_columns};
}

class DeviceStage : public Stage {
 public:
  DeviceStage(Network network, bool head_only, const SplitSet& data, double weight_decay)
      : network_(std::move(network)),
        head_only_(head_only),
        data_(data),
        weight_decay_(static_cast<float>(weight_decay)),
        head_(network_.head()),
        train_(data.train),
        validation_(data.validation) {
    if (network_.has_hidden()) hidden_.emplace(network_.hidden());
    policy_.workspace = &workspace_;
  }

  void use(const AnyLoss& loss) override { loss_ = loss; }

  double step(std::span<const std::size_t> rows, double learning_rate) override {
    if (batch_.logits.n_rows != rows.size()) batch_ = room_for(rows.size());
    const std::vector<std::uint32_t> narrow(rows.begin(), rows.end());
    thrust::copy(narrow.begin(), narrow.end(), batch_.rows.begin());
    batch_.data.gather(train_, batch_.rows);
    forward(batch_.data.embeddings, batch_.activations, batch_.logits);
    const double value = loss_and_gradient();
    backward();
    ++n_steps_;
    const auto rate = static_cast<float>(learning_rate);
    const auto n_steps = static_cast<float>(n_steps_);
    head_.step(rate, weight_decay_, n_steps);
    if (hidden_ && !head_only_) hidden_->step(rate, weight_decay_, n_steps);
    return value;
  }

  cxrlt::ScoreBuffer<float> validation_scores() override {
    if (validation_logits_.n_rows == 0) {
      const std::size_t n = data_.validation.n_rows();
      validation_logits_ = DeviceMatrix(n, data_.validation.n_classes());
      if (hidden_) validation_activations_ = DeviceMatrix(n, hidden_->bias.values.n_columns);
    }
    forward(validation_.embeddings, validation_activations_, validation_logits_);
    std::vector<float> logits(validation_logits_.values.size());
    thrust::copy(validation_logits_.values.begin(), validation_logits_.values.end(),
                 logits.begin());
    cxrlt::ScoreBuffer<float> buffer(data_.validation.n_classes());
    buffer.add({logits.data(), data_.validation.n_rows(), data_.validation.n_classes()},
               data_.validation.labels);
    return buffer;
  }

  Network network() const override {
    Network copy = network_;
    const std::vector<Layer*> layers = copy.layers(false);
    head_.copy_to(*layers.back());
    if (hidden_) hidden_->copy_to(*layers.front());
    return copy;
  }

  std::optional<double> ranking_seconds() override {
    const auto begin = std::chrono::steady_clock::now();
    cxrlt::summarise_ranking(scores_view(validation_logits_),
                             labels_view(validation_.labels, validation_logits_), policy_);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

 private:
  BatchRoom room_for(std::size_t n_rows) const {
    return {n_rows, train_.embeddings.n_columns, hidden_ ? hidden_->bias.values.n_columns : 0,
            head_.bias.values.n_columns};
  }

  void forward(const DeviceMatrix& input, DeviceMatrix& activations, DeviceMatrix& logits) {
    if (hidden_) hidden_->forward(blas_, input, true, activations);
    head_.forward(blas_, hidden_ ? activations : input, false, logits);
  }

  double loss_and_gradient() {
    const cxrlt::DeviceMatrixView<float> gradient(batch_.logit_gradient.values.data(),
                                                  batch_.logits.n_rows, batch_.logits.n_columns);
    const auto value = std::visit(
        [&](const auto& loss) {
          return cxrlt::loss_and_gradient(
              scores_view(batch_.logits), labels_view(batch_.data.labels, batch_.logits), loss,
              gradient, {cxrlt::Reduction::mean_over_rows, {}}, policy_);
        },
        loss_);
    return value.value;
  }

  void backward() {
    head_.backward(blas_, hidden_ ? batch_.activations : batch_.data.embeddings,
                   batch_.logit_gradient);
    if (!hidden_ || head_only_) return;
    blas_.multiply(batch_.logit_gradient, Factor::plain, head_.weights.values, Factor::transposed,
                   batch_.activation_gradient);
    for_each(batch_.activations.values.size(),
             MaskGradient{batch_.activations.data(), batch_.activation_gradient.data()});
    hidden_->backward(blas_, batch_.data.embeddings, batch_.activation_gradient);
  }

  Network network_;  ///< as it was at first
  bool head_only_;
  const SplitSet& data_;
  float weight_decay_;
  DeviceBlas blas_;
  cxrlt::DeviceWorkspace workspace_;
  cxrlt::Cuda policy_;
  std::optional<DeviceLayer> hidden_;
  DeviceLayer head_;
  DeviceData train_;
  DeviceData validation_;
  BatchRoom batch_;
  DeviceMatrix validation_activations_, validation_logits_;
  AnyLoss loss_;
  std::size_t n_steps_ = 0;
};

}  // namespace

void look_for_device() {
  cxrlt::summarise_ranking(cxrlt::DeviceMatrixView<const float>(), cxrlt::DeviceLabelMatrixView(),
                           cxrlt::Cuda{});
}

std::unique_ptr<Stage> make_device_stage(Network network, bool head_only, const SplitSet& data,
                                         double weight_decay) {
  return std::make_unique<DeviceStage>(std::move(network), head_only, data, weight_decay);
}

}  // namespace training
