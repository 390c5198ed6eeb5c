// SPDX-License-Identifier: Apache-2.0
/// Training on a device, by cuBLAS and Thrust.
#pragma once

#include <memory>

#include "stage.hpp"

namespace training {

/// @throws cxrlt::Error where there is no device, or the program was built without CUDA
void look_for_device();

/// A stage on the first CUDA device: data, weights and the optimiser's moments lie there.
/// @throws cxrlt::Error as `look_for_device`, and where the device has no room
std::unique_ptr<Stage> make_device_stage(Network network, bool head_only, const SplitSet& data,
                                         double weight_decay);

}  // namespace training
