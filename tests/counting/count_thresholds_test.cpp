// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/counting/count_thresholds.hpp"

#include <Eigen/Core>
#include <cstdint>
#include <limits>
#include <vector>

#include "counting/equal_counts.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

TEST_CASE("each class is counted as if alone, for either layout and any number of threads") {
  // Above half a million cells, so that threads are really used.
  const Eigen::Index n = 50'000;
  const Eigen::Index classes = 11;
  Eigen::MatrixXf columns(n, classes);
  Eigen::Matrix<std::int8_t, Eigen::Dynamic, Eigen::Dynamic> labels(n, classes);
  Random random(104);
  for (Eigen::Index c = 0; c < classes; ++c) {
    for (Eigen::Index i = 0; i < n; ++i) {
      columns(i, c) = static_cast<float>(random.below(2000)) / 2000;
      const std::uint32_t kind = random.below(100);
      labels(i, c) = static_cast<std::int8_t>(kind < 3 ? 1 : kind < 5 ? -1 : 0);
    }
  }
  const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = columns;
  const MatrixView<const float> by_column(columns);
  const MatrixView<const float> by_row(rows);
  const auto one = count_thresholds(by_column, labels, Cpu{1});
  const auto four = count_thresholds(by_row, labels, Cpu{4});
  const auto all = count_thresholds(by_row, labels);
  REQUIRE(one.size() == static_cast<std::size_t>(classes));
  REQUIRE(four.size() == one.size());
  for (std::size_t c = 0; c < one.size(); ++c) {
    check_equal(one[c], count_thresholds(by_row.column(c), LabelMatrixView(labels).column(c)));
    check_equal(one[c], four[c]);
    check_equal(one[c], all[c]);
  }
}

TEST_CASE("shapes that differ and NaN scores are refused") {
  const Eigen::MatrixXd scores = Eigen::MatrixXd::Zero(3, 2);
  Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic> labels(3, 3);
  labels.setZero();
  const MatrixView<const double> view(scores);
  CHECK_THROWS_AS(count_thresholds(view, labels), InvalidArgument);
  CHECK_THROWS_AS(count_thresholds(view, LabelMatrixView(labels.topLeftCorner(2, 2))),
                  InvalidArgument);
  CHECK(count_thresholds(view, LabelMatrixView(labels.leftCols(2))).size() == 2);
  Eigen::MatrixXd wrong = scores;
  wrong(2, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(
      count_thresholds(MatrixView<const double>(wrong), LabelMatrixView(labels.leftCols(2))),
      InvalidArgument);
}
