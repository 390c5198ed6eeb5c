// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/counting/pooled.hpp"

#include <Eigen/Core>
#include <cstdint>
#include <limits>
#include <vector>

#include "counting/equal_counts.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Labels = std::vector<Label>;

}  // namespace

TEST_CASE("all labelled cells are counted as one class") {
  const Doubles scores{.9, .8, .8, .4, .3, .3};
  const Labels labels{1, 0, 1, 0, 0, kMissing};
  const auto counts =
      count_pooled(MatrixView<const double>(scores.data(), 3, 2), {labels.data(), 3, 2});
  CHECK(counts.threshold == Doubles{.9, .8});
  CHECK(counts.tp == std::vector<std::uint64_t>{1, 2});
  CHECK(counts.fp == std::vector<std::uint64_t>{0, 1});
  CHECK(counts.fp_above == std::vector<std::uint64_t>{0, 0});
  CHECK(counts.n_negative == 3);
}

TEST_CASE("pooling equals counting the flattened cells, for any layout, type and weights") {
  Random random(106);
  for (int repetition = 0; repetition < 300; ++repetition) {
    const std::size_t rows = 1 + random.below(repetition % 10 == 0 ? 200 : 6);
    const std::size_t classes = 1 + random.below(4);
    Doubles scores;
    Labels labels;
    Doubles row_weights;
    Doubles cell_weights;
    for (std::size_t i = 0; i < rows; ++i) {
      row_weights.push_back(random.below(4));
      for (std::size_t c = 0; c < classes; ++c) {
        scores.push_back(random.below(5) / 8.0);
        labels.push_back(static_cast<Label>(static_cast<int>(random.below(3)) - 1));
        cell_weights.push_back(row_weights.back());
      }
    }
    const MatrixView<const double> view(scores.data(), rows, classes);
    const LabelMatrixView label_view(labels.data(), rows, classes);
    const ColumnView<const double> flat(scores);
    check_equal(count_pooled(view, label_view), count_thresholds(flat, labels));
    check_equal(count_pooled(view, label_view, row_weights),
                count_thresholds(flat, labels, cell_weights));
    Eigen::MatrixXf columns(rows, classes);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t c = 0; c < classes; ++c) {
        columns(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) =
            static_cast<float>(view(i, c));
      }
    }
    check_equal(count_pooled(MatrixView<const float>(columns), label_view),
                count_thresholds(flat, labels));
    check_equal(count_pooled(MatrixView<const float>(columns), label_view, row_weights),
                count_thresholds(flat, labels, cell_weights));
  }
}

TEST_CASE("pooling refuses wrong input") {
  const Doubles scores{.1, std::numeric_limits<double>::quiet_NaN()};
  const Labels labels{1, 0};
  const Labels wrong{1, 2};
  const Doubles good{.1, .2};
  const LabelMatrixView view(labels.data(), 1, 2);
  CHECK_THROWS_AS(count_pooled(MatrixView<const double>(scores.data(), 1, 2), view),
                  InvalidArgument);
  CHECK_THROWS_AS(count_pooled(MatrixView<const double>(scores.data(), 1, 2), view, Doubles{1}),
                  InvalidArgument);
  const MatrixView<const double> row(good.data(), 1, 2);
  CHECK_THROWS_AS(count_pooled(MatrixView<const double>(good.data(), 2, 1), view), InvalidArgument);
  CHECK_THROWS_AS(count_pooled(row, LabelMatrixView(labels.data(), 1, 1)), InvalidArgument);
  CHECK_THROWS_AS(count_pooled(row, LabelMatrixView(wrong.data(), 1, 2)), InvalidArgument);
  CHECK_THROWS_AS(count_pooled(row, view, Doubles{-1}), InvalidArgument);
  CHECK_THROWS_AS(count_pooled(row, view, Doubles{1, 1}), InvalidArgument);
}
