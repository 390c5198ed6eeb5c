// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/detail/plain_number.hpp"

#include <bit>
#include <cstdio>
#include <string>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/io/number.hpp"

namespace {

const std::string kBefore(24, '9');

/// Reads a cell as `parse_number` would or not at all; true where it is read.
bool is_read_alike(const std::string& cell) {
  const std::string text = kBefore + cell + ",";
  double value = 0;
  const char* const at = text.data() + kBefore.size();
  if (!cxrlt::detail::read_plain_number(at, at + cell.size(), value)) return false;
  std::string trimmed = cell;
  if (trimmed.ends_with('\r')) trimmed.pop_back();
  const cxrlt::ParsedNumber expected = cxrlt::parse_number(trimmed);
  CAPTURE(cell, value);
  CHECK(expected.kind == cxrlt::NumberKind::number);
  CHECK(std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(expected.value));
  return true;
}

}  // namespace

TEST_CASE("plain numbers are read, to the nearest double") {
  for (const char* cell :
       {"0.5", "0.0", "-0.0", "1.0", "9.9999999999999", "0.0771565089509", "-3.25",
        "0.1234567890123456", "0.1\r", "1.25e-05", "7.123456789e+10", "0.00000000000001",
        "9.007199254740992", "-1.5e-07\r", "0.30000000001"}) {
    CAPTURE(cell);
    CHECK(is_read_alike(cell));
  }
}

TEST_CASE("all other cells are left alone") {
  for (const char* cell : {"",
                           "0",
                           "1",
                           "-",
                           ".",
                           ".5",
                           "5.",
                           "-.5",
                           "+0.5",
                           " 0.5",
                           "0.5 ",
                           "12.5",
                           "0.5e5",
                           "0.1e-",
                           "0.5x",
                           "x.5",
                           "0,5",
                           "0.5.5",
                           "0.-5",
                           "\"0.5\"",
                           "nan",
                           "inf",
                           "0x1.8p3",
                           "1.5e-5",
                           "1.2345e-99",
                           "1.5e+99",
                           "9.007199254740993",
                           "0.12345678901234567",
                           "1.23e-0x",
                           "1.23e*05",
                           "0.1234567:",
                           "0.1234567/",
                           "0.\xB0"
                           "5",
                           "\r",
                           "0.\r",
                           "0.\xFF\xFF\xFF"}) {
    CAPTURE(cell);
    CHECK_FALSE(is_read_alike(cell));
  }
}

TEST_CASE("numbers of every length are read as parse_number reads them") {
  cxrlt::Random random(11);
  int n_read = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string cell = random.below(4) == 0 ? "-" : "";
    cell += static_cast<char>('0' + random.below(10));
    cell += '.';
    const std::uint32_t n_digits = 1 + random.below(17);
    for (std::uint32_t k = 0; k < n_digits; ++k) cell += static_cast<char>('0' + random.below(10));
    if (random.below(3) == 0) {
      char exponent[8];
      std::snprintf(exponent, sizeof exponent, "e%c%02u", random.below(2) == 0 ? '-' : '+',
                    random.below(30));
      cell += exponent;
    }
    // Some cells with a byte that is no digit, anywhere.
    if (random.below(5) == 0) {
      cell[random.below(static_cast<std::uint32_t>(cell.size()))] =
          static_cast<char>(random.below(256));
      if (cell.find_first_of(",\n \t\r") != std::string::npos) continue;
    }
    n_read += is_read_alike(cell) ? 1 : 0;
  }
  CHECK(n_read > 100'000);
}
