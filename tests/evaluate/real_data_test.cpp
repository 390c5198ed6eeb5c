// SPDX-License-Identifier: Apache-2.0
/// Published and independently computed values of real scores.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "evaluate_support.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// A CSV of an id and numbers, read as plainly as can be.
std::vector<double> numbers_of(const std::filesystem::path& path, std::size_t& n_rows) {
  std::ifstream file(path);
  REQUIRE(file);
  std::string line;
  std::getline(file, line);
  std::vector<double> numbers;
  for (n_rows = 0; std::getline(file, line); ++n_rows) {
    std::istringstream cells(line);
    std::string cell;
    std::getline(cells, cell, ',');
    while (std::getline(cells, cell, ',')) numbers.push_back(std::stod(cell));
  }
  return numbers;
}

MultiLabel read_pair(const std::filesystem::path& scores, const std::filesystem::path& labels) {
  MultiLabel data;
  data.scores = numbers_of(scores, data.n_samples);
  for (const double label : numbers_of(labels, data.n_samples)) {
    data.labels.push_back(static_cast<Label>(label));
  }
  data.n_classes = data.labels.size() / data.n_samples;
  return data;
}

}  // namespace

TEST_CASE("published tables: precision, recall, specificity and F1 of ECG raters", "[real-data]") {
  const auto folder = real_data();
  if (!folder) return;
  // Rows: the six classes; columns: network, cardiologists, emergency residents, students.
  std::ifstream file(*folder / "ecg_code_6" / "published_scores.csv");
  REQUIRE(file);
  std::string line;
  std::getline(file, line);
  std::getline(file, line);
  std::vector<std::vector<double>> published;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string cell;
    std::getline(cells, cell, ',');
    published.emplace_back();
    while (std::getline(cells, cell, ',')) published.back().push_back(std::stod(cell));
  }
  REQUIRE(published.size() == 6);
  const std::vector<std::string> raters{"dnn", "cardiology_residents", "emergency_residents",
                                        "medical_students"};
  const std::vector<std::string> metrics{"precision", "recall", "specificity", "f1"};
  for (std::size_t r = 0; r < raters.size(); ++r) {
    const MultiLabel data = read_pair(*folder / "ecg_code_6" / ("decisions_" + raters[r] + ".csv"),
                                      *folder / "ecg_code_6" / "labels.csv");
    const Evaluation evaluation = data.evaluate();
    for (std::size_t c = 0; c < 6; ++c) {
      for (std::size_t m = 0; m < metrics.size(); ++m) {
        INFO(raters[r] << " class " << c << " " << metrics[m]);
        const double value = find_value(evaluation.classes[c].values, metrics[m])->value.value;
        CHECK(std::abs(value - published[c][m * 4 + r]) <= 0.0005 + 1e-12);
      }
    }
  }
}
