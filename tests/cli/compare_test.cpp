// SPDX-License-Identifier: Apache-2.0
/// `compare` as a user meets it.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/run_program.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using nlohmann::json;

namespace {

/// Two files of predictions, the second with noise where the first has none, and two rows a
/// patient.
struct Files {
  TemporaryFolder folder;
  std::string first = folder / "first.csv";
  std::string second = folder / "second.csv";
  std::string truth = folder / "truth.csv";

  Files() {
    cxrlt::Random random(3);
    std::string a = "id,Mass,Hernia\n";
    std::string b = a;
    std::string t = "id,Mass,Hernia,patient\n";
    for (int i = 0; i < 200; ++i) {
      const std::string id = "r" + std::to_string(i);
      const bool mass = random.uniform() < 0.4;
      const bool hernia = i < 3;
      const auto score = [&](bool positive, double noise) {
        const double value =
            0.2 + (positive ? 0.12 : 0) + 0.2 * random.uniform() + noise * random.uniform();
        return "," + std::to_string(value);
      };
      a += id + score(mass, 0) + score(hernia, 0.1) + "\n";
      b += id + score(mass, 0.4) + score(hernia, 0.1) + "\n";
      t +=
          id + "," + (mass ? "1," : "0,") + (hernia ? "1,p" : "0,p") + std::to_string(i / 2) + "\n";
    }
    create_file(first, a);
    create_file(second, b);
    create_file(truth, t);
  }

  Outcome compare(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"compare", first, second, "--truth", truth, "--ci", "300"});
    return run_program(more);
  }

  json compare_json(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"--format", "json"});
    const Outcome outcome = compare(more);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    return json::parse(outcome.out);
  }
};

const json& comparison(const json& report, const std::string& scope, const std::string& name,
                       const std::string& metric) {
  for (const json& one : report.at("comparisons")) {
    if (one.at("scope") == scope && one.at("name") == name && one.at("metric") == metric) {
      return one;
    }
  }
  FAIL("no comparison of " << scope << ' ' << name << ' ' << metric);
  return report;
}

}  // namespace

TEST_CASE("compare: differences, intervals and p-values per class and macro") {
  const Files files;
  const json report = files.compare_json({"--metric", "map", "--metric", "brier"});
  CHECK(report.at("schema") == "cxrlt-compare/1");
  CHECK(report.at("first") == "first.csv");
  CHECK(report.at("second") == "second.csv");
  CHECK(report.at("replicates") == 300);
  CHECK(report.at("inputs").size() == 3);
  CHECK(report.at("classes").at(1).at("name") == "Hernia");
  CHECK(report.at("classes").at(1).at("positive_units") == 3);
  CHECK(report.at("comparisons").size() == 6);
  for (const json& one : report.at("comparisons")) {
    const double difference = one.at("difference").at("value");
    check_close(difference, one.at("first").at("value").get<double>() -
                                one.at("second").at("value").get<double>());
    const json& ci = one.at("difference").at("ci");
    CHECK(ci.at("lower").get<double>() <= difference);
    CHECK(ci.at("upper").get<double>() >= difference);
    const double p_value = one.at("p_value").at("value");
    CHECK(p_value >= 1.0 / 301);
    CHECK(one.at("adjusted_p_value").at("value").get<double>() >= p_value);
  }
  const json& mass = comparison(report, "class", "Mass", "average_precision");
  CHECK(mass.at("difference").at("value").get<double>() > 0);
  CHECK(mass.at("p_value").at("value").get<double>() < 0.05);
  CHECK(comparison(report, "class", "Hernia", "brier")
            .at("difference")
            .at("ci")
            .at("small_sample")
            .get<bool>());
}

TEST_CASE("compare: a class alone is shown with its own positives") {
  const Files files;
  const std::string page = files.compare({"--metric", "class/Hernia:auroc"}).out;
  const std::size_t at = page.find("Hernia *");
  REQUIRE(at != std::string::npos);
  CHECK(page.substr(at, page.find('\n', at) - at).find("  3  ") != std::string::npos);
}

TEST_CASE("compare: one file with itself differs in nothing") {
  const Files files;
  const Outcome outcome = run_program({"compare", files.first, files.first, "--truth", files.truth,
                                       "--ci", "50", "--format", "csv"});
  CHECK(outcome.code == 0);
  CHECK(contains(outcome.out, "macro,,average_precision,"));
  CHECK(contains(outcome.out, ",0,,,1,1,"));
}

TEST_CASE("compare: the tests by exchange and by DeLong") {
  const Files files;
  const json exchanged = files.compare_json({"--test", "permutation", "--metric", "auroc"});
  CHECK(exchanged.at("test") == "permutation");
  CHECK(comparison(exchanged, "macro", "", "auroc").at("p_value").at("value").get<double>() >=
        1.0 / 301);
  const json delong = files.compare_json({"--test", "delong", "--metric", "auroc"});
  CHECK(comparison(delong, "class", "Mass", "auroc").at("difference").at("ci").at("method") ==
        "delong");
  CHECK(comparison(delong, "macro", "", "auroc").at("p_value").at("undefined") == "not_estimable");
  const Outcome page = files.compare({"--test", "permutation", "--metric", "auroc"});
  CHECK(contains(page.out, "exchanging the models by chance"));
}

