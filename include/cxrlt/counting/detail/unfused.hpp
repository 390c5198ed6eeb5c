// SPDX-License-Identifier: Apache-2.0
/// Sums of products that are rounded twice. Compilers fuse a product with the sum that it enters
/// where they may (with AVX-512 or -march=native, nvcc for devices), and last digits would depend
/// on the processor.
#pragma once

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"

#if defined(__has_builtin) && !defined(__CUDACC__)
#if __has_builtin(__builtin_assoc_barrier)
#define CXRLT_ASSOC_BARRIER 1
#endif
#endif
#ifndef CXRLT_ASSOC_BARRIER
#define CXRLT_ASSOC_BARRIER 0
#endif

namespace cxrlt::detail {

/// Adds a b to a sum; of numbers, or of vectors of them.
template <class Number>
CXRLT_ALWAYS_INLINE inline void add_product(const Number& a, const Number& b, Number& sum) {
#if CXRLT_ASSOC_BARRIER
  sum += __builtin_assoc_barrier(a * b);
#else
  Number product = a * b;
#if defined(__GNUC__) && !defined(__clang__)
  asm("" : "+m"(product));  // GCC behind nvcc, which does not know the barrier
#endif
  sum += product;           // clang fuses within one expression alone
#endif
}

/// The same on the host or on a device.
CXRLT_HD CXRLT_ALWAYS_INLINE inline void add_product(double a, double b, double& sum) {
#ifdef __CUDA_ARCH__
  sum = __dadd_rn(sum, __dmul_rn(a, b));
#else
  add_product<double>(a, b, sum);
#endif
}

}  // namespace cxrlt::detail
