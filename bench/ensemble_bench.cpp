// SPDX-License-Identifier: Apache-2.0
/// Times the mean of ten prediction CSVs, from the disk's cache to a file, beside reading them
/// alone.
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bench/bench.hpp"
#include "bench/csv_files.hpp"
#include "cxrlt/ensemble/combine.hpp"
#include "cxrlt/io/joined_predictions.hpp"
#include "cxrlt/io/write_predictions.hpp"

namespace {

constexpr std::size_t kFiles = 10;

using Files = std::vector<std::unique_ptr<ScratchFile>>;

/// Ten files of the same scores: what they hold does not matter here.
Files write_files(Size size) {
  SampleOptions options;
  options.n_samples = size.n_samples;
  options.n_classes = size.n_classes;
  const Sample<float> sample = make_sample<float>(options);
  Files files;
  for (std::size_t m = 0; m < kFiles; ++m) {
    files.push_back(
        std::make_unique<ScratchFile>("cxrlt_bench_model_" + std::to_string(m) + ".csv"));
    write_csv(sample, files.back()->path());
  }
  return files;
}

void read_files(benchmark::State& state, const Files& files, int threads) {
  for (auto _ : state) {
    cxrlt::PredictionJoin join{cxrlt::DatasetOptions{}};
    for (const auto& file : files) {
      benchmark::DoNotOptimize(join.read(file->path(), cxrlt::Cpu{threads}));
    }
  }
}

void average_files(benchmark::State& state, const Files& files, int threads) {
  const cxrlt::Cpu policy{threads};
  const ScratchFile out("cxrlt_bench_ensemble.csv");
  for (auto _ : state) {
    cxrlt::PredictionJoin join{cxrlt::DatasetOptions{}};
    std::optional<cxrlt::Combiner> combiner;
    cxrlt::Predictions output;
    for (const auto& file : files) {
      const cxrlt::Predictions model = join.read(file->path(), policy);
      if (!combiner) combiner.emplace(join.n_samples(), join.class_names().size());
      std::visit([&](const auto& scores) { combiner->add(scores.view(), {}, policy); },
                 model.scores);
    }
    const cxrlt::CombinedScores mean = std::move(*combiner).finish(policy);
    output.id_column = join.id_column();
    output.ids = join.ids();
    output.class_names = join.class_names();
    cxrlt::stage_predictions<double>(out.path(), output, mean.scores.view(), policy).publish();
    state.PauseTiming();  // a file that is replaced is written back first
    std::filesystem::remove(out.path());
    state.ResumeTiming();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Files files = write_files({142'928, 30});
  for (const int threads : {1, 2}) {
    const std::string name = "10x142928x30/threads:" + std::to_string(threads);
    benchmark::RegisterBenchmark(
        ("read/" + name).c_str(),
        [&files, threads](auto& state) { read_files(state, files, threads); })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(
        ("mean/" + name).c_str(),
        [&files, threads](auto& state) { average_files(state, files, threads); })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
  return run_benchmarks(argc, argv);
}
