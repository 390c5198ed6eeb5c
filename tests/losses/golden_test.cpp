// SPDX-License-Identifier: Apache-2.0
// Values of PyTorch and its automatic derivatives, from tests/golden/generate_losses.py.
#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/losses/asymmetric.hpp"
#include "cxrlt/losses/bce.hpp"
#include "cxrlt/losses/class_balanced.hpp"
#include "cxrlt/losses/class_weights.hpp"
#include "cxrlt/losses/deferred_reweighting.hpp"
#include "cxrlt/losses/distribution_balanced.hpp"
#include "cxrlt/losses/focal.hpp"
#include "cxrlt/losses/ldam.hpp"
#include "cxrlt/losses/logit_adjusted.hpp"
#include "cxrlt/losses/loss_value.hpp"
#include "cxrlt/losses/softmax_cross_entropy.hpp"
#include "golden/losses.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr std::size_t n_classes = 4;
const std::size_t n_rows = golden::loss_labels.size() / n_classes;

const golden::CellLosses& reference(std::string_view name) {
  for (const auto& one : golden::losses) {
    if (one.name == name) return one;
  }
  throw std::runtime_error("no golden loss of this name");
}

template <class Score>
std::vector<Score> logits() {
  return {golden::loss_logits.begin(), golden::loss_logits.end()};
}

template <class Score, class Loss>
void check_matrix(const golden::CellLosses& expected, const Loss& loss, double tolerance) {
  const std::vector<Score> z = logits<Score>();
  std::vector<Score> gradient(z.size());
  std::vector<Score> curvature(z.size());
  const MetricValue value = loss_and_derivatives(
      MatrixView<const Score>(z.data(), n_rows, n_classes),
      LabelMatrixView(golden::loss_labels.data(), n_rows, n_classes), loss,
      MatrixView<Score>(gradient.data(), n_rows, n_classes),
      MatrixView<Score>(curvature.data(), n_rows, n_classes), {.reduction = Reduction::sum});
  double sum = 0;
  for (std::size_t j = 0; j < z.size(); ++j) {
    INFO("cell " << j << ", z " << z[j] << ", y " << int{golden::loss_labels[j]});
    sum += expected.value[j];
    check_close(static_cast<double>(gradient[j]), expected.gradient[j], tolerance);
    check_close(static_cast<double>(curvature[j]), expected.curvature[j], tolerance);
  }
  check_close(value.value, sum, tolerance);
}

/// The scalar kernels, which devices share, cell by cell, in double and float.
template <class Loss>
void check_cells(const golden::CellLosses& expected, const Loss& loss) {
  for (std::size_t j = 0; j < golden::loss_logits.size(); ++j) {
    INFO("cell " << j);
    const double z = golden::loss_logits[j];
    const bool positive = golden::loss_labels[j] == 1;
    const CellLoss<double> cell = loss.cell(z, positive, j % n_classes);
    check_close(cell.value, expected.value[j]);
    check_close(cell.gradient, expected.gradient[j]);
    check_close(cell.curvature, expected.curvature[j]);
    const auto single =
        Loss::class_cell(loss.kernel, loss.classes[j % n_classes], static_cast<float>(z), positive);
    check_close(static_cast<double>(single.value), expected.value[j], 2e-6);
    check_close(static_cast<double>(single.gradient), expected.gradient[j], 2e-6);
  }
}

template <class Loss>
void check_loss(std::string_view name, const Loss& loss) {
  INFO(name);
  const golden::CellLosses& expected = reference(name);
  check_matrix<double>(expected, loss, 1e-12);
  check_matrix<float>(expected, loss, 1e-6);
  if constexpr (!requires { loss.inverse_counts; }) check_cells(expected, loss);
}

}  // namespace

TEST_CASE("losses of several labels equal PyTorch's, with both derivatives") {
  const std::vector<std::uint64_t>& counts = golden::loss_counts;
  check_loss("bce", bce_loss(n_classes));
  check_loss("weighted bce", bce_loss(negatives_per_positive(counts, golden::loss_n_samples)));
  check_loss("focal", focal_loss(n_classes));
  check_loss("focal, gamma 0.5, weighted", focal_loss(n_classes, {0.5, 0.25, 0.75}));
  check_loss("class-balanced focal", class_balanced(focal_loss(n_classes), counts, {.beta = 0.99}));
  check_loss("asymmetric", asymmetric_loss(n_classes));
  check_loss("asymmetric, 1 and 2.5, shift 0.2", asymmetric_loss(n_classes, {1, 2.5, 0.2}));
  check_loss("asymmetric, no shift", asymmetric_loss(n_classes, {1.5, 3, 0}));
  check_loss("asymmetric, detached", asymmetric_loss(n_classes, {1, 4, 0.05, true}));
  check_loss("ldam", ldam_loss(counts));
  check_loss("ldam-drw", ldam_drw_loss(counts, 10, {}, {.scale = 4}));
  check_loss("logit-adjusted",
             logit_adjusted(bce_loss(n_classes), counts, golden::loss_n_samples, 1.5));
  check_loss("distribution-balanced", distribution_balanced_loss(counts, golden::loss_n_samples));
  check_loss("distribution-balanced, plain",
             distribution_balanced_loss(counts, golden::loss_n_samples,
                                        {.negative_scale = 5, .gamma = 0, .balance = 1}));
}

namespace {

template <class Score>
void check_softmax(const golden::SoftmaxLosses& expected, const SoftmaxLoss& loss,
                   double tolerance) {
  const std::vector<Score> z = logits<Score>();
  std::vector<Score> gradient(z.size());
  const MetricValue value = softmax_loss_and_gradient(
      MatrixView<const Score>(z.data(), n_rows, n_classes), expected.classes, loss,
      MatrixView<Score>(gradient.data(), n_rows, n_classes), {.reduction = Reduction::sum});
  check_close(value.value, expected.value[0], tolerance);
  for (std::size_t j = 0; j < z.size(); ++j) {
    check_close(static_cast<double>(gradient[j]), expected.gradient[j], tolerance);
  }
}

}  // namespace

TEST_CASE("softmax losses equal PyTorch's") {
  const SoftmaxLoss losses[] = {softmax_loss(n_classes),
                                logit_adjusted_softmax_loss(golden::loss_counts, 1.5),
                                balanced_softmax_loss(golden::loss_counts)};
  REQUIRE(golden::softmax_losses.size() == 3);
  for (std::size_t j = 0; j < 3; ++j) {
    INFO(golden::softmax_losses[j].name);
    check_softmax<double>(golden::softmax_losses[j], losses[j], 1e-12);
    check_softmax<float>(golden::softmax_losses[j], losses[j], 1e-6);
  }
}
