// SPDX-License-Identifier: Apache-2.0
// expect: AP 0\.722, by chance 0\.645, AUROC 0\.667
// expect: best F1 0\.667 at score >= 0\.8
// One class: AP, AUROC and the best F1 from two vectors. Equal scores are one group.
#include <cstdio>
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/metrics/operating_points.hpp"

int main() {
  const std::vector<float> scores{0.9F, 0.8F, 0.8F, 0.4F, 0.3F, 0.3F};
  const std::vector<cxrlt::Label> labels{1, 0, 1, 0, 0, 1};

  const auto counts = cxrlt::count_thresholds(scores, labels);
  std::printf("AP %.3f, by chance %.3f, AUROC %.3f\n", cxrlt::average_precision(counts).value,
              cxrlt::chance_average_precision(counts).value, cxrlt::auroc(counts).value);

  const auto best = cxrlt::best_f_beta(counts, 1);
  std::printf("best F1 %.3f at score >= %.1f\n", best.value.value, best.threshold);
}
