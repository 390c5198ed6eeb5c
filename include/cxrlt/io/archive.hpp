// SPDX-License-Identifier: Apache-2.0
/// Unpacking in memory: gzip, and zip files that hold one CSV.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#if defined(__APPLE__)
#include <xlocale.h>
#elif !defined(_WIN32)
#include <locale.h>
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/text.hpp"
#include "cxrlt/io/crc32.hpp"
#include "cxrlt/io/detail/file_problem.hpp"
#include "cxrlt/io/detail/little_endian.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// More than this is not unpacked: 4 GiB.
inline constexpr std::uint64_t kUnpackLimit = 4ULL << 30;

namespace detail {

struct FreeReader {
  void operator()(archive* a) const { archive_read_free(a); }
};
using ArchiveReader = std::unique_ptr<archive, FreeReader>;

inline ArchiveReader new_reader() {
  ArchiveReader reader(archive_read_new());
  if (!reader) throw std::bad_alloc();
  return reader;
}

inline bool open_memory(archive* a, std::string_view packed) {
  return archive_read_open_memory(a, packed.data(), packed.size()) == ARCHIVE_OK;
}

/// The reason in the archive library's words.
inline std::string reason(archive* a) {
  const char* text = archive_error_string(a);
  return text == nullptr ? "" : " (" + std::string(text) + ")";
}

enum class Unpacked : std::uint8_t { done, damaged, too_large };

/// Appends the data of the current entry to `out`, at most `limit` bytes in all.
inline Unpacked read_entry(archive* a, std::uint64_t limit, std::string& out) {
  std::array<char, 1U << 16> block;
  while (true) {
    const auto got = archive_read_data(a, block.data(), block.size());
    if (got < 0) return Unpacked::damaged;
    if (got == 0) return Unpacked::done;
    const auto size = static_cast<std::size_t>(got);
    if (size > limit - out.size()) return Unpacked::too_large;
    out.append(block.data(), size);
  }
}

/// Does the trailer of the last gzip member (RFC 1952) fit the text? libarchive does not look.
inline bool gzip_trailer_fits(std::string_view packed, std::string_view text) {
  if (packed.size() < 18) return false;
  const std::uint64_t crc = little_endian(packed.substr(packed.size() - 8), 4);
  const std::uint64_t size = little_endian(packed.substr(packed.size() - 4), 4);
  return size <= text.size() && crc32(text.substr(text.size() - size)) == crc;
}

inline std::string limit_message(std::uint64_t limit) {
  return "unpacks to more than " + std::to_string(limit) + " bytes, which is refused";
}

/// Is this entry's path a CSV that counts: not under a `code` or `__MACOSX` folder?
inline bool is_counting_csv(std::string path) {
  for (char& c : path) {
    if (c == '\\') c = '/';
  }
  std::size_t start = 0;
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', start)) {
    const std::string_view folder = std::string_view(path).substr(start, slash - start);
    if (folder == "code" || folder == "__MACOSX") return false;
    start = slash + 1;
  }
  const std::string_view name = std::string_view(path).substr(start);
  return ascii_lower(name).ends_with(".csv");
}

/// While it lives, this thread's characters are UTF-8 where the system has such a locale: without
/// one the archive library loses names beyond ASCII. The process's locale stays as it is.
class Utf8Names {
 public:
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;
#if defined(_WIN32)
  Utf8Names() = default;  // names are kept as UTF-16 there, whatever the locale
#else
  Utf8Names() {
    for (const char* name : {"C.UTF-8", "UTF-8", "en_US.UTF-8"}) {
      if (utf8_ == nullptr) utf8_ = newlocale(LC_CTYPE_MASK, name, nullptr);
    }
    if (utf8_ != nullptr) before_ = uselocale(utf8_);
  }
  ~Utf8Names() {
    if (utf8_ == nullptr) return;
    uselocale(before_);
    freelocale(utf8_);
  }

 private:
  locale_t utf8_ = nullptr;
  locale_t before_ = nullptr;
#endif
};

/// The path of an entry in UTF-8, or as it stands where its encoding is unknown; nothing where it
/// cannot be read.
inline std::optional<std::string> entry_path(archive_entry* entry) {
  const char* path = archive_entry_pathname_utf8(entry);
  if (path == nullptr) path = archive_entry_pathname(entry);
  return path == nullptr || *path == '\0' ? std::nullopt : std::optional<std::string>(path);
}

/// What a zip holds: the CSV files that count, with their position.
struct ZipContents {
  std::vector<std::size_t> positions;
  std::vector<std::string> paths;
  bool is_workbook = false;
  std::size_t n_unreadable_names = 0;
};

/// Nothing where the table of contents is damaged.
inline std::optional<ZipContents> list_zip(archive* a) {
  [[maybe_unused]] const Utf8Names utf8_names;
  ZipContents contents;
  archive_entry* entry = nullptr;
  for (std::size_t position = 0;; ++position) {
    const int status = archive_read_next_header(a, &entry);
    if (status == ARCHIVE_EOF) return contents;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return std::nullopt;
    const std::optional<std::string> path = entry_path(entry);
    if (!path) {
      ++contents.n_unreadable_names;
      continue;
    }
    if (*path == "[Content_Types].xml") contents.is_workbook = true;
    if (archive_entry_filetype(entry) != AE_IFREG || !is_counting_csv(*path)) continue;
    contents.positions.push_back(position);
    contents.paths.push_back(*path);
  }
}

}  // namespace detail

