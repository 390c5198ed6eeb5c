// SPDX-License-Identifier: Apache-2.0
/// `ensemble` as a user meets it.
#include <algorithm>
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

/// Rows of a CSV with their order, and that of the columns, at the test's will.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  std::string text() const {
    std::string all;
    const auto add = [&all](const std::vector<std::string>& cells) {
      for (std::size_t c = 0; c < cells.size(); ++c) all += (c == 0 ? "" : ",") + cells[c];
      all += '\n';
    };
    add(header);
    for (const auto& row : rows) add(row);
    return all;
  }

  /// Rows and columns in another order, the id column first.
  Table permuted(std::uint64_t seed) const {
    cxrlt::Random random(seed);
    const auto shuffle = [&random](auto begin, auto end) {
      for (auto n = end - begin; n > 1; --n) {
        std::iter_swap(begin + n - 1, begin + random.below(static_cast<std::uint32_t>(n)));
      }
    };
    std::vector<std::size_t> columns(header.size());
    for (std::size_t c = 0; c < columns.size(); ++c) columns[c] = c;
    shuffle(columns.begin() + 1, columns.end());
    Table other;
    for (const std::size_t c : columns) other.header.push_back(header[c]);
    for (const auto& row : rows) {
      other.rows.emplace_back();
      for (const std::size_t c : columns) other.rows.back().push_back(row[c]);
    }
    shuffle(other.rows.begin(), other.rows.end());
    return other;
  }
};

/// Three models of 300 images of 120 studies and 60 patients, with truth and metadata.
struct Files {
  TemporaryFolder folder;
  std::vector<Table> models{3, {{"image", "Normal", "Mass", "Hernia"}, {}}};
  Table truth{{"image", "Normal", "Mass", "Hernia"}, {}};
  Table metadata{{"image", "view", "StudyID", "patient"}, {}};
  std::string t = folder / "t.csv";
  std::string m = folder / "m.csv";
  std::string out = folder / "out.csv";

  Files() {
    cxrlt::Random random(8);
    const std::vector<std::string> views{"PA", "LATERAL", "AP", "", "LL"};
    for (int i = 0; i < 300; ++i) {
      const std::string id = "i" + std::to_string(1000 + i * 7 % 300);
      const bool normal = random.uniform() < 0.4;
      const std::vector<bool> labels{normal, !normal && random.uniform() < 0.4,
                                     !normal && random.uniform() < 0.1};
      truth.rows.push_back({id});
      for (const bool label : labels) truth.rows.back().emplace_back(label ? "1" : "0");
      for (std::size_t j = 0; j < 3; ++j) {
        models[j].rows.push_back({id});
        for (std::size_t k = 0; k < 3; ++k) {
          const double skill = j == k ? 2 : 0.7;
          const double z = random.normal() + (labels[k] ? skill : 0) - 1;
          models[j].rows.back().push_back(std::to_string(cxrlt::sigmoid(z)));
        }
      }
      metadata.rows.push_back({id, views[static_cast<std::size_t>(i) % 5],
                               "s" + std::to_string(i * 2 / 5), "p" + std::to_string(i / 5)});
    }
    for (std::size_t j = 0; j < 3; ++j) create_file(model(j), models[j].text());
    create_file(t, truth.text());
    create_file(m, metadata.text());
  }

  std::string model(std::size_t j) const {
    return folder / (std::string("abc").substr(j, 1) + ".csv");
  }

  Outcome ensemble(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"ensemble", model(0), model(1), model(2), "-o", out};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all);
  }
  json report(std::vector<std::string> more) const {
    more.insert(more.end(), {"--format", "json"});
    const Outcome outcome = ensemble(more);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    return json::parse(outcome.out);
  }
  /// A cell of the output.
  double cell(const std::string& id, std::size_t k) const {
    std::istringstream lines(read_file(out));
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with(id + ',')) continue;
      std::istringstream cells(line);
      std::string cell;
      for (std::size_t c = 0; c <= k + 1; ++c) std::getline(cells, cell, ',');
      return std::stod(cell);
    }
    FAIL("no row " << id);
    return 0;
  }
};

bool leaves_nothing(const Files& files, const Outcome& outcome, int code) {
  return outcome.code == code && outcome.out.empty() && read_file(files.out).empty();
}

}  // namespace

