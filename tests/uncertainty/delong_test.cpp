// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/delong.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "golden/asah.hpp"
#include "golden/uncertainty.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Labels = std::vector<Label>;
using Clusters = std::vector<std::size_t>;
using View = ColumnView<const double>;

Labels labels_of(const std::vector<int>& numbers) {
  return {numbers.begin(), numbers.end()};
}

AurocEstimate estimate_of(const Doubles& scores, const Labels& labels,
                          const Clusters& clusters = {}, const AurocIntervalOptions& options = {}) {
  return delong_auroc(View(scores), labels, clusters, options);
}

AurocComparison compare(const Doubles& first, const Doubles& second, const Labels& labels,
                        const Clusters& clusters = {}) {
  return delong_test(View(first), View(second), labels, clusters);
}

Doubles negated(Doubles scores) {
  for (double& score : scores) score = -score;
  return scores;
}

/// The variance of an AUROC by clusters from its definition, with all pairs (Obuchowski 1997).
double variance_of_pairs(const Sample& s, const Clusters& clusters, std::size_t n_clusters) {
  const double theta = auroc_of_pairs(s);
  std::vector<double> x(n_clusters);
  std::vector<double> y(n_clusters);
  std::vector<bool> has_positive(n_clusters);
  std::vector<bool> has_negative(n_clusters);
  const double m = s.weight_of(1);
  const double n = s.weight_of(0);
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s.labels[i] == kMissing) continue;
    double wins = 0;
    for (std::size_t j = 0; j < s.size(); ++j) {
      if (s.labels[j] != 1 - s.labels[i]) continue;
      const double gap = (s.scores[i] - s.scores[j]) * (s.labels[i] == 1 ? 1 : -1);
      wins += gap > 0 ? 1 : gap == 0 ? 0.5 : 0;
    }
    const bool positive = s.labels[i] == 1;
    (positive ? x : y)[clusters[i]] += wins / (positive ? n : m) - theta;
    (positive ? has_positive : has_negative)[clusters[i]] = true;
  }
  double n_positive = 0;
  double n_negative = 0;
  double n_any = 0;
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t k = 0; k < n_clusters; ++k) {
    n_positive += has_positive[k] ? 1 : 0;
    n_negative += has_negative[k] ? 1 : 0;
    n_any += has_positive[k] || has_negative[k] ? 1 : 0;
    xx += x[k] * x[k];
    yy += y[k] * y[k];
    xy += x[k] * y[k];
  }
  return n_positive / (n_positive - 1) * xx / (m * m) +
         n_negative / (n_negative - 1) * yy / (n * n) + 2 * n_any / (n_any - 1) * xy / (m * n);
}

}  // namespace

TEST_CASE("the variance of the worked example") {
  const Doubles scores{.9, .8, .8, .4, .3, .3};
  const Labels labels{1, 0, 1, 0, 0, 1};
  const AurocEstimate estimate =
      estimate_of(scores, labels, {}, {.level = 0.95, .method = AurocInterval::delong});
  check_close(estimate.auroc.value, 2.0 / 3, 1e-15);
  check_close(estimate.variance.value, 2.0 / 27, 1e-15);
  CHECK(estimate.method == AurocInterval::delong);
  CHECK(estimate.n_positive == 3);
  CHECK(estimate.n_negative_clusters == 3);
  // sigmoid(log(2) -+ 1.96 sqrt(2 / 27) 9 / 2)
  const double reach = 1.959963984540054 * std::sqrt(2.0 / 27) * 4.5;
  check_close(estimate.interval.lower, 1 / (1 + std::exp(reach) / 2), 1e-13);
  check_close(estimate.interval.upper, 1 / (1 + std::exp(-reach) / 2), 1e-13);
  const std::vector<float> narrow(scores.begin(), scores.end());
  CHECK(delong_auroc(ColumnView<const float>(narrow), labels).variance.value ==
        estimate.variance.value);
}

TEST_CASE("the published example of pROC") {
  const View s100b(golden::asah_s100b);
  const View wfns(golden::asah_wfns);
  const LabelColumnView poor(golden::asah_poor);
  const AurocComparison test = delong_test(wfns, s100b, poor);
  // As printed: areas 0.8237 and 0.7314, Z = 2.209, p-value = 0.02718, 95% CI of the second
  // 0.6301 to 0.8326 on the plain scale.
  CHECK(std::abs(test.first.auroc.value - 0.8237) < 5e-5);
  CHECK(std::abs(test.second.auroc.value - 0.7314) < 5e-5);
  CHECK(std::abs(test.z.value - 2.209) < 5e-4);
  CHECK(std::abs(test.p_value.value - 0.02718) < 5e-6);
  const Interval plain =
      normal_interval(test.second.auroc.value, std::sqrt(test.second.variance.value), 0.95, 0, 1);
  CHECK(std::abs(plain.lower - 0.6301) < 5e-5);
  CHECK(std::abs(plain.upper - 0.8326) < 5e-5);
}

