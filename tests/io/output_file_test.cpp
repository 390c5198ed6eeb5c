// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/output_file.hpp"

#include <string>

#include "catch.hpp"
#include "io_support.hpp"

#if defined(__linux__)
#include <sys/resource.h>

#include <csignal>
#endif

using cxrlt::write_file;
using cxrlt::write_text;

TEST_CASE("a file is written byte for byte, and replaces what was there") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out.txt";
  const std::string content("a\r\nb\n\0\xFF", 7);
  write_file(path, content);
  CHECK(read_back(path) == content);
  write_file(path, "new");
  CHECK(read_back(path) == "new");
  write_file(path, "");
  CHECK(read_back(path).empty());
  CHECK(folder.n_entries() == 1);
}

TEST_CASE("a file that cannot be written is an error and leaves nothing") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "sub");
  for (const auto& path : {folder.path() / "sub", folder.path() / "none" / "out.txt"}) {
    const auto problem = data_error([&] { write_file(path, "x"); });
    CHECK(problem.code == "not_writable");
    CHECK(problem.file == path.filename().string());
    CHECK_FALSE(contains(problem.message, folder.path().string()));
  }
  CHECK(folder.n_entries() == 1);
}

TEST_CASE("a staged file is there once it is published, and not before") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out.txt";
  {
    const cxrlt::StagedFile given_up(path, "x");
    CHECK_FALSE(std::filesystem::exists(path));
  }
  CHECK(folder.n_entries() == 0);
  cxrlt::StagedFile staged(path, "x");
  staged.publish();
  CHECK(read_back(path) == "x");
  CHECK(folder.n_entries() == 1);
}

TEST_CASE("packed output reads back") {
  const TemporaryFolder folder;
  const std::string text = "id,A\nx,1\n";
  for (const char* name : {"a.csv", "b.csv.gz", "c.zip", "D.ZIP"}) {
    CAPTURE(name);
    write_text(folder.path() / name, text);
    Problems problems;
    const auto file = cxrlt::read_input(folder.path() / name, problems.sink());
    REQUIRE(file.has_value());
    CHECK(file->text.view() == text);
    CHECK(problems.list.empty());
  }
  CHECK(contains(read_back(folder.path() / "c.zip"), "c.csv"));
  CHECK(cxrlt::pack_gzip(text) == cxrlt::pack_gzip(text));
  std::string large;
  for (int i = 0; i < 100'000; ++i) large += std::to_string(i * 7919) + ",\n";
  write_text(folder.path() / "large.zip", large);
  Problems problems;
  CHECK(cxrlt::read_input(folder.path() / "large.zip", problems.sink())->text.view() == large);
}

#if defined(__linux__)
TEST_CASE("a full device is an error") {
  const auto problem = data_error([] { write_file("/dev/full", "x"); });
  CHECK(problem.code == "not_writable");
  CHECK(problem.file == "full");
  CHECK(contains(problem.message, "No space left"));
  CHECK(std::filesystem::is_character_file("/dev/full"));
  write_file("/dev/null", "x");
  CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("a disk that fills up while writing leaves the old file and nothing else") {
  const TemporaryFolder folder;
  const auto path = folder.write("out.txt", "old");
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 100'000;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string code;
  try {
    write_file(path, std::string(200'000, 'x'));
  } catch (const cxrlt::DataError& error) {
    code = error.problem().code;
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  CHECK(code == "not_writable");
  CHECK(read_back(path) == "old");
  CHECK(folder.n_entries() == 1);
}

TEST_CASE("a file that is replaced keeps its permissions") {
  using std::filesystem::perms;
  const TemporaryFolder folder;
  const auto path = folder.write("out.txt", "old");
  for (const perms wanted : {perms::owner_read | perms::owner_write, perms{0664}}) {
    std::filesystem::permissions(path, wanted);
    write_file(path, "new");
    CHECK(std::filesystem::status(path).permissions() == wanted);
  }
}

TEST_CASE("a symbolic link stays a link") {
  const TemporaryFolder folder;
  const auto path = folder.write("real.txt", "old");
  std::filesystem::create_symlink("real.txt", folder.path() / "link.txt");
  write_file(folder.path() / "link.txt", "new");
  CHECK(read_back(path) == "new");
  CHECK(std::filesystem::is_symlink(folder.path() / "link.txt"));
  CHECK(folder.n_entries() == 2);
}
#endif
