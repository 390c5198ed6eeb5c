// SPDX-License-Identifier: Apache-2.0
/// `leaderboard` as a user meets it: rankings in every form, and each way to go wrong.
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/run_program.hpp"
#include "cxrlt/core/random.hpp"
#include "paths.hpp"
#include "support.hpp"

using nlohmann::json;

namespace {

/// A folder with a truth of 90 rows in 45 patients, and submissions of falling quality.
struct Contest {
  TemporaryFolder folder;
  std::string truth = folder / "truth.csv";
  std::vector<std::string> files;
  std::vector<std::vector<int>> labels;

  Contest() {
    cxrlt::Random random(11);
    std::string text = "id,patient,rounded,Mass,Hernia\n";
    for (int i = 0; i < 90; ++i) {
      labels.push_back({random.uniform() < 0.4 ? 1 : 0, i % 12 == 0 ? 1 : 0});
      text += "r" + std::to_string(i) + ",p" + std::to_string(i / 2) + "," +
              (i == 40 ? "1.90E+38" : std::to_string(i)) + "," + std::to_string(labels.back()[0]) +
              "," + std::to_string(labels.back()[1]) + "\n";
    }
    create_file(truth, text);
    add("good.csv", 0.8);
    add("fair.csv", 0.75);
    add("poor.csv", 0.0);
  }

  /// `shift` is how much higher positives score.
  void add(const std::string& name, double shift) {
    cxrlt::Random random(3);
    std::string text = "id,Hernia,Mass\n";
    for (std::size_t i = 0; i < labels.size(); ++i) {
      text += "r" + std::to_string(i);
      for (const int label : {labels[i][1], labels[i][0]}) {
        text += "," + std::to_string((random.uniform() + shift * label) / 2);
      }
      text += "\n";
    }
    files.push_back(folder / name);
    create_file(files.back(), text);
  }

  Outcome run(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"leaderboard"};
    arguments.insert(arguments.end(), files.begin(), files.end());
    arguments.insert(arguments.end(), {"--truth", truth});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments);
  }

  json run_json(std::vector<std::string> more = {}, int code = 0) const {
    more.insert(more.begin(), {"--format", "json"});
    const Outcome outcome = run(more);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == code);
    return json::parse(outcome.out);
  }
};

