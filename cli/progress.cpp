// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"

#include <cstdio>
#include <utility>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace cxrlt::cli {

namespace {

bool stderr_is_terminal() {
#ifdef _WIN32
  return _isatty(_fileno(stderr)) != 0;
#else
  return isatty(fileno(stderr)) != 0;
#endif
}

}  // namespace

Progress::Progress(std::string what, std::size_t n_steps, bool quiet)
    : what_(std::move(what)),
      n_steps_(n_steps),
      visible_(!quiet && n_steps > 1 && stderr_is_terminal()) {}

Progress::~Progress() {
  if (visible_) std::fputs("\r\033[K", stderr);
}

void Progress::step() {
  const std::lock_guard lock(mutex_);
  ++done_;
  // A hundred redraws are enough for the eye.
  if (visible_ && (done_ * 100) / n_steps_ != ((done_ - 1) * 100) / n_steps_) draw();
}

void Progress::draw() const {
  constexpr std::size_t width = 30;
  const std::size_t filled = width * done_ / n_steps_;
  const std::string bar = std::string(filled, '#') + std::string(width - filled, '.');
  std::fprintf(stderr, "\r%s [%s] %zu/%zu", what_.c_str(), bar.c_str(), done_, n_steps_);
}

}  // namespace cxrlt::cli
