// SPDX-License-Identifier: Apache-2.0
// expect: AUROC 0\.923 \(0\.854 to 0\.960\) and 0\.809 \(0\.717 to 0\.874\), p 0\.0001
// expect: finding 1: AP \+0\.196, p 0\.0007, of two findings 0\.0007
// expect: finding 2: AP -0\.037, p 0\.6028, of two findings 0\.8341
// expect: macro AP \+0\.080, p 0\.0747
// expect: AUROC: not worse by 0\.02: yes, better: yes
// Two models on the same 400 images of 200 patients, two findings: what can be said of their
// difference.
#include <cstddef>
#include <cstdio>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/uncertainty/delong.hpp"
#include "cxrlt/uncertainty/multiple_testing.hpp"
#include "cxrlt/uncertainty/non_inferiority.hpp"
#include "cxrlt/uncertainty/permutation.hpp"
#include "cxrlt/uncertainty/permuted_average.hpp"

int main() {
  constexpr std::size_t n_patients = 200;
  cxrlt::ClassMatrix<double> first(2 * n_patients, 2);
  cxrlt::ClassMatrix<double> second(2 * n_patients, 2);
  cxrlt::ClassMatrix<cxrlt::Label> labels(2 * n_patients, 2);
  std::vector<std::size_t> patients;
  cxrlt::Random random(1);
  for (std::size_t patient = 0; patient < n_patients; ++patient) {
    // The second finding is rare, and the first model is better at the first one alone.
    const bool present[2] = {random.below(5) == 0, random.below(40) == 0};
    const double shared[2] = {random.normal(), random.normal()};
    for (std::size_t image = 0; image < 2; ++image) {
      const std::size_t row = patients.size();
      patients.push_back(patient);
      for (std::size_t k = 0; k < 2; ++k) {
        labels[k][row] = present[k] ? 1 : 0;
        first[k][row] = shared[k] + random.normal() + (present[k] ? 2.5 : 0);
        second[k][row] = shared[k] + random.normal() + (present[k] ? (k == 0 ? 1.5 : 2.5) : 0);
      }
    }
  }

  const auto area = cxrlt::delong_test(first.view().column(0), second.view().column(0),
                                       labels.view().column(0), patients);
  std::printf("AUROC %.3f (%.3f to %.3f) and %.3f (%.3f to %.3f), p %.4f\n", area.first.auroc.value,
              area.first.interval.lower, area.first.interval.upper, area.second.auroc.value,
              area.second.interval.lower, area.second.interval.upper, area.p_value.value);

  const auto test = cxrlt::permute_ranks(
      first.view(), second.view(), labels.view(),
      [](const cxrlt::ThresholdCounts<>& counts) { return cxrlt::average_precision(counts); },
      patients);
  const auto adjusted = cxrlt::max_t(test.difference, test.null_differences.view());
  for (std::size_t k = 0; k < 2; ++k) {
    std::printf("finding %zu: AP %+.3f, p %.4f, of two findings %.4f\n", k + 1,
                test.difference[k].value, test.p_value[k].value, adjusted[k].value);
  }
  const auto macro = cxrlt::average_difference(test);
  std::printf("macro AP %+.3f, p %.4f\n", macro.difference.value, macro.p_value.value);

  const auto verdict = cxrlt::judge_non_inferiority(area.interval, 0.02);
  std::printf("AUROC: not worse by 0.02: %s, better: %s\n", verdict.non_inferior ? "yes" : "no",
              verdict.superior ? "yes" : "no");
}
