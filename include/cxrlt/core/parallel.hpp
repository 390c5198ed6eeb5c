// SPDX-License-Identifier: Apache-2.0
/// A plain parallel loop on `std::thread`. It promises nothing about order, so a body writes only
/// to its own slot and sums are formed afterwards, in one fixed order.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace cxrlt {

/// Where counting runs: on the processor's cores.
struct Cpu {
  int threads = 0;  ///< 0: all cores
};

namespace detail {

/// Joins its threads when it goes, also when a body throws.
class JoiningThreads {
 public:
  JoiningThreads() = default;
  JoiningThreads(const JoiningThreads&) = delete;
  JoiningThreads& operator=(const JoiningThreads&) = delete;
  ~JoiningThreads() {
    for (std::thread& thread : threads_) thread.join();
  }

  /// Runs `body` on a thread of its own; false where the system grants no further thread.
  template <class Body>
  bool start(const Body& body) {
    try {
      threads_.emplace_back(body);
    } catch (const std::system_error&) {
      return false;
    }
    return true;
  }

 private:
  std::vector<std::thread> threads_;
};

}  // namespace detail

/// Calls `body(i)` for every i in [0, n), each exactly once, on up to `policy.threads` threads; on
/// fewer where the system grants no more.
/// The exception of the lowest i that threw is thrown again here; later items may be left out then.
template <class Body>
void parallel_for(std::size_t n, const Cpu& policy, const Body& body) {
  const std::size_t wanted = policy.threads > 0 ? static_cast<std::size_t>(policy.threads)
                                                : std::max(1U, std::thread::hardware_concurrency());
  const std::size_t n_threads = std::min(n, wanted);
  if (n_threads <= 1) {
    for (std::size_t i = 0; i < n; ++i) body(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t failed = n;
  std::exception_ptr error;
  const auto work = [&] {
    for (std::size_t i = next++; i < n; i = next++) {
      try {
        body(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (i < failed) {
          failed = i;
          error = std::current_exception();
        }
        next = n;
      }
    }
  };
  {
    detail::JoiningThreads threads;
    for (std::size_t t = 1; t < n_threads; ++t) {
      if (!threads.start(work)) break;
    }
    work();
  }
  if (error) std::rethrow_exception(error);
}

/// The policy for `n_cells` scores: one thread below about half a million, where starting threads
/// costs more than it saves.
inline Cpu for_size(const Cpu& policy, std::size_t n_cells) {
  return n_cells < 500'000 ? Cpu{1} : policy;
}

}  // namespace cxrlt
