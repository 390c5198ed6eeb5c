// SPDX-License-Identifier: Apache-2.0
/// Runs the program as a user would, and a folder that goes away with the test.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "paths.hpp"

#ifndef _WIN32
#include <sys/wait.h>
#endif

/// A fresh folder, removed with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static std::atomic<int> count{0};
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    path_ = std::filesystem::temp_directory_path() /
            ("cxrlt_test_" + std::to_string(now) + "_" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// A file, byte for byte; empty where there is none.
inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline void create_file(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// What a command left: its exit code (-1: it did not end by itself) and what it wrote.
struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

/// Runs a line of the shell.
inline Outcome run_line(const std::string& line) {
  const TemporaryFolder folder;
  const std::string out = folder / "out";
  const std::string err = folder / "err";
  const std::string redirected = line + " >\"" + out + "\" 2>\"" + err + "\"";
#ifdef _WIN32
  const int code = std::system(("\"" + redirected + "\"").c_str());
#else
  const int status = std::system(redirected.c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
#endif
  return {code, read_file(out), read_file(err)};
}

/// Runs the program with these arguments, which may hold blanks but no quotes.
inline Outcome run_program(const std::vector<std::string>& arguments) {
  std::string line = "\"" + program_path() + "\"";
  for (const std::string& argument : arguments) line += " \"" + argument + "\"";
  return run_line(line);
}
