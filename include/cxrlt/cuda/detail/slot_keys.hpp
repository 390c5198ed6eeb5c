// SPDX-License-Identifier: Apache-2.0
/// Keys of several classes, each with the slot of its class, sorted by slot and then by key: all
/// classes in one sort.
#pragma once

#include <thrust/sort.h>

#include <cstddef>
#include <cstdint>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/cuda/detail/bits.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"
#include "cxrlt/cuda/detail/system.hpp"
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include "cxrlt/cuda/detail/radix_sort.cuh"
#endif

namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM {

/// Sorts words of which only the lowest `n_bits` are not 0, in place or in `other`, which has room
/// for as many; returns where they are.
inline std::uint64_t* sort_words(DeviceRun& run, std::uint64_t* words, std::uint64_t* other,
                                 std::uint32_t n, int n_bits) {
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
  return radix_sort_words(run, words, other, n, n_bits);
#else
  static_cast<void>(other);
  static_cast<void>(n_bits);
  thrust::sort(run.policy(), words, words + n);
  return words;
#endif
}

/// The keys of sorted words.
struct KeysOfWords {
  const std::uint64_t* words;
  std::uint32_t* keys;

  CXRLT_HD void operator()(std::uint32_t i) const {
    keys[i] = static_cast<std::uint32_t>(words[i]);
  }
};

template <class Key>
class SlotKeys;

/// Keys of 32 bits stand with their slot in one word.
template <>
class SlotKeys<std::uint32_t> {
 public:
  /// Puts keys in their places, on the device.
  struct Writer {
    std::uint64_t* words;

    CXRLT_HD void put(std::uint32_t i, std::uint32_t slot, std::uint32_t key) const {
      words[i] = std::uint64_t{slot} << 32 | key;
    }
  };

  SlotKeys(DeviceRun& run, std::uint32_t n) : n_(n), words_(run.room_for<std::uint64_t>(n)) {}

  Writer writer() const { return {words_}; }

  /// The keys in order, when all are in their places.
  const std::uint32_t* sorted(DeviceRun& run, std::uint32_t n_slots) {
    auto* const other = run.room_for<std::uint64_t>(n_);
    const std::uint64_t* const words =
        sort_words(run, words_, other, n_, 32 + width_of_bits(n_slots - 1));
    auto* const keys = run.room_for<std::uint32_t>(n_);
    run.for_each(n_, KeysOfWords{words, keys});
    return keys;
  }

 private:
  std::uint32_t n_;
  std::uint64_t* words_;
};

/// Keys of 64 bits leave no room for the slot beside them: a stable sort by key, then by slot.
template <>
class SlotKeys<std::uint64_t> {
 public:
  struct Writer {
    std::uint64_t* keys;
    std::uint32_t* slots;

    CXRLT_HD void put(std::uint32_t i, std::uint32_t slot, std::uint64_t key) const {
      keys[i] = key;
      slots[i] = slot;
    }
  };

  SlotKeys(DeviceRun& run, std::uint32_t n)
      : n_(n), keys_(run.room_for<std::uint64_t>(n)), slots_(run.room_for<std::uint32_t>(n)) {}

  Writer writer() const { return {keys_, slots_}; }

  const std::uint64_t* sorted(DeviceRun& run, std::uint32_t n_slots) {
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
    return radix_sort_pairs(run, keys_, slots_, n_, width_of_bits(n_slots - 1));
#else
    thrust::stable_sort_by_key(run.policy(), keys_, keys_ + n_, slots_);
    if (n_slots > 1) thrust::stable_sort_by_key(run.policy(), slots_, slots_ + n_, keys_);
    return keys_;
#endif
  }

 private:
  std::uint32_t n_;
  std::uint64_t* keys_;
  std::uint32_t* slots_;
};

}  // namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM
