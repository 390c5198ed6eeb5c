// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/core/random.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "support.hpp"

using namespace cxrlt;

using Block = std::array<std::uint32_t, 4>;

// The known answers of the Random123 distribution (kat_vectors, philox4x32-10).
TEST_CASE("Philox gives its published known answers") {
  CHECK(Random::philox({0, 0, 0, 0}, {0, 0}) ==
        Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(
      Random::philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
      Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(
      Random::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
      Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("the sequence runs through the counter, keyed by seed and stream") {
  Random random(0x0000'0002'0000'0001ULL, 0x0000'0004'0000'0003ULL);
  for (std::uint32_t block = 0; block < 3; ++block) {
    for (const std::uint32_t expected : Random::philox({block, 0, 3, 4}, {1, 2})) {
      CHECK(random() == expected);
    }
  }
  CHECK(Random(1)() == Random(1, 0)());
  CHECK(Random(1, 0)() != Random(1, 1)());
  CHECK(Random(1)() != Random(2)());
}

TEST_CASE("uniform numbers use 53 bits and lie in [0, 1)") {
  Random bits(7);
  Random random(7);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const std::uint64_t high = bits() >> 5;
    const std::uint64_t low = bits() >> 6;
    const double value = random.uniform();
    CHECK(value == (static_cast<double>(high) * 0x1p26 + static_cast<double>(low)) / 0x1p53);
    CHECK((value >= 0 && value < 1));
    sum += value;
  }
  CHECK(std::abs(sum / 10000 - 0.5) < 0.02);
}

TEST_CASE("below covers its range evenly") {
  Random random(3);
  std::vector<int> seen(7);
  for (int i = 0; i < 70000; ++i) ++seen[random.below(7)];
  for (const int n : seen) CHECK(std::abs(n - 10000) < 500);
  CHECK(random.below(1) == 0);
  // Of 2^32 outcomes a third would fall twice on the lower half without rejection.
  const std::uint32_t n = 0xC000'0000U;
  int low = 0;
  for (int i = 0; i < 30000; ++i) low += random.below(n) < n / 2 ? 1 : 0;
  CHECK(std::abs(low - 15000) < 500);
  int first_third = 0;
  for (int i = 0; i < 30000; ++i) first_third += random.below(n) % 3 == 0 ? 1 : 0;
  CHECK(std::abs(first_third - 10000) < 500);
}

TEST_CASE("normal numbers have mean 0, variance 1 and the right tails") {
  Random random(11);
  const int n = 40000;
  double sum = 0;
  double squares = 0;
  int beyond_two = 0;
  for (int i = 0; i < n; ++i) {
    const double value = random.normal();
    sum += value;
    squares += value * value;
    beyond_two += std::abs(value) > 1.959964 ? 1 : 0;
  }
  CHECK(std::abs(sum / n) < 0.02);
  CHECK(std::abs(squares / n - 1) < 0.03);
  CHECK(std::abs(beyond_two / static_cast<double>(n) - 0.05) < 0.005);
}
