// SPDX-License-Identifier: Apache-2.0
/// Times reading a prediction CSV from the disk's cache into columns of doubles, beside a loop of
/// `std::getline` and `std::strtod`, after a check that both read the same.
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "bench/csv_files.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/load_dataset.hpp"

namespace {

/// Ids, and scores class after class.
struct Columns {
  std::vector<std::string> ids;
  std::vector<std::vector<double>> scores;
};

cxrlt::PredictionTable read_ours(const fs::path& path, int threads) {
  const auto fail = [](const cxrlt::Problem& problem) {
    throw std::runtime_error(problem.message);
  };
  return cxrlt::read_prediction_file(path, {}, fail, cxrlt::Cpu{threads}).value();
}

Columns read_line_by_line(const fs::path& path) {
  Columns columns;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  for (const char c : line) {
    if (c == ',') columns.scores.emplace_back();
  }
  while (std::getline(file, line)) {
    const std::size_t comma = line.find(',');
    columns.ids.push_back(line.substr(0, comma));
    char* at = line.data() + comma;
    for (std::vector<double>& column : columns.scores) {
      column.push_back(std::strtod(at + 1, &at));
    }
  }
  return columns;
}

bool equal(const cxrlt::PredictionTable& table, const Columns& columns) {
  if (table.ids.size() != columns.ids.size() || table.classes.size() != columns.scores.size()) {
    return false;
  }
  for (std::size_t row = 0; row < columns.ids.size(); ++row) {
    if (table.ids[row] != columns.ids[row]) return false;
    for (std::size_t c = 0; c < columns.scores.size(); ++c) {
      if (table.scores[c][row] != columns.scores[c][row]) return false;
    }
  }
  return true;
}

/// Times `read(path)`, if our reader gives the same as the naive one.
template <class Read>
void add(const std::string& name, Size size, const Read& read) {
  const auto run = [=](benchmark::State& state) {
    const ScratchFile file("cxrlt_bench_" + size_name(size) + ".csv");
    write_csv(cached_sample<float>({size.n_samples, size.n_classes}), file.path());
    if (!equal(read_ours(file.path(), 2), read_line_by_line(file.path()))) {
      state.SkipWithError("the columns differ from those read line by line");
      return;
    }
    for (auto _ : state) benchmark::DoNotOptimize(read(file.path()));
    count_cells(state, size.n_samples * size.n_classes);
    const auto n_bytes = static_cast<std::int64_t>(fs::file_size(file.path()));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * n_bytes);
  };
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond)->UseRealTime();
}

}  // namespace

int main(int argc, char** argv) {
  for (const Size size : bench_sizes()) {
    const std::string name = "read/" + size_name(size);
    for (const int threads : {1, 2}) {
      add(name + "/threads:" + std::to_string(threads), size,
          [threads](const fs::path& path) { return read_ours(path, threads); });
    }
    add(name + "/line_by_line", size, read_line_by_line);
  }
  return run_benchmarks(argc, argv);
}
