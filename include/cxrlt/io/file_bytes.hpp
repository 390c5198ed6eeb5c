// SPDX-License-Identifier: Apache-2.0
/// The bytes of a file, in memory or mapped.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "cxrlt/io/mapped_file.hpp"

namespace cxrlt {

/// Bytes that never change. Copies are cheap and share them.
class FileBytes {
 public:
  FileBytes() = default;

  FileBytes(std::string bytes)  // NOLINT(google-explicit-constructor)
      : owned_(std::make_shared<const std::string>(std::move(bytes))), view_(*owned_) {}

  FileBytes(MappedFile map)  // NOLINT(google-explicit-constructor)
      : map_(std::make_shared<const MappedFile>(std::move(map))), view_(map_->bytes()) {}

  /// Valid as long as this or a copy lives.
  std::string_view view() const { return view_; }
  operator std::string_view() const { return view_; }  // NOLINT(google-explicit-constructor)
  std::size_t size() const { return view_.size(); }

  /// Leaves out the first `n` bytes.
  void remove_prefix(std::size_t n) { view_.remove_prefix(n); }

  /// Says that `part` of the view is not needed soon; a map gives its memory back.
  void release(std::string_view part) const {
    if (map_) map_->release(part);
  }

 private:
  std::shared_ptr<const std::string> owned_;
  std::shared_ptr<const MappedFile> map_;
  std::string_view view_;
};

}  // namespace cxrlt
