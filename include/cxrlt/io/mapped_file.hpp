// SPDX-License-Identifier: Apache-2.0
/// A file as memory: its pages are read where they are touched, and nothing is copied.
#pragma once

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace cxrlt {

/// A regular file mapped into memory, for reading. Limits: whoever shortens the file while it is
/// mapped ends the program (a bus error; on Windows the shortening fails), and who changes it
/// changes what is read.
class MappedFile {
 public:
  /// Nothing for a file that cannot be opened, is empty or cannot be mapped, such as a pipe; it may
  /// still be possible to read it.
  static std::optional<MappedFile> open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~MappedFile() { unmap(); }

  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

  /// Says that `part` of `bytes()` is not needed soon: its pages leave this process's memory, and
  /// come back where they are touched again.
  void release(std::string_view part) const;

 private:
  MappedFile(void* data, std::size_t size) : data_(data), size_(size) {}
  void unmap();

  void* data_ = nullptr;
  std::size_t size_ = 0;
};

#if defined(_WIN32)

inline std::optional<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  const HANDLE file = CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr,
                                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return std::nullopt;
  LARGE_INTEGER size{};
  void* data = nullptr;
  const bool fits =
      GetFileSizeEx(file, &size) != 0 && size.QuadPart > 0 &&
      static_cast<std::uint64_t>(size.QuadPart) <= std::numeric_limits<std::size_t>::max();
  const HANDLE mapping =
      fits ? CreateFileMappingW(file, nullptr, PAGE_READONLY, 0, 0, nullptr) : nullptr;
  if (mapping != nullptr) {
    data = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    CloseHandle(mapping);
  }
  CloseHandle(file);
  if (data == nullptr) return std::nullopt;
  return MappedFile(data, static_cast<std::size_t>(size.QuadPart));
}

inline void MappedFile::release(std::string_view) const {}

inline void MappedFile::unmap() {
  if (data_ != nullptr) UnmapViewOfFile(data_);
}

#else

inline std::optional<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  // Without waiting, should the file have become a pipe that nobody writes to.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return std::nullopt;
  struct stat status {};
  void* data = MAP_FAILED;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
      static_cast<std::uintmax_t>(status.st_size) <= std::numeric_limits<std::size_t>::max()) {
    data = mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, file, 0);
  }
  ::close(file);
  if (data == MAP_FAILED) return std::nullopt;
  return MappedFile(data, static_cast<std::size_t>(status.st_size));
}

inline void MappedFile::release(std::string_view part) const {
  // Only whole pages; those that the part shares with its neighbours stay.
  const auto page = static_cast<std::uintptr_t>(std::max(1L, sysconf(_SC_PAGESIZE)));
  const auto begin = reinterpret_cast<std::uintptr_t>(part.data());
  const std::uintptr_t first = (begin + page - 1) / page * page;
  const std::uintptr_t last = (begin + part.size()) / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

inline void MappedFile::unmap() {
  if (data_ != nullptr) munmap(data_, size_);
}

#endif

}  // namespace cxrlt