TEST_CASE("variances and covariances equal those by all pairs") {
  for (const golden::PairedAuroc& one : golden::paired_aurocs) {
    const Labels labels = labels_of(one.labels);
    const AurocComparison plain = compare(one.first, one.second, labels);
    check_close(plain.first.auroc.value, one.auroc_first, 1e-14);
    check_close(plain.second.auroc.value, one.auroc_second, 1e-14);
    check_close(plain.first.variance.value, one.variance_first, 1e-14);
    check_close(plain.second.variance.value, one.variance_second, 1e-14);
    check_close(plain.covariance.value, one.covariance, 1e-14);
    const AurocComparison grouped = compare(one.first, one.second, labels, one.clusters);
    check_close(grouped.first.variance.value, one.clustered_first, 1e-14);
    check_close(grouped.second.variance.value, one.clustered_second, 1e-14);
    check_close(grouped.covariance.value, one.clustered_covariance, 1e-14);
    check_close(grouped.variance.value,
                one.clustered_first + one.clustered_second - 2 * one.clustered_covariance, 1e-14);
    check_close(grouped.z.value, grouped.difference.value / std::sqrt(grouped.variance.value),
                1e-14);
    check_close(grouped.p_value.value, std::erfc(std::abs(grouped.z.value) / std::sqrt(2.0)),
                1e-14);
  }
}

TEST_CASE("AUROC, variance and interval on samples full of ties, with and without clusters") {
  Random random(501);
  for (int repetition = 0; repetition < 1500; ++repetition) {
    Sample s = random_sample(random, 14);
    s.weights.assign(s.size(), 1);
    Clusters clusters;
    for (std::size_t i = 0; i < s.size(); ++i) {
      clusters.push_back(repetition % 2 == 0 ? i : random.below(5));
    }
    const AurocEstimate estimate = estimate_of(s.scores, s.labels, clusters);
    const MetricValue plain = auroc(count_thresholds(View(s.scores), s.labels));
    CHECK(estimate.auroc.why == plain.why);
    CHECK(estimate.interval.why == plain.why);
    if (!plain.defined()) {
      CHECK(estimate.variance.why == plain.why);
      CHECK(std::isnan(estimate.interval.lower));
      continue;
    }
    CHECK(estimate.auroc.value == plain.value);
    CHECK(estimate.interval.lower >= 0);
    CHECK(estimate.interval.upper <= 1);
    CHECK(estimate.interval.contains(plain.value));
    CHECK(estimate.interval.lower < estimate.interval.upper);
    if (estimate.n_positive_clusters < 2 || estimate.n_negative_clusters < 2) {
      CHECK(estimate.variance.why == Undefined::not_estimable);
      CHECK(std::isnan(estimate.variance.value));
      CHECK(estimate.method == AurocInterval::newcombe);
      continue;
    }
    check_close(estimate.variance.value, variance_of_pairs(s, clusters, 14), 1e-13);
    CHECK(estimate.variance.value >= 0);
    // Negated scores: the complement, and the same variance.
    const AurocEstimate mirrored = estimate_of(negated(s.scores), s.labels, clusters);
    check_close(mirrored.auroc.value, 1 - plain.value, 1e-15);
    check_close(mirrored.variance.value, estimate.variance.value, 1e-14);
    check_close(mirrored.interval.lower, 1 - estimate.interval.upper, 1e-12);
  }
}

TEST_CASE("the interval spans both forms unless clusters of either kind are many") {
  const Doubles scores{.9, .8, .8, .4, .3, .3, .2};
  const Labels labels{1, 0, 1, 0, 0, 1, 0};
  const Clusters clusters{0, 0, 1, 2, 3, 4, 5};
  const auto interval = [&](AurocInterval method, std::uint64_t many = 100) {
    const AurocEstimate estimate = estimate_of(scores, labels, clusters, {0.9, method, many});
    CHECK(estimate.method != AurocInterval::automatic);
    CHECK(estimate.interval.level == 0.9);
    return estimate;
  };
  const Interval by_variance = interval(AurocInterval::delong).interval;
  const Interval by_value = interval(AurocInterval::newcombe).interval;
  const AurocEstimate both = interval(AurocInterval::automatic);
  CHECK(both.method == AurocInterval::widest);
  CHECK(both.interval.lower == std::min(by_variance.lower, by_value.lower));
  CHECK(both.interval.upper == std::max(by_variance.upper, by_value.upper));
  CHECK(by_value.lower == detail::newcombe_interval(both.auroc.value, 3, 4, 0.9).lower);
  check_close(by_variance.upper,
              logit_interval(both.auroc.value, std::sqrt(both.variance.value), 0.9).upper, 1e-15);
  // Three clusters with a positive, four with a negative.
  CHECK(interval(AurocInterval::automatic, 4).method == AurocInterval::widest);
  const AurocEstimate many = interval(AurocInterval::automatic, 3);
  CHECK(many.method == AurocInterval::delong);
  CHECK(many.interval.lower == by_variance.lower);
  CHECK(interval(AurocInterval::newcombe).method == AurocInterval::newcombe);
  // Two positives share a cluster: it counts once.
  const Clusters shared{0, 1, 0, 2, 3, 4, 5};
  const AurocEstimate fewer = estimate_of(scores, labels, shared, {0.9, AurocInterval::newcombe});
  CHECK(fewer.interval.lower == detail::newcombe_interval(fewer.auroc.value, 2, 4, 0.9).lower);
  CHECK(fewer.n_positive == 3);
}

