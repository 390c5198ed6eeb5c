// SPDX-License-Identifier: Apache-2.0
/// Times counting, from scores and labels to `ThresholdCounts`, beside the plain sort, and each
/// strategy alone, after a check that all give the same. `--large` adds 1,000,000 x 100.
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/bench.hpp"
#include "cxrlt/counting/detail/count_matrix.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/cxrlt.hpp"

namespace {

using cxrlt::detail::Strategy;
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

/// The naive variant: every class sorted by itself, on one thread.
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
    const auto workspace = std::make_shared<cxrlt::Workspace>();
    add<Score>(name + "/threads:" + std::to_string(threads), options,
               [threads, workspace](const Sample<Score>& sample) {
                 return cxrlt::count_thresholds(sample.score_view(), sample.label_view(),
                                                cxrlt::Cpu{threads, workspace.get()});
               });
  }
  add<Score>(name + "/plain_sort", options,
             [](const Sample<Score>& sample) { return plain_counts(sample); });
}

/// One class alone, by every strategy that suits the shape of its scores.
void add_class(const std::string& name, double prevalence, ScoreShape shape) {
  const SampleOptions options{142'928, 1, shape, prevalence, prevalence};
  const std::string prefix = "class/" + name + "/" + std::string(shape_name(shape)) + "/";
  std::vector<std::pair<std::string, Strategy>> strategies{{"automatic", Strategy::automatic},
                                                           {"radix", Strategy::radix},
                                                           {"bins", Strategy::bins},
                                                           {"small_sort", Strategy::small_sort}};
  if (shape == ScoreShape::three_decimals) strategies.emplace_back("ties", Strategy::ties);
  for (const auto& [strategy_name, chosen] : strategies) {
    const auto workspace = std::make_shared<cxrlt::Workspace>();
    const Strategy strategy = chosen;
    add<float>(prefix + strategy_name, options, [strategy, workspace](const Sample<float>& sample) {
      Counts counts(1);
      cxrlt::detail::count_matrix(sample.score_view(), sample.label_view(), strategy,
                                  cxrlt::Cpu{1, workspace.get()}, counts);
      return counts;
    });
  }
  add<float>(prefix + "plain_sort", options,
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
    add_class("common_40%", 0.4, shape);
    add_class("medium_3%", 0.03, shape);
    add_class("rare_0.3%", 0.003, shape);
    add_class("rarest_0.03%", 0.0003, shape);
  }
  return run_benchmarks(argc, argv);
}