std::vector<std::string> names_in(const json& report) {
  std::vector<std::string> names;
  for (const json& entry : report.at("entries")) names.push_back(entry.at("name"));
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("leaderboard: ranks by the first metric, as score computes it, and shows the others") {
  const Contest contest;
  const json report = contest.run_json({"--metric", "map", "--metric", "ece", "--ci", "300"});
  CHECK(report.at("schema") == "cxrlt-leaderboard/1");
  CHECK(names_in(report) == Names{"good.csv", "fair.csv", "poor.csv"});
  CHECK(report.at("classes") == json({"Mass", "Hernia"}));
  CHECK(report.at("n_samples") == 90);
  CHECK(report.at("resampling").at("replicates") == 300);
  CHECK(report.at("resampling").at("n_units") == 90);
  CHECK(report.at("refused").empty());
  const json& first = report.at("entries").at(0);
  CHECK(first.at("rank").at("value") == 1);
  CHECK(first.at("rank").at("ci").at("level") == 0.95);
  CHECK(first.at("tied_with_first") == true);
  const json& last = report.at("entries").at(2);
  CHECK(last.at("rank").at("ci").at("lower") == 3);
  CHECK(last.at("tied_with_first") == false);
  CHECK(last.at("p_value").at("value") == 1.0 / 301);
  for (std::size_t k = 0; k < 3; ++k) {
    const Outcome score =
        run_program({"score", contest.files[k], "--truth", contest.truth, "--format", "json"});
    const json macro = json::parse(score.out).at("macro");
    const json& values = report.at("entries").at(k).at("values");
    CHECK(values.at("map").at("value") == macro.at("average_precision").at("value"));
    CHECK(values.at("map").at("n_defined") == 2);
    CHECK(values.at("ece").at("value") == macro.at("ece").at("value"));
  }
  CHECK(report.at("ranking").at("metrics").at(1).at("direction") == "lower is better");
}

TEST_CASE("leaderboard: every form, on standard output or in a file") {
  const Contest contest;
  const Outcome table = contest.run({"--ci", "100"});
  CHECK(table.code == 0);
  CHECK(contains(table.out, "Ranked by average_precision (higher is better)"));
  CHECK(contains(table.out, "Mass, Hernia"));
  const Outcome csv = contest.run({"--ci", "0", "--format", "csv"});
  CHECK(csv.out.starts_with("name,rank,team,score,average_precision,average_precision_rank,"));
  CHECK(contains(csv.out, "\ngood.csv,1,,"));
  const std::string output = contest.folder / "board.md";
  const Outcome markdown = contest.run({"--ci", "0", "--format", "markdown", "-o", output});
  CHECK(markdown.code == 0);
  CHECK(markdown.out.empty());
  CHECK(contains(read_file(output), "| 1 | good.csv |"));
  // What it writes can be ranked again.
  const std::string written = contest.folder / "board.csv";
  create_file(written, csv.out);
  const Outcome again = run_program({"leaderboard", written, "--values", "--format", "csv"});
  CHECK(again.code == 0);
  CHECK(contains(again.out, "\ngood.csv,1,,"));
}

TEST_CASE("leaderboard: the same seed gives the same, for every number of threads") {
  const Contest contest;
  const auto entries = [&](const std::string& seed, const std::string& threads) {
    return contest.run_json({"--ci", "200", "--seed", seed, "--threads", threads}).at("entries");
  };
  const json one = entries("5", "1");
  CHECK(one == entries("5", "3"));
  CHECK(one != entries("6", "1"));
}

TEST_CASE("leaderboard: clusters are resampled with their rows; a rounded column is refused") {
  const Contest contest;
  const json report = contest.run_json({"--cluster", "patient", "--ci", "64"});
  CHECK(report.at("resampling").at("n_units") == 45);
  CHECK(report.at("resampling").at("cluster") == "patient");
  CHECK(report.at("classes") == json({"Mass", "Hernia"}));
  const Outcome lossy = contest.run({"--cluster", "rounded"});
  CHECK(lossy.code == 2);
  CHECK(lossy.out.empty());
  CHECK(contains(lossy.err, "1.90E+38"));
  CHECK(contains(lossy.err, "rounded, probably by a spreadsheet"));
  const Outcome unknown = contest.run({"--cluster", "patent"});
  CHECK(unknown.code == 2);
  CHECK(contains(unknown.err, "the closest is 'patient'"));
}

TEST_CASE("leaderboard: a folder; a bad file is listed, the rest is ranked, the exit code is 2") {
  const Contest contest;
  create_file(contest.folder / "bad.csv", "id,Mass\nr0,0.5\n");
  create_file(contest.folder / "torn.csv", "id,Mass,Hernia\nr0,0.5,x\n");
  const Outcome outcome = run_program({"leaderboard", contest.folder.path().string(), "--truth",
                                       contest.truth, "--ci", "0", "--format", "json"});
  CHECK(outcome.code == 2);
  const json report = json::parse(outcome.out);
  CHECK(names_in(report) == Names{"good.csv", "fair.csv", "poor.csv"});
  REQUIRE(report.at("refused").size() == 2);
  CHECK(report.at("refused").at(0).at("name") == "bad.csv");
  CHECK(report.at("refused").at(0).at("problem").at("code") == "missing_class");
  CHECK(report.at("refused").at(1).at("problem").at("code") == "not_a_number");
  CHECK(report.at("refused").at(1).at("problem").at("line") == 2);
  const Outcome none = run_program(
      {"leaderboard", contest.folder / "bad.csv", "--truth", contest.truth, "--metric", "auroc"});
  CHECK(none.code == 2);
  CHECK(contains(none.out, "No submission could be ranked"));
}

TEST_CASE("leaderboard: scores that are no probabilities cannot be ranked by a metric of them") {
  Contest contest;
  contest.add("logits.csv", 9);
  json report = contest.run_json({"--metric", "ece", "--ci", "0"}, 2);
  CHECK(names_in(report).size() == 3);
  CHECK(report.at("refused").at(0).at("name") == "logits.csv");
  CHECK(contains(report.at("refused").at(0).at("problem").at("message"), "--logits"));
  CHECK(contest.run({"--metric", "map", "--ci", "0"}).code == 0);
}

TEST_CASE("leaderboard: several metrics combined, by rank or by value") {
  const Contest contest;
  const std::vector<std::string> two{"--metric", "map", "--metric", "ece"};
  auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), two.begin(), two.end());
    return more;
  };
  const json ranks =
      contest.run_json(with({"--combine", "rank", "--weights", "1,3", "--ci", "64"}));
  for (const json& entry : ranks.at("entries")) {
    const json& values = entry.at("values");
    check_close(entry.at("score").at("value").get<double>(),
                (values.at("map").at("rank").get<double>() +
                 3 * values.at("ece").at("rank").get<double>()) /
                    4);
    CHECK(entry.contains("share_first"));
  }
  const json values = contest.run_json(with({"--combine", "value", "--ci", "0"}));
  for (const json& entry : values.at("entries")) {
    const json& of = entry.at("values");
    check_close(
        entry.at("score").at("value").get<double>(),
        (of.at("map").at("value").get<double>() - of.at("ece").at("value").get<double>()) / 2);
  }
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--combine", "rank", "--weights", "1"},
                                             {"--combine", "rank", "--weights", "1,-1"},
                                             {"--combine", "rank", "--weights", "0,0"},
                                             {"--combine", "ranks"},
                                             {"--weights", "1,1"}}) {
    const Outcome outcome = contest.run(with(wrong));
    CAPTURE(outcome.err);
    CHECK(outcome.code == 1);
    CHECK(outcome.out.empty());
  }
  CHECK(contest.run({"--metric", "map", "--combine", "rank"}).code == 1);
}

