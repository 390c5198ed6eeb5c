// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/run_program.hpp"
#include "cxrlt/challenge/synthetic.hpp"
#include "cxrlt/io/load_dataset.hpp"
#include "support.hpp"

using nlohmann::json;

namespace {

const std::vector<std::string> kFiles{"metadata.csv", "predictions.csv", "train_counts.csv",
                                      "truth.csv"};

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("the demo writes four files and scores them") {
  const TemporaryFolder folder;
  const std::string demo = folder / "made/by demo";
  const Outcome outcome = run_program({"demo", demo});
  CAPTURE(outcome.err);
  REQUIRE(outcome.code == 0);
  CHECK(names_in(demo) == kFiles);
  for (const char* shown : {"1,620", "Normal", "Hydropneumothorax", "pneumoperitoneo", "head",
                            "medium", "tail", "macro", "micro", "29 of 30", "no positives"}) {
    CAPTURE(shown);
    CHECK(contains(outcome.out, shown));
  }
  CHECK(contains(outcome.err, "Next, try"));
  CHECK(!contains(outcome.out, "Next, try"));

  SECTION("they hold what was made") {
    cxrlt::DatasetOptions options;
    options.predictions = demo + "/predictions.csv";
    options.truth = demo + "/truth.csv";
    options.metadata = demo + "/metadata.csv";
    options.id_column = "ImageID";
    options.metadata_columns = {"patient", "centre", "view"};
    const cxrlt::Dataset data = cxrlt::load_dataset(options);
    const cxrlt::SyntheticChallenge made = cxrlt::make_synthetic_challenge();
    CHECK(data.notes.empty());
    CHECK(data.class_names == made.profile.classes);
    CHECK(data.ids == made.ids);
    REQUIRE(data.metadata.size() == 3);
    CHECK(data.metadata[0].values == made.patients);
    CHECK(data.metadata[1].values == made.centres);
    CHECK(data.metadata[2].values == made.views);
    REQUIRE(data.n_samples == made.n_samples());
    REQUIRE(data.n_classes == made.n_classes());
    double furthest = 0;
    std::size_t labels_changed = 0;
    for (std::size_t k = 0; k < made.n_classes(); ++k) {
      for (std::size_t i = 0; i < made.n_samples(); ++i) {
        const double p = made.score_view()(i, k);
        furthest = std::max(furthest, std::abs(data.score(i, k) - p) / p);
        labels_changed += data.labels(i, k) != made.label_view()(i, k);
      }
    }
    CHECK(furthest < 5.1e-6);
    CHECK(labels_changed == 0);

    std::istringstream counts(read_file(demo + "/train_counts.csv"));
    std::string line;
    std::getline(counts, line);
    CHECK(line == "class,count");
    for (std::size_t c = 0; c < made.n_classes(); ++c) {
      std::getline(counts, line);
      CHECK(line == made.profile.classes[c] + "," + std::to_string(*made.profile.train_counts[c]));
    }
  }

  SECTION("`score` of them prints the same") {
    const std::vector<std::string> score{
        "score",      demo + "/predictions.csv", "--truth",   demo + "/truth.csv",
        "--metadata", demo + "/metadata.csv",    "--profile", "cxrlt2026_task1"};
    CHECK(run_program(score).out == outcome.out);
  }

  SECTION("they are a submission without any problem") {
    const Outcome check =
        run_program({"validate", demo + "/predictions.csv", "--profile", "cxrlt2026_task1", "--ids",
                     demo + "/truth.csv", "--strict", "--format", "json"});
    CAPTURE(check.out, check.err);
    CHECK(check.code == 0);
    const json report = json::parse(check.out);
    CHECK(report.at("valid") == true);
    CHECK(report.at("ids_checked") == true);
    CHECK(report.at("n_rows") == 1620);
    CHECK(report.at("problems").empty());
  }

  SECTION("every suggested command works as it is printed") {
    std::istringstream lines(outcome.err);
    std::size_t n_commands = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("  ", 0) != 0) continue;
      ++n_commands;
      const Outcome tried = run_line(line);
      CAPTURE(line, tried.err);
      CHECK(tried.code == 0);
    }
    CHECK(n_commands == 7);
    CHECK(json::parse(read_file(demo + "/report.json")).at("schema") == "cxrlt-score/1");
  }

  SECTION("a second demo writes the same anew and leaves other files alone") {
    const std::string truth = read_file(demo + "/truth.csv");
    create_file(demo + "/notes.txt", "mine");
    std::filesystem::resize_file(demo + "/predictions.csv", 5000);
    REQUIRE(run_program({"demo", demo, "--quiet"}).code == 0);
    CHECK(read_file(demo + "/truth.csv") == truth);
    CHECK(read_file(demo + "/predictions.csv").size() > 100000);
    CHECK(read_file(demo + "/notes.txt") == "mine");

    REQUIRE(run_program({"demo", demo, "--quiet", "--seed", "7"}).code == 0);
    CHECK(read_file(demo + "/truth.csv") != truth);
  }
}

