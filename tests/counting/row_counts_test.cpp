// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/counting/row_counts.hpp"

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Labels = std::vector<Label>;

auto count(const Doubles& scores, const Labels& labels, std::size_t n_classes,
           const Doubles& thresholds) {
  const std::size_t rows = scores.size() / n_classes;
  return count_rows(MatrixView<const double>(scores.data(), rows, n_classes),
                    {labels.data(), rows, n_classes}, thresholds);
}

}  // namespace

TEST_CASE("each row is counted across its classes") {
  // The example ML1: empty row, full row, ties.
  const auto rows = count({.5, .5, .1, .7, .2, .7, .3, .2, .1, .9, .8, .1},
                          {1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1}, 3, {.5, .5, .5});
  REQUIRE(rows.size() == 4);
  const double precision[] = {.5, (.5 + 2. / 3) / 2, 1, 1};
  const std::uint64_t coverage[] = {2, 3, 0, 3};
  const double loss[] = {.5, 1, 0, 0};
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(i);
    check_close(rows[i].ranking_precision, precision[i], 1e-15);
    CHECK(rows[i].coverage == coverage[i]);
    CHECK(rows[i].ranking_loss == loss[i]);
    CHECK(rows[i].n_known == 3);
  }
  CHECK(rows[0].decided == ConfusionCounts<>{1, 1, 0, 1});
  CHECK(rows[1].decided == ConfusionCounts<>{1, 1, 1, 0});
  CHECK(rows[2].decided == ConfusionCounts<>{0, 0, 0, 3});
  CHECK(rows[3].decided == ConfusionCounts<>{2, 0, 1, 0});
}

TEST_CASE("each class has its own threshold, and equality predicts positive") {
  const auto rows = count({.5, .5, .5}, {1, 0, 1}, 3, {.5, .4, .6});
  CHECK(rows[0].decided == ConfusionCounts<>{1, 1, 1, 0});
}

TEST_CASE("missing cells are left out of their row") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto rows = count({.9, .8, .7, nan, .2, .1, .5, .5, .5}, {-1, 1, 0, -1, 0, 1, -1, -1, -1},
                          3, {.75, .75, .75});
  CHECK(rows[0].n_known == 2);
  CHECK(rows[0].coverage == 1);
  CHECK(rows[0].ranking_precision == 1);
  CHECK(rows[0].decided == ConfusionCounts<>{1, 0, 0, 1});
  CHECK(rows[1].coverage == 2);
  CHECK(rows[1].ranking_loss == 1);
  CHECK(rows[1].ranking_precision == .5);
  CHECK(rows[2].n_known == 0);
  CHECK(rows[2].decided == ConfusionCounts<>{});
}

TEST_CASE("a row equals its labels counted as one class") {
  Random random(107);
  for (int repetition = 0; repetition < 3000; ++repetition) {
    const Sample s = random_sample(random, 9);
    const auto row = count(s.scores, s.labels, s.size(), Doubles(s.size(), .5)).front();
    const auto counts = count_thresholds(ColumnView<const double>(s.scores), s.labels);
    CHECK(row.n_known == counts.n_positive + counts.n_negative);
    CHECK(row.decided == count_confusion(ColumnView<const double>(s.scores), s.labels, .5));
    CHECK(row.coverage == (counts.size() == 0 ? 0 : counts.tp.back() + counts.fp.back()));
    const bool both = counts.n_positive > 0 && counts.n_negative > 0;
    check_close(row.ranking_precision, both ? average_precision(counts).value : 1, 1e-14);
    double wrong = 0;
    double pairs = 0;
    for (std::size_t i = 0; i < s.size(); ++i) {
      for (std::size_t j = 0; j < s.size(); ++j) {
        if (s.labels[i] != 1 || s.labels[j] != 0) continue;
        pairs += 1;
        wrong += s.scores[i] <= s.scores[j] ? 1 : 0;
      }
    }
    CHECK(row.ranking_loss == (both ? wrong / pairs : 0));
  }
}

TEST_CASE("-0 ties with +0 and infinities rank at the ends") {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto rows = count({-0.0, 0.0, infinity, -infinity}, {1, 0, 1, 0}, 2, {0, 0});
  CHECK(rows[0].coverage == 2);
  CHECK(rows[0].decided == ConfusionCounts<>{1, 1, 0, 0});
  CHECK(rows[1].coverage == 1);
  CHECK(rows[1].ranking_precision == 1);
}

TEST_CASE("float matrices of either order give the same rows") {
  Eigen::MatrixXf columns(2, 3);
  columns << .2F, .7F, .7F, .9F, .1F, .4F;
  const Eigen::Matrix<float, 2, 3, Eigen::RowMajor> rows = columns;
  Eigen::Matrix<bool, 2, 3> labels;
  labels << false, true, false, false, true, true;
  const Doubles thresholds(3, .5);
  const auto a = count_rows(MatrixView<const float>(columns), labels, thresholds);
  const auto b = count_rows(MatrixView<const float>(rows), labels, thresholds);
  for (const auto& counted : {a, b}) {
    CHECK(counted[0].coverage == 2);
    CHECK(counted[0].ranking_loss == .5);
    CHECK(counted[1].coverage == 3);
    CHECK(counted[1].ranking_loss == 1);
  }
}

TEST_CASE("count_rows refuses wrong input") {
  CHECK_THROWS_AS(count({.5, .5}, {1, 0}, 2, {.5}), InvalidArgument);
  CHECK_THROWS_AS(count({.5, .5}, {1, 2}, 2, {.5, .5}), InvalidArgument);
  CHECK_THROWS_AS(count({.5, std::nan("")}, {1, 0}, 2, {.5, .5}), InvalidArgument);
  const Doubles scores{.5, .5};
  const Labels labels{1, 0};
  CHECK_THROWS_AS(count_rows(MatrixView<const double>(scores.data(), 1, 2), {labels.data(), 2, 1},
                             Doubles{.5, .5}),
                  InvalidArgument);
}
