// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/multiple_testing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/random.hpp"
#include "golden/uncertainty.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Values = std::vector<MetricValue>;

Values defined(const std::vector<double>& numbers) {
  Values values;
  for (const double number : numbers) values.push_back({number});
  return values;
}

const MetricValue kNoPositives = MetricValue::undefined(Undefined::no_positives);

}  // namespace

TEST_CASE("Holm and Benjamini-Hochberg by hand") {
  const Values p = defined({.01, .04, .03, .005});
  const Values by_holm = holm(p);
  // Ascending .005 .01 .03 .04 times 4, 3, 2, 1: .02 .03 .06 and .04, which is lifted to .06.
  check_close(by_holm[3].value, .02, 1e-15);
  check_close(by_holm[0].value, .03, 1e-15);
  check_close(by_holm[2].value, .06, 1e-15);
  check_close(by_holm[1].value, .06, 1e-15);
  const Values by_rate = benjamini_hochberg(p);
  check_close(by_rate[3].value, .02, 1e-15);
  check_close(by_rate[0].value, .02, 1e-15);
  check_close(by_rate[2].value, .04, 1e-15);
  check_close(by_rate[1].value, .04, 1e-15);
}

TEST_CASE("adjusted p-values equal those of statsmodels, undefined ones staying as they are") {
  for (const golden::AdjustedValues& one : golden::adjusted_values) {
    Values p = defined(one.p);
    // Undefined values in between count for nothing.
    p.insert(p.begin(), kNoPositives);
    p.insert(p.begin() + static_cast<std::ptrdiff_t>(p.size()) / 2 + 1, kNoPositives);
    const Values by_holm = holm(p);
    const Values by_rate = benjamini_hochberg(p);
    std::size_t k = 0;
    for (std::size_t j = 0; j < p.size(); ++j) {
      if (!p[j].defined()) {
        CHECK(by_holm[j].why == Undefined::no_positives);
        CHECK(by_rate[j].why == Undefined::no_positives);
        CHECK(std::isnan(by_holm[j].value));
        continue;
      }
      check_close(by_holm[j].value, one.holm[k], 1e-14);
      check_close(by_rate[j].value, one.benjamini_hochberg[k], 1e-14);
      CHECK(by_rate[j].value >= p[j].value);
      CHECK(by_holm[j].value >= by_rate[j].value - 1e-15);
      ++k;
    }
    CHECK(k == one.p.size());
  }
  CHECK(holm({}).empty());
  CHECK(benjamini_hochberg({}).empty());
}

TEST_CASE("the order of p-values does not matter, and they stay in order") {
  Random random(521);
  for (int repetition = 0; repetition < 300; ++repetition) {
    std::vector<double> numbers(1 + random.below(12));
    for (double& number : numbers) number = static_cast<double>(random.below(21)) / 20;
    const Values p = defined(numbers);
    std::vector<double> turned(numbers.rbegin(), numbers.rend());
    const Values q = defined(turned);
    for (const auto adjust : {holm, benjamini_hochberg}) {
      const Values forth = adjust(p);
      const Values back = adjust(q);
      for (std::size_t j = 0; j < p.size(); ++j) {
        CHECK(forth[j].value == back[p.size() - 1 - j].value);
        CHECK(forth[j].value >= p[j].value);
        CHECK(forth[j].value <= 1);
        for (std::size_t k = 0; k < p.size(); ++k) {
          if (p[j].value <= p[k].value) CHECK(forth[j].value <= forth[k].value);
        }
      }
    }
  }
}

TEST_CASE("numbers that are no p-values are refused") {
  for (const double bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    const Values p = defined({.5, bad});
    CHECK_THROWS_AS(holm(p), InvalidArgument);
    CHECK_THROWS_AS(benjamini_hochberg(p), InvalidArgument);
  }
}

TEST_CASE("max-T by hand") {
  ClassMatrix<double> null(4, 3);
  const double rows[4][3] = {{1, -3, 9}, {-2, 0, 9}, {0, 1, 9}, {1, 1, 9}};
  for (std::size_t b = 0; b < 4; ++b) {
    for (std::size_t k = 0; k < 3; ++k) null[k][b] = rows[b][k];
  }
  // The third class is undefined: its column does not count. Largest sizes 3, 2, 1, 1.
  const Values observed{{-2}, {4}, kNoPositives};
  const Values adjusted = max_t(observed, null.view(), MaxTScale::none);
  CHECK(adjusted[0].value == 3.0 / 5);
  CHECK(adjusted[1].value == 1.0 / 5);
  CHECK(adjusted[2].why == Undefined::no_positives);
  // By class: root mean squares sqrt(10 / 5) and sqrt(27 / 5); in these units the first statistic
  // is sqrt(2), the largest of the rows are 1.291, 1.414 (a tie with it), 0.707 and 0.707.
  const Values scaled = max_t(observed, null.view());
  CHECK(scaled[0].value == 2.0 / 5);
  CHECK(scaled[1].value == 1.0 / 5);
}

TEST_CASE("max-T bounds each single p-value from above and is 1 where nothing differs") {
  Random random(522);
  for (int repetition = 0; repetition < 50; ++repetition) {
    const std::size_t n_null = 1 + random.below(60);
    ClassMatrix<double> null(n_null, 4);
    Values observed;
    for (std::size_t k = 0; k < 4; ++k) {
      const double size = std::pow(10.0, static_cast<double>(k) - 2);
      for (double& one : null[k]) one = size * random.normal();
      observed.push_back({2 * size * random.normal()});
    }
    observed[3].value = 0;
    const Values adjusted = max_t(observed, null.view());
    CHECK(adjusted[3].value == 1);
    for (std::size_t k = 0; k < 4; ++k) {
      std::size_t reached = 1;
      for (const double one : null[k]) {
        reached += std::abs(one) >= std::abs(observed[k].value) ? 1 : 0;
      }
      CHECK(adjusted[k].value >= static_cast<double>(reached) / static_cast<double>(n_null + 1));
      CHECK(adjusted[k].value <= 1);
      // Of one class alone nothing is adjusted, in whatever unit.
      const Values one{observed[k]};
      const MatrixView<const double> column(null[k].data(), n_null, 1);
      const Values alone = max_t(one, column);
      CHECK(alone[0].value == static_cast<double>(reached) / static_cast<double>(n_null + 1));
    }
    // Another unit of one class changes nothing.
    for (double& one : null[1]) one *= 1024;
    observed[1].value *= 1024;
    const Values again = max_t(observed, null.view());
    for (std::size_t k = 0; k < 4; ++k) CHECK(again[k].value == adjusted[k].value);
  }
}

TEST_CASE("max-T where all statistics are 0, and mistakes") {
  ClassMatrix<double> null(3, 2);
  const Values zeros{{0}, {0}};
  CHECK(max_t(zeros, null.view())[0].value == 1);
  CHECK_THROWS_AS(max_t(defined({1}), null.view()), InvalidArgument);
  null[1][2] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(max_t(zeros, null.view()), InvalidArgument);
  const Values half{{1}, kNoPositives};
  CHECK(max_t(half, null.view())[0].value == 1.0 / 4);
  null[1][2] = 0;
  CHECK_THROWS_AS(max_t(defined({1, std::numeric_limits<double>::infinity()}), null.view()),
                  InvalidArgument);
}
