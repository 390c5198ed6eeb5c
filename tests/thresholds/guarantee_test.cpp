// SPDX-License-Identifier: Apache-2.0
/// Certified precision: exact tails, the sequence by hand, and how often the guarantee fails.
#include "cxrlt/thresholds/guarantee.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "golden/binomial.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Rows {
  std::vector<double> scores;
  std::vector<Label> labels;

  CertifiedThreshold certify(const PrecisionGuarantee& guarantee) const {
    return certify_precision(ColumnView<const double>(scores), labels, guarantee);
  }
};

/// n rows of descending scores, the first n_positive of them positive.
Rows ranked(std::size_t n, std::size_t n_positive) {
  Rows rows;
  for (std::size_t i = 0; i < n; ++i) {
    rows.scores.push_back(1 - static_cast<double>(i) / 1024);
    rows.labels.push_back(i < n_positive ? Label{1} : Label{0});
  }
  return rows;
}

}  // namespace

TEST_CASE("binomial tails are exact", "[guarantee]") {
  for (const golden::BinomialTail& one : golden::binomial_tails) {
    CAPTURE(one.n, one.k, one.p);
    const double tail = detail::binomial_tail(one.k, one.n, one.p);
    CHECK(std::abs(tail / one.tail - 1) < 1e-12);
  }
  CHECK(detail::binomial_tail(0, 7, 0.3) == 1);
  CHECK(detail::binomial_tail(8, 7, 0.3) == 0);
}

TEST_CASE("fewer predictions can certify nothing", "[guarantee]") {
  CHECK(needed_predictions({0.9, 0.1}) == 22);
  CHECK(needed_predictions({0.9, 0.05}) == 29);
  CHECK(needed_predictions({0.5, 0.25}) == 2);
  CHECK(needed_predictions({0.5, 0.5}) == 1);
  CHECK(needed_predictions({0.5, 0.9}) == 1);
  CHECK(needed_predictions({0.99, 0.01}) == 459);
  for (const double precision : {0.3, 0.5, 0.8, 0.95}) {
    for (const double delta : {0.2, 0.1, 0.05, 0.001}) {
      const std::uint64_t k = needed_predictions({precision, delta});
      CHECK(detail::binomial_tail(k, k, precision) <= delta);
      if (k > 1) CHECK(detail::binomial_tail(k - 1, k - 1, precision) > delta);
    }
  }
}

TEST_CASE("the sequence by hand", "[guarantee]") {
  const PrecisionGuarantee guarantee{0.9, 0.1};
  // 22 right ones are just enough, and the next score bounds the rule.
  const Rows just = ranked(23, 22);
  const CertifiedThreshold found = just.certify(guarantee);
  CHECK(found.certified);
  CHECK(found.n_needed == 22);
  CHECK(found.n_predicted == 22);
  CHECK(found.n_correct == 22);
  CHECK(found.threshold == std::nextafter(just.scores[22], 1.0));
  check_close(found.p_value, std::pow(0.9, 22));
  // Nothing bounds the rule from below.
  CHECK_FALSE(ranked(22, 22).certify(guarantee).certified);
  CHECK(ranked(22, 22).certify(guarantee).threshold == kInfinity);
  // One wrong among the first 22 ends it, however many follow.
  Rows wrong = ranked(500, 400);
  wrong.labels[3] = 0;
  const CertifiedThreshold refused = wrong.certify(guarantee);
  CHECK_FALSE(refused.certified);
  CHECK(refused.n_predicted == 0);
  check_close(refused.p_value, detail::binomial_tail(21, 22, 0.9));
  // Not with a first test of more rows.
  const CertifiedThreshold later = wrong.certify({0.9, 0.1, 100});
  CHECK(later.certified);
  CHECK(later.n_correct == 399);
  CHECK(later.p_value <= 0.1);
}

TEST_CASE("tests go down by a tenth, and stop at the first that does not reject", "[guarantee]") {
  // 22, 24, 26, 28, 30, 33, ...: with 24 right ones then wrong ones, 26 has p = P(Bin(26) >= 24).
  const CertifiedThreshold found = ranked(100, 24).certify({0.9, 0.1});
  CHECK(found.n_predicted == 24);
  // With three right ones more, 26 and nothing beyond it passes.
  CHECK(ranked(100, 27).certify({0.9, 0.1}).n_predicted == 26);
}

