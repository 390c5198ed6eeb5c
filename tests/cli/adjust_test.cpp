// SPDX-License-Identifier: Apache-2.0
/// `adjust` as a user meets it.
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/run_program.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "io/npy_support.hpp"
#include "support.hpp"

using nlohmann::json;

namespace {

/// A folder with calibrated predictions `p.csv`, their logits `z.csv`, the truth `t.csv` and
/// training counts `c.csv` of 10,000 rows.
struct Files {
  TemporaryFolder folder;
  std::string p = folder / "p.csv";
  std::string z = folder / "z.csv";
  std::string t = folder / "t.csv";
  std::string c = folder / "c.csv";
  std::string out = folder / "out.csv";

  Files() {
    cxrlt::Random random(3);
    std::ostringstream probabilities;
    std::ostringstream logits;
    std::ostringstream truth;
    probabilities.precision(17);
    logits.precision(17);
    for (auto* file : {&probabilities, &logits, &truth}) *file << "image,Mass,Hernia\n";
    for (int i = 0; i < 400; ++i) {
      probabilities << "i" << i;
      logits << "i" << i;
      truth << "i" << i;
      for (const double prior : {0.3, 0.02}) {
        const bool positive = random.uniform() < prior;
        const double x = random.normal() + (positive ? 1.8 : 0);
        const double logit = cxrlt::logit(prior) + 1.8 * x - 1.62;
        probabilities << ',' << cxrlt::sigmoid(logit);
        logits << ',' << logit;
        truth << ',' << (positive ? 1 : 0);
      }
      probabilities << '\n';
      logits << '\n';
      truth << '\n';
    }
    create_file(p, probabilities.str());
    create_file(z, logits.str());
    create_file(t, truth.str());
    create_file(c, "class,count\nHernia,200\nMass,3000\nEdema,7\n");
  }

  Outcome adjust(const std::string& predictions, std::vector<std::string> more = {}) const {
    std::vector<std::string> all{
        "adjust", predictions, "--train-counts", c, "--train-size", "10000", "-o", out};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all);
  }
};

/// The numbers of a CSV, row after row, without header and ids.
std::vector<std::vector<double>> numbers_of(const std::string& text) {
  std::vector<std::vector<double>> rows;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream cells(line.substr(line.find(',') + 1));
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(std::stod(cell));
  }
  return rows;
}

/// Fails unless the logits of `out` are those of `p` plus the shifts.
void check_shifted(const Files& files, const std::vector<double>& shifts) {
  const auto before = numbers_of(read_file(files.p));
  const auto after = numbers_of(read_file(files.out));
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    for (std::size_t k = 0; k < shifts.size(); ++k) {
      check_close(after[i][k], cxrlt::sigmoid(cxrlt::logit(before[i][k]) + shifts[k]));
    }
  }
}

void refused(const Outcome& outcome, int code, const std::string& part) {
  CAPTURE(outcome.err, part);
  CHECK(outcome.code == code);
  CHECK(outcome.out.empty());
  CHECK(contains(outcome.err, part));
}

}  // namespace

TEST_CASE("adjust: tau is 1 unless it is said") {
  const Files files;
  const Outcome plain = files.adjust(files.p);
  CAPTURE(plain.err);
  REQUIRE(plain.code == 0);
  CHECK(contains(plain.out, "p.csv: 400 samples, 2 classes, logit adjustment with tau = 1\n"));
  CHECK(contains(plain.out, "Training counts: --train-counts c.csv, of 10,000 samples."));
  CHECK(contains(plain.out, "average_precision, chance_average_precision, auroc, "));
  CHECK(contains(plain.out, "calibrated for no population"));
  CHECK(read_file(files.out).rfind("image,Mass,Hernia\ni0,", 0) == 0);
  check_shifted(files, {-cxrlt::logit(0.3), -cxrlt::logit(0.02)});
  const std::string by_default = read_file(files.out);
  REQUIRE(files.adjust(files.p, {"--tau", "1"}).code == 0);
  CHECK(read_file(files.out) == by_default);

  REQUIRE(files.adjust(files.p, {"--tau", "0.5"}).code == 0);
  check_shifted(files, {-0.5 * cxrlt::logit(0.3), -0.5 * cxrlt::logit(0.02)});
  REQUIRE(files.adjust(files.p, {"--tau", "0"}).code == 0);
  CHECK(numbers_of(read_file(files.out)) == numbers_of(read_file(files.p)));
  // Logits in, probabilities out.
  REQUIRE(files.adjust(files.z, {"--logits"}).code == 0);
  check_shifted(files, {-cxrlt::logit(0.3), -cxrlt::logit(0.02)});
}

