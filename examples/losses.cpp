// SPDX-License-Identifier: Apache-2.0
// expect: training positives: 631 of Effusion, 26 of Hernia, among 4000 rows
// expect: epoch 0: LDAM-DRW [0-9.]+, weights of positives 1\.00 and 1\.00
// expect: epoch 20: LDAM-DRW [0-9.]+, weights of positives 0\.[0-9]+ and 1\.[0-9]+
// expect: epoch 39: LDAM-DRW 0\.[0-9]+, weights of positives 0\.[0-9]+ and 1\.[0-9]+
// expect: macro AP 0\.[0-9]+ after BCE, 0\.[0-9]+ after LDAM-DRW
// expect: of 1000 rows drawn class-balanced, [0-9]+ are Hernia
// Trains a linear classifier with two losses: the library has values and gradients, the loop is
// yours.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "cxrlt/core/random.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/losses/bce.hpp"
#include "cxrlt/losses/deferred_reweighting.hpp"
#include "cxrlt/losses/loss_value.hpp"
#include "cxrlt/losses/samplers.hpp"
#include "cxrlt/metrics/discrimination.hpp"

namespace {

constexpr std::size_t n_rows = 4000;
constexpr std::size_t n_classes = 2;
constexpr std::size_t n_features = 8;

/// Made-up features, and labels that depend on them; the second class has a positive in 100 rows.
struct TrainingSet {
  std::vector<double> features;
  std::vector<cxrlt::Label> labels;
  std::vector<std::uint64_t> positives = std::vector<std::uint64_t>(n_classes);

  TrainingSet() {
    cxrlt::Random random(1);
    for (std::size_t i = 0; i < n_rows; ++i) {
      double* const x = &*features.insert(features.end(), n_features, 0.0);
      for (std::size_t f = 0; f < n_features; ++f) x[f] = random.normal();
      for (std::size_t k = 0; k < n_classes; ++k) {
        const double z = 1.5 * x[k] + x[k + 1] - x[7] + random.normal() - (k == 0 ? 2.3 : 5.7);
        labels.push_back(z > 0 ? 1 : 0);
        positives[k] += z > 0 ? 1 : 0;
      }
    }
  }
  cxrlt::LabelMatrixView label_view() const { return {labels.data(), n_rows, n_classes}; }
};

/// z = W x + b.
struct LinearModel {
  std::vector<double> weights = std::vector<double>(n_classes * (n_features + 1));

  std::vector<double> logits(const TrainingSet& set) const {
    std::vector<double> z(n_rows * n_classes);
    for (std::size_t i = 0; i < n_rows; ++i) {
      for (std::size_t k = 0; k < n_classes; ++k) {
        const double* const w = &weights[k * (n_features + 1)];
        z[i * n_classes + k] = w[n_features];
        for (std::size_t f = 0; f < n_features; ++f) {
          z[i * n_classes + k] += w[f] * set.features[i * n_features + f];
        }
      }
    }
    return z;
  }

  void step(const TrainingSet& set, const std::vector<double>& gradient, double rate) {
    for (std::size_t i = 0; i < n_rows; ++i) {
      for (std::size_t k = 0; k < n_classes; ++k) {
        double* const w = &weights[k * (n_features + 1)];
        const double g = rate * gradient[i * n_classes + k];
        for (std::size_t f = 0; f < n_features; ++f) w[f] -= g * set.features[i * n_features + f];
        w[n_features] -= g;
      }
    }
  }
};

/// One epoch of gradient descent on all rows; the loss before it.
template <class Loss>
double train(LinearModel& model, const TrainingSet& set, const Loss& loss, double rate) {
  const std::vector<double> z = model.logits(set);
  std::vector<double> gradient(z.size());
  const auto value = cxrlt::loss_and_gradient(
      cxrlt::MatrixView<const double>(z.data(), n_rows, n_classes), set.label_view(), loss,
      cxrlt::MatrixView<double>(gradient.data(), n_rows, n_classes));
  model.step(set, gradient, rate);
  return value.value;
}

double macro_average_precision(const LinearModel& model, const TrainingSet& set) {
  const std::vector<double> z = model.logits(set);
  double sum = 0;
  for (const auto& counts : cxrlt::count_thresholds(
           cxrlt::MatrixView<const double>(z.data(), n_rows, n_classes), set.label_view())) {
    sum += cxrlt::average_precision(counts).value / n_classes;
  }
  return sum;
}

}  // namespace

int main() {
  const TrainingSet set;
  std::printf("training positives: %d of Effusion, %d of Hernia, among %zu rows\n",
              static_cast<int>(set.positives[0]), static_cast<int>(set.positives[1]), n_rows);

  LinearModel plain;
  for (int epoch = 0; epoch < 40; ++epoch) train(plain, set, cxrlt::bce_loss(n_classes), 4);

  LinearModel model;
  for (int epoch = 0; epoch < 40; ++epoch) {
    const cxrlt::LdamLoss loss =
        cxrlt::ldam_drw_loss(set.positives, epoch, {.first_epoch = 20}, {.scale = 10});
    const double value = train(model, set, loss, 0.05);
    if (epoch % 20 == 0 || epoch == 39) {
      std::printf("epoch %d: LDAM-DRW %.3f, weights of positives %.2f and %.2f\n", epoch, value,
                  loss.classes[0].positive_weight, loss.classes[1].positive_weight);
    }
  }
  std::printf("macro AP %.3f after BCE, %.3f after LDAM-DRW\n", macro_average_precision(plain, set),
              macro_average_precision(model, set));

  const auto weights = cxrlt::class_balanced_sampling(set.label_view());
  int n_hernia = 0;
  for (const std::size_t row : cxrlt::sample_rows(weights, 1000, 7)) {
    n_hernia += set.labels[row * n_classes + 1];
  }
  std::printf("of 1000 rows drawn class-balanced, %d are Hernia\n", n_hernia);
}
