// SPDX-License-Identifier: Apache-2.0
// What all commands that write a file have in common.
#include <filesystem>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/run_program.hpp"
#include "support.hpp"

TEST_CASE("wrong usage is told before an output that cannot be written") {
  const TemporaryFolder folder;
  const std::string nowhere = folder / "no/such/out.csv";
  const std::string file = folder / "file.csv";
  create_file(file, "id,a\n1,0\n2,1\n");
  const std::vector<std::vector<std::string>> commands{
      {"score", file, "--truth", file},
      {"compare", file, file, "--truth", file},
      {"leaderboard", file, "--truth", file},
      {"thresholds", file, "--truth", file},
      {"binarize", file, "--threshold", "0.5"},
      {"calibrate", "fit", file, "--truth", file, "--method", "platt"},
      {"adjust", file, "--tau", "1", "--train-counts", file, "--train-size", "10"},
      {"ensemble", file, file},
      {"validate", file}};
  for (const std::vector<std::string>& command : commands) {
    std::vector<std::string> with_profile = command;
    with_profile.insert(with_profile.end(), {"--profile", "nosuch", "-o", nowhere});
    const Outcome usage = run_program(with_profile);
    CAPTURE(command, usage.err);
    CHECK(usage.code == 1);
    CHECK(usage.err.find("nosuch") != std::string::npos);
    std::vector<std::string> with_classes = command;
    with_classes.insert(with_classes.end(), {"--classes", "a", "-o", nowhere});
    const Outcome output = run_program(with_classes);
    CAPTURE(output.err);
    CHECK(output.code == 2);
    CHECK(output.err.find("out.csv: the file cannot be written") != std::string::npos);
  }
}
