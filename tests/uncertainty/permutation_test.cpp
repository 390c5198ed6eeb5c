// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/permutation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/metrics/calibration_error.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/metrics/probability.hpp"
#include "cxrlt/uncertainty/multiple_testing.hpp"
#include "cxrlt/uncertainty/permuted_average.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Clusters = std::vector<std::size_t>;
using View = ColumnView<const double>;

const auto kAp = [](const ThresholdCounts<>& counts) { return average_precision(counts); };
const auto kAuroc = [](const ThresholdCounts<>& counts) { return auroc(counts); };
const auto kBrier = [](ColumnView<const double> p, LabelColumnView y) { return brier(p, y); };

/// Two models on the same rows.
struct Pair {
  ClassMatrix<double> first;
  ClassMatrix<double> second;
  ClassMatrix<Label> labels;

  Pair(std::size_t n, std::size_t n_classes)
      : first(n, n_classes), second(n, n_classes), labels(n, n_classes) {}

  LabelMatrixView truth() const { return labels.view(); }

  template <class Statistic>
  PermutationTest ranks(const Statistic& statistic, std::size_t n_replicates,
                        const Clusters& clusters = {}, std::uint64_t seed = 7,
                        const Cpu& policy = {1}) const {
    return permute_ranks(first.view(), second.view(), truth(), statistic, clusters,
                         {n_replicates, seed}, policy);
  }

  template <class Statistic>
  PermutationTest probabilities(const Statistic& statistic, std::size_t n_replicates,
                                const Clusters& clusters = {}, std::uint64_t seed = 7,
                                const Cpu& policy = {1}) const {
    return permute_probabilities(first.view(), second.view(), truth(), statistic, clusters,
                                 {n_replicates, seed}, policy);
  }
};

/// Scores from few values, the second model's on another scale; some labels missing.
Pair random_pair(Random& random, std::size_t n, std::size_t n_classes, std::uint32_t n_values = 5,
                 bool with_missing = true) {
  Pair pair(n, n_classes);
  for (std::size_t k = 0; k < n_classes; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      pair.first[k][i] = static_cast<double>(random.below(n_values)) / n_values;
      pair.second[k][i] = static_cast<double>(random.below(n_values)) / (10.0 * n_values);
      const bool missing = with_missing && random.below(8) == 0;
      pair.labels[k][i] = missing ? kMissing : static_cast<Label>(random.below(2));
    }
  }
  return pair;
}

/// Mid-ranks among labelled rows, from the definition.
Doubles mid_ranks(std::span<const double> scores, std::span<const Label> labels) {
  Doubles ranks(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (labels[j] == kMissing) continue;
      ranks[i] += scores[j] < scores[i] ? 1 : scores[j] == scores[i] ? 0.5 : 0;
    }
  }
  return ranks;
}

/// first - second after the exchange of replicate b, everything done anew.
template <class Value>
double exchanged_difference(const Doubles& first, const Doubles& second, const Clusters& units,
                            std::size_t n_units, std::size_t b, const Value& value) {
  detail::Swaps swaps;
  swaps.toss(n_units, 7, b);
  Doubles a = first;
  Doubles c = second;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (swaps[units[i]] != 0) std::swap(a[i], c[i]);
  }
  return value(a) - value(c);
}

}  // namespace

