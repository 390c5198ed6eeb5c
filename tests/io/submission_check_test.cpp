// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/submission_check.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/challenge/builtin_profiles.hpp"
#include "cxrlt/io/output_file.hpp"
#include "cxrlt/io/submission_page.hpp"
#include "cxrlt/io/submission_repair.hpp"
#include "cxrlt/io/submission_report.hpp"
#include "io_support.hpp"

namespace {

using cxrlt::Problem;
using cxrlt::Severity;
using cxrlt::SubmissionOptions;
using cxrlt::SubmissionReport;

/// A challenge of two classes.
SubmissionOptions two_classes() {
  SubmissionOptions options;
  options.profile.name = "small";
  options.profile.id_column = "image";
  options.profile.id_aliases = {"dicom_id"};
  options.profile.classes = {"Normal", "Nodule"};
  options.profile.train_size = 100;
  options.profile.train_counts = {60, 10};
  options.profile.swap_pairs = {{"Normal", "Nodule"}};
  return options;
}

SubmissionReport check(const std::string& text, const SubmissionOptions& options = two_classes(),
                       const std::string& file = "sub.csv") {
  return cxrlt::check_submission_text(file, text, options);
}

std::vector<Problem> all_of(const SubmissionReport& report, const std::string& code) {
  std::vector<Problem> problems;
  for (const Problem& problem : report.problems) {
    if (problem.code == code) problems.push_back(problem);
  }
  return problems;
}

Problem only(const SubmissionReport& report, const std::string& code) {
  const std::vector<Problem> problems = all_of(report, code);
  CAPTURE(code);
  REQUIRE(problems.size() == 1);
  return problems.front();
}

const std::string kGood = "image,Normal,Nodule\na,0.9,0.1\nb,0.4,0.125\nc,0.2,0.3\n";

/// n rows of `image,Normal,Nodule` with these two cells each.
std::string rows(std::size_t n, const std::string& cells) {
  std::string text = "image,Normal,Nodule\n";
  for (std::size_t i = 0; i < n; ++i) text += "r" + std::to_string(i) + "," + cells + "\n";
  return text;
}

}  // namespace

TEST_CASE("a good submission has no problem") {
  const SubmissionReport report = check(kGood);
  CHECK(report.valid);
  CHECK(report.problems.empty());
  CHECK(report.file == "sub.csv");
  CHECK(report.profile == "small");
  CHECK_FALSE(report.ids_checked);
  CHECK(report.n_rows == 3);
  CHECK(report.n_columns == 3);
}

TEST_CASE("files that are none are reported, not thrown") {
  const TemporaryFolder folder;
  const auto code_of = [](const SubmissionReport& report) {
    CHECK_FALSE(report.valid);
    REQUIRE(report.problems.size() == 1);
    return report.problems[0].code;
  };
  const SubmissionOptions options = two_classes();
  CHECK(code_of(cxrlt::check_submission(folder.path() / "none.csv", options)) == "not_readable");
  CHECK(code_of(cxrlt::check_submission(folder.path(), options)) == "not_readable");
  CHECK(code_of(check("")) == "empty_file");
  CHECK(code_of(check("image,Normal,Nodule\n")) == "empty_file");
  CHECK(code_of(check("image,Normal,Nodule\na,\xff,1\n")) == "not_utf8");
  CHECK(code_of(check("image;Normal;Nodule\na;0,1;0,2\n")) == "decimal_comma");
  CHECK(code_of(check("a,0.1,0.2\nb,0.2,0.3\n")) == "bad_header");
  CHECK(code_of(check(kGood, options, "sub.zip")) == "not_readable");
  CHECK(code_of(check(cxrlt::pack_zip("notes.txt", kGood), options, "sub.zip")) == "zip_layout");
  CHECK(code_of(check(kGood, options, "sub.csv.gz")) == "not_readable");
}

