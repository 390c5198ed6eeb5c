// SPDX-License-Identifier: Apache-2.0
/// `calibrate fit` and `apply` as a user meets them.
#include <cmath>
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

/// A folder with over-confident predictions `p.csv`, their logits `z.csv`, and the truth `t.csv`.
struct Files {
  TemporaryFolder folder;
  std::string p = folder / "p.csv";
  std::string z = folder / "z.csv";
  std::string t = folder / "t.csv";
  std::string model = folder / "m.json";
  std::string out = folder / "out.csv";

  Files() {
    cxrlt::Random random(2);
    std::ostringstream probabilities;
    std::ostringstream logits;
    std::ostringstream truth;
    probabilities.precision(17);
    logits.precision(17);
    for (auto* file : {&probabilities, &logits}) *file << "image,Mass,Hernia\n";
    truth << "image,Mass,Hernia,patient\n";
    for (int i = 0; i < 300; ++i) {
      const double mass = random.normal();
      const double hernia = random.normal() - 4;
      probabilities << "i" << i << ',' << cxrlt::sigmoid(3 * mass) << ',' << cxrlt::sigmoid(hernia)
                    << '\n';
      logits << "i" << i << ',' << 3 * mass << ',' << hernia << '\n';
      truth << "i" << i << ',' << (random.uniform() < cxrlt::sigmoid(mass) ? 1 : 0) << ",0,p"
            << i / 2 << '\n';
    }
    create_file(p, probabilities.str());
    create_file(z, logits.str());
    create_file(t, truth.str());
  }

  Outcome fit(std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"calibrate", "fit", p, "--truth", t, "-o", model};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all);
  }
  Outcome apply(std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"calibrate", "apply", p, "--model", model, "-o", out};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all);
  }
};

double log_loss_of(const std::string& predictions, const std::string& truth) {
  const Outcome outcome = run_program({"score", predictions, "--truth", truth, "--metric",
                                       "class/Mass:log_loss", "--format", "json"});
  REQUIRE(outcome.code == 0);
  return json::parse(outcome.out)
      .at("requested")
      .at("class/Mass:log_loss")
      .at("value")
      .get<double>();
}

}  // namespace

TEST_CASE("calibrate: fit, apply, and the log loss falls") {
  const Files files;
  for (const std::string method :
       {"temperature", "temperature-per-class", "affine", "platt", "beta", "isotonic",
        "centred-isotonic", "histogram", "histogram-mass", "venn-abers"}) {
    CAPTURE(method);
    const Outcome fit = files.fit({"--method", method});
    CAPTURE(fit.err);
    REQUIRE(fit.code == 0);
    CHECK(contains(fit.out, "300 samples, 2 classes, calibrated by " + method));
    CHECK(contains(fit.out, "--cross-fit 5"));
    CHECK(contains(fit.out, "Hernia: no positives; its probabilities stay as they are") ==
          (!method.starts_with("temperature") && method != "affine"));
    CHECK(contains(fit.out, "Hernia: no positives; it has the scale of all classes, and no bias") ==
          (method == "affine"));
    const json model = json::parse(read_file(files.model));
    CHECK(model.at("schema") == "cxrlt-calibration/1");
    CHECK(model.at("method") == method);
    CHECK(model.at("classes")[1].at("n_positive") == 0);

    const Outcome apply = files.apply();
    CAPTURE(apply.err);
    REQUIRE(apply.code == 0);
    CHECK(apply.out.empty());
    CHECK(read_file(files.out).rfind("image,Mass,Hernia\ni0,", 0) == 0);
    CHECK(log_loss_of(files.out, files.t) < log_loss_of(files.p, files.t));
  }
}

TEST_CASE("calibrate: logits are named at the fit, and remembered") {
  const Files files;
  REQUIRE(files.fit({"--method", "platt"}).code == 0);
  REQUIRE(files.apply().code == 0);
  const double from_p = log_loss_of(files.out, files.t);
  const Outcome fit = run_program({"calibrate", "fit", files.z, "--logits", "--truth", files.t,
                                   "--method", "platt", "-o", files.model});
  CAPTURE(fit.err);
  REQUIRE(fit.code == 0);
  CHECK(json::parse(read_file(files.model)).at("scores") == "logits");
  REQUIRE(
      run_program({"calibrate", "apply", files.z, "--model", files.model, "-o", files.out}).code ==
      0);
  check_close(log_loss_of(files.out, files.t), from_p, 1e-9);

  const Outcome wrong = run_program({"calibrate", "fit", files.z, "--truth", files.t, "--method",
                                     "platt", "-o", files.folder / "other.json"});
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "z.csv, class 'Mass', id 'i"));
  CHECK(contains(wrong.err, "is no probability; if the predictions are logits, say --logits"));
  CHECK(read_file(files.folder / "other.json").empty());
}

TEST_CASE("calibrate: cross-fitted values are worse than fitted ones") {
  const Files files;
  const Outcome fit = files.fit(
      {"--method", "isotonic", "--cross-fit", "5", "--cluster", "patient", "--format", "csv"});
  CAPTURE(fit.err);
  REQUIRE(fit.code == 0);
  std::istringstream lines(fit.out);
  std::string line;
  std::getline(lines, line);
  CHECK(line ==
        "class,n_positive,n_negative,log_loss_before,log_loss_after,log_loss_cross_fitted,"
        "ece_before,ece_after,ece_cross_fitted");
  std::getline(lines, line);
  std::vector<std::string> cells;
  std::istringstream row(line);
  for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
  REQUIRE(cells.size() == 9);
  CHECK(std::stod(cells[7]) < std::stod(cells[8]));
  CHECK(contains(files.fit({"--method", "platt", "--cross-fit", "4"}).out, "of 4;"));
}

TEST_CASE("calibrate: wrong usage") {
  const Files files;
  const auto refused = [](const Outcome& outcome, int code, const std::string& part) {
    CAPTURE(outcome.err, part);
    CHECK(outcome.code == code);
    CHECK(outcome.out.empty());
    CHECK(contains(outcome.err, part));
  };
  refused(run_program({"calibrate"}), 1, "see: cxrlt calibrate --help");
  refused(run_program({"calibrate", "fits"}), 1, "the closest is 'fit'");
  refused(run_program({"calibrate", "fit", "--methd", "x"}), 1, "see: cxrlt calibrate fit --help");
  refused(files.fit(), 1, "needs a method");
  refused(files.fit({"--method", "plat"}), 1, "the closest is 'platt'");
  refused(files.fit({"--method", "platt", "--cluster", "patient"}), 1, "--cross-fit");
  refused(files.fit({"--method", "platt", "--cross-fit", "1"}), 1, "--cross-fit");
  refused(run_program({"calibrate", "fit", files.p, "--truth", files.t, "--method", "platt"}), 1,
          "-o FILE");
  refused(run_program({"calibrate", "fit", files.p, "--truth", files.t, "--method", "platt", "-o",
                       files.p}),
          1, "would overwrite");
  CHECK(read_file(files.model).empty());
}

TEST_CASE("calibrate: bad files leave nothing behind") {
  const Files files;
  const auto refused = [&](const Outcome& outcome, const std::string& part) {
    CAPTURE(outcome.err, part);
    CHECK(outcome.code == 2);
    CHECK(contains(outcome.err, part));
    CHECK(read_file(files.out).empty());
  };
  refused(files.apply(), "m.json");
  create_file(files.model, "{\"Mass\": 0.5}");
  refused(files.apply(), "expected 'cxrlt-calibration/1'");
  REQUIRE(files.fit({"--method", "platt"}).code == 0);
  refused(files.apply({"--classes", "Mas"}),
          "was not fitted for class 'Mas'; the closest is 'Mass'");
  const std::string other = files.folder / "other.csv";
  create_file(other, "image,Mass,Edema\ni0,0.5,0.5\n");
  refused(run_program({"calibrate", "apply", other, "--model", files.model, "-o", files.out}),
          "no column for class 'Hernia'");
  refused(run_program({"calibrate", "apply", files.p, "--model", files.model, "-o",
                       files.folder / "none/out.csv"}),
          "cannot be written");
  // Labels all of one kind.
  const std::string model = files.folder / "hernia.json";
  const Outcome fit = run_program({"calibrate", "fit", files.p, "--truth", files.t, "--classes",
                                   "Hernia", "--method", "platt", "-o", model});
  CHECK(fit.code == 2);
  CHECK(contains(fit.err, "no class has positive and negative labels"));
  CHECK(read_file(model).empty());
}

TEST_CASE("calibrate apply: some classes, and a packed output") {
  const Files files;
  REQUIRE(files.fit({"--method", "platt"}).code == 0);
  const Outcome apply = files.apply({"--classes", "Mass"});
  REQUIRE(apply.code == 0);
  CHECK(read_file(files.out).rfind("image,Mass\n", 0) == 0);
  CHECK(contains(apply.err, "Hernia"));
  const std::string packed = files.folder / "out.csv.gz";
  REQUIRE(run_program({"calibrate", "apply", files.p, "--model", files.model, "-o", packed}).code ==
          0);
  CHECK(log_loss_of(packed, files.t) < log_loss_of(files.p, files.t));
}
