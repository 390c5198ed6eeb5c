// SPDX-License-Identifier: Apache-2.0
/// Losses computed on the device are those of the host.
#include "cxrlt/cuda/loss_gradient.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "cuda/device_support.hpp"
#include "cxrlt/losses/asymmetric.hpp"
#include "cxrlt/losses/bce.hpp"
#include "cxrlt/losses/deferred_reweighting.hpp"
#include "cxrlt/losses/distribution_balanced.hpp"
#include "cxrlt/losses/focal.hpp"
#include "cxrlt/losses/ldam.hpp"

using namespace cxrlt;

namespace {

/// Logits, labels and a place for the gradient.
template <class Score>
struct LossData {
  TestMatrix<Score> logits;
  TestMatrix<Label> labels;
  TestMatrix<Score> gradient;

  LossData(std::size_t n_samples, std::size_t n_classes, bool row_major)
      : logits(n_samples, n_classes, row_major),
        labels(n_samples, n_classes, !row_major),
        gradient(n_samples, n_classes, !row_major) {
    Random random(640, n_samples);
    for (std::size_t i = 0; i < n_samples; ++i) {
      for (std::size_t k = 0; k < n_classes; ++k) {
        logits(i, k) = static_cast<Score>(4 * random.normal());
        const std::uint32_t draw = random.below(10);
        labels(i, k) = draw == 0 || i % 11 == 3 ? kMissing : static_cast<Label>(draw < 4 ? 1 : 0);
      }
    }
  }
};

template <class T>
DeviceMatrixView<T> writable(DeviceMatrixView<const T> view) {
  return {thrust::device_pointer_cast(const_cast<T*>(thrust::raw_pointer_cast(view.data()))),
          view.n_samples(), view.n_classes(), view.sample_stride(), view.class_stride()};
}

template <class Score>
bool is_near(Score found, double expected) {
  const double tolerance = sizeof(Score) == 4 ? 3e-6 : 1e-13;
  return std::abs(static_cast<double>(found) - expected) <=
         tolerance * std::max(1e-3, std::abs(expected));
}

/// The definition, cell by cell. (nvcc does not compile the host's pass over vectors.)
template <class Score, class Loss>
MetricValue by_definition(const LossData<Score>& data, const Loss& loss, Reduction reduction,
                          TestMatrix<double>& gradient) {
  const auto logits = data.logits.host();
  const LabelMatrixView labels(data.labels.host());
  double sum = 0;
  double n_cells = 0;
  double n_rows = 0;
  for (std::size_t i = 0; i < logits.n_samples(); ++i) {
    std::vector<double> weights(logits.n_classes(), 1.0);
    if constexpr (requires { loss.alpha; }) loss.weigh_row(labels.row(i), weights.data());
    bool any = false;
    for (std::size_t k = 0; k < logits.n_classes(); ++k) {
      if (labels(i, k) == kMissing) continue;
      const auto cell = loss.cell(static_cast<double>(logits(i, k)), labels(i, k) == 1, k);
      sum += weights[k] * cell.value;
      gradient(i, k) = weights[k] * cell.gradient;
      any = true;
      ++n_cells;
    }
    n_rows += any ? 1 : 0;
  }
  if (reduction == Reduction::sum) return {sum};
  const double divisor = reduction == Reduction::mean_over_rows ? n_rows : n_cells;
  if (divisor == 0) return MetricValue::undefined(Undefined::no_samples);
  for (double& cell : gradient.cells) cell /= divisor;
  return {sum / divisor};
}

/// Value and gradient on the device against their definition.
template <class Score, class Loss>
void compare(LossData<Score>& data, const Loss& loss, Reduction reduction) {
  const auto device_gradient = writable<Score>(data.gradient.device());
  const MetricValue found =
      loss_and_gradient(data.logits.device(), DeviceLabelMatrixView(data.labels.device()), loss,
                        device_gradient, {reduction, {}}, Cuda{});
  std::vector<Score> gradient(data.gradient.cells.size());
  thrust::copy_n(device_gradient.data(), gradient.size(), gradient.begin());
  TestMatrix<double> expected(data.gradient.host().n_samples(), data.gradient.host().n_classes(),
                              data.gradient.host().class_stride() == 1);
  const MetricValue value = by_definition(data, loss, reduction, expected);
  CHECK(found.why == value.why);
  if (value.defined()) CHECK(is_near(static_cast<Score>(found.value), value.value));
  for (std::size_t j = 0; j < gradient.size(); ++j) {
    CAPTURE(j);
    CHECK(is_near(gradient[j], expected.cells[j]));
  }
}

template <class Score>
void compare_all(std::size_t n_samples, std::size_t n_classes, bool row_major) {
  LossData<Score> data(n_samples, n_classes, row_major);
  std::vector<std::uint64_t> positives;
  for (std::size_t k = 0; k < n_classes; ++k) positives.push_back(3 + 50 * k * k);
  for (const Reduction reduction :
       {Reduction::mean_over_cells, Reduction::mean_over_rows, Reduction::sum}) {
    compare(data, bce_loss(n_classes), reduction);
    compare(data, focal_loss(n_classes), reduction);
    compare(data, asymmetric_loss(n_classes), reduction);
    compare(data, ldam_drw_loss(positives, 10, {}, {.scale = 2}), reduction);
    compare(data, distribution_balanced_loss(positives, 100'000), reduction);
  }
}

/// What the loss of these cells complains of.
std::string complaint(const std::vector<float>& logits, const std::vector<Label>& labels) {
  TestMatrix<float> z(logits.size() / 2, 2, true);
  TestMatrix<Label> y(logits.size() / 2, 2, true);
  TestMatrix<float> gradient(logits.size() / 2, 2, true);
  z.cells = logits;
  y.cells = labels;
  return complaint_of([&] {
    loss_and_gradient(z.device(), DeviceLabelMatrixView(y.device()), bce_loss(2),
                      writable<float>(gradient.device()), {Reduction::sum, {}}, Cuda{});
  });
}

}  // namespace

TEST_CASE("losses on the device are the host's: float") {
  compare_all<float>(7, 1, true);
  compare_all<float>(300, 5, true);
  compare_all<float>(300, 5, false);
}

TEST_CASE("losses on the device are the host's: double") {
  compare_all<double>(1, 3, true);
  compare_all<double>(257, 4, false);
}

TEST_CASE("losses of more rows than threads are the host's") {
  LossData<double> data(70'000, 1, true);
  compare(data, bce_loss(1), Reduction::mean_over_cells);
  compare(data, bce_loss(1), Reduction::mean_over_rows);
}

TEST_CASE("a gradient may take the place of the logits") {
  LossData<double> data(40, 3, true);
  const LossData<double> copy = data;
  const auto logits = writable<double>(data.logits.device());
  loss_and_gradient(logits, DeviceLabelMatrixView(data.labels.device()), focal_loss(3), logits, {},
                    Cuda{});
  std::vector<double> found(data.logits.cells.size());
  thrust::copy_n(logits.data(), found.size(), found.begin());
  TestMatrix<double> expected(40, 3, true);
  by_definition(copy, focal_loss(3), Reduction::mean_over_cells, expected);
  for (std::size_t j = 0; j < found.size(); ++j) CHECK(is_near(found[j], expected.cells[j]));
}

TEST_CASE("losses of nothing on the device are undefined, and their sum is 0") {
  LossData<float> data(5, 2, true);
  std::fill(data.labels.cells.begin(), data.labels.cells.end(), kMissing);
  compare(data, bce_loss(2), Reduction::mean_over_cells);
  compare(data, bce_loss(2), Reduction::sum);
  LossData<float> none(0, 2, true);
  compare(none, bce_loss(2), Reduction::mean_over_rows);
  compare(none, bce_loss(2), Reduction::sum);
}

TEST_CASE("the device names what is wrong with the input of a loss") {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(complaint({1, 2, 3, 4}, {0, 1, 1, 0}).empty());
  CHECK(complaint({1, infinity, nan, 4}, {0, -1, -1, 0}).empty());
  CHECK(complaint({1, 2, 3, -infinity}, {0, 1, 1, 0}) ==
        "the logit of sample 1, class 1 is infinite; expected a finite number");
  CHECK(complaint({1, 2, nan, infinity}, {0, 1, 1, 0}) ==
        "the logit of sample 1, class 0 is NaN; expected a finite number");
  CHECK(complaint({1, 2, 3, 4}, {0, 1, 1, 2}).find("of sample 1 in class 1 is 2") !=
        std::string::npos);
  TestMatrix<float> z(3, 2, true);
  TestMatrix<Label> y(3, 2, true);
  z(2, 1) = infinity;
  const auto in_place = writable<float>(z.device());
  CHECK(complaint_of([&] {
          loss_and_gradient(in_place, DeviceLabelMatrixView(y.device()), bce_loss(2), in_place, {},
                            Cuda{});
        }) == "the logit of sample 2, class 1 is infinite; expected a finite number");
  const std::vector<double> weights(3, 1.0);
  CHECK(complaint_of([&] {
          loss_and_gradient(in_place, DeviceLabelMatrixView(y.device()), bce_loss(2), in_place,
                            {Reduction::sum, weights}, Cuda{});
        }) == "a loss on a device takes no row weights");
  TestMatrix<float> small(2, 2, true);
  CHECK(complaint_of([&] {
          loss_and_gradient(z.device(), DeviceLabelMatrixView(y.device()), bce_loss(3),
                            writable<float>(z.device()), {Reduction::sum, {}}, Cuda{});
        }) == "class terms: 3 for 2 classes");
  CHECK(complaint_of([&] {
          loss_and_gradient(z.device(), DeviceLabelMatrixView(y.device()), bce_loss(2),
                            writable<float>(small.device()), {Reduction::sum, {}}, Cuda{});
        }) != "");
}
