// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/core/matrix_view.hpp"

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "catch.hpp"

using namespace cxrlt;

namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// 4 x 3 with the element 10 row + column.
template <class Matrix>
Matrix numbered() {
  Matrix matrix(4, 3);
  for (Eigen::Index i = 0; i < 4; ++i) {
    for (Eigen::Index j = 0; j < 3; ++j) {
      matrix(i, j) = static_cast<typename Matrix::Scalar>(10 * i + j);
    }
  }
  return matrix;
}

/// Checks all elements against offset + 10 row + column, through every accessor.
template <class T>
void check_elements(MatrixView<const T> view, std::size_t rows, std::size_t columns, int offset) {
  REQUIRE(view.n_samples() == rows);
  REQUIRE(view.n_classes() == columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const T expected = static_cast<T>(offset + static_cast<int>(10 * i + j));
      CHECK(view(i, j) == expected);
      CHECK(view.column(j)[i] == expected);
      CHECK(view.row(i)[j] == expected);
    }
  }
  CHECK(view.column(0).size() == rows);
  CHECK(view.row(0).size() == columns);
}

}  // namespace

TEST_CASE("a matrix view reads Eigen matrices of either order where they lie") {
  const auto columns = numbered<Eigen::MatrixXd>();
  const auto rows = numbered<RowMajor>();
  check_elements(MatrixView<const double>(columns), 4, 3, 0);
  check_elements(MatrixView<const double>(rows), 4, 3, 0);
  CHECK(MatrixView<const double>(columns).data() == columns.data());
  CHECK(MatrixView<const double>(rows).data() == rows.data());
  check_elements(MatrixView<const float>(numbered<Eigen::MatrixXf>().eval().topRows(4)), 4, 3, 0);
}

TEST_CASE("a matrix view reads blocks, maps and strides") {
  const auto columns = numbered<Eigen::MatrixXd>();
  const auto rows = numbered<RowMajor>();
  check_elements(MatrixView<const double>(columns.block(1, 1, 3, 2)), 3, 2, 11);
  check_elements(MatrixView<const double>(rows.block(1, 1, 3, 2)), 3, 2, 11);
  check_elements(MatrixView<const double>(columns.topRows(2)), 2, 3, 0);
  const std::vector<double> padded{0, 1, 2, -1, 10, 11, 12, -1};
  check_elements(MatrixView<const double>(padded.data(), 2, 3, 4, 1), 2, 3, 0);
  const std::vector<double> dense{0, 1, 2, 10, 11, 12};
  check_elements(MatrixView<const double>(dense.data(), 2, 3), 2, 3, 0);
  const std::vector<double> backwards{10, 11, 0, 1};
  check_elements(MatrixView<const double>(backwards.data() + 2, 2, 2, -2, 1), 2, 2, 0);
  const Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>> map(padded.data(), 2, 3,
                                                                Eigen::OuterStride<>(4));
  check_elements(MatrixView<const double>(map), 2, 3, 0);
}

TEST_CASE("a transpose swaps the strides") {
  const auto matrix = numbered<Eigen::MatrixXd>();
  const MatrixView<const double> view(matrix.transpose());
  REQUIRE(view.n_samples() == 3);
  REQUIRE(view.n_classes() == 4);
  CHECK(view(2, 1) == 12);
  CHECK(view.sample_stride() == 4);
  CHECK(view.class_stride() == 1);
}

TEST_CASE("a column view reads containers, spans and Eigen vectors") {
  const std::vector<double> vector{1, 2, 3};
  const ColumnView<const double> from_vector(vector);
  CHECK(from_vector.size() == 3);
  CHECK(from_vector[2] == 3);
  CHECK(ColumnView<const double>(std::span<const double>(vector))[1] == 2);
  const std::array<float, 2> array{1.5F, 2.5F};
  CHECK(ColumnView<const float>(array)[1] == 2.5F);
  const auto columns = numbered<Eigen::MatrixXd>();
  CHECK(ColumnView<const double>(columns.col(2))[3] == 32);
  CHECK(ColumnView<const double>(columns.row(3))[2] == 32);
  const Eigen::VectorXd eigen = columns.col(1);
  CHECK(ColumnView<const double>(eigen)[1] == 11);
  CHECK(ColumnView<const double>(vector.data(), 2, 2)[1] == 3);
}

