// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/run_program.hpp"
#include "cxrlt/io/archive.hpp"
#include "cxrlt/io/pack.hpp"

using nlohmann::json;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kHeader = "ImageID,Scoliosis,Osteopenia,Bulla,Infarction,Adenopathy,goiter\n";
const std::string kGood =
    kHeader + "a.png,.11,.2,.3,.4,.5,.6\nb.png,.5,.41,.32,.2,.1,.05\nc.png,.3,.2,.1,.9,.7,.8\n";
const std::string kShuffled =
    "ImageID,Osteopenia,Scoliosis\t,Bulla,Infarction,Adenopathy,goiter\n"
    "a.png,.2,.11,.3,.4,.5,1.0000001\nb.png,.41,.5,.32,.2,.1,.05\n";

/// validate with the profile of six classes.
Outcome validate(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "validate");
  arguments.insert(arguments.end(), {"--profile", "cxrlt2026_task2"});
  return run_program(arguments);
}

}  // namespace

TEST_CASE("a valid submission ends with 0, one that is not with 2") {
  const TemporaryFolder folder;
  create_file(folder / "good.csv", kGood);
  create_file(folder / "bad.csv", kHeader + "a.png,.1,.2,.3,.4,.5,x\n");
  const Outcome good = validate({folder / "good.csv"});
  CHECK(good.code == 0);
  CHECK(good.err.empty());
  CHECK(has(good.out, "good.csv: VALID by the published rules (profile cxrlt2026_task2)"));
  CHECK(has(good.out, "NOT checked"));
  const Outcome bad = validate({folder / "bad.csv"});
  CHECK(bad.code == 2);
  CHECK(has(bad.out, "bad.csv: NOT VALID"));
  CHECK(has(bad.out, "line 2, column 7, goiter, id a.png"));
  CHECK_FALSE(has(bad.out, folder.path().string()));
  CHECK(validate({folder / "none.csv"}).code == 2);
  CHECK(validate({folder.path().string() + "/none"}).code == 2);
}

TEST_CASE("the report goes to a file in any format") {
  const TemporaryFolder folder;
  create_file(folder / "bad.csv", kHeader + "a.png,.1,.2,.3,.4,.5,7\n");
  const std::string out = folder / "report";
  CHECK(validate({folder / "bad.csv", "--format", "json", "-o", out}).code == 2);
  const json report = json::parse(read_file(out));
  CHECK(report["schema"] == "cxrlt-validate/1");
  CHECK(report["file"] == "bad.csv");
  CHECK(report["profile"] == "cxrlt2026_task2");
  CHECK(report["problems"][0]["code"] == "out_of_range");
  CHECK(has(validate({folder / "bad.csv", "--format", "csv"}).out,
            "bad.csv,error,out_of_range,1,goiter,2,7,a.png,\"7 is out of the range [0, 1]\"\n"));
  CHECK(has(validate({folder / "bad.csv", "--format", "markdown"}).out, "| where | what |"));
}

TEST_CASE("ids are checked, and hidden where that is wanted") {
  const TemporaryFolder folder;
  create_file(folder / "good.csv", kGood);
  create_file(folder / "ids.csv", "ImageID,PatientID\na.png,1\nb.png,1\nd.png,2\n");
  const Outcome plain =
      validate({folder / "good.csv", "--ids", folder / "ids.csv", "--format", "json"});
  CHECK(plain.code == 2);
  const json report = json::parse(plain.out);
  CHECK(report["ids_checked"] == true);
  CHECK(report["problems"][0]["code"] == "missing_id");
  CHECK(report["problems"][0]["id"] == "d.png");
  CHECK(report["problems"][1]["code"] == "extra_id");
  CHECK(report["problems"][1]["id"] == "c.png");
  for (const std::string format : {"json", "csv", "table", "markdown"}) {
    const Outcome hidden = validate(
        {folder / "good.csv", "--ids", folder / "ids.csv", "--redact-ids", "--format", format});
    CHECK(hidden.code == 2);
    CHECK_FALSE(has(hidden.out, ".png"));
  }
  CHECK(validate({folder / "good.csv", "--ids", folder / "none.csv"}).code == 2);
}

TEST_CASE("classes without a profile, and another id column") {
  const TemporaryFolder folder;
  create_file(folder / "sub.csv", "name,A,B\nx,.1,.2\ny,.3,.1\n");
  const Outcome plain =
      run_program({"validate", folder / "sub.csv", "--classes", "A,B", "--format", "json"});
  CHECK(plain.code == 0);
  CHECK(json::parse(plain.out)["profile"].is_null());
  create_file(folder / "classes.txt", "A\nB\nC\n");
  const Outcome listed = run_program({"validate", folder / "sub.csv", "--classes",
                                      "@" + (folder / "classes.txt"), "--format", "json"});
  CHECK(listed.code == 2);
  CHECK(json::parse(listed.out)["problems"][0]["class"] == "C");
  CHECK(run_program({"validate", folder / "sub.csv", "--classes", "A,B", "--id", "name"}).code ==
        0);
  CHECK(run_program({"validate", folder / "sub.csv", "--classes", "A,B", "--id", "ident"}).code ==
        2);
}

TEST_CASE("with strict, warnings make a submission invalid") {
  const TemporaryFolder folder;
  create_file(folder / "sub.csv", kShuffled);
  CHECK(validate({folder / "sub.csv"}).code == 0);
  CHECK(validate({folder / "sub.csv", "--strict"}).code == 2);
}

TEST_CASE("wrong usage ends with 1 and writes nothing") {
  const TemporaryFolder folder;
  create_file(folder / "sub.csv", kGood);
  const std::string out = folder / "out";
  const std::vector<std::vector<std::string>> wrong{
      {"validate", folder / "sub.csv", "-o", out},
      {"validate", "--profile", "cxrlt2026_task2", "-o", out},
      {"validate", folder / "sub.csv", "--profile", "cxrlt2026", "-o", out},
      {"validate", folder / "sub.csv", "--classes", "A,,B", "-o", out},
      {"validate", folder / "sub.csv", folder / "sub.csv", "--profile", "cxrlt2026_task2", "--fix",
       folder / "fixed.csv", "-o", out},
      {"validate", folder / "sub.csv", "--profile", "cxrlt2026_task2", "--stric", "-o", out}};
  for (const std::vector<std::string>& arguments : wrong) {
    const Outcome outcome = run_program(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.code == 1);
    CHECK(outcome.out.empty());
    CHECK_FALSE(outcome.err.empty());
    CHECK_FALSE(std::filesystem::exists(out));
    CHECK_FALSE(std::filesystem::exists(folder / "fixed.csv"));
  }
  CHECK(has(run_program(wrong[2]).err, "closest"));
  CHECK(has(run_program(wrong[5]).err, "--strict"));
}

TEST_CASE("a folder or several files give a summary with a line each") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "subs");
  create_file(folder / "subs/b.csv", kGood);
  create_file(folder / "subs/a.csv", kHeader + "a.png,.1,.2,.3,.4,.5,7\n");
  create_file(folder / "subs/c.zip", cxrlt::pack_zip("c.csv", kGood));
  const Outcome table = validate({folder / "subs"});
  CHECK(table.code == 2);
  CHECK(has(table.out, "2 of 3 submissions valid"));
  const json all =
      json::parse(validate({folder / "subs", "--format", "json", "--threads", "3"}).out);
  CHECK(all["schema"] == "cxrlt-validate-summary/1");
  CHECK(all["n_valid"] == 2);
  REQUIRE(all["files"].size() == 3);
  CHECK(all["files"][0]["file"] == "a.csv");
  CHECK(all["files"][2]["valid"] == true);
  CHECK(validate({folder / "subs/b.csv", folder / "subs/c.zip"}).code == 0);
  // A bad file among several does not keep the others from being checked.
  const Outcome mixed =
      validate({folder / "subs/none.csv", folder / "subs/b.csv", "--format", "csv"});
  CHECK(mixed.code == 2);
  CHECK(has(mixed.out, "none.csv,false,false,0,0,1,0,not_readable\n"));
  CHECK(has(mixed.out, "b.csv,true,false,3,7,0,0,\n"));
  std::filesystem::create_directory(folder / "empty");
  CHECK(validate({folder / "empty"}).code == 2);
}

TEST_CASE("fix writes what can be repaired with certainty") {
  const TemporaryFolder folder;
  create_file(folder / "sub.csv", kShuffled);
  const std::string fixed = folder / "fixed.csv";
  const Outcome outcome = validate({folder / "sub.csv", "--fix", fixed});
  CHECK(outcome.code == 0);
  CHECK(has(outcome.out, "Repaired: fixed.csv"));
  CHECK(has(outcome.out, "put the classes in order"));
  CHECK(has(outcome.out, "trimmed 1 name"));
  CHECK(has(outcome.out, "clipped 1 score"));
  CHECK(read_file(fixed) == kHeader + "a.png,.11,.2,.3,.4,.5,1\nb.png,.5,.41,.32,.2,.1,.05\n");
  CHECK(validate({fixed, "--strict"}).code == 0);

  const std::string zip = folder / "fixed.zip";
  CHECK(validate({folder / "sub.csv", "--fix", zip}).code == 0);
  CHECK(cxrlt::is_zip(read_file(zip)));
  CHECK(validate({zip, "--strict"}).code == 0);
  const Outcome as_json = validate({folder / "sub.csv", "--fix", zip, "--format", "json"});
  CHECK(json::parse(as_json.out)["fixed"]["file"] == "fixed.zip");
}

TEST_CASE("fix writes nothing where a problem remains, and says which") {
  const TemporaryFolder folder;
  create_file(folder / "sub.csv", kHeader + "a.png,.1,.2,.3,.4,.5,\n");
  create_file(folder / "fixed.csv", "was here before");
  const Outcome outcome = validate({folder / "sub.csv", "--fix", folder / "fixed.csv"});
  CHECK(outcome.code == 2);
  CHECK(has(outcome.out, "Not repaired"));
  CHECK(has(outcome.out, "empty_cell cannot be repaired"));
  CHECK(read_file(folder / "fixed.csv") == "was here before");
  create_file(folder / "good.csv", kGood);
  CHECK(validate({folder / "good.csv", "--fix", folder / "no/such/folder/out.csv"}).code == 2);
}

TEST_CASE("a failed fix leaves neither of its two files") {
  const TemporaryFolder folder;
  create_file(folder / "sub.csv", kShuffled);
  const std::string fixed = folder / "fixed.csv";
  const std::string nowhere = folder / "no/such/folder/out";
  CHECK(validate({folder / "sub.csv", "--fix", fixed, "-o", nowhere}).code == 2);
  CHECK_FALSE(std::filesystem::exists(fixed));
  CHECK(validate({folder / "sub.csv", "--fix", nowhere, "-o", folder / "report"}).code == 2);
  CHECK_FALSE(std::filesystem::exists(folder / "report"));
#ifdef __linux__
  // A device is not tried before: its failure comes last.
  CHECK(validate({folder / "sub.csv", "--fix", fixed, "-o", "/dev/full"}).code == 2);
  CHECK_FALSE(std::filesystem::exists(fixed));
#endif
  CHECK(validate({folder / "sub.csv", "--fix", fixed, "-o", folder / "report"}).code == 0);
  CHECK(std::filesystem::exists(fixed));
  CHECK(has(read_file(folder / "report"), "Repaired: fixed.csv"));
}

TEST_CASE("outputs do not overwrite inputs or each other") {
  const TemporaryFolder folder;
  create_file(folder / "sub.csv", kGood);
  create_file(folder / "ids.csv", "ImageID\na.png\nb.png\nc.png\n");
  const std::string sub = folder / "sub.csv";
  const std::string ids = folder / "ids.csv";
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{sub, "--fix", folder / "q", "-o", folder / "q"},
                                             {sub, "--fix", folder / "q", "-o", folder / "./q"},
                                             {sub, "-o", sub},
                                             {folder.path().string(), "-o", sub},
                                             {sub, "--ids", ids, "-o", ids},
                                             {sub, "--ids", ids, "--fix", ids}}) {
    CAPTURE(arguments);
    CHECK(validate(arguments).code == 1);
    CHECK_FALSE(std::filesystem::exists(folder / "q"));
  }
  CHECK(read_file(sub) == kGood);
  CHECK(has(read_file(ids), "ImageID"));
}

TEST_CASE("an empty folder among several does not keep the others from being checked") {
  const TemporaryFolder folder;
  create_file(folder / "good.csv", kGood);
  std::filesystem::create_directory(folder / "empty");
  const Outcome csv =
      validate({folder / "empty", folder / "good.csv", "--format", "csv", "--threads", "2"});
  CHECK(csv.code == 2);
  CHECK(has(csv.out, "empty,false,false,0,0,1,0,not_readable\n"));
  CHECK(has(csv.out, "good.csv,true,"));
  const Outcome all = validate({folder / "good.csv", folder / "empty", "--format", "json"});
  CHECK(has(all.out, "the folder holds no .csv"));
}

TEST_CASE("a repair is judged by the file that it wrote") {
  const TemporaryFolder folder;
  create_file(folder / "sub.csv", kShuffled);
  const std::string fixed = folder / "fixed.csv";
  const Outcome strict = validate({folder / "sub.csv", "--strict", "--fix", fixed});
  CHECK(strict.code == 0);
  CHECK(has(strict.out, "sub.csv: NOT VALID"));
  CHECK(has(strict.out, "The repaired file is VALID by the published rules."));
  const json report = json::parse(
      validate({folder / "sub.csv", "--strict", "--fix", fixed, "--format", "json"}).out);
  CHECK(report["valid"] == false);
  CHECK(report["fixed"]["valid"] == true);
  create_file(folder / "flat.csv", kHeader + "a.png,.1,.2,.3,.4,.5,.6\nb.png,.1,.2,.3,.4,.5,.7\n");
  CHECK(validate({folder / "flat.csv", "--fix", folder / "a.csv"}).code == 0);
  CHECK(validate({folder / "flat.csv", "--strict", "--fix", folder / "b.csv"}).code == 2);
  CHECK_FALSE(std::filesystem::exists(folder / "b.csv"));
}

#if defined(__linux__)
TEST_CASE("a file that reaches the size limit leaves nothing") {
  const TemporaryFolder folder;
  const Outcome outcome = run_line("ulimit -f 1; \"" + program_path() +
                                   "\" metrics --format json -o \"" + (folder / "out") + "\"");
  CHECK(outcome.code == 2);
  CHECK(has(outcome.err, "cannot be written"));
  CHECK(std::filesystem::is_empty(folder.path()));
}
#endif

TEST_CASE("what cannot be looked at is a file that cannot be read") {
  const Outcome outcome = validate({std::string(5000, 'x')});
  CHECK(outcome.code == 2);
  CHECK(has(outcome.out, "error not_readable"));
}

TEST_CASE("wrong usage of validate names the option that was misspelt") {
  const Outcome misspelt = run_program({"validate", "--profil", "cxrlt2026_task2"});
  CHECK(misspelt.code == 1);
  CHECK(has(misspelt.err, "'--profil'"));
  CHECK(has(misspelt.err, "'--profile'"));
  const Outcome nothing = run_program({"validate", "--profile", "cxrlt2026_task2"});
  CHECK(nothing.code == 1);
  CHECK(has(nothing.err, "validate needs a submission"));
}
