// SPDX-License-Identifier: Apache-2.0
/// Writing a file whole or not at all.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
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

/// A file that is written under a temporary name in the folder of `path` and gets its own by
/// `publish`; without that nothing of it stays. Several can so be prepared before any is there. A
/// symbolic link stays and its target is replaced, with the permissions that it had; devices and
/// pipes are written to directly, by `publish`. Throws `DataError` (`not_writable`).
class StagedFile {
 public:
  StagedFile(std::filesystem::path path, std::string content) : path_(std::move(path)) {
    std::error_code error;
    target_ = path_;
    if (std::filesystem::is_symlink(path_, error)) {
      target_ = std::filesystem::weakly_canonical(path_, error);
      if (error) detail::throw_not_writable(path_, error.message());
    }
    const std::filesystem::file_status status = std::filesystem::status(target_, error);
    if (std::filesystem::is_directory(status)) {
      detail::throw_not_writable(path_, "this is a folder");
    }
    const bool exists = std::filesystem::exists(status);
    if (exists && !std::filesystem::is_regular_file(status)) {
      content_ = std::move(content);
      return;
    }
    temporary_.emplace(detail::temporary_name(target_.parent_path()));
    detail::write_directly(temporary_->path(), content, path_);
    if (!exists) return;
    std::filesystem::permissions(temporary_->path(), status.permissions(), error);
    if (error) detail::throw_not_writable(path_, error.message());
  }

  void publish() {
    if (!temporary_) {
      detail::write_directly(target_, content_, path_);
      return;
    }
    std::error_code error;
    std::filesystem::rename(temporary_->path(), target_, error);
    if (error) detail::throw_not_writable(path_, error.message());
    temporary_->keep();
  }

 private:
  std::filesystem::path path_;
  std::filesystem::path target_;
  std::string content_;
  std::optional<detail::TemporaryFile> temporary_;
};

/// Writes `content` to `path`, byte for byte, so that a failure leaves what was there before and
/// nothing else; see `StagedFile`.
inline void write_file(const std::filesystem::path& path, std::string_view content) {
  StagedFile(path, std::string(content)).publish();
}

/// `text` as it stands in a file of that name: packed where it ends in `.gz` or `.zip` (whose entry
/// bears the file's name with `.csv`), else plain.
inline std::string packed_for(const std::filesystem::path& path, std::string_view text) {
  const std::string name = base_name(path);
  if (detail::ends_with_ignoring_case(name, ".zip")) {
    return pack_zip(name.substr(0, name.size() - 4) + ".csv", text);
  }
  if (detail::ends_with_ignoring_case(name, ".gz")) return pack_gzip(text);
  return std::string(text);
}

/// Writes `text` as `packed_for` says; as `write_file`.
inline void write_text(const std::filesystem::path& path, std::string_view text) {
  StagedFile(path, packed_for(path, text)).publish();
}

}  // namespace cxrlt
