// SPDX-License-Identifier: Apache-2.0
/// One call on a device: which one, its stream, its scratch memory, copies to and fro, and Thrust's
/// algorithms under these.
#pragma once

#include <thrust/execution_policy.h>
#include <thrust/fill.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system_error.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/cuda/cuda.hpp"
#include "cxrlt/cuda/detail/device_arena.hpp"
#include "cxrlt/cuda/detail/system.hpp"

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#ifndef __CUDACC__
#error \
    "cxrlt/cuda counts in units that nvcc compiles; host compilers: THRUST_DEVICE_SYSTEM CPP or OMP"
#endif
#include <cuda_runtime_api.h>
#endif

namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM {

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA

/// Throws what went wrong, if anything.
inline void check_device_call(cudaError_t result, const char* doing) {
  if (result != cudaSuccess) {
    throw Error(std::string("CUDA: ") + doing + ": " + cudaGetErrorString(result));
  }
}

/// Makes a device the current one while it lives.
class CurrentDevice {
 public:
  explicit CurrentDevice(int device) {
    int n_devices = 0;
    // The first question of all: without a driver it is answered, where others abort.
    check_device_call(cudaGetDeviceCount(&n_devices), "looking for a device");
    if (device < 0 || device >= n_devices) {
      throw InvalidArgument("there is no CUDA device " + std::to_string(device) + ": found " +
                            std::to_string(n_devices));
    }
    check_device_call(cudaGetDevice(&before_), "asking for the current device");
    check_device_call(cudaSetDevice(device), "choosing a device");
  }
  CurrentDevice(const CurrentDevice&) = delete;
  CurrentDevice& operator=(const CurrentDevice&) = delete;
  ~CurrentDevice() { cudaSetDevice(before_); }

 private:
  int before_ = 0;
};

inline auto execution(ArenaAllocator& allocator, CUstream_st* stream) {
  return thrust::cuda::par_nosync(allocator).on(stream);
}
inline void copy_to_device(void* to, const void* from, std::size_t n_bytes, CUstream_st* stream) {
  check_device_call(cudaMemcpyAsync(to, from, n_bytes, cudaMemcpyHostToDevice, stream),
                    "copying to the device");
}
inline void copy_to_host(void* to, const void* from, std::size_t n_bytes, CUstream_st* stream) {
  check_device_call(cudaMemcpyAsync(to, from, n_bytes, cudaMemcpyDeviceToHost, stream),
                    "copying from the device");
  check_device_call(cudaStreamSynchronize(stream), "waiting for the device");
}

#else

struct CurrentDevice {
  explicit CurrentDevice(int) {}
};

inline auto execution(ArenaAllocator& allocator, CUstream_st*) {
  return thrust::device(allocator);
}
inline void copy_to_device(void* to, const void* from, std::size_t n_bytes, CUstream_st*) {
  std::memcpy(to, from, n_bytes);
}
inline void copy_to_host(void* to, const void* from, std::size_t n_bytes, CUstream_st*) {
  std::memcpy(to, from, n_bytes);
}

#endif

/// What one call does is in order in its stream; only `download` waits.
class DeviceRun {
 public:
  explicit DeviceRun(const Cuda& policy)
      : device_(policy.device),
        stream_(policy.stream),
        arena_(policy.workspace != nullptr ? policy.workspace->arena_ : own_) {
    arena_.clear();
  }
  DeviceRun(const DeviceRun&) = delete;
  DeviceRun& operator=(const DeviceRun&) = delete;

  DeviceArena& arena() { return arena_; }
  CUstream_st* stream() const { return stream_; }

  /// The first argument of Thrust's algorithms.
  auto policy() { return execution(allocator_, stream_); }

  /// Room for n objects, not initialised.
  template <class T>
  T* room_for(std::size_t n) {
    return static_cast<T*>(arena_.allocate(n * sizeof(T)));
  }

  template <class T>
  T* filled(std::size_t n, T value) {
    T* const objects = room_for<T>(n);
    thrust::fill_n(policy(), objects, n, value);
    return objects;
  }

  template <class T>
  T* upload(const T* objects, std::size_t n) {
    T* const copies = room_for<T>(n);
    if (n > 0) copy_to_device(copies, objects, n * sizeof(T), stream_);
    return copies;
  }
  template <class T>
  T* upload(const std::vector<T>& objects) {
    return upload(objects.data(), objects.size());
  }

  template <class T>
  std::vector<T> download(const T* objects, std::size_t n) {
    std::vector<T> copies(n);
    if (n > 0) copy_to_host(copies.data(), objects, n * sizeof(T), stream_);
    return copies;
  }

  /// Calls `body(i)` for every i in [0, n) on the device.
  template <class Body>
  void for_each(std::uint32_t n, const Body& body) {
    if (n == 0) return;
    thrust::for_each_n(policy(), thrust::counting_iterator<std::uint32_t>(0), n, body);
  }

 private:
  CurrentDevice device_;
  CUstream_st* stream_;
  DeviceArena own_;
  DeviceArena& arena_;
  ArenaAllocator allocator_{&arena_};
};

/// What `work` returns, with Thrust's exceptions as ours.
template <class Work>
auto with_our_errors(const Work& work) {
  try {
    return work();
  } catch (const thrust::system_error& error) {
    throw Error(error.what());
  }
}

}  // namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM
