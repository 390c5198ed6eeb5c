// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/file_bytes.hpp"

#include <string>
#include <utility>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/io/crc32.hpp"
#include "cxrlt/io/detail/text_scan.hpp"
#include "io_support.hpp"

using cxrlt::FileBytes;
using cxrlt::MappedFile;

namespace {

std::string random_text(std::size_t size) {
  cxrlt::Random random(5);
  std::string text;
  while (text.size() < size) text += static_cast<char>(' ' + random.below(90));
  return text;
}

}  // namespace

TEST_CASE("a map shows the file, also after its pages were released") {
  const TemporaryFolder folder;
  const std::string text = random_text(100'000);
  auto map = MappedFile::open(folder.write("a.csv", text));
  REQUIRE(map.has_value());
  CHECK(map->bytes() == text);
  const MappedFile moved = std::move(*map);
  moved.release(moved.bytes().substr(1, 50'000));
  moved.release(moved.bytes().substr(99'999));
  moved.release({});
  CHECK(moved.bytes() == text);
}

TEST_CASE("what cannot be mapped is nothing") {
  const TemporaryFolder folder;
  CHECK_FALSE(MappedFile::open(folder.path() / "none").has_value());
  CHECK_FALSE(MappedFile::open(folder.path()).has_value());
  CHECK_FALSE(MappedFile::open(folder.write("empty", "")).has_value());
}

TEST_CASE("copies share their bytes and outlive each other") {
  FileBytes rest = [] {
    const FileBytes bytes(std::string("short"));
    FileBytes copy = bytes;
    copy.remove_prefix(2);
    CHECK(bytes.view() == "short");
    return copy;
  }();
  CHECK(rest.view() == "ort");
  rest.release(rest.view());
  CHECK(rest.view() == "ort");
  CHECK(FileBytes().view().empty());
}

TEST_CASE("check sums: by tables, as the machine has it, and of two parts") {
  const std::string text = random_text(3000);
  for (std::size_t n = 0; n < 400; ++n) {
    const std::string_view part = std::string_view(text).substr(n % 19, n);
    const std::uint32_t expected = ~cxrlt::detail::crc32_by_tables(~0U, part);
    CHECK(cxrlt::crc32(part) == expected);
    const std::size_t cut = n * 5 % (n + 1);
    CHECK(cxrlt::crc32_joined(cxrlt::crc32(part.substr(0, cut)), cxrlt::crc32(part.substr(cut)),
                              n - cut) == expected);
  }
}

TEST_CASE("what is not text is found at every place") {
  for (std::size_t length = 1; length < 150; ++length) {
    std::string text(length, 'a');
    CHECK(cxrlt::find_not_text(text) == std::string_view::npos);
    for (std::size_t at = 0; at < length; ++at) {
      for (const char bad : {'\0', '\x80', '\xFF'}) {
        text[at] = bad;
        CHECK(cxrlt::find_not_text(text) == at);
      }
      text[at] = '\x7F';
      CHECK(cxrlt::find_not_text(text) == std::string_view::npos);
      text[at] = 'a';
    }
  }
}

TEST_CASE("large texts are scanned alike by any number of threads, whatever blocks cut") {
  using cxrlt::detail::kTextBlock;
  std::string text;
  for (std::size_t shift = 0; shift < 4; ++shift) {
    text = std::string(shift, 'x');
    while (text.size() < 10 * kTextBlock) text += "\xF0\x9F\xAB\x81";
    for (const int threads : {1, 3}) {
      const auto scan = cxrlt::detail::scan_text(std::string(text), {threads});
      CHECK(scan.crc32 == cxrlt::crc32(text));
      CHECK(scan.not_text == std::string_view::npos);
    }
  }
  for (const std::size_t position :
       {3 * kTextBlock - 2, 3 * kTextBlock, 3 * kTextBlock + 2, text.size() - 1}) {
    std::string bad = text;
    bad[position] = '\xFF';
    bad[position / 2 + kTextBlock] = '\xFF';
    CAPTURE(position);
    CHECK(cxrlt::detail::scan_text(std::string(bad), {2}).not_text == cxrlt::find_not_text(bad));
  }
}
