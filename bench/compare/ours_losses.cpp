// SPDX-License-Identifier: Apache-2.0
/// Losses behind a C interface, for losses.py; beside ours.cpp in the same modules.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "bench/compare/c_interface.hpp"
#include "cxrlt/cxrlt.hpp"

namespace {

/// Calls `use` with the loss of this name, with its defaults.
template <class Use>
void with_loss(std::string_view name, std::span<const std::uint64_t> positives,
               std::size_t n_samples, const Use& use) {
  const std::size_t n_classes = positives.size();
  if (name == "bce") return use(cxrlt::bce_loss(n_classes));
  if (name == "focal") return use(cxrlt::focal_loss(n_classes));
  if (name == "asymmetric") return use(cxrlt::asymmetric_loss(n_classes));
  if (name == "ldam_drw") return use(cxrlt::ldam_drw_loss(positives, 10));
  if (name == "distribution_balanced") {
    return use(cxrlt::distribution_balanced_loss(positives, n_samples));
  }
  throw cxrlt::InvalidArgument("there is no loss '" + std::string(name) + "'");
}

template <class Score>
int value_and_gradient(const char* name, const Score* logits, const std::uint8_t* labels,
                       const std::uint64_t* positives, std::size_t n_samples, std::size_t n_classes,
                       int threads, Score* gradient, double* value) {
  return guarded([&] {
    with_loss(name, {positives, n_classes}, n_samples, [&](const auto& loss) {
      *value =
          cxrlt::loss_and_gradient(cxrlt::MatrixView<const Score>(logits, n_samples, n_classes),
                                   cxrlt::LabelMatrixView(labels, n_samples, n_classes), loss,
                                   cxrlt::MatrixView<Score>(gradient, n_samples, n_classes), {},
                                   cxrlt::Cpu{threads})
              .value;
    });
  });
}

}  // namespace

/// The loss of this name, the mean over cells, and its gradient. Returns 0, or 1 where refused.
CXRLT_COMPARE_API int loss_float32(const char* name, const float* logits,
                                   const std::uint8_t* labels, const std::uint64_t* positives,
                                   std::size_t n_samples, std::size_t n_classes, int threads,
                                   float* gradient, double* value) {
  return value_and_gradient(name, logits, labels, positives, n_samples, n_classes, threads,
                            gradient, value);
}
/// As `loss_float32`.
CXRLT_COMPARE_API int loss_float64(const char* name, const double* logits,
                                   const std::uint8_t* labels, const std::uint64_t* positives,
                                   std::size_t n_samples, std::size_t n_classes, int threads,
                                   double* gradient, double* value) {
  return value_and_gradient(name, logits, labels, positives, n_samples, n_classes, threads,
                            gradient, value);
}
