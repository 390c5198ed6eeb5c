// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <string>

#include "catch.hpp"
#include "cli/run_program.hpp"
#include "cxrlt/challenge/builtin_profiles.hpp"

using nlohmann::json;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("profiles lists what is built in") {
  const Outcome table = run_program({"profiles"});
  CHECK(table.code == 0);
  CHECK(table.err.empty());
  for (const std::string& name : cxrlt::builtin_profile_names()) CHECK(has(table.out, name));
  CHECK(has(table.out, "head 9, medium 15, tail 16"));
  const Outcome listed = run_program({"profiles", "--format", "json"});
  CHECK(listed.code == 0);
  CHECK(json::parse(listed.out)["profiles"].size() == 7);
  CHECK(has(run_program({"profiles", "--format", "csv"}).out,
            "cxrlt2026_task1,CXR-LT 2026 Task 1 (ISBI),30,\"head 2, medium 21, tail 7\",30,128815,"
            "ImageID,dicom_id\n"));
  CHECK(has(run_program({"profiles", "--format", "markdown"}).out, "| profile |"));
}

TEST_CASE("profiles NAME shows one, and marks what is inferred") {
  const Outcome table = run_program({"profiles", "cxrlt2026_task1"});
  CHECK(table.code == 0);
  CHECK(has(table.out, "Hydropneumothorax"));
  CHECK(has(table.out, "43,585"));
  CHECK(has(table.out, "(inferred)"));
  CHECK(has(table.out, "top_bottom_10"));
  const Outcome rows = run_program({"profiles", "cxrlt2024_task1", "--format", "csv"});
  CHECK(has(rows.out, "class,count,group\n"));
  CHECK(has(rows.out, "Nodule,7531,medium\nNormal,34292,head\n"));
}

TEST_CASE("a profile written as JSON is read with --profile FILE") {
  const TemporaryFolder folder;
  const std::string file = folder / "mine.json";
  REQUIRE(run_program({"profiles", "cxrlt2024_task3", "--format", "json", "-o", file}).code == 0);
  const Outcome again = run_program({"profiles", file, "--format", "json"});
  CHECK(again.code == 0);
  CHECK(again.out == read_file(file));
  create_file(folder / "sub.csv",
              "dicom_id,Bulla,Cardiomyopathy,Hilum,Osteopenia,Scoliosis\n"
              "a,.11,.2,.3,.4,.5\nb,.5,.41,.2,.2,.1\n");
  CHECK(run_program({"validate", folder / "sub.csv", "--profile", file}).code == 0);
}

TEST_CASE("unknown and bad profiles") {
  const TemporaryFolder folder;
  const Outcome unknown = run_program({"profiles", "cxrlt2026_tsk1"});
  CHECK(unknown.code == 1);
  CHECK(unknown.out.empty());
  CHECK(has(unknown.err, "the closest is 'cxrlt2026_task1'"));
  CHECK(run_program({"profiles", folder / "none.json"}).code == 2);
  create_file(folder / "bad.json", R"({"schema": "cxrlt-profile/1", "name": "x", "classes": [1]})");
  const Outcome bad = run_program({"profiles", folder / "bad.json"});
  CHECK(bad.code == 2);
  CHECK(has(bad.err, "bad.json: key 'classes'"));
  CHECK_FALSE(has(bad.err, folder.path().string()));
}
