// SPDX-License-Identifier: Apache-2.0
/// What several tests need: closeness with a stated tolerance, and the folder of real data.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>

#include "catch.hpp"

/// Fails unless |actual - expected| <= tolerance * max(1, |expected|).
inline void check_close(double actual, double expected, double tolerance = 1e-12) {
  CAPTURE(actual, expected, tolerance);
  CHECK(std::abs(actual - expected) <= tolerance * std::max(1.0, std::abs(expected)));
}

/// The folder of real data, or nothing: the test then says that it is skipped and returns.
inline std::optional<std::filesystem::path> real_data() {
  const char* folder = std::getenv("CXRLT_TEST_DATA");
  if (folder == nullptr || *folder == '\0') {
    std::cout << "skipped: CXRLT_TEST_DATA is not set\n";
    return std::nullopt;
  }
  return std::filesystem::path(folder);
}
