// SPDX-License-Identifier: Apache-2.0
/// Weights of models, written and read.
#include "cxrlt/io/model_weights.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/error.hpp"
#include "io/io_support.hpp"

using namespace cxrlt;

namespace {

const std::vector<std::string> kClasses{"A", "B"};
const std::vector<std::string> kModels{"a.csv", "b,2.csv"};

std::vector<std::vector<double>> read(const std::string& text) {
  const TemporaryFolder folder;
  return read_model_weights(folder.write("w.csv", text), kClasses, 2);
}

Problem refused(const std::string& text) {
  try {
    read(text);
  } catch (const DataError& error) {
    return error.problem();
  }
  FAIL("nothing was refused");
  return {};
}

}  // namespace

TEST_CASE("weights read back as they were written", "[model_weights]") {
  const std::vector<std::vector<double>> of_classes{{0.1, 2}, {1.0 / 3, 0}};
  const std::string text = model_weights_csv(kModels, kClasses, of_classes);
  CHECK(text == "class,a.csv,\"b,2.csv\"\nA,0.1,0.3333333333333333\nB,2,0\n");
  CHECK(read(text) == of_classes);
  const std::vector<std::vector<double>> of_all{{0.25}, {3}};
  CHECK(model_weights_csv(kModels, kClasses, of_all) == "class,a.csv,\"b,2.csv\"\n,0.25,3\n");
  CHECK(read(model_weights_csv(kModels, kClasses, of_all)) == of_all);
}

TEST_CASE("classes join by name, models by place", "[model_weights]") {
  CHECK(read("class,x,y\nC,9,9\nB,3,4\nA,1,2\n") ==
        std::vector<std::vector<double>>{{1, 3}, {2, 4}});
}

TEST_CASE("bad weights are named with their place", "[model_weights]") {
  const Problem header = refused("klass,x,y\nA,1,1\n");
  CHECK(header.code == "bad_header");
  CHECK(header.message ==
        "expected a column 'class' and then 2 columns, one for each file of predictions; found: "
        "klass, x, y");
  CHECK(refused("class,x\nA,1\n").code == "bad_header");
  const Problem missing = refused("class,x,y\nA,1,1\nb,1,1\n");
  CHECK(missing.code == "missing_class");
  CHECK(missing.class_name == "B");
  CHECK(missing.message == "there are no weights for this class; the closest is 'b'");
  const Problem twice = refused("class,x,y\nA,1,1\nB,1,1\nA,2,2\n");
  CHECK(twice.code == "duplicate_class");
  CHECK(twice.line == 4);
  const Problem negative = refused("class,x,y\nA,1,-1\nB,1,1\n");
  CHECK(negative.code == "not_a_number");
  CHECK(negative.line == 2);
  CHECK(negative.column == 3);
  CHECK(refused("class,x,y\nA,1,1e101\nB,1,1\n").line == 2);
  CHECK(refused("class,x,y\nA,0,0\nB,1,1\n").message == "all weights are 0; expected one above 0");
  const Problem for_all = refused("class,x,y\nA,1,1\n,2,2\nB,1,1\n");
  CHECK(for_all.code == "empty_cell");
  CHECK(for_all.line == 3);
}
