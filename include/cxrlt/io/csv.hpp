// SPDX-License-Identifier: Apache-2.0
/// Comma-separated values (RFC 4180): one pass over the text, cells as views into it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv_record.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/number.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// A header of more columns is refused: it is no table of classes.
inline constexpr std::size_t kMostColumns = 1'000'000;

/// A header and rows of as many cells each. Copies share the text, which is never changed.
class CsvTable {
 public:
  /// `cells` are views into `input->text`, row after row; `lines` has one entry per row.
  CsvTable(std::shared_ptr<const InputFile> input, std::vector<std::string> header,
           std::vector<std::string_view> cells, std::vector<std::size_t> lines)
      : input_(std::move(input)),
        header_(std::move(header)),
        cells_(std::move(cells)),
        lines_(std::move(lines)) {}

  /// The base name of the file.
  const std::string& file() const { return input_->name; }
  /// The file, with its size and check sum; quoted cells in its text are unescaped in place.
  const InputFile& input() const { return *input_; }
  /// The trimmed names of the columns.
  const std::vector<std::string>& header() const { return header_; }
  std::size_t n_rows() const { return lines_.size(); }
  std::size_t n_columns() const { return header_.size(); }
  /// A cell, trimmed and without its quotes; valid as long as this table or a copy lives.
  std::string_view cell(std::size_t row, std::size_t column) const {
    return cells_[row * header_.size() + column];
  }
  /// The 1-based line at which a row starts.
  std::size_t line(std::size_t row) const { return lines_[row]; }

 private:
  std::shared_ptr<const InputFile> input_;
  std::vector<std::string> header_;
  std::vector<std::string_view> cells_;
  std::vector<std::size_t> lines_;
};

namespace detail {

inline Problem csv_problem(const InputFile& input, const char* code, std::size_t line,
                           std::string message) {
  Problem problem;
  problem.code = code;
  problem.file = input.name;
  problem.line = line;
  problem.message = std::move(message);
  return problem;
}

inline Problem quote_problem(const InputFile& input, const char* code, const RecordResult& result) {
  Problem problem = csv_problem(input, code, result.line,
                                result.fault == QuoteFault::unclosed
                                    ? "unclosed quote: the quote that opens here is never closed"
                                    : "text after a closing quote; expected a comma");
  problem.column = result.column;
  return problem;
}

inline std::string count_of(std::size_t n, const std::string& singular) {
  return std::to_string(n) + " " + singular + (n == 1 ? "" : "s");
}

/// A row of one cell more for each number: `r1,0,5,0,25` where three cells are expected.
inline bool looks_split_by_decimal_commas(const std::string_view* cells, std::size_t n,
                                          std::size_t expected) {
  if (expected < 2 || n != 1 + 2 * (expected - 1)) return false;
  return std::all_of(cells + 1, cells + n, [](std::string_view cell) {
    return parse_number(cell).kind == NumberKind::number &&
           cell.find('.') == std::string_view::npos;
  });
}

inline Problem ragged_problem(const InputFile& input, std::size_t line,
                              const std::string_view* cells, std::size_t n, std::size_t expected) {
  if (looks_split_by_decimal_commas(cells, n, expected)) {
    return csv_problem(input, "decimal_comma", line,
                       count_of(n, "cell") + " where " + std::to_string(expected) +
                           " are expected: the numbers seem to have decimal commas; expected "
                           "decimal points");
  }
  if (n == 1 && cells[0].empty()) {
    return csv_problem(input, "ragged_row", line,
                       "a blank line between rows; expected " + count_of(expected, "cell"));
  }
  return csv_problem(input, "ragged_row", line,
                     count_of(n, "cell") + "; the header has " + std::to_string(expected));
}

/// The other separator that a header without commas seems to use, or 0.
inline char other_separator(std::string_view header_cell) {
  for (const char separator : {';', '\t', '|'}) {
    if (header_cell.find(separator) != std::string_view::npos) return separator;
  }
  return 0;
}

/// Numbers where names belong: all cells but the first are numbers, some with a decimal point.
/// Where names are known and none of them is there, whole numbers, infinities, NaN and empty cells
/// beside a number will do, too.
inline bool looks_like_a_row(const std::vector<std::string_view>& header,
                             std::span<const std::string> known) {
  if (header.size() < 2) return false;
  const auto is_number = [](std::string_view cell) {
    return parse_number(cell).kind == NumberKind::number;
  };
  const auto is_text = [](std::string_view cell) {
    return parse_number(cell).kind == NumberKind::not_a_number;
  };
  const auto is_known = [known](std::string_view cell) {
    return std::find(known.begin(), known.end(), cell) != known.end();
  };
  if (!known.empty() && std::none_of(header.begin(), header.end(), is_known) &&
      std::none_of(header.begin() + 1, header.end(), is_text) &&
      std::any_of(header.begin() + 1, header.end(), is_number)) {
    return true;
  }
  const auto has_point = [](std::string_view cell) { return cell.find('.') != cell.npos; };
  return std::all_of(header.begin() + 1, header.end(), is_number) &&
         std::any_of(header.begin() + 1, header.end(), has_point);
}

/// Checks what a first record holds; false where no header can be made of it.
inline bool check_header(const InputFile& input, const std::vector<std::string_view>& header,
                         const RecordResult& result, const ProblemSink& sink,
                         std::span<const std::string> known) {
  const auto refuse = [&](const char* code, std::string message) {
    sink(csv_problem(input, code, 1, std::move(message)));
    return false;
  };
  if (result.fault != QuoteFault::none) {
    sink(quote_problem(input, "bad_header", result));
    return false;
  }
  if (header.size() > kMostColumns) {
    return refuse("bad_header", count_of(header.size(), "column") + "; at most " +
                                    std::to_string(kMostColumns) + " are read");
  }
  if (std::all_of(header.begin(), header.end(), [](std::string_view c) { return c.empty(); })) {
    return refuse("bad_header", "the first line is blank; expected the names of the columns");
  }
  const char separator = header.size() == 1 ? other_separator(header[0]) : '\0';
  if (separator == '\t') {
    return refuse("decimal_comma", "the cells are separated by tabs; expected commas");
  }
  if (separator != '\0') {
    return refuse("decimal_comma", "the cells are separated by '" + std::string(1, separator) +
                                       "'; expected commas (and decimal points)");
  }
  const auto has_return = [](std::string_view cell) { return cell.find('\r') != cell.npos; };
  if (input.text.find('\n') == std::string::npos &&
      std::any_of(header.begin(), header.end(), has_return)) {
    return refuse("bad_header", "the lines end in a lone carriage return; expected LF or CRLF");
  }
  if (looks_like_a_row(header, known)) {
    return refuse("bad_header", "the first line holds numbers; expected the names of the columns");
  }
  return true;
}

/// Blank lines, held back until it is known whether rows follow.
struct BlankLines {
  std::size_t first_line = 0;
  std::size_t count = 0;
};

}  // namespace detail

