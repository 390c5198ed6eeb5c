// SPDX-License-Identifier: Apache-2.0
/// A file as text: mapped or read, unpacked where it is a `.gz` or `.zip`, checked to be UTF-8.
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

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/text.hpp"
#include "cxrlt/io/archive.hpp"
#include "cxrlt/io/detail/file_problem.hpp"
#include "cxrlt/io/detail/text_scan.hpp"
#include "cxrlt/io/file_bytes.hpp"

namespace cxrlt {

/// A file as it lies on the disk.
struct StoredFile {
  std::string name;  ///< base name
  FileBytes content;
};

/// A file as text.
struct InputFile {
  std::string name;         ///< base name
  std::uint64_t bytes = 0;  ///< size as stored
  std::uint32_t crc32 = 0;  ///< of the file as stored
  FileBytes text;           ///< unpacked, without a byte order mark
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

inline std::string_view without_byte_order_mark(std::string_view text) {
  return text.substr(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
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

/// Maps a regular file, or reads a file whole where that cannot be done. Reports `not_readable` for
/// a folder, a missing or unreadable file, and `empty_file` for one of no bytes; nothing is
/// returned then. A mapped file must not be shortened while it is in use: see `MappedFile`. O(1)
/// for a map, else O(bytes) time and memory.
inline std::optional<StoredFile> read_stored(const std::filesystem::path& path,
                                             const ProblemSink& sink) {
  const std::string name = base_name(path);
  const auto refuse = [&](const char* code, std::string message) {
    sink(detail::file_problem(name, code, std::move(message)));
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
  const bool is_regular = std::filesystem::is_regular_file(status);
  if (is_regular) {
    if (std::optional<MappedFile> map = MappedFile::open(path)) {
      return StoredFile{name, std::move(*map)};
    }
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return refuse("not_readable", "the file cannot be opened");
  std::string content;
  // A device or a pipe may have no end.
  if (!detail::read_all(stream, is_regular ? UINT64_MAX : kUnpackLimit, content)) {
    return refuse("not_readable", "reading failed");
  }
  if (content.empty()) return refuse("empty_file", "the file is empty");
  return StoredFile{name, std::move(content)};
}

/// The text of a stored file: unpacked where content or ending say `.gz` or `.zip`, without a byte
/// order mark. Reports `not_readable`, `zip_layout`, `empty_file` and `not_utf8` (with the line;
/// NUL bytes count as not UTF-8); nothing is returned then. At most `limit` bytes are unpacked.
inline std::optional<InputFile> unpack_input(StoredFile stored, const ProblemSink& sink,
                                             std::uint64_t limit = kUnpackLimit,
                                             const Cpu& policy = {}) {
  InputFile file;
  file.name = std::move(stored.name);
  file.bytes = stored.content.size();
  detail::TextScan scan = detail::scan_text(stored.content, policy);
  file.crc32 = scan.crc32;
  file.text = stored.content;
  const auto is_packed = [&](bool by_content, std::string_view ending) {
    return by_content || detail::ends_with_ignoring_case(file.name, ending);
  };
  std::optional<std::string> unpacked;
  if (is_packed(is_zip(stored.content), ".zip")) {
    unpacked = unpack_zip(file.name, stored.content, sink, limit);
    if (!unpacked) return std::nullopt;
  } else if (is_packed(is_gzip(stored.content), ".gz")) {
    unpacked = unpack_gzip(file.name, stored.content, sink, limit);
    if (!unpacked) return std::nullopt;
  }
  if (unpacked) {
    file.text = std::move(*unpacked);
    scan = detail::scan_text(file.text, policy);
  }
  if (scan.not_text != std::string_view::npos) {
    const std::string_view text = detail::without_byte_order_mark(file.text);
    const std::size_t position = scan.not_text - (file.text.size() - text.size());
    Problem problem =
        detail::file_problem(file.name, "not_utf8", detail::not_text_message(text, position));
    problem.line = detail::line_at(text, position);
    sink(std::move(problem));
    return std::nullopt;
  }
  file.text.remove_prefix(file.text.size() - detail::without_byte_order_mark(file.text).size());
  if (file.text.view().find_first_not_of(" \t\r\n") == std::string_view::npos) {
    sink(detail::file_problem(file.name, "empty_file", "the file is empty"));
    return std::nullopt;
  }
  return file;
}

/// Reads a text file: plain, `.gz`, or a `.zip` with one CSV (`read_stored`, then `unpack_input`).
/// O(bytes).
inline std::optional<InputFile> read_input(const std::filesystem::path& path,
                                           const ProblemSink& sink, const Cpu& policy = {}) {
  std::optional<StoredFile> stored = read_stored(path, sink);
  if (!stored) return std::nullopt;
  return unpack_input(std::move(*stored), sink, kUnpackLimit, policy);
}

}  // namespace cxrlt
