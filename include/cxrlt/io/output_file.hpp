// SPDX-License-Identifier: Apache-2.0
/// Writing a file whole or not at all.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/pack.hpp"

namespace cxrlt {

namespace detail {

[[noreturn]] inline void throw_not_writable(const std::filesystem::path& path,
                                            const std::string& why) {
  throw DataError(file_problem(base_name(path), "not_writable",
                               "the file cannot be written" + (why.empty() ? "" : ": " + why)));
}

/// Writes `content` and closes the file; throws where any of it fails, which a full disk may do as
/// late as on closing.
inline void write_directly(const std::filesystem::path& file, std::string_view content,
                           const std::filesystem::path& named) {
  errno = 0;
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  if (stream) stream.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (stream) stream.close();
  if (!stream) {
    const int code = errno;
    throw_not_writable(named, code == 0 ? "" : std::generic_category().message(code));
  }
}

/// Removes a file on leaving, unless it was kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    std::error_code ignored;
    if (!kept_) std::filesystem::remove(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }
  void keep() { kept_ = true; }

 private:
  std::filesystem::path path_;
  bool kept_ = false;
};

/// A name in `folder` that nobody uses.
inline std::filesystem::path temporary_name(const std::filesystem::path& folder) {
  std::random_device random;
  while (true) {
    std::filesystem::path path = folder / (".cxrlt-" + std::to_string(random()) + ".tmp");
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return path;
  }
}

}  // namespace detail

/// Writes `content` to `path`, byte for byte: under a temporary name in the same folder, renamed
/// when all of it is written, so that a failure leaves what was there before and nothing else. A
/// symbolic link stays and its target is replaced; devices and pipes are written to directly.
/// Throws `DataError` (`not_writable`).
inline void write_file(const std::filesystem::path& path, std::string_view content) {
  std::error_code error;
  std::filesystem::path target = path;
  if (std::filesystem::is_symlink(path, error)) {
    target = std::filesystem::weakly_canonical(path, error);
    if (error) detail::throw_not_writable(path, error.message());
  }
  const std::filesystem::file_status status = std::filesystem::status(target, error);
  if (std::filesystem::is_directory(status)) {
    detail::throw_not_writable(path, "this is a folder");
  }
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    detail::write_directly(target, content, path);
    return;
  }
  detail::TemporaryFile temporary(detail::temporary_name(target.parent_path()));
  detail::write_directly(temporary.path(), content, path);
  std::filesystem::rename(temporary.path(), target, error);
  if (error) detail::throw_not_writable(path, error.message());
  temporary.keep();
}

/// Writes `text` plain, or packed where the name ends in `.gz` or `.zip` (whose entry bears the
/// file's name with `.csv`); as `write_file`.
inline void write_text(const std::filesystem::path& path, std::string_view text) {
  const std::string name = base_name(path);
  if (detail::ends_with_ignoring_case(name, ".zip")) {
    write_file(path, pack_zip(name.substr(0, name.size() - 4) + ".csv", text));
  } else if (detail::ends_with_ignoring_case(name, ".gz")) {
    write_file(path, pack_gzip(text));
  } else {
    write_file(path, text);
  }
}

}  // namespace cxrlt
