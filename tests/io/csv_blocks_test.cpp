// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/detail/csv_blocks.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/io/csv.hpp"
#include "io_support.hpp"

using cxrlt::detail::CsvRow;
using cxrlt::detail::RawCell;

namespace {

/// What a text holds: of each row the line and the cells; of each problem place and message.
using Found = std::vector<std::string>;

/// Record by record, without blocks.
Found read_plainly(const std::string& text, std::size_t n_columns) {
  Found found;
  const cxrlt::InputFile input = text_file(text);
  cxrlt::detail::CsvCursor cursor{input.text.view().data(),
                                  input.text.view().data() + input.text.size(), 2};
  std::vector<std::size_t> blank_lines;
  bool had_rows = false;
  while (cursor.at != cursor.end) {
    std::vector<RawCell> cells;
    const std::size_t line = cursor.line;
    const auto result = cxrlt::detail::read_record(cursor, cells);
    const bool is_faulty = result.fault != cxrlt::detail::QuoteFault::none;
    if (!is_faulty && cells.size() == 1 && cells[0].text.empty()) {
      blank_lines.push_back(line);
      continue;
    }
    for (const std::size_t blank : blank_lines) {
      const RawCell nothing;
      found.push_back(n_columns == 1 ? "row " + std::to_string(blank) + ":<>"
                                     : describe(cxrlt::detail::ragged_problem(
                                           input, blank, {&nothing, 1}, n_columns)));
    }
    blank_lines.clear();
    had_rows = true;
    if (is_faulty) {
      found.push_back(describe(cxrlt::detail::quote_problem(input, "ragged_row", result)));
    } else if (cells.size() != n_columns) {
      found.push_back(describe(cxrlt::detail::ragged_problem(input, line, cells, n_columns)));
    } else {
      std::string row = "row " + std::to_string(line) + ":";
      for (const RawCell& cell : cells) row += "<" + unescaped(cell) + ">";
      found.push_back(row);
    }
  }
  if (!had_rows) found.push_back("nothing");
  return found;
}

/// By blocks of `block_size` bytes and more, sorted as `read_plainly` has it.
Found read_by_blocks(const std::string& text, std::size_t n_columns, std::size_t block_size) {
  Found problems;
  const cxrlt::InputFile input = text_file(text);
  const cxrlt::ProblemSink sink = [&](const cxrlt::Problem& problem) {
    problems.push_back(problem.code == "empty_file" ? "nothing" : describe(problem));
  };
  cxrlt::detail::RowCollector collector(input, n_columns, sink);
  const std::string_view view = input.text;
  collector.collect({view.data(), view.data() + view.size(), 2}, {2}, block_size);
  Found found;
  const cxrlt::CsvTable table(input, std::vector<std::string>(n_columns), collector.rows,
                              collector.unescaped);
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    std::string line = "row " + std::to_string(table.line(row)) + ":";
    cxrlt::CellCursor cells = table.row(row);
    for (std::size_t column = 0; column < n_columns; ++column) {
      const std::string_view cell = cells.next();
      line += "<" + std::string(cell) + ">";
      CHECK(table.cell(row, column) == cell);
    }
    found.push_back(line);
  }
  found.insert(found.end(), problems.begin(), problems.end());
  return found;
}

Found rows_first(const Found& found) {
  Found sorted;
  for (const bool rows : {true, false}) {
    for (const std::string& line : found) {
      if (line.starts_with("row ") == rows) sorted.push_back(line);
    }
  }
  return sorted;
}

}  // namespace

