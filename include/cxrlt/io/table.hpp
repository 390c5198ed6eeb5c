// SPDX-License-Identifier: Apache-2.0
/// Pages of titled tables, as text for a terminal or as Markdown.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/text.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/detail/infinite.hpp"

namespace cxrlt {

enum class Align : std::uint8_t { left, right };

struct TableColumn {
  std::string name;
  Align align = Align::right;
};

/// A table of text cells; every row has one cell a column.
struct TextTable {
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>> rows;
};

/// A titled table with lines of text below. Both may be empty.
struct PageSection {
  std::string title;
  TextTable table;
  std::vector<std::string> lines;
};

/// What a report shows.
struct Page {
  std::string title;
  std::vector<PageSection> sections;
};

/// The value with so many decimals; `inf` or `-inf`; "-" where it does not exist (NaN).
inline std::string fixed(double value, int decimals = 3) {
  if (is_infinite(value)) return detail::infinite_text(value);
  return is_finite(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

inline std::string fixed(const MetricValue& value, int decimals = 3) {
  return value.defined() ? fixed(value.value, decimals) : "-";
}

/// A whole number with separators between thousands: 142,928.
inline std::string grouped(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t place = 0; place < digits.size(); ++place) {
    if (place > 0 && (digits.size() - place) % 3 == 0) text += ',';
    text += digits[place];
  }
  return text;
}

namespace detail {

/// Characters, not bytes: what a terminal counts.
inline std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

inline std::string padded(const std::string& text, std::size_t width, Align align) {
  const std::string space(width - std::min(width, display_width(text)), ' ');
  return align == Align::left ? text + space : space + text;
}

inline void trim_right(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
}

/// The text on one line, without what Markdown reads as marks.
inline std::string escaped_markdown(std::string_view text) {
  constexpr std::string_view marks = "\\|*_`<";
  std::string escaped;
  for (const char c : printable(text)) {
    if (marks.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace detail

/// The table in aligned columns, with a rule below the header. Control characters become '?'.
inline std::string to_text(const TextTable& table) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::size_t width = detail::display_width(printable(table.columns[c].name));
    for (const auto& row : table.rows) {
      width = std::max(width, detail::display_width(printable(row[c])));
    }
    widths.push_back(width);
  }
  std::string text;
  const auto add_line = [&](const auto& cell) {
    std::string line;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      line += (c == 0 ? "" : "  ") +
              detail::padded(printable(cell(c)), widths[c], table.columns[c].align);
    }
    detail::trim_right(line);
    text += line + '\n';
  };
  add_line([&](std::size_t c) { return table.columns[c].name; });
  add_line([&](std::size_t c) { return std::string(widths[c], '-'); });
  for (const auto& row : table.rows) {
    add_line([&](std::size_t c) { return row[c]; });
  }
  return text;
}

/// The table in the pipe form of GitHub's Markdown.
inline std::string to_markdown(const TextTable& table) {
  std::string text = "|";
  for (const TableColumn& column : table.columns) {
    text += " " + detail::escaped_markdown(column.name) + " |";
  }
  text += "\n|";
  for (const TableColumn& column : table.columns) {
    text += column.align == Align::left ? " --- |" : " ---: |";
  }
  text += '\n';
  for (const auto& row : table.rows) {
    text += '|';
    for (const std::string& cell : row) {
      text += ' ';
      text += detail::escaped_markdown(cell);
      text += " |";
    }
    text += '\n';
  }
  return text;
}

/// The line in pieces of at most `width` characters, broken at spaces; later pieces are indented.
inline std::string wrapped(std::string_view line, std::size_t width = 100) {
  constexpr std::string_view indent = "    ";
  std::string text;
  std::size_t used = 0;
  while (!line.empty()) {
    const std::size_t space = std::min(line.find(' ', 1), line.size());
    const std::string_view word = line.substr(0, space);
    const std::size_t word_width = detail::display_width(word);
    if (used > 0 && used + word_width > width) {
      text += '\n';
      text += indent;
      text += word.substr(word.front() == ' ' ? 1 : 0);
      used = indent.size() + word_width;
    } else {
      text += word;
      used += word_width;
    }
    line.remove_prefix(space);
  }
  return text;
}

/// The page for a terminal. Control characters in its text become '?'.
inline std::string to_text(const Page& page) {
  std::string text = page.title.empty() ? "" : printable(page.title) + "\n";
  for (const PageSection& section : page.sections) {
    if (!text.empty()) text += '\n';
    if (!section.title.empty()) text += printable(section.title) + "\n";
    if (!section.table.rows.empty()) text += to_text(section.table);
    for (const std::string& line : section.lines) text += wrapped(printable(line)) + '\n';
  }
  return text;
}

/// The page as Markdown.
inline std::string to_markdown(const Page& page) {
  std::string text = page.title.empty() ? "" : "# " + detail::escaped_markdown(page.title) + "\n";
  for (const PageSection& section : page.sections) {
    if (!text.empty()) text += '\n';
    if (!section.title.empty()) {
      text += "## " + detail::escaped_markdown(section.title) + "\n\n";
    }
    if (!section.table.rows.empty()) text += to_markdown(section.table);
    if (!section.table.rows.empty() && !section.lines.empty()) text += '\n';
    for (const std::string& line : section.lines) {
      text += "- " + detail::escaped_markdown(line) + '\n';
    }
  }
  return text;
}

}  // namespace cxrlt