TEST_CASE("equal scores stay together", "[guarantee]") {
  Rows rows = ranked(60, 40);
  for (std::size_t i = 5; i < 35; ++i) rows.scores[i] = rows.scores[5];
  // The tests at 22 to 33 rows end within the ties and keep 5 rows, too few: they are left out.
  const CertifiedThreshold found = rows.certify({0.9, 0.1});
  CHECK(found.certified);
  CHECK(found.n_predicted == 39);  // 22, 24, 26, 28, 30, 33, 36, 39
  for (double& score : rows.scores) score = 0.5;
  CHECK_FALSE(rows.certify({0.9, 0.1}).certified);
}

TEST_CASE("missing labels and floats", "[guarantee]") {
  Rows rows = ranked(80, 40);
  const CertifiedThreshold alone = rows.certify({0.9, 0.1});
  for (int i = 0; i < 20; ++i) {
    rows.scores.push_back(i % 2 == 0 ? 2.0 : std::nan(""));
    rows.labels.push_back(kMissing);
  }
  const CertifiedThreshold found = rows.certify({0.9, 0.1});
  CHECK(found.threshold == alone.threshold);
  CHECK(found.n_predicted == alone.n_predicted);
  const std::vector<float> narrow(rows.scores.begin(), rows.scores.end());
  CHECK(certify_precision(ColumnView<const float>(narrow), rows.labels, {0.9, 0.1}).threshold ==
        alone.threshold);
}

TEST_CASE("the guarantee fails no more often than it says", "[guarantee]") {
  // Positives score N(shift, 1), negatives N(0, 1): precision falls with the threshold, or is
  // everywhere a little too low; then each certificate is false, and a quarter pass the first test.
  struct Setting {
    double prevalence;
    double shift;
    PrecisionGuarantee guarantee;
  };
  const auto above = [](double x) { return std::erfc(x / std::numbers::sqrt2) / 2; };
  for (const Setting& s : {Setting{0.3, 1.5, {0.7, 0.2}}, Setting{0.1, 2, {0.5, 0.1}},
                           Setting{0.49, 0.0, {0.5, 0.26}}}) {
    int n_violated = 0;
    int n_certified = 0;
    constexpr int n_repetitions = 1500;
    for (int r = 0; r < n_repetitions; ++r) {
      Random random(1000 + static_cast<std::uint64_t>(r));
      Rows rows;
      for (int i = 0; i < 300; ++i) {
        const bool positive = random.uniform() < s.prevalence;
        // Rounded, so that scores tie.
        rows.scores.push_back(std::round(50 * (random.normal() + (positive ? s.shift : 0))) / 50);
        rows.labels.push_back(positive ? Label{1} : Label{0});
      }
      const CertifiedThreshold found = rows.certify(s.guarantee);
      if (!found.certified) continue;
      ++n_certified;
      // The rule score >= threshold accepts what rounds to the next 1/50 or more.
      const double cut = std::ceil(50 * found.threshold) / 50 - 0.01;
      const double tp = s.prevalence * above(cut - s.shift);
      const double fp = (1 - s.prevalence) * above(cut);
      n_violated += tp / (tp + fp) < s.guarantee.precision ? 1 : 0;
    }
    const double rate = static_cast<double>(n_violated) / n_repetitions;
    const double error = std::sqrt(s.guarantee.delta * (1 - s.guarantee.delta) / n_repetitions);
    CAPTURE(s.prevalence, s.shift, rate, n_certified);
    CHECK(rate <= s.guarantee.delta + 2 * error);
    CHECK(rate > 0.01);  // the test sees violations
  }
}

TEST_CASE("guarantees that cannot be given", "[guarantee]") {
  const Rows rows = ranked(5, 2);
  for (const PrecisionGuarantee& bad :
       {PrecisionGuarantee{0, 0.1}, PrecisionGuarantee{1, 0.1}, PrecisionGuarantee{0.9, 0},
        PrecisionGuarantee{0.9, 1}, PrecisionGuarantee{std::nan(""), 0.1},
        PrecisionGuarantee{0.9, std::nan("")}, PrecisionGuarantee{1 - 0x1p-53, 0.05}}) {
    CHECK_THROWS_AS(rows.certify(bad), InvalidArgument);
  }
  const std::vector<double> broken{std::nan(""), 0.5};
  const std::vector<Label> fewer{1};
  const std::vector<Label> wrong{1, 2};
  const std::vector<Label> right{1, 0};
  const ColumnView<const double> scores(broken);
  CHECK_THROWS_AS(certify_precision(scores, fewer), InvalidArgument);
  CHECK_THROWS_AS(certify_precision(scores, wrong), InvalidArgument);
  CHECK_THROWS_AS(certify_precision(scores, right), InvalidArgument);
  CHECK_FALSE(certify_precision(ColumnView<const double>{}, LabelColumnView{}).certified);
}
