// SPDX-License-Identifier: Apache-2.0
// run: 40 100
// expect: 2 positives expected: .* normal 0\.[0-9]+ .* percentile 0\.[0-9]+ .* logit [01]\.[0-9]+
// expect: with few positives logit covers the population's value more often than percentile: yes
// expect: clusters of 3 images, by patient: .* normal [01]\.[0-9]+ .* logit [01]\.[0-9]+
// expect: shown to differ: paired [01]\.[0-9]+, separate [01]\.[0-9]+, .*
// expect: paired intervals are shorter than those of two separate samples: yes
// How often intervals of an average precision hold what they are for: by the number of positives,
// for macro averages, for several images a patient, and for the difference of two models; with the
// arguments 4000 1000 for figures to be relied on.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/uncertainty/bootstrap_interval.hpp"
#include "cxrlt/uncertainty/replicate_counts.hpp"

namespace {

using namespace cxrlt;

constexpr std::size_t kRows = 1620;
constexpr double kSeparation = 1.8;  // of positives from negatives, in standard deviations
constexpr std::array kMethods{IntervalMethod::normal, IntervalMethod::percentile,
                              IntervalMethod::basic};

struct Settings {
  std::size_t n_repetitions = 4000;
  int n_replicates = 1000;
};

/// Labels and scores of one test set: classes of given prevalence, rows by cluster.
struct TestSet {
  std::vector<double> scores;
  std::vector<Label> labels;
  std::vector<std::size_t> clusters;
  std::size_t n_classes;

  MatrixView<const double> view() const { return {scores.data(), kRows, n_classes}; }
  LabelMatrixView truth() const { return {labels.data(), kRows, n_classes}; }
};

/// Rows of a cluster share label and a part of the score's noise.
TestSet draw(const std::vector<double>& prevalences, std::size_t rows_per_cluster, Random& random) {
  TestSet set{{}, {}, {}, prevalences.size()};
  const double shared = rows_per_cluster > 1 ? std::sqrt(0.6) : 0;
  std::vector<bool> positive(prevalences.size());
  std::vector<double> common(prevalences.size());
  for (std::size_t i = 0; i < kRows; ++i) {
    set.clusters.push_back(i / rows_per_cluster);
    for (std::size_t c = 0; c < prevalences.size(); ++c) {
      if (i % rows_per_cluster == 0) {
        positive[c] = random.uniform() < prevalences[c];
        common[c] = random.normal();
      }
      set.labels.push_back(Label{positive[c]});
      set.scores.push_back((positive[c] ? kSeparation : 0) + shared * common[c] +
                           std::sqrt(1 - shared * shared) * random.normal());
    }
  }
  return set;
}

/// The average precision of an endless test set: the mean precision at a positive's score.
double population_average_precision(double prevalence, double separation = kSeparation) {
  const auto tail = [](double x) { return std::erfc(x / std::sqrt(2.0)) / 2; };
  constexpr double step = 1e-3;
  double sum = 0;
  for (double z = -8 + step / 2; z < 8; z += step) {
    const double score = separation + z;
    const double found = prevalence * tail(z);
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * 3.14159265358979323846);
    sum += density * step * found / (found + (1 - prevalence) * tail(score));
  }
  return sum;
}

/// What one test set gives: the macro average (of one class: its value), its replicates, and the
/// number of rows (clusters) with a positive.
struct Outcome {
  double estimate = 0;
  std::vector<double> replicates;
  std::size_t n_positive = 0;
  bool defined = false;
};

Outcome evaluate_set(const TestSet& set, bool by_cluster, const Settings& settings,
                     std::uint64_t seed) {
  ResamplingOptions options;
  options.n_replicates = settings.n_replicates;
  options.seed = seed;
  if (by_cluster) options.clusters = set.clusters;
  const Resampler resampler(kRows, options);
  const std::vector<RankedCells> ranked =
      rank_cells(set.view(), set.truth(), resampler.unit_of_row(), Cpu{1});
  Outcome outcome;
  double sum = 0;
  int n_defined = 0;
  for (const ThresholdCounts<>& counts : count_thresholds(set.view(), set.truth(), Cpu{1})) {
    if (counts.n_positive == 0) continue;
    sum += average_precision(counts).value;
    ++n_defined;
  }
  std::vector<bool> found(resampler.n_units(), false);
  for (std::size_t k = 0; k < set.labels.size(); ++k) {
    if (set.labels[k] == 1) found[resampler.unit_of_row()[k / set.n_classes]] = true;
  }
  outcome.n_positive = static_cast<std::size_t>(std::count(found.begin(), found.end(), true));
  outcome.defined = n_defined > 0;
  outcome.estimate = sum / n_defined;
  WeightBatch batch;
  for (std::size_t b = 0; b < resampler.n_batches(); ++b) {
    resampler.fill(b, batch);
    std::array<double, detail::kLanes> sums{};
    std::array<int, detail::kLanes> defined{};
    for (const RankedCells& cells : ranked) {
      const RankingReplicates values = rank_replicates(cells, batch);
      for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
        if (!values.average_precision[lane].defined()) continue;
        sums[lane] += values.average_precision[lane].value;
        ++defined[lane];
      }
    }
    for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
      outcome.replicates.push_back(sums[lane] / defined[lane]);  // 0 / 0: NaN, no value
    }
  }
  return outcome;
}

