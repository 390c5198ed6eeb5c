// SPDX-License-Identifier: Apache-2.0
/// Files of several models that must agree.
#include "cxrlt/io/joined_predictions.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/error.hpp"
#include "io/io_support.hpp"
#include "io/npy_support.hpp"

using namespace cxrlt;

namespace {

constexpr const char* kFirst = "image,B,A\nx,0.1,0.2\nz,0.3,0.4\ny,0.5,0.6\n";

double score(const Predictions& predictions, std::size_t i, std::size_t k) {
  return predictions.visit_scores(
      [&](const auto& view) { return static_cast<double>(view(i, k)); });
}

std::vector<std::string> codes(const Predictions& predictions) {
  std::vector<std::string> all;
  for (const Problem& note : predictions.notes) all.push_back(note.code);
  return all;
}

/// The error of a second file beside the first.
Problem refused(const TemporaryFolder& folder, const std::string& second,
                DatasetOptions options = {}, const std::string& name = "second.csv") {
  PredictionJoin join(std::move(options));
  join.read(folder.write("first.csv", kFirst));
  try {
    join.read(folder.write(name, second));
  } catch (const DataError& error) {
    return error.problem();
  }
  FAIL("nothing was refused");
  return {};
}

}  // namespace

TEST_CASE("rows join by id and columns by name", "[joined_predictions]") {
  const TemporaryFolder folder;
  PredictionJoin join{DatasetOptions{}};
  const Predictions first = join.read(folder.write("first.csv", kFirst));
  CHECK(join.class_names() == std::vector<std::string>{"A", "B"});
  CHECK(join.id_column() == "image");
  CHECK(join.first_file() == "first.csv");
  CHECK(join.lines() == std::vector<std::size_t>{2, 3, 4});
  CHECK(join.stable_order() == std::vector<std::size_t>{0, 2, 1});
  CHECK(first.notes.empty());
  CHECK(score(first, 1, 0) == 0.4);

  const Predictions second =
      join.read(folder.write("second.csv", "key,A,B\ny,6,5\nx,2,1\nz,4,3\n"));
  CHECK(codes(second) == std::vector<std::string>{"row_order_differs"});
  CHECK(second.n_samples == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(second.ids[i] == join.ids()[i]);
    for (std::size_t k = 0; k < 2; ++k) CHECK(score(second, i, k) == 10 * score(first, i, k));
  }
}

TEST_CASE("rows that are missing or too many are named", "[joined_predictions]") {
  const TemporaryFolder folder;
  const Problem missing = refused(folder, "image,A,B\nx,1,1\ny,0,0\n");
  CHECK(missing.code == "missing_id");
  CHECK(missing.file == "first.csv");
  CHECK(missing.line == 3);
  CHECK(missing.id == "z");
  CHECK(missing.message == "there is no prediction for this id in second.csv");
  const Problem extra = refused(folder, "image,A,B\nx,1,1\ny,0,0\nw,1,1\nz,1,1\nv,0,0\n");
  CHECK(extra.code == "extra_id");
  CHECK(extra.file == "second.csv");
  CHECK(extra.line == 4);
  CHECK(extra.id == "w");
  CHECK(extra.count == 2);
  const Problem none = refused(folder, "image,A,B\n1,1,1\n2,1,1\n3,1,1\n");
  CHECK(none.count == 3);
  CHECK(none.message.find("are the id columns right?") != std::string::npos);
  CHECK(refused(folder, "image,A,B\nx,1,1\nx,0,0\nz,1,1\ny,1,1\n").code == "duplicate_id");
}

