// SPDX-License-Identifier: Apache-2.0
// run: 40
// expect: positives .* test
// expect: alike +0\.70 +1 .*
// expect: wide +0\.95 +60
// How often the intervals of an AUROC hold the true value, and how often DeLong's test finds a
// difference between equal models: the tables of docs/comparing.md, with 2000 as the argument.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "cxrlt/core/random.hpp"
#include "cxrlt/uncertainty/delong.hpp"

namespace {

using View = cxrlt::ColumnView<const double>;

constexpr std::size_t n_negatives = 400;

/// Positives are normal with this mean and deviation, negatives standard normal. Two equal models
/// share half of a row's variance.
struct Positives {
  double mean;
  double deviation;
};

void simulate(const char* shape, double truth, std::size_t n_positives, Positives positives,
              int n_repetitions) {
  constexpr std::array methods{cxrlt::AurocInterval::delong, cxrlt::AurocInterval::newcombe,
                               cxrlt::AurocInterval::automatic};
  std::array<int, 3> n_held{};
  int n_found = 0;
  const std::size_t n = n_positives + n_negatives;
  std::vector<double> first(n);
  std::vector<double> second(n);
  std::vector<cxrlt::Label> labels(n, 0);
  for (std::size_t i = 0; i < n_positives; ++i) labels[i] = 1;
  for (int repetition = 0; repetition < n_repetitions; ++repetition) {
    cxrlt::Random random(n_positives, static_cast<std::uint64_t>(repetition));
    for (std::size_t i = 0; i < n; ++i) {
      const double shared = random.normal();
      const double mean = labels[i] == 1 ? positives.mean : 0;
      const double deviation = std::sqrt(0.5) * (labels[i] == 1 ? positives.deviation : 1);
      first[i] = mean + deviation * (shared + random.normal());
      second[i] = mean + deviation * (shared + random.normal());
    }
    for (std::size_t k = 0; k < methods.size(); ++k) {
      const auto one = cxrlt::delong_auroc(View(first), labels, {}, {.method = methods[k]});
      n_held[k] += one.interval.contains(truth) ? 1 : 0;
    }
    const auto test = cxrlt::delong_test(View(first), View(second), labels);
    n_found += test.p_value.defined() && test.p_value.value <= 0.05 ? 1 : 0;
  }
  const double share = 100.0 / n_repetitions;
  std::printf("%-6s %.2f %9zu %7.1f %9.1f %10.1f %6.1f\n", shape, truth, n_positives,
              share * n_held[0], share * n_held[1], share * n_held[2], share * n_found);
}

}  // namespace

int main(int argc, char** argv) {
  const int n_repetitions = argc > 1 ? std::atoi(argv[1]) : 2000;
  std::printf("per cent; positives alike in spread to negatives, or 1.8 times as wide\n");
  std::printf("shape AUROC positives  delong  newcombe  automatic   test\n");
  // Standard normal quantiles of the true AUROCs.
  const std::array<std::array<double, 2>, 3> truths{
      {{0.70, 0.524400512708041}, {0.85, 1.0364333894937898}, {0.95, 1.6448536269514722}}};
  for (const double deviation : {1.0, 1.8}) {
    for (const auto& truth : truths) {
      const double mean = truth[1] * std::sqrt(1 + deviation * deviation);
      for (const std::size_t n_positives : {1U, 2U, 3U, 5U, 10U, 30U, 60U}) {
        simulate(deviation == 1 ? "alike" : "wide", truth[0], n_positives, {mean, deviation},
                 n_repetitions);
      }
    }
  }
}
