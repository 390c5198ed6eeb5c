// SPDX-License-Identifier: Apache-2.0
/// `thresholds` and `binarize` as a user meets them.
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/run_program.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using nlohmann::json;

namespace {

struct Files {
  TemporaryFolder folder;
  std::string p = folder / "p.csv";
  std::string z = folder / "z.csv";
  std::string t = folder / "t.csv";
  std::string thresholds = folder / "thresholds.json";
  std::string out = folder / "out.csv";

  Files() {
    cxrlt::Random random(6);
    std::ostringstream probabilities;
    std::ostringstream logits;
    std::ostringstream truth;
    probabilities.precision(17);
    logits.precision(17);
    for (auto* file : {&probabilities, &logits}) *file << "image,Mass,Hernia\n";
    truth << "image,Mass,Hernia,patient\n";
    for (int i = 0; i < 400; ++i) {
      const double mass = random.normal() - 2;
      const double hernia = random.normal() - 5;
      probabilities << "i" << i << ',' << cxrlt::sigmoid(mass) << ',' << cxrlt::sigmoid(hernia)
                    << '\n';
      logits << "i" << i << ',' << mass << ',' << hernia << '\n';
      truth << "i" << i << ',' << (random.uniform() < cxrlt::sigmoid(mass) ? 1 : 0) << ",0,p"
            << i / 2 << '\n';
    }
    create_file(p, probabilities.str());
    create_file(z, logits.str());
    create_file(t, truth.str());
  }

  Outcome find(std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"thresholds", p, "--truth", t};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all);
  }
};

}  // namespace

TEST_CASE("thresholds: found, saved, applied, and scored the same") {
  const Files files;
  for (const std::string method : {"auto", "best", "match", "plug-in", "shrink"}) {
    CAPTURE(method);
    const Outcome found =
        files.find({"--method", method, "--cluster", "patient", "-o", files.thresholds});
    CAPTURE(found.err);
    REQUIRE(found.code == 0);
    CHECK(contains(found.out, "400 samples, 2 classes, thresholds for f1"));
    CHECK(contains(found.out, "Hernia: no positives; nothing is predicted"));
    const json set = json::parse(read_file(files.thresholds));
    CHECK(set.at("schema") == "cxrlt-thresholds/1");
    CHECK(set.at("method") == method);
    const json& mass = set.at("classes")[0];
    CHECK(mass.at("threshold") == mass.at("smallest_accepted"));
    CHECK(set.at("classes")[1].at("threshold_infinite") == "+");

    REQUIRE(run_program({"binarize", files.p, "--thresholds", files.thresholds, "-o", files.out})
                .code == 0);
    std::istringstream lines(read_file(files.out));
    std::string line;
    std::getline(lines, line);
    CHECK(line == "image,Mass,Hernia");
    int n_predicted = 0;
    while (std::getline(lines, line)) n_predicted += contains(line, ",1,0") ? 1 : 0;
    CHECK(n_predicted == mass.at("n_predicted"));

    const Outcome score =
        run_program({"score", files.p, "--truth", files.t, "--thresholds", files.thresholds,
                     "--metric", "class/Mass:f1", "--format", "json"});
    REQUIRE(score.code == 0);
    check_close(
        json::parse(score.out).at("requested").at("class/Mass:f1").at("value").get<double>(),
        mass.at("apparent").at("value").get<double>());
  }
}

TEST_CASE("thresholds: of logits are probabilities, and decide alike") {
  const Files files;
  REQUIRE(files.find({"--method", "best", "-o", files.thresholds}).code == 0);
  const json of_p = json::parse(read_file(files.thresholds));
  REQUIRE(run_program({"thresholds", files.z, "--logits", "--truth", files.t, "--method", "best",
                       "-o", files.thresholds})
              .code == 0);
  const json of_z = json::parse(read_file(files.thresholds));
  CHECK(of_z.at("scores") == "logits");
  check_close(of_z.at("classes")[0].at("threshold").get<double>(),
              of_p.at("classes")[0].at("threshold").get<double>(), 1e-14);
  REQUIRE(run_program(
              {"binarize", files.z, "--logits", "--thresholds", files.thresholds, "-o", files.out})
              .code == 0);
  const Outcome wrong = run_program({"thresholds", files.z, "--truth", files.t});
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "say --logits"));
}

TEST_CASE("thresholds: objectives, and targets out of reach") {
  const Files files;
  const Outcome costs = files.find({"--objective", "cost:1,8", "--format", "csv"});
  CHECK(costs.code == 0);
  CHECK(contains(costs.out, "class,n_positive,n_negative,method,threshold"));
  const Outcome recall = files.find({"--objective", "recall>=0.9", "--method", "best"});
  CHECK(contains(recall.out, "precision"));
  const Outcome precise = files.find({"--objective", "precision>=1"});
  CHECK(precise.code == 0);
  const Outcome table = files.find({"--format", "json"});
  CHECK(json::parse(table.out).at("classes").size() == 2);
}

