// SPDX-License-Identifier: Apache-2.0
/// One truth for several submissions, the clusters of its rows, and the teams behind them.
#include "cxrlt/io/shared_truth.hpp"

#include <map>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/io/cluster_column.hpp"
#include "cxrlt/io/team_table.hpp"
#include "io/io_support.hpp"

using namespace cxrlt;

namespace {

using Names = std::vector<std::string>;

const std::string kTruth =
    "id,Mass,Edema,age,patient,sex\n"
    "a,1,0,61,p1,0\n"
    "b,0,-1,17,p2,1\n"
    "c,0,1,5,p1,1\n";
const std::string kGood = "id,Edema,Mass,sex\nc,0.3,0.4,0.5\na,0.1,0.2,0.5\nb,0.5,0.6,0.5\n";

struct Files {
  TemporaryFolder folder;
  DatasetOptions options;
  std::vector<std::filesystem::path> paths;

  explicit Files(const std::string& truth = kTruth) {
    options.truth = folder.write("t.csv", truth);
  }

  std::filesystem::path add(const std::string& name, const std::string& text) {
    paths.push_back(folder.write(name, text));
    return paths.back();
  }
  SharedTruth read() const { return SharedTruth::read(options, paths); }
};

std::string code_of(const SharedTruth& truth, const std::filesystem::path& path) {
  try {
    truth.join(path);
  } catch (const DataError& error) {
    return error.problem().code;
  }
  return "";
}

}  // namespace

TEST_CASE("shared truth: joins what load_dataset joins") {
  Files files;
  files.options.metadata_columns = {"patient"};
  files.options.classes = {"Mass", "Edema"};
  const auto path = files.add("good.csv", kGood);
  const SharedTruth truth = files.read();
  const Dataset joined = truth.join(path);
  files.options.predictions = path;
  const Dataset loaded = load_dataset(files.options);
  CHECK(joined.class_names == loaded.class_names);
  REQUIRE(joined.n_samples == 3);
  CHECK(truth.n_samples() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(joined.ids[i] == loaded.ids[i]);
    for (std::size_t c = 0; c < 2; ++c) {
      CHECK(joined.score(i, c) == loaded.score(i, c));
      CHECK(joined.labels(i, c) == loaded.labels(i, c));
    }
  }
  CHECK(joined.labels(1, 1) == kMissing);
  CHECK(joined.score(2, 0) == 0.4);
  CHECK(truth.metadata().front().values == Names{"p1", "p2", "p1"});
  REQUIRE(joined.inputs.size() == 1);
  CHECK(joined.inputs[0].file == "good.csv");
  CHECK(truth.inputs()[0].file == "t.csv");
  CHECK(truth.notes()[0].code == "uncertain_labels");
  CHECK(joined.notes[0].code == "extra_column");
}

TEST_CASE("shared truth: no single submission adds a class or takes one away") {
  Files files;
  files.options.metadata_columns = {"patient"};
  files.add("one.csv", kGood);
  files.add("two.csv", kGood);
  CHECK(files.read().class_names() == Names{"Mass", "Edema", "sex"});
  // Edema has a -1, so that it is a class because submissions have it.
  files.add("less.csv", "id,Mass,sex\na,1,0\n");
  CHECK(files.read().class_names() == Names{"Mass", "Edema", "sex"});
  files.add("more.csv", "id,Mass,Edema,sex,age\na,1,0,0,0\n");
  CHECK(files.read().class_names() == Names{"Mass", "Edema", "sex"});
  files.add("torn.csv", "");
  files.add("missing", "id,Mass\n");
  CHECK(files.read().class_names() == Names{"Mass", "Edema", "sex"});
  // A column of half of the files is none of most.
  Files half;
  half.add("one.csv", "id,Mass,Edema,sex\na,1,0,0\n");
  half.add("two.csv", "id,Mass,sex\na,1,0\n");
  CHECK(half.read().class_names() == Names{"Mass", "sex"});
}

TEST_CASE("shared truth: faults of a submission and of the truth") {
  Files files;
  files.options.classes = {"Mass", "Edema"};
  const SharedTruth truth = files.read();
  CHECK(code_of(truth, files.add("a.csv", "id,Mass\na,1\nb,1\nc,1\n")) == "missing_class");
  CHECK(code_of(truth, files.add("b.csv", "id,Mass,Edema\na,1,1\nb,1,1\n")) == "missing_id");
  CHECK(code_of(truth, files.folder.path() / "none.csv") == "not_readable");
  CHECK(code_of(truth, files.add("c.npy", "\x93NUMPY")) == "bad_npy");
  CHECK(code_of(truth, files.paths.front().parent_path() / "c.npy") == "bad_npy");
  CHECK_THROWS_AS(Files("id,Mass\na,7\n").read(), DataError);
  Files bad("id,Mass,Edema\na,7,1\n");
  bad.options.classes = {"Mass"};
  CHECK_THROWS_AS(bad.read(), DataError);
}

TEST_CASE("clusters are numbered by name; rounded and empty names are refused") {
  const IdColumn ids = [] {
    IdColumn column;
    for (const char* id : {"a", "b", "c"}) column.push_back(id);
    return column;
  }();
  CHECK(cluster_numbers({"patient", {"x", "y", "x"}}, ids) == std::vector<std::size_t>{0, 1, 0});
  CHECK(cluster_numbers({"patient", {"12e4", "1", "2.5"}}, ids).size() == 3);
  const auto problem = [&](Names values) {
    try {
      cluster_numbers({"patient", std::move(values)}, ids);
    } catch (const DataError& error) {
      return error.problem();
    }
    FAIL("no problem");
    return Problem();
  };
  CHECK(problem({"1", "1.90E+38", "1.90E+38"}).code == "lossy_id");
  CHECK(problem({"1", "1.90E+38", "2"}).id == "b");
  CHECK(problem({"1", "2", ""}).code == "empty_cell");
  CHECK(problem({"1", "2", ""}).id == "c");
}

TEST_CASE("teams of files, known by their base names") {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& text) {
    return read_teams(folder.write("teams.csv", text));
  };
  CHECK(read("team,file\nx,a.csv\ny,some/where/b.csv\n") ==
        std::map<std::string, std::string>{{"a.csv", "x"}, {"b.csv", "y"}});
  CHECK_THROWS_AS(read("file,group\na.csv,x\n"), DataError);
  CHECK_THROWS_AS(read("file,team\na.csv,x\na.csv,y\n"), DataError);
  CHECK_THROWS_AS(read("file,team\na.csv,\n"), DataError);
  CHECK_THROWS_AS(read("file,team\n,x\n"), DataError);
}