TEST_CASE("rows and problems do not depend on where blocks end") {
  const std::vector<std::string> words = {",",    "\n",   "\"",  "\"\"", "a",    " ",
                                          "\r\n", "\t",   "0.5", ",\"",  "\",",  "\"\n",
                                          "x,y",  "\n\n", "\r",  "b\"",  "a,b\n"};
  cxrlt::Random random(7);
  std::size_t n_regular = 0;
  for (int i = 0; i < 1500; ++i) {
    std::string text;
    // Mostly rows of two cells, so that both ways of reading meet.
    const std::size_t n_parts = random.below(40);
    for (std::size_t k = 0; k < n_parts; ++k) {
      text += random.below(3) > 0 ? "r" + std::to_string(k) + ",\"c,\"\"d\"\n"
                                  : words[random.below(static_cast<std::uint32_t>(words.size()))];
    }
    CAPTURE(i, text);
    for (const std::size_t n_columns : {std::size_t{1}, std::size_t{2}}) {
      const Found expected = rows_first(read_plainly(text, n_columns));
      for (const std::size_t block_size : {1U, 2U, 5U, 16U, 33U, 1U << 20}) {
        CAPTURE(n_columns, block_size);
        REQUIRE(read_by_blocks(text, n_columns, block_size) == expected);
      }
    }
    for (const auto& block : cxrlt::detail::find_blocks(text, 0, 2, {1}, 16)) {
      n_regular += block.is_regular ? 1 : 0;
    }
  }
  CHECK(n_regular > 5000);
}

TEST_CASE("blocks are cut behind line ends and cover the text") {
  const std::string text = "ab\nc\n\ndefg\nh";
  for (std::size_t size = 1; size < 16; ++size) {
    std::size_t at = 3;
    for (const auto& block : cxrlt::detail::cut_at_lines(text, 3, size)) {
      CHECK(block.begin == at);
      CHECK(block.end - block.begin >= std::min(size, text.size() - at));
      CHECK((block.end == text.size() || text[block.end - 1] == '\n'));
      at = block.end;
    }
    CHECK(at == text.size());
  }
}

TEST_CASE("rows are found wherever words of 64 bytes end") {
  for (std::size_t length = 1; length < 140; ++length) {
    const std::string row = std::string(length, 'x') + ",,";
    for (const std::string& text : {row + '\n' + row + '\n', row + '\n' + row}) {
      cxrlt::detail::CsvBlock block{0, text.size(), false, 0, {}, {}};
      CHECK(cxrlt::detail::find_plain_rows(text, 3, block));
      REQUIRE(block.rows.size() == 2);
      CHECK(block.rows[1].start == length + 3);
      CHECK(block.rows[1].line == 1);
      CHECK(block.n_lines == 2);
      for (const std::size_t n_columns : {std::size_t{1}, std::size_t{2}, std::size_t{4}}) {
        CHECK_FALSE(cxrlt::detail::find_plain_rows(text, n_columns, block));
      }
      std::string quoted = text;
      quoted[length - 1] = '"';
      CHECK_FALSE(cxrlt::detail::find_plain_rows(quoted, 3, block));
    }
  }
}

TEST_CASE("ones are counted") {
  cxrlt::Random random(4);
  CHECK(cxrlt::detail::count_ones(0) == 0);
  CHECK(cxrlt::detail::count_ones(~0ULL) == 64);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t word = std::uint64_t{random()} << 32 | random();
    CHECK(cxrlt::detail::count_ones(word) == static_cast<std::size_t>(std::popcount(word)));
  }
}

TEST_CASE("bytes are found alike by every way") {
  cxrlt::Random random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (int k = 0; k < 64; ++k) text += ",\n-\v+\x0C\xACx"[random.below(8)];
    for (const char byte : {',', '\n', 'x'}) {
      const auto expected = cxrlt::detail::find_byte_one_by_one(text.data(), byte, 64);
      CHECK(cxrlt::detail::find_byte(text.data(), byte) == expected);
      CHECK(cxrlt::detail::find_byte_by_word(text.data(), byte) == expected);
    }
  }
  const std::string text(200, 'a');
  cxrlt::detail::Separators separators(text.data(), text.data() + text.size());
  CHECK(separators.next() == text.data() + text.size());
  separators.pass();
  CHECK(separators.next() == text.data() + text.size());
}
