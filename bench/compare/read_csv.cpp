// SPDX-License-Identifier: Apache-2.0
/// Reads a prediction CSV once and prints, as JSON, the seconds it took, what was read, and the
/// peak memory of the whole process. Without a file it reads nothing, which shows the process's own
/// memory.
///
/// Usage: compare_read_csv THREADS [FILE]
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/load_dataset.hpp"

namespace {

/// The peak of resident memory in KiB, or 0 where the system does not say.
long peak_memory() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

/// A sum in which every score counts, to compare what was read.
double sum_of(const cxrlt::PredictionTable& table) {
  double sum = 0;
  for (std::size_t c = 0; c < table.classes.size(); ++c) {
    for (std::size_t row = 0; row < table.ids.size(); ++row) sum += table.scores[c][row];
  }
  return sum;
}

void read(const char* path, const cxrlt::Cpu& policy) {
  const auto fail = [](const cxrlt::Problem& problem) {
    throw std::runtime_error(problem.message);
  };
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  const cxrlt::PredictionTable table = cxrlt::read_prediction_file(path, {}, fail, policy).value();
  const std::chrono::duration<double> taken = Clock::now() - begin;
  const long peak = peak_memory();
  std::cout.precision(17);
  std::cout << "{\"seconds\": " << taken.count() << ", \"rows\": " << table.ids.size()
            << ", \"classes\": " << table.classes.size() << ", \"sum\": " << sum_of(table)
            << ", \"peak_kib\": " << peak << "}\n";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 3) {
      read(argv[2], cxrlt::Cpu{std::atoi(argv[1])});
    } else {
      std::cout << "{\"peak_kib\": " << peak_memory() << "}\n";
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
