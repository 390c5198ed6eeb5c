// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/input_file.hpp"

#include <clocale>
#include <string>
#include <utility>

#include "catch.hpp"
#include "cxrlt/io/pack.hpp"
#include "io_support.hpp"

using cxrlt::read_input;
using cxrlt::StoredFile;
using cxrlt::unpack_input;

namespace {

/// Reads what must be refused, and returns the one problem.
cxrlt::Problem refusal(const std::string& name, const std::string& content) {
  Problems problems;
  CHECK_FALSE(unpack_input({name, content}, problems.sink()).has_value());
  REQUIRE(problems.list.size() == 1);
  CHECK(problems.list[0].file == name);
  CHECK(problems.list[0].severity == cxrlt::Severity::error);
  return problems.list[0];
}

cxrlt::InputFile accepted(const std::string& name, const std::string& content) {
  Problems problems;
  auto file = unpack_input({name, content}, problems.sink());
  CAPTURE(problems.list.empty() ? "" : describe(problems.list[0]));
  REQUIRE(file.has_value());
  CHECK(problems.list.empty());
  return *file;
}

void append_16(std::string& out, std::size_t value) {
  out += static_cast<char>(value & 0xFFU);
  out += static_cast<char>(value >> 8 & 0xFFU);
}

void append_32(std::string& out, std::size_t value) {
  append_16(out, value & 0xFFFFU);
  append_16(out, value >> 16);
}

/// A zip file with stored entries, byte by byte as PKWARE's note describes it; bit 11 of `flags`
/// says that names are UTF-8.
std::string zip_of(const std::vector<std::pair<std::string, std::string>>& entries,
                   std::size_t flags = 0) {
  std::string out;
  std::string directory;
  for (const auto& [name, content] : entries) {
    const std::size_t offset = out.size();
    std::string common;
    append_16(common, 20);
    append_16(common, flags);
    append_16(common, 0);
    append_32(common, 0x00210000);
    append_32(common, cxrlt::crc32(content));
    append_32(common, content.size());
    append_32(common, content.size());
    append_16(common, name.size());
    append_16(common, 0);
    out += "PK\x03\x04" + common + name + content;
    directory += "PK\x01\x02";
    append_16(directory, 20);
    directory += common;
    for (int i = 0; i < 3; ++i) append_16(directory, 0);
    append_32(directory, 0);
    append_32(directory, offset);
    directory += name;
  }
  const std::size_t start = out.size();
  out += directory + "PK\x05\x06";
  append_32(out, 0);
  append_16(out, entries.size());
  append_16(out, entries.size());
  append_32(out, directory.size());
  append_32(out, start);
  append_16(out, 0);
  return out;
}

const std::string csv = "id,A\nx,1\n";

}  // namespace

TEST_CASE("crc32 has the known check value, for any length") {
  CHECK(cxrlt::crc32("") == 0U);
  CHECK(cxrlt::crc32("123456789") == 0xCBF43926U);
  CHECK(cxrlt::crc32("The quick brown fox jumps over the lazy dog") == 0x414FA339U);
}

TEST_CASE("a plain file is read with its size and check sum") {
  const TemporaryFolder folder;
  Problems problems;
  const auto file = read_input(folder.write("a b.csv", "\xEF\xBB\xBF" + csv), problems.sink());
  REQUIRE(file.has_value());
  CHECK(file->name == "a b.csv");
  CHECK(file->bytes == csv.size() + 3);
  CHECK(file->crc32 == cxrlt::crc32("\xEF\xBB\xBF" + csv));
  CHECK(file->text.view() == csv);
}

TEST_CASE("what cannot be read is refused by its base name") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::filesystem::path& path, const std::string& name) {
    Problems problems;
    CHECK_FALSE(read_input(path, problems.sink()).has_value());
    REQUIRE(problems.list.size() == 1);
    CHECK(problems.list[0].file == name);
    CHECK_FALSE(contains(problems.list[0].message, folder.path().string()));
    return problems.list[0];
  };
  CHECK(refused(folder.path() / "none.csv", "none.csv").code == "not_readable");
  CHECK(contains(refused(folder.path() / "none.csv", "none.csv").message, "no such file"));
  std::filesystem::create_directory(folder.path() / "sub.csv");
  CHECK(refused(folder.path() / "sub.csv", "sub.csv").code == "not_readable");
  CHECK(contains(refused(folder.path() / "sub.csv" / "", "sub.csv").message, "folder"));
  CHECK(refused(folder.write("empty.csv", ""), "empty.csv").code == "empty_file");
  CHECK(refused(folder.write("blank.csv", " \r\n\n"), "blank.csv").code == "empty_file");
  CHECK(refused(folder.write("bom.csv", "\xEF\xBB\xBF"), "bom.csv").code == "empty_file");
}

