// SPDX-License-Identifier: Apache-2.0
/// Writing a file whole or not at all.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
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

/// Writes a file piece by piece; throws where any of it fails, which a full disk may do as late as
/// on closing.
class FileWriter {
 public:
  /// @param named  what messages call the file
  FileWriter(const std::filesystem::path& file, const std::filesystem::path& named)
      : named_(named) {
    errno = 0;
    stream_.open(file, std::ios::binary | std::ios::trunc);
    check();
  }

  void write(std::string_view piece) {
    stream_.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    check();
  }

  void close() {
    stream_.close();
    check();
  }

 private:
  void check() const {
    if (stream_) return;
    const int code = errno;
    throw_not_writable(named_, code == 0 ? "" : std::generic_category().message(code));
  }

  std::filesystem::path named_;
  std::ofstream stream_;
};

inline void write_directly(const std::filesystem::path& file, std::string_view content,
                           const std::filesystem::path& named) {
  FileWriter writer(file, named);
  writer.write(content);
  writer.close();
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

/// Takes a text piece by piece.
using TextSink = std::function<void(std::string_view)>;

/// A file that is written under a temporary name in the folder of `path` and gets its own by
/// `publish`; without that nothing of it stays. Several can so be prepared before any is there. A
/// symbolic link stays and its target is replaced, with the permissions that it had; devices and
/// pipes are written to directly, by `publish`. Throws `DataError` (`not_writable`).
class StagedFile {
 public:
  StagedFile(const std::filesystem::path& path, std::string content) : StagedFile(path) {
    if (temporary_) {
      detail::write_directly(temporary_->path(), content, path_);
      take_permissions();
    } else {
      content_ = std::move(content);
    }
  }

  /// Content that need not be in memory as a whole: `produce` hands it on piece by piece.
  StagedFile(const std::filesystem::path& path, const std::function<void(const TextSink&)>& produce)
      : StagedFile(path) {
    if (!temporary_) {
      produce([this](std::string_view piece) { content_ += piece; });
      return;
    }
    detail::FileWriter writer(temporary_->path(), path_);
    produce([&writer](std::string_view piece) { writer.write(piece); });
    writer.close();
    take_permissions();
  }

  /// Where the content lies before it is published; none for devices and pipes.
  std::optional<std::filesystem::path> staged_path() const {
    if (!temporary_) return std::nullopt;
    return temporary_->path();
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
  explicit StagedFile(std::filesystem::path path) : path_(std::move(path)), target_(path_) {
    std::error_code error;
    if (std::filesystem::is_symlink(path_, error)) {
      target_ = std::filesystem::weakly_canonical(path_, error);
      if (error) detail::throw_not_writable(path_, error.message());
    }
    const std::filesystem::file_status status = std::filesystem::status(target_, error);
    if (std::filesystem::is_directory(status)) {
      detail::throw_not_writable(path_, "this is a folder");
    }
    const bool exists = std::filesystem::exists(status);
    if (exists && !std::filesystem::is_regular_file(status)) return;
    temporary_.emplace(detail::temporary_name(target_.parent_path()));
    if (exists) permissions_ = status.permissions();
  }

  /// Those of the file that is replaced.
  void take_permissions() const {
    if (!permissions_) return;
    std::error_code error;
    std::filesystem::permissions(temporary_->path(), *permissions_, error);
    if (error) detail::throw_not_writable(path_, error.message());
  }

  std::filesystem::path path_;
  std::filesystem::path target_;
  std::string content_;
  std::optional<detail::TemporaryFile> temporary_;
  std::optional<std::filesystem::perms> permissions_;
};

/// Writes `content` to `path`, byte for byte, so that a failure leaves what was there before and
/// nothing else; see `StagedFile`.
inline void write_file(const std::filesystem::path& path, std::string_view content) {
  StagedFile(path, std::string(content)).publish();
}

/// Whether a file of that name is packed: it ends in `.gz` or `.zip`.
inline bool is_packed_name(const std::filesystem::path& path) {
  const std::string name = base_name(path);
  return detail::ends_with_ignoring_case(name, ".zip") ||
         detail::ends_with_ignoring_case(name, ".gz");
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
