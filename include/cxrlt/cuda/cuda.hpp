// SPDX-License-Identifier: Apache-2.0
/// Where counting runs: on a CUDA device, or on what Thrust was told to take for one.
#pragma once

#include <cstddef>

#include "cxrlt/cuda/detail/device_arena.hpp"
#include "cxrlt/cuda/detail/system.hpp"

struct CUstream_st;  // cudaStream_t is a pointer to it

namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM {

class DeviceRun;

}  // namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM

namespace cxrlt::inline CXRLT_DEVICE_SYSTEM {

/// Scratch memory on a device that counting may keep from one call to the next: asking the driver
/// for it can take longer than counting. For one device, and one call at a time; results do not
/// depend on it. It must go before the device's context does.
class DeviceWorkspace {
 public:
  DeviceWorkspace() = default;

 private:
  friend class detail::DeviceRun;

  detail::DeviceArena arena_;
};

/// Counting on a CUDA device. In units that a host compiler builds with Thrust's systems CPP or OMP
/// the host takes the place of the device, with equal results, and device and stream are of no
/// meaning.
struct Cuda {
  int device = 0;
  CUstream_st* stream = nullptr;         ///< work waits for what the stream holds
  DeviceWorkspace* workspace = nullptr;  ///< scratch memory to keep from call to call, if any
  std::size_t scratch_bytes = std::size_t{1} << 30;  ///< classes are counted in as many parts as
                                                     ///< keep within it, one class at least
};

}  // namespace cxrlt::inline CXRLT_DEVICE_SYSTEM
