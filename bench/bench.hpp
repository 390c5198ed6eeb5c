// SPDX-License-Identifier: Apache-2.0
/// What the suites share: sizes, names, and the main function's work.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/build_info.hpp"
#include "bench/sample.hpp"

/// Samples and classes of a matrix.
struct Size {
  std::size_t n_samples;
  std::size_t n_classes;
};

/// The sizes of a challenge's test set, of a tenth of a training set, and of a training set.
inline std::vector<Size> bench_sizes() {
  return {{1'621, 30}, {14'293, 30}, {142'928, 30}};
}

inline constexpr Size kLargeSize{1'000'000, 100};

inline std::string size_name(Size size) {
  return std::to_string(size.n_samples) + "x" + std::to_string(size.n_classes);
}

inline std::string_view shape_name(ScoreShape shape) {
  return shape == ScoreShape::continuous ? "continuous" : "3_decimals";
}

/// Adds the time per score, e.g. `3.4n` for nanoseconds.
inline void count_cells(benchmark::State& state, std::size_t n_cells) {
  state.counters["per_score"] = benchmark::Counter(
      static_cast<double>(n_cells),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// Takes `--large` out of the arguments: also the sizes that take minutes.
inline bool take_large(int& argc, char** argv) {
  bool large = false;
  int kept = 0;
  for (int i = 0; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--large") {
      large = true;
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
  return large;
}

/// Runs what is registered; the exit code of `main`.
inline int run_benchmarks(int argc, char** argv) {
  benchmark::AddCustomContext("compiled by", build_info());
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
