// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/row_metrics.hpp"

#include <cstdint>
#include <vector>

#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;

RowCounts row(std::uint64_t tp, std::uint64_t fp, std::uint64_t fn, std::uint64_t tn) {
  RowCounts result;
  result.decided = {tp, fp, fn, tn};
  result.n_known = tp + fp + fn + tn;
  return result;
}

constexpr double kThird = 1.0 / 3;

/// Mixed, empty and silent, empty but predicted, silent but not empty, all right; the last but one
/// row has a missing cell, the last no label at all.
const std::vector<RowCounts> kRows{row(2, 1, 3, 4), row(0, 0, 0, 10), row(0, 2, 0, 8),
                                   row(0, 0, 3, 7), row(4, 0, 0, 5),  RowCounts{}};

}  // namespace

TEST_CASE("metrics of whole rows by hand") {
  check_close(exact_match(kRows).value, 2.0 / 5, 1e-15);
  check_close(hamming_loss(kRows).value, (4 + 0 + 2 + 3 + 0) / 49.0, 1e-15);
  check_close(samples_f1(kRows).value, (4.0 / 8 + 1 + 0 + 0 + 1) / 5, 1e-15);
  check_close(samples_jaccard(kRows).value, (2.0 / 6 + 1 + 0 + 0 + 1) / 5, 1e-15);
  check_close(samples_precision(kRows).value, (2.0 / 3 + 1 + 0 + 0 + 1) / 5, 1e-15);
  check_close(samples_recall(kRows).value, (2.0 / 5 + 1 + 0 + 0 + 1) / 5, 1e-15);
}

TEST_CASE("metrics of whole rows with weights") {
  const Doubles weights{3, 1, 2, 0, .5, 100};
  check_close(exact_match(kRows, weights).value, 1.5 / 6.5, 1e-15);
  check_close(hamming_loss(kRows, weights).value, (3 * 4 + 2 * 2) / (30 + 10 + 20 + 4.5), 1e-15);
  check_close(samples_f1(kRows, weights).value, (1.5 + 1 + .5) / 6.5, 1e-15);
  check_close(samples_jaccard(kRows, weights).value, (3 * kThird + 1 + .5) / 6.5, 1e-15);
  check_close(samples_precision(kRows, weights).value, (6 * kThird + 1 + .5) / 6.5, 1e-15);
  check_close(samples_recall(kRows, weights).value, (1.2 + 1 + .5) / 6.5, 1e-15);
}

TEST_CASE("exact match needs both kinds of decision right") {
  CHECK(exact_match(std::vector{row(1, 1, 0, 1)}).value == 0);
  CHECK(exact_match(std::vector{row(1, 0, 1, 1)}).value == 0);
  CHECK(exact_match(std::vector{row(1, 0, 0, 1)}).value == 1);
}

TEST_CASE("no rows, or none with a label, have no value") {
  const std::vector<RowCounts> unlabelled(2);
  for (const auto metric : {exact_match, hamming_loss, samples_f1, samples_jaccard,
                            samples_precision, samples_recall}) {
    CHECK(metric({}, {}).why == Undefined::no_samples);
    CHECK(metric(unlabelled, {}).why == Undefined::no_samples);
    CHECK(metric(kRows, Doubles(6, 0)).why == Undefined::no_samples);
    CHECK_THROWS_AS(metric(kRows, Doubles(5, 1)), InvalidArgument);
    CHECK_THROWS_AS(metric(kRows, Doubles{1, 1, -1, 1, 1, 1}), InvalidArgument);
  }
}
