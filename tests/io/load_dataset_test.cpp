// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/load_dataset.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/io/pack.hpp"
#include "io_support.hpp"
#include "npy_support.hpp"
#include "support.hpp"

using cxrlt::Dataset;
using cxrlt::Label;
using cxrlt::Severity;

namespace {

using Strings = std::vector<std::string>;
using Labels = std::vector<Label>;
using Scores = std::vector<double>;

Scores scores_of(const Dataset& data) {
  return data.visit_scores([](const auto& scores) {
    const auto values = elements_of(scores);
    return Scores(values.begin(), values.end());
  });
}

bool has_note(const Dataset& dataset, std::string_view code) {
  return Problems{dataset.notes}.count(code) > 0;
}

}  // namespace

TEST_CASE("rows are joined by id and columns by name, in the truth's order") {
  const Pair pair("id,B,A\nr2,0.2,0.9\nr0,0.1,0.7\nr1,0.3,0.8\n",
                  "id,A,B\nr0,0,1\nr1,1,0\nr2,1,\n");
  const Dataset data = pair.load();
  CHECK(data.ids == Strings{"r0", "r1", "r2"});
  CHECK(data.class_names == Strings{"A", "B"});
  CHECK(data.n_samples == 3);
  CHECK(data.n_classes == 2);
  CHECK(scores_of(data) == Scores{0.7, 0.8, 0.9, 0.1, 0.3, 0.2});
  CHECK(elements_of(data.labels.view()) == Labels{0, 1, 1, 1, 0, -1});
  CHECK(data.score(2, 1) == 0.2);
  CHECK(data.label_view()(0, 1) == 1);
  CHECK(data.joined == "id");
  CHECK(note_of(data, "column_order_differs").severity == Severity::note);
  REQUIRE(data.inputs.size() == 2);
  CHECK(data.inputs[0].role == "predictions");
  CHECK(data.inputs[0].file == "pred.csv");
  CHECK(data.inputs[0].bytes == 40);
  CHECK(data.inputs[0].rows == 3);
  CHECK(data.inputs[0].crc32 == cxrlt::crc32(read_back(pair.options.predictions)));
  CHECK(data.inputs[1].role == "truth");
}

TEST_CASE("files alike need no notes") {
  CHECK(Pair("id,A\nx,0.5\n", "id,A\nx,1\n").load().notes.empty());
}

TEST_CASE("every truth row needs a prediction; others are left out with a note") {
  const auto missing = Pair("id,A\nr0,0.5\nr9,0.5\n", "id,A\nr0,1\nr1,0\nr2,0\n").error();
  CHECK(missing.code == "missing_id");
  CHECK(missing.file == "truth.csv");
  CHECK(missing.line == 3);
  CHECK(missing.id == "r1");
  CHECK(missing.count == 2);
  CHECK(contains(missing.message, "pred.csv"));
  CHECK(contains(missing.message, "2 rows"));
  CHECK(contains(Pair("key,A\nx,0.5\n", "id,A\nr0,1\n").error().message, "('id' and 'key')"));

  const Dataset data = Pair("id,A\nr0,0.5\nr8,0.5\nr9,0.5\n", "id,A\nr0,1\n").load();
  CHECK(data.n_samples == 1);
  CHECK(note_of(data, "extra_id").count == 2);
  CHECK(note_of(data, "extra_id").file == "pred.csv");
}

TEST_CASE("rows in partly the same order are joined by id all the same") {
  const Dataset data =
      Pair("id,A\nr0,0\nr1,1\nr3,3\nr2,2\nr9,9\n", "id,A\nr0,0\nr1,1\nr2,0\nr3,1\n").load();
  CHECK(scores_of(data) == Scores{0, 1, 2, 3});
  CHECK(note_of(data, "extra_id").count == 1);
}

