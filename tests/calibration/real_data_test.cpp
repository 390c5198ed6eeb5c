// SPDX-License-Identifier: Apache-2.0
/// A published table of cross entropies and calibration errors, reproduced to its printed digits
/// by the softmax forms with the folds that were used.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/calibration/isotonic.hpp"
#include "cxrlt/calibration/softmax.hpp"
#include "cxrlt/calibration/softmax_affine.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/metrics/calibration_error.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// Rows of one class each, their logits or log-probabilities, and the folds of the publication.
struct System {
  std::size_t n_classes = 0;
  std::vector<int> classes;
  std::vector<int> folds;
  std::vector<double> logits;

  std::size_t size() const { return classes.size(); }
  MatrixView<const double> view() const { return {logits.data(), size(), n_classes}; }
};

System read_system(const std::filesystem::path& path) {
  std::ifstream file(path);
  REQUIRE(file);
  System system;
  std::string line;
  std::getline(file, line);
  system.n_classes = static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) - 1;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string cell;
    std::getline(cells, cell, ',');
    system.classes.push_back(std::stoi(cell));
    std::getline(cells, cell, ',');
    system.folds.push_back(std::stoi(cell));
    while (std::getline(cells, cell, ',')) system.logits.push_back(std::stod(cell));
  }
  REQUIRE(system.logits.size() == system.size() * system.n_classes);
  return system;
}

/// Log-probabilities of all rows, row after row.
using LogProbabilities = std::vector<double>;

LogProbabilities raw(const System& system) {
  LogProbabilities all(system.logits.size());
  for (std::size_t i = 0; i < system.size(); ++i) {
    log_softmax(system.view().row(i), {all.data() + i * system.n_classes, system.n_classes});
  }
  return all;
}

/// Each fold by a map that was fitted without it.
template <class Map>
LogProbabilities cross_fitted(const System& system) {
  LogProbabilities all(system.logits.size());
  for (int fold = 0; fold < 5; ++fold) {
    std::vector<int> others = system.classes;
    for (std::size_t i = 0; i < system.size(); ++i) {
      if (system.folds[i] == fold) others[i] = -1;
    }
    const Map map = Map::fit(system.view(), others);
    for (std::size_t i = 0; i < system.size(); ++i) {
      if (system.folds[i] != fold) continue;
      map.log_probabilities(system.view().row(i),
                            {all.data() + i * system.n_classes, system.n_classes});
    }
  }
  return all;
}

/// Isotonic regression on the log odds of two classes, on the rows themselves.
LogProbabilities isotonic(const System& system) {
  std::vector<double> odds;
  std::vector<Label> labels;
  for (std::size_t i = 0; i < system.size(); ++i) {
    odds.push_back(system.logits[2 * i + 1] - system.logits[2 * i]);
    labels.push_back(static_cast<Label>(system.classes[i]));
  }
  const IsotonicCalibration map = IsotonicCalibration::fit(odds, labels);
  LogProbabilities all;
  for (const double value : odds) {
    all.push_back(std::log1p(-map(value)));
    all.push_back(std::log(map(value)));
  }
  return all;
}

/// The mean log loss over that of the classes' frequencies.
double normalised_cross_entropy(const System& system, const LogProbabilities& all) {
  double loss = 0;
  std::vector<double> counts(system.n_classes);
  for (std::size_t i = 0; i < system.size(); ++i) {
    const auto own = static_cast<std::size_t>(system.classes[i]);
    loss -= all[i * system.n_classes + own];
    counts[own] += 1;
  }
  double prior = 0;
  const double n = static_cast<double>(system.size());
  for (const double count : counts) prior -= count * std::log(count / n);
  return loss / prior;
}

/// In per cent: of the most probable class, and of class 1.
double top_ece(const System& system, const LogProbabilities& all) {
  std::vector<double> confidence;
  std::vector<Label> right;
  for (std::size_t i = 0; i < system.size(); ++i) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(i * system.n_classes);
    const auto top = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(system.n_classes));
    confidence.push_back(std::exp(*top));
    right.push_back(top - begin == system.classes[i] ? Label{1} : Label{0});
  }
  return 100 * ece(ColumnView<const double>(confidence), right, 15).value;
}