TEST_CASE("text that is not UTF-8 is refused with its line") {
  const auto latin = refusal("x.csv",
                             "id,A\nx,1\nMonta\xF1"
                             "a,2\n");
  CHECK(latin.code == "not_utf8");
  CHECK(latin.line == 3);
  CHECK(contains(latin.message, "0xF1"));
  CHECK(refusal("x.csv", "id,A\nx,\0,1\n" + std::string(1, '\0')).code == "not_utf8");
  const auto nul = refusal("x.csv", std::string("id,A,long enough\nx\0,1\n", 22));
  CHECK(nul.line == 2);
  CHECK(contains(nul.message, "NUL"));
  CHECK(contains(refusal("x.csv", std::string("\xFF\xFEi\0d\0", 6)).message, "UTF-16"));
  CHECK(refusal("x.csv", "\x89PNG\r\n\x1A\n\x93").code == "not_utf8");
}

TEST_CASE("UTF-8 is checked by the table of well-formed sequences") {
  using cxrlt::find_not_text;
  const auto npos = std::string_view::npos;
  CHECK(find_not_text("neumoperitoneo \xC3\xB1 \xE2\x82\xAC \xF0\x9F\xAB\x81 \xED\x9F\xBF") ==
        npos);
  CHECK(find_not_text("12345678\xC3\xA9 12345678") == npos);
  for (const std::string bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\x80", "\xE0\x9F\xBF",
        "\xED\xA0\x80", "\xE2\x82", "\xE2(\xA1", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF0\x9F\xAB", "\xFE", "\xFF"}) {
    for (std::size_t before = 0; before < 17; ++before) {
      CAPTURE(bad, before);
      CHECK(find_not_text(std::string(before, 'a') + bad) == before);
      CHECK(find_not_text(std::string(before, 'a') + bad + "aaaaaaaaaaaaaaaa") == before);
    }
  }
  for (std::size_t before = 0; before < 17; ++before) {
    CHECK(find_not_text(std::string(before, 'a') + std::string(1, '\0') + "aaaaaaaa") == before);
    CHECK(find_not_text(std::string(before, '\x01') + "\x7F") == npos);
  }
}

TEST_CASE("gzip is unpacked by content or ending, several members too") {
  const std::string packed = cxrlt::pack_gzip(csv);
  CHECK(packed.substr(0, 2) == "\x1F\x8B");
  const auto file = accepted("x.csv.gz", packed);
  CHECK(file.text.view() == csv);
  CHECK(file.bytes == packed.size());
  CHECK(file.crc32 == cxrlt::crc32(packed));
  CHECK(accepted("x.csv", packed).text.view() == csv);
  CHECK(accepted("x.gz", packed + cxrlt::pack_gzip("y,2\n")).text.view() == csv + "y,2\n");
  CHECK(accepted("x.gz", cxrlt::pack_gzip("\xEF\xBB\xBF" + csv)).text.view() == csv);
  CHECK(refusal("x.gz", cxrlt::pack_gzip("")).code == "empty_file");
  CHECK(refusal("x.gz", csv).code == "not_readable");
}

TEST_CASE("a gzip file that is cut short or damaged is refused at any place") {
  std::string text = "id,A\n";
  for (int i = 0; i < 200; ++i) text += "r" + std::to_string(i * 7919 % 1000) + ",0.5\n";
  const std::string packed = cxrlt::pack_gzip(text);
  for (std::size_t size = 3; size < packed.size(); ++size) {
    CAPTURE(size, packed.size());
    const auto problem = refusal("x.gz", packed.substr(0, size));
    CHECK(problem.code == "not_readable");
    CHECK(contains(problem.message, "cut short"));
  }
  for (std::size_t at = 10; at < packed.size(); at += 3) {
    CAPTURE(at);
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    CHECK(refusal("x.gz", damaged).code == "not_readable");
  }
}