TEST_CASE("leaderboard: the best of each team takes part") {
  Contest contest;
  const std::string teams = contest.folder / "teams.csv";
  create_file(teams, "file,team\nfair.csv,x\ngood.csv,x\nnone.csv,y\n");
  const json report = contest.run_json({"--teams", teams, "--ci", "0"});
  CHECK(names_in(report) == Names{"good.csv", "poor.csv"});
  CHECK(report.at("entries").at(0).at("team") == "x");
  CHECK(report.at("entries").at(0).at("n_entries") == 2);
  CHECK(report.at("superseded") == json::array({{{"name", "fair.csv"}, {"team", "x"}}}));
  std::string notes = report.at("notes").dump();
  CHECK(contains(notes, "names no team for 'poor.csv'"));
  CHECK(contains(notes, "no submission here: 'none.csv'"));
  create_file(teams, "file,group\nfair.csv,x\n");
  CHECK(contest.run({"--teams", teams}).code == 2);
}

TEST_CASE("leaderboard: equal submissions share a rank, and are tied") {
  Contest contest;
  contest.add("twin.csv", 0.8);
  const json report = contest.run_json({"--ci", "64"});
  CHECK(report.at("entries").at(1).at("name") == "twin.csv");
  CHECK(report.at("entries").at(1).at("rank").at("value") == 1);
  CHECK(report.at("entries").at(1).at("p_value").at("value") == 1.0);
  CHECK(report.at("entries").at(2).at("rank").at("value") == 3);
}

