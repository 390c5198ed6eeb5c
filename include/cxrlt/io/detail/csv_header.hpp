// SPDX-License-Identifier: Apache-2.0
/// Problems of the form of a CSV: its header, rows of other lengths, faulty quotes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/csv_record.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/number.hpp"

namespace cxrlt {

/// A header of more columns is refused: it is no table of classes.
inline constexpr std::size_t kMostColumns = 1'000'000;

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
inline bool looks_split_by_decimal_commas(std::span<const RawCell> cells, std::size_t expected) {
  if (expected < 2 || cells.size() != 1 + 2 * (expected - 1)) return false;
  return std::all_of(cells.begin() + 1, cells.end(), [](const RawCell& cell) {
    return parse_number(cell.text).kind == NumberKind::number &&
           cell.text.find('.') == std::string_view::npos;
  });
}

inline Problem ragged_problem(const InputFile& input, std::size_t line,
                              std::span<const RawCell> cells, std::size_t expected) {
  const std::size_t n = cells.size();
  if (looks_split_by_decimal_commas(cells, expected)) {
    return csv_problem(input, "decimal_comma", line,
                       count_of(n, "cell") + " where " + std::to_string(expected) +
                           " are expected: the numbers seem to have decimal commas; expected "
                           "decimal points");
  }
  if (n == 1 && cells[0].text.empty()) {
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
inline bool looks_like_a_row(const std::vector<std::string>& header,
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
inline bool check_header(const InputFile& input, const std::vector<std::string>& header,
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
  if (input.text.view().find('\n') == std::string_view::npos &&
      std::any_of(header.begin(), header.end(), has_return)) {
    return refuse("bad_header", "the lines end in a lone carriage return; expected LF or CRLF");
  }
  if (looks_like_a_row(header, known)) {
    return refuse("bad_header", "the first line holds numbers; expected the names of the columns");
  }
  return true;
}

}  // namespace detail

}  // namespace cxrlt
