// SPDX-License-Identifier: Apache-2.0
/// Times `evaluate`, all metrics from one pass over the data, beside a pass for each metric and
/// beside ranking metrics from the plain sort. `--large` adds 1,000,000 x 100.
#include <cstddef>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/cxrlt.hpp"

namespace {

using FloatSample = Sample<float>;

/// AP, AUROC, best F1 and its threshold, class after class.
template <class CountClass>
std::vector<double> ranking_values(const FloatSample& sample, const CountClass& count_class) {
  std::vector<double> values;
  for (std::size_t c = 0; c < sample.options.n_classes; ++c) {
    const auto& counts = count_class(c);
    const cxrlt::OperatingPoint best = cxrlt::best_f_beta(counts, 1);
    values.insert(values.end(), {cxrlt::average_precision(counts).value, cxrlt::auroc(counts).value,
                                 best.value.value, best.threshold});
  }
  return values;
}

std::vector<double> ranking(const FloatSample& sample, int threads) {
  const auto counts =
      cxrlt::count_thresholds(sample.score_view(), sample.label_view(), cxrlt::Cpu{threads});
  return ranking_values(
      sample, [&](std::size_t c) -> const auto& { return counts[c]; });
}

std::vector<double> ranking_by_plain_sort(const FloatSample& sample) {
  return ranking_values(sample, [&](std::size_t c) {
    return cxrlt::detail::sorted_counts<cxrlt::ThresholdCounts<>>(sample.score_view().column(c),
                                                                  sample.label_view().column(c));
  });
}

/// The macro averages of these metrics (none named: of all).
std::vector<double> macro_values(const FloatSample& sample, std::vector<cxrlt::MetricName> metrics,
                                 int threads) {
  cxrlt::EvaluationOptions options;
  options.metrics = std::move(metrics);
  const cxrlt::Evaluation evaluation =
      cxrlt::evaluate(sample.score_view(), sample.label_view(), options, cxrlt::Cpu{threads});
  std::vector<double> values;
  for (const cxrlt::NamedAverage& average : evaluation.macro) values.push_back(average.value.value);
  return values;
}

std::vector<double> macro_values_one_by_one(const FloatSample& sample) {
  std::vector<double> values;
  for (const cxrlt::NamedAverage& average :
       cxrlt::evaluate(sample.score_view(), sample.label_view(), {}, cxrlt::Cpu{1}).macro) {
    const auto alone = macro_values(sample, {cxrlt::parse_metric_name(average.name)}, 1);
    values.insert(values.end(), alone.begin(), alone.end());
  }
  return values;
}

/// Times `compute(sample)`, if it gives the same as `reference(sample)`.
template <class Compute, class Reference>
void add(const std::string& name, const SampleOptions& options, const Compute& compute,
         const Reference& reference) {
  const auto run = [=](benchmark::State& state) {
    const FloatSample& sample = cached_sample<float>(options);
    if (compute(sample) != reference(sample)) {
      state.SkipWithError("the values differ from those of the naive variant");
      return;
    }
    for (auto _ : state) benchmark::DoNotOptimize(compute(sample));
    count_cells(state, sample.n_cells());
  };
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond)->UseRealTime();
}

void add_size(Size size) {
  const SampleOptions options{size.n_samples, size.n_classes};
  const auto name = [&](const char* what, int threads) {
    return what + ("/" + size_name(size)) +
           (threads > 0 ? "/threads:" + std::to_string(threads) : "/naive");
  };
  for (const int threads : {1, 2}) {
    add(
        name("ranking", threads), options,
        [threads](const FloatSample& sample) { return ranking(sample, threads); },
        ranking_by_plain_sort);
    add(
        name("all_metrics", threads), options,
        [threads](const FloatSample& sample) { return macro_values(sample, {}, threads); },
        macro_values_one_by_one);
  }
  add(name("ranking", 0), options, ranking_by_plain_sort, ranking_by_plain_sort);
  add(name("all_metrics", 0), options, macro_values_one_by_one, macro_values_one_by_one);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Size> sizes = bench_sizes();
  if (take_large(argc, argv)) sizes.push_back(kLargeSize);
  for (const Size size : sizes) add_size(size);
  return run_benchmarks(argc, argv);
}
