// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/counting/detail/block_tops.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"

using namespace cxrlt;

namespace {

using Key = std::uint32_t;

/// The highest key at or above each start and below the next; the start itself where there is none.
std::vector<Key> expected_tops(const std::vector<Key>& starts, const std::vector<Key>& keys) {
  std::vector<Key> tops(starts);
  tops[0] = 0;
  for (const Key key : keys) {
    std::size_t block = 0;
    while (block + 1 < starts.size() && starts[block + 1] <= key) ++block;
    tops[block] = std::max(tops[block], key);
  }
  return tops;
}

}  // namespace

TEST_CASE("tops of blocks are the highest keys, next to each other or far apart") {
  Random random(8);
  for (int round = 0; round < 2000; ++round) {
    CAPTURE(round);
    // Scarcely more keys than values, so that many stand just above the last top.
    const Key range = round % 2 == 0 ? 40 : 4'000'000;
    std::vector<Key> starts;
    for (std::uint32_t k = 0; k < 1 + random.below(8); ++k) {
      starts.push_back(100 + random.below(range));
    }
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    std::vector<Key> keys;
    for (int i = 0; i < 60; ++i) keys.push_back(90 + random.below(range + 20));
    std::vector<Key> labelled;
    const auto is_labelled = [](std::size_t i) { return i % 7 != 3; };
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (is_labelled(i)) labelled.push_back(keys[i]);
    }
    detail::BlockTops<Key> tops(starts, false);
    detail::BlockTops<Key> rest(starts, false);
    tops.add(keys.data(), 30, is_labelled);
    rest.add(keys.data() + 30, 30, [&](std::size_t i) { return is_labelled(i + 30); });
    tops.merge(rest);
    const std::vector<Key> expected = expected_tops(starts, labelled);
    for (std::size_t block = 0; block < starts.size(); ++block) {
      REQUIRE(tops[block] == expected[block]);
    }
    REQUIRE(tops.lowest() == *std::min_element(labelled.begin(), labelled.end()));
  }
}
