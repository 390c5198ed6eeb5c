// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/detail/probability_input.hpp"

#include <cstddef>
#include <limits>
#include <vector>

#include "catch.hpp"

using namespace cxrlt::detail;

TEST_CASE("one value outside [0, 1] is found, wherever it stands") {
  for (const std::size_t n : {1U, 255U, 256U, 257U, 700U}) {
    std::vector<float> values(n, 0.5F);
    values.front() = 0;
    values.back() = 1;
    CHECK(all_in_unit_interval(values.data(), n));
    for (std::size_t k = 0; k < n; ++k) {
      const float before = values[k];
      for (const float odd : {-1e-30F, 1.0000001F, std::numeric_limits<float>::quiet_NaN(),
                              -std::numeric_limits<float>::infinity()}) {
        values[k] = odd;
        if (all_in_unit_interval(values.data(), n)) FAIL("not found: number " << k << " of " << n);
      }
      values[k] = before;
    }
  }
  const std::vector<double> minus_zero{-0.0};
  CHECK(all_in_unit_interval(minus_zero.data(), 1));
  CHECK(all_in_unit_interval(minus_zero.data(), 0));
}