TEST_CASE("a zip with exactly one CSV outside code/ and __MACOSX/ is read") {
  CHECK(accepted("x.zip", zip_of({{"pred.csv", csv}})).text.view() == csv);
  CHECK(accepted("x.csv", zip_of({{"pred.CSV", csv}})).text.view() == csv);
  CHECK(accepted("x.zip", cxrlt::pack_zip("p.csv", csv)).text.view() == csv);
  const auto file = accepted("x.zip", zip_of({{"code/", ""},
                                              {"code/train.csv", "no"},
                                              {"code/sub/train.csv", "no"},
                                              {"__MACOSX/._pred.csv", "no"},
                                              {"readme.txt", "no"},
                                              {"sub/pred.csv", csv},
                                              {"sub/code/x.csv", "no"},
                                              {"code\\y.csv", "no"}}));
  CHECK(file.text.view() == csv);
  CHECK(file.name == "x.zip");
}

TEST_CASE("names beyond ASCII count, whatever the locale") {
  constexpr std::size_t utf8_names = 1U << 11;
  const std::string before = std::setlocale(LC_ALL, nullptr);
  for (const char* locale : {"C", "C.UTF-8"}) {
    CAPTURE(locale);
    std::setlocale(LC_ALL, locale);  // a system without the second keeps the first
    const std::string in_force = std::setlocale(LC_ALL, nullptr);
    for (const std::size_t flags : {std::size_t{0}, utf8_names}) {
      CAPTURE(flags);
      const std::string text = "\u0442\u0435\u0441\u0442.csv";
      CHECK(accepted("x.zip", zip_of({{text, csv}}, flags)).text.view() == csv);
      CHECK(accepted("x.zip", zip_of({{"\u00fcn\u00ef/s.csv", csv}}, flags)).text.view() == csv);
      CHECK(
          accepted("x.zip", zip_of({{"code/" + text, "no"}, {"a.csv", csv}}, flags)).text.view() ==
          csv);
      const auto two = refusal("x.zip", zip_of({{"a.csv", csv}, {text, csv}}, flags));
      CHECK(two.code == "zip_layout");
      CHECK(contains(two.message, "'a.csv', '" + text + "'"));
    }
    const auto unreadable =
        refusal("x.zip", zip_of({{"a.csv", csv}, {"b\xFF\xFE.csv", csv}}, utf8_names));
    CHECK(unreadable.code == "zip_layout");
    CHECK(std::setlocale(LC_ALL, nullptr) == in_force);
  }
  std::setlocale(LC_ALL, before.c_str());
}

TEST_CASE("other zips are refused") {
  CHECK(refusal("x.zip", zip_of({})).code == "zip_layout");
  CHECK(refusal("x.zip", zip_of({{"readme.txt", "no"}, {"code/a.csv", csv}})).code == "zip_layout");
  const auto two = refusal("x.zip", zip_of({{"a.csv", csv}, {"decode/b.csv", csv}}));
  CHECK(two.code == "zip_layout");
  CHECK(contains(two.message, "2 CSV files"));
  CHECK(contains(two.message, "'a.csv', 'decode/b.csv'"));
  const auto workbook =
      refusal("x.xlsx", zip_of({{"[Content_Types].xml", "no"}, {"xl/workbook.xml", "no"}}));
  CHECK(contains(workbook.message, "spreadsheet"));
  CHECK(refusal("x.zip", csv).code == "not_readable");
  CHECK(refusal("x.zip", zip_of({{"a.csv", "\n"}})).code == "empty_file");
}

TEST_CASE("a zip that is cut short or damaged is refused") {
  const std::string packed = zip_of({{"code/a.py", "print()"}, {"pred.csv", csv}});
  for (std::size_t size = 4; size < packed.size(); ++size) {
    CAPTURE(size);
    CHECK(refusal("x.zip", packed.substr(0, size)).code == "not_readable");
  }
  std::string damaged = packed;
  const std::size_t at = damaged.find(csv);
  damaged[at + 6] = 'q';
  CHECK(refusal("x.zip", damaged).code == "not_readable");
}

TEST_CASE("unpacking stops at the limit") {
  Problems problems;
  const std::string text = "id\n" + std::string(1U << 20, '\n') + "x\n";
  for (const std::string& packed : {cxrlt::pack_gzip(text), cxrlt::pack_zip("a.csv", text)}) {
    CHECK(packed.size() < 5000);
    problems.list.clear();
    CHECK(unpack_input({"x", packed}, problems.sink(), text.size()).has_value());
    CHECK(problems.list.empty());
    CHECK_FALSE(unpack_input({"x", packed}, problems.sink(), text.size() - 1).has_value());
    REQUIRE(problems.list.size() == 1);
    CHECK(problems.list[0].code == "zip_layout");
    CHECK(contains(problems.list[0].message, "more than"));
  }
  CHECK(cxrlt::kUnpackLimit == 4294967296ULL);
}
