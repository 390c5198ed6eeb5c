// SPDX-License-Identifier: Apache-2.0
/// Folds: patients stay together, few positives are spread evenly, the same everywhere.
#include "cxrlt/core/folds.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/random.hpp"

using namespace cxrlt;

namespace {

/// How many rows of each fold carry the label.
std::vector<int> count_label(const std::vector<int>& folds, const std::vector<Label>& labels,
                             Label wanted, int n_folds) {
  std::vector<int> counts(static_cast<std::size_t>(n_folds));
  for (std::size_t i = 0; i < folds.size(); ++i) {
    if (labels[i] == wanted) ++counts[static_cast<std::size_t>(folds[i])];
  }
  return counts;
}

}  // namespace

TEST_CASE("positives and negatives are spread evenly", "[folds]") {
  std::vector<Label> labels(103, 0);
  for (std::size_t i = 0; i < 7; ++i) labels[i * 11] = 1;
  labels[5] = kMissing;
  const std::vector<int> folds = stratified_folds(labels);
  std::vector<int> positives = count_label(folds, labels, 1, 5);
  std::sort(positives.begin(), positives.end());
  CHECK(positives == std::vector<int>{1, 1, 1, 2, 2});
  std::vector<int> rows = count_label(folds, labels, 0, 5);
  for (std::size_t k = 0; k < 5; ++k) rows[k] += count_label(folds, labels, 1, 5)[k];
  std::sort(rows.begin(), rows.end());
  CHECK(rows == std::vector<int>{20, 20, 20, 21, 21});
}

TEST_CASE("a patient's rows share a fold", "[folds]") {
  Random random(4);
  std::vector<Label> labels;
  std::vector<std::size_t> patients;
  for (std::size_t patient = 0; patient < 200; ++patient) {
    const auto n_images = 1 + random.below(6);
    for (std::uint32_t k = 0; k < n_images; ++k) {
      patients.push_back(patient * 1000);
      labels.push_back(random.below(30) == 0 ? Label{1} : Label{0});
    }
  }
  const std::vector<int> folds = stratified_folds(labels, patients, {4, 9});
  std::map<std::size_t, std::set<int>> seen;
  for (std::size_t i = 0; i < folds.size(); ++i) seen[patients[i]].insert(folds[i]);
  for (const auto& [patient, of_patient] : seen) CHECK(of_patient.size() == 1);
  const std::vector<int> positives = count_label(folds, labels, 1, 4);
  const auto [least, most] = std::minmax_element(positives.begin(), positives.end());
  CHECK(*most - *least <= 1);
}

TEST_CASE("folds of several classes are even for each, the rarest first", "[folds]") {
  Random random(12);
  constexpr std::size_t n = 400;
  ClassMatrix<Label> labels(n, 3);
  std::vector<std::size_t> patients;
  for (std::size_t i = 0; i < n; ++i) {
    patients.push_back(i / 2);
    labels[0][i] = i % 2 == 0 && random.below(5) == 0 ? 1 : 0;
    labels[1][i] = i % 80 == 0 ? 1 : 0;
    labels[2][i] = i % 3 == 0 ? kMissing : 0;
  }
  const std::vector<int> folds = stratified_folds(LabelMatrixView(labels.view()), patients, {5, 3});
  for (std::size_t i = 1; i < n; i += 2) CHECK(folds[i] == folds[i - 1]);
  const auto of_class = [&](std::size_t k, Label label) {
    const std::vector<Label> column(labels[k].begin(), labels[k].end());
    return count_label(folds, column, label, 5);
  };
  CHECK(of_class(1, 1) == std::vector<int>(5, 1));  // five positives, one in each
  const std::vector<int> common = of_class(0, 1);
  const auto [least, most] = std::minmax_element(common.begin(), common.end());
  CHECK(*most - *least <= 1);
  // Labelled cells are even, too; a patient has up to six.
  std::vector<int> cells(5);
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t f = 0; f < 5; ++f) cells[f] += of_class(k, 0)[f] + of_class(k, 1)[f];
  }
  const auto [fewest, largest] = std::minmax_element(cells.begin(), cells.end());
  CHECK(*largest - *fewest <= 6);
}

TEST_CASE("a common class does not decide where the rare one's positives go", "[folds]") {
  // Rows 0 to 4 have both; the rare class has these only, so each fold gets one, whatever the seed.
  ClassMatrix<Label> labels(50, 2);
  for (std::size_t i = 0; i < 50; ++i) labels[0][i] = i < 25 ? 1 : 0;
  for (std::size_t i = 20; i < 25; ++i) labels[1][i] = 1;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto folds = stratified_folds(LabelMatrixView(labels.view()), {}, {5, seed});
    CHECK(std::set<int>(folds.begin() + 20, folds.begin() + 25).size() == 5);
    CHECK(count_label(folds, {labels[0].begin(), labels[0].end()}, 1, 5) == std::vector<int>(5, 5));
  }
}

TEST_CASE("the seed decides, and nothing else", "[folds]") {
  std::vector<Label> labels(50, 0);
  labels[3] = labels[30] = 1;
  CHECK(stratified_folds(labels, {}, {5, 1}) == stratified_folds(labels, {}, {5, 1}));
  CHECK(stratified_folds(labels, {}, {5, 1}) != stratified_folds(labels, {}, {5, 2}));
}

TEST_CASE("few rows leave folds empty", "[folds]") {
  const std::vector<Label> labels{1, 0};
  const std::vector<int> folds = stratified_folds(labels);
  CHECK(folds[0] != folds[1]);
  CHECK(stratified_folds(LabelColumnView{}).empty());
}

TEST_CASE("folds that cannot be made", "[folds]") {
  const std::vector<Label> labels{0, 1};
  CHECK_THROWS_AS(stratified_folds(labels, {}, {1, 0}), InvalidArgument);
  CHECK_THROWS_AS(stratified_folds(labels, std::vector<std::size_t>{1}), InvalidArgument);
}

TEST_CASE("groups are numbered by first occurrence", "[folds]") {
  CHECK(number_groups(std::vector<std::string>{"b", "a", "b", "c"}) ==
        std::vector<std::size_t>{0, 1, 0, 2});
}