TEST_CASE("every replicate of AP and AUROC equals the metric of exchanged ranks") {
  Random random(541);
  for (int repetition = 0; repetition < 60; ++repetition) {
    const std::size_t n = 2 + random.below(70);
    const Pair pair = random_pair(random, n, 2, 2 + random.below(8));
    Clusters clusters;
    for (std::size_t i = 0; i < n; ++i) clusters.push_back(i < 3 ? i : random.below(9));
    const bool clustered = repetition % 2 == 0;
    std::size_t n_units = n;
    Clusters units(n);
    for (std::size_t i = 0; i < n; ++i) units[i] = i;
    if (clustered) {
      units = detail::dense_groups(clusters, n).first;
      n_units = detail::dense_groups(clusters, n).second;
    }
    const auto check = [&](const PermutationTest& test, const auto& statistic) {
      for (std::size_t k = 0; k < 2; ++k) {
        const auto labels = pair.labels[k];
        const MetricValue a = statistic(count_thresholds(pair.first.view().column(k), labels));
        const MetricValue b = statistic(count_thresholds(pair.second.view().column(k), labels));
        CHECK(test.difference[k].why == a.why);
        CHECK(test.p_value[k].why == a.why);
        if (!a.defined()) continue;
        CHECK(test.first[k].value == a.value);
        CHECK(test.second[k].value == b.value);
        CHECK(test.difference[k].value == a.value - b.value);
        const Doubles ranks_a = mid_ranks(pair.first[k], labels);
        const Doubles ranks_b = mid_ranks(pair.second[k], labels);
        std::size_t reached = 1;
        for (std::size_t r = 0; r < 20; ++r) {
          const double expected = exchanged_difference(
              ranks_a, ranks_b, units, n_units, r,
              [&](const Doubles& x) { return statistic(count_thresholds(View(x), labels)).value; });
          CHECK(test.null_differences[k][r] == expected);
          reached += std::abs(expected) >= std::abs(a.value - b.value) - 1e-12 ? 1 : 0;
        }
        CHECK(test.p_value[k].value == static_cast<double>(reached) / 21);
      }
    };
    const Clusters used = clustered ? clusters : Clusters{};
    check(pair.ranks(kAp, 20, used), kAp);
    check(pair.ranks(kAuroc, 20, used), kAuroc);
  }
}

TEST_CASE("every replicate of the Brier score and of ECE equals that of exchanged probabilities") {
  Random random(542);
  for (int repetition = 0; repetition < 30; ++repetition) {
    const std::size_t n = 1 + random.below(40);
    const Pair pair = random_pair(random, n, 1, 9);
    Clusters units(n);
    for (std::size_t i = 0; i < n; ++i) units[i] = i;
    const auto check = [&](const auto& statistic) {
      const PermutationTest test = pair.probabilities(statistic, 20);
      if (!test.difference[0].defined()) return;
      const Doubles first(pair.first[0].begin(), pair.first[0].end());
      const Doubles second(pair.second[0].begin(), pair.second[0].end());
      for (std::size_t r = 0; r < 20; ++r) {
        const double expected =
            exchanged_difference(first, second, units, n, r, [&](const Doubles& x) {
              return statistic(View(x), LabelColumnView(pair.labels[0])).value;
            });
        CHECK(test.null_differences[0][r] == expected);
      }
    };
    check(kBrier);
    check([](ColumnView<const double> p, LabelColumnView y) { return ece(p, y); });
  }
}

TEST_CASE("p-values approach those of all exchanges") {
  Random random(543);
  for (int repetition = 0; repetition < 5; ++repetition) {
    const std::size_t n = 9;
    Pair pair = random_pair(random, n, 1, 9, false);
    pair.labels[0][0] = 1;
    pair.labels[0][1] = 0;
    const double observed = std::abs(pair.ranks(kAuroc, 1).difference[0].value);
    const Doubles a = mid_ranks(pair.first[0], pair.labels[0]);
    const Doubles b = mid_ranks(pair.second[0], pair.labels[0]);
    double reached = 0;
    for (unsigned set = 0; set < 1U << n; ++set) {
      Doubles x = a;
      Doubles y = b;
      for (std::size_t i = 0; i < n; ++i) {
        if ((set >> i & 1U) != 0) std::swap(x[i], y[i]);
      }
      const double gap = auroc(count_thresholds(View(x), pair.labels[0])).value -
                         auroc(count_thresholds(View(y), pair.labels[0])).value;
      reached += std::abs(gap) >= observed - 1e-12 ? 1 : 0;
    }
    const double exact = reached / (1U << n);
    const double p = pair.ranks(kAuroc, 20000).p_value[0].value;
    CHECK(std::abs(p - exact) < 4.5 * std::sqrt(exact * (1 - exact) / 20000) + 1e-4);
  }
}

TEST_CASE("models that rank alike have p = 1, on whatever scales; the values need not agree") {
  Random random(544);
  Pair pair = random_pair(random, 50, 1, 12, false);
  for (std::size_t i = 0; i < 50; ++i) pair.second[0][i] = pair.first[0][i] * 1e-4;
  const PermutationTest test = pair.ranks(kAp, 99);
  CHECK(test.difference[0].value == 0);
  CHECK(test.p_value[0].value == 1);
  for (const double one : test.null_differences[0]) CHECK(one == 0);
  CHECK(pair.probabilities(kBrier, 99).p_value[0].value < 0.5);
}

