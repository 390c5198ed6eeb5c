// SPDX-License-Identifier: Apache-2.0
/// The bootstrap behind a C interface, for bootstrap.py; beside ours.cpp in the same modules.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "bench/compare/c_interface.hpp"
#include "cxrlt/cxrlt.hpp"

namespace {

cxrlt::Resampler resampler_of(std::size_t n_samples, int n_replicates) {
  cxrlt::ResamplingOptions options;
  options.n_replicates = n_replicates;
  return {n_samples, options};
}

}  // namespace

/// Macro average precision and AUROC of every replicate, by the library's evaluation.
CXRLT_COMPARE_API int bootstrap_macro(const float* scores, const std::uint8_t* labels,
                                      std::size_t n_samples, std::size_t n_classes, int threads,
                                      int n_replicates, double* average_precision, double* auroc) {
  return guarded([&] {
    cxrlt::EvaluationOptions options;
    options.metrics = {cxrlt::parse_metric_name("average_precision"),
                       cxrlt::parse_metric_name("auroc")};
    const cxrlt::EvaluationReplicates replicates =
        cxrlt::evaluate_replicates(cxrlt::MatrixView<const float>(scores, n_samples, n_classes),
                                   cxrlt::LabelMatrixView(labels, n_samples, n_classes), options,
                                   resampler_of(n_samples, n_replicates), cxrlt::Cpu{threads});
    std::size_t k = 0;
    cxrlt::for_each_value(replicates.estimate, [&](cxrlt::Scope scope, std::size_t,
                                                   const auto& value) {
      const std::span<const double> values = replicates.of(k++);
      if (scope != cxrlt::Scope::macro) return;
      std::copy(values.begin(), values.end(), value.name == "auroc" ? auroc : average_precision);
    });
  });
}

/// How often each row stands in the first replicates: row i of replicate b at b * n_samples + i.
CXRLT_COMPARE_API int bootstrap_weights(std::size_t n_samples, int n_replicates,
                                        std::size_t n_wanted, std::uint8_t* weights) {
  return guarded([&] {
    const cxrlt::Resampler resampler = resampler_of(n_samples, n_replicates);
    cxrlt::WeightBatch batch;
    resampler.fill(0, batch);
    for (std::size_t b = 0; b < n_wanted; ++b) {
      for (std::size_t i = 0; i < n_samples; ++i) {
        weights[b * n_samples + i] = static_cast<std::uint8_t>(batch.weight(i, b));
      }
    }
  });
}