TEST_CASE("classes that differ are named", "[joined_predictions]") {
  const TemporaryFolder folder;
  const Problem both = refused(folder, "image,A,C,D\nx,1,1,1\nz,0,0,0\ny,1,1,1\n");
  CHECK(both.code == "missing_class");
  CHECK(both.file == "second.csv");
  CHECK(both.message ==
        "the classes differ from those of first.csv: without 'B', and with 'C', 'D' besides; "
        "--classes or --profile says which are meant");
  const Problem extra = refused(folder, "image,A,B,C\nx,1,1,1\nz,0,0,0\ny,1,1,1\n");
  CHECK(extra.code == "extra_class");
  const Problem missing = refused(folder, "image,A\nx,1\nz,0\ny,1\n");
  CHECK(missing.code == "missing_class");
  CHECK(refused(folder, "image,A,B\nx,1,NaN\nz,0,0\ny,1,1\n").code == "not_finite");
}

TEST_CASE("named classes stand in their order, and others are left out", "[joined_predictions]") {
  const TemporaryFolder folder;
  DatasetOptions options;
  options.classes = {"B", "A"};
  PredictionJoin join(options);
  CHECK(join.read(folder.write("first.csv", kFirst)).notes.empty());
  const Predictions second =
      join.read(folder.write("second.csv", "image,C,A,B\nx,9,2,1\nz,9,4,3\ny,9,6,5\n"));
  CHECK(codes(second) == std::vector<std::string>{"extra_column", "column_order_differs"});
  CHECK(join.class_names() == options.classes);
  CHECK(score(second, 2, 0) == 5);
  CHECK(refused(folder, "image,A\nx,1\nz,0\ny,1\n", options).code == "missing_class");
}

TEST_CASE("rows that are wanted come in their order", "[joined_predictions]") {
  const TemporaryFolder folder;
  PredictionJoin join(DatasetOptions{}, WantedIds{"wanted.csv", {"y", "x"}, {2, 3}});
  const Predictions first = join.read(folder.write("first.csv", kFirst));
  CHECK(codes(first) == std::vector<std::string>{"extra_id", "row_order_differs"});
  CHECK(first.n_samples == 2);
  CHECK(score(first, 0, 1) == 0.5);
  CHECK(join.stable_order() == std::vector<std::size_t>{0, 1});
  CHECK(join.id_column() == "image");
  try {
    join.read(folder.write("second.csv", "image,A,B\nx,1,1\n"));
    FAIL("y is missing");
  } catch (const DataError& error) {
    CHECK(error.problem().file == "wanted.csv");
    CHECK(error.problem().id == "y");
  }
}

TEST_CASE("an id that is wanted twice is refused", "[joined_predictions]") {
  try {
    PredictionJoin(DatasetOptions{}, WantedIds{"wanted.csv", {"y", "x", "y"}, {2, 3, 5}});
    FAIL("y is wanted twice");
  } catch (const DataError& error) {
    CHECK(error.problem().code == "duplicate_id");
    CHECK(error.problem().line == 5);
    CHECK(error.problem().message == "this id is wanted in line 2 already");
  }
}

TEST_CASE("arrays join by position, and with arrays alone", "[joined_predictions]") {
  const TemporaryFolder folder;
  const auto array = [&](const std::string& name, std::size_t rows) {
    return folder.write(name, npy_file(npy_header("<f4", std::to_string(rows) + ", 2"),
                                       float32_bytes(std::vector<float>(2 * rows, 0.5F))));
  };
  PredictionJoin join{DatasetOptions{}};
  const Predictions first = join.read(array("a.npy", 2));
  CHECK(join.is_array());
  CHECK(join.class_names() == std::vector<std::string>{"class_0", "class_1"});
  CHECK(join.stable_order().size() == 2);
  CHECK(join.ids().empty());
  CHECK(first.n_samples == 2);
  CHECK_THROWS_AS(join.read(array("b.npy", 3)), DataError);
  CHECK_THROWS_AS(join.read(folder.write("c.csv", kFirst)), DataError);
  PredictionJoin wanted(DatasetOptions{}, WantedIds{"wanted.csv", {"y"}, {2}});
  CHECK_THROWS_AS(wanted.read(array("a.npy", 2)), InvalidArgument);
}
