// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/discrimination.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Labels = std::vector<Label>;

ThresholdCounts<> count(const Doubles& scores, const Labels& labels) {
  return count_thresholds(ColumnView<const double>(scores), labels);
}

ThresholdCounts<double> weighted(const Sample& s) {
  return count_thresholds(ColumnView<const double>(s.scores), s.labels, s.weights);
}

const ThresholdCounts<> kE1 = count({.9, .8, .8, .4, .3, .3}, {1, 0, 1, 0, 0, 1});
const ThresholdCounts<> kE2 = count({.5, .5, .5, .5}, {1, 0, 0, 0});
const ThresholdCounts<> kE3 = count({.1, .4, .35, .8}, {0, 0, 1, 1});

Undefined why(const MetricValue& value) {
  CHECK(value.defined() == (value.value == value.value));
  return value.why;
}

/// The area under the ROC curve up to a rate, from all distinct scores by the trapezoid rule.
double partial_area(const Sample& s, double max_fpr) {
  double area = 0;
  double x0 = 0;
  double y0 = 0;
  for (const double threshold : s.distinct_scores()) {
    const double x = s.at_least(threshold, 0) / s.weight_of(0);
    const double y = s.at_least(threshold, 1) / s.weight_of(1);
    const double cut = std::min(x, max_fpr);
    if (cut > x0) {
      const double height = y0 + (y - y0) * (cut - x0) / (x - x0);
      area += (cut - x0) * (y0 + height) / 2;
    }
    x0 = std::max(x0, cut);
    y0 = y;
    if (x >= max_fpr) break;
  }
  return area;
}

/// 1 + 1/2 + ... + 1/n, from the smallest term.
double harmonic_sum(int n) {
  double sum = 0;
  for (int i = n; i >= 1; --i) sum += 1.0 / i;
  return sum;
}

}  // namespace

TEST_CASE("average precision of the worked examples") {
  check_close(average_precision(kE1).value, 13.0 / 18, 1e-15);
  check_close(average_precision(kE2).value, 0.25, 1e-15);
  check_close(average_precision(kE3).value, 5.0 / 6, 1e-15);
}

TEST_CASE("average precision where a kind of label is missing") {
  CHECK(why(average_precision(count({.1, .2}, {0, 0}))) == Undefined::no_positives);
  CHECK(why(average_precision(count({}, {}))) == Undefined::no_samples);
  CHECK(why(average_precision(count({.1}, {kMissing}))) == Undefined::no_samples);
  CHECK(average_precision(count({.1, .2, .2}, {1, 1, 1})).value == 1);
}

TEST_CASE("a tail class with tiny scores is ranked as well as any other") {
  Doubles scores;
  Labels labels(20, 0);
  for (int i = 0; i < 20; ++i) scores.push_back((20 - i) * 1e-5);
  labels[0] = labels[5] = 1;
  check_close(average_precision(count(scores, labels)).value, (1 + 2.0 / 6) / 2, 1e-15);
}

TEST_CASE("AUROC of the worked examples") {
  check_close(auroc(kE1).value, 6.0 / 9, 1e-15);
  CHECK(auroc(kE2).value == 0.5);
  CHECK(auroc(kE3).value == 0.75);
  // Logits that saturate when squeezed through a float sigmoid.
  check_close(auroc(count({98, 98.5, 97.6, 99}, {0, 1, 1, 1})).value, 2.0 / 3, 1e-15);
  CHECK(auroc(count({.1, .9}, {1, 0})).value == 0);
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(auroc(count({infinity, infinity, -infinity}, {1, 0, 0})).value == 0.75);
}

TEST_CASE("AUROC needs both kinds of label") {
  CHECK(why(auroc(count({.1, .2}, {1, 1}))) == Undefined::no_negatives);
  CHECK(why(auroc(count({.1, .2}, {0, 0}))) == Undefined::no_positives);
  CHECK(why(auroc(count({}, {}))) == Undefined::no_samples);
}

TEST_CASE("AP and AUROC equal their definitions on tie-heavy samples, plain and weighted") {
  Random random(201);
  for (int repetition = 0; repetition < 4000; ++repetition) {
    const Sample s = random_sample(random);
    const auto counts = weighted(s);
    if (s.weight_of(1) == 0) {
      CHECK(why(average_precision(counts)) ==
            (s.weight_of(0) > 0 ? Undefined::no_positives : Undefined::no_samples));
      continue;
    }
    const Sample r = s.repeated();
    const auto exact = count(r.scores, r.labels);
    check_close(average_precision(exact).value, average_precision_of_thresholds(s), 1e-13);
    check_close(average_precision(counts).value, average_precision_of_thresholds(s), 1e-13);
    if (s.weight_of(0) == 0) continue;
    check_close(auroc(exact).value, auroc_of_pairs(s), 1e-15);
    check_close(auroc(counts).value, auroc_of_pairs(s), 1e-13);
    for (const double max_fpr : {0.05, 0.25, 0.5, 0.8, 1.0}) {
      const double raw = partial_area(s, max_fpr);
      check_close(partial_auroc(exact, max_fpr, PartialArea::raw).value, raw, 1e-13);
      const double chance = max_fpr * max_fpr / 2;
      check_close(partial_auroc(counts, max_fpr).value,
                  0.5 * (1 + (raw - chance) / (max_fpr - chance)), 1e-12);
    }
  }
}

