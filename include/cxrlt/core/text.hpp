// SPDX-License-Identifier: Apache-2.0
/// Text from elsewhere, compared and shown the same whatever the program's locale is.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cxrlt {

/// The letter in lower case if it is one of ASCII's, else the character itself.
constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The text with ASCII's letters in lower case. O(bytes).
inline std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = ascii_lower(c);
  return lower;
}

/// `text` without spaces, tabs and line ends at both ends.
inline std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// The parts between separators, each `trimmed`; one part, the text, where there is none. O(bytes).
inline std::vector<std::string> split_text(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// The text on one line, fit for a terminal: each control character becomes '?', those of ASCII
/// (line breaks, escape) and U+0080 to U+009F in UTF-8. O(bytes).
inline std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    const bool is_two_byte_control = byte == 0xC2 && next >= 0x80 && next <= 0x9F;
    out += byte < 0x20 || byte == 0x7F || is_two_byte_control ? '?' : text[i];
    if (is_two_byte_control) ++i;
  }
  return out;
}

/// The names in a row with `separator` between them.
inline std::string joined(std::span<const std::string> names, std::string_view separator = ", ") {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += separator;
    text += names[i];
  }
  return text;
}

}  // namespace cxrlt
