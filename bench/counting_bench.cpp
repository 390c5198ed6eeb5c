// SPDX-License-Identifier: Apache-2.0
/// Times counting, from scores and labels to `ThresholdCounts`, beside the plain sort, after a
/// check that both give the same. `--large` adds 1,000,000 x 100.
#include <cstddef>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/cxrlt.hpp"

namespace {

using Counts = std::vector<cxrlt::ThresholdCounts<>>;

bool equal(const Counts& a, const Counts& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t c = 0; c < a.size(); ++c) {
    if (a[c].threshold != b[c].threshold || a[c].tp != b[c].tp || a[c].fp != b[c].fp ||
        a[c].fp_above != b[c].fp_above || a[c].n_positive != b[c].n_positive ||
        a[c].n_negative != b[c].n_negative) {
      return false;
    }
  }
  return true;
}

/// Every class sorted by itself, on one thread.
template <class Score>
Counts plain_counts(const Sample<Score>& sample) {
  Counts counts;
  for (std::size_t c = 0; c < sample.options.n_classes; ++c) {
    counts.push_back(cxrlt::detail::sorted_counts<cxrlt::ThresholdCounts<>>(
        sample.score_view().column(c), sample.label_view().column(c)));
  }
  return counts;
}

/// Times `count(sample)`, if it counts the same as the plain sort.
template <class Score, class Count>
void time_counting(benchmark::State& state, const SampleOptions& options, const Count& count) {
  const Sample<Score>& sample = cached_sample<Score>(options);
  if (!equal(count(sample), plain_counts(sample))) {
    state.SkipWithError("the counts differ from those of the plain sort");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(count(sample));
  count_cells(state, sample.n_cells());
}

template <class Score, class Count>
void add(const std::string& name, const SampleOptions& options, const Count& count) {
  benchmark::RegisterBenchmark(
      name.c_str(),
      [options, count](benchmark::State& state) { time_counting<Score>(state, options, count); })
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
}

template <class Score>
void add_matrix(const std::string& type, Size size, ScoreShape shape) {
  const SampleOptions options{size.n_samples, size.n_classes, shape};
  const std::string name =
      "count/" + type + "/" + std::string(shape_name(shape)) + "/" + size_name(size);
  for (const int threads : {1, 2}) {
    add<Score>(name + "/threads:" + std::to_string(threads), options,
               [threads](const Sample<Score>& sample) {
                 return cxrlt::count_thresholds(sample.score_view(), sample.label_view(),
                                                cxrlt::Cpu{threads});
               });
  }
  add<Score>(name + "/plain_sort", options,
             [](const Sample<Score>& sample) { return plain_counts(sample); });
}

/// One class alone, by its prevalence.
void add_class(const std::string& name, double prevalence, ScoreShape shape) {
  const SampleOptions options{142'928, 1, shape, prevalence, prevalence};
  const std::string prefix = "class/" + name + "/" + std::string(shape_name(shape));
  add<float>(prefix + "/chosen", options, [](const Sample<float>& sample) {
    return Counts{
        cxrlt::count_thresholds(sample.score_view().column(0), sample.label_view().column(0))};
  });
  add<float>(prefix + "/plain_sort", options,
             [](const Sample<float>& sample) { return plain_counts(sample); });
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Size> sizes = bench_sizes();
  if (take_large(argc, argv)) sizes.push_back(kLargeSize);
  for (const Size size : sizes) {
    for (const ScoreShape shape : {ScoreShape::continuous, ScoreShape::three_decimals}) {
      add_matrix<float>("float", size, shape);
    }
    add_matrix<double>("double", size, ScoreShape::continuous);
  }
  for (const ScoreShape shape : {ScoreShape::continuous, ScoreShape::three_decimals}) {
    add_class("common_0.4", 0.4, shape);
    add_class("medium_0.03", 0.03, shape);
    add_class("rare_0.003", 0.003, shape);
    add_class("rare_0.0003", 0.0003, shape);
  }
  return run_benchmarks(argc, argv);
}