TEST_CASE("packed submissions are read") {
  CHECK(check(cxrlt::pack_zip("inside.csv", kGood), two_classes(), "sub.zip").valid);
  CHECK(check(cxrlt::pack_gzip(kGood), two_classes(), "sub.csv.gz").valid);
}

TEST_CASE("one run finds problems of the header and of the rows") {
  const SubmissionReport report = check(
      "image,Normal,nodule,Normal,\n"
      "a,1.5,0.1,0,\n"
      "a,NaN,0.1,0,\n"
      "c,x,0.1,0,\n"
      "d,,0.1,0,\n"
      "e,0.5,0.1,0\n"
      "f,\"0,5\",0.1,0,\n");
  CHECK_FALSE(report.valid);
  const Problem missing = only(report, "missing_class");
  CHECK(missing.class_name == "Nodule");
  CHECK(contains(missing.message, "the closest is 'nodule'"));
  CHECK(only(report, "duplicate_column").column == 4);
  CHECK(only(report, "ragged_row").line == 6);
  CHECK(only(report, "duplicate_id").line == 3);
  CHECK(only(report, "not_finite").line == 3);
  CHECK(only(report, "not_a_number").line == 4);
  CHECK(only(report, "empty_cell").line == 5);
  CHECK(only(report, "decimal_comma").line == 7);
  const Problem outside = only(report, "out_of_range");
  CHECK(outside.line == 2);
  CHECK(outside.column == 2);
  CHECK(outside.class_name == "Normal");
  CHECK(outside.id == "a");
  CHECK(report.n_errors == 9);
  const std::vector<Problem> extra = all_of(report, "extra_column");
  REQUIRE(extra.size() == 2);
  CHECK(extra[0].severity == Severity::warning);
  CHECK(extra[1].severity == Severity::note);
  // Errors first, then warnings, then notes.
  CHECK(std::is_sorted(report.problems.begin(), report.problems.end(),
                       [](const Problem& a, const Problem& b) { return a.severity < b.severity; }));
}

TEST_CASE("the id column is the profile's, an alias, or asked for") {
  CHECK(check("dicom_id,Normal,Nodule\na,0.9,0.1\nb,0.8,0.3\n").valid);
  CHECK(only(check("id,Normal,Nodule\na,0.9,0.1\n"), "missing_id_column").severity ==
        Severity::error);
  SubmissionOptions options = two_classes();
  options.profile.id_column.clear();
  options.profile.id_aliases.clear();
  CHECK(check("whatever,Normal,Nodule\na,0.9,0.1\nb,0.8,0.3\n", options).valid);
}

TEST_CASE("another order of classes is a warning, and an error with strict") {
  SubmissionOptions options = two_classes();
  const std::string text = "image,Nodule,Normal\na,0.1,0.9\nb,0.2,0.8\n";
  const SubmissionReport report = check(text);
  CHECK(report.valid);
  CHECK(report.n_warnings == 1);
  const Problem problem = only(report, "column_order_differs");
  CHECK(problem.severity == Severity::warning);
  CHECK(problem.class_name == "Nodule");
  CHECK(problem.column == 2);
  options.strict = true;
  CHECK_FALSE(check(text, options).valid);
  CHECK(check(kGood, options).valid);
}

TEST_CASE("of many problems the first 20 have their place, one entry counts the rest") {
  const SubmissionReport report = check(rows(50, "7,-7"));
  const std::vector<Problem> outside = all_of(report, "out_of_range");
  REQUIRE(outside.size() == 21);
  CHECK(outside[0].line == 2);
  CHECK(outside[0].column == 2);
  CHECK(outside[1].line == 2);
  CHECK(outside[1].column == 3);
  CHECK(outside[19].line == 11);
  CHECK(outside[20].count == 80);
  CHECK(outside[20].line == 0);
  CHECK(report.n_errors == 101);  // and one class that looks like logits
  CHECK(only(report, "looks_like_logits").class_name == "Nodule");
  const SubmissionReport twenty = check(rows(20, "7,0.5"));
  CHECK(all_of(twenty, "out_of_range").size() == 20);
  const SubmissionReport one_more = check(rows(21, "7,0.5"));
  CHECK(all_of(one_more, "out_of_range").size() == 21);
  CHECK(all_of(one_more, "out_of_range").back().count == 1);
  CHECK(all_of(check(rows(30, "x,0.5")), "not_a_number").back().count == 10);
}

TEST_CASE("rounding beyond the range is a note") {
  const SubmissionReport report =
      check("image,Normal,Nodule\na,1.0000001,0.1\nb,-1e-7,0.25\nc,0.5,0.3\n");
  CHECK(report.valid);
  const Problem note = only(report, "out_of_range");
  CHECK(note.severity == Severity::note);
  CHECK(note.count == 2);
  CHECK_FALSE(check("image,Normal,Nodule\na,1.00001,0.1\nb,0.1,0.25\n").valid);
}

TEST_CASE("a profile may have another range") {
  SubmissionOptions options = two_classes();
  options.profile.lowest = -10;
  options.profile.highest = 10;
  CHECK(check("image,Normal,Nodule\na,5,-2.5\nb,1,-3\n", options).valid);
}

TEST_CASE("constant, hard and rounded scores are warnings, all that hold of a class") {
  const SubmissionReport constant = check(rows(5, "0,0.5"));
  CHECK(all_of(constant, "constant_class").size() == 2);
  CHECK(constant.valid);
  std::string text = "image,Normal,Nodule\n";
  for (int i = 0; i < 1000; ++i) {
    text += std::to_string(i) + "," + std::to_string(i % 2) + ",0." + std::to_string(i % 7) + "\n";
  }
  const SubmissionReport coarse = check(text);
  CHECK(only(coarse, "hard_decisions").class_name == "Normal");
  REQUIRE(all_of(coarse, "rounded_scores").size() == 2);
  CHECK(coarse.n_warnings == 3);
  const SubmissionReport flat = check(rows(1000, "0.123,0.5"));
  CHECK(all_of(flat, "constant_class").size() == 2);
  CHECK(only(flat, "rounded_scores").class_name == "Nodule");
  CHECK(all_of(check(rows(999, "0.123,0.5")), "rounded_scores").empty());
  CHECK(check(rows(1, "0,0.5")).n_warnings == 1);  // one row: only the suspected swap
}

TEST_CASE("exchanged columns are suspected by their means") {
  const SubmissionReport report = check("image,Normal,Nodule\na,0.1,0.8\nb,0.2,0.7\n");
  const Problem problem = only(report, "suspected_swap");
  CHECK(problem.severity == Severity::warning);
  CHECK(contains(problem.message, "'Nodule'"));
  CHECK(all_of(check("image,Normal,Nodule\na,0.4,0.6\nb,0.3,0.7\n"), "suspected_swap").empty());
  SubmissionOptions no_counts = two_classes();
  no_counts.profile.train_counts.clear();
  CHECK(check("image,Normal,Nodule\na,0.1,0.8\nb,0.2,0.7\n", no_counts).problems.empty());
}

TEST_CASE("ids that a spreadsheet has cut are errors once they repeat") {
  const SubmissionReport once = check("image,Normal,Nodule\n1.90E+38,0.9,0.1\n3.2e+37,0.8,0.3\n");
  CHECK(all_of(once, "lossy_id").size() == 2);
  CHECK(once.valid);
  for (const char* lossy : {"1.9E38", "1.90e+38", "2E+05", "-1.5e7"}) {
    CAPTURE(lossy);
    CHECK(cxrlt::is_lossy_id(lossy));
  }
  for (const char* whole : {"12e4", "3e10", "12e+4", "1.9E", "1.9E+", "1.9", "1.2.3e4", "e5"}) {
    CAPTURE(whole);
    CHECK_FALSE(cxrlt::is_lossy_id(whole));
  }
  const SubmissionReport twice =
      check("image,Normal,Nodule\n1.90E+38,0.9,0.1\n1.90E+38,0.8,0.3\n2.1E+38,0.7,0.2\n");
  CHECK(all_of(twice, "lossy_id").size() == 3);
  CHECK(all_of(twice, "lossy_id")[0].severity == Severity::error);
  CHECK(only(twice, "duplicate_id").line == 3);
}