TEST_CASE("labels may be int8, uint8 or bool, in any layout") {
  const std::vector<std::int8_t> signed_bytes{0, 1, -1, 1};
  const LabelColumnView labels(signed_bytes);
  REQUIRE(labels.size() == 4);
  CHECK(labels[1] == 1);
  CHECK(labels[2] == kMissing);
  const std::vector<std::uint8_t> unsigned_bytes{0, 1, 0, 1};
  CHECK(LabelColumnView(unsigned_bytes)[3] == 1);
  CHECK(LabelColumnView(unsigned_bytes)[2] == 0);
  const std::array<bool, 3> bools{true, false, true};
  CHECK(LabelColumnView(bools)[0] == 1);
  CHECK(LabelColumnView(bools)[1] == 0);
  CHECK(LabelColumnView(signed_bytes.data(), 2, 2)[1] == kMissing);

  Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic> columns(2, 3);
  columns << true, false, true, false, false, true;
  const LabelMatrixView matrix(columns);
  REQUIRE(matrix.n_samples() == 2);
  REQUIRE(matrix.n_classes() == 3);
  CHECK(matrix(0, 2) == 1);
  CHECK(matrix(1, 0) == 0);
  CHECK(matrix.column(2)[1] == 1);
  CHECK(matrix.row(0)[1] == 0);
  const Eigen::Matrix<std::uint8_t, 2, 3, Eigen::RowMajor> rows = columns.cast<std::uint8_t>();
  CHECK(LabelMatrixView(rows)(0, 2) == 1);
  CHECK(LabelMatrixView(rows.rightCols(2))(0, 1) == 1);
  CHECK(LabelMatrixView(signed_bytes.data(), 2, 2)(1, 0) == kMissing);
}

TEST_CASE("views of owning temporaries and of other element types do not compile") {
  using View = MatrixView<const double>;
  static_assert(std::is_constructible_v<View, const Eigen::MatrixXd&>);
  static_assert(!std::is_constructible_v<View, Eigen::MatrixXd>);
  static_assert(!std::is_constructible_v<View, const Eigen::MatrixXf&>);
  static_assert(!std::is_constructible_v<ColumnView<const double>, std::vector<double>>);
  static_assert(std::is_constructible_v<ColumnView<const double>, std::span<const double>>);
  static_assert(!std::is_constructible_v<ColumnView<const double>, const std::vector<float>&>);
  static_assert(!std::is_constructible_v<LabelColumnView, const std::vector<int>&>);
  static_assert(!std::is_constructible_v<LabelColumnView, std::vector<std::int8_t>>);
  static_assert(!std::is_constructible_v<LabelColumnView, const std::vector<double>&>);
  SUCCEED();
}

TEST_CASE("sizes that differ are refused in words") {
  CHECK_NOTHROW(detail::check_same_size(3, 3, "samples"));
  std::string message;
  try {
    detail::check_same_size(3, 4, "samples");
  } catch (const InvalidArgument& error) {
    message = error.what();
  }
  CHECK(message == "scores and labels differ in their number of samples: 3 and 4");
}

TEST_CASE("a mask of 0 and 255 is refused by those who check labels, not taken for missing") {
  const std::vector<unsigned char> mask{0, 255, 1};
  const LabelColumnView column(mask);
  CHECK(column[0] == 0);
  CHECK(column[2] == 1);
  CHECK(column[1] != kMissing);
  CHECK(column[1] != 1);
  const LabelMatrixView matrix(mask.data(), 3, 1);
  CHECK(matrix(1, 0) != kMissing);
  CHECK(matrix.column(0)[1] != kMissing);
  CHECK(matrix.row(1)[0] != kMissing);
  const std::vector<signed char> labels{0, -1, 1};
  CHECK(LabelColumnView(labels)[1] == kMissing);
}

TEST_CASE("a view that may write is read where a constant one is asked for") {
  std::vector<double> numbers{1, 2, 3, 4};
  const MatrixView<double> writable(numbers.data(), 2, 2);
  const MatrixView<const double> constant = writable;
  writable(1, 0) = 7;
  CHECK(constant(1, 0) == 7);
  const ColumnView<const double> column = writable.column(1);
  CHECK(column[1] == 4);
}
