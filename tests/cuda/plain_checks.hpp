// SPDX-License-Identifier: Apache-2.0
/// What these tests use of Catch2, for machines with a device but without Catch2, and because nvcc
/// takes long to compile it.
#pragma once

#include <algorithm>
#include <cstdio>
#include <exception>
#include <sstream>
#include <string>
#include <vector>

namespace plain {

struct Test {
  const char* name;
  void (*run)();
};

inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

inline std::vector<std::string>& captured() {
  static std::vector<std::string> values;
  return values;
}

/// What a REQUIRE that failed throws.
struct Stop {};

inline int n_failed = 0;
inline long n_checks = 0;

inline bool check(bool holds, const char* text, const char* file, int line) {
  ++n_checks;
  if (holds) return true;
  ++n_failed;
  std::printf("%s:%d: failed: %s\n", file, line, text);
  for (const std::string& value : captured()) std::printf("    with %s\n", value.c_str());
  return false;
}

/// Values to be printed with a failure, while the scope lasts.
class Capture {
 public:
  template <class... Values>
  explicit Capture(const char* names, const Values&... values) : size_(captured().size()) {
    std::ostringstream text;
    text << names << " =";
    ((text << ' ' << values), ...);
    captured().push_back(text.str());
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() { captured().resize(size_); }

 private:
  std::size_t size_;
};

/// Runs the tests whose name contains one of the texts, or all if there is none; the number of
/// failures.
inline int run(const std::vector<std::string>& texts) {
  for (const Test& test : tests()) {
    const std::string name = test.name;
    if (!texts.empty() && std::none_of(texts.begin(), texts.end(), [&](const std::string& text) {
          return name.find(text) != std::string::npos;
        })) {
      continue;
    }
    const int failed_before = n_failed;
    try {
      test.run();
    } catch (const Stop&) {
    } catch (const std::exception& error) {
      ++n_failed;
      std::printf("threw: %s\n", error.what());
    }
    std::printf("%s  %s\n", n_failed == failed_before ? "passed" : "FAILED", test.name);
  }
  std::printf("%ld checks, %d failed\n", n_checks, n_failed);
  return n_failed;
}

}  // namespace plain

#define PLAIN_JOIN_(a, b) a##b
#define PLAIN_JOIN(a, b) PLAIN_JOIN_(a, b)
#define PLAIN_TEST_CASE(name, function)                 \
  static void function();                               \
  static const bool PLAIN_JOIN(function, _known) = [] { \
    plain::tests().push_back({name, function});         \
    return true;                                        \
  }();                                                  \
  static void function()
#define TEST_CASE(name) PLAIN_TEST_CASE(name, PLAIN_JOIN(plain_test_, __COUNTER__))
#define CHECK(...) plain::check(bool(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
#define REQUIRE(...) \
  if (!CHECK(__VA_ARGS__)) throw plain::Stop()
#define CAPTURE(...) const plain::Capture PLAIN_JOIN(capture_, __LINE__)(#__VA_ARGS__, __VA_ARGS__)