TEST_CASE("ids are compared with those that are wanted") {
  const TemporaryFolder folder;
  SubmissionOptions options = two_classes();
  const auto read = [&](const std::string& text) {
    return cxrlt::read_wanted_ids(folder.write("ids.csv", text), {"image", {"dicom_id"}});
  };
  options.wanted_ids = read("split,dicom_id\ntest,c\ntest,d\ntest,a\ntest,c\n");
  const SubmissionReport report = check(kGood, options);
  CHECK(report.ids_checked);
  CHECK_FALSE(report.valid);
  const Problem missing = only(report, "missing_id");
  CHECK(missing.id == "d");
  CHECK(contains(missing.message, "line 3 of ids.csv"));
  const Problem extra = only(report, "extra_id");
  CHECK(extra.id == "b");
  CHECK(extra.line == 3);
  options.wanted_ids = read("something\na\nb\nc\n");
  CHECK(check(kGood, options).valid);
  CHECK_FALSE(check("id,Normal,Nodule\na,0.9,0.1\n", options).ids_checked);
  CHECK_THROWS_AS(read("image\na\n\nb\n"), cxrlt::DataError);
  CHECK_THROWS_AS(read(""), cxrlt::DataError);
}

TEST_CASE("redacted reports hold no id") {
  SubmissionOptions options = two_classes();
  options.redact_ids = true;
  options.wanted_ids = cxrlt::WantedIds{"ids.csv", {"SECRET9"}, {2}};
  // In the last row the id has slipped into a class column.
  const SubmissionReport report = check(
      "image,Normal,Nodule\nSECRET1,7,0.1\nSECRET1,x,0.2\n1.90E+38,,nan\nSECRET2,SECRET1,0.5\n",
      options);
  for (const std::string& text : {cxrlt::submission_json(report, {}), cxrlt::submission_csv(report),
                                  cxrlt::to_text(cxrlt::submission_page(report, {})),
                                  cxrlt::to_markdown(cxrlt::submission_page(report, {}))}) {
    CHECK_FALSE(contains(text, "SECRET"));
    CHECK_FALSE(contains(text, "1.90E+38"));
  }
  CHECK(only(report, "missing_id").id == "(redacted)");
}

TEST_CASE("redacted reports of a file without a header hold no id") {
  SubmissionOptions options = two_classes();
  options.redact_ids = true;
  const auto all_texts = [](const SubmissionReport& report) {
    return cxrlt::submission_json(report, {}) + cxrlt::submission_csv(report) +
           cxrlt::to_text(cxrlt::submission_page(report, {}));
  };
  for (const std::string tail : {",0,1", ",0.5,1", ",nan,0", ",,1"}) {
    CAPTURE(tail);
    const SubmissionReport report = check("image7" + tail + "\nimage8,1,0\n", options);
    CHECK(only(report, "bad_header").line == 1);
    CHECK_FALSE(contains(all_texts(report), "image7"));
  }
  // Names of numbers are fine where a wanted one is among them.
  CHECK(all_of(check("image,0,1\na,0,1\n", options), "bad_header").empty());
  // A first row with text; the last two have ids in the classes' columns.
  const SubmissionReport text = check("image7,Normal,0,x SECRET,image7\nimage8,1,0,0,0\n", options);
  CHECK(only(text, "missing_id_column").severity == Severity::error);
  CHECK(all_of(text, "extra_column").size() == 4);
  CHECK_FALSE(contains(all_texts(text), "image7"));
  CHECK_FALSE(contains(all_texts(text), "SECRET"));
  CHECK(contains(all_texts(text), "'image'"));
  options.profile.id_column.clear();
  options.profile.id_aliases.clear();
  CHECK_FALSE(contains(all_texts(check("im1,Norma1,SECRET\nim2,0,0\n", options)), "SECRET"));
  const SubmissionReport cells =
      check("image,Normal,Nodule\na,SECRET 'b' of d,\"0,5SECRET\"\nb,\"1,5\",1e999\n", options);
  CHECK(cells.n_errors == 4);
  for (const char* cell : {"SECRET", "1,5", "1e999"}) CHECK_FALSE(contains(all_texts(cells), cell));
  CHECK(contains(only(cells, "not_finite").message, "the cell is too large"));
}

