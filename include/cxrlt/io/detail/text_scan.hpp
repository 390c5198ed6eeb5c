// SPDX-License-Identifier: Apache-2.0
/// Check sum and encoding of a text, found together while each block lies in the cache.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/io/crc32.hpp"
#include "cxrlt/io/file_bytes.hpp"
#include "cxrlt/io/utf8.hpp"

namespace cxrlt::detail {

/// Texts are walked in blocks of so many bytes: few enough to stay in a core's cache between two
/// looks, enough that threads seldom wait for each other where a map's pages come and go.
inline constexpr std::size_t kTextBlock = 1U << 20;

/// The policy for a text of `n` bytes: one thread where starting others costs more than it saves.
inline Cpu for_text(const Cpu& policy, std::size_t n) {
  return n < 2 * kTextBlock ? Cpu{1} : policy;
}

struct TextScan {
  std::uint32_t crc32 = 0;
  std::size_t not_text = std::string_view::npos;  ///< see `find_not_text`
};

/// Where the block that should begin at `position` does: not within a well-formed sequence.
inline std::size_t block_start(std::string_view text, std::size_t position) {
  constexpr std::size_t most_continuing = 3;
  for (std::size_t i = 0; i < most_continuing && position < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[position]) & 0xC0U) != 0x80U) break;
    ++position;
  }
  return std::min(position, text.size());
}

/// Equal for every number of threads. A map gives each block's memory back. O(n).
inline TextScan scan_text(const FileBytes& bytes, const Cpu& policy) {
  const std::string_view text = bytes;
  std::vector<TextScan> blocks((text.size() + kTextBlock - 1) / kTextBlock);
  const auto start = [text](std::size_t i) { return block_start(text, i * kTextBlock); };
  parallel_for(blocks.size(), for_text(policy, text.size()), [&](std::size_t i) {
    const std::string_view block = text.substr(start(i), start(i + 1) - start(i));
    blocks[i] = {crc32(block), find_not_text(block)};
    bytes.release(block);
  });
  TextScan all;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    all.crc32 = crc32_joined(all.crc32, blocks[i].crc32, start(i + 1) - start(i));
    if (all.not_text == std::string_view::npos && blocks[i].not_text != std::string_view::npos) {
      all.not_text = start(i) + blocks[i].not_text;
    }
  }
  return all;
}

}  // namespace cxrlt::detail
