// SPDX-License-Identifier: Apache-2.0
// A pointer to host memory makes no view of a device's memory.
#include <vector>

#include "cxrlt/cuda/device_matrix_view.hpp"

auto view(const std::vector<float>& host, thrust::device_ptr<const float> device) {
#ifdef MISUSE
  return cxrlt::DeviceMatrixView<const float>(host.data(), host.size(), 1);
#else
  return cxrlt::DeviceMatrixView<const float>(device, host.size(), 1);
#endif
}