TEST_CASE("each missing id is shown") {
  SubmissionOptions options = two_classes();
  options.wanted_ids = cxrlt::WantedIds{"ids.csv", {"a", "m1", "m2"}, {2, 6, 7}};
  const std::string text =
      cxrlt::to_text(cxrlt::submission_page(check("image,Normal,Nodule\na,.9,.1\n", options), {}));
  CHECK(contains(text, "id m1"));
  CHECK(contains(text, "id m2"));
  CHECK(contains(text, "no row has the id in line 7 of ids.csv"));
  CHECK_FALSE(contains(text, "in no row"));
}

TEST_CASE("files of one name are numbered in a summary") {
  const SubmissionReport report = check(kGood);
  const SubmissionReport other = check(kGood, two_classes(), "other.csv");
  const std::string text = cxrlt::to_text(cxrlt::submissions_page({report, other, report}));
  CHECK(contains(text, "sub.csv (1)"));
  CHECK(contains(text, "sub.csv (2)"));
  CHECK_FALSE(contains(text, "other.csv ("));
}

TEST_CASE("other classes keep what is known about them") {
  const cxrlt::Profile all = cxrlt::builtin_profile("cxrlt2024_task1").value();
  const cxrlt::Profile some = cxrlt::with_classes(all, {"Nodule", "Hernia", "New"});
  CHECK(some.classes.size() == 3);
  CHECK(cxrlt::train_count(some, "Nodule") == 7531U);
  CHECK_FALSE(cxrlt::train_count(some, "New").has_value());
  CHECK(some.swap_pairs.empty());
  CHECK(some.normal_class.empty());
  CHECK_FALSE(cxrlt::find_fault(some).has_value());
  CHECK(cxrlt::with_classes(all, {"Nodule", "Normal"}).swap_pairs.size() == 1);
}

TEST_CASE("a real order mistake of 2024 is noticed") {
  SubmissionOptions options;
  options.profile = cxrlt::builtin_profile("cxrlt2024_task2").value();
  std::vector<std::string> classes = options.profile.classes;
  std::swap(classes[14], classes[15]);  // the order of task 1
  std::string text = "dicom_id";
  for (const std::string& name : classes) text += "," + name;
  text += "\n";
  for (int row = 0; row < 4; ++row) {
    text += "i" + std::to_string(row);
    for (std::size_t c = 0; c < classes.size(); ++c) {
      text += ",0." + std::to_string(100 * (row + 1) + static_cast<int>(c));
    }
    text += "\n";
  }
  const Problem problem = only(check(text, options), "column_order_differs");
  CHECK(problem.class_name == "Nodule");
  CHECK(contains(problem.message, "'Normal'"));
}

