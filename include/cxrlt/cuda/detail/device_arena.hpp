// SPDX-License-Identifier: Apache-2.0
/// Device memory that is handed out from the front and given back all at once.
#pragma once

#include <thrust/device_free.h>
#include <thrust/device_malloc.h>
#include <thrust/device_ptr.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/cuda/detail/system.hpp"

namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM {

class DeviceArena {
 public:
  /// How much was handed out at some time.
  struct Mark {
    std::size_t block = 0;
    std::size_t used = 0;
  };

  DeviceArena() = default;
  DeviceArena(DeviceArena&& other) noexcept
      : blocks_(std::exchange(other.blocks_, {})), mark_(std::exchange(other.mark_, {})) {}
  DeviceArena& operator=(DeviceArena&& other) noexcept {
    std::swap(blocks_, other.blocks_);
    std::swap(mark_, other.mark_);
    return *this;
  }
  ~DeviceArena() { free_blocks(); }

  Mark mark() const { return mark_; }

  /// Takes back what was handed out since.
  void release(Mark mark) { mark_ = mark; }

  /// Takes back everything. What lay in several blocks will find one that holds it all.
  void clear() {
    mark_ = {};
    if (blocks_.size() < 2) return;
    std::size_t total = 0;
    for (const Block& block : blocks_) total += block.size;
    free_blocks();
    add_block(total);
  }

  void* allocate(std::size_t n_bytes) {
    const std::size_t n = (n_bytes + alignment - 1) / alignment * alignment;
    while (mark_.block < blocks_.size() && mark_.used + n > blocks_[mark_.block].size) {
      mark_ = {mark_.block + 1, 0};
    }
    if (mark_.block == blocks_.size()) add_block(std::max(n, least_block));
    std::byte* const begin = thrust::raw_pointer_cast(blocks_[mark_.block].bytes) + mark_.used;
    mark_.used += n;
    return begin;
  }

 private:
  static constexpr std::size_t alignment = 256;
  static constexpr std::size_t least_block = std::size_t{16} << 20;

  struct Block {
    thrust::device_ptr<std::byte> bytes;
    std::size_t size = 0;
  };

  void add_block(std::size_t size) {
    try {
      blocks_.push_back({thrust::device_malloc<std::byte>(size), size});
    } catch (const std::exception&) {
      throw Error("the device has no room for " + std::to_string(size) +
                  " bytes of scratch memory");
    }
  }

  void free_blocks() noexcept {
    for (const Block& block : blocks_) {
      try {
        thrust::device_free(block.bytes);
      } catch (const std::exception&) {  // the device is gone, and its memory with it
      }
    }
    blocks_.clear();
    mark_ = {};
  }

  std::vector<Block> blocks_;
  Mark mark_;
};

/// The arena as an allocator for the scratch memory of Thrust's algorithms.
struct ArenaAllocator {
  using value_type = char;

  DeviceArena* arena = nullptr;

  char* allocate(std::ptrdiff_t n_bytes) {
    return static_cast<char*>(arena->allocate(static_cast<std::size_t>(n_bytes)));
  }
  void deallocate(char*, std::size_t) {}
};

}  // namespace cxrlt::detail::inline CXRLT_DEVICE_SYSTEM