TEST_CASE("thresholds: of all classes together, saved, applied, and scored the same") {
  const Files files;
  struct Case {
    std::vector<std::string> options;
    std::string scope;
    std::string metric;
    std::string shown;
  };
  for (const Case& one :
       {Case{{"--scope", "shared"}, "shared", "macro:f1", "macro f1: 0."},
        Case{{"--scope", "micro", "--method", "best"}, "micro", "micro:f1", "micro f1: 0."},
        Case{{"--objective", "cardinality"}, "shared", "", "labels per row: 0."}}) {
    CAPTURE(one.scope, one.shown);
    std::vector<std::string> options = one.options;
    for (const std::string more : {"--cluster", "patient", "-o"}) options.push_back(more);
    options.push_back(files.thresholds);
    const Outcome found = files.find(options);
    CAPTURE(found.err, found.out);
    REQUIRE(found.code == 0);
    CHECK(contains(found.out, one.shown));
    CHECK(contains(found.out, ", scope " + one.scope));
    const json set = json::parse(read_file(files.thresholds));
    CHECK(set.at("scope") == one.scope);
    CHECK(set.at("joint").contains("cross_validated"));
    const json& mass = set.at("classes")[0];
    const json& hernia = set.at("classes")[1];
    if (one.scope == "shared") {
      CHECK(mass.at("threshold") == hernia.at("threshold"));
      CHECK_FALSE(contains(found.out, "nothing is predicted"));
      CHECK(hernia.at("apparent").contains("value"));
    } else {
      CHECK(hernia.at("threshold_infinite") == "+");
      CHECK(contains(found.out, "Hernia: no positives; nothing is predicted"));
    }
    REQUIRE(run_program({"binarize", files.p, "--thresholds", files.thresholds, "-o", files.out})
                .code == 0);
    std::istringstream lines(read_file(files.out));
    std::string line;
    std::getline(lines, line);
    int n_mass = 0;
    int n_hernia = 0;
    while (std::getline(lines, line)) {
      n_mass += line[line.size() - 3] == '1' ? 1 : 0;
      n_hernia += line.back() == '1' ? 1 : 0;
    }
    CHECK(n_mass == mass.at("n_predicted"));
    CHECK(n_hernia == hernia.at("n_predicted"));
    if (one.metric.empty()) continue;
    const Outcome score =
        run_program({"score", files.p, "--truth", files.t, "--thresholds", files.thresholds,
                     "--metric", one.metric, "--format", "json"});
    REQUIRE(score.code == 0);
    check_close(json::parse(score.out).at("requested").at(one.metric).at("value").get<double>(),
                set.at("joint").at("apparent").at("value").get<double>());
  }
}

TEST_CASE("thresholds: a guarantee of precision") {
  const Files files;
  // 40 positives above 20 negatives, and a class with 3 positives.
  std::string predictions = "id,Sure,Rare\n";
  std::string truth = predictions;
  for (int i = 0; i < 60; ++i) {
    const std::string id = "i" + std::to_string(i);
    const std::string score = "0." + std::to_string(90 - i);
    predictions += id + ',' + score + ',' + score + '\n';
    truth += id + (i < 40 ? ",1," : ",0,") + (i < 3 ? "1\n" : "0\n");
  }
  create_file(files.p, predictions);
  create_file(files.t, truth);
  const Outcome found =
      files.find({"--objective", "precision>=0.9", "--guarantee", "0.1", "-o", files.thresholds});
  CAPTURE(found.err, found.out);
  REQUIRE(found.code == 0);
  CHECK(contains(found.out, "at least 22 predictions, all right"));
  CHECK(contains(found.out, "certified"));
  CHECK(contains(found.out, "Rare: needs at least 22 right predictions, has 3 positives"));
  const json set = json::parse(read_file(files.thresholds));
  CHECK(set.at("guarantee").at("delta") == 0.1);
  CHECK(set.at("guarantee").at("needed_predictions") == 22);
  const json& sure = set.at("classes")[0];
  CHECK(sure.at("certificate").at("certified") == true);
  CHECK(sure.at("n_predicted") == 39);  // after 22, 24, ..., 36; at 42 two errors are too many
  CHECK(sure.at("largest_refused") == 0.51);
  CHECK(sure.at("smallest_accepted") == 0.52);
  CHECK(sure.at("threshold") > 0.51);
  CHECK(sure.at("threshold") < 0.5100001);
  REQUIRE(
      run_program({"binarize", files.p, "--thresholds", files.thresholds, "-o", files.out}).code ==
      0);
  CHECK(contains(read_file(files.out), "i38,1,0\ni39,0,0\n"));
  CHECK(
      run_program({"score", files.p, "--truth", files.t, "--thresholds", files.thresholds}).code ==
      0);
  const Outcome csv = files.find({"--objective", "precision>=0.9", "--guarantee", "0.1", "--method",
                                  "best", "--format", "csv"});
  CHECK(contains(csv.out, ",class,0.1,22,true\n"));
  CHECK(contains(csv.out, ",class,0.1,22,false\n"));
}

