// SPDX-License-Identifier: Apache-2.0
/// CUB's radix sort, which unlike Thrust's can be told how many bits matter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cub/device/device_radix_sort.cuh>

#include "cxrlt/cuda/detail/device_run.hpp"

namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM {

/// Calls a function of CUB twice: for how much scratch memory it needs, and for its work.
template <class Call>
void call_cub(DeviceRun& run, const Call& call) {
  std::size_t n_bytes = 0;
  check_device_call(call(nullptr, n_bytes), "asking CUB for the size of its scratch memory");
  void* const scratch = run.arena().allocate(n_bytes);
  check_device_call(call(scratch, n_bytes), "sorting");
}

/// As `sort_words`.
inline std::uint64_t* radix_sort_words(DeviceRun& run, std::uint64_t* words, std::uint64_t* other,
                                       std::uint32_t n, int n_bits) {
  cub::DoubleBuffer<std::uint64_t> buffer(words, other);
  call_cub(run, [&](void* scratch, std::size_t& n_bytes) {
    return cub::DeviceRadixSort::SortKeys(scratch, n_bytes, buffer, n, 0, n_bits, run.stream());
  });
  return buffer.Current();
}

/// Sorts keys by the lowest `n_slot_bits` bits of their slots, then by themselves.
inline const std::uint64_t* radix_sort_pairs(DeviceRun& run, std::uint64_t* keys,
                                             std::uint32_t* slots, std::uint32_t n,
                                             int n_slot_bits) {
  cub::DoubleBuffer<std::uint64_t> key_buffer(keys, run.room_for<std::uint64_t>(n));
  cub::DoubleBuffer<std::uint32_t> slot_buffer(slots, run.room_for<std::uint32_t>(n));
  call_cub(run, [&](void* scratch, std::size_t& n_bytes) {
    return cub::DeviceRadixSort::SortPairs(scratch, n_bytes, key_buffer, slot_buffer, n, 0, 64,
                                           run.stream());
  });
  if (n_slot_bits == 0) return key_buffer.Current();
  call_cub(run, [&](void* scratch, std::size_t& n_bytes) {
    return cub::DeviceRadixSort::SortPairs(scratch, n_bytes, slot_buffer, key_buffer, n, 0,
                                           n_slot_bits, run.stream());
  });
  return key_buffer.Current();
}

}  // namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM
