// SPDX-License-Identifier: Apache-2.0
/// `score` as a user meets it: results in every form, and each way to go wrong.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/run_program.hpp"
#include "support.hpp"

using nlohmann::json;

namespace {

const std::string kPredictions =
    "id,Mass,Hernia,Edema\n"
    "a,0.9,0.8,0.1\n"
    "b,0.6,0.2,0.2\n"
    "c,0.4,0.1,0.3\n"
    "d,0.2,0.6,0.4\n";
const std::string kTruth =
    "id,Mass,Hernia,Edema\n"
    "a,1,0,0\n"
    "b,0,0,1\n"
    "c,1,0,0\n"
    "d,0,0,1\n";

/// A folder with `p.csv` and `t.csv`.
struct Pair {
  TemporaryFolder folder;
  std::string predictions = folder / "p.csv";
  std::string truth = folder / "t.csv";

  explicit Pair(const std::string& p = kPredictions, const std::string& t = kTruth) {
    create_file(predictions, p);
    create_file(truth, t);
  }

  Outcome score(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"score", predictions, "--truth", truth});
    return run_program(more);
  }

  json score_json(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"--format", "json"});
    const Outcome outcome = score(more);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    return json::parse(outcome.out);
  }
};

const json& class_named(const json& report, const std::string& name) {
  for (const json& one : report.at("classes")) {
    if (one.at("name") == name) return one;
  }
  FAIL("no class " << name);
  return report;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("score: JSON holds what the contract promises") {
  const Pair pair;
  const json report = pair.score_json();
  CHECK(report.at("schema") == "cxrlt-score/1");
  CHECK(report.at("n_samples") == 4);
  CHECK(report.at("n_classes") == 3);
  CHECK(report.at("joined") == "id");
  CHECK(report.at("undefined") == "skip");
  CHECK(report.at("threshold") == 0.5);
  CHECK(report.at("bins") == 15);
  CHECK(report.at("profile").is_null());
  CHECK(report.at("counts_source").is_null());
  CHECK(report.at("inputs").at(0).at("role") == "predictions");
  CHECK(report.at("inputs").at(0).at("file") == "p.csv");
  CHECK(report.at("inputs").at(0).at("bytes") == kPredictions.size());
  CHECK(report.at("inputs").at(0).at("crc32").get<std::string>().size() == 8);
  CHECK(report.at("arguments").at(0) == "score");

  const json& mass = class_named(report, "Mass");
  CHECK(mass.at("n_positive") == 2);
  CHECK(mass.at("n_negative") == 2);
  CHECK(mass.at("n_missing") == 0);
  CHECK(mass.at("prevalence") == 0.5);
  CHECK(mass.at("counts") == json({{"tp", 1}, {"fp", 1}, {"fn", 1}, {"tn", 1}}));
  check_close(mass.at("average_precision").at("value").get<double>(), (1 + 2.0 / 3) / 2);
  CHECK(mass.at("auroc").at("value") == 0.75);
  CHECK(mass.at("f1").at("value") == 0.5);
  check_close(mass.at("best_f1").at("value").get<double>(), 0.8);
  CHECK(mass.at("best_f1").at("threshold") == 0.4);

  const json& hernia = class_named(report, "Hernia");
  CHECK(hernia.at("average_precision") ==
        json({{"value", nullptr}, {"undefined", "no_positives"}}));
  CHECK(class_named(report, "Edema").at("precision") ==
        json({{"value", nullptr}, {"undefined", "no_predictions"}}));
  CHECK(report.at("macro").at("average_precision").at("n_defined") == 2);
  CHECK(report.at("macro").at("average_precision").at("n_classes") == 3);
  for (const char* key : {"micro", "weighted", "samples", "pooled", "rows"}) {
    CAPTURE(key);
    CHECK_FALSE(report.at(key).empty());
  }
  for (const char* name : {"f1", "jaccard", "precision", "recall"}) {
    CHECK(report.at("samples").contains(name));
  }
  for (const char* name :
       {"exact_match", "hamming_loss", "lrap", "coverage_error", "ranking_loss"}) {
    CHECK(report.at("rows").contains(name));
  }
  CHECK(report.at("notes").at(0).at("code") == "no_groups");
}

TEST_CASE("score: every form, on standard output or in a file") {
  const Pair pair;
  const Outcome table = pair.score();
  CHECK(table.code == 0);
  CHECK(contains(table.out, "no positives in the truth: Hernia"));
  CHECK(contains(table.out, "2 of 3"));
  CHECK(contains(pair.score({"--format", "markdown"}).out, "| class |"));
  const std::string csv = pair.score({"--format", "csv"}).out;
  CHECK(csv.starts_with("scope,name,metric,value,undefined,n_defined,lower,upper\n"));
  CHECK(contains(csv, "\nmacro,,auroc,"));
  CHECK(contains(csv, "\nclass,Hernia,auroc,,no_positives,,,\n"));
  CHECK(contains(csv, "\nclass,Mass,best_f1.threshold,0.4,,,,\n"));

  const std::string file = pair.folder / "report.json";
  const Outcome written = pair.score({"--format", "json", "-o", file});
  CHECK(written.code == 0);
  CHECK(written.out.empty());
  CHECK(json::parse(read_file(file)).at("schema") == "cxrlt-score/1");
}

TEST_CASE("score: values by name") {
  const Pair pair;
  const json report = pair.score_json({"--metric", "map", "--metric", "class/Mass:f_beta@0.5",
                                       "--metric", "micro:f1", "--metric", "lrap"});
  const json& requested = report.at("requested");
  CHECK(requested.size() == 4);
  CHECK(requested.at("map").at("value") == report.at("macro").at("average_precision").at("value"));
  CHECK(requested.at("map").at("n_defined") == 2);
  CHECK(requested.at("class/Mass:f_beta@0.5").at("value") == 0.5);
  CHECK(requested.at("lrap").at("value").is_number());
  CHECK(run_program({"score", "--metric", "map", pair.predictions, "--truth", pair.truth}).code ==
        0);
  const std::string csv = pair.score({"--metric", "class/Mass:auroc", "--format", "csv"}).out;
  CHECK(csv ==
        "scope,name,metric,value,undefined,n_defined,lower,upper\n"
        "class,Mass,auroc,0.75,,,,\n");
  CHECK(contains(pair.score({"--metric", "map"}).out, "2 of 3"));
}

TEST_CASE("score: conventions for classes without positives") {
  const Pair pair;
  const double skip = pair.score_json().at("macro").at("average_precision").at("value");
  const json sklearn = pair.score_json({"--convention", "sklearn"});
  check_close(sklearn.at("macro").at("average_precision").at("value").get<double>(), skip * 2 / 3);
  CHECK(sklearn.at("macro").at("auroc").at("n_defined") == 2);
  const json mixed = pair.score_json({"--undefined", "ap=one,auroc=zero"});
  check_close(mixed.at("macro").at("average_precision").at("value").get<double>(),
              (skip * 2 + 1) / 3);
  CHECK(mixed.at("macro").at("auroc").at("n_defined") == 3);
  CHECK(mixed.at("undefined") == "skip,average_precision=one,auroc=zero");
  CHECK(pair.score_json({"--undefined", "nan"}).at("macro").at("auroc").at("value").is_null());
  const Outcome refused = pair.score({"--undefined", "error"});
  CHECK(refused.code == 2);
  CHECK(contains(refused.err, "Hernia"));
  CHECK(pair.score({"--undefined", "error", "--metric", "brier"}).code == 0);
}

TEST_CASE("score: groups by training counts") {
  const Pair pair;
  const std::string counts = pair.folder / "counts.csv";
  create_file(counts, "class,count\nEdema,5\nMass,500\nOther,3\nHernia,50\n");
  json report = pair.score_json({"--train-counts", counts, "--train-size", "1000"});
  CHECK(report.at("counts_source") == "--train-counts");
  CHECK(class_named(report, "Mass").at("group") == "head");
  CHECK(class_named(report, "Hernia").at("group") == "medium");
  CHECK(class_named(report, "Edema").at("group") == "tail");
  CHECK(report.at("groups").at(1).at("average_precision").at("undefined") == "no_positives");
  report = pair.score_json({"--train-counts", counts, "--group-by", "count:100,10"});
  CHECK(class_named(report, "Edema").at("group") == "tail");
  report = pair.score_json({"--train-counts", counts, "--group-by", "rank:2,1"});
  CHECK(report.at("groups").at(0).at("classes") == json({"Mass", "Hernia"}));

  create_file(counts, "class,count\nMass,500\nhernia,50\nEdema,5\n");
  const Outcome misspelt = pair.score({"--train-counts", counts, "--train-size", "1000"});
  CHECK(misspelt.code == 0);
  CHECK(contains(misspelt.out, "no training count for 'Hernia'"));
  CHECK(pair.score({"--train-counts", counts, "--group-by", "file:x.csv"}).code == 1);
  create_file(counts, "class,count\nEdema,5\nMass,500\nOther,3\nHernia,50\n");
  const std::string groups = pair.folder / "groups.csv";
  create_file(groups, "class,group\nOther,x\n");
  CHECK(contains(pair.score({"--group-by", "file:" + groups}).out, "none of its classes"));
  create_file(groups, "class,group\nMass,x\nEdema,x\nHernia,y\n");
  report = pair.score_json({"--group-by", "file:" + groups});
  CHECK(report.at("groups").at(0).at("classes") == json({"Mass", "Edema"}));
  CHECK(pair.score({"--train-counts", counts}).code == 1);
  CHECK(pair.score({"--group-by", "profile"}).code == 1);
  CHECK(pair.score({"--group-by", "prevalence:0.01,0.1", "--train-counts", counts, "--train-size",
                    "1000"})
            .code == 2);
  create_file(counts, "class,count\nMass,5.5\n");
  const Outcome bad = pair.score({"--train-counts", counts, "--train-size", "1000"});
  CHECK(bad.code == 2);
  CHECK(contains(bad.err, "counts.csv, line 2, column 2, class 'Mass'"));
}

TEST_CASE("score: subgroups, and the small ones suppressed") {
  const Pair pair;
  const std::string metadata = pair.folder / "m.csv";
  create_file(metadata, "id,centre\na,x\nb,x\nc,x\nd,y\n");
  const json report = pair.score_json({"--metadata", metadata, "--by", "centre", "--min-n", "2"});
  REQUIRE(report.at("by").size() == 2);
  const json& x = report.at("by").at(0);
  CHECK(x.at("value") == "x");
  CHECK(x.at("n_samples") == 3);
  CHECK(x.at("suppressed") == false);
  CHECK(x.at("classes").at(0).at("n_positive") == 2);
  CHECK(report.at("by").at(1).at("suppressed") == true);
  CHECK_FALSE(report.at("by").at(1).contains("macro"));
  CHECK(contains(pair.score({"--metadata", metadata, "--by", "centre"}).out, "suppressed"));
  const std::vector<std::string> named{"--metadata", metadata, "--by",     "centre",
                                       "--min-n",    "2",      "--metric", "class/Mass:recall"};
  CHECK(pair.score_json(named).at("by").at(0).at("requested").at("class/Mass:recall").at("value") ==
        0.5);
  std::vector<std::string> as_csv = named;
  as_csv.insert(as_csv.end(), {"--format", "csv"});
  CHECK(pair.score(as_csv).out ==
        "scope,name,metric,value,undefined,n_defined,lower,upper\n"
        "class,Mass,recall,0.5,,,,\n"
        "by/centre=x/class,Mass,recall,0.5,,,,\n");
  CHECK(contains(pair.score(named).out, "By centre"));
  const Outcome unknown = pair.score({"--metadata", metadata, "--by", "center"});
  CHECK(unknown.code == 2);
  CHECK(contains(unknown.err, "centre"));
}

TEST_CASE("score: --public shows headline averages and nothing that tells the truth's counts") {
  const Pair pair;
  const Outcome outcome = pair.score({"--public", "--format", "json"});
  const json report = json::parse(outcome.out);
  CHECK(report.at("macro").size() == 4);
  for (const char* key : {"classes", "groups", "by", "micro", "rows"})
    CHECK(report.at(key).empty());
  CHECK(report.at("inputs").size() == 1);
  CHECK_FALSE(contains(outcome.out, "prevalence"));
  // How many classes have a value is how many have positives.
  CHECK_FALSE(contains(outcome.out, "n_defined"));
  CHECK(report.at("macro").at("auroc").at("n_classes") == 3);
  CHECK(contains(pair.score({"--public", "--format", "csv"}).out, "macro,,auroc,0.75,,,,\n"));
  for (const std::string policy : {"error", "zero,auroc=error"}) {
    const Outcome refused = pair.score({"--public", "--undefined", policy});
    CHECK(refused.code == 1);
    CHECK_FALSE(contains(refused.err, "Hernia"));
  }
  CHECK_FALSE(contains(pair.score({"--public"}).out, "Hernia"));
  CHECK(pair.score({"--public", "--metric", "class/Mass:auroc"}).code == 1);
  CHECK(pair.score({"--public", "--by", "x"}).code == 1);
}

TEST_CASE("score: infinite values exist, and are shown") {
  const Pair pair("id,Mass,Hernia,Edema\na,-inf,1,1\nb,1,1,-1\nc,0,1,1\nd,1,1,-1\n");
  CHECK(class_named(pair.score_json({"--logits"}), "Mass").at("log_loss") ==
        json({{"value", nullptr}, {"infinite", "+"}}));
  CHECK(contains(pair.score({"--logits", "--format", "csv"}).out, "class,Mass,log_loss,inf,,,,\n"));
  CHECK(contains(pair.score({"--logits", "--metric", "class/Mass:log_loss"}).out, " inf"));

  // Where every decision is worse than none, the best threshold lies above all scores.
  const Pair reversed("id,Mass,Hernia,Edema\na,.1,1,1\nb,.8,1,0\nc,.2,1,1\nd,.9,1,0\n");
  CHECK(class_named(reversed.score_json(), "Mass").at("best_informedness") ==
        json({{"value", 0.0}, {"threshold", nullptr}, {"threshold_infinite", "+"}}));
  CHECK(contains(reversed.score({"--format", "csv"}).out,
                 "class,Mass,best_informedness.threshold,inf,,,,\n"));
  CHECK(contains(reversed.score({"--metric", "class/Mass:best_informedness"}).out, "at inf"));
}

#ifndef _WIN32
TEST_CASE("score: a file name that is not UTF-8 does not stop a report") {
  const Pair pair;
  const std::string odd = pair.folder / "p\xFF.csv";
  create_file(odd, kPredictions);
  if (read_file(odd).empty()) return;  // not every file system has such names
  for (const std::string format : {"json", "csv", "table", "markdown"}) {
    CHECK(run_program({"score", odd, "--truth", pair.truth, "--format", format}).code == 0);
  }
  const json report =
      json::parse(run_program({"score", odd, "--truth", pair.truth, "--format", "json"}).out);
  CHECK(report.at("inputs").at(0).at("file") == "p\xEF\xBF\xBD.csv");
}
#endif

TEST_CASE("score: names from files do not steer the terminal") {
  const Pair pair(replaced(kPredictions, "Mass", "Ma\x1B[2Jss"),
                  replaced(kTruth, "Mass", "Ma\x1B[2Jss"));
  for (const std::string format : {"table", "markdown"}) {
    const Outcome outcome = pair.score({"--format", format});
    CHECK(outcome.code == 0);
    CHECK(contains(outcome.out, "Ma?[2Jss"));
    CHECK_FALSE(contains(outcome.out, "\x1B"));
  }
  const Outcome refused = pair.score({"--undefined", "error", "--metric", "class/Mb:auroc"});
  CHECK(refused.code == 2);
  CHECK_FALSE(contains(refused.err, "\x1B"));
}

TEST_CASE("score: thresholds for all classes or for each") {
  const Pair pair;
  CHECK(class_named(pair.score_json({"--threshold", "0.4"}), "Mass").at("counts").at("tp") == 2);
  const std::string file = pair.folder / "thresholds.json";
  create_file(file, R"({"Mass": 0.95, "Hernia": 0.5, "Edema": 0.2})");
  const json report = pair.score_json({"--thresholds", file});
  CHECK(class_named(report, "Mass").at("counts").at("tp") == 0);
  CHECK(class_named(report, "Edema").at("counts").at("tp") == 2);
  CHECK(class_named(report, "Edema").at("threshold") == 0.2);
  CHECK(report.at("threshold").is_null());
  create_file(file, R"({"Mass": 0.95, "hernia": 0.5, "Edema": 0.2})");
  const Outcome bad = pair.score({"--thresholds", file});
  CHECK(bad.code == 2);
  CHECK(contains(bad.err, "class 'Hernia'"));
  CHECK(contains(bad.err, "'hernia'"));
  CHECK(pair.score({"--thresholds", file, "--threshold", "0.5"}).code == 1);
}

TEST_CASE("score: logits, and scores that are no probabilities") {
  const std::string logits = replaced(replaced(kPredictions, "0.9", "9.5"), "0.1\n", "-3\n");
  const Pair pair(logits);
  const json plain = pair.score_json();
  CHECK(class_named(plain, "Mass").at("brier").at("undefined") == "not_probabilities");
  CHECK(class_named(plain, "Mass").at("auroc").at("value") == 0.75);
  bool noted = false;
  for (const json& note : plain.at("notes"))
    noted = noted || note.at("code") == "not_probabilities";
  CHECK(noted);
  CHECK(pair.score({"--metric", "brier"}).code == 2);
  CHECK(pair.score({"--metric", "map"}).code == 0);
  CHECK(class_named(pair.score_json({"--logits"}), "Mass").at("brier").at("value").is_number());

  const Pair infinite(replaced(kPredictions, "0.9", "inf"));
  CHECK(infinite.score().code == 2);
  CHECK(infinite.score({"--metric", "map"}).code == 0);
  CHECK(infinite.score({"--logits"}).code == 0);
}

TEST_CASE("score: files that are read although they are untidy") {
  const Outcome tidy = Pair().score({"--format", "csv"});
  const auto same = [&](const std::string& predictions, const std::string& truth) {
    const Outcome outcome = Pair(predictions, truth).score({"--format", "csv"});
    CAPTURE(outcome.err, predictions);
    CHECK(outcome.code == 0);
    CHECK(outcome.out == tidy.out);
  };
  same("\xEF\xBB\xBF" + kPredictions, kTruth);
  same(replaced(kPredictions, "Mass,", "\"Mass\t\","), kTruth);
  same(replaced(kPredictions, "a,0.9,0.8,0.1\nb,0.6,0.2,0.2\n", "b,0.6,0.2,0.2\na,0.9,0.8,0.1\n"),
       kTruth);
  same(
      "id,Extra,Edema,Hernia,Mass\na,7,0.1,0.8,0.9\nb,7,0.2,0.2,0.6\nc,7,0.3,0.1,0.4\n"
      "d,7,0.4,0.6,0.2\n",
      kTruth);
  same(
      ",id,Mass,Hernia,Edema\n0,a,0.9,0.8,0.1\n1,b,0.6,0.2,0.2\n2,c,0.4,0.1,0.3\n3,d,0.2,0.6,0.4\n",
      kTruth);
  same(
      "id,Mass,Hernia,Edema,,\na,0.9,0.8,0.1,,\nb,0.6,0.2,0.2,,\nc,0.4,0.1,0.3,,\n"
      "d,0.2,0.6,0.4,,\n",
      kTruth);
  same(kPredictions, replaced(kTruth, "a,1,0,0", "a,1.0,0.0,0"));
  std::string crlf;
  for (const char c : kPredictions) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  same(crlf, kTruth);
  same(kPredictions + "e,0.5,0.5,0.5\n", kTruth);
}

TEST_CASE("score: bad data ends with 2, the place, and no output file") {
  struct Case {
    std::string predictions, truth;
    std::vector<std::string> said;
  };
  const auto prediction = [](const std::string& from, const std::string& to) {
    return replaced(kPredictions, from, to);
  };
  const std::vector<Case> cases{
      {prediction("0.2,0.2", "0.2,nan"), kTruth, {"p.csv, line 3, column 4, class 'Edema'", "nan"}},
      {prediction("0.2,0.2", "high,0.2"), kTruth, {"line 3, column 3, class 'Hernia'", "high"}},
      {prediction("0.2,0.2", ",0.2"), kTruth, {"line 3, column 3, class 'Hernia'", "empty"}},
      {prediction("0.2,0.2", "0x1,0.2"), kTruth, {"line 3, column 3", "0x1"}},
      {prediction("0.2,0.2", "1e999,0.2"), kTruth, {"line 3, column 3", "too large"}},
      {prediction("b,0.6,0.2,0.2", "b,0.6,0.2"), kTruth, {"line 3"}},
      {kPredictions,
       replaced(kTruth, "b,0,0,1", "b,0,2,1"),
       {"t.csv, line 3, column 3, class 'Hernia'", "expected 0, 1"}},
      {prediction("b,0.6", "a,0.6"), kTruth, {"line 3", "id 'a'", "line 2"}},
      {prediction("d,0.2,0.6,0.4\n", ""), kTruth, {"t.csv, line 5", "id 'd'"}},
      {prediction("Hernia", "hernia"), kTruth, {"class 'Hernia'", "'hernia'"}},
      {"", kTruth, {"p.csv"}},
      {"id,Mass,Hernia,Edema\n", kTruth, {"p.csv"}},
      {"id;Mass;Hernia;Edema\na;0,9;0,8;0,1\n", kTruth, {"p.csv", ";"}},
      {prediction("b,0.6", "\"b,0.6"), kTruth, {"line 3", "quote"}},
      {std::string("\x1F\x8B\x08\x00\x00rubbish", 12), kTruth, {"p.csv"}},
      {std::string("\x00\x01\xFE\xFF\x80 binary", 12), kTruth, {"p.csv"}},
  };
  for (const Case& one : cases) {
    const Pair pair(one.predictions, one.truth);
    const std::string file = pair.folder / "report.json";
    const Outcome outcome = pair.score({"-o", file});
    CAPTURE(one.predictions, one.truth, outcome.err);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK_FALSE(std::filesystem::exists(file));
    for (const std::string& part : one.said) {
      CAPTURE(part);
      CHECK(contains(outcome.err, part));
    }
    CHECK_FALSE(contains(outcome.err, pair.folder.path().string()));
  }
}

TEST_CASE("score: files that cannot be read or written end with 2") {
  const Pair pair;
  CHECK(run_program({"score", pair.folder / "none.csv", "--truth", pair.truth}).code == 2);
  CHECK(run_program({"score", pair.folder.path().string(), "--truth", pair.truth}).code == 2);
  CHECK(pair.score({"-o", pair.folder / "no/such/folder.json"}).code == 2);
  CHECK(pair.score({"-o", pair.folder.path().string()}).code == 2);
  const Outcome early = run_program({"score", pair.folder / "none.csv", "--truth", pair.truth, "-o",
                                     pair.folder / "no/such/folder.json"});
  CHECK(contains(early.err, "folder.json: the file cannot be written"));  // before the work
#ifdef __linux__
  const Outcome full = run_line("sh -c '\"" + program_path() + "\" score " + pair.predictions +
                                " --truth " + pair.truth + " > /dev/full'");
  CHECK(full.code == 2);
  CHECK(contains(full.err, "cannot be written"));
#endif
}

TEST_CASE("score: wrong usage ends with 1 and the nearest name") {
  const Pair pair;
  const auto wrong = [&](const std::vector<std::string>& more, const std::string& said) {
    const Outcome outcome = pair.score(more);
    CAPTURE(more, outcome.err);
    CHECK(outcome.code == 1);
    CHECK(outcome.out.empty());
    CHECK(contains(outcome.err, said));
  };
  wrong({"--metirc", "map"}, "--metric");
  wrong({"--metric", "aurocc"}, "auroc");
  wrong({"--metric", "macro:lrap"}, "lrap");
  wrong({"--metric", "f_beta@-1"}, "positive");
  wrong({"--format", "jsn"}, "json");
  wrong({"--profile", "cxrlt2026_task"}, "cxrlt2026_task1");
  wrong({"--undefined", "skp"}, "skip");
  wrong({"--convention", "sk"}, "sklearn");
  wrong({"--uncertain", "maybe"}, "expected missing, positive, negative or error");
  wrong({"--group-by", "size"}, "prevalence");
  wrong({"--undefined", "zero", "--convention", "sklearn"}, "contradict");
  wrong({"--threshold", "nan"}, "not a number");
  wrong({"--bins", "0"}, "bins");
  wrong({"extra.csv"}, "extra.csv");
  wrong({"-o", pair.truth}, "would overwrite");
  wrong({"-o", pair.folder / "../" + pair.folder.path().filename().string() + "/p.csv"}, "'p.csv'");
  CHECK(read_file(pair.truth) == kTruth);
  CHECK(run_program({"score"}).code == 1);
  CHECK(run_program({"score", pair.predictions}).code == 1);
  CHECK(run_program({}).code == 1);
  const Outcome command = run_program({"scrore"});
  CHECK(command.code == 1);
  CHECK(contains(command.err, "'score'"));
}

TEST_CASE("help, version and metrics") {
  CHECK(run_program({"--version"}).out == "cxrlt 0.1.0\n");
  CHECK(contains(run_program({"--help"}).out, "Example"));
  for (const char* command : {"score", "validate", "profiles", "metrics", "demo"}) {
    const Outcome outcome = run_program({command, "--help"});
    CHECK(outcome.code == 0);
    CHECK(contains(outcome.out, "xample"));
  }
  CHECK(contains(run_program({"metrics"}).out, "observed_over_expected"));
  CHECK(contains(run_program({"metrics", "map"}).out, "average_precision"));
  CHECK(json::parse(run_program({"metrics", "--format", "json"}).out).at("metrics").size() >= 32);
  CHECK(run_program({"metrics", "auroccc"}).code == 1);
}

TEST_CASE("score: real data through the program", "[real-data]") {
  const auto data = real_data();
  if (!data) return;
  const std::string folder = (*data / "nih14_subset2000").string();
  const Outcome outcome = run_program(
      {"score", folder + "/scores.csv", "--truth", folder + "/labels.csv", "--train-counts",
       folder + "/train_counts.csv", "--train-size", "89687", "--format", "json"});
  CAPTURE(outcome.err);
  REQUIRE(outcome.code == 0);
  const json report = json::parse(outcome.out);
  CHECK(report.at("macro").at("auroc").at("value") == 0.8405641671377958);
  CHECK(report.at("macro").at("average_precision").at("value") == 0.28656069122731914);
  CHECK(class_named(report, "Hernia").at("group") == "tail");

  // Published thresholds of another network: only that per-class thresholds reach every class.
  const std::string ecg = (*data / "ecg_code_6").string();
  const Outcome decided =
      run_program({"score", ecg + "/scores_seed_model_1.csv", "--truth", ecg + "/labels.csv",
                   "--thresholds", ecg + "/published_thresholds.json", "--format", "json"});
  REQUIRE(decided.code == 0);
  CHECK(class_named(json::parse(decided.out), "AF").at("threshold") == 0.39);
}