/// How often a method's intervals hold the population's value, and the expected one, and their mean
/// width.
struct Coverage {
  double population = 0;
  double expected = 0;
  double width = 0;
};

Coverage coverage(const std::vector<Interval>& intervals, double population, double expected) {
  Coverage result;
  for (const Interval& interval : intervals) {
    result.population += interval.contains(population);
    result.expected += interval.contains(expected);
    result.width += interval.upper - interval.lower;
  }
  const double n = static_cast<double>(intervals.size());
  return {result.population / n, result.expected / n, result.width / n};
}

/// Repeats test sets of these classes. The outcomes of sets without any positive are left out.
std::vector<Outcome> repeat(const std::vector<double>& prevalences, std::size_t rows_per_cluster,
                            bool by_cluster, const Settings& settings) {
  std::vector<Outcome> outcomes(settings.n_repetitions);
  parallel_for(settings.n_repetitions, Cpu{}, [&](std::size_t r) {
    Random random(17, r);
    const TestSet set = draw(prevalences, rows_per_cluster, random);
    outcomes[r] = evaluate_set(set, by_cluster, settings, r);
  });
  std::erase_if(outcomes, [](const Outcome& outcome) { return !outcome.defined; });
  return outcomes;
}

std::vector<Interval> intervals_of(const std::vector<Outcome>& outcomes, IntervalMethod method) {
  std::vector<Interval> intervals;
  for (const Outcome& outcome : outcomes) {
    const Interval interval =
        method == IntervalMethod::logit
            ? average_precision_interval(outcome.estimate, outcome.n_positive)
            : bootstrap_interval({outcome.estimate, outcome.replicates, {}, 0, 1}, 0.95, method)
                  .interval;
    // Replicates that do not vary make no interval: a point, which seldom holds anything.
    intervals.push_back(interval.defined() ? interval
                                           : Interval{outcome.estimate, outcome.estimate});
  }
  return intervals;
}

double mean_estimate(const std::vector<Outcome>& outcomes) {
  double sum = 0;
  for (const Outcome& outcome : outcomes) sum += outcome.estimate;
  return sum / static_cast<double>(outcomes.size());
}

void print(const char* name, const Coverage& value) {
  std::printf("  %s %.3f %.3f (%.2f)", name, value.population, value.expected, value.width);
}

/// One class of so many expected positives. Returns the coverage of logit less that of percentile.
double one_class(double n_expected, const Settings& settings) {
  const double prevalence = n_expected / static_cast<double>(kRows);
  const std::vector<Outcome> outcomes = repeat({prevalence}, 1, false, settings);
  const double population = population_average_precision(prevalence);
  const double expected = mean_estimate(outcomes);
  std::printf("%g positives expected: AP %.3f, of this size %.3f;", n_expected, population,
              expected);
  double percentile = 0;
  for (const IntervalMethod method : kMethods) {
    const Coverage value = coverage(intervals_of(outcomes, method), population, expected);
    if (method == IntervalMethod::percentile) percentile = value.population;
    print(std::string(to_string(method)).c_str(), value);
  }
  const Coverage logit =
      coverage(intervals_of(outcomes, IntervalMethod::logit), population, expected);
  print("logit", logit);
  std::printf("\n");
  return logit.population - percentile;
}

/// The macro average of 30 classes of 2.5 to 400 expected positives.
void macro_average(const Settings& settings) {
  std::vector<double> prevalences;
  double population = 0;
  for (int c = 0; c < 30; ++c) {
    prevalences.push_back(2.5 * std::pow(160, c / 29.0) / static_cast<double>(kRows));
    population += population_average_precision(prevalences.back()) / 30;
  }
  const std::vector<Outcome> outcomes = repeat(prevalences, 1, false, settings);
  const double expected = mean_estimate(outcomes);
  std::printf("macro of 30 classes: AP %.3f, of this size %.3f;", population, expected);
  for (const IntervalMethod method : kMethods) {
    print(std::string(to_string(method)).c_str(),
          coverage(intervals_of(outcomes, method), population, expected));
  }
  std::printf("\n");
}

