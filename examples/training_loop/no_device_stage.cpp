// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/core/error.hpp>

#include "device_stage.hpp"

namespace training {

void look_for_device() {
  throw cxrlt::Error(
      "this program was built without CUDA; expected a build with -DCXRLT_ENABLE_CUDA=ON for "
      "--device");
}

std::unique_ptr<Stage> make_device_stage(Network, bool, const SplitSet&, double) {
  look_for_device();
  return nullptr;
}

}  // namespace training
