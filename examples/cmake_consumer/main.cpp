// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/cxrlt.hpp>
#include <iostream>
#include <vector>

int main() {
  const std::vector<float> scores{0.9F, 0.4F, 0.6F, 0.1F};
  const std::vector<cxrlt::Label> labels{1, 1, 0, 0};
  std::cout << "AUROC " << cxrlt::auroc(cxrlt::count_thresholds(scores, labels)).value << '\n';
}