TEST_CASE("the mean of three files, rows and classes sorted", "[ensemble]") {
  const Files files;
  const Outcome outcome = files.ensemble();
  CAPTURE(outcome.err);
  CHECK(outcome.code == 0);
  CHECK(contains(outcome.out, "out.csv: mean of 3 models, 300 samples, 3 classes"));
  CHECK(contains(outcome.out, "a.csv and b.csv"));
  const std::string text = read_file(files.out);
  CHECK(text.starts_with("image,Hernia,Mass,Normal\ni1000,"));
  double sum = 0;
  for (const Table& model : files.models) sum += std::stod(model.rows[0][2]);
  check_close(files.cell(files.models[0].rows[0][0], 1), sum / 3);
  // Weights.
  REQUIRE(files.ensemble({"--weights", "2,1,0"}).code == 0);
  check_close(
      files.cell(files.models[0].rows[0][0], 1),
      (2 * std::stod(files.models[0].rows[0][2]) + std::stod(files.models[1].rows[0][2])) / 3);
}

TEST_CASE("no order of rows or columns changes a byte", "[ensemble]") {
  const Files files;
  const std::vector<std::vector<std::string>> ways{
      {},
      {"--method", "rank"},
      {"--method", "logit", "--weights", "0.3,0.5,0.2"},
      {"--method", "median"},
      {"--search", "map", "--truth", files.t, "--metadata", files.m, "--cluster", "patient"},
      {"--search", "log_loss", "--truth", files.t, "--strategy", "simplex", "--folds", "2"},
      {"--metadata", files.m, "--views", "view", "--study", "StudyID"},
      {"--metadata", files.m, "--views", "view", "--study", "StudyID", "--per-study"},
      {"--gate", "power:0.5", "--normal", "Normal"},
      {"--smooth", "0.2", "--train-labels", files.t}};
  for (const auto& way : ways) {
    CAPTURE(way);
    for (std::size_t j = 0; j < 3; ++j) create_file(files.model(j), files.models[j].text());
    create_file(files.t, files.truth.text());
    create_file(files.m, files.metadata.text());
    REQUIRE(files.ensemble(way).code == 0);
    const std::string expected = read_file(files.out);
    for (std::size_t j = 0; j < 3; ++j) {
      create_file(files.model(j), files.models[j].permuted(j + 1).text());
    }
    create_file(files.t, files.truth.permuted(4).text());
    create_file(files.m, files.metadata.permuted(5).text());
    REQUIRE(files.ensemble(way).code == 0);
    CHECK(read_file(files.out) == expected);
    REQUIRE(files
                .ensemble([&] {
                  std::vector<std::string> one_thread = way;
                  one_thread.insert(one_thread.end(), {"--threads", "1"});
                  return one_thread;
                }())
                .code == 0);
    CHECK(read_file(files.out) == expected);
  }
}

TEST_CASE("ids that are wanted, in their order, and a profile that the output keeps",
          "[ensemble]") {
  const Files files;
  create_file(files.folder / "ids.csv", "image\ni1007\ni1003\n");
  create_file(files.folder / "profile.json",
              R"({"schema": "cxrlt-profile/1", "name": "small", "id_column": "ImageID",
                  "id_aliases": ["image"], "classes": ["Mass", "Normal", "Hernia"],
                  "normal_class": "Normal"})");
  const json report =
      files.report({"--ids", files.folder / "ids.csv", "--profile", files.folder / "profile.json"});
  CHECK(report["valid"] == true);
  CHECK(report["n_samples"] == 2);
  CHECK(report["classes"] == json({"Mass", "Normal", "Hernia"}));
  const std::string text = read_file(files.out);
  CHECK(text.starts_with("ImageID,Mass,Normal,Hernia\ni1007,"));
  const Outcome validated =
      run_program({"validate", files.out, "--profile", files.folder / "profile.json", "--ids",
                   files.folder / "ids.csv"});
  CHECK(validated.code == 0);
  // The profile's normal class gates without being named.
  REQUIRE(files.ensemble({"--profile", files.folder / "profile.json", "--gate", "hard:0"}).code ==
          0);
  CHECK(files.cell("i1007", 0) == 0);
  CHECK(files.cell("i1007", 1) > 0);
}

TEST_CASE("classes without a value are left out, or counted as asked", "[ensemble]") {
  Files files;
  for (auto& row : files.truth.rows) row[3] = "0";  // no Hernia
  create_file(files.t, files.truth.text());
  const json left_out = files.report({"--truth", files.t})["ensemble"];
  CHECK(left_out["n_defined"] == 2);
  const double value = left_out["value"].get<double>();
  for (const std::vector<std::string>& way : {std::vector<std::string>{"--convention", "sklearn"},
                                              {"--undefined", "zero"},
                                              {"--undefined", "skip,ap=zero"}}) {
    std::vector<std::string> options{"--truth", files.t};
    options.insert(options.end(), way.begin(), way.end());
    check_close(files.report(options)["ensemble"]["value"].get<double>(), value * 2 / 3);
  }
  CHECK(files.ensemble({"--undefined", "zero"}).code == 1);  // without a truth
  CHECK(files.ensemble({"--truth", files.t, "--undefined", "naught"}).code == 1);
  CHECK(files.ensemble({"--truth", files.t, "--undefined", "error"}).code == 2);
  CHECK(
      files.ensemble({"--truth", files.t, "--undefined", "zero", "--convention", "sklearn"}).code ==
      1);
}

TEST_CASE("an output that cannot be written is noticed first", "[ensemble]") {
  const Files files;
  const Outcome outcome = run_program({"ensemble", files.model(0), files.folder / "none.csv", "-o",
                                       files.folder / "no/such/folder.csv"});
  CHECK(outcome.code == 2);
  CHECK(contains(outcome.err, "folder.csv: the file cannot be written"));
}

TEST_CASE("a search says what it is worth, and its weights go with other files", "[ensemble]") {
  const Files files;
  const json report = files.report({"--search", "map", "--truth", files.t, "--metadata", files.m,
                                    "--cluster", "patient", "--per-class", "--strategy", "best"});
  CHECK(report["schema"] == "cxrlt-ensemble/1");
  CHECK(report["metric"] == "map");
  CHECK(report["cluster"] == "patient");
  const json& search = report["search"];
  CHECK(search["strategy"] == "best");
  CHECK(search["n_folds"] == 5);
  CHECK(search["apparent"]["value"] >= search["equal_weights"]["value"]);
  CHECK(search["nested"]["value"] <= search["apparent"]["value"]);
  check_close(report["ensemble"]["value"].get<double>(), search["apparent"]["value"].get<double>());
  // Each model is best in the class of its own; classes stand sorted: Hernia, Mass, Normal.
  CHECK(report["models"][0]["weights"] == json({0.0, 0.0, 1.0}));
  const std::string searched = read_file(files.out);

  const Outcome weights =
      files.ensemble({"--search", "map", "--truth", files.t, "--metadata", files.m, "--cluster",
                      "patient", "--per-class", "--strategy", "best", "--format", "csv"});
  CHECK(weights.out.starts_with("class,a.csv,b.csv,c.csv\nHernia,"));
  create_file(files.folder / "w.csv", weights.out);
  REQUIRE(files.ensemble({"--weights", "@" + (files.folder / "w.csv")}).code == 0);
  CHECK(read_file(files.out) == searched);
  // The program scores the output as the search did.
  const Outcome score = run_program({"score", files.out, "--truth", files.t, "--format", "json"});
  check_close(json::parse(score.out)["macro"]["average_precision"]["value"].get<double>(),
              search["apparent"]["value"].get<double>());
  const Outcome page = files.ensemble({"--search", "map", "--truth", files.t});
  CHECK(contains(page.out, "searched weights, on rows they have not seen (nested)"));
}

TEST_CASE("views, gates and smoothing are measured where there is a truth", "[ensemble]") {
  const Files files;
  const json report = files.report({"--truth",        files.t,
                                    "--metadata",     files.m,
                                    "--views",        "view:PA+AP=7,LATERAL=3,other=5",
                                    "--view-method",  "group-means",
                                    "--smooth",       "0.1",
                                    "--train-labels", files.t,
                                    "--gate",         "linear:0.5",
                                    "--normal",       "Normal",
                                    "--except",       "Hernia",
                                    "--ci",           "200"});
  REQUIRE(report["steps"].size() == 3);
  CHECK(report["steps"][0]["step"] == "views view:PA+AP=7,LATERAL=3,other=5, group-means");
  CHECK(report["replicates"] == 200);
  CHECK(report["steps"][0]["before"]["value"] == report["ensemble"]["value"]);
  for (std::size_t s = 0; s < 3; ++s) {
    const json& step = report["steps"][s];
    check_close(step["change"]["value"].get<double>(),
                step["after"]["value"].get<double>() - step["before"]["value"].get<double>());
    CHECK(step["change"]["ci"]["lower"] < step["change"]["value"]);
    if (s > 0) CHECK(step["before"] == report["steps"][s - 1]["after"]);
  }
  CHECK(std::any_of(report["notes"].begin(), report["notes"].end(),
                    [](const json& note) { return note["code"] == "study_column"; }));
  // All images of a study have its value; or the study has the only row.
  REQUIRE(files.ensemble({"--metadata", files.m, "--views", "view", "--study", "StudyID"}).code ==
          0);
  const std::string first = files.metadata.rows[0][0];
  const double value = files.cell(first, 1);
  for (const auto& row : files.metadata.rows) {
    if (row[2] == "s0") CHECK(files.cell(row[0], 1) == value);
  }
  const json per_study =
      files.report({"--metadata", files.m, "--views", "view", "--study", "StudyID", "--per-study"});
  CHECK(per_study["n_samples"] == 120);
  CHECK(read_file(files.out).starts_with("StudyID,"));
  CHECK(files.cell("s0", 1) == value);
}

TEST_CASE("files that disagree end with exit code 2 and no output", "[ensemble]") {
  const Files files;
  const auto with_second = [&](const std::string& text, std::vector<std::string> more = {}) {
    create_file(files.model(1), text);
    return files.ensemble(more);
  };
  Table other = files.models[1];
  other.rows.erase(other.rows.begin() + 4);
  Outcome outcome = with_second(other.text());
  CHECK(leaves_nothing(files, outcome, 2));
  CHECK(contains(outcome.err, files.models[1].rows[4][0]));
  CHECK(contains(outcome.err, "there is no prediction for this id in b.csv"));

  other = files.models[1];
  other.rows.push_back(other.rows[0]);
  outcome = with_second(other.text());
  CHECK(leaves_nothing(files, outcome, 2));
  CHECK(contains(outcome.err, "b.csv, line 302"));

  other = files.models[1];
  other.header[2] = "Masses";
  outcome = with_second(other.text());
  CHECK(leaves_nothing(files, outcome, 2));
  CHECK(contains(outcome.err, "without 'Mass', and with 'Masses' besides"));

  other = files.models[1];
  other.rows[7][3] = "NaN";
  outcome = with_second(other.text());
  CHECK(leaves_nothing(files, outcome, 2));
  CHECK(contains(outcome.err, "b.csv, line 9"));

  other = files.models[1];
  other.rows[7][3] = "-2.5";
  outcome = with_second(other.text());
  CHECK(leaves_nothing(files, outcome, 2));
  CHECK(
      contains(outcome.err, "-2.5 is no probability; if the predictions are logits, say --logits"));
  outcome = with_second(other.text(), {"--logits"});
  CHECK(leaves_nothing(files, outcome, 2));
  CHECK(contains(outcome.err, "a.csv"));
  CHECK(contains(outcome.err, "all values lie in [0, 1], as probabilities do, but those of b.csv"));
  // Ranks need no common scale.
  CHECK(with_second(other.text(), {"--method", "rank"}).code == 0);
  CHECK(with_second(other.text(), {"--method", "rank", "--logits"}).code == 0);
}

TEST_CASE("what the data lack ends with exit code 2", "[ensemble]") {
  const Files files;
  const auto refused = [&](const std::vector<std::string>& more, const std::string& message) {
    CAPTURE(more, message);
    const Outcome outcome = files.ensemble(more);
    CAPTURE(outcome.err);
    CHECK(leaves_nothing(files, outcome, 2));
    CHECK(contains(outcome.err, message));
  };
  refused({"--gate", "power:0.5", "--normal", "Normals"},
          "--normal: there is no class 'Normals'; the closest is 'Normal'");
  refused({"--gate", "power:0.5", "--normal", "Normal", "--except", "Masses"},
          "--except: there is no class 'Masses'");
  create_file(files.folder / "ids.csv", "image\ni1007\ni1003\ni1007\n");
  refused({"--ids", files.folder / "ids.csv"}, "ids.csv, line 4");
  create_file(files.folder / "ids.csv", "image\ni1007\nnobody\n");
  refused({"--ids", files.folder / "ids.csv"}, "nobody");
  refused({"--views", "view:PA=7", "--study", "StudyID", "--metadata", files.m}, "m.csv");
  refused({"--views", "view:PA=7", "--study", "StudyID", "--metadata", files.m},
          "has no weight; give one to all others: other=5");
  Table truth = files.truth;
  truth.rows.push_back({"nobody", "0", "0", "0"});
  create_file(files.folder / "more.csv", truth.text());
  refused({"--truth", files.folder / "more.csv"}, "more.csv, line 302");
  Table metadata = files.metadata;
  metadata.rows[3][2] = "";
  create_file(files.folder / "gaps.csv", metadata.text());
  refused({"--views", "view", "--study", "StudyID", "--metadata", files.folder / "gaps.csv"},
          "the study, in the column 'StudyID', is empty");
  refused({"--weights", "@" + files.t}, "expected a column 'class'");
  // Rows of the truth that nobody wants are no errors.
  create_file(files.folder / "ids.csv", "image\ni1007\ni1003\n");
  CHECK(files.report({"--ids", files.folder / "ids.csv", "--truth", files.t})["n_measured"] == 2);
}

TEST_CASE("thresholds of decisions go into what is measured", "[ensemble]") {
  const Files files;
  const json low = files.report({"--truth", files.t, "--metric", "recall", "--threshold", "0.01"});
  const json high = files.report({"--truth", files.t, "--metric", "recall", "--threshold", "0.9"});
  CHECK(low["ensemble"]["value"] > high["ensemble"]["value"]);
  CHECK(low["ensemble"]["n_defined"] == 3);
}

TEST_CASE("copies among the models are flagged", "[ensemble]") {
  const Files files;
  create_file(files.model(2), files.models[0].permuted(3).text());
  const json report = files.report({});
  CHECK(report["pairs"][1]["near_identical"] == true);
  CHECK(report["pairs"][0]["near_identical"] == false);
  CHECK(contains(files.ensemble().out, "a.csv and c.csv are the same in these rows"));
  const Outcome twice = run_program({"ensemble", files.model(0), files.model(0), "-o", files.out});
  CHECK(contains(twice.out, "a.csv and a.csv (2) are the same in these rows"));
}

TEST_CASE("wrong usage of ensemble", "[ensemble]") {
  const Files files;
  const auto refused = [&](const std::vector<std::string>& more, const std::string& message) {
    CAPTURE(more, message);
    const Outcome outcome = files.ensemble(more);
    CAPTURE(outcome.err);
    CHECK(leaves_nothing(files, outcome, 1));
    CHECK(contains(outcome.err, message));
  };
  refused({"--method", "mea"}, "the closest is 'mean'");
  refused({"--method", "power"}, "power:2");
  refused({"--weights", "1,2"}, "--weights has 2 weights, and there are 3 files");
  refused({"--weights", "1,2,x"}, "'x' is neither 0 nor a number");
  refused({"--weights", "1,2,3", "--method", "max"}, "no meaning for --method max");
  refused({"--weights", "1,2,3", "--search", "map", "--truth", files.t}, "contradict");
  refused({"--search", "map"}, "--search needs the truth");
  refused({"--search", "mapp", "--truth", files.t}, "mapp");
  refused({"--search", "map", "--truth", files.t, "--method", "median"}, "no weights to search");
  refused({"--search", "micro:map", "--truth", files.t, "--per-class"}, "no average over classes");
  refused({"--search", "map", "--truth", files.t, "--strategy", "gready"},
          "the closest is 'greedy'");
  refused({"--per-class"}, "--per-class goes with --search");
  refused({"--strategy", "best"}, "--strategy goes with --search");
  refused({"--folds", "3"}, "--folds goes with --search");
  refused({"--metric", "f1"}, "--metric goes with --truth");
  refused({"--ci", "10"}, "--ci goes with --truth");
  refused({"--metadata", files.m}, "--metadata goes with --views or --cluster");
  refused({"--metric", "f1", "--search", "map", "--truth", files.t}, "--metric contradicts it");
  refused({"--metric", "f1", "--metric", "map", "--truth", files.t}, "give --metric once");
  refused({"--method", "rank", "--metric", "log_loss", "--truth", files.t},
          "'log_loss' reads more than their order");
  refused({"--method", "median", "--format", "csv"}, "--method median has none");
  refused({"--weights", "0,0,0"}, "--weights are all 0");
  refused({"--weights", "1,1,1e300"}, "'1e300' is neither 0 nor a number from");
  refused({"--weights", "@"}, "lacks the name of the file");
  refused({"--views", "view"}, "--metadata FILE");
  refused({"--view-method", "max"}, "--view-method goes with --views");
  refused({"--views", "view:PA=x", "--metadata", files.m}, "'PA=x'");
  refused({"--views", "view:PA=1,other=1", "--view-method", "max", "--metadata", files.m},
          "no meaning for --view-method max");
  refused({"--gate", "power:0.5"}, "--normal CLASS");
  refused({"--gate", "pow:0.5", "--normal", "Normal"}, "the closest is 'power'");
  refused({"--gate", "power:0.5", "--normal", "Normal", "--method", "rank"}, "needs probabilities");
  refused({"--normal", "Normal"}, "--normal goes with --gate");
  refused({"--smooth", "0.1"}, "--smooth X and --train-labels FILE go together");
  refused({"--cluster", "patient"}, "--cluster goes with --truth");
  CHECK(run_program({"ensemble", files.model(0)}).code == 1);
  CHECK(run_program({"ensemble", "-o", files.out}).code == 1);
  const Outcome overwriting = run_program({"ensemble", files.model(0), "-o", files.model(0)});
  CHECK(overwriting.code == 1);
  CHECK(contains(overwriting.err, "would overwrite the input 'a.csv'"));
  const Outcome help = run_program({"ensemble", "--help"});
  CHECK(help.code == 0);
  CHECK(contains(help.out, "cxrlt ensemble a.csv b.csv c.csv"));
}

TEST_CASE("three networks for electrocardiograms", "[ensemble][real-data]") {
  const auto data = real_data();
  if (!data) return;
  const TemporaryFolder folder;
  const std::string out = folder / "out.csv";
  const auto report = [&](std::vector<std::string> more) {
    std::vector<std::string> all{"ensemble"};
    for (const char* seed : {"1", "2", "9"}) {
      all.push_back(
          (*data / "ecg_code_6" / ("scores_seed_model_" + std::string(seed) + ".csv")).string());
    }
    all.insert(all.end(), {"--truth", (*data / "ecg_code_6" / "labels.csv").string(), "-o", out,
                           "--format", "json"});
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = run_program(all);
    REQUIRE(outcome.code == 0);
    return json::parse(outcome.out);
  };
  // Macro AP by scikit-learn of the mean, and of the mean weighted 1, 2, 9.
  check_close(report({})["ensemble"]["value"].get<double>(), 0.9519392221073972);
  const json greedy = report({"--search", "map"});
  CHECK(greedy["models"][0]["weights"] == json({1.0}));
  CHECK(greedy["models"][1]["weights"] == json({2.0}));
  CHECK(greedy["models"][2]["weights"] == json({9.0}));
  check_close(greedy["search"]["apparent"]["value"].get<double>(), 0.9556602815278846);
  check_close(greedy["search"]["nested"]["value"].get<double>(), 0.955326948194551, 1e-9);
  CHECK(greedy["search"]["equal_weights_do_as_well"] == false);
  // Weights of their own for each class fit noise: on unseen rows equal weights are better.
  const json per_class = report({"--search", "map", "--per-class"});
  CHECK(per_class["search"]["apparent"]["value"] > greedy["search"]["apparent"]["value"]);
  CHECK(per_class["search"]["nested"]["value"] < per_class["search"]["equal_weights"]["value"]);
  CHECK(per_class["search"]["equal_weights_do_as_well"] == true);
}
