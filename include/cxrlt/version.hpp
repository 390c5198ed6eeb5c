// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The version of the library, read by CMake as well.
#define CXRLT_VERSION_MAJOR 0
#define CXRLT_VERSION_MINOR 1
#define CXRLT_VERSION_PATCH 0

namespace cxrlt {

/// The version as text, `MAJOR.MINOR.PATCH`.
inline constexpr const char* version = "0.1.0";

}  // namespace cxrlt
