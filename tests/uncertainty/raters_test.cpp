// SPDX-License-Identifier: Apache-2.0
/// Published tables of four raters' decisions on 827 electrocardiograms, to their printed digits.
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "cxrlt/uncertainty/kappa.hpp"
#include "cxrlt/uncertainty/mcnemar.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// The cells behind the first of each line, without the header.
std::vector<std::vector<std::string>> read_cells(const std::filesystem::path& path) {
  std::ifstream file(path);
  REQUIRE(file);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string cell;
    std::getline(cells, cell, ',');
    rows.emplace_back();
    while (std::getline(cells, cell, ',')) rows.back().push_back(cell);
  }
  return rows;
}

/// The six columns of labels or decisions.
std::vector<std::vector<Label>> read_columns(const std::filesystem::path& path) {
  std::vector<std::vector<Label>> columns(6);
  for (const std::vector<std::string>& row : read_cells(path)) {
    REQUIRE(row.size() == 6);
    for (std::size_t k = 0; k < 6; ++k) columns[k].push_back(row[k] == "1" ? Label{1} : Label{0});
  }
  return columns;
}

// In the order of the published rows.
constexpr std::array<std::pair<std::size_t, std::size_t>, 6> kPairs{
    {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}};

}  // namespace

TEST_CASE("the published McNemar and kappa tables to the printed digits", "[real-data]") {
  const auto data = real_data();
  if (!data) return;
  const std::filesystem::path folder = *data / "ecg_code_6";
  const auto labels = read_columns(folder / "labels.csv");
  std::vector<std::vector<std::vector<Label>>> raters;
  for (const std::string name :
       {"dnn", "cardiology_residents", "emergency_residents", "medical_students"}) {
    raters.push_back(read_columns(folder / ("decisions_" + name + ".csv")));
  }
  const auto published_p = read_cells(folder / "published_mcnemar.csv");
  const auto published_kappa = read_cells(folder / "published_kappa.csv");
  REQUIRE(published_p.size() == kPairs.size());
  REQUIRE(published_kappa.size() == kPairs.size());
  // Three digits, and the rounding of a value that lies on the edge.
  const double half_digit = 0.0005 + 1e-9;
  for (std::size_t pair = 0; pair < kPairs.size(); ++pair) {
    for (std::size_t k = 0; k < 6; ++k) {
      CAPTURE(pair, k);
      const auto& first = raters[kPairs[pair].first][k];
      const auto& second = raters[kPairs[pair].second][k];
      const McnemarTest test = mcnemar_test(first, second, labels[k], McnemarMethod::asymptotic);
      CHECK(std::abs(test.p_value.value - std::stod(published_p[pair][k])) <= half_digit);
      const KappaEstimate agreement = kappa_estimate(first, second);
      CHECK(std::abs(agreement.kappa.value - std::stod(published_kappa[pair][k])) <= half_digit);
      CHECK(agreement.interval.contains(agreement.kappa.value));
    }
  }
}