TEST_CASE("binarize: one threshold for all") {
  const Files files;
  create_file(files.p, "id,A,B\nx,0.5,0.4\ny,0.2,0.9\n");
  REQUIRE(run_program({"binarize", files.p, "--threshold", "0.5", "-o", files.out}).code == 0);
  CHECK(read_file(files.out) == "id,A,B\nx,1,0\ny,0,1\n");
  REQUIRE(
      run_program({"binarize", files.p, "--threshold", "0.5", "--classes", "B", "-o", files.out})
          .code == 0);
  CHECK(read_file(files.out) == "id,B\nx,0\ny,1\n");
}

TEST_CASE("thresholds and binarize: wrong usage and bad files") {
  const Files files;
  const auto refused = [&](const Outcome& outcome, int code, const std::string& part) {
    CAPTURE(outcome.err, part);
    CHECK(outcome.code == code);
    CHECK(contains(outcome.err, part));
    CHECK(read_file(files.out).empty());
  };
  refused(run_program({"thresholds"}), 1, "PRED");
  refused(run_program({"thresholds", files.p}), 1, "--truth");
  refused(files.find({"--method", "bst"}), 1, "the closest is 'best'");
  // Wrong usage comes before an output that cannot be written.
  const std::string nowhere = files.folder / "no/such/thresholds.json";
  refused(files.find({"--method", "bst", "-o", nowhere}), 1, "the closest is 'best'");
  refused(files.find({"--method", "best", "-o", nowhere}), 2, "cannot be written");
  refused(files.find({"--objective", "f2"}), 1, "there is no objective 'f2'");
  refused(files.find({"--objective", "recall>=0.5", "--method", "match"}), 1, "only 'best' can");
  refused(files.find({"--scope", "share"}), 1, "the closest is 'shared'");
  refused(files.find({"--scope", "shared", "--method", "shrink"}), 1, "only 'best'");
  refused(files.find({"--scope", "shared", "--objective", "mcc"}), 1, "no shared threshold");
  refused(files.find({"--scope", "micro", "--objective", "youden"}), 1, "'micro' is for f1");
  refused(files.find({"--objective", "cardinality", "--scope", "class"}), 1, "each class alone");
  refused(files.find({"--objective", "cardinality", "--scope", "micro"}), 1, "'micro' is for f1");
  refused(files.find({"--objective", "cardinality", "--method", "best"}), 1, "only 'match'");
  refused(files.find({"--guarantee", "0.05"}), 1, "--objective precision>=0.9");
  const std::vector<std::string> precise{"--objective", "precision>=0.9", "--guarantee"};
  const auto guaranteed = [&](std::vector<std::string> more) {
    more.insert(more.begin(), precise.begin(), precise.end());
    return files.find(more);
  };
  refused(guaranteed({"1.5"}), 1, "delta is 1.5");
  refused(guaranteed({"0.05", "--cluster", "patient"}), 1, "independent");
  refused(guaranteed({"0.05", "--scope", "shared"}), 1, "no shared threshold");
  refused(guaranteed({"0.05", "--method", "match"}), 1, "only 'best' can");
  refused(files.find({"--objective", "precision>=1", "--guarantee", "0.05"}), 1, "precision is 1");
  refused(files.find({"--cluster", "patiet"}), 2, "no column 'patiet'");
  refused(files.find({"-o", files.folder / "none/t.json"}), 2, "cannot be written");
  refused(run_program({"binarize", files.p, "-o", files.out}), 1, "either");
  refused(run_program({"binarize", files.p, "--threshold", "0.5"}), 1, "-o OUT");
  create_file(files.thresholds, "{\"Mass\": 0.5, \"Edema\": 0.5}");
  refused(run_program({"binarize", files.p, "--thresholds", files.thresholds, "-o", files.out}), 2,
          "no column for class 'Edema'");
  refused(run_program({"binarize", files.p, "--thresholds", files.thresholds, "--classes", "Hernia",
                       "-o", files.out}),
          2, "there is no threshold for this class");
}
