// SPDX-License-Identifier: Apache-2.0
/// Loops compiled for several instruction sets, of which the best is chosen at run time. The same
/// portable source serves all of them, so results cannot differ, and what a translation unit is
/// compiled for decides nothing.
#pragma once

#if defined(__GNUC__)
#define CXRLT_ALWAYS_INLINE __attribute__((always_inline))
#else
#define CXRLT_ALWAYS_INLINE
#endif

#if defined(__GNUC__) && defined(__x86_64__)
#define CXRLT_DISPATCHES_X86 1
#else
#define CXRLT_DISPATCHES_X86 0
#endif

namespace cxrlt::detail {

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

}  // namespace cxrlt::detail
