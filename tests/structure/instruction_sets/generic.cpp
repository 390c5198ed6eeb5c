// SPDX-License-Identifier: Apache-2.0
/// Compiled for any x86-64 processor; the other unit for the one at hand.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "cxrlt/core/random.hpp"
#include "cxrlt/counting/count_thresholds.hpp"

using Counts = std::vector<cxrlt::ThresholdCounts<>>;

Counts count_in_native_unit(cxrlt::MatrixView<const float> scores, cxrlt::LabelMatrixView labels);

namespace {

bool equal(const Counts& a, const Counts& b) {
  for (std::size_t c = 0; c < a.size(); ++c) {
    if (a[c].threshold != b[c].threshold || a[c].tp != b[c].tp || a[c].fp != b[c].fp ||
        a[c].fp_above != b[c].fp_above) {
      return false;
    }
  }
  return a.size() == b.size();
}

}  // namespace

int main() {
  const std::size_t n = 5000;
  const std::size_t n_classes = 11;
  cxrlt::Random random(7);
  std::vector<float> scores(n * n_classes);
  std::vector<std::uint8_t> labels(n * n_classes);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    // Continuous, rounded, or of both signs, class by class; from common to rare.
    const std::size_t c = i % n_classes;
    const float draw = static_cast<float>(random.below(1U << 24)) / static_cast<float>(1U << 24);
    scores[i] = c % 3 == 0   ? draw
                : c % 3 == 1 ? static_cast<float>(random.below(100))
                             : draw - 0.5F;
    labels[i] = random.below(2 + static_cast<std::uint32_t>(c * c)) == 0 ? 1 : 0;
  }
  const cxrlt::MatrixView<const float> view(scores.data(), n, n_classes);
  const cxrlt::LabelMatrixView label_view(labels.data(), n, n_classes);
  const Counts here = cxrlt::count_thresholds(view, label_view);
  Counts plain(n_classes);
  cxrlt::detail::count_matrix(view, label_view, cxrlt::detail::Strategy::plain_sort, {}, plain);
  if (!equal(here, plain) || !equal(here, count_in_native_unit(view, label_view))) {
    std::puts("the counts differ");
    return 1;
  }
}