TEST_CASE("leaderboard: an output that cannot be written is noticed before the work") {
  const Contest contest;
  const Outcome outcome =
      run_program({"leaderboard", contest.files.front(), "--truth", contest.files.front() + ".none",
                   "-o", contest.files.front() + "/folder.json"});
  CHECK(outcome.code == 2);
  CHECK(contains(outcome.err, "folder.json: the file cannot be written"));
}

TEST_CASE("leaderboard: wrong usage, and a truth that cannot be used") {
  const Contest contest;
  const std::string file = contest.files.front();
  const auto code = [](const std::vector<std::string>& arguments) {
    const Outcome outcome = run_program(arguments);
    CHECK(outcome.out.empty());
    CHECK_FALSE(outcome.err.empty());
    return outcome.code;
  };
  CHECK(code({"leaderboard"}) == 1);
  CHECK(code({"leaderboard", file}) == 1);
  CHECK(code({"leaderboard", file, "--truth", contest.truth, "--metric", "mapp"}) == 1);
  CHECK(code({"leaderboard", file, "--truth", contest.truth, "--ci", "-3"}) == 1);
  CHECK(code({"leaderboard", file, "--truth", contest.truth, "-o", file}) == 1);
  CHECK(code({"leaderboard", file, "--truth", contest.truth, "--metric", "map", "--metric",
              "map"}) == 1);
  CHECK(code({"leaderboard", file, "--truth", contest.truth, "--metric",
              "chance_average_precision"}) == 1);
  CHECK(code({"leaderboard", file, "--values", "--truth", contest.truth}) == 1);
  CHECK(code({"leaderboard", file, "--values", "--ci", "10"}) == 1);
  CHECK(code({"leaderboard", file, "--truth", contest.folder / "none.csv"}) == 2);
  CHECK(code({"leaderboard", file, "--truth", contest.truth, "--metric", "class/Mas:auroc"}) == 2);
  CHECK(code({"leaderboard", file, "--truth", contest.truth, "--metric", "group/tail:ap"}) == 2);
  CHECK(code({"leaderboard", file, "--values"}) == 2);
  CHECK(contest.run({"--metric", "class/Mass:auroc", "--ci", "64"}).code == 0);
}

TEST_CASE("leaderboard: the CXR-LT 2024 Task 2 board, from its values") {
  const std::string board = tests_folder() + "/io/data/cxrlt2024_task2_board.csv";
  const Outcome outcome = run_program({"leaderboard", board, "--values", "--format", "json"});
  REQUIRE(outcome.code == 0);
  const json report = json::parse(outcome.out);
  const auto ranks = [&](const char* metric) {
    std::vector<int> all;
    for (const json& entry : report.at("entries")) {
      all.push_back(entry.at("values").at(metric).at("rank"));
    }
    return all;
  };
  REQUIRE(report.at("entries").size() == 13);
  CHECK(ranks("mAP") == std::vector<int>{1, 2, 3, 4, 5, 6, 6, 8, 9, 10, 11, 12, 13});
  CHECK(ranks("mAUC") == std::vector<int>{3, 2, 1, 5, 7, 6, 4, 9, 8, 10, 12, 11, 13});
  CHECK(ranks("mF1") == std::vector<int>{1, 4, 9, 3, 8, 5, 2, 6, 7, 11, 13, 10, 12});
  CHECK(ranks("mECE") == std::vector<int>{6, 3, 10, 5, 13, 7, 4, 8, 2, 12, 9, 1, 11});
  CHECK(report.at("entries").at(0).at("name") == "XYPB");
  CHECK(report.at("entries").at(5).at("rank") == json({{"value", 6}}));
  CHECK(report.at("resampling").is_null());
  const Outcome by_ece = run_program(
      {"leaderboard", board, "--values", "--metric", "ece", "--metric", "map", "--format", "csv"});
  CHECK(contains(by_ece.out, "\nphphuc612,1,,0.312,0.312,1,0.371,12,"));
}
