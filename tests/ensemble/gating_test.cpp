// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/ensemble/gating.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/ensemble/cooccurrence.hpp"
#include "ensemble/golden_models.hpp"
#include "golden/ensemble.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

MatrixView<const double> scores() {
  return golden_model(0);
}

std::string refusal(const char* text) {
  try {
    parse_gate(text);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("findings are gated by the normal class, as NumPy has it", "[gating]") {
  for (const golden::Gated& one : golden::gated) {
    CAPTURE(one.gate, one.exception);
    const Gate gate = parse_gate(one.gate);
    CHECK(to_string(gate) == one.gate);
    std::vector<std::size_t> exceptions;
    if (one.exception) exceptions.push_back(1);
    check_equal(gated(scores(), 2, gate, exceptions), one.scores);
  }
}

TEST_CASE("bad input to a gate", "[gating]") {
  CHECK(refusal("power") == "gate: 'power' lacks its strength: power:0.5");
  CHECK(refusal("hard:x") == "gate: 'hard:x' lacks its strength: hard:0.5");
  CHECK(refusal("powr:1") == "gate: there is no form 'powr'; the closest is 'power'");
  CHECK(refusal("power:-1") == "gate: the strength -1 is below 0");
  CHECK(refusal("linear:1.5") == "gate: the strength 1.5 lies outside [0, 1]");
  CHECK_THROWS_AS(gated(scores(), 3, {}), InvalidArgument);
  const std::vector<std::size_t> beyond{3};
  CHECK_THROWS_AS(gated(scores(), 2, {}, beyond), InvalidArgument);
}

TEST_CASE("scores are smoothed along the classes that occur together", "[cooccurrence]") {
  std::vector<Label> labels(golden::labels.begin(), golden::labels.end());
  const LabelMatrixView view(labels.data(), golden::n_rows, golden::n_classes);
  const ClassMatrix<double> walk = cooccurrence_walk(view);
  check_equal(walk, golden::walk);
  check_equal(smoothed(scores(), walk, 0.3), golden::smoothed);
  check_equal(
      smoothed(scores(), walk, 0),
      {golden::models.begin(), golden::models.begin() + golden::n_rows * golden::n_classes});
  CHECK_THROWS_AS(smoothed(scores(), walk, 1.5), InvalidArgument);
  CHECK_THROWS_AS(smoothed(scores(), ClassMatrix<double>(2, 2), 0.5), InvalidArgument);
}

TEST_CASE("a class that stands alone leads to itself, a missing label to nothing",
          "[cooccurrence]") {
  const std::vector<Label> labels{1, 0, 0, 0, 1, 1, kMissing, 1, 0};
  const ClassMatrix<double> walk = cooccurrence_walk(LabelMatrixView(labels.data(), 3, 3));
  check_equal(walk, {1, 0, 0, 0, 0, 1, 0, 1, 0});
  // Two certain classes that lead to a third: it does not become more than certain.
  ClassMatrix<double> star(3, 3);
  star[2][0] = star[2][1] = star[2][2] = 1;
  const std::vector<double> sure{1, 1, 1};
  check_equal(smoothed(MatrixView<const double>(sure.data(), 1, 3), star, 0.5), {0.5, 0.5, 1});
}
