// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/ensemble/study_views.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ensemble/golden_models.hpp"
#include "golden/ensemble.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

MatrixView<const double> images() {
  return golden_model(0);
}

ViewMethod method_named(const std::string& wanted) {
  for (const auto& [method, name] : view_methods) {
    if (name == wanted) return method;
  }
  FAIL("no method " << wanted);
  return ViewMethod::mean;
}

std::string refusal(const char* text) {
  try {
    parse_view_weights(text);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("studies from images, as NumPy has them", "[study_views]") {
  const ViewWeights weights = parse_view_weights("PA+AP=7, LATERAL + LL=3, other=5");
  const std::vector<std::size_t> groups = view_groups(golden::views, weights);
  for (const golden::Viewed& one : golden::viewed) {
    CAPTURE(one.method);
    const ClassMatrix<double> studies =
        aggregate_views(images(), golden::study_of, groups, weights, method_named(one.method));
    REQUIRE(studies.n_samples() == 5);
    for (std::size_t s = 0; s < 5; ++s) {
      for (std::size_t k = 0; k < golden::n_classes; ++k) {
        check_close(studies[k][s], one.scores[s * golden::n_classes + k]);
      }
    }
    const ClassMatrix<double> rows = copy_to_rows(studies.view(), golden::study_of);
    for (std::size_t i = 0; i < golden::n_rows; ++i) {
      CHECK(rows[1][i] == studies[1][golden::study_of[i]]);
    }
  }
}

TEST_CASE("views are known by name, and all others are other", "[study_views]") {
  const std::vector<std::string> views{"PA", "ap", " LL ", "LATERAL", "", "PA LLD"};
  CHECK(view_groups(views, default_view_weights()) == std::vector<std::size_t>{0, 0, 1, 1, 2, 2});
  CHECK(view_groups(views, default_group_weights()) == std::vector<std::size_t>{0, 0, 1, 1, 1, 1});
  // Views with weights of their own are groups of their own.
  CHECK(view_groups(views, parse_view_weights("PA=7,AP=7,other=1")) ==
        std::vector<std::size_t>{0, 1, 2, 2, 2, 2});
  const ViewWeights no_other = parse_view_weights("PA=7");
  CHECK_THROWS_WITH(view_groups(views, no_other),
                    "views: the view 'ap' (row 1) has no weight; give one to all others: other=5");
  CHECK_THROWS_WITH(view_groups(std::vector<std::string>{"PA", ""}, no_other),
                    "views: a blank view (row 1) has no weight; give one to all others: other=5");
}

TEST_CASE("a mean of group means is no mean of images", "[study_views]") {
  // Two frontal images and one lateral: 8:2 between means, not between images.
  const std::vector<double> scores{0.2, 0.4, 0.9};
  const std::vector<std::size_t> study{0, 0, 0};
  const std::vector<std::string> views{"PA", "AP", "LATERAL"};
  const ViewWeights weights = default_group_weights();
  const std::vector<std::size_t> groups = view_groups(views, weights);
  const MatrixView<const double> view(scores.data(), 3, 1);
  const auto value = [&](ViewMethod method) {
    return aggregate_views(view, study, groups, weights, method)[0][0];
  };
  check_close(value(ViewMethod::group_means), 0.8 * 0.3 + 0.2 * 0.9);
  check_close(value(ViewMethod::weighted), (8 * 0.2 + 8 * 0.4 + 2 * 0.9) / 18);
  check_close(value(ViewMethod::mean), 0.5);
  check_close(value(ViewMethod::max), 0.9);
}

TEST_CASE("bad input to views", "[study_views]") {
  CHECK(refusal("PA") == "views: 'PA' is not a view with a weight above 0, such as PA=7");
  CHECK(refusal("PA=0,other=1") ==
        "views: 'PA=0' is not a view with a weight above 0, such as PA=7");
  CHECK(refusal("PA=1e101,other=1") ==
        "views: 'PA=1e101' is not a view with a weight above 0, such as PA=7");
  CHECK(refusal("PA+other=7") == "views: 'other' stands alone, not in 'PA+other=7'");
  CHECK(refusal("PA=7,pa=3") == "views: 'pa' has two weights");
  CHECK(refusal("=7") == "views: '=7' lacks the name of a view");
  const std::vector<double> scores{0.2, 0.4};
  const MatrixView<const double> view(scores.data(), 2, 1);
  const ViewWeights weights = default_view_weights();
  const std::vector<std::size_t> gap{0, 2};
  const std::vector<std::size_t> one{0};
  const std::vector<std::size_t> two{0, 1};
  CHECK_THROWS_AS(aggregate_views(view, gap, two, weights, ViewMethod::weighted), InvalidArgument);
  CHECK_THROWS_AS(aggregate_views(view, one, two, weights, ViewMethod::weighted), InvalidArgument);
  CHECK_THROWS_AS(aggregate_views(view, two, one, weights, ViewMethod::weighted), InvalidArgument);
  // Nothing asks for views where they do not count.
  CHECK(aggregate_views(view, two, {}, weights, ViewMethod::mean)[0][1] == 0.4);
}
