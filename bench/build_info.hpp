// SPDX-License-Identifier: Apache-2.0
/// How this file was compiled, as text beside every figure.
#pragma once

#include <string>

/// The compiler and its flags, e.g. `g++ 12.2.0 -O3 -march=native`.
inline std::string build_info() {
#if defined(__clang__)
  const std::string compiler = "clang++ " + std::to_string(__clang_major__) + "." +
                               std::to_string(__clang_minor__) + "." +
                               std::to_string(__clang_patchlevel__);
#elif defined(__GNUC__)
  const std::string compiler = "g++ " + std::to_string(__GNUC__) + "." +
                               std::to_string(__GNUC_MINOR__) + "." +
                               std::to_string(__GNUC_PATCHLEVEL__);
#elif defined(_MSC_VER)
  const std::string compiler = "MSVC " + std::to_string(_MSC_VER);
#else
  const std::string compiler = "an unknown compiler";
#endif
  return compiler + " " + CXRLT_BENCH_FLAGS;
}
