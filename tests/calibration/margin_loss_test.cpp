// SPDX-License-Identifier: Apache-2.0
/// Margins from any layout, and their losses' derivatives against the plain formulas.
#include "cxrlt/calibration/detail/margin_loss.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/calibration/detail/read_margins.hpp"
#include "cxrlt/calibration/temperature.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

void check_derivatives(const std::vector<double>& margins, double b) {
  CAPTURE(b, margins.size());
  double first = 0;
  double second = 0;
  double third = 0;
  double third_size = 0;  // without t - s, which cancels for small margins
  for (const double m : margins) {
    const double s = sigmoid(-b * m);
    const double t = sigmoid(b * m);
    first -= m * s;
    second += m * m * s * t;
    third -= m * m * m * s * t * (t - s);
    third_size += std::abs(m * m * m * s * t);
  }
  const detail::LossDerivatives found = detail::loss_derivatives(margins.data(), margins.size(), b);
  CHECK(std::abs(found.first - first) <= 1e-13 * std::abs(first) + 1e-300);
  CHECK(std::abs(found.second - second) <= 1e-13 * second + 1e-300);
  CHECK(std::abs(found.third - third) <= 1e-13 * third_size + 1e-300);
}

/// Margins of all cells in the order of memory.
template <class Score>
std::vector<double> margins_of(MatrixView<const Score> logits, LabelMatrixView labels,
                               detail::LabelTally& tally) {
  std::vector<double> margins(logits.n_samples() * logits.n_classes());
  detail::read_margins(logits, labels, 0, logits.n_samples(), margins.data(), tally);
  return margins;
}

}  // namespace

TEST_CASE("derivatives of the log loss are those of its formula") {
  // One at a time, eight times over, so that sums do not hide an error.
  for (const double m : {0.0, 1e-9, 0.3, 1.0, 2.0, 7.5, 36.0, 300.0, 699.0}) {
    for (const double sign : {1.0, -1.0}) {
      check_derivatives(std::vector<double>(8, sign * m), 1);
      check_derivatives(std::vector<double>(3, sign * m), 1);
      check_derivatives(std::vector<double>(8, sign * m), 0);
    }
  }
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    const double m = 20 * (random.uniform() - 0.5);
    check_derivatives(std::vector<double>(8, m), 3 * random.uniform());
  }
  std::vector<double> many;
  for (int i = 0; i < 1003; ++i) many.push_back(4 * random.normal() + 9);
  check_derivatives(many, 0.7);
  // Far out nothing is left, and nothing is NaN.
  const std::vector<double> far(8, 1e6);
  CHECK(std::abs(detail::loss_derivatives(far.data(), 8, 1e4).first) < 1e-280);
  const std::vector<double> wrong(8, -1e6);
  CHECK(detail::loss_derivatives(wrong.data(), 8, 1e4).first == 8e6);
}

TEST_CASE("margins are the same from every layout") {
  constexpr std::size_t n = 61;
  constexpr std::size_t n_classes = 13;
  Random random(4);
  std::vector<float> rows(n * n_classes);
  std::vector<Label> row_labels(n * n_classes);
  std::vector<float> columns(n * n_classes);
  std::vector<Label> column_labels(n * n_classes);
  const std::size_t wide = n_classes + 3;
  std::vector<float> padded(n * wide, std::numeric_limits<float>::quiet_NaN());
  std::vector<Label> padded_labels(n * wide, 1);  // which a label might be
  for (const bool is_plain : {true, false}) {
    detail::LabelTally expected;
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < n_classes; ++k) {
        float z = static_cast<float>(random.normal());
        Label label = static_cast<Label>(random.below(2));
        if (!is_plain && random.below(20) == 0) label = kMissing;
        if (!is_plain && random.below(20) == 0) z = std::numeric_limits<float>::infinity();
        // What has no label may be anything.
        if (label == kMissing) z = std::numeric_limits<float>::quiet_NaN();
        rows[i * n_classes + k] = columns[k * n + i] = padded[i * wide + k] = z;
        row_labels[i * n_classes + k] = column_labels[k * n + i] = label;
        padded_labels[i * wide + k] = label;
        if (label == kMissing) continue;
        expected.add(label == 1);
        const double bounded = is_infinite(z) ? 36.7368005696771 : static_cast<double>(z);
        sum += (label == 1 ? bounded : -bounded) * static_cast<double>(1 + i % 3);
      }
    }
    const auto check = [&](MatrixView<const float> logits, LabelMatrixView labels, bool by_class) {
      detail::LabelTally tally;
      const std::vector<double> margins = margins_of(logits, labels, tally);
      CHECK(tally.n_positive == expected.n_positive);
      CHECK(tally.n_negative == expected.n_negative);
      double found = 0;
      for (std::size_t j = 0; j < margins.size(); ++j) {
        const std::size_t i = by_class ? j % n : j / n_classes;
        found += margins[j] * static_cast<double>(1 + i % 3);
      }
      check_close(found, sum, 1e-11);
    };
    const MatrixView<const float> by_row(rows.data(), n, n_classes);
    const MatrixView<const float> by_class(columns.data(), n, n_classes, 1, n);
    const LabelMatrixView labels_by_row(row_labels.data(), n, n_classes);
    const LabelMatrixView labels_by_class(
        MatrixView<const Label>(column_labels.data(), n, n_classes, 1, n));
    check(by_row, labels_by_row, false);
    check(by_class, labels_by_class, true);
    check(by_row, labels_by_class, false);
    check(by_class, labels_by_row, false);
    const LabelMatrixView padded_view(
        MatrixView<const Label>(padded_labels.data(), n, n_classes, wide, 1));
    check(by_row, padded_view, false);
    check(MatrixView<const float>(padded.data(), n, n_classes, wide, 1), padded_view, false);
  }
}

TEST_CASE("a temperature names the row that is wrong, wherever it stands") {
  constexpr std::size_t n = 20'000;
  std::vector<double> logits(n * 20);
  std::vector<std::uint8_t> labels(n * 20);
  Random random(6);
  for (std::size_t j = 0; j < logits.size(); ++j) {
    logits[j] = random.normal();
    labels[j] = random.uniform() < sigmoid(1.5 * logits[j]) ? 1 : 0;
  }
  const auto fit = [&] {
    return TemperatureScaling::fit(MatrixView<const double>(logits.data(), n, 20),
                                   LabelMatrixView(labels.data(), n, 20));
  };
  CHECK(std::abs(fit().inverse_temperature - 1.5) < 0.02);
  logits[12'345 * 20 + 7] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(fit(), Catch::Contains("sample 12345 is NaN"));
  logits[12'345 * 20 + 7] = 0;
  labels[777 * 20] = 2;
  CHECK_THROWS_WITH(fit(), Catch::Contains("label of sample 777 is 2"));
  // 255 is no missing label among unsigned ones.
  labels[777 * 20] = 255;
  CHECK_THROWS_AS(fit(), InvalidArgument);
}
