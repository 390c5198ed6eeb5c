// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/mcnemar.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/random.hpp"
#include "golden/uncertainty.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Labels = std::vector<Label>;

}  // namespace

TEST_CASE("McNemar's test by hand") {
  // Both right, only first, only second, both wrong, not judged, only first, only first.
  const Labels labels{1, 1, 0, 1, kMissing, 0, 0};
  const Labels first{1, 1, 1, 0, 0, 0, 0};
  const Labels second{1, 0, 0, 0, 1, 1, 1};
  const McnemarTest exact = mcnemar_test(first, second, labels);
  CHECK(exact.n_only_first_right == 3);
  CHECK(exact.n_only_second_right == 1);
  check_close(exact.p_value.value, 10.0 / 16, 1e-14);
  CHECK(exact.statistic.why == Undefined::not_estimable);
  const McnemarTest plain = mcnemar_test(first, second, labels, McnemarMethod::asymptotic);
  check_close(plain.statistic.value, 1, 1e-15);
  check_close(plain.p_value.value, std::erfc(std::sqrt(0.5)), 1e-15);
  const McnemarTest corrected = mcnemar_test(first, second, labels, McnemarMethod::corrected);
  CHECK(corrected.statistic.value == 0.25);
  CHECK(mcnemar_test(2, 1).p_value.value == 1);
  // 5 against 1 of 6: 2 (6 + 1) / 64.
  check_close(mcnemar_test(5, 1).p_value.value, 14.0 / 64, 1e-14);
  check_close(mcnemar_test(0, 9).p_value.value, 2.0 / 512, 1e-15);
}

TEST_CASE("McNemar's p-values equal those of statsmodels") {
  for (const golden::McnemarValues& one : golden::mcnemar_values) {
    CAPTURE(one.b, one.c);
    check_close(mcnemar_test(one.b, one.c).p_value.value, one.exact, 1e-12);
    check_close(mcnemar_test(one.b, one.c, McnemarMethod::asymptotic).p_value.value, one.asymptotic,
                1e-12);
    // There the correction makes (|0| - 1)^2 = 1 of a tie; here it stops at 0.
    const double corrected = one.b == one.c ? 1 : one.corrected;
    check_close(mcnemar_test(one.b, one.c, McnemarMethod::corrected).p_value.value, corrected,
                1e-12);
  }
}

TEST_CASE("no row on which exactly one is right: p is 1") {
  for (const McnemarMethod method :
       {McnemarMethod::exact, McnemarMethod::asymptotic, McnemarMethod::corrected}) {
    CHECK(mcnemar_test(0, 0, method).p_value.value == 1);
    const Labels same{1, 0, 0};
    const Labels labels{1, 1, 0};
    CHECK(mcnemar_test(same, same, labels, method).p_value.value == 1);
    const Labels unknown{kMissing, kMissing, kMissing};
    const McnemarTest none = mcnemar_test(same, same, unknown, method);
    CHECK(none.p_value.why == Undefined::no_samples);
    CHECK(none.statistic.why == Undefined::no_samples);
  }
  CHECK(mcnemar_test(0, 0, McnemarMethod::asymptotic).statistic.value == 0);
}

TEST_CASE("McNemar's test does not change if the models or both kinds of label change places") {
  Random random(511);
  for (int repetition = 0; repetition < 300; ++repetition) {
    const std::uint32_t n = 1 + random.below(30);
    Labels first, second, labels;
    Labels not_first, not_second, not_labels;
    for (std::uint32_t i = 0; i < n; ++i) {
      const auto bit = [&](Labels& values, Labels& others) {
        values.push_back(static_cast<Label>(random.below(2)));
        others.push_back(static_cast<Label>(1 - values.back()));
      };
      bit(first, not_first);
      bit(second, not_second);
      bit(labels, not_labels);
    }
    for (const McnemarMethod method :
         {McnemarMethod::exact, McnemarMethod::asymptotic, McnemarMethod::corrected}) {
      const double p = mcnemar_test(first, second, labels, method).p_value.value;
      CHECK(p > 0);
      CHECK(p <= 1);
      CHECK(mcnemar_test(second, first, labels, method).p_value.value == p);
      CHECK(mcnemar_test(not_first, not_second, not_labels, method).p_value.value == p);
    }
  }
}

TEST_CASE("McNemar's test refuses what is no decision") {
  const Labels good{0, 1};
  const Labels missing{0, kMissing};
  const Labels shorter{0};
  const Labels labels{1, 1};
  CHECK_THROWS_AS(mcnemar_test(missing, good, labels), InvalidArgument);
  CHECK_THROWS_AS(mcnemar_test(good, missing, labels), InvalidArgument);
  CHECK_THROWS_AS(mcnemar_test(shorter, good, labels), InvalidArgument);
  CHECK_THROWS_AS(mcnemar_test(good, shorter, labels), InvalidArgument);
  const Labels longer{0, 1, 1};
  CHECK_THROWS_AS(mcnemar_test(longer, good, labels), InvalidArgument);
  CHECK_THROWS_AS(mcnemar_test(good, longer, labels), InvalidArgument);
  const Labels strange{1, 2};
  CHECK_THROWS_AS(mcnemar_test(good, good, strange), InvalidArgument);
  // A decision on a row without a label is not looked at.
  const Labels half{1, kMissing};
  CHECK(mcnemar_test(missing, good, half).p_value.value == 1);
}
