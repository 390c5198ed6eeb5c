// SPDX-License-Identifier: Apache-2.0
/// Packing in memory: gzip, and a zip file with one entry.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "cxrlt/core/error.hpp"

namespace cxrlt {

namespace detail {

struct FreeWriter {
  void operator()(archive* a) const { archive_write_free(a); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

/// Appends to the string behind `target`; no exception may pass through C code.
inline la_ssize_t append_packed(archive*, void* target, const void* data, std::size_t size) {
  try {
    static_cast<std::string*>(target)->append(static_cast<const char*>(data), size);
    return static_cast<la_ssize_t>(size);
  } catch (const std::bad_alloc&) {
    return -1;
  }
}

/// One entry through a writer whose format and filter `configure` sets.
template <class Configure>
std::string pack_entry(const std::string& entry_name, std::string_view text,
                       const Configure& configure) {
  std::string packed;
  const std::unique_ptr<archive, FreeWriter> writer(archive_write_new());
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  if (!writer || !entry) throw std::bad_alloc();
  archive* const a = writer.get();
  const auto check = [a](int status) {
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) return;
    const char* text_of_error = archive_error_string(a);
    throw Error("packing failed: " + std::string(text_of_error == nullptr ? "" : text_of_error));
  };
  configure(a);
  // The last block is not padded.
  check(archive_write_set_bytes_in_last_block(a, 1));
  check(archive_write_open(a, &packed, nullptr, append_packed, nullptr));
  archive_entry_set_pathname(entry.get(), entry_name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(text.size()));
  check(archive_write_header(a, entry.get()));
  while (!text.empty()) {
    const la_ssize_t written = archive_write_data(a, text.data(), text.size());
    if (written <= 0) check(ARCHIVE_FATAL);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  check(archive_write_close(a));
  return packed;
}

}  // namespace detail

/// `text` as a gzip file without name and time, so that equal texts give equal files.
inline std::string pack_gzip(std::string_view text) {
  return detail::pack_entry("data", text, [](archive* a) {
    archive_write_set_format_raw(a);
    archive_write_add_filter_gzip(a);
    archive_write_set_filter_option(a, "gzip", "timestamp", nullptr);
  });
}

/// A zip file with the one entry `entry_name` that holds `text`.
inline std::string pack_zip(const std::string& entry_name, std::string_view text) {
  return detail::pack_entry(entry_name, text, [](archive* a) { archive_write_set_format_zip(a); });
}

}  // namespace cxrlt
