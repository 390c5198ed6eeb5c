// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/core/number_text.hpp"

#include <locale>

#include "support.hpp"

using cxrlt::number_of;
using cxrlt::number_text;

namespace {

/// A decimal comma and grouped digits, as in German.
struct CommaPoint : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

}  // namespace

TEST_CASE("numbers as text: the shortest form, whatever the locale") {
  const std::locale before = std::locale::global(std::locale(std::locale(), new CommaPoint));
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(1000) == "1000");
  CHECK(number_text(2) == "2");
  CHECK(number_text(1e-7) == "1e-07");
  CHECK(number_text(1.0 / 3, 3) == "0.333");
  CHECK(number_of("0.25") == 0.25);
  CHECK(number_of("1e-3") == 0.001);
  CHECK(number_of("-4") == -4.0);
  std::locale::global(before);
}

TEST_CASE("numbers as text: nothing but a whole decimal number is one") {
  for (const char* text : {"", " ", "1 ", " 1", "1,5", "0.1x", "abc", "inf", "nan", "0x10", "1e999",
                           "0x1p3", "-inf", "infinity", "NaN", "1\n", "1f"}) {
    CAPTURE(text);
    CHECK_FALSE(number_of(text).has_value());
  }
}
