// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/core/parallel.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace cxrlt;

TEST_CASE("parallel_for visits every item exactly once") {
  for (const int threads : {0, 1, 2, 4, 9}) {
    for (const std::size_t n :
         {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{1000}}) {
      std::vector<std::atomic<int>> visits(n);
      parallel_for(n, Cpu{threads}, [&](std::size_t i) { ++visits[i]; });
      for (const auto& count : visits) CHECK(count == 1);
    }
  }
}

TEST_CASE("parallel_for uses the threads it is given, and no more") {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  parallel_for(64, Cpu{3}, [&](std::size_t) {
    const int now = ++running;
    int before = most;
    while (before < now && !most.compare_exchange_weak(before, now)) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    --running;
  });
  CHECK(most >= 2);
  CHECK(most <= 3);
  const auto self = std::this_thread::get_id();
  bool elsewhere = false;
  parallel_for(8, Cpu{1}, [&](std::size_t) { elsewhere |= std::this_thread::get_id() != self; });
  CHECK_FALSE(elsewhere);
}

TEST_CASE("the exception of the lowest item comes out, on any number of threads") {
  for (const int threads : {1, 2, 4}) {
    for (int repetition = 0; repetition < 20; ++repetition) {
      std::string message;
      try {
        parallel_for(100, Cpu{threads}, [&](std::size_t i) {
          if (i == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
          throw std::runtime_error(std::to_string(i));
        });
      } catch (const std::runtime_error& error) {
        message = error.what();
      }
      CHECK(message == "0");
    }
  }
}

TEST_CASE("after an exception the rest is not started") {
  std::atomic<int> started{0};
  CHECK_THROWS_AS(parallel_for(100000, Cpu{2},
                               [&](std::size_t) {
                                 ++started;
                                 throw std::runtime_error("stop");
                               }),
                  std::runtime_error);
  CHECK(started < 1000);
}

TEST_CASE("small work stays on one thread") {
  CHECK(for_size(Cpu{4}, 499'999).threads == 1);
  CHECK(for_size(Cpu{4}, 500'000).threads == 4);
  CHECK(for_size(Cpu{}, 5'000'000).threads == 0);
}

namespace {

/// A body that no thread can be started with.
struct NoThread {
  NoThread() = default;
  NoThread(const NoThread& /*other*/) {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
  }
  void operator()() const {}
};

}  // namespace

TEST_CASE("a thread that the system does not grant is no error; those that run are joined") {
  std::atomic<int> n_run{0};
  {
    detail::JoiningThreads threads;
    CHECK(threads.start([&n_run] { ++n_run; }));
    CHECK_FALSE(threads.start(NoThread{}));
    CHECK(threads.start([&n_run] { ++n_run; }));
  }
  CHECK(n_run == 2);
}