TEST_CASE("the JSON has the keys of the contract") {
  SubmissionOptions options = two_classes();
  const SubmissionReport report = check("image,Normal\na,0.5\nb,2\n", options);
  const auto json = nlohmann::json::parse(cxrlt::submission_json(report, {}));
  CHECK(json["schema"] == "cxrlt-validate/1");
  CHECK(json["file"] == "sub.csv");
  CHECK(json["profile"] == "small");
  CHECK(json["valid"] == false);
  CHECK(json["ids_checked"] == false);
  CHECK(json["n_rows"] == 2);
  CHECK(json["n_columns"] == 2);
  REQUIRE(json["problems"].size() == 2);
  const auto& missing = json["problems"][0];
  CHECK(missing["severity"] == "error");
  CHECK(missing["code"] == "missing_class");
  CHECK(missing["count"] == 1);
  CHECK(missing["class"] == "Nodule");
  CHECK(missing["line"] == 1);
  CHECK(missing["column"].is_null());
  CHECK(missing["id"].is_null());
  CHECK(json["problems"][1]["id"] == "b");
  options.profile.name.clear();
  CHECK(nlohmann::json::parse(cxrlt::submission_json(check(kGood, options), {}))["profile"]
            .is_null());
}

TEST_CASE("reports for people give the verdict and never speak for the organisers") {
  SubmissionOptions options = two_classes();
  const std::string good = cxrlt::to_text(cxrlt::submission_page(check(kGood, options), {}));
  CHECK(contains(good, "sub.csv: VALID by the published rules (profile small)"));
  CHECK(contains(good, "NOT checked"));
  const SubmissionReport bad = check("image,Normal\na,0.5\n", options);
  for (const std::string& text : {good, cxrlt::to_text(cxrlt::submission_page(bad, {})),
                                  cxrlt::to_text(cxrlt::submissions_page({bad, bad}))}) {
    CHECK_FALSE(contains(text, "official"));
    CHECK_FALSE(contains(text, "Official"));
  }
  const std::string page = cxrlt::to_text(cxrlt::submission_page(bad, {}));
  CHECK(contains(page, "sub.csv: NOT VALID"));
  CHECK(contains(page, "error missing_class"));
  CHECK(contains(page, "What to do: "));
  options.wanted_ids = cxrlt::WantedIds{"ids.csv", {"a", "b", "c"}, {2, 3, 4}};
  CHECK(contains(cxrlt::to_text(cxrlt::submission_page(check(kGood, options), {})),
                 "The ids are those of the list given."));
}

TEST_CASE("each code has its advice") {
  for (const std::string code :
       {"not_readable",      "empty_file",       "not_utf8",       "zip_layout",
        "bad_header",        "ragged_row",       "decimal_comma",  "missing_id_column",
        "missing_class",     "duplicate_column", "extra_column",   "column_order_differs",
        "empty_cell",        "not_a_number",     "not_finite",     "out_of_range",
        "looks_like_logits", "duplicate_id",     "missing_id",     "extra_id",
        "lossy_id",          "constant_class",   "hard_decisions", "rounded_scores",
        "suspected_swap"}) {
    CAPTURE(code);
    CHECK_FALSE(cxrlt::detail::advice_for(code).empty());
  }
  CHECK(cxrlt::detail::advice_for("no such code").empty());
}