TEST_CASE("a demo whose report cannot be written writes nothing") {
  const TemporaryFolder folder;
  const std::string demo = folder / "demo";
  CHECK(run_program({"demo", demo, "-o", folder / "no/such/report.json"}).code == 2);
  CHECK(names_in(demo).empty());
}

TEST_CASE("the demo writes its scores as `score` does") {
  const TemporaryFolder folder;
  const std::string demo = folder / "demo";
  const std::string report = folder / "report.json";
  const Outcome outcome =
      run_program({"demo", demo, "--format", "json", "-o", report, "--quiet", "--seed", "3"});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.empty());
  const json scores = json::parse(read_file(report));
  CHECK(scores.at("n_samples") == 1620);
  CHECK(scores.at("profile") == "cxrlt2026_task1");
  CHECK(scores.at("groups").size() == 3);
  const json& macro = scores.at("macro").at("average_precision");
  CHECK(macro.at("n_defined") == 29);
  CHECK(macro.at("n_classes") == 30);
  CHECK(scores.at("arguments").at(0) == "score");
  CHECK(scores.at("arguments").size() == 8);
  std::set<std::string> roles;
  for (const json& input : scores.at("inputs")) roles.insert(input.at("role").get<std::string>());
  CHECK(roles == std::set<std::string>{"metadata", "predictions", "truth"});
}

TEST_CASE("the demo never overwrites what it has not written") {
  const TemporaryFolder folder;
  const std::string demo = folder / "work";
  std::filesystem::create_directories(demo);
  for (const char* name : {"predictions.csv", "truth.csv", "metadata.csv", "train_counts.csv"}) {
    for (const char* content : {"", "ImageID,Normal\nmy_image,0.5\n", "class,count\nNormal,1\n"}) {
      CAPTURE(name, content);
      create_file(demo + "/" + name, content);
      const Outcome outcome = run_program({"demo", demo});
      CHECK(outcome.code == 2);
      CHECK(outcome.out.empty());
      CHECK(contains(outcome.err, name));
      CHECK(read_file(demo + "/" + name) == content);
      CHECK(names_in(demo) == std::vector<std::string>{name});
    }
    std::filesystem::remove(demo + "/" + name);
  }
}

TEST_CASE("the demo says why it cannot") {
  const TemporaryFolder folder;
  create_file(folder / "taken", "text");
  const Outcome not_a_folder = run_program({"demo", folder / "taken"});
  CHECK(not_a_folder.code == 2);
  CHECK(contains(not_a_folder.err, "taken"));
  CHECK(contains(not_a_folder.err, "expected a folder"));
  CHECK(read_file(folder / "taken") == "text");
  CHECK(run_program({"demo", folder / "taken/below"}).code == 2);

  for (const char* seed : {"-1", "x", "1.5", "99999999999999999999"}) {
    CAPTURE(seed);
    const Outcome outcome = run_program({"demo", folder / "demo", "--seed", seed});
    CHECK(outcome.code == 1);
    CHECK(contains(outcome.err, "--seed"));
  }
  CHECK(run_program({"demo", folder / "demo", "--format", "xml"}).code == 1);
  CHECK(run_program({"demo", folder / "demo", "--seeed", "1"}).code == 1);
  CHECK(!std::filesystem::exists(folder / "demo"));
}
