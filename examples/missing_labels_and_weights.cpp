// SPDX-License-Identifier: Apache-2.0
// expect: all rows        AUROC 0\.500
// expect: without row 1   AUROC 0\.750
// expect: weight 0        AUROC 0\.750
// A label that nobody judged is left out; a row of weight 0 counts as deleted.
#include <cstdio>
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/metrics/discrimination.hpp"

int main() {
  const std::vector<double> scores{0.9, 0.95, 0.6, 0.4, 0.2};
  std::vector<cxrlt::Label> labels{1, 0, 0, 1, 0};
  const auto print = [](const char* what, const auto& counts) {
    std::printf("%-15s AUROC %.3f\n", what, cxrlt::auroc(counts).value);
  };
  print("all rows", cxrlt::count_thresholds(scores, labels));

  const std::vector<double> weights{1, 0, 1, 1, 1};
  const auto weighted = cxrlt::count_thresholds(scores, labels, weights);
  labels[1] = cxrlt::kMissing;
  print("without row 1", cxrlt::count_thresholds(scores, labels));
  print("weight 0", weighted);
}
