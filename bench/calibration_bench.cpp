// SPDX-License-Identifier: Apache-2.0
/// Times isotonic calibration of all classes, beside counting alone, and one temperature for all.
#include <memory>
#include <string>

#include "bench/bench.hpp"
#include "cxrlt/cxrlt.hpp"

namespace {

/// The logits of a sample, half as sure again as they should be.
template <class Score>
Sample<Score> overconfident(Sample<Score> sample) {
  for (Score& score : sample.scores) {
    const double p = cxrlt::detail::inner_probability(static_cast<double>(score));
    score = static_cast<Score>(1.5 * cxrlt::logit(p));
  }
  return sample;
}

template <class Score, class Calibrate>
void add(const std::string& name, const SampleOptions& options, const Calibrate& calibrate) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [options, calibrate](benchmark::State& state) {
                                 const Sample<Score>& sample = cached_sample<Score>(options);
                                 const auto work = calibrate(sample);
                                 for (auto _ : state) benchmark::DoNotOptimize(work());
                                 count_cells(state, sample.n_cells());
                               })
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
}

template <class Score>
void add_all(const std::string& type, Size size, ScoreShape shape) {
  const SampleOptions options{size.n_samples, size.n_classes, shape};
  const std::string end = "/" + type + "/" + std::string(shape_name(shape)) + "/" + size_name(size);
  for (const int threads : {1, 2}) {
    const std::string name = end + "/threads:" + std::to_string(threads);
    const auto workspace = std::make_shared<cxrlt::Workspace>();
    const auto policy = [=] { return cxrlt::Cpu{threads, workspace.get()}; };
    add<Score>("isotonic" + name, options, [policy](const Sample<Score>& sample) {
      return [policy, &sample] {
        return cxrlt::IsotonicCalibration::fit(sample.score_view(), sample.label_view(), policy());
      };
    });
    add<Score>("count" + name, options, [policy](const Sample<Score>& sample) {
      return [policy, &sample] {
        return cxrlt::count_thresholds(sample.score_view(), sample.label_view(), policy());
      };
    });
    add<Score>("temperature" + name, options, [policy](const Sample<Score>& sample) {
      const auto logits = std::make_shared<Sample<Score>>(overconfident(sample));
      return [policy, logits] {
        return cxrlt::TemperatureScaling::fit(logits->score_view(), logits->label_view(), policy());
      };
    });
  }
}

}  // namespace

int main(int argc, char** argv) {
  for (const Size size : bench_sizes()) {
    add_all<float>("float", size, ScoreShape::continuous);
    add_all<float>("float", size, ScoreShape::three_decimals);
    add_all<double>("double", size, ScoreShape::continuous);
  }
  return run_benchmarks(argc, argv);
}