TEST_CASE("an AUROC of 0 or 1 has the variance 0 and an interval all the same") {
  const Doubles scores{.1, .2, .3, .8, .9};
  const Labels labels{0, 0, 0, 1, 1};
  const AurocEstimate best = estimate_of(scores, labels);
  CHECK(best.auroc.value == 1);
  CHECK(best.variance.value == 0);
  CHECK(best.method == AurocInterval::newcombe);
  CHECK(best.interval.upper == 1);
  CHECK(best.interval.lower > 0.2);
  CHECK(best.interval.lower < 0.7);
  const AurocEstimate worst = estimate_of(negated(scores), labels);
  CHECK(worst.auroc.value == 0);
  CHECK(worst.interval.lower == 0);
  check_close(worst.interval.upper, 1 - best.interval.lower, 1e-12);
  // Clusters are fewer than rows, so the interval is wider.
  const Clusters clusters{0, 0, 1, 2, 3};
  CHECK(estimate_of(scores, labels, clusters).interval.lower < best.interval.lower);
  const Doubles tied(5, 0.5);
  const AurocEstimate nothing = estimate_of(tied, labels);
  CHECK(nothing.variance.value == 0);
  CHECK(nothing.interval.lower < 0.3);
  CHECK(nothing.interval.upper > 0.7);
}

TEST_CASE("one positive or one negative: no variance, but an interval") {
  const Doubles scores{.1, .4, .3, .8, .9};
  const Labels one_positive{0, 1, 0, 0, 0};
  const AurocEstimate estimate = estimate_of(scores, one_positive);
  CHECK(estimate.auroc.value == 0.5);
  CHECK(estimate.variance.why == Undefined::not_estimable);
  CHECK(estimate.n_positive == 1);
  CHECK(estimate.interval.contains(0.5));
  const Labels one_negative{1, 1, 0, 1, 1};
  CHECK(estimate_of(scores, one_negative).variance.why == Undefined::not_estimable);
  // Two positives of one patient are no better.
  const Labels two_positives{0, 1, 0, 1, 0};
  const Clusters clusters{0, 1, 2, 1, 3};
  CHECK(estimate_of(scores, two_positives).variance.defined());
  CHECK(estimate_of(scores, two_positives, clusters).variance.why == Undefined::not_estimable);
}

TEST_CASE("Newcombe's interval equals its root") {
  for (const golden::NewcombeInterval& one : golden::newcombe_intervals) {
    CAPTURE(one.auroc, one.n_positive, one.n_negative);
    const Interval interval =
        detail::newcombe_interval(one.auroc, one.n_positive, one.n_negative, one.level);
    check_close(interval.lower, one.lower, 1e-12);
    check_close(interval.upper, one.upper, 1e-12);
    CHECK(interval.level == one.level);
  }
  // A win in the only pair: 1 / (1 + z^2).
  check_close(detail::newcombe_interval(1, 1, 1, 0.95).lower,
              1 / (1 + 1.959963984540054 * 1.959963984540054), 1e-12);
}

TEST_CASE("models that rank alike do not differ, and p is 1") {
  const Doubles first{.1, .4, .3, .8, .9, .4};
  Doubles second = first;
  for (double& score : second) score = std::exp(score);
  for (const Labels& labels : {Labels{0, 1, 0, 1, 1, 0}, Labels{0, 1, 0, 0, 0, 0},
                               Labels{1, 0, 1, 1, 1, 1}, Labels{0, 0, 0, 1, 1, 0}}) {
    const AurocComparison test = compare(first, second, labels);
    CHECK(test.difference.value == 0);
    CHECK(test.p_value.value == 1);
    CHECK(test.z.value == 0);
    CHECK(test.interval.lower == 0);
    CHECK(test.interval.upper == 0);
  }
  // Of unequal scores with one positive there is a difference but no test.
  const AurocComparison one = compare(first, negated(first), Labels{0, 1, 0, 0, 0, 0});
  CHECK(one.difference.defined());
  CHECK(one.variance.why == Undefined::not_estimable);
  CHECK(one.p_value.why == Undefined::not_estimable);
  CHECK(one.interval.why == Undefined::not_estimable);
  CHECK(one.first.interval.defined());
}