TEST_CASE("a better model on another scale is found") {
  Random random(545);
  Pair pair(300, 1);
  for (std::size_t i = 0; i < 300; ++i) {
    const bool positive = i % 10 == 0;
    pair.labels[0][i] = positive ? 1 : 0;
    pair.first[0][i] = 1e-3 * (random.normal() + (positive ? 3 : 0));
    pair.second[0][i] = random.normal() + (positive ? 0.5 : 0);
  }
  const PermutationTest test = pair.ranks(kAp, 999);
  CHECK(test.difference[0].value > 0.3);
  CHECK(test.p_value[0].value == 1.0 / 1000);
}

TEST_CASE("of models that can be exchanged, no more than the level is rejected") {
  Random random(546);
  int rejected = 0;
  int rejected_by_rows = 0;
  constexpr int n_simulations = 400;
  for (int simulation = 0; simulation < n_simulations; ++simulation) {
    // Twelve patients of five alike images each.
    Pair pair(60, 1);
    Clusters clusters(60);
    for (std::size_t patient = 0; patient < 12; ++patient) {
      const double a = random.normal();
      const double b = random.normal();
      for (std::size_t image = 0; image < 5; ++image) {
        const std::size_t i = 5 * patient + image;
        clusters[i] = patient;
        pair.labels[0][i] = patient < 4 ? 1 : 0;
        pair.first[0][i] = a + 0.1 * random.normal();
        pair.second[0][i] = b + 0.1 * random.normal();
      }
    }
    const auto seed = static_cast<std::uint64_t>(simulation);
    rejected += pair.ranks(kAuroc, 199, clusters, seed).p_value[0].value <= 0.05 ? 1 : 0;
    rejected_by_rows += pair.ranks(kAuroc, 199, {}, seed).p_value[0].value <= 0.05 ? 1 : 0;
  }
  // Binomial(400, 0.05): 38 or more has a probability below 0.0003. By rows it goes badly wrong.
  CHECK(rejected < 38);
  CHECK(rejected > 4);
  CHECK(rejected_by_rows > 100);
}

TEST_CASE("equal for any number of threads, float and double; seeds differ") {
  Random random(547);
  const Pair pair = random_pair(random, 600, 2);
  const PermutationTest one = pair.ranks(kAp, 1000, {}, 3, {1});
  const PermutationTest four = pair.ranks(kAp, 1000, {}, 3, {4});
  const PermutationTest brier_one = pair.probabilities(kBrier, 1000, {}, 3, {1});
  const PermutationTest brier_four = pair.probabilities(kBrier, 1000, {}, 3, {4});
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(std::ranges::equal(one.null_differences[k], four.null_differences[k]));
    CHECK(std::ranges::equal(brier_one.null_differences[k], brier_four.null_differences[k]));
    CHECK(one.p_value[k].value == four.p_value[k].value);
  }
  const PermutationTest other = pair.ranks(kAp, 1000, {}, 4);
  CHECK(!std::ranges::equal(one.null_differences[0], other.null_differences[0]));
  // The first replicates do not depend on how many follow.
  const PermutationTest few = pair.ranks(kAp, 10, {}, 3);
  CHECK(std::ranges::equal(few.null_differences[1], one.null_differences[1].first(10)));
  std::vector<float> first(1200);
  std::vector<float> second(1200);
  ClassMatrix<double> wide_first(600, 2);
  ClassMatrix<double> wide_second(600, 2);
  for (std::size_t i = 0; i < 600; ++i) {
    for (std::size_t k = 0; k < 2; ++k) {
      first[2 * i + k] = static_cast<float>(pair.first[k][i]);
      second[2 * i + k] = static_cast<float>(pair.second[k][i]);
      wide_first[k][i] = static_cast<double>(first[2 * i + k]);
      wide_second[k][i] = static_cast<double>(second[2 * i + k]);
    }
  }
  const MatrixView<const float> narrow_a(first.data(), 600, 2);
  const MatrixView<const float> narrow_b(second.data(), 600, 2);
  const PermutationTest narrow =
      permute_probabilities(narrow_a, narrow_b, pair.truth(), kBrier, {}, {20, 3});
  const PermutationTest wide = permute_probabilities(wide_first.view(), wide_second.view(),
                                                     pair.truth(), kBrier, {}, {20, 3});
  CHECK(std::ranges::equal(narrow.null_differences[1], wide.null_differences[1]));
  CHECK(permute_ranks(narrow_a, narrow_b, pair.truth(), kAp, {}, {20, 3}).difference[0].value ==
        permute_ranks(wide_first.view(), wide_second.view(), pair.truth(), kAp, {}, {20, 3})
            .difference[0]
            .value);
}

TEST_CASE("exchanging the models changes signs alone") {
  Random random(548);
  const Pair pair = random_pair(random, 80, 3);
  Pair turned = pair;
  std::swap(turned.first, turned.second);
  const PermutationTest forth = pair.ranks(kAp, 199);
  const PermutationTest back = turned.ranks(kAp, 199);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(forth.difference[k].value == -back.difference[k].value);
    CHECK(forth.p_value[k].value == back.p_value[k].value);
    for (std::size_t r = 0; r < 199; ++r) {
      CHECK(forth.null_differences[k][r] == -back.null_differences[k][r]);
    }
  }
}

TEST_CASE("rows doubled within their clusters change nothing") {
  Random random(549);
  const Pair pair = random_pair(random, 40, 1);
  Pair doubled(80, 1);
  Clusters clusters(80);
  for (std::size_t i = 0; i < 80; ++i) {
    doubled.first[0][i] = pair.first[0][i / 2];
    doubled.second[0][i] = pair.second[0][i / 2];
    doubled.labels[0][i] = pair.labels[0][i / 2];
    clusters[i] = 1000 - i / 2;
  }
  const PermutationTest plain = pair.ranks(kAuroc, 99);
  const PermutationTest grouped = doubled.ranks(kAuroc, 99, clusters);
  for (std::size_t r = 0; r < 99; ++r) {
    check_close(grouped.null_differences[0][r], plain.null_differences[0][r], 1e-14);
  }
  CHECK(grouped.p_value[0].value == plain.p_value[0].value);
}

TEST_CASE("coins are fair, and all classes share them") {
  detail::Swaps swaps;
  double heads = 0;
  std::vector<int> equal(40 * 40);  // how often two units agree
  std::vector<std::uint32_t> before(40);
  int equal_to_before = 0;
  for (std::size_t r = 0; r < 1000; ++r) {
    swaps.toss(40, 5, r);
    for (std::size_t i = 0; i < 40; ++i) {
      heads += swaps[i];
      equal_to_before += swaps[i] == before[i] ? 1 : 0;
      before[i] = swaps[i];
      for (std::size_t j = 0; j < i; ++j) equal[40 * i + j] += swaps[i] == swaps[j] ? 1 : 0;
    }
  }
  CHECK(std::abs(heads / 40000 - 0.5) < 0.0125);
  CHECK(std::abs(equal_to_before / 40000.0 - 0.5) < 0.0125);
  for (std::size_t i = 0; i < 40; ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK(std::abs(equal[40 * i + j] - 500) < 85);
  }
  Random random(550);
  Pair pair = random_pair(random, 60, 2);
  std::ranges::copy(pair.first[0], pair.first[1].begin());
  std::ranges::copy(pair.second[0], pair.second[1].begin());
  std::ranges::copy(pair.labels[0], pair.labels[1].begin());
  const PermutationTest test = pair.ranks(kAp, 50);
  CHECK(std::ranges::equal(test.null_differences[0], test.null_differences[1]));
}

