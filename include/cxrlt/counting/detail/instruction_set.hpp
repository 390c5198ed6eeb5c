// SPDX-License-Identifier: Apache-2.0
/// Loops compiled for several instruction sets, of which the best is chosen at run time. The same
/// portable source serves all of them, so counts cannot differ. With AVX-512, or in units compiled
/// with fused products, these round sums once: where that may not be see unfused.hpp; losses may
/// differ in their last digit. With CXRLT_PORTABLE defined, in every translation unit of a program,
/// no vectors and no choice at run time are used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#if defined(__GNUC__)
#define CXRLT_ALWAYS_INLINE __attribute__((always_inline))
#else
#define CXRLT_ALWAYS_INLINE
#endif

/// Asks for memory that will be read soon.
#if defined(__GNUC__)
#define CXRLT_PREFETCH(address) __builtin_prefetch(address)
#else
#define CXRLT_PREFETCH(address) static_cast<void>(address)
#endif

/// Asks for a loop to be unrolled so often. nvcc would warn of the pragma.
#if defined(__GNUC__) && !defined(__CUDACC__)
#define CXRLT_PRAGMA(text) _Pragma(#text)
#define CXRLT_UNROLL(times) CXRLT_PRAGMA(GCC unroll times)
#else
#define CXRLT_UNROLL(times)
#endif

#if defined(__GNUC__) && defined(__x86_64__) && !defined(CXRLT_PORTABLE)
#define CXRLT_DISPATCHES_X86 1
#else
#define CXRLT_DISPATCHES_X86 0
#endif

#if defined(__has_builtin) && !defined(CXRLT_PORTABLE)
#if __has_builtin(__builtin_shufflevector) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define CXRLT_VECTORS 1
#endif
#endif
#ifndef CXRLT_VECTORS
#define CXRLT_VECTORS 0
#endif

namespace cxrlt::detail {

#if CXRLT_VECTORS

/// So many bytes of T, which the compiler works on at once or in parts, as the processor can.
template <class T, std::size_t bytes>
struct VectorOf {
  using type __attribute__((vector_size(bytes))) = T;
};
template <class T, std::size_t bytes = 64>
using Vector = typename VectorOf<T, bytes>::type;

// Vectors are handed over by reference: how they are returned depends on the instruction set.
template <class V, class T>
CXRLT_ALWAYS_INLINE inline void load(const T* from, V& vector) {
  std::memcpy(&vector, from, sizeof vector);
}

template <class V, class T>
CXRLT_ALWAYS_INLINE inline void store(const V& vector, T* to) {
  std::memcpy(to, &vector, sizeof vector);
}

/// The numbers of `narrow`, beginning with one of them, in wider lanes. Element by element,
/// compilers see that one instruction does it; gcc 12 takes conversions of vectors apart.
template <class Narrow, class Wide, std::size_t... k>
CXRLT_ALWAYS_INLINE inline void widen(const Narrow& narrow, std::size_t first, Wide& wide,
                                      std::index_sequence<k...>) {
  wide = Wide{narrow[first + k]...};
}

/// Reads as many numbers as there are lanes in `wide`.
template <class T, class Wide>
CXRLT_ALWAYS_INLINE inline void load_wide(const T* from, Wide& wide) {
  constexpr std::size_t lanes = sizeof(Wide) / sizeof(wide[0]);
  Vector<T, lanes * sizeof(T)> narrow;
  load(from, narrow);
  widen(narrow, 0, wide, std::make_index_sequence<lanes>());
}

/// The lanes of a comparison that hold, as bits: lane j at bit j.
template <class T>
CXRLT_ALWAYS_INLINE inline std::uint64_t lanes_that_hold(const Vector<T>& truth) {
  constexpr std::size_t lanes = 64 / sizeof(T);
  Vector<T> bit;
  for (std::size_t j = 0; j < lanes; ++j) bit[j] = T{1} << j;
  const Vector<T> held = truth & bit;
  Vector<std::uint64_t> all;
  std::memcpy(&all, &held, sizeof all);
  all |= __builtin_shufflevector(all, all, 4, 5, 6, 7, 0, 1, 2, 3);
  all |= __builtin_shufflevector(all, all, 2, 3, 0, 1, 6, 7, 4, 5);
  all |= __builtin_shufflevector(all, all, 1, 0, 3, 2, 5, 4, 7, 6);
  const std::uint64_t bits = all[0];
  return sizeof(T) == 8 ? bits : (bits | bits >> 32) & 0xFFFF;
}

#endif

#if CXRLT_DISPATCHES_X86

enum class InstructionSet { portable, avx2, avx512 };

/// The best set that this processor and its operating system know.
inline InstructionSet instruction_set() {
  static const InstructionSet best = [] {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) {
      return InstructionSet::portable;
    }
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
               ? InstructionSet::avx512
               : InstructionSet::avx2;
  }();
  return best;
}

template <class Loop>
__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"), flatten, noinline)) auto run_avx2(
    const Loop& loop) {
  return loop();
}

template <class Loop>
__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512dq,avx512vl"), flatten,
               noinline)) auto
run_avx512(const Loop& loop) {
  return loop();
}

/// Calls `loop`, a lambda marked `CXRLT_ALWAYS_INLINE`, compiled for the best instruction set.
template <class Loop>
auto run_dispatched(const Loop& loop) {
  switch (instruction_set()) {
    case InstructionSet::avx512:
      return run_avx512(loop);
    case InstructionSet::avx2:
      return run_avx2(loop);
    case InstructionSet::portable:
      break;
  }
  return loop();
}

#else

template <class Loop>
auto run_dispatched(const Loop& loop) {
  return loop();
}

#endif

inline constexpr std::size_t longest_vector = 64;  ///< in bytes, of any instruction set

template <std::size_t bytes>
using VectorBytes = std::integral_constant<std::size_t, bytes>;

/// As `run_dispatched`, for loops that are the faster the longer their vectors are: `loop` takes
/// `VectorBytes`, 64 with AVX-512 and else 32, as gcc takes vectors longer than registers apart.
template <class Loop>
auto run_dispatched_by_width(const Loop& loop) {
#if CXRLT_DISPATCHES_X86
  switch (instruction_set()) {
    case InstructionSet::avx512:
      return run_avx512([&]() CXRLT_ALWAYS_INLINE { return loop(VectorBytes<longest_vector>()); });
    case InstructionSet::avx2:
      return run_avx2([&]() CXRLT_ALWAYS_INLINE { return loop(VectorBytes<32>()); });
    case InstructionSet::portable:
      break;
  }
#endif
  return loop(VectorBytes<32>());
}

}  // namespace cxrlt::detail
