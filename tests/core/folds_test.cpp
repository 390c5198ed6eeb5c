// SPDX-License-Identifier: Apache-2.0
/// Folds: patients stay together, few positives are spread evenly, the same everywhere.
#include "cxrlt/core/folds.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
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
