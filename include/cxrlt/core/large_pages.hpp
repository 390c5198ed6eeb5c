// SPDX-License-Identifier: Apache-2.0
/// Memory for large arrays: at the start of a cache line, in large pages where the system has them,
/// and not written before it is used.
#pragma once

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace cxrlt::detail {

/// Leaves new elements as they are, where a vector would first write zeros into all of them. Pages
/// of 4 KiB cost more time than the numbers that fill them.
template <class T>
struct UninitialisedAllocator : std::allocator<T> {
  T* allocate(std::size_t n) {
    const std::size_t bytes = n * sizeof(T);
    void* const data = ::operator new (bytes, std::align_val_t{alignment(bytes)});
#if defined(__linux__)
    if (bytes >= kLargePage) madvise(data, bytes / kLargePage * kLargePage, MADV_HUGEPAGE);
#endif
    return static_cast<T*>(data);
  }
  void deallocate(T* data, std::size_t n) {
    ::operator delete (data, std::align_val_t{alignment(n * sizeof(T))});
  }
  template <class U>
  struct rebind {
    using other = UninitialisedAllocator<U>;
  };
  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }

 private:
  static constexpr std::size_t kCacheLine = 64;
  static constexpr std::size_t kLargePage = 2U << 20;
  static constexpr std::size_t alignment(std::size_t bytes) {
    return bytes >= kLargePage ? kLargePage : kCacheLine;
  }
};

/// A vector of such memory.
template <class T>
using LargeVector = std::vector<T, UninitialisedAllocator<T>>;

}  // namespace cxrlt::detail
