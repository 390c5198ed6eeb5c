// SPDX-License-Identifier: Apache-2.0
/// One record of comma-separated values (RFC 4180): where cells and quotes begin and end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cxrlt {

/// `text` without spaces, tabs and line ends at both ends.
inline std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

namespace detail {

/// Where the reading of a text stands.
struct CsvCursor {
  char* at;
  char* end;
  std::size_t line = 1;
};

/// What is wrong with a record's quotes, if anything.
enum class QuoteFault : std::uint8_t { none, unclosed, text_after };

struct RecordResult {
  QuoteFault fault = QuoteFault::none;
  std::size_t line = 0;    ///< of the fault; an unclosed quote's opening
  std::size_t column = 0;  ///< 1-based cell of the fault
};

/// Reads a quoted cell; `cursor.at` stands at the opening quote and ends behind the closing one.
/// Doubled quotes are made single in place. False where no quote closes it.
inline bool read_quoted(CsvCursor& cursor, std::string_view& cell) {
  char* const start = ++cursor.at;
  char* out = start;
  for (; cursor.at != cursor.end; ++cursor.at) {
    if (*cursor.at == '"') {
      if (cursor.at + 1 == cursor.end || cursor.at[1] != '"') {
        cell = trimmed({start, static_cast<std::size_t>(out - start)});
        ++cursor.at;
        return true;
      }
      ++cursor.at;
    }
    if (*cursor.at == '\n') ++cursor.line;
    *out++ = *cursor.at;
  }
  return false;
}

/// Appends the cells of one record to `cells` and moves the cursor behind its line end.
inline RecordResult read_record(CsvCursor& cursor, std::vector<std::string_view>& cells) {
  RecordResult result;
  const std::size_t first = cells.size();
  while (true) {
    while (cursor.at != cursor.end && (*cursor.at == ' ' || *cursor.at == '\t')) ++cursor.at;
    std::string_view cell;
    char* start = cursor.at;
    const bool is_quoted = cursor.at != cursor.end && *cursor.at == '"';
    if (is_quoted) {
      const std::size_t opening = cursor.line;
      if (!read_quoted(cursor, cell)) {
        return {QuoteFault::unclosed, opening, cells.size() - first + 1};
      }
      start = cursor.at;
    }
    while (cursor.at != cursor.end && *cursor.at != ',' && *cursor.at != '\n') ++cursor.at;
    const std::string_view plain = trimmed({start, static_cast<std::size_t>(cursor.at - start)});
    if (!is_quoted) {
      cell = plain;
    } else if (!plain.empty() && result.fault == QuoteFault::none) {
      result = {QuoteFault::text_after, cursor.line, cells.size() - first + 1};
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