TEST_CASE("tables of many columns are read in good time") {
  std::string header = "id";
  std::string row = "x";
  for (int i = 0; i < 100'000; ++i) {
    header += ",c" + std::to_string(i);
    row += ",1";
  }
  const std::string text = header + "\n" + row + "\n";
  CHECK(Pair(text, text).load().n_classes == 100'000);
}

TEST_CASE("classes: named ones, else the profile's, else the truth's") {
  Pair pair("id,A,B,C,x\nr0,1,2,3,y\n", "id,C,B,A,D\nr0,0,1,0,7\n");
  CHECK(pair.load().class_names == Strings{"C", "B", "A"});
  pair.options.profile_classes = {"A", "C"};
  CHECK(pair.load().class_names == Strings{"A", "C"});
  CHECK_FALSE(has_note(pair.load(), "column_order_differs"));
  pair.options.classes = {"B", "A"};
  const Dataset data = pair.load();
  CHECK(data.class_names == Strings{"B", "A"});
  CHECK(scores_of(data) == Scores{2, 1});
  CHECK(elements_of(data.labels.view()) == Labels{1, 0});
  const auto note = note_of(data, "extra_column");
  CHECK(note.severity == Severity::note);
  CHECK(note.count == 2);
  CHECK(contains(note.message, "'C', 'x'"));
  CHECK(has_note(data, "column_order_differs"));

  pair.options.classes = {"A", "A"};
  CHECK_THROWS_AS(pair.load(), cxrlt::InvalidArgument);
  pair.options.classes = {"A", "Z"};
  CHECK(pair.error().code == "missing_class");
  CHECK(pair.error().file == "pred.csv");
  CHECK(pair.error().class_name == "Z");
  pair.options.classes = {"A", "x"};
  CHECK(pair.error().code == "not_a_number");
}

TEST_CASE("a truth column of 0, 1 and blank must stand in the predictions") {
  const auto error = Pair("id,A,hernia\nr0,1,2\n", "id,A,Hernia\nr0,0,1\n").error();
  CHECK(error.code == "missing_class");
  CHECK(error.file == "pred.csv");
  CHECK(error.class_name == "Hernia");
  CHECK(contains(error.message, "the closest is 'hernia'"));
  // Named by another option, it is no class.
  Pair pair("id,A\nr0,1\n", "id,A,sex\nr0,0,1\n");
  CHECK(pair.error().code == "missing_class");
  pair.options.other_columns = {"sex"};
  CHECK(pair.load().class_names == Strings{"A"});
  pair.options.other_columns = {};
  pair.options.metadata_columns = {"sex"};
  CHECK(pair.load().class_names == Strings{"A"});
  CHECK(pair.load().metadata.at(0).values == Strings{"1"});
}

TEST_CASE("a column that both files have is a class, whatever its cells") {
  const auto error = Pair("id,A,B\nr0,1,2\n", "id,A,B\nr0,0,2\n").error();
  CHECK(error.code == "not_a_label");
  CHECK(error.file == "truth.csv");
  CHECK(error.line == 2);
  CHECK(error.column == 3);
  CHECK(error.class_name == "B");
  CHECK(Pair("id,A,pid\nr0,1,2\n", "id,pid\nr0,17\n").error().code == "not_a_label");
  CHECK(Pair("id,A\nr0,1\n", "id,B\nr0,17\n").error().code == "missing_class");
}

TEST_CASE("uncertain labels are counted in a note") {
  Pair pair("id,A\nx,1\ny,2\n", "id,A\nx,-1\ny,1\n");
  CHECK(elements_of(pair.load().labels.view()) == Labels{-1, 1});
  CHECK(contains(note_of(pair.load(), "uncertain_labels").message,
                 "1 uncertain label (-1) taken as missing"));
  pair.options.uncertain = cxrlt::UncertainPolicy::positive;
  CHECK(elements_of(pair.load().labels.view()) == Labels{1, 1});
  pair.options.uncertain = cxrlt::UncertainPolicy::error;
  CHECK(pair.error().code == "uncertain_label");
  // But a column of -1 that is no prediction is no class.
  CHECK(Pair("id,A\nx,1\n", "id,A,B\nx,1,-1\n").load().class_names == Strings{"A"});
}

TEST_CASE("what forbids a result is thrown with its place") {
  const std::string truth = "id,A,B\nr0,0,1\nr1,1,0\n";
  const auto code = [&](const std::string& predictions) {
    const auto error = Pair(predictions, truth).error();
    CHECK(error.file == "pred.csv");
    return error.code + " " + std::to_string(error.line) + " " + std::to_string(error.column) +
           " " + error.class_name;
  };
  CHECK(code("id,A,B\nr0,nan,1\nr1,1,0\n") == "not_finite 2 2 A");
  CHECK(code("id,A,B\nr0,1,1\nr1,1,abc\n") == "not_a_number 3 3 B");
  CHECK(code("id,A,B\nr0,,1\nr1,1,0\n") == "empty_cell 2 2 A");
  CHECK(code("id,A,B\nr0,1\nr1,1,0\n") == "ragged_row 2 0 ");
  CHECK(code("id,A,B\nr0,1,1\nr0,1,0\n") == "duplicate_id 3 1 ");
  CHECK(code("id,A,b\nr0,1,1\nr1,1,0\n") == "missing_class 1 0 B");
  CHECK(code("") == "empty_file 0 0 ");
  CHECK(code("id,A,B\n") == "empty_file 0 0 ");
  CHECK(code("id;A;B\nr0;1;1\nr1;1;0\n") == "decimal_comma 1 0 ");
  CHECK(code("id,A,B\nr0,\"1,1\nr1,1,0\n") == "ragged_row 2 2 ");
  CHECK(code("id,A,B\nr0,1,\xFF\nr1,1,0\n") == "not_utf8 2 0 ");
  CHECK(code(std::string("\x7F"
                         "ELF\2\1\1\0\0\0\0",
                         11)) == "not_utf8 1 0 ");
  CHECK(code("id,A,B\nr0,inf,1\nr1,1,0\n") == "not_finite 2 2 A");
}

TEST_CASE("odd but sound files are read alike") {
  const std::string truth = "id,A,Hernia\nr0,0,1\nr1,1,0\n";
  const Dataset expected = Pair("id,A,Hernia\nr0,0.5,1\nr1,1,0\n", truth).load();
  const std::string bom = "\xEF\xBB\xBF";
  for (const std::string& predictions : {bom + "id,A,Hernia\r\nr0,0.5,1\r\nr1,1,0\r\n",
                                         std::string("\"id\",\"A\",\"Hernia\"\nr0,0.5,1\nr1,1,0"),
                                         std::string("id,A,Hernia\t\nr0,0.5,1\nr1,1,0\n\n"),
                                         std::string(",id,A,Hernia\n0,r0,0.5,1\n1,r1,1,0\n"),
                                         std::string("id,A,Hernia,,\nr0,0.5,1,,\nr1,1,0,,\n"),
                                         bom + "\"id\",Hernia,A,extra\nr1,0,1,x\nr0,1,.5,y\n"}) {
    CAPTURE(predictions);
    Pair pair(predictions, "id,A,Hernia\r\nr0,0.0,1.0\r\nr1,1,-0\r\n");
    const Dataset data = pair.load();
    CHECK(scores_of(data) == scores_of(expected));
    CHECK(elements_of(data.labels.view()) == elements_of(expected.labels.view()));
    CHECK(data.class_names == expected.class_names);
    CHECK(data.ids == expected.ids);
  }
}

TEST_CASE("packed files are read wherever a CSV is") {
  Pair pair("", "");
  cxrlt::DatasetOptions options;
  options.predictions = pair.folder.write("p.zip", cxrlt::pack_zip("p.csv", "id,A\nx,0.5\n"));
  options.truth = pair.folder.write("t.csv.gz", cxrlt::pack_gzip("id,A\nx,1\n"));
  options.metadata = pair.folder.write("m.gz", cxrlt::pack_gzip("id,view\nx,PA\n"));
  options.metadata_columns = {"view"};
  const Dataset data = cxrlt::load_dataset(options);
  CHECK(scores_of(data) == Scores{0.5});
  CHECK(data.inputs.at(2).role == "metadata");
  CHECK(data.inputs.at(2).file == "m.gz");
  CHECK(data.metadata.at(0).values == Strings{"PA"});
}

TEST_CASE("metadata are joined by id, from their file or the truth") {
  Pair pair("id,A\nx,0.5\ny,0.25\n", "id,A,centre\nx,1,Alicante\ny,0,\n");
  pair.options.metadata =
      pair.folder.write("meta.csv", "view,id,patient\nAP,z,3\nPA,y,2\n\"L, R\",x,1\n");
  pair.options.metadata_columns = {"patient", "centre", "view"};
  const Dataset data = pair.load();
  REQUIRE(data.metadata.size() == 3);
  CHECK(find_metadata(data, "patient")->values == Strings{"1", "2"});
  CHECK(find_metadata(data, "view")->values == Strings{"L, R", "PA"});
  CHECK(find_metadata(data, "centre")->values == Strings{"Alicante", ""});
  CHECK(find_metadata(data, "none") == nullptr);

  pair.options.metadata_columns = {"Patient"};
  CHECK(pair.error().code == "missing_column");
  CHECK(pair.error().file == "meta.csv");
  CHECK(contains(pair.error().message, "the closest is 'patient'"));
  pair.options.metadata_columns = {"patient"};
  pair.folder.write("meta.csv", "id,patient\nx,1\n");
  CHECK(pair.error().code == "missing_id");
  CHECK(pair.error().file == "truth.csv");
  CHECK(pair.error().line == 3);
  CHECK(pair.error().id == "y");
  CHECK(contains(pair.error().message, "meta.csv"));
  pair.folder.write("meta.csv", "id,patient\nx,1\ny,2\nx,3\n");
  CHECK(pair.error().code == "duplicate_id");
  CHECK(pair.error().line == 4);
  pair.options.metadata.clear();
  CHECK(pair.error().code == "missing_column");
  CHECK(pair.error().file == "truth.csv");
}

TEST_CASE("infinite scores are accepted on demand") {
  Pair pair("id,A\nx,-inf\n", "id,A\nx,1\n");
  CHECK(pair.error().code == "not_finite");
  pair.options.allow_infinite = true;
  CHECK(pair.load().score(0, 0) < -1e308);
}

TEST_CASE("arrays are joined by position") {
  const std::string scores =
      npy_file(npy_header("<f4", "3, 2"), float32_bytes({0.5F, 1, 2, 3, 4, 5}));
  const std::string labels =
      npy_file(npy_header("|i1", "3, 2", true), int8_bytes({0, 1, -1, 1, 1, 0}));
  Pair pair(scores, labels, ".npy");
  const Dataset data = pair.load();
  CHECK(data.joined == "position");
  CHECK(has_note(data, "joined_by_position"));
  CHECK(has_note(data, "uncertain_labels"));
  CHECK(data.class_names == Strings{"class_0", "class_1"});
  CHECK(data.ids == Strings{"0", "1", "2"});
  CHECK(scores_of(data) == Scores{0.5, 2, 4, 1, 3, 5});
  CHECK(elements_of(data.labels.view()) == Labels{0, 1, -1, 1, 1, 0});
  CHECK(data.inputs.at(0).rows == 3);
  CHECK(data.inputs.at(1).bytes == labels.size());
  pair.options.profile_classes = {"Mass", "Nodule"};
  CHECK(pair.load().class_names == Strings{"Mass", "Nodule"});
  pair.options.classes = {"Mass"};
  CHECK(pair.error().code == "bad_npy");
  CHECK(contains(pair.error().message, "2 columns in the array, and 1 names"));
  pair.options.classes = {};
  pair.options.metadata_columns = {"view"};
  CHECK_THROWS_AS(pair.load(), cxrlt::InvalidArgument);
}

TEST_CASE("arrays that do not fit are errors") {
  const std::string scores = npy_file(npy_header("<f8", "2,"), float64_bytes({1, 2}));
  const std::string labels = npy_file(npy_header("|u1", "2,"), int8_bytes({1, 0}));
  CHECK(Pair(scores, labels, ".npy").load().n_classes == 1);
  const auto shapes = Pair(scores, npy_file(npy_header("|u1", "1, 2"), int8_bytes({1, 0}))).error();
  CHECK(shapes.code == "bad_npy");
  CHECK(contains(shapes.message, "the labels are 1 x 2, the scores in pred.csv 2 x 1"));
  CHECK(contains(Pair(scores, "id,A\nx,1\n").error().message, "both or neither"));
  CHECK(Pair("id,A\nx,1\n", labels).error().file == "pred.csv");
  CHECK(Pair(labels, labels).error().file == "pred.csv");
  CHECK(Pair(scores, scores).error().file == "truth.csv");
  CHECK(Pair("id,A\nx,1\n", "id,A\nx,1\n", ".npy").error().code == "bad_npy");
}

TEST_CASE("rows are selected") {
  Pair pair("id,A,B\nx,1,2\ny,3,4\nz,5,6\n", "id,A,B,v\nx,0,1,p\ny,1,0,q\nz,0,0,r\n");
  pair.options.metadata_columns = {"v"};
  const Dataset data = pair.load();
  const Dataset some = select_rows(data, std::vector<std::size_t>{2, 0, 2});
  CHECK(some.ids == Strings{"z", "x", "z"});
  CHECK(some.n_samples == 3);
  CHECK(scores_of(some) == Scores{5, 1, 5, 6, 2, 6});
  CHECK(elements_of(some.labels.view()) == Labels{0, 0, 0, 0, 1, 0});
  CHECK(some.metadata.at(0).values == Strings{"r", "p", "r"});
  CHECK(some.class_names == data.class_names);
  CHECK(some.score(0, 1) == 6);
  CHECK(some.inputs.size() == 2);
  CHECK(select_rows(data, {}).n_samples == 0);
  CHECK_THROWS_AS(select_rows(data, std::vector<std::size_t>{3}), cxrlt::InvalidArgument);
}

TEST_CASE("notes also go to the caller's sink, errors are thrown") {
  const Pair pair("id,A,x\nr0,1,2\n", "id,A\nr0,1\n");
  Problems problems;
  const Dataset data = cxrlt::load_dataset(pair.options, problems.sink());
  CHECK(problems.list.size() == data.notes.size());
  CHECK(problems.count("extra_column") == 1);
}

TEST_CASE("predictions alone are read with all their problems") {
  const TemporaryFolder folder;
  Problems problems;
  const auto table = cxrlt::read_prediction_file(folder.write("p.csv", "id,A\nx,1\ny,a\nz,b\n"), {},
                                                 problems.sink());
  REQUIRE(table.has_value());
  CHECK(table->ids.size() == 3);
  CHECK(problems.count("not_a_number") == 2);
  CHECK_FALSE(cxrlt::read_prediction_file(folder.path() / "none", {}, problems.sink()).has_value());
}

TEST_CASE("real predictions are read", "[real-data]") {
  const auto folder = real_data();
  if (!folder) return;
  cxrlt::DatasetOptions options;
  options.predictions = *folder / "nih14_subset2000" / "scores.csv";
  options.truth = *folder / "nih14_subset2000" / "labels.csv";
  options.metadata = *folder / "nih14_subset2000" / "groups.csv";
  options.metadata_columns = {"group"};
  const Dataset data = cxrlt::load_dataset(options);
  CHECK(data.n_samples == 2000);
  CHECK(data.n_classes == 14);
  CHECK(data.class_names.front() == "Atelectasis");
  CHECK(data.ids.front() == "r0000");
  CHECK(data.score(0, 0) == 0.027094167);
  CHECK(data.notes.empty());
  CHECK(data.metadata.at(0).values.at(1) == "1");
  std::size_t hernias = 0;
  for (std::size_t i = 0; i < data.n_samples; ++i) {
    hernias += data.label_view()(i, 13) == 1 ? 1U : 0U;
  }
  CHECK(hernias == 2);
}
