// SPDX-License-Identifier: Apache-2.0
/// A progress bar on standard error, where that is a terminal.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>

namespace cxrlt::cli {

/// Counts steps from any thread and draws the bar; clears it when it goes.
class Progress {
 public:
  Progress(std::string what, std::size_t n_steps, bool quiet);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// One more step is done.
  void step();

 private:
  void draw() const;

  std::string what_;
  std::size_t n_steps_;
  std::size_t done_ = 0;
  bool visible_;
  std::mutex mutex_;
};

}  // namespace cxrlt::cli