TEST_CASE("the files of a folder are checked in order of their names") {
  const TemporaryFolder folder;
  folder.write("b.csv", kGood);
  folder.write("a.zip", cxrlt::pack_zip("x.csv", kGood));
  folder.write("c.csv.gz", cxrlt::pack_gzip("image,Normal\na,1\n"));
  folder.write("notes.txt", "no submission");
  folder.write(".hidden.csv", "no submission");
  std::filesystem::create_directory(folder.path() / "folder.csv");
  const auto paths = cxrlt::find_submissions(folder.path());
  REQUIRE(paths.size() == 3);
  for (const int threads : {1, 3}) {
    std::atomic<int> done{0};
    const auto reports =
        cxrlt::check_submissions(paths, two_classes(), cxrlt::Cpu{threads}, [&] { ++done; });
    CHECK(done == 3);
    REQUIRE(reports.size() == 3);
    CHECK(reports[0].file == "a.zip");
    CHECK(reports[0].valid);
    CHECK(reports[1].file == "b.csv");
    CHECK_FALSE(reports[2].valid);
    const auto json = nlohmann::json::parse(cxrlt::submissions_json(reports));
    CHECK(json["schema"] == "cxrlt-validate-summary/1");
    CHECK(json["valid"] == false);
    CHECK(json["n_files"] == 3);
    CHECK(json["n_valid"] == 2);
    CHECK(json["files"][2]["problems"][0]["code"] == "missing_class");
    CHECK(
        contains(cxrlt::submissions_csv(reports), "c.csv.gz,false,false,1,2,1,0,missing_class\n"));
  }
  const TemporaryFolder empty;
  CHECK_THROWS_AS(cxrlt::find_submissions(empty.path()), cxrlt::DataError);
}

TEST_CASE("repair orders, trims, clips and leaves out, and keeps the text of numbers") {
  const TemporaryFolder folder;
  const auto path = folder.write("sub.csv",
                                 "\xEF\xBB\xBF,Nodule\t,image,Normal,note,\r\n"
                                 "0,1e-1,\"x,1\",1.0000001,hi,\r\n"
                                 "1,+.50,y, 0.70 ,,\r\n");
  const cxrlt::RepairedSubmission repaired = cxrlt::repair_submission(path, two_classes());
  CHECK(repaired.obstacles.empty());
  CHECK(repaired.text == "image,Normal,Nodule\n\"x,1\",1,1e-1\ny,0.70,+.50\n");
  std::string said;
  for (const std::string& repair : repaired.repairs) said += repair + "\n";
  CHECK(contains(said, "put the classes in order"));
  CHECK(contains(said, "put the id column first"));
  CHECK(contains(said, "left out 'note'"));
  CHECK(contains(said, "left out 2 unnamed columns"));
  CHECK(contains(said, "trimmed 1 name"));
  CHECK(contains(said, "clipped 1 score to the range [0, 1]"));
  SubmissionOptions strict = two_classes();
  strict.strict = true;
  CHECK(check(repaired.text, strict).problems.empty());
}

TEST_CASE("repair leaves a clean file as it is") {
  const TemporaryFolder folder;
  const auto clean = cxrlt::repair_submission(folder.write("a.csv", kGood), two_classes());
  CHECK(clean.text == kGood);
  CHECK(clean.repairs.empty());
  const auto quoted = cxrlt::repair_submission(
      folder.write("b.csv", "\"image\",\"Normal\",\"Nodule\"\r\n\"a\",0.9,0.1\r\nb,0.4,0.2\r\n"),
      two_classes());
  CHECK(quoted.text == "image,Normal,Nodule\na,0.9,0.1\nb,0.4,0.2\n");
  CHECK(quoted.repairs == std::vector<std::string>{"made blanks, quotes and line ends uniform"});
}

TEST_CASE("repair refuses where something uncertain remains") {
  const TemporaryFolder folder;
  const auto bad = cxrlt::repair_submission(
      folder.write("a.csv", "image,Nodule,Normal\na,0.9,1.5\na,,0.2\n"), two_classes());
  CHECK(bad.text.empty());
  CHECK(bad.obstacles == std::vector<std::string>{"duplicate_id", "empty_cell", "out_of_range"});
  SubmissionOptions options = two_classes();
  const auto constant = folder.write("b.csv", rows(3, "0.5,0.5"));
  CHECK(cxrlt::repair_submission(constant, options).obstacles.empty());
  options.strict = true;
  CHECK(cxrlt::repair_submission(constant, options).obstacles ==
        std::vector<std::string>{"constant_class"});
  CHECK(cxrlt::repair_submission(folder.path() / "none.csv", options).obstacles ==
        std::vector<std::string>{"not_readable"});
}
