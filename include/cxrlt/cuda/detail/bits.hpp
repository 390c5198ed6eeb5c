// SPDX-License-Identifier: Apache-2.0
/// Small functions that CUDA devices have under other names than hosts.
#pragma once

#include <cstdint>

#include "cxrlt/core/host_device.hpp"

#ifndef __CUDA_ARCH__
#include <atomic>
#include <bit>
#endif

namespace cxrlt::detail {

/// 1 + the place of the highest bit; 0 for 0.
CXRLT_HD inline int width_of_bits(std::uint64_t x) {
#ifdef __CUDA_ARCH__
  return 64 - __clzll(static_cast<long long>(x));
#else
  return static_cast<int>(std::bit_width(x));
#endif
}

/// Adds to a counter that other threads add to, too.
CXRLT_HD inline void add_atomically(std::uint32_t* counter, std::uint32_t n) {
#ifdef __CUDA_ARCH__
  atomicAdd(counter, n);
#else
  std::atomic_ref<std::uint32_t>(*counter).fetch_add(n, std::memory_order_relaxed);
#endif
}

/// Makes a number the lower of itself and x, while other threads do so, too.
CXRLT_HD inline void lower_atomically(std::uint64_t* number, std::uint64_t x) {
#ifdef __CUDA_ARCH__
  atomicMin(reinterpret_cast<unsigned long long*>(number), static_cast<unsigned long long>(x));
#else
  std::atomic_ref<std::uint64_t> lowest(*number);
  std::uint64_t found = lowest.load(std::memory_order_relaxed);
  while (x < found && !lowest.compare_exchange_weak(found, x, std::memory_order_relaxed)) {
  }
#endif
}

/// The index of the first of n ascending numbers in [begin, end) that is not below x; end if all
/// are.
template <class Number>
CXRLT_HD std::uint32_t first_not_below(const Number* numbers, std::uint32_t begin,
                                       std::uint32_t end, Number x) {
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (numbers[middle] < x) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

/// The index of the first of n ascending numbers in [begin, end) that is above x; end if none is.
template <class Number>
CXRLT_HD std::uint32_t first_above(const Number* numbers, std::uint32_t begin, std::uint32_t end,
                                   Number x) {
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (x < numbers[middle]) {
      end = middle;
    } else {
      begin = middle + 1;
    }
  }
  return begin;
}

/// In which of the ranges [begins[0], begins[1]), [begins[1], begins[2]) ... item i lies.
CXRLT_HD inline std::uint32_t range_of(const std::uint32_t* begins, std::uint32_t n_ranges,
                                       std::uint32_t i) {
  return first_above(begins, 0, n_ranges, i) - 1;
}

}  // namespace cxrlt::detail