TEST_CASE("a class whose metric does not exist has no difference") {
  Random random(551);
  Pair pair = random_pair(random, 30, 3);
  std::ranges::fill(pair.labels[1], Label{0});
  const PermutationTest test = pair.ranks(kAp, 50);
  CHECK(test.p_value[0].defined());
  CHECK(test.p_value[1].why == Undefined::no_positives);
  CHECK(test.difference[1].why == Undefined::no_positives);
  for (const double one : test.null_differences[1]) CHECK(one == 0);
  CHECK(holm(test.p_value)[1].why == Undefined::no_positives);
  const std::vector<MetricValue> adjusted = max_t(test.difference, test.null_differences.view());
  CHECK(adjusted[1].why == Undefined::no_positives);
  CHECK(adjusted[0].value >= test.p_value[0].value - 1e-15);
  // Values that only one model has as probabilities.
  pair.second[2][0] = 3;
  pair.labels[2][0] = 1;
  const PermutationTest scores = pair.probabilities(kBrier, 50);
  CHECK(scores.first[2].defined());
  CHECK(scores.difference[2].why == Undefined::not_probabilities);
  // A metric that an exchange can lose.
  const auto fragile = [](const ThresholdCounts<>& counts) {
    return counts.size() == 2 ? MetricValue{1} : MetricValue::undefined(Undefined::unattainable);
  };
  Pair lost(4, 1);
  std::ranges::copy(Doubles{.1, .2, .1, .1}, lost.first[0].begin());
  std::ranges::copy(Doubles{.2, .1, .1, .1}, lost.second[0].begin());
  std::ranges::copy(std::vector<Label>{1, 1, 0, 0}, lost.labels[0].begin());
  const PermutationTest gone = lost.ranks(fragile, 50);
  CHECK(gone.first[0].defined());
  CHECK(gone.p_value[0].why == Undefined::unattainable);
  for (const double one : gone.null_differences[0]) CHECK(one == 0);
}

TEST_CASE("the test of an average uses the same exchanges") {
  Random random(552);
  Pair pair = random_pair(random, 60, 4, 9, false);
  std::ranges::fill(pair.labels[3], Label{1});
  const PermutationTest test = pair.ranks(kAuroc, 199);
  const PermutedAverage macro = average_difference(test);
  CHECK(macro.difference.n_classes == 4);
  CHECK(macro.difference.n_defined == 3);
  const auto mean = [](double a, double b, double c) { return (a + b + c) / 3; };
  const double observed =
      mean(test.difference[0].value, test.difference[1].value, test.difference[2].value);
  check_close(macro.difference.value, observed, 1e-15);
  std::size_t reached = 1;
  for (std::size_t r = 0; r < 199; ++r) {
    const double null =
        mean(test.null_differences[0][r], test.null_differences[1][r], test.null_differences[2][r]);
    reached += std::abs(null) >= std::abs(observed) - 1e-12 ? 1 : 0;
  }
  CHECK(macro.p_value.value == static_cast<double>(reached) / 200);
  const Clusters one_class{2};
  const PermutedAverage single = average_difference(test, one_class);
  CHECK(single.difference.value == test.difference[2].value);
  CHECK(single.p_value.value == test.p_value[2].value);
  const Clusters undefined_class{3};
  CHECK(average_difference(test, undefined_class).p_value.why == Undefined::no_negatives);
  CHECK(average_difference(test, undefined_class).difference.why == Undefined::no_negatives);
  const Clusters stranger{4};
  CHECK_THROWS_AS(average_difference(test, stranger), InvalidArgument);
  CHECK(average_difference(PermutationTest{}).p_value.why == Undefined::no_samples);
}

TEST_CASE("a permutation test refuses what does not fit") {
  Random random(553);
  Pair pair = random_pair(random, 10, 2, 5, false);
  const Pair other = random_pair(random, 9, 2);
  CHECK_THROWS_AS(pair.ranks(kAp, 0), InvalidArgument);
  CHECK_THROWS_AS(pair.ranks(kAp, 9, Clusters(9)), InvalidArgument);
  CHECK_THROWS_AS(permute_ranks(pair.first.view(), other.second.view(), pair.truth(), kAp),
                  InvalidArgument);
  CHECK_THROWS_AS(permute_ranks(other.first.view(), pair.second.view(), pair.truth(), kAp),
                  InvalidArgument);
  pair.second[1][3] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(pair.ranks(kAp, 9), InvalidArgument);
  CHECK_THROWS_AS(pair.probabilities(kBrier, 9), InvalidArgument);
  pair.labels[1][3] = kMissing;
  CHECK(pair.ranks(kAp, 9).p_value.size() == 2);
  pair.labels[1][3] = 5;
  CHECK_THROWS_AS(pair.ranks(kAp, 9), InvalidArgument);
}
