// SPDX-License-Identifier: Apache-2.0
/// Where the rows of a CSV start, block by block, so that several threads may look.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/io/csv_record.hpp"
#include "cxrlt/io/csv_table.hpp"
#include "cxrlt/io/detail/text_scan.hpp"
#include "cxrlt/io/detail/words.hpp"

namespace cxrlt::detail {

/// A part of the text from the start of a line to the start of another, and what was found on the
/// assumption that no quoted cell reaches into it.
struct CsvBlock {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_regular = false;   ///< nothing but whole rows of the right number of cells
  std::size_t n_lines = 0;   ///< the rest only where it is regular
  std::vector<CsvRow> rows;  ///< their lines counted from 0
  std::vector<UnescapedCell> unescaped;
};

/// The text from `begin` on, cut at line ends into blocks of at least `block_size` bytes.
inline std::vector<CsvBlock> cut_at_lines(std::string_view text, std::size_t begin,
                                          std::size_t block_size) {
  std::vector<CsvBlock> blocks;
  blocks.reserve((text.size() - begin) / block_size + 1);
  while (begin < text.size()) {
    const std::size_t wanted = std::min(text.size() - begin, block_size) - 1;
    const std::size_t line_end = text.find('\n', begin + wanted);
    const std::size_t end = line_end == std::string_view::npos ? text.size() : line_end + 1;
    blocks.push_back({begin, end, false, 0, {}, {}});
    begin = end;
  }
  return blocks;
}

/// O(n), eight bytes at a time.
inline std::size_t count_commas(std::string_view text) {
  std::size_t n = 0;
  std::size_t i = 0;
  while (text.size() - i >= sizeof(std::uint64_t)) {
    // One counter a byte of the word, emptied before it may run over.
    std::uint64_t counters = 0;
    const std::size_t n_words =
        std::min<std::size_t>((text.size() - i) / sizeof(std::uint64_t), 31);
    for (std::size_t k = 0; k < n_words; ++k, i += sizeof(std::uint64_t)) {
      counters += mark_bytes(load_word(text.data() + i), ',') >> 7;
    }
    n += static_cast<std::size_t>((counters * eight_times(1)) >> 56);
  }
  for (; i < text.size(); ++i) n += text[i] == ',' ? 1 : 0;
  return n;
}

/// Adds the cells with doubled quotes, with their places in `text`.
inline void add_unescaped(std::string_view text, const std::vector<RawCell>& cells,
                          std::vector<UnescapedCell>& unescaped_cells) {
  for (const RawCell& cell : cells) {
    if (!cell.has_doubled_quotes) continue;
    unescaped_cells.push_back(
        {static_cast<std::size_t>(cell.text.data() - text.data()), unescaped(cell)});
  }
}

/// The rows of a block without quotes; false where one is not regular.
inline bool find_plain_rows(std::string_view text, std::size_t n_columns, CsvBlock& block) {
  for (std::size_t at = block.begin; at < block.end;) {
    const std::size_t line_end = std::min(text.find('\n', at), block.end);
    const std::string_view line = text.substr(at, line_end - at);
    if (count_commas(line) + 1 != n_columns) return false;
    if (n_columns == 1 && trimmed(line).empty()) return false;
    block.rows.push_back({at, block.n_lines++});
    at = line_end + 1;
  }
  return true;
}

/// The rows of a block with quotes; false where one is not regular or reaches beyond it.
inline bool find_quoted_rows(std::string_view text, std::size_t n_columns, CsvBlock& block) {
  CsvCursor cursor{text.data() + block.begin, text.data() + block.end, 0};
  std::vector<RawCell> cells;
  while (cursor.at != cursor.end) {
    const auto start = static_cast<std::size_t>(cursor.at - text.data());
    const std::size_t line = cursor.line;
    cells.clear();
    const RecordResult result = read_record(cursor, cells);
    if (result.fault != QuoteFault::none || cells.size() != n_columns) return false;
    if (n_columns == 1 && cells[0].text.empty()) return false;
    block.rows.push_back({start, line});
    add_unescaped(text, cells, block.unescaped);
  }
  block.n_lines = cursor.line;
  return true;
}

inline void find_rows(std::string_view text, std::size_t n_columns, CsvBlock& block) {
  const std::string_view part = text.substr(block.begin, block.end - block.begin);
  block.rows.reserve(part.size() / (2 * n_columns + 64));
  const bool has_quotes = part.find('"') != std::string_view::npos;
  block.is_regular = has_quotes ? find_quoted_rows(text, n_columns, block)
                                : find_plain_rows(text, n_columns, block);
  if (!block.is_regular) block = {block.begin, block.end, false, 0, {}, {}};
}

/// Cuts the text from `begin` on into blocks and finds their rows. Equal for every number of
/// threads. A map gives each block's memory back. O(bytes).
inline std::vector<CsvBlock> find_blocks(const FileBytes& bytes, std::size_t begin,
                                         std::size_t n_columns, const Cpu& policy,
                                         std::size_t block_size = kTextBlock) {
  const std::string_view text = bytes;
  std::vector<CsvBlock> blocks = cut_at_lines(text, begin, block_size);
  parallel_for(blocks.size(), for_text(policy, text.size()), [&](std::size_t i) {
    find_rows(text, n_columns, blocks[i]);
    bytes.release(text.substr(blocks[i].begin, blocks[i].end - blocks[i].begin));
  });
  return blocks;
}

}  // namespace cxrlt::detail
