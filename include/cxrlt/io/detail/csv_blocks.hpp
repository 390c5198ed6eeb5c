// SPDX-License-Identifier: Apache-2.0
/// Where the rows of a CSV start, block by block, so that several threads may look.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/io/csv_record.hpp"
#include "cxrlt/io/csv_table.hpp"
#include "cxrlt/io/detail/separators.hpp"
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

/// Adds the cells with doubled quotes, with their places in `text`.
inline void add_unescaped(std::string_view text, const std::vector<RawCell>& cells,
                          std::vector<UnescapedCell>& unescaped_cells) {
  for (const RawCell& cell : cells) {
    if (!cell.has_doubled_quotes) continue;
    unescaped_cells.push_back(
        {static_cast<std::size_t>(cell.text.data() - text.data()), unescaped(cell)});
  }
}

/// The rows of a block without quotes; false where it has some, or a row is not regular.
inline bool find_plain_rows(std::string_view text, std::size_t n_columns, CsvBlock& block) {
  std::size_t row_start = block.begin;
  std::size_t n_commas = 0;
  const auto end_row = [&](std::size_t line_end) {
    const std::string_view line = text.substr(row_start, line_end - row_start);
    if (n_commas + 1 != n_columns || (n_columns == 1 && trimmed(line).empty())) return false;
    block.rows.push_back({row_start, block.n_lines++});
    row_start = line_end + 1;
    n_commas = 0;
    return true;
  };
  for (std::size_t at = block.begin; at < block.end; at += 64) {
    const std::size_t n = std::min<std::size_t>(block.end - at, 64);
    const char* const bytes = text.data() + at;
    if (find_byte(bytes, '"', n) != 0) return false;
    std::uint64_t commas = find_byte(bytes, ',', n);
    for (std::uint64_t ends = find_byte(bytes, '\n', n); ends != 0; ends &= ends - 1) {
      const std::uint64_t before = (ends & (~ends + 1)) - 1;
      n_commas += count_ones(commas & before);
      commas &= ~before;
      if (!end_row(at + static_cast<std::size_t>(std::countr_zero(ends)))) return false;
    }
    n_commas += count_ones(commas);
  }
  return row_start == block.end || end_row(block.end);
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
  const CsvBlock empty{block.begin, block.end, false, 0, {}, {}};
  const std::size_t line_end = std::min(text.find('\n', block.begin), block.end);
  block.rows.reserve((block.end - block.begin) / (line_end - block.begin + 1) + 1);
  block.is_regular = find_plain_rows(text, n_columns, block);
  if (block.is_regular) return;
  block = empty;
  block.is_regular = find_quoted_rows(text, n_columns, block);
  if (!block.is_regular) block = empty;
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