/// Splits a text into a table. Commas separate cells, LF or CRLF ends a row, quotes are as in RFC
/// 4180, cells are trimmed, blank lines at the end are left out. Reports, each with its line,
/// `bad_header`, `ragged_row` (also for faulty quotes in a row; an unclosed one with the place of
/// its opening), `decimal_comma` (also for another separator) and `empty_file` (no data row).
/// Faulty rows are left out of the table; nothing is returned where there is no usable header.
/// O(bytes) time; 16 bytes of memory per cell beside the text.
/// `known`: names of which the header should hold one; see `bad_header` for numbers instead.
inline std::optional<CsvTable> parse_csv(InputFile input_file, const ProblemSink& sink,
                                         std::span<const std::string> known = {}) {
  const auto shared = std::make_shared<InputFile>(std::move(input_file));
  InputFile& input = *shared;
  detail::CsvCursor cursor{input.text.data(), input.text.data() + input.text.size()};
  std::vector<std::string_view> cells;
  const detail::RecordResult first = detail::read_record(cursor, cells);
  if (!detail::check_header(input, cells, first, sink, known)) return std::nullopt;
  std::vector<std::string> header(cells.begin(), cells.end());
  const std::size_t n_columns = header.size();

  cells.clear();
  const auto n_line_ends = static_cast<std::size_t>(std::count(cursor.at, cursor.end, '\n'));
  const auto n_commas = static_cast<std::size_t>(std::count(cursor.at, cursor.end, ','));
  cells.reserve(n_line_ends + n_commas + n_columns + 1);
  std::vector<std::size_t> lines;
  lines.reserve(std::min(n_line_ends + 1, (n_line_ends + n_commas) / n_columns + 1));
  detail::BlankLines blank;
  bool had_rows = false;
  const auto settle_blank_lines = [&](std::size_t& before) {
    constexpr std::string_view nothing;
    if (n_columns == 1) {
      cells.insert(cells.begin() + static_cast<std::ptrdiff_t>(before), blank.count, nothing);
      before += blank.count;
    }
    for (std::size_t i = 0; i < blank.count; ++i) {
      if (n_columns == 1) {
        lines.push_back(blank.first_line + i);
      } else {
        sink(detail::ragged_problem(input, blank.first_line + i, &nothing, 1, n_columns));
      }
    }
    blank.count = 0;
  };
  while (cursor.at != cursor.end) {
    std::size_t before = cells.size();
    const std::size_t line = cursor.line;
    const detail::RecordResult result = detail::read_record(cursor, cells);
    const std::size_t n = cells.size() - before;
    if (n == 1 && cells.back().empty() && result.fault == detail::QuoteFault::none) {
      cells.resize(before);
      if (blank.count++ == 0) blank.first_line = line;
      continue;
    }
    had_rows = true;
    settle_blank_lines(before);
    if (result.fault != detail::QuoteFault::none) {
      sink(detail::quote_problem(input, "ragged_row", result));
      cells.resize(before);
    } else if (n != n_columns) {
      sink(detail::ragged_problem(input, line, cells.data() + before, n, n_columns));
      cells.resize(before);
    } else {
      lines.push_back(line);
    }
  }
  if (!had_rows) {
    sink(detail::csv_problem(input, "empty_file", 0, "there is a header but no data row"));
  }
  return CsvTable(shared, std::move(header), std::move(cells), std::move(lines));
}

}  // namespace cxrlt