TEST_CASE("adjust: macro AP stays, and the report says so in JSON") {
  const Files files;
  const Outcome outcome = files.adjust(files.p, {"--format", "json"});
  REQUIRE(outcome.code == 0);
  const json report = json::parse(outcome.out);
  CHECK(report.at("schema") == "cxrlt-adjustment/1");
  CHECK(report.at("method") == "logit-adjustment");
  CHECK(report.at("counts_source") == "--train-counts c.csv");
  CHECK(report.at("train_size") == 10'000);
  CHECK(report.at("tau") == 1);
  CHECK(report.at("search").is_null());
  CHECK(report.at("unchanged_metrics")[0] == "average_precision");
  CHECK(report.at("unchanged_scopes") == json{"class", "macro", "weighted", "group"});
  CHECK(report.at("inputs")[0].at("role") == "predictions");
  const json& hernia = report.at("classes")[1];
  CHECK(hernia.at("name") == "Hernia");
  CHECK(hernia.at("train_count") == 200);
  CHECK(hernia.at("prior") == 0.02);
  check_close(hernia.at("shift").get<double>(), -cxrlt::logit(0.02));
  CHECK(hernia.at("target_prior").is_null());
  CHECK(hernia.at("n_newly_tied") == 0);
  CHECK(hernia.at("n_distinct_after") == 400);
  const auto map_of = [&](const std::string& predictions) {
    return run_program({"score", predictions, "--truth", files.t, "--metric", "map"}).out;
  };
  const std::string before = map_of(files.p);
  const std::string after = map_of(files.out);
  CHECK(before.substr(before.find("\nmap")) == after.substr(after.find("\nmap")));
}

TEST_CASE("adjust: the search for tau") {
  const Files files;
  const Outcome outcome =
      files.adjust(files.p, {"--search", "balanced_accuracy", "--truth", files.t});
  CAPTURE(outcome.err, outcome.out);
  REQUIRE(outcome.code == 0);
  CHECK(contains(outcome.out, "Search for tau"));
  CHECK(contains(outcome.out, "It was chosen on these rows"));
  const json report = json::parse(files
                                      .adjust(files.p, {"--search", "balanced_accuracy", "--truth",
                                                        files.t, "--format", "json"})
                                      .out);
  const double tau = report.at("tau").get<double>();
  CHECK(tau > 0.3);
  const json& search = report.at("search");
  CHECK(search.at("metric") == "balanced_accuracy");
  CHECK(search.at("best").at("value") > search.at("unadjusted").at("value"));
  CHECK(search.at("curve").size() == 39);
  check_shifted(files, {-tau * cxrlt::logit(0.3), -tau * cxrlt::logit(0.02)});
  // `score` finds the value that the search promised.
  const json score = json::parse(run_program({"score", files.out, "--truth", files.t, "--metric",
                                              "balanced_accuracy", "--format", "json"})
                                     .out);
  CHECK(score.at("requested").at("balanced_accuracy").at("value") == search.at("best").at("value"));
  // Groups are those of training prevalence, thresholds those of the options.
  CHECK(files.adjust(files.p, {"--search", "group/medium:f1", "--truth", files.t}).code == 0);
  const json at_priors =
      json::parse(files
                      .adjust(files.p, {"--search", "balanced_accuracy", "--truth", files.t,
                                        "--threshold", "0.1", "--format", "json"})
                      .out);
  CHECK(at_priors.at("tau") < tau);
}

TEST_CASE("adjust: a search that cannot change anything is refused") {
  const Files files;
  for (const std::string metric : {"map", "auroc", "weighted:map", "class/Mass:best_f1"}) {
    CAPTURE(metric);
    refused(files.adjust(files.p, {"--search", metric, "--truth", files.t}), 1,
            "cannot be changed by a logit adjustment");
  }
  refused(files.adjust(files.p, {"--search", "balanced", "--truth", files.t}), 1,
          "there is no metric 'balanced'");
  refused(files.adjust(files.p, {"--search", "class/Mas:f1", "--truth", files.t}), 2,
          "the closest is 'Mass'");
  CHECK(read_file(files.out).empty());
  CHECK(files.adjust(files.p, {"--search", "micro:map", "--truth", files.t}).code == 0);
}

TEST_CASE("adjust: given priors") {
  const Files files;
  const std::string q = files.folder / "q.csv";
  create_file(q, "class,prior\nMass,0.5\nHernia,0.1\nEdema,0.2\n");
  const Outcome outcome = files.adjust(files.p, {"--target-prior", q});
  CAPTURE(outcome.err);
  REQUIRE(outcome.code == 0);
  CHECK(contains(outcome.out, "prior shift to given priors"));
  CHECK(contains(outcome.out, "Calibrate first"));
  check_shifted(files, {-cxrlt::logit(0.3), cxrlt::logit(0.1) - cxrlt::logit(0.02)});

  create_file(files.out, "");
  create_file(q, "class,prior\nMass,0.5\nHernai,0.1\n");
  refused(files.adjust(files.p, {"--target-prior", q}), 2,
          "q.csv, class 'Hernia': there is no prior for this class; the closest is 'Hernai'");
  create_file(q, "class,prior\nMass,0.5\nHernia,1\n");
  refused(files.adjust(files.p, {"--target-prior", q}), 2, "'1' is no prior");
  create_file(q, "class,prior\nMass,0.5\nMass,0.4\nHernia,0.1\n");
  refused(files.adjust(files.p, {"--target-prior", q}), 2, "stands in this file twice");
  CHECK(read_file(files.out).empty());
}

TEST_CASE("adjust: estimated priors") {
  const Files files;
  const json em =
      json::parse(files.adjust(files.p, {"--estimate-prior", "em", "--format", "json"}).out);
  CHECK(em.at("method") == "em");
  CHECK(em.at("tau").is_null());
  for (const json& one : em.at("classes")) {
    const json& target = one.at("target_prior");
    // The rows have the training priors.
    CHECK(target.at("ci").at("lower") < one.at("prior"));
    CHECK(one.at("prior") < target.at("ci").at("upper"));
    CHECK(target.at("ci").at("method") == "likelihood ratio");
    CHECK(target.at("p_value") > 0.05);
    check_close(one.at("shift").get<double>(), cxrlt::logit(target.at("value").get<double>()) -
                                                   cxrlt::logit(one.at("prior").get<double>()));
  }
  const json weighed =
      json::parse(files
                      .adjust(files.p, {"--estimate-prior", "em", "--prior-weight", "1e7",
                                        "--level", "0.5", "--format", "json"})
                      .out);
  CHECK(weighed.at("classes")[1].at("target_prior").at("value").get<double>() ==
        Approx(0.02).epsilon(1e-3));
  CHECK(weighed.at("classes")[1].at("target_prior").at("ci").at("level") == 0.5);
  CHECK(contains(files.adjust(files.p, {"--estimate-prior", "em"}).out, "p of no shift"));

  const json bbse =
      json::parse(files
                      .adjust(files.p, {"--estimate-prior", "bbse", "--source-predictions", files.p,
                                        "--truth", files.t, "--format", "json"})
                      .out);
  CHECK(bbse.at("method") == "bbse");
  CHECK(bbse.at("inputs")[1].at("role") == "source_predictions");
  // Its own rows: the estimate is the share of positives.
  double n_positive = 0;
  for (const auto& row : numbers_of(read_file(files.t))) n_positive += row[0];
  check_close(bbse.at("classes")[0].at("target_prior").at("value").get<double>(), n_positive / 400);
  CHECK(bbse.at("classes")[0].at("target_prior").at("ci").at("method") == "delta");
  // Where nothing is predicted, nothing is known.
  const Outcome nothing =
      files.adjust(files.p, {"--estimate-prior", "bbse", "--source-predictions", files.p, "--truth",
                             files.t, "--threshold", "1.5"});
  REQUIRE(nothing.code == 0);
  CHECK(
      contains(nothing.out, "Hernia: as many of the negatives as of the positives are predicted"));
  CHECK(numbers_of(read_file(files.out)) == numbers_of(read_file(files.p)));
}

TEST_CASE("adjust: an estimate of 0 keeps scores apart") {
  const Files files;
  std::string low = "image,Mass,Hernia\n";
  for (int i = 1; i <= 50; ++i) {
    low += "i" + std::to_string(i) + ",0.0" + std::to_string(100 + i) + ",0.00" +
           std::to_string(i) + "\n";
  }
  create_file(files.p, low);
  const Outcome outcome = files.adjust(files.p, {"--estimate-prior", "em"});
  REQUIRE(outcome.code == 0);
  CHECK(contains(outcome.out, "Mass: the estimate is 0; half a row, 0.01, is taken"));
  CHECK_FALSE(contains(outcome.out, "newly tied"));
}

TEST_CASE("adjust: classes without training positives, and without a count") {
  const Files files;
  create_file(files.c, "class,count\nMass,3000\nHernia,0\n");
  const Outcome outcome = files.adjust(files.p);
  REQUIRE(outcome.code == 0);
  CHECK(contains(outcome.out, "Hernia: no training positives; its probabilities stay as they are"));
  check_shifted(files, {-cxrlt::logit(0.3), 0});
  const std::string csv = files.adjust(files.p, {"--format", "csv"}).out;
  CHECK(contains(csv, "\nHernia,0,0,,,,,0,no_positives,400,400,0,0\n"));
  create_file(files.out, "");
  create_file(files.c, "class,count\nMass,3000\n");
  refused(files.adjust(files.p), 2, "class 'Hernia' has no training count (--train-counts c.csv)");
  create_file(files.c, "class,count\nMass,30000\nHernia,3\n");
  refused(files.adjust(files.p), 2, "30000 training positives of 10000");
  CHECK(read_file(files.out).empty());
}

TEST_CASE("adjust: ties by saturation are counted") {
  const Files files;
  create_file(files.p,
              "image,Mass,Hernia\na,0.2,0.9999999999999995\nb,0.3,0.9999999999999998\n"
              "c,0.4,0.9999999999999999\n");
  const Outcome outcome = files.adjust(files.p);
  REQUIRE(outcome.code == 0);
  CHECK(contains(outcome.out,
                 "But rounding changed it in Hernia: 3 rows are newly tied (3 distinct "
                 "scores became 1)"));
}

TEST_CASE("adjust: wrong usage") {
  const Files files;
  refused(run_program({"adjust"}), 1, "needs a file of predictions");
  refused(run_program({"adjust", files.p, "--tau", "1"}), 1, "-o OUT");
  refused(run_program({"adjust", files.p, "-o", files.out}), 1, "rests on training counts");
  refused(run_program({"adjust", files.p, "--train-counts", files.c, "-o", files.out}), 1,
          "go together");
  refused(files.adjust(files.p, {"--tau", "-1"}), 1, "--tau must be");
  refused(files.adjust(files.p, {"--tau", "nan"}), 1, "--tau must be");
  refused(files.adjust(files.p, {"--tau", "1", "--search", "f1", "--truth", files.t}), 1,
          "contradict");
  refused(files.adjust(files.p, {"--estimate-prior", "em", "--target-prior", files.c}), 1,
          "contradict");
  refused(files.adjust(files.p, {"--estimate-prior", "bbs"}), 1, "the closest is 'bbse'");
  refused(files.adjust(files.p, {"--search", "f1"}), 1, "--truth FILE");
  refused(files.adjust(files.p, {"--truth", files.t}), 1, "--truth goes with");
  refused(files.adjust(files.p, {"--estimate-prior", "bbse", "--truth", files.t}), 1,
          "--source-predictions");
  refused(files.adjust(files.p, {"--source-predictions", files.p}), 1, "goes with");
  refused(files.adjust(files.p, {"--prior-weight", "5"}), 1, "goes with");
  refused(files.adjust(files.p, {"--estimate-prior", "em", "--prior-weight", "-5"}), 1,
          "at least 0");
  refused(files.adjust(files.p, {"--threshold", "0.5"}), 1, "go with");
  refused(files.adjust(files.p, {"--bins", "5"}), 1, "goes with");
  refused(files.adjust(files.p, {"--level", "0.9"}), 1, "goes with");
  refused(files.adjust(files.p, {"--search", "f1", "--truth", files.t, "--threshold", "nan"}), 1,
          "not a number");
  refused(files.adjust(files.p, {"--metadata", files.t}), 1, "--metadata");
  for (const std::string& input : {files.p, files.c}) {
    refused(run_program({"adjust", files.p, "--train-counts", files.c, "--train-size", "10000",
                         "-o", input}),
            1, "would overwrite");
  }
  CHECK(read_file(files.out).empty());
}

TEST_CASE("adjust: bad data leave nothing behind") {
  const Files files;
  refused(files.adjust(files.z), 2,
          "is no probability; if the predictions are logits, say --logits");
  refused(files.adjust(files.folder / "none.csv"), 2, "none.csv");
  refused(run_program({"adjust", files.p, "--train-counts", files.c, "--train-size", "10000", "-o",
                       files.folder / "none/out.csv"}),
          2, "cannot be written");
  refused(files.adjust(files.p, {"--classes", "Mas"}), 2, "the closest is 'Mass'");
  CHECK(read_file(files.out).empty());
}

TEST_CASE("adjust: a profile's counts") {
  const Files files;
  create_file(files.p, "dicom_id,Hernia,Mass\na,0.2,0.3\nb,0.1,0.4\n");
  const Outcome outcome =
      run_program({"adjust", files.p, "--profile", "cxrlt2024_task1", "--classes", "Hernia,Mass",
                   "-o", files.out, "--format", "json"});
  CAPTURE(outcome.err);
  REQUIRE(outcome.code == 0);
  const json report = json::parse(outcome.out);
  CHECK(report.at("counts_source") == "cxrlt2024_task1");
  CHECK(report.at("train_size") == 258'871);
  CHECK(report.at("classes")[0].at("train_count") == 3986);
  refused(run_program({"adjust", files.p, "--profile", "cxrlt2024_task3", "-o", files.out,
                       "--classes", "Hernia,Mass"}),
          1, "rests on training counts");
}

TEST_CASE("adjust: an array for an array") {
  const Files files;
  const std::string array = files.folder / "p.npy";
  const std::string out = files.folder / "out.npy";
  create_file(array,
              npy_file(npy_header("<f4", "2, 2"), float32_bytes({0.5F, 0.25F, 0.75F, 0.5F})));
  const Outcome outcome =
      run_program({"adjust", array, "--classes", "Mass,Hernia", "--train-counts", files.c,
                   "--train-size", "10000", "-o", out});
  CAPTURE(outcome.err);
  REQUIRE(outcome.code == 0);
  const std::string bytes = read_file(out);
  CHECK(contains(bytes, "'descr': '<f8'"));
  REQUIRE(bytes.size() == 128 + 32);
  double first = 0;
  std::memcpy(&first, bytes.data() + 128, sizeof first);
  check_close(first, 0.7);
  refused(run_program({"adjust", array, "--classes", "Mass,Hernia", "--train-counts", files.c,
                       "--train-size", "10000", "-o", files.out}),
          2, "ends in .npy");
}
