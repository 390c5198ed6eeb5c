// SPDX-License-Identifier: Apache-2.0
/// One record of comma-separated values (RFC 4180): where cells and quotes begin and end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/text.hpp"

namespace cxrlt {

namespace detail {

/// Where the reading of a text stands.
struct CsvCursor {
  const char* at;
  const char* end;
  std::size_t line = 1;
};

/// A cell where it stands, trimmed and without the quotes around it.
struct RawCell {
  std::string_view text;
  bool has_doubled_quotes = false;
};

/// What a cell says: doubled quotes made single.
inline std::string unescaped(const RawCell& cell) {
  if (!cell.has_doubled_quotes) return std::string(cell.text);
  std::string out;
  for (std::size_t i = 0; i < cell.text.size(); ++i) {
    out += cell.text[i];
    if (cell.text[i] == '"') ++i;
  }
  return out;
}

/// What is wrong with a cell's quotes, if anything.
enum class QuoteFault : std::uint8_t { none, unclosed, text_after };

/// Reads a quoted cell; `cursor.at` stands at the opening quote and ends behind the closing one.
/// False where no quote closes it.
inline bool read_quoted(CsvCursor& cursor, RawCell& cell) {
  const char* const start = ++cursor.at;
  for (; cursor.at != cursor.end; ++cursor.at) {
    if (*cursor.at == '\n') ++cursor.line;
    if (*cursor.at != '"') continue;
    if (cursor.at + 1 == cursor.end || cursor.at[1] != '"') {
      cell.text = trimmed({start, static_cast<std::size_t>(cursor.at - start)});
      ++cursor.at;
      return true;
    }
    cell.has_doubled_quotes = true;
    ++cursor.at;
  }
  return false;
}

/// Reads one cell; the cursor ends at the comma, line end or end of the text behind it.
inline QuoteFault read_cell(CsvCursor& cursor, RawCell& cell) {
  cell = {};
  while (cursor.at != cursor.end && (*cursor.at == ' ' || *cursor.at == '\t')) ++cursor.at;
  const bool is_quoted = cursor.at != cursor.end && *cursor.at == '"';
  if (is_quoted && !read_quoted(cursor, cell)) return QuoteFault::unclosed;
  const char* const start = cursor.at;
  while (cursor.at != cursor.end && *cursor.at != ',' && *cursor.at != '\n') ++cursor.at;
  const std::string_view plain = trimmed({start, static_cast<std::size_t>(cursor.at - start)});
  if (!is_quoted) {
    cell.text = plain;
    return QuoteFault::none;
  }
  return plain.empty() ? QuoteFault::none : QuoteFault::text_after;
}

struct RecordResult {
  QuoteFault fault = QuoteFault::none;  ///< the first
  std::size_t line = 0;                 ///< of the fault; an unclosed quote's opening
  std::size_t column = 0;               ///< 1-based cell of the fault
};

/// Appends the cells of one record to `cells` and moves the cursor behind its line end.
inline RecordResult read_record(CsvCursor& cursor, std::vector<RawCell>& cells) {
  RecordResult result;
  for (std::size_t column = 1;; ++column) {
    const std::size_t line = cursor.line;
    RawCell cell;
    const QuoteFault fault = read_cell(cursor, cell);
    if (fault == QuoteFault::unclosed) return {fault, line, column};
    if (fault != QuoteFault::none && result.fault == QuoteFault::none) {
      result = {fault, cursor.line, column};
    }
    cells.push_back(cell);
    if (cursor.at == cursor.end) return result;
    if (*cursor.at++ == '\n') {
      ++cursor.line;
      return result;
    }
  }
}

}  // namespace detail

}  // namespace cxrlt