/// True for bytes that start like a gzip member.
inline bool is_gzip(std::string_view bytes) {
  return bytes.substr(0, 2) == "\x1F\x8B";
}

/// True for bytes that start like a zip file, also an empty one.
inline bool is_zip(std::string_view bytes) {
  return bytes.substr(0, 4) == "PK\x03\x04" || bytes.substr(0, 4) == "PK\x05\x06";
}

/// The text in a gzip file. Reports `not_readable` for damaged or cut data (the check sum of the
/// last member is compared) and `zip_layout` past `limit` bytes; nothing is returned then.
inline std::optional<std::string> unpack_gzip(const std::string& file, std::string_view packed,
                                              const ProblemSink& sink,
                                              std::uint64_t limit = kUnpackLimit) {
  const detail::ArchiveReader reader = detail::new_reader();
  archive* const a = reader.get();
  archive_read_support_filter_gzip(a);
  archive_read_support_format_raw(a);
  archive_read_support_format_empty(a);
  std::string text;
  auto result = detail::Unpacked::damaged;
  if (detail::open_memory(a, packed) && archive_filter_code(a, 0) == ARCHIVE_FILTER_GZIP) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(a, &entry);
    if (status == ARCHIVE_EOF) result = detail::Unpacked::done;
    if (status == ARCHIVE_OK) result = detail::read_entry(a, limit, text);
  }
  if (result == detail::Unpacked::too_large) {
    sink(detail::file_problem(file, "zip_layout", detail::limit_message(limit)));
    return std::nullopt;
  }
  if (result == detail::Unpacked::damaged || !detail::gzip_trailer_fits(packed, text)) {
    sink(detail::file_problem(file, "not_readable",
                              "the gzip data are damaged or cut short" + detail::reason(a)));
    return std::nullopt;
  }
  return text;
}

/// The text of the one CSV in a zip file, those under `code` and `__MACOSX` folders set aside.
/// Reports `zip_layout` for none or several, for a name that cannot be read and past `limit` bytes,
/// `not_readable` for damaged or
/// encrypted data; nothing is returned then. The other entries are never unpacked.
inline std::optional<std::string> unpack_zip(const std::string& file, std::string_view packed,
                                             const ProblemSink& sink,
                                             std::uint64_t limit = kUnpackLimit) {
  const auto refuse = [&](const char* code, const std::string& message) {
    sink(detail::file_problem(file, code, message));
    return std::nullopt;
  };
  const std::string no_csv = "no CSV in the zip, outside code/ and __MACOSX/; expected exactly one";
  const std::string damaged = "the zip file is damaged or cut short";
  // The archive library does not take an empty zip for a zip.
  if (packed.starts_with("PK\x05\x06")) return refuse("zip_layout", no_csv);
  const detail::ArchiveReader lister = detail::new_reader();
  archive_read_support_format_zip_seekable(lister.get());
  if (!detail::open_memory(lister.get(), packed)) {
    return refuse("not_readable", damaged + detail::reason(lister.get()));
  }
  const std::optional<detail::ZipContents> contents = detail::list_zip(lister.get());
  if (!contents) return refuse("not_readable", damaged + detail::reason(lister.get()));
  if (contents->n_unreadable_names > 0) {
    return refuse("zip_layout",
                  "a file in the zip has a name that cannot be read: it is empty, or not UTF-8 "
                  "though the zip says so; expected exactly one CSV");
  }
  if (contents->positions.empty()) {
    return refuse("zip_layout",
                  contents->is_workbook
                      ? "this is a spreadsheet workbook; expected a CSV, or a zip with one"
                      : no_csv);
  }
  if (contents->positions.size() > 1) {
    return refuse("zip_layout", std::to_string(contents->positions.size()) +
                                    " CSV files in the zip, outside code/ and __MACOSX/ (" +
                                    in_quotes(contents->paths[0]) + ", " +
                                    in_quotes(contents->paths[1]) + "); expected exactly one");
  }

  const detail::ArchiveReader reader = detail::new_reader();
  archive* const a = reader.get();
  archive_read_support_format_zip_seekable(a);
  archive_entry* entry = nullptr;
  bool found = detail::open_memory(a, packed);
  for (std::size_t i = 0; found && i <= contents->positions.front(); ++i) {
    const int status = archive_read_next_header(a, &entry);
    found = status == ARCHIVE_OK || status == ARCHIVE_WARN;
  }
  if (!found) return refuse("not_readable", damaged + detail::reason(a));
  if (archive_entry_is_encrypted(entry) != 0) {
    return refuse("not_readable", "the CSV in the zip is encrypted");
  }
  std::string text;
  switch (detail::read_entry(a, limit, text)) {
    case detail::Unpacked::done:
      return text;
    case detail::Unpacked::too_large:
      return refuse("zip_layout", detail::limit_message(limit));
    case detail::Unpacked::damaged:
      break;
  }
  return refuse("not_readable", "the CSV in the zip is damaged or cut short" + detail::reason(a));
}

}  // namespace cxrlt
