// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/number.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "catch.hpp"

using cxrlt::has_decimal_comma;
using cxrlt::NumberKind;
using cxrlt::parse_number;

namespace {

bool reads_as(const std::string& cell, double value) {
  const auto number = parse_number(cell);
  return number.kind == NumberKind::number &&
         std::bit_cast<std::uint64_t>(number.value) == std::bit_cast<std::uint64_t>(value);
}

}  // namespace

TEST_CASE("numbers with sign, point and exponent are read to the nearest double") {
  CHECK(reads_as("0", 0.0));
  CHECK(reads_as("-0", -0.0));
  CHECK(reads_as("+1.5", 1.5));
  CHECK(reads_as("-2.5e-3", -0.0025));
  CHECK(reads_as("1E3", 1000));
  CHECK(reads_as("1e+3", 1000));
  CHECK(reads_as(".5", 0.5));
  CHECK(reads_as("5.", 5));
  CHECK(reads_as("00012", 12));
  CHECK(reads_as("0.1000000000000000055511151231257827", 0.1));
  CHECK(reads_as("9007199254740993", 9007199254740992));
  CHECK(reads_as("1.7976931348623157e308", std::numeric_limits<double>::max()));
}

TEST_CASE("underflow is the nearest double, overflow is its own kind") {
  CHECK(reads_as("4.9406564584124654e-324", std::numeric_limits<double>::denorm_min()));
  CHECK(reads_as("2e-324", 0.0));
  CHECK(reads_as("1e-400", 0.0));
  CHECK(reads_as("-1e-400", -0.0));
  CHECK(reads_as("1e-99999999999", 0.0));
  CHECK(reads_as("0e99999", 0.0));
  for (const char* cell : {"1e309", "-1e309", "1e400", "1.8e308", "1e99999999999"}) {
    CAPTURE(cell);
    CHECK(parse_number(cell).kind == NumberKind::overflow);
    CHECK(cxrlt::is_nan(parse_number(cell).value));
  }
  CHECK(parse_number(std::string(400, '9')).kind == NumberKind::overflow);
}

TEST_CASE("nan and inf are recognised in any case") {
  for (const char* cell : {"nan", "NaN", "NAN", "-nan", "+NaN"}) {
    CAPTURE(cell);
    CHECK(parse_number(cell).kind == NumberKind::nan);
  }
  for (const char* cell : {"inf", "Inf", "+INF", "infinity", "Infinity"}) {
    CAPTURE(cell);
    CHECK(parse_number(cell).kind == NumberKind::infinite);
    CHECK(parse_number(cell).value == std::numeric_limits<double>::infinity());
  }
  CHECK(parse_number("-inf").value == -std::numeric_limits<double>::infinity());
}

TEST_CASE("everything else is not a number") {
  CHECK(parse_number("").kind == NumberKind::empty);
  for (const char* cell : {"abc", "0x1p3", "0x10",         "1,5",    "1e",   "1e+",     "e5",
                           "--1", "+-1",   "-+1",          "++1",    "+",    "-",       ".",
                           "+.",  "1.2.3", "1 2",          "nan(1)", "nanx", "infinit", "infx",
                           "1f",  "1_000", "\xEF\xBC\x91", "True",   "NA",   "1%",      "-.e1"}) {
    CAPTURE(cell);
    CHECK(parse_number(cell).kind == NumberKind::not_a_number);
    CHECK(cxrlt::is_nan(parse_number(cell).value));
  }
}

TEST_CASE("decimal commas are recognised") {
  for (const char* cell : {"0,5", "-1,25", "1,5e-3", "+0,125"}) {
    CAPTURE(cell);
    CHECK(has_decimal_comma(cell));
  }
  for (const char* cell : {"0.5", ",5", "5,", "a,b", "1,2,3", "1.5,2", "1,-5", "1e5,3", ",", ""}) {
    CAPTURE(cell);
    CHECK_FALSE(has_decimal_comma(cell));
  }
}
