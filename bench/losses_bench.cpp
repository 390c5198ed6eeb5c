// SPDX-License-Identifier: Apache-2.0
/// Times value and gradient of losses, beside a plain copy of logits into gradient.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/bench.hpp"
#include "cxrlt/cxrlt.hpp"

namespace {

/// Logits of a sample, its counts, and where the gradient goes.
template <class Score>
struct LossSample {
  Sample<Score> sample;
  std::vector<Score> gradient;
  std::vector<std::uint64_t> positives;

  explicit LossSample(Sample<Score> scores)
      : sample(std::move(scores)), gradient(sample.n_cells()), positives(sample.options.n_classes) {
    for (std::size_t j = 0; j < sample.n_cells(); ++j) {
      const double p = static_cast<double>(sample.scores[j]);
      sample.scores[j] = static_cast<Score>(0.1 * cxrlt::logit(std::clamp(p, 1e-9, 1 - 1e-9)));
      positives[j % positives.size()] += sample.labels[j];
    }
  }

  cxrlt::MatrixView<Score> gradient_view() {
    return {gradient.data(), sample.options.n_samples, sample.options.n_classes};
  }
};

template <class Score, class Work>
void add(const std::string& name, const std::shared_ptr<LossSample<Score>>& data,
         const Work& work) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [data, work](benchmark::State& state) {
                                 for (auto _ : state) {
                                   benchmark::DoNotOptimize(work(*data));
                                   benchmark::ClobberMemory();
                                 }
                                 count_cells(state, data->sample.n_cells());
                               })
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
}

template <class Score>
void add_all(const std::string& type, Size size) {
  const SampleOptions options{size.n_samples, size.n_classes};
  const auto data = std::make_shared<LossSample<Score>>(make_sample<Score>(options));
  const std::string end = "/" + type + "/" + size_name(size);
  add<Score>("copy" + end, data, [](LossSample<Score>& of) {
    std::memcpy(of.gradient.data(), of.sample.scores.data(), of.gradient.size() * sizeof(Score));
    return of.gradient.data();
  });
  const auto add_loss = [&](const std::string& name, const auto& loss) {
    for (const int threads : {1, 2}) {
      add<Score>(name + end + "/threads:" + std::to_string(threads), data,
                 [loss, threads](LossSample<Score>& of) {
                   return cxrlt::loss_and_gradient(of.sample.score_view(), of.sample.label_view(),
                                                   loss, of.gradient_view(), {},
                                                   cxrlt::Cpu{threads})
                       .value;
                 });
    }
  };
  const std::vector<std::uint64_t>& positives = data->positives;
  add_loss("ldam_drw", cxrlt::ldam_drw_loss(positives, 10));
  add_loss("bce", cxrlt::bce_loss(size.n_classes));
  add_loss("focal", cxrlt::focal_loss(size.n_classes));
  add_loss("asymmetric", cxrlt::asymmetric_loss(size.n_classes));
  add_loss("distribution_balanced", cxrlt::distribution_balanced_loss(positives, size.n_samples));
}

}  // namespace

int main(int argc, char** argv) {
  for (const Size size : bench_sizes()) {
    add_all<float>("float", size);
    add_all<double>("double", size);
  }
  return run_benchmarks(argc, argv);
}
