// SPDX-License-Identifier: Apache-2.0
/// Scratch memory of the counting, kept from call to call.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

#include "cxrlt/counting/threshold_counts.hpp"

namespace cxrlt {

namespace detail {

struct WorkspaceAccess;

/// A piece of memory that grows when more is asked for. What it holds is lost then.
class Buffer {
 public:
  /// Room for `n` objects of a trivial type, not initialised, at the start of a cache line.
  template <class T>
  T* room_for(std::size_t n) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= alignment);
    if (n * sizeof(T) > size_) {
      bytes_.reset();
      size_ = 0;
      bytes_.reset(
          static_cast<std::byte*>(::operator new (n * sizeof(T), std::align_val_t{alignment})));
      size_ = n * sizeof(T);
    }
    return reinterpret_cast<T*>(bytes_.get());
  }

 private:
  static constexpr std::size_t alignment = 64;
  struct Free {
    void operator()(std::byte* bytes) const {
      ::operator delete (bytes, std::align_val_t{alignment});
    }
  };
  std::unique_ptr<std::byte, Free> bytes_;
  std::size_t size_ = 0;
};

/// What counting one class needs, one class at a time.
struct ClassScratch {
  Buffer keys;      ///< of a class that is read by itself
  Buffer bits;      ///< its labels
  Buffer words;     ///< keys and labels together
  Buffer kept;      ///< the words that matter
  Buffer sorted;    ///< the other side of a radix pass
  Buffer distinct;  ///< one word of each value
  Buffer counters;  ///< of digits
  Buffer bins;      ///< counters of bins or values
  ThresholdCounts<> counts;
};

}  // namespace detail

/// Scratch memory that counting may keep from one call to the next, which saves asking the system
/// for it again and again: worth it where many small matrices are counted, as in a training loop.
/// Grows to about 4 bytes per float score (8 per double) of a block of classes, at most 64 MiB or
/// 16 classes, and a few times the size of one class for each thread. One call at a time may use
/// it; results do not depend on it.
class Workspace {
 public:
  Workspace() = default;

 private:
  friend struct detail::WorkspaceAccess;

  detail::Buffer keys_;
  detail::Buffer bits_;
  std::vector<detail::ClassScratch> workers_;
};

namespace detail {

/// What the counting uses of a workspace.
struct WorkspaceAccess {
  static Buffer& keys(Workspace& workspace) { return workspace.keys_; }
  static Buffer& bits(Workspace& workspace) { return workspace.bits_; }
  static std::vector<ClassScratch>& workers(Workspace& workspace) { return workspace.workers_; }
};

}  // namespace detail

}  // namespace cxrlt