TEST_CASE("rounding of weights does not carry AUROC past 1") {
  Random random(204);
  const Doubles scores{.9, .8, .7, .1};
  const Labels labels{1, 1, 1, 0};
  for (int repetition = 0; repetition < 500; ++repetition) {
    Doubles weights;
    for (int i = 0; i < 4; ++i) {
      weights.push_back(0.1 * static_cast<double>(1 + random.below(9)));
    }
    const auto counts = count_thresholds(ColumnView<const double>(scores), labels, weights);
    CHECK(auroc(counts).value <= 1);
    check_close(auroc(counts).value, 1, 1e-15);
  }
}

TEST_CASE("AUROC stays exact where pairs exceed 32 bits") {
  const std::uint64_t n = 3'000'000'000ULL;
  const ThresholdCounts<> counts{{0.5}, {n}, {1}, {0}, n, 2};
  CHECK(auroc(counts).value == 0.75);
}

TEST_CASE("partial AUROC of the worked example, and its ends") {
  check_close(partial_auroc(kE1, 0.2, PartialArea::raw).value, 0.26 / 3, 1e-15);
  check_close(partial_auroc(kE1, 0.2).value, 0.685185185185185, 1e-14);
  check_close(partial_auroc(kE1, 1).value, auroc(kE1).value, 1e-15);
  check_close(partial_auroc(kE2, 0.1).value, 0.5, 1e-15);
  CHECK(partial_auroc(count({.9, .1}, {1, 0}), 0.1).value == 1);
  CHECK(why(partial_auroc(count({.1}, {1}), 0.1)) == Undefined::no_negatives);
  for (const double wrong : {0.0, -0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_AS(partial_auroc(kE1, wrong), InvalidArgument);
  }
}

TEST_CASE("chance AP is the mean over all orders") {
  for (int n = 1; n <= 7; ++n) {
    for (int r = 1; r <= n; ++r) {
      Labels labels(static_cast<std::size_t>(n), 0);
      std::fill(labels.end() - r, labels.end(), Label{1});
      Doubles scores;
      for (int i = 0; i < n; ++i) scores.push_back(n - i);
      const auto any = count(scores, labels);
      double sum = 0;
      int orders = 0;
      do {
        sum += average_precision(count(scores, labels)).value;
        ++orders;
      } while (std::next_permutation(labels.begin(), labels.end()));
      check_close(chance_average_precision(any).value, sum / orders, 1e-14);
    }
  }
}

TEST_CASE("chance AP with the harmonic number summed directly") {
  for (const int n : {2, 15, 16, 17, 100, 1620, 142'928}) {
    for (const int r : {1, 2, n / 2, n}) {
      if (r < 1) continue;
      const double h = harmonic_sum(n);
      const double expected = ((r - 1.0) / (n - 1.0) * (n - h) + h) / n;
      const ThresholdCounts<> counts{
          {}, {}, {}, {}, static_cast<std::uint64_t>(r), static_cast<std::uint64_t>(n - r)};
      CHECK(std::abs(chance_average_precision(counts).value / expected - 1) < 1e-13);
    }
  }
  check_close(detail::harmonic(1), 1, 1e-14);
  check_close(detail::harmonic(20), harmonic_sum(20), 1e-14);
  // H_{1/2} = 2 - 2 ln 2, for sums of weights.
  check_close(detail::harmonic(0.5), 2 - 2 * std::log(2.0), 1e-14);
}

TEST_CASE("chance AP takes weights for repeated rows") {
  const Doubles scores{.2, .1};
  const Labels labels{1, 0};
  const auto chance = [&](const Doubles& weights) {
    const ColumnView<const double> view(scores);
    return chance_average_precision(count_thresholds(view, labels, weights)).value;
  };
  const auto repeated = count({.2, .2, .1, .1, .1}, {1, 1, 0, 0, 0});
  CHECK(chance({2, 3}) == chance_average_precision(repeated).value);
  check_close(chance({1, 1}), 0.75, 1e-14);
  const double h4 = 25.0 / 12;
  check_close(chance({2, 2}), ((4 - h4) / 3 + h4) / 4, 1e-14);
}

TEST_CASE("chance AP without positives does not exist") {
  CHECK(why(chance_average_precision(count({.1}, {0}))) == Undefined::no_positives);
  CHECK(why(chance_average_precision(count({}, {}))) == Undefined::no_samples);
  CHECK(chance_average_precision(count({.1}, {1})).value == 1);
  CHECK(chance_average_precision(count({.1, .2}, {1, 1})).value == 1);
}
