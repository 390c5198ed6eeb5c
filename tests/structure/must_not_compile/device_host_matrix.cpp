// SPDX-License-Identifier: Apache-2.0
// Matrices of the host are no matrices of a device, and labels no scores.
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/cuda/device_matrix_view.hpp"

cxrlt::DeviceLabelMatrixView view(cxrlt::DeviceMatrixView<const signed char> labels,
                                  cxrlt::MatrixView<const signed char> host_labels) {
#ifdef MISUSE
  static_cast<void>(labels);
  return host_labels;
#else
  static_cast<void>(host_labels);
  return labels;
#endif
}
