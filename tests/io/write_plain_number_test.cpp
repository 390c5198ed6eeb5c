// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/detail/write_plain_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"

namespace {

/// The text; "" where the value is left to {fmt}.
std::string plain(double value) {
  std::array<char, 26> text{};
  const char* const end = cxrlt::detail::write_plain_number(value, text.data());
  return end == nullptr ? "" : std::string(static_cast<const char*>(text.data()), end);
}

/// Compares with {fmt}; true where the value is written.
bool is_written_alike(double value) {
  const std::string text = plain(value);
  if (text.empty()) return false;
  if (text != fmt::format("{}", value)) {
    CAPTURE(value);
    CHECK(text == fmt::format("{}", value));
  }
  return true;
}

}  // namespace

TEST_CASE("probabilities are written with as few digits as read back") {
  CHECK(plain(0.1) == "0.1");
  CHECK(plain(0.3) == "0.3");
  CHECK(plain(0.1 + 0.2) == "0.30000000000000004");
  CHECK(plain(0.75) == "0.75");
  CHECK(plain(0.0001) == "0.0001");
  CHECK(plain(0.00123) == "0.00123");
  CHECK(plain(2.0 / 3) == "0.6666666666666666");
  CHECK(plain(std::nextafter(1.0, 0.0)) == "0.9999999999999999");
  CHECK(plain(1.0 / 8191) == "0.00012208521548040532");
  CHECK(plain(1e-5) == "1e-05");
  CHECK(plain(std::nextafter(1e-4, 0.0)) == "9.999999999999999e-05");
  CHECK(plain(1.25e-10) == "1.25e-10");
}

TEST_CASE("all other values are left alone") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double value :
       {0.0, -0.0, 1.0, 1.5, -0.3, -1e-5, 1e-10, 0.5, 0.25, 0.0009765625, 1e300, 5e-324, infinity,
        -infinity, std::numeric_limits<double>::quiet_NaN()}) {
    CAPTURE(value);
    CHECK(plain(value).empty());
  }
}

TEST_CASE("doubles of every exponent are written as {fmt} writes them") {
  cxrlt::Random random(5);
  int n_written = 0;
  int n = 0;
  for (int exponent = -36; exponent < 1; ++exponent) {
    for (int i = 0; i < 20'000; ++i, ++n) {
      n_written += is_written_alike(std::ldexp(1 + random.uniform(), exponent)) ? 1 : 0;
    }
  }
  // All but those below 2^-33 and in [1, 2).
  CHECK(n_written > n * 32 / 37);
}

TEST_CASE("decimals and their neighbours are written as {fmt} writes them") {
  cxrlt::Random random(6);
  int n_written = 0;
  int n = 0;
  for (int places = 1; places < 20; ++places) {
    const double unit = std::pow(10.0, -places);
    for (int i = 0; i < 5'000; ++i) {
      double value = std::round(random.uniform() / unit) * unit;
      for (int neighbour = 0; neighbour < 3; ++neighbour, ++n) {
        n_written += is_written_alike(value) ? 1 : 0;
        value = std::nextafter(value, random.below(2) == 0 ? 0.0 : 1.0);
      }
    }
  }
  CHECK(n_written > n / 2);
}

TEST_CASE("decimals of few digits are written as {fmt} writes them") {
  int n_written = 0;
  for (int places = 1; places < 10; ++places) {
    for (int digits = 1; digits < 1000; ++digits) {
      n_written += is_written_alike(std::stod(fmt::format("{}e-{}", digits, places))) ? 1 : 0;
    }
  }
  CHECK(n_written > 7'000);
}

TEST_CASE("doubles of few bits, which have short neighbours and ties, are written as {fmt} does") {
  int n_written = 0;
  for (int bits = 2; bits < 20; ++bits) {
    const double unit = std::ldexp(1.0, -bits);
    for (int i = 1; i < 1 << std::min(bits, 14); ++i) n_written += is_written_alike(i * unit);
  }
  CHECK(n_written > 10'000);
}

TEST_CASE("eight digits are split") {
  for (const std::uint64_t number :
       {0U, 7U, 10U, 99U, 100U, 9'999U, 10'000U, 12'345'678U, 99'999'999U, 90'000'009U}) {
    const std::uint64_t digits = cxrlt::detail::split_digits(number);
    const std::string expected = fmt::format("{:08}", number);
    for (std::size_t i = 0; i < 8; ++i) {
      CHECK((digits >> (8 * i) & 0xFFU) == static_cast<std::uint64_t>(expected[i] - '0'));
    }
  }
}
