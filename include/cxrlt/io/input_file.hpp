// SPDX-License-Identifier: Apache-2.0
/// A file as text: read whole, unpacked where it is a `.gz` or `.zip`, checked to be UTF-8.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/text.hpp"
#include "cxrlt/io/archive.hpp"
#include "cxrlt/io/crc32.hpp"
#include "cxrlt/io/detail/file_problem.hpp"
#include "cxrlt/io/utf8.hpp"

namespace cxrlt {

/// A file as it lies on the disk.
struct StoredFile {
  std::string name;  ///< base name
  std::string content;
};

/// A file as text.
struct InputFile {
  std::string name;         ///< base name
  std::uint64_t bytes = 0;  ///< size as stored
  std::uint32_t crc32 = 0;  ///< of the file as stored
  std::string text;         ///< unpacked, without a byte order mark
};

/// The base name of a path in UTF-8, also where the path ends in a separator.
inline std::string base_name(const std::filesystem::path& path) {
  const std::filesystem::path last = path.has_filename() ? path : path.parent_path();
  const std::u8string name = last.filename().u8string();
  return {name.begin(), name.end()};
}

namespace detail {

inline bool ends_with_ignoring_case(std::string_view text, std::string_view lower_case_ending) {
  if (text.size() < lower_case_ending.size()) return false;
  return ascii_lower(text.substr(text.size() - lower_case_ending.size())) == lower_case_ending;
}

/// The 1-based line of the byte at `position`.
inline std::size_t line_at(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, position);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

inline std::string not_text_message(std::string_view text, std::size_t position) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return "this is UTF-16; expected UTF-8";
  }
  if (text[position] == '\0') return "a NUL byte, so this is not a text file; expected UTF-8";
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(text[position]);
  std::string message = "the byte 0x";
  message += digits[byte >> 4];
  message += digits[byte & 0xFU];
  return message + " is not UTF-8 (the file may be Latin-1, Windows-1252 or not text at all)";
}

/// Reads `stream` to its end; false past `limit` bytes or where reading fails.
inline bool read_all(std::ifstream& stream, std::uint64_t limit, std::string& content) {
  constexpr std::size_t block = 1U << 20;
  while (true) {
    const std::size_t before = content.size();
    content.resize(before + block);
    stream.read(content.data() + before, static_cast<std::streamsize>(block));
    content.resize(before + static_cast<std::size_t>(stream.gcount()));
    if (stream.bad() || content.size() > limit) return false;
    if (stream.eof()) return true;
    if (stream.fail()) return false;
  }
}

}  // namespace detail

/// Reads a file whole. Reports `not_readable` for a folder, a missing or unreadable file, and
/// `empty_file` for one of no bytes; nothing is returned then. O(bytes) time and memory.
inline std::optional<StoredFile> read_stored(const std::filesystem::path& path,
                                             const ProblemSink& sink) {
  StoredFile file;
  file.name = base_name(path);
  const auto refuse = [&](const char* code, std::string message) {
    sink(detail::file_problem(file.name, code, std::move(message)));
    return std::nullopt;
  };
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return refuse("not_readable", "there is no such file");
  }
  if (std::filesystem::is_directory(status)) {
    return refuse("not_readable", "this is a folder; expected a file");
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return refuse("not_readable", "the file cannot be opened");
  // A device or a pipe has no size that could be known, and may have no end.
  std::uint64_t limit = kUnpackLimit;
  if (std::filesystem::is_regular_file(status)) {
    limit = std::filesystem::file_size(path, error);
    if (error) return refuse("not_readable", "the file cannot be opened");
    // The block that meets the end is read beside it.
    file.content.reserve(static_cast<std::size_t>(limit) + (1U << 20));
    limit = UINT64_MAX;
  }
  if (!detail::read_all(stream, limit, file.content)) {
    return refuse("not_readable", "reading failed");
  }
  if (file.content.empty()) return refuse("empty_file", "the file is empty");
  return file;
}

/// The text of a stored file: unpacked where content or ending say `.gz` or `.zip`, without a byte
/// order mark. Reports `not_readable`, `zip_layout`, `empty_file` and `not_utf8` (with the line;
/// NUL bytes count as not UTF-8); nothing is returned then. At most `limit` bytes are unpacked.
inline std::optional<InputFile> unpack_input(StoredFile stored, const ProblemSink& sink,
                                             std::uint64_t limit = kUnpackLimit) {
  InputFile file;
  file.name = std::move(stored.name);
  file.bytes = stored.content.size();
  file.crc32 = crc32(stored.content);
  std::optional<std::string> text;
  if (is_zip(stored.content) || detail::ends_with_ignoring_case(file.name, ".zip")) {
    text = unpack_zip(file.name, stored.content, sink, limit);
  } else if (is_gzip(stored.content) || detail::ends_with_ignoring_case(file.name, ".gz")) {
    text = unpack_gzip(file.name, stored.content, sink, limit);
  } else {
    text = std::move(stored.content);
  }
  if (!text) return std::nullopt;
  file.text = std::move(*text);
  if (file.text.starts_with("\xEF\xBB\xBF")) file.text.erase(0, 3);
  const std::size_t position = find_not_text(file.text);
  if (position != std::string::npos) {
    Problem problem =
        detail::file_problem(file.name, "not_utf8", detail::not_text_message(file.text, position));
    problem.line = detail::line_at(file.text, position);
    sink(std::move(problem));
    return std::nullopt;
  }
  if (file.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    sink(detail::file_problem(file.name, "empty_file", "the file is empty"));
    return std::nullopt;
  }
  return file;
}

/// Reads a text file: plain, `.gz`, or a `.zip` with one CSV (`read_stored`, then `unpack_input`).
inline std::optional<InputFile> read_input(const std::filesystem::path& path,
                                           const ProblemSink& sink) {
  std::optional<StoredFile> stored = read_stored(path, sink);
  if (!stored) return std::nullopt;
  return unpack_input(std::move(*stored), sink);
}

}  // namespace cxrlt
