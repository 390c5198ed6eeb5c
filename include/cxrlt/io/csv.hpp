// SPDX-License-Identifier: Apache-2.0
/// Comma-separated values (RFC 4180): a text made a table in one pass by several threads.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv_record.hpp"
#include "cxrlt/io/csv_table.hpp"
#include "cxrlt/io/detail/csv_blocks.hpp"
#include "cxrlt/io/detail/csv_header.hpp"
#include "cxrlt/io/input_file.hpp"

namespace cxrlt {

namespace detail {

/// Puts the rows of a table together, in file order: whole blocks of regular rows as they were
/// found, all others record by record.
class RowCollector {
 public:
  RowCollector(const InputFile& input, std::size_t n_columns, const ProblemSink& sink)
      : input_(input), n_columns_(n_columns), sink_(sink) {}

  /// `cursor` stands behind the header.
  void collect(CsvCursor cursor, const Cpu& policy, std::size_t block_size = kTextBlock) {
    const std::string_view text = input_.text;
    const auto position = [&] { return static_cast<std::size_t>(cursor.at - text.data()); };
    std::vector<CsvBlock> blocks =
        find_blocks(input_.text, position(), n_columns_, policy, block_size);
    std::size_t n_found = 0;
    for (const CsvBlock& block : blocks) n_found += block.rows.size();
    rows.reserve(n_found);
    for (CsvBlock& block : blocks) {
      // A record that reaches beyond its block leaves the cursor within a later one.
      if (block.is_regular && position() == block.begin) {
        add_block(block, cursor.line);
        cursor = {text.data() + block.end, cursor.end, cursor.line + block.n_lines};
      }
      while (position() < block.end) add_record(cursor);
    }
    if (!had_rows_)
      sink_(csv_problem(input_, "empty_file", 0, "there is a header but no data row"));
  }

  std::vector<CsvRow> rows;
  std::vector<UnescapedCell> unescaped;

 private:
  void add_block(CsvBlock& block, std::size_t line) {
    settle_blank_lines();
    had_rows_ = true;
    for (const CsvRow& row : block.rows) rows.push_back({row.start, line + row.line});
    for (UnescapedCell& cell : block.unescaped) unescaped.push_back(std::move(cell));
    block.rows = {};
  }

  void add_record(CsvCursor& cursor) {
    const std::string_view text = input_.text;
    const CsvRow row{static_cast<std::size_t>(cursor.at - text.data()), cursor.line};
    cells_.clear();
    const RecordResult result = read_record(cursor, cells_);
    const bool is_faulty = result.fault != QuoteFault::none;
    if (!is_faulty && cells_.size() == 1 && cells_[0].text.empty()) {
      blank_lines_.push_back(row);
      return;
    }
    settle_blank_lines();
    had_rows_ = true;
    if (is_faulty) {
      sink_(quote_problem(input_, "ragged_row", result));
    } else if (cells_.size() != n_columns_) {
      sink_(ragged_problem(input_, row.line, cells_, n_columns_));
    } else {
      rows.push_back(row);
      add_unescaped(text, cells_, unescaped);
    }
  }

  /// Blank lines are held back until a row follows; at the end of the text they do no harm.
  void settle_blank_lines() {
    for (const CsvRow& row : blank_lines_) {
      if (n_columns_ == 1) {
        rows.push_back(row);
      } else {
        const RawCell nothing;
        sink_(ragged_problem(input_, row.line, {&nothing, 1}, n_columns_));
      }
    }
    blank_lines_.clear();
  }

  const InputFile& input_;
  std::size_t n_columns_;
  const ProblemSink& sink_;
  std::vector<RawCell> cells_;
  std::vector<CsvRow> blank_lines_;
  bool had_rows_ = false;
};

}  // namespace detail

/// Splits a text into a table. Commas separate cells, LF or CRLF ends a row, quotes are as in RFC
/// 4180, cells are trimmed, blank lines at the end are left out. Reports, each with its line,
/// `bad_header`, `ragged_row` (also for faulty quotes in a row; an unclosed one with the place of
/// its opening), `decimal_comma` (also for another separator) and `empty_file` (no data row).
/// Faulty rows are left out of the table; nothing is returned where there is no usable header.
/// Equal for every number of threads. O(bytes) time; 16 bytes of memory per row beside the text.
/// `known`: names of which the header should hold one; see `bad_header` for numbers instead.
inline std::optional<CsvTable> parse_csv(InputFile input, const ProblemSink& sink,
                                         std::span<const std::string> known = {},
                                         const Cpu& policy = {}) {
  const std::string_view text = input.text;
  detail::CsvCursor cursor{text.data(), text.data() + text.size()};
  std::vector<detail::RawCell> cells;
  const detail::RecordResult first = detail::read_record(cursor, cells);
  std::vector<std::string> header;
  header.reserve(cells.size());
  for (const detail::RawCell& cell : cells) header.push_back(detail::unescaped(cell));
  if (!detail::check_header(input, header, first, sink, known)) return std::nullopt;

  detail::RowCollector collector(input, header.size(), sink);
  collector.collect(cursor, policy);
  return CsvTable(std::move(input), std::move(header), std::move(collector.rows),
                  std::move(collector.unescaped));
}

}  // namespace cxrlt
