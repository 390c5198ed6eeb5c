// SPDX-License-Identifier: Apache-2.0
// expect: class 0: AP 0\.722, AUROC 0\.667, best F1 0\.667 at score >= 0\.8
// expect: class 1: AP nan, no_positives
// AP, AUROC and the best F1 where the scores lie: on a GPU if nvcc compiles this file
// (nvcc -std=c++20 -x cu), on the processor if another compiler does, with THRUST_DEVICE_SYSTEM set
// to CPP or OMP.
#include <thrust/device_vector.h>

#include <cstdint>
#include <cstdio>
#include <vector>

#include "cxrlt/cuda/ranking_summary.hpp"

int main() {
  // Six samples of two classes, row by row; a training loop has them on the device already.
  const std::vector<float> scores{0.9F, 0.1F, 0.8F, 0.2F, 0.8F, 0.3F,
                                  0.4F, 0.1F, 0.3F, 0.5F, 0.3F, 0.4F};
  const std::vector<std::int8_t> labels{1, 0, 0, 0, 1, -1, 0, 0, 0, 0, 1, 0};
  const thrust::device_vector<float> device_scores(scores.begin(), scores.end());
  const thrust::device_vector<std::int8_t> device_labels(labels.begin(), labels.end());

  cxrlt::DeviceWorkspace workspace;  // kept from epoch to epoch
  cxrlt::Cuda device;
  device.workspace = &workspace;
  const cxrlt::DeviceMatrixView score_view(device_scores.data(), 6, 2);
  const cxrlt::DeviceLabelMatrixView label_view(device_labels.data(), 6, 2);
  const auto summaries = cxrlt::summarise_ranking(score_view, label_view, device);

  std::printf("class 0: AP %.3f, AUROC %.3f, best F1 %.3f at score >= %.1f\n",
              summaries[0].average_precision.value, summaries[0].auroc.value,
              summaries[0].best_f1.value.value, summaries[0].best_f1.threshold);
  std::printf("class 1: AP %.3f, %s\n", summaries[1].average_precision.value,
              cxrlt::to_string(summaries[1].average_precision.why).data());
}