TEST_CASE("compare: patients are drawn with all of their rows") {
  const Files files;
  const json report = files.compare_json({"--cluster", "patient"});
  CHECK(report.at("cluster") == "patient");
  CHECK(report.at("classes").at(1).at("positive_units") == 2);
  const json again = files.compare_json({"--cluster", "patient", "--threads", "2"});
  CHECK(report.at("comparisons") == again.at("comparisons"));
  const json other = files.compare_json({"--cluster", "patient", "--seed", "5"});
  CHECK(report.at("comparisons") != other.at("comparisons"));
}

TEST_CASE("compare: groups of classes have their own rows") {
  const Files files;
  const std::string counts = files.folder / "counts.csv";
  create_file(counts, "class,count\nMass,500\nHernia,4\n");
  const json report =
      files.compare_json({"--train-counts", counts, "--train-size", "1000", "--metric", "map"});
  CHECK(comparison(report, "group", "head", "average_precision").at("first").at("value") ==
        comparison(report, "class", "Mass", "average_precision").at("first").at("value"));
  const Outcome page =
      files.compare({"--train-counts", counts, "--train-size", "1000", "--metric", "map"});
  CHECK(
      contains(page.out, "first.csv (first) against second.csv (second): 200 samples, 2 classes"));
  CHECK(contains(page.out, "tail *"));
}

TEST_CASE("compare: wrong usage ends with 1 and says what is right") {
  const Files files;
  const auto fails = [&](const std::vector<std::string>& more, const std::string& message) {
    const Outcome outcome = files.compare(more);
    INFO(outcome.err);
    CHECK(outcome.code == 1);
    CHECK(outcome.out.empty());
    CHECK(contains(outcome.err, message));
  };
  fails({"--test", "delong"}, "compares AUROCs");
  fails({"--test", "permutation", "--metric", "f1"}, "can be tested by bootstrap");
  fails({"--test", "permutatoin"}, "permutation");
  fails({"--metric", "aurok"}, "auroc");
  fails({"-o", files.second}, "second.csv");
  const Outcome one = run_program({"compare", files.first, "--truth", files.truth});
  CHECK(one.code == 1);
  CHECK(contains(one.err, "two files"));
}

TEST_CASE("compare: bad data ends with 2 and leaves nothing") {
  const Files files;
  const std::string narrow = files.folder / "narrow.csv";
  create_file(narrow, "id,Mass\nr0,0.5\n");
  const std::string output = files.folder / "out.json";
  const Outcome outcome = run_program(
      {"compare", files.first, narrow, "--truth", files.truth, "--format", "json", "-o", output});
  CHECK(outcome.code == 2);
  CHECK(read_file(output).empty());

  const std::string rounded = files.folder / "rounded.csv";
  std::string metadata = "id,person\n";
  for (int i = 0; i < 200; ++i) metadata += "r" + std::to_string(i) + ",1.90E+38\n";
  create_file(rounded, metadata);
  const Outcome lossy = files.compare({"--metadata", rounded, "--cluster", "person"});
  CHECK(lossy.code == 2);
  CHECK(contains(lossy.err, "1.90E+38"));
}

TEST_CASE("score: intervals by rows and by clusters") {
  const Files files;
  const auto score = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"score", files.first, "--truth", files.truth});
    return run_program(more);
  };
  const Outcome outcome = score({"--ci", "200", "--format", "json"});
  REQUIRE(outcome.code == 0);
  const json report = json::parse(outcome.out);
  const json& ci = report.at("macro").at("average_precision").at("ci");
  CHECK(ci.at("method") == "normal");
  CHECK(ci.at("replicates") == 200);
  CHECK(ci.at("level") == 0.95);
  CHECK(ci.at("small_sample") == true);
  CHECK(ci.contains("bias"));
  CHECK(ci.contains("estimand"));
  CHECK(report.at("classes").at(1).at("average_precision").at("ci").at("method") == "logit");
  CHECK(report.at("rows").at("lrap").at("ci").at("n_defined") == 200);
  // Values are the same with and without.
  const json without = json::parse(score({"--format", "json"}).out);
  CHECK(without.at("macro").at("average_precision").at("value") ==
        report.at("macro").at("average_precision").at("value"));
  CHECK_FALSE(without.at("macro").at("average_precision").contains("ci"));

  const json clustered = json::parse(
      score({"--ci", "200", "--cluster", "patient", "--metric", "map", "--format", "json"}).out);
  CHECK(clustered.at("cluster") == "patient");
  CHECK(clustered.at("requested").at("map").at("ci").at("bias") != ci.at("bias"));
  CHECK(contains(score({"--ci", "100"}).out, "Intervals at the level 0.95, from 100 replicates"));
  CHECK(contains(score({"--ci", "100", "--metric", "map"}).out, "interval"));
  const std::string csv = score({"--ci", "100", "--metric", "map", "--format", "csv"}).out;
  CHECK_FALSE(contains(csv, ",2,,"));
  CHECK(score({"--cluster", "patient"}).code == 1);
  CHECK(score({"--ci", "100", "--public"}).code == 1);
  CHECK(score({"--ci", "-1"}).code == 1);
}

TEST_CASE("compare: an output that cannot be written is noticed before the work") {
  const Files files;
  const Outcome outcome = run_program({"compare", files.first, files.folder / "none.csv", "--truth",
                                       files.truth, "-o", files.folder / "no/such/folder.json"});
  CHECK(outcome.code == 2);
  CHECK(contains(outcome.err, "folder.json: the file cannot be written"));
}
