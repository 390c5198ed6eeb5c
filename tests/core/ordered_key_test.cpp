// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/core/ordered_key.hpp"

#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"

using namespace cxrlt;

namespace {

/// From -inf to +inf, strictly ascending, the denormals and the limits among them.
template <class Score>
std::vector<Score> ascending() {
  using Limits = std::numeric_limits<Score>;
  return {-Limits::infinity(),
          Limits::lowest(),
          Score(-1),
          -Limits::min(),
          -Limits::denorm_min(),
          Score(0),
          Limits::denorm_min(),
          Limits::min(),
          Score(0.1),
          Score(1),
          Limits::max(),
          Limits::infinity()};
}

template <class Score>
void check_order() {
  const std::vector<Score> scores = ascending<Score>();
  for (std::size_t i = 0; i < scores.size(); ++i) {
    for (std::size_t j = 0; j < scores.size(); ++j) {
      CAPTURE(i, j);
      CHECK((ordered_key(scores[i]) < ordered_key(scores[j])) == (i < j));
    }
    CHECK(from_ordered_key<Score>(ordered_key(scores[i])) == scores[i]);
  }
  CHECK(ordered_key(Score(-0.0)) == ordered_key(Score(0)));
}

}  // namespace

TEST_CASE("keys are ordered as the scores are, and turn back into them") {
  check_order<float>();
  check_order<double>();
}

TEST_CASE("neighbouring keys are neighbouring scores") {
  CHECK(from_ordered_key<double>(ordered_key(0.0) + 1) ==
        std::numeric_limits<double>::denorm_min());
  CHECK(from_ordered_key<double>(ordered_key(1.0) + 1) == 1 + 0x1p-52);
  CHECK(from_ordered_key<double>(ordered_key(-1.0) + 1) == -1 + 0x1p-53);
}

TEST_CASE("NaN and infinity are told apart by their bits") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(is_nan(nan));
  CHECK(is_nan(std::bit_cast<double>(0xFFF8'0000'0000'0001ULL)));
  CHECK(is_nan(std::bit_cast<double>(0x7FF0'0000'0000'0001ULL)));
  CHECK(is_nan(std::numeric_limits<float>::quiet_NaN()));
  CHECK_FALSE(is_nan(infinity));
  CHECK_FALSE(is_nan(-infinity));
  CHECK_FALSE(is_nan(0.0F));
  CHECK_FALSE(is_finite(nan));
  CHECK_FALSE(is_finite(infinity));
  CHECK_FALSE(is_finite(-std::numeric_limits<float>::infinity()));
  CHECK(is_finite(std::numeric_limits<double>::max()));
  CHECK(is_finite(-0.0));
}