double binary_ece(const System& system, const LogProbabilities& all) {
  std::vector<double> p;
  std::vector<Label> labels;
  for (std::size_t i = 0; i < system.size(); ++i) {
    p.push_back(std::exp(all[2 * i + 1]));
    labels.push_back(static_cast<Label>(system.classes[i]));
  }
  return 100 * ece(ColumnView<const double>(p), labels, 15).value;
}

/// As it is printed: with so many decimals.
std::string printed(double value, int decimals) {
  std::ostringstream text;
  text.precision(decimals);
  text << std::fixed << value;
  return text.str();
}

/// Cross entropy and both calibration errors, as printed, by "name of the system|method".
std::map<std::string, std::vector<std::string>> published(const std::filesystem::path& path) {
  std::ifstream file(path);
  REQUIRE(file);
  std::map<std::string, std::vector<std::string>> table;
  std::string line;
  while (std::getline(file, line)) {
    std::vector<std::string> parts(1);
    for (const char c : line) {
      if (c == '|') {
        parts.emplace_back();
      } else {
        parts.back() += c;
      }
    }
    if (parts.size() != 4) continue;
    const std::size_t end = parts[0].find_last_not_of(' ');
    const std::size_t begin = parts[0].rfind(' ', end) + 1;
    const std::size_t name_end = parts[0].find_last_not_of(' ', begin - 1);
    std::istringstream entropy(parts[2]);
    std::istringstream errors(parts[3]);
    std::vector<std::string> values(4);
    entropy >> values[0];
    errors >> values[3] >> values[1] >> values[2];  // the first of them is another quantity
    values.pop_back();
    table[parts[0].substr(0, name_end + 1) + "|" + parts[0].substr(begin, end + 1 - begin)] =
        values;
  }
  return table;
}

}  // namespace

TEST_CASE("a published table of calibrations", "[real-data]") {
  const auto folder = real_data();
  if (!folder) return;
  const auto table =
      published(*folder / "calib_small" / "published_table2_evaluating_posteriors.txt");
  const std::map<std::string, std::string> systems{{"SST2 GPT2-4sh", "sst2_gpt2_4shot"},
                                                   {"SST2 GPT2-0sh", "sst2_gpt2"},
                                                   {"PNEUM Resnet-50", "pneumoniamnist_resnet50"},
                                                   {"ADRENAL Resnet-50", "adrenalmnist_resnet50"},
                                                   {"AGNEWS GPT2-0sh", "agnews_gpt2"},
                                                   {"CIFAR10 Resnet-20", "cifar10_resnet-20"}};
  const std::map<std::string, std::function<LogProbabilities(const System&)>> methods{
      {"raw", raw},
      {"calt", cross_fitted<SoftmaxTemperature>},
      {"cal", cross_fitted<SoftmaxAffine>},
      {"calp", isotonic}};
  int n_compared = 0;
  for (const auto& [name, file] : systems) {
    const System system = read_system(*folder / "calib_small" / (file + ".csv"));
    for (const auto& [method, calibrate] : methods) {
      if (method == "calp" && system.n_classes != 2) continue;
      CAPTURE(name, method);
      const std::vector<std::string>& expected = table.at(name + "|" + method);
      const LogProbabilities all = calibrate(system);
      CHECK(printed(normalised_cross_entropy(system, all), 3) == expected[0]);
      CHECK(printed(top_ece(system, all), 1) == expected[1]);
      if (system.n_classes == 2) CHECK(printed(binary_ece(system, all), 1) == expected[2]);
      n_compared += system.n_classes == 2 ? 3 : 2;
    }
  }
  CHECK(n_compared == 4 * 4 * 3 + 2 * 3 * 2);
}

TEST_CASE("temperatures of real posteriors", "[real-data]") {
  const auto folder = real_data();
  if (!folder) return;
  // The minimum by SciPy's bounded search over all rows, and over all but the fold of each number.
  const auto fit = [&](const char* file, int without) {
    const System system = read_system(*folder / "calib_small" / file);
    std::vector<int> classes = system.classes;
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (system.folds[i] == without) classes[i] = -1;
    }
    return SoftmaxTemperature::fit(system.view(), classes).temperature();
  };
  check_close(fit("adrenalmnist_resnet50.csv", -1), 2.0035227667402, 1e-6);
  check_close(fit("cifar10_resnet-20.csv", -1), 1.6701303924425408, 1e-6);
  check_close(fit("agnews_gpt2.csv", 0), 1.3556601083256996, 1e-6);
  check_close(fit("agnews_gpt2.csv", 4), 1.372135725139982, 1e-6);
}
