// SPDX-License-Identifier: Apache-2.0
// expect: AUROC 0\.700, 95% interval 0\.609 to 0\.790
// An interval of an AUROC by the bootstrap, where the scores lie: on a GPU if nvcc compiles this
// file (nvcc -std=c++20 -x cu), on the processor if another compiler does, with
// THRUST_DEVICE_SYSTEM set to CPP or OMP.
#include <thrust/device_vector.h>

#include <cstdint>
#include <cstdio>
#include <vector>

#include "cxrlt/core/random.hpp"
#include "cxrlt/cuda/rank_replicates.hpp"
#include "cxrlt/cuda/ranking_summary.hpp"
#include "cxrlt/uncertainty/bootstrap_interval.hpp"

int main() {
  // Made up: 400 samples of one class, a tenth of them positive.
  cxrlt::Random random(1);
  std::vector<float> scores;
  std::vector<std::int8_t> labels;
  for (std::size_t i = 0; i < 400; ++i) {
    labels.push_back(i % 10 == 0 ? 1 : 0);
    scores.push_back(static_cast<float>(random.normal() + labels.back()));
  }
  const thrust::device_vector<float> device_scores(scores.begin(), scores.end());
  const thrust::device_vector<std::int8_t> device_labels(labels.begin(), labels.end());
  const cxrlt::DeviceMatrixView score_view(device_scores.data(), 400, 1);
  const cxrlt::DeviceLabelMatrixView label_view(device_labels.data(), 400, 1);
  const cxrlt::Cuda device;

  cxrlt::ResamplingOptions options;
  options.n_replicates = 1000;
  const cxrlt::Resampler resampler(400, options);  // of 400 samples
  const auto replicates = cxrlt::rank_replicates(score_view, label_view, resampler, device);

  std::vector<double> areas;  // of class 0; NaN where a replicate has none
  for (const cxrlt::MetricValue& area : replicates[0].auroc) areas.push_back(area.value);
  const double area = cxrlt::summarise_ranking(score_view, label_view, device)[0].auroc.value;
  const auto found = cxrlt::bootstrap_interval({area, areas, {}, 0, 1}, 0.95);

  std::printf("AUROC %.3f, 95%% interval %.3f to %.3f\n", area, found.interval.lower,
              found.interval.upper);
}
