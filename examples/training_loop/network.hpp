// SPDX-License-Identifier: Apache-2.0
/// A small classifier on embeddings, and the optimiser that trains it.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cxrlt/core/logistic.hpp>
#include <cxrlt/core/random.hpp>
#include <numbers>
#include <span>
#include <vector>

#include "data_set.hpp"

namespace training {

/// output = input weights + bias, with the gradient of the loss by both.
struct Layer {
  Matrix weights;  ///< inputs x outputs
  Eigen::RowVectorXf bias;
  Matrix weight_gradient;
  Eigen::RowVectorXf bias_gradient;

  Layer() = default;
  /// Weights as He et al. (2015) draw them, bias 0.
  Layer(std::size_t n_inputs, std::size_t n_outputs, cxrlt::Random& random)
      : weights(static_cast<Eigen::Index>(n_inputs), static_cast<Eigen::Index>(n_outputs)),
        bias(Eigen::RowVectorXf::Zero(static_cast<Eigen::Index>(n_outputs))) {
    const double deviation = std::sqrt(2.0 / static_cast<double>(n_inputs));
    for (Eigen::Index i = 0; i < weights.size(); ++i) {
      weights.data()[i] = static_cast<float>(deviation * random.normal());
    }
  }

  void backward(const Matrix& input, const Matrix& output_gradient) {
    weight_gradient.noalias() = input.transpose() * output_gradient;
    bias_gradient = output_gradient.colwise().sum();
  }
};

/// Logits of all classes from an embedding: linear, or with one hidden layer of rectifiers.
class Network {
 public:
  /// @param n_hidden  units of the hidden layer; 0: none
  /// @param prevalences  of each class in training, from which the first logits come: a class with
  /// four positives must not first unlearn a probability of one half
  /// @param scale  see `reset_head`
  Network(std::size_t n_features, std::size_t n_hidden, std::span<const double> prevalences,
          double scale, std::uint64_t seed)
      : n_hidden_(n_hidden), log_odds_(static_cast<Eigen::Index>(prevalences.size())) {
    for (std::size_t c = 0; c < prevalences.size(); ++c) {
      log_odds_(static_cast<Eigen::Index>(c)) = static_cast<float>(cxrlt::logit(prevalences[c]));
    }
    cxrlt::Random random(seed, 1);
    if (n_hidden > 0) hidden_ = Layer(n_features, n_hidden, random);
    n_inputs_ = n_hidden > 0 ? n_hidden : n_features;
    reset_head(scale, seed);
  }

  /// Begins the last layer anew, small: the second stage of classifier re-training.
  /// @param scale  by which the loss multiplies logits
  void reset_head(double scale, std::uint64_t seed) {
    cxrlt::Random random(seed, 2);
    head_ = Layer(n_inputs_, static_cast<std::size_t>(log_odds_.size()), random);
    head_.weights *= static_cast<float>(0.1 / scale);
    head_.bias = log_odds_ / static_cast<float>(scale);
    scale_ = scale;
  }

  /// The probability of class c is sigmoid(scale x logit).
  double scale() const { return scale_; }

  /// The logits of a batch; valid until the next call.
  const Matrix& forward(const Matrix& batch) {
    if (n_hidden_ > 0) {
      activations_.noalias() = batch * hidden_.weights;
      activations_ = (activations_.rowwise() + hidden_.bias).cwiseMax(0.0F);
    }
    const Matrix& input = n_hidden_ > 0 ? activations_ : batch;
    logits_.noalias() = input * head_.weights;
    logits_.rowwise() += head_.bias;
    return logits_;
  }

  /// Gradients of all layers, from that of the loss by the logits of the last `forward`.
  void backward(const Matrix& batch, const Matrix& logit_gradient, bool head_only) {
    head_.backward(n_hidden_ > 0 ? activations_ : batch, logit_gradient);
    if (n_hidden_ == 0 || head_only) return;
    hidden_gradient_.noalias() = logit_gradient * head_.weights.transpose();
    hidden_gradient_ = (activations_.array() > 0).select(hidden_gradient_, 0.0F);
    hidden_.backward(batch, hidden_gradient_);
  }

  /// The layers that are trained.
  std::vector<Layer*> layers(bool head_only) {
    if (n_hidden_ == 0 || head_only) return {&head_};
    return {&hidden_, &head_};
  }

  const Layer& hidden() const { return hidden_; }
  const Layer& head() const { return head_; }
  bool has_hidden() const { return n_hidden_ > 0; }

 private:
  std::size_t n_hidden_;
  std::size_t n_inputs_ = 0;
  Eigen::RowVectorXf log_odds_;
  double scale_ = 1;
  Layer hidden_;
  Layer head_;
  Matrix activations_;
  Matrix hidden_gradient_;
  Matrix logits_;
};

/// AdamW: Adam with weight decay that does not pass through the moments (Loshchilov and Hutter
/// 2019). Biases do not decay.
class AdamW {
 public:
  explicit AdamW(double weight_decay) : weight_decay_(static_cast<float>(weight_decay)) {}

  void step(const std::vector<Layer*>& layers, double learning_rate) {
    if (moments_.empty()) moments_.resize(2 * layers.size());
    ++n_steps_;
    const auto rate = static_cast<float>(learning_rate);
    for (std::size_t k = 0; k < layers.size(); ++k) {
      Layer& layer = *layers[k];
      layer.weights *= 1 - rate * weight_decay_;
      update(moments_[2 * k], layer.weights, layer.weight_gradient, rate);
      update(moments_[2 * k + 1], layer.bias, layer.bias_gradient, rate);
    }
  }

 private:
  struct Moments {
    Eigen::ArrayXf first;
    Eigen::ArrayXf second;
  };

  template <class Values>
  void update(Moments& moments, Values& values, const Values& gradient, float rate) const {
    constexpr float kFirst = 0.9F;
    constexpr float kSecond = 0.999F;
    constexpr float kSmall = 1e-8F;
    const Eigen::Map<const Eigen::ArrayXf> slope(gradient.data(), gradient.size());
    Eigen::Map<Eigen::ArrayXf> to(values.data(), values.size());
    if (moments.first.size() == 0) {
      moments.first = moments.second = Eigen::ArrayXf::Zero(values.size());
    }
    moments.first = kFirst * moments.first + (1 - kFirst) * slope;
    moments.second = kSecond * moments.second + (1 - kSecond) * slope.square();
    const float first_scale = 1 - std::pow(kFirst, static_cast<float>(n_steps_));
    const float second_scale = 1 - std::pow(kSecond, static_cast<float>(n_steps_));
    to -= rate / first_scale * moments.first / ((moments.second / second_scale).sqrt() + kSmall);
  }

  float weight_decay_;
  std::size_t n_steps_ = 0;
  std::vector<Moments> moments_;
};

/// The learning rate falls from `highest` to 0 along half a cosine, after a linear rise over the
/// first twentieth of the steps (Loshchilov and Hutter 2017).
inline double cosine_rate(double highest, std::size_t step, std::size_t n_steps) {
  const double done = static_cast<double>(step) / static_cast<double>(n_steps);
  constexpr double kRise = 0.05;
  if (done < kRise)
    return highest * (static_cast<double>(step) + 1) / (kRise * static_cast<double>(n_steps) + 1);
  return highest * (1 + std::cos(std::numbers::pi * (done - kRise) / (1 - kRise))) / 2;
}

}  // namespace training