TEST_CASE("a difference without a variance is not tested") {
  const Doubles scores{.1, .2, .3, .8, .9};
  const Labels labels{0, 0, 0, 1, 1};
  const AurocComparison test = compare(scores, negated(scores), labels);
  CHECK(test.difference.value == 1);
  CHECK(test.variance.value == 0);
  CHECK(test.p_value.why == Undefined::not_estimable);
  CHECK(test.z.why == Undefined::not_estimable);
  CHECK(test.interval.why == Undefined::not_estimable);
}

TEST_CASE("exchanging the models changes signs alone, and missing labels drop their rows") {
  Random random(502);
  for (int repetition = 0; repetition < 500; ++repetition) {
    const Sample a = random_sample(random, 20);
    Doubles b;
    for (std::size_t i = 0; i < a.size(); ++i) b.push_back(random.below(4));
    const AurocComparison forth = compare(a.scores, b, a.labels);
    const AurocComparison back = compare(b, a.scores, a.labels);
    CHECK(forth.p_value.why == back.p_value.why);
    const auto known = [&](std::size_t i) { return a.labels[i] != kMissing; };
    const Sample kept = a.where(known);
    Doubles b_kept;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (known(i)) b_kept.push_back(b[i]);
    }
    const AurocComparison without = compare(kept.scores, b_kept, kept.labels);
    CHECK(without.difference.why == forth.difference.why);
    if (!forth.p_value.defined()) continue;
    CHECK(forth.difference.value == -back.difference.value);
    CHECK(forth.variance.value == back.variance.value);
    CHECK(forth.p_value.value == back.p_value.value);
    CHECK(forth.interval.lower == -back.interval.upper);
    CHECK(without.p_value.value == forth.p_value.value);
    CHECK(without.variance.value == forth.variance.value);
    check_close(forth.difference.value, forth.first.auroc.value - forth.second.auroc.value, 1e-14);
    CHECK(forth.interval.contains(forth.difference.value));
    CHECK(forth.interval.lower >= -1);
  }
}

TEST_CASE("undefined where a kind of label is missing, and mistakes") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Doubles scores{.1, .2, nan};
  const auto why = [&](const Labels& labels) {
    const AurocComparison test = compare(scores, scores, labels);
    CHECK(test.p_value.why == test.difference.why);
    CHECK(test.covariance.why == test.difference.why);
    CHECK(test.interval.why == test.difference.why);
    CHECK(test.second.auroc.why == test.difference.why);
    return test.difference.why;
  };
  CHECK(why({1, 1, kMissing}) == Undefined::no_negatives);
  CHECK(why({0, 0, kMissing}) == Undefined::no_positives);
  CHECK(why({kMissing, kMissing, kMissing}) == Undefined::no_samples);
  const Labels labels{0, 1, kMissing};
  CHECK(estimate_of(scores, labels).auroc.value == 1);
  CHECK_THROWS_AS(estimate_of(scores, Labels{0, 1, 0}), InvalidArgument);
  CHECK_THROWS_AS(estimate_of(scores, Labels{0, 1}), InvalidArgument);
  CHECK_THROWS_AS(estimate_of(scores, Labels{0, 1, 2}), InvalidArgument);
  CHECK_THROWS_AS(estimate_of(scores, labels, Clusters{0, 1}), InvalidArgument);
  CHECK_THROWS_AS(estimate_of(scores, labels, {}, {1}), InvalidArgument);
  CHECK_THROWS_AS(estimate_of(scores, Labels{kMissing, 1, kMissing}, {}, {0}), InvalidArgument);
  const Doubles shorter{.1, .2};
  CHECK_THROWS_AS(compare(scores, shorter, labels), InvalidArgument);
  CHECK_THROWS_AS(compare(shorter, scores, labels), InvalidArgument);
}

TEST_CASE("the logit interval lies within (0, 1) and keeps its level") {
  const Interval wide = logit_interval(0.99, 0.05, 0.9);
  CHECK(wide.lower > 0);
  CHECK(wide.upper < 1);
  CHECK(wide.level == 0.9);
  CHECK(wide.contains(0.99));
  const Interval cut = normal_interval(0.9, 0.2, 0.95, 0, 1);
  CHECK(cut.upper == 1);
  check_close(cut.lower, 0.9 - 0.2 * 1.959963984540054, 1e-14);
  CHECK_THROWS_AS(normal_interval(0, 1, 1.5, -1, 1), InvalidArgument);
}
