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

class Workspace;

/// Where counting runs: on the processor's cores.
struct Cpu {
  int threads = 0;                 ///< 0: all cores
  Workspace* workspace = nullptr;  ///< scratch memory to keep from call to call, if any
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

/// The largest number of threads at work on n items.
inline std::size_t n_workers(std::size_t n, const Cpu& policy) {
  const std::size_t wanted = policy.threads > 0 ? static_cast<std::size_t>(policy.threads)
                                                : std::max(1U, std::thread::hardware_concurrency());
  return std::max<std::size_t>(1, std::min(n, wanted));
}

/// Calls `body(i, worker)` for every i in [0, n), each exactly once, on up to `policy.threads`
/// threads; on fewer where the system grants no more. Calls with the same `worker`, which is below
/// `n_workers(n, policy)`, come one after the other, so that they may share scratch memory.
/// The exception of the lowest i that threw is thrown again here; later items may be left out then.
template <class Body>
void parallel_for_workers(std::size_t n, const Cpu& policy, const Body& body) {
  const std::size_t n_threads = n_workers(n, policy);
  if (n_threads <= 1) {
    for (std::size_t i = 0; i < n; ++i) body(i, std::size_t{0});
    return;
  }
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t failed = n;
  std::exception_ptr error;
  const auto work = [&](std::size_t worker) {
    for (std::size_t i = next++; i < n; i = next++) {
      try {
        body(i, worker);
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
    for (std::size_t worker = 1; worker < n_threads; ++worker) {
      if (!threads.start([&work, worker] { work(worker); })) break;
    }
    work(0);
  }
  if (error) std::rethrow_exception(error);
}

/// Calls `body(i)` for every i in [0, n), as `parallel_for_workers`.
template <class Body>
void parallel_for(std::size_t n, const Cpu& policy, const Body& body) {
  parallel_for_workers(n, policy, [&body](std::size_t i, std::size_t) { body(i); });
}

/// The policy for `n_cells` scores: one thread below about half a million, where starting threads
/// costs more than it saves.
inline Cpu for_size(const Cpu& policy, std::size_t n_cells) {
  return {n_cells < 500'000 ? 1 : policy.threads, policy.workspace};
}

}  // namespace cxrlt
