// SPDX-License-Identifier: Apache-2.0
/// What the C functions of the comparisons share. One call at a time: calls share scratch memory.
#pragma once

#include <exception>
#include <string>

#include "cxrlt/counting/workspace.hpp"

#if defined(_WIN32)
#define CXRLT_COMPARE_API extern "C" __declspec(dllexport)
#else
#define CXRLT_COMPARE_API extern "C"
#endif

/// Why the last call that returned 1 refused its input.
inline std::string last_error;

inline cxrlt::Workspace workspace;

/// 0, or 1 where the work throws.
template <class Work>
int guarded(const Work& work) {
  try {
    work();
    return 0;
  } catch (const std::exception& error) {
    last_error = error.what();
    return 1;
  }
}
