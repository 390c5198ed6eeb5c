// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/label_ranking.hpp"

#include <vector>

#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Labels = std::vector<Label>;

/// The example ML1: ties, an empty row.
std::vector<RowCounts> ml1() {
  const Doubles scores{.5, .5, .1, .7, .2, .7, .3, .2, .1, .9, .8, .1};
  const Labels labels{1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1};
  return count_rows(MatrixView<const double>(scores.data(), 4, 3), {labels.data(), 4, 3},
                    Doubles(3, .5));
}

}  // namespace

TEST_CASE("label ranking of the worked example") {
  const auto rows = ml1();
  check_close(lrap(rows).value, (.5 + 7.0 / 12 + 1 + 1) / 4, 1e-15);
  CHECK(coverage_error(rows).value == 2);
  CHECK(ranking_loss(rows).value == .375);
}

TEST_CASE("label ranking with weights") {
  const auto rows = ml1();
  const Doubles weights{1, 2, 0, .5};
  check_close(lrap(rows, weights).value, (.5 + 7.0 / 6 + .5) / 3.5, 1e-15);
  check_close(coverage_error(rows, weights).value, (2 + 6 + 1.5) / 3.5, 1e-15);
  check_close(ranking_loss(rows, weights).value, (.5 + 2) / 3.5, 1e-15);
}

TEST_CASE("rows without any label enter no ranking average") {
  auto rows = ml1();
  rows[1] = RowCounts{};
  check_close(lrap(rows).value, 2.5 / 3, 1e-15);
  check_close(coverage_error(rows).value, 5.0 / 3, 1e-15);
  check_close(ranking_loss(rows).value, .5 / 3, 1e-15);
}

TEST_CASE("no rows, or none with weight, have no label ranking") {
  const auto rows = ml1();
  const std::vector<RowCounts> unlabelled(3);
  for (const auto metric : {lrap, coverage_error, ranking_loss}) {
    CHECK(metric({}, {}).why == Undefined::no_samples);
    CHECK(metric(unlabelled, {}).why == Undefined::no_samples);
    CHECK(metric(rows, Doubles(4, 0)).why == Undefined::no_samples);
    CHECK_THROWS_AS(metric(rows, Doubles(3, 1)), InvalidArgument);
    CHECK_THROWS_AS(metric(rows, Doubles{1, 1, -1, 1}), InvalidArgument);
  }
}
