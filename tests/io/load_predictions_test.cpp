// SPDX-License-Identifier: Apache-2.0
/// Predictions alone, read and written anew.
#include "cxrlt/io/load_predictions.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/io/write_predictions.hpp"
#include "io/io_support.hpp"
#include "io/npy_support.hpp"

using namespace cxrlt;

namespace {

Predictions load(const std::filesystem::path& path, std::vector<std::string> classes = {}) {
  DatasetOptions options;
  options.predictions = path;
  options.classes = std::move(classes);
  return load_predictions(options);
}

double score(const Predictions& predictions, std::size_t i, std::size_t k) {
  return predictions.visit_scores(
      [&](const auto& view) { return static_cast<double>(view(i, k)); });
}

/// What `stage_predictions` leaves in the file.
template <class T>
std::string written(const std::filesystem::path& path, const Predictions& predictions,
                    const std::vector<T>& row_after_row) {
  const MatrixView<const T> view(row_after_row.data(), predictions.n_samples,
                                 predictions.class_names.size());
  stage_predictions(path, predictions, view).publish();
  return read_back(path);
}

}  // namespace

TEST_CASE("a table without a truth: all its columns, or those named", "[predictions]") {
  const TemporaryFolder folder;
  const auto path = folder.write("p.csv", "image,A,B\nx,0.25,1\ny,0.5,0\n");
  const Predictions all = load(path);
  CHECK(all.id_column == "image");
  CHECK(all.class_names == std::vector<std::string>{"A", "B"});
  CHECK(all.n_samples == 2);
  CHECK(all.ids[1] == "y");
  CHECK(score(all, 1, 0) == 0.5);
  CHECK(all.input.rows == 2);

  const Predictions one = load(path, {"B"});
  CHECK(one.class_names == std::vector<std::string>{"B"});
  CHECK(score(one, 0, 0) == 1);
  REQUIRE(one.notes.size() == 1);
  CHECK(one.notes[0].code == "extra_column");
}

TEST_CASE("what is written reads back to the same doubles", "[predictions]") {
  const TemporaryFolder folder;
  const Predictions predictions =
      load(folder.write("p.csv", "image,\"A, b\",B\n\"x,1\",0.25,1\ny,0.5,0\n"));
  const std::vector<double> values{0.1, 1.0 / 3, 5e-324, 1};
  const std::string text = written(folder.path() / "out.csv", predictions, values);
  CHECK(text == "image,\"A, b\",B\n\"x,1\",0.1,0.3333333333333333\ny,5e-324,1\n");
  const Predictions again = load(folder.path() / "out.csv");
  for (std::size_t cell = 0; cell < 4; ++cell) {
    CHECK(score(again, cell / 2, cell % 2) == values[cell]);
  }
  CHECK(written(folder.path() / "d.csv", predictions, std::vector<std::uint8_t>{1, 0, 0, 1}) ==
        "image,\"A, b\",B\n\"x,1\",1,0\ny,0,1\n");
  written(folder.path() / "out.csv.gz", predictions, values);
  CHECK(score(load(folder.path() / "out.csv.gz"), 0, 1) == 1.0 / 3);
}

TEST_CASE("arrays give arrays", "[predictions]") {
  const TemporaryFolder folder;
  const Predictions predictions =
      load(folder.write("p.npy", npy_file(npy_header("<f4", "2, 2", true),
                                          float32_bytes({0.25F, 0.5F, 1.0F, 0.0F}))));
  CHECK(predictions.is_array);
  CHECK(predictions.class_names == std::vector<std::string>{"class_0", "class_1"});
  CHECK(score(predictions, 0, 1) == 1);
  const std::vector<double> values{0.1, 1.0 / 3, 5e-324, 1};
  const std::string text = written(folder.path() / "out.npy", predictions, values);
  CHECK(text == npy_file(npy_header("<f8", "2, 2"), float64_bytes(values)));
  CHECK(score(load(folder.path() / "out.npy"), 1, 0) == 5e-324);
  CHECK(written(folder.path() / "d.npy", predictions, std::vector<std::uint8_t>{1, 0, 0, 1}) ==
        npy_file(npy_header("|u1", "2, 2"), int8_bytes({1, 0, 0, 1})));
}

TEST_CASE("predictions that cannot be read or written", "[predictions]") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(load(folder.path() / "none.csv"), DataError);
  CHECK_THROWS_AS(load(folder.write("ids.csv", "id\nx\n")), DataError);
  CHECK_THROWS_AS(load(folder.write("bad.csv", "id,A\nx,much\n")), DataError);
  const auto path = folder.write("p.csv", "id,A\nx,0.5\n");
  CHECK_THROWS_AS(load(path, {"B"}), DataError);
  const Predictions table = load(path);
  const std::vector<double> values{0.5};
  const std::size_t n_before = folder.n_entries();
  CHECK_THROWS_AS(written(folder.path() / "out.npy", table, values), InvalidArgument);
  CHECK_THROWS_AS(written(folder.path() / "none" / "out.csv", table, values), DataError);
  CHECK(folder.n_entries() == n_before);
  const Predictions array =
      load(folder.write("p.npy", npy_file(npy_header("<f8", "1, 1"), float64_bytes({0.5}))));
  CHECK_THROWS_AS(written(folder.path() / "out.csv", array, values), InvalidArgument);
}