/// Three images a patient, 30 patients with the finding expected.
void clusters(const Settings& settings) {
  const double prevalence = 90.0 / static_cast<double>(kRows);
  for (const bool by_patient : {true, false}) {
    const std::vector<Outcome> outcomes = repeat({prevalence}, 3, by_patient, settings);
    const double population = population_average_precision(prevalence);
    const double expected = mean_estimate(outcomes);
    std::printf("clusters of 3 images, by %s: AP %.3f, of this size %.3f;",
                by_patient ? "patient" : "image", population, expected);
    for (const IntervalMethod method : {IntervalMethod::normal, IntervalMethod::logit}) {
      print(std::string(to_string(method)).c_str(),
            coverage(intervals_of(outcomes, method), population, expected));
    }
    std::printf("\n");
  }
}

/// Two models of one test set.
struct Pair {
  Outcome first;
  Outcome second;        ///< with the weights of the first
  Outcome second_alone;  ///< with others
};

Interval difference(const Outcome& one, const Outcome& two) {
  std::vector<double> differences;
  for (std::size_t b = 0; b < one.replicates.size(); ++b) {
    differences.push_back(one.replicates[b] - two.replicates[b]);
  }
  return bootstrap_interval({one.estimate - two.estimate, differences}, 0.95).interval;
}

Interval normal_interval(const Outcome& outcome) {
  return bootstrap_interval({outcome.estimate, outcome.replicates}, 0.95).interval;
}

/// Two models whose noise is alike: the paired interval of their difference, and that of separate
/// samples; how often each shows the difference, and how often two single intervals do not overlap.
void paired(const Settings& settings) {
  constexpr double kAlike = 0.7;   // correlation of the noise
  constexpr double kSecond = 1.5;  // separation by the second model
  const double prevalence = 60.0 / static_cast<double>(kRows);
  std::vector<Pair> pairs(settings.n_repetitions);
  parallel_for(settings.n_repetitions, Cpu{}, [&](std::size_t r) {
    Random random(29, r);
    const TestSet first = draw({prevalence}, 1, random);
    TestSet second = first;
    for (std::size_t i = 0; i < kRows; ++i) {
      const double separation = second.labels[i] == 1 ? kSecond - kAlike * kSeparation : 0;
      second.scores[i] =
          kAlike * second.scores[i] + separation + std::sqrt(1 - kAlike * kAlike) * random.normal();
    }
    pairs[r] = {evaluate_set(first, false, settings, r), evaluate_set(second, false, settings, r),
                evaluate_set(second, false, settings, r + 1'000'000)};
  });
  const double population =
      population_average_precision(prevalence) - population_average_precision(prevalence, kSecond);
  double expected = 0;
  int n_disjoint = 0;
  std::vector<Interval> together;
  std::vector<Interval> apart;
  for (const Pair& pair : pairs) {
    expected += (pair.first.estimate - pair.second.estimate) / static_cast<double>(pairs.size());
    together.push_back(difference(pair.first, pair.second));
    apart.push_back(difference(pair.first, pair.second_alone));
    n_disjoint += normal_interval(pair.first).lower > normal_interval(pair.second_alone).upper;
  }
  const auto shown = [](const std::vector<Interval>& intervals) {
    return static_cast<double>(std::count_if(intervals.begin(), intervals.end(),
                                             [](const Interval& one) { return one.lower > 0; })) /
           static_cast<double>(intervals.size());
  };
  const Coverage paired_coverage = coverage(together, population, expected);
  const Coverage separate_coverage = coverage(apart, population, expected);
  std::printf("difference of two models, %.3f, of this size %.3f;", population, expected);
  print("paired", paired_coverage);
  print("separate", separate_coverage);
  std::printf(
      "\nshown to differ: paired %.3f, separate %.3f, two intervals that do not overlap "
      "%.3f\n",
      shown(together), shown(apart), n_disjoint / static_cast<double>(settings.n_repetitions));
  std::printf("paired intervals are shorter than those of two separate samples: %s\n",
              paired_coverage.width < separate_coverage.width ? "yes" : "no");
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  if (argc > 1) settings.n_repetitions = static_cast<std::size_t>(std::atoll(argv[1]));
  if (argc > 2) settings.n_replicates = std::atoi(argv[2]);
  std::printf(
      "%zu test sets of %zu rows, %d replicates; each method: share of intervals that hold the "
      "population's value, the expected one (mean width); standard errors of shares are at most "
      "%.3f\n",
      settings.n_repetitions, kRows, settings.n_replicates,
      0.5 / std::sqrt(static_cast<double>(settings.n_repetitions)));
  double gain = 0;
  for (const double n_expected : {2.0, 3.0, 5.0}) gain += one_class(n_expected, settings);
  std::printf(
      "with few positives logit covers the population's value more often than percentile: %s\n",
      gain > 0 ? "yes" : "no");
  for (const double n_expected : {10.0, 30.0, 100.0}) one_class(n_expected, settings);
  macro_average(settings);
  clusters(settings);
  paired(settings);
}
