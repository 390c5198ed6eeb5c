// SPDX-License-Identifier: Apache-2.0
/// The kernels of losses on a device, beside the same code on the host.
#pragma once

#include <thrust/device_vector.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "cuda/device_support.hpp"
#include "cxrlt/losses/asymmetric.hpp"
#include "cxrlt/losses/bce.hpp"
#include "cxrlt/losses/distribution_balanced.hpp"
#include "cxrlt/losses/focal.hpp"
#include "cxrlt/losses/ldam.hpp"

namespace loss_kernels {

/// The loss of each logit for a positive, and behind these for a negative.
template <class Kernel, class Real>
__global__ void evaluate(Kernel kernel, const Real* logits, std::size_t n,
                         cxrlt::CellLoss<Real>* losses) {
  const std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x;
  if (i < 2 * n) losses[i] = kernel(logits[i % n], i < n);
}

/// Logits where losses bend, and far out.
template <class Real>
std::vector<Real> some_logits() {
  std::vector<Real> logits{0, Real(-1e4), Real(1e4), Real(-100), Real(100)};
  for (int i = -400; i <= 400; ++i) logits.push_back(static_cast<Real>(i) / 16);
  return logits;
}

template <class Real>
bool is_close(Real found, Real expected) {
  const Real tolerance = sizeof(Real) == 4 ? Real(2e-6) : Real(1e-13);
  return std::abs(found - expected) <= tolerance * std::max(Real(1), std::abs(expected));
}

template <class Real, class Kernel>
void check_kernel(const Kernel& kernel) {
  const std::vector<Real> logits = some_logits<Real>();
  const std::size_t n = logits.size();
  const thrust::device_vector<Real> device_logits(logits.begin(), logits.end());
  thrust::device_vector<cxrlt::CellLoss<Real>> device_losses(2 * n);
  constexpr unsigned block = 128;
  evaluate<<<static_cast<unsigned>((2 * n + block - 1) / block), block>>>(
      kernel, thrust::raw_pointer_cast(device_logits.data()), n,
      thrust::raw_pointer_cast(device_losses.data()));
  REQUIRE(cudaDeviceSynchronize() == cudaSuccess);
  std::vector<cxrlt::CellLoss<Real>> losses(2 * n);
  thrust::copy(device_losses.begin(), device_losses.end(), losses.begin());
  for (std::size_t i = 0; i < 2 * n; ++i) {
    CAPTURE(logits[i % n], i < n);
    const cxrlt::CellLoss<Real> expected = kernel(logits[i % n], i < n);
    CHECK(is_close(losses[i].value, expected.value));
    CHECK(is_close(losses[i].gradient, expected.gradient));
    CHECK(is_close(losses[i].curvature, expected.curvature));
  }
}

template <class Kernel>
void check_both(const Kernel& kernel) {
  check_kernel<float>(kernel);
  check_kernel<double>(kernel);
}

TEST_CASE("kernels of losses give on the device what they give on the host") {
  check_both(cxrlt::BceKernel{});
  check_both(cxrlt::FocalKernel{});
  check_both(cxrlt::FocalKernel{0.5});
  check_both(cxrlt::AsymmetricKernel{});
  check_both(cxrlt::AsymmetricKernel{1, 4, 0.05, true});
  check_both(cxrlt::LdamKernel{});
  check_both(cxrlt::NegativeTolerantKernel{});
}

}  // namespace loss_kernels
