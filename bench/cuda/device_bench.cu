// SPDX-License-Identifier: Apache-2.0
// Times AP, AUROC, the best F1 and its threshold of every class on a device, where scores and
// labels already lie, beside CUB's sorts of the same matrix, a plain copy, and the library on the
// processor. Nothing is timed before it gives the values of the processor.
//
// Usage: device_bench FOLDER [--quick]     writes FOLDER/device.jsonl, and the matrices and values
//                                          for peers.py
//        device_bench --once N C           one call after another that warms up, for a profiler
#include <thrust/device_vector.h>
#include <thrust/reduce.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cub/device/device_segmented_radix_sort.cuh>
#include <cub/device/device_segmented_sort.cuh>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/sample.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/cuda/count_thresholds.hpp"
#include "cxrlt/cuda/rank_replicates.hpp"
#include "cxrlt/cuda/ranking_summary.hpp"
#include "cxrlt/uncertainty/ranked_cells.hpp"
#include "cxrlt/uncertainty/replicate_counts.hpp"

// bench/compare/ours.cpp, which the host's compiler compiles for its own processor.
extern "C" int compare_float(const float* scores, const std::uint8_t* labels, std::size_t n_samples,
                             std::size_t n_classes, int threads, double* values);
extern "C" const char* compare_build();

namespace {

using namespace cxrlt;
using detail::NegativeWay;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "device_bench: %s\n", why.c_str());
  std::exit(1);
}

void check_cuda(cudaError_t result, const char* doing) {
  if (result != cudaSuccess) fail(std::string(doing) + ": " + cudaGetErrorString(result));
}

/// One line of JSON for each measurement.
class Report {
 public:
  explicit Report(const std::string& file) : out_(file) {}

  void line(const std::string& text) {
    out_ << text << '\n';
    out_.flush();
  }

  /// Times `call` until half a second has passed, 5 to 300 times (a call that takes long: 3 times),
  /// after two calls that warm up.
  void time(const std::string& group, const std::string& what, const std::function<void()>& call) {
    const auto seconds_of = [&] {
      const auto start = std::chrono::steady_clock::now();
      call();
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    const bool slow = seconds_of() > 0.2;
    if (!slow) seconds_of();
    std::vector<double> seconds;
    double total = 0;
    const std::size_t least = slow ? 3 : 5;
    while (seconds.size() < least || (total < 0.5 && seconds.size() < 300)) {
      seconds.push_back(seconds_of());
      total += seconds.back();
    }
    std::string list;
    for (const double s : seconds) {
      char text[32];
      std::snprintf(text, sizeof text, "%s%.6g", list.empty() ? "" : ",", s * 1e3);
      list += text;
    }
    line("{\"group\":\"" + group + "\",\"what\":\"" + what + "\",\"ms\":[" + list + "]}");
    std::sort(seconds.begin(), seconds.end());
    std::printf("%-34s %-34s %10.3f ms\n", group.c_str(), what.c_str(),
                seconds[seconds.size() / 2] * 1e3);
    std::fflush(stdout);
  }

 private:
  std::ofstream out_;
};

/// A matrix on the device in both storage orders.
template <class Element>
struct OnDevice {
  std::size_t n_samples;
  std::size_t n_classes;
  thrust::device_vector<Element> scores;
  thrust::device_vector<std::uint8_t> labels;
  thrust::device_vector<Element> columns;
  thrust::device_vector<std::uint8_t> label_columns;

  OnDevice(const SampleOptions& options, const std::vector<Element>& host_scores,
           const std::vector<std::uint8_t>& host_labels)
      : n_samples(options.n_samples),
        n_classes(options.n_classes),
        scores(host_scores.begin(), host_scores.end()),
        labels(host_labels.begin(), host_labels.end()) {
    std::vector<Element> turned(host_scores.size());
    std::vector<std::uint8_t> turned_labels(host_labels.size());
    parallel_for(n_classes, {}, [&](std::size_t c) {
      for (std::size_t i = 0; i < n_samples; ++i) {
        turned[c * n_samples + i] = host_scores[i * n_classes + c];
        turned_labels[c * n_samples + i] = host_labels[i * n_classes + c];
      }
    });
    columns = thrust::device_vector<Element>(turned.begin(), turned.end());
    label_columns = thrust::device_vector<std::uint8_t>(turned_labels.begin(), turned_labels.end());
  }

  DeviceMatrixView<const Element> rows() const { return {scores.data(), n_samples, n_classes}; }
  DeviceLabelMatrixView label_rows() const { return {labels.data(), n_samples, n_classes}; }
  DeviceMatrixView<const Element> by_column() const {
    return {columns.data(), n_samples, n_classes, 1, static_cast<std::ptrdiff_t>(n_samples)};
  }
  DeviceLabelMatrixView labels_by_column() const {
    return DeviceMatrixView<const std::uint8_t>(label_columns.data(), n_samples, n_classes, 1,
                                                static_cast<std::ptrdiff_t>(n_samples));
  }
};

std::string name_of(const SampleOptions& options) {
  return std::to_string(options.n_samples) + "x" + std::to_string(options.n_classes);
}

/// Stops unless the device's values are those of the processor's counts.
void check_values(const std::vector<RankingSummary>& summaries,
                  const std::vector<ThresholdCounts<>>& counts, const std::string& what) {
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const OperatingPoint best = best_f_beta(counts[c], 1);
    if (summaries[c].auroc.value != auroc(counts[c]).value ||
        summaries[c].best_f1.value.value != best.value.value ||
        summaries[c].best_f1.threshold != best.threshold ||
        std::abs(summaries[c].average_precision.value - average_precision(counts[c]).value) >
            1e-12) {
      fail(what + ": class " + std::to_string(c) + " differs from the processor's");
    }
  }
}

void check_counts(const std::vector<ThresholdCounts<>>& a, const std::vector<ThresholdCounts<>>& b,
                  const std::string& what) {
  for (std::size_t c = 0; c < b.size(); ++c) {
    if (a[c].threshold != b[c].threshold || a[c].tp != b[c].tp || a[c].fp != b[c].fp ||
        a[c].fp_above != b[c].fp_above || a[c].n_negative != b[c].n_negative) {
      fail(what + ": the counts of class " + std::to_string(c) + " differ from the processor's");
    }
  }
}

template <class T>
void write_file(const std::string& file, const std::vector<T>& values) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(T)));
  if (!out) fail("cannot write " + file);
}

/// CUB's sort of each column of scores, by whatever `sort` calls.
template <class Sort>
void time_segmented(Report& report, const std::string& group, const std::string& what,
                    const OnDevice<float>& data, const Sort& sort) {
  thrust::device_vector<float> sorted(data.columns.size());
  std::vector<std::int64_t> begins;
  for (std::size_t c = 0; c <= data.n_classes; ++c) {
    begins.push_back(static_cast<std::int64_t>(c * data.n_samples));
  }
  const thrust::device_vector<std::int64_t> offsets(begins.begin(), begins.end());
  const float* const in = thrust::raw_pointer_cast(data.columns.data());
  float* const out = thrust::raw_pointer_cast(sorted.data());
  const std::int64_t* const at = thrust::raw_pointer_cast(offsets.data());
  std::size_t n_bytes = 0;
  check_cuda(sort(nullptr, n_bytes, in, out, at), "asking CUB for scratch memory");
  thrust::device_vector<char> scratch(n_bytes);
  report.time(group, what, [&] {
    check_cuda(sort(thrust::raw_pointer_cast(scratch.data()), n_bytes, in, out, at), what.c_str());
    check_cuda(cudaDeviceSynchronize(), "waiting");
  });
}

/// What nothing that reads the matrix can beat, and what sorting it costs.
void time_yardsticks(Report& report, const std::string& group, const OnDevice<float>& data) {
  const std::size_t n_cells = data.scores.size();
  thrust::device_vector<float> scores(n_cells);
  thrust::device_vector<std::uint8_t> labels(n_cells);
  report.time(group, "plain copy of scores and labels", [&] {
    cudaMemcpyAsync(thrust::raw_pointer_cast(scores.data()),
                    thrust::raw_pointer_cast(data.scores.data()), n_cells * sizeof(float),
                    cudaMemcpyDeviceToDevice);
    cudaMemcpyAsync(thrust::raw_pointer_cast(labels.data()),
                    thrust::raw_pointer_cast(data.labels.data()), n_cells,
                    cudaMemcpyDeviceToDevice);
    check_cuda(cudaDeviceSynchronize(), "copying");
  });
  const auto n_items = static_cast<std::int64_t>(n_cells);
  const auto n_segments = static_cast<std::int64_t>(data.n_classes);
  time_segmented(report, group, "CUB segmented radix sort", data,
                 [=](void* scratch, std::size_t& n_bytes, const float* in, float* out,
                     const std::int64_t* begins) {
                   return cub::DeviceSegmentedRadixSort::SortKeysDescending(
                       scratch, n_bytes, in, out, n_items, n_segments, begins, begins + 1);
                 });
  time_segmented(report, group, "CUB segmented sort", data,
                 [=](void* scratch, std::size_t& n_bytes, const float* in, float* out,
                     const std::int64_t* begins) {
                   return cub::DeviceSegmentedSort::SortKeysDescending(
                       scratch, n_bytes, in, out, n_items, n_segments, begins, begins + 1);
                 });
}

/// The whole comparison at one size.
void time_size(Report& report, const SampleOptions& options, const std::string& folder) {
  const std::string name = name_of(options);
  const Sample<float> sample = make_sample<float>(options);
  const OnDevice<float> data(options, sample.scores, sample.labels);
  const auto counts = count_thresholds(sample.score_view(), sample.label_view());
  DeviceWorkspace workspace;
  Cuda policy;
  policy.workspace = &workspace;
  for (const NegativeWay way : {NegativeWay::automatic, NegativeWay::search, NegativeWay::sort}) {
    check_values(detail::summarise_on_device(data.rows(), data.label_rows(), policy, way), counts,
                 name);
  }
  check_values(summarise_ranking(data.by_column(), data.labels_by_column(), policy), counts, name);
  check_counts(count_thresholds(data.rows(), data.label_rows(), policy), counts, name);

  report.time(name, "cxrlt on the device",
              [&] { summarise_ranking(data.rows(), data.label_rows(), policy); });
  report.time(name, "cxrlt, negatives searched", [&] {
    detail::summarise_on_device(data.rows(), data.label_rows(), policy, NegativeWay::search);
  });
  report.time(name, "cxrlt, negatives sorted", [&] {
    detail::summarise_on_device(data.rows(), data.label_rows(), policy, NegativeWay::sort);
  });
  report.time(name, "cxrlt, column-major",
              [&] { summarise_ranking(data.by_column(), data.labels_by_column(), policy); });
  report.time(name, "cxrlt, no workspace",
              [&] { summarise_ranking(data.rows(), data.label_rows(), Cuda{}); });
  report.time(name, "cxrlt, counts to the host",
              [&] { count_thresholds(data.rows(), data.label_rows(), policy); });
  time_yardsticks(report, name, data);
  std::vector<double> values(4 * options.n_classes);
  for (const int threads : {1, 0}) {
    report.time(
        name,
        threads == 1 ? "cxrlt on the processor, 1 thread" : "cxrlt on the processor, all threads",
        [&] {
          if (compare_float(sample.scores.data(), sample.labels.data(), options.n_samples,
                            options.n_classes, threads, values.data()) != 0) {
            fail("the processor refused");
          }
        });
  }
  write_file(folder + "/scores_" + name + ".bin", sample.scores);
  write_file(folder + "/labels_" + name + ".bin", sample.labels);
  write_file(folder + "/values_" + name + ".bin", values);
}

/// Other types of scores, and scores full of ties.
template <class Element, class Score, class Convert>
void time_type(Report& report, const SampleOptions& options, const std::string& what,
               const Convert& convert) {
  const std::string name = name_of(options) + ", other scores";
  Sample<Score> sample = make_sample<Score>(options);
  std::vector<Element> stored;
  for (Score& score : sample.scores) {
    stored.push_back(convert(score));
    score = widened(stored.back());
  }
  const OnDevice<Element> data(options, stored, sample.labels);
  DeviceWorkspace workspace;
  Cuda policy;
  policy.workspace = &workspace;
  check_values(summarise_ranking(data.rows(), data.label_rows(), policy),
               count_thresholds(sample.score_view(), sample.label_view()), what);
  report.time(name, what, [&] { summarise_ranking(data.rows(), data.label_rows(), policy); });
}

/// The nearest number of binary16 for a score in [0, 1], ties upwards: good enough to make data.
Float16 to_float16(float score) {
  int exponent = 0;
  const float significand = std::frexp(score, &exponent);  // in [0.5, 1)
  if (score == 0 || exponent < -13) {
    return {static_cast<std::uint16_t>(std::lround(score * 0x1p24F))};
  }
  const long fraction = std::lround(significand * 2048) - 1024;
  return {static_cast<std::uint16_t>(((exponent + 14) << 10) + fraction)};
}

Bfloat16 to_bfloat16(float score) {
  return {static_cast<std::uint16_t>((detail::bits_as<std::uint32_t>(score) + 0x8000U) >> 16)};
}

/// Both ways of counting negatives, for classes of one prevalence: where sorting becomes the
/// better.
void time_prevalences(Report& report, std::size_t n_samples) {
  const std::size_t n_classes = 8;
  for (const double prevalence : {0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99}) {
    const SampleOptions options{n_samples, n_classes, ScoreShape::continuous, prevalence,
                                prevalence};
    const Sample<float> sample = make_sample<float>(options);
    const OnDevice<float> data(options, sample.scores, sample.labels);
    DeviceWorkspace workspace;
    Cuda policy;
    policy.workspace = &workspace;
    char text[64];
    std::snprintf(text, sizeof text, "prevalence %g", prevalence);
    for (const NegativeWay way : {NegativeWay::search, NegativeWay::sort}) {
      report.time(std::string(text), way == NegativeWay::search ? "searched" : "sorted", [&] {
        detail::summarise_on_device(data.rows(), data.label_rows(), policy, way);
      });
    }
  }
}

/// Stops unless the first batch of replicates has the processor's values.
void check_replicates(const std::vector<ClassReplicates>& found,
                      const std::vector<RankedCells>& ranked, const Resampler& resampler) {
  WeightBatch batch;
  resampler.fill(0, batch);
  for (std::size_t c = 0; c < ranked.size(); ++c) {
    const RankingReplicates expected = rank_replicates(ranked[c], batch);
    for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
      if (found[c].average_precision[lane].value != expected.average_precision[lane].value ||
          found[c].auroc[lane].value != expected.auroc[lane].value) {
        fail("replicates of class " + std::to_string(c) + " differ from the processor's");
      }
    }
  }
}

/// The bootstrap with the drawing of its weights, which is also timed alone.
void time_replicates(Report& report, std::size_t n_samples, std::size_t n_classes) {
  const SampleOptions options{n_samples, n_classes};
  const Sample<float> sample = make_sample<float>(options);
  const OnDevice<float> data(options, sample.scores, sample.labels);
  DeviceWorkspace workspace;
  Cuda policy;
  policy.workspace = &workspace;
  const ResamplingOptions resampling;
  const Resampler resampler(n_samples, resampling);
  check_replicates(rank_replicates(data.rows(), data.label_rows(), resampler, policy),
                   rank_cells(sample.score_view(), sample.label_view(), resampler.unit_of_row()),
                   resampler);
  const std::string name = "replicates " + std::to_string(resampler.n_replicates());
  report.time(name, "on the device",
              [&] { rank_replicates(data.rows(), data.label_rows(), resampler, policy); });
  std::vector<WeightBatch> batches(resampler.n_batches());
  const auto draw = [&] {
    parallel_for(batches.size(), {}, [&](std::size_t b) { resampler.fill(b, batches[b]); });
  };
  report.time(name, "of that, weights drawn on the processor", draw);
}

void describe(Report& report) {
  cudaDeviceProp properties{};
  check_cuda(cudaGetDeviceProperties(&properties, 0), "asking what the device is");
  int driver = 0;
  int runtime = 0;
  cudaDriverGetVersion(&driver);
  cudaRuntimeGetVersion(&runtime);
  const auto version = [](int v) {
    return std::to_string(v / 1000) + "." + std::to_string(v % 1000 / 10);
  };
  report.line("{\"device\":\"" + std::string(properties.name) +
              "\",\"multiprocessors\":" + std::to_string(properties.multiProcessorCount) +
              ",\"memory_gib\":" + std::to_string(properties.totalGlobalMem >> 30) +
              ",\"driver\":\"" + version(driver) + "\",\"runtime\":\"" + version(runtime) +
              "\",\"host_threads\":" + std::to_string(std::thread::hardware_concurrency()) +
              ",\"host_build\":\"" + compare_build() + "\"}");
}

void run_once(std::size_t n_samples, std::size_t n_classes) {
  const SampleOptions options{n_samples, n_classes};
  const Sample<float> sample = make_sample<float>(options);
  const OnDevice<float> data(options, sample.scores, sample.labels);
  DeviceWorkspace workspace;
  Cuda policy;
  policy.workspace = &workspace;
  summarise_ranking(data.rows(), data.label_rows(), policy);
  summarise_ranking(data.rows(), data.label_rows(), policy);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 4 && std::string(argv[1]) == "--once") {
      run_once(std::stoul(argv[2]), std::stoul(argv[3]));
      return 0;
    }
    if (argc < 2) fail("usage: device_bench FOLDER [--quick]");
    const std::string folder = argv[1];
    const bool quick = argc > 2 && std::string(argv[2]) == "--quick";
    Report report(folder + "/device.jsonl");
    describe(report);
    time_size(report, {142'928, 30}, folder);
    if (!quick) time_size(report, {1'000'000, 100}, folder);
    const SampleOptions usual{142'928, 30};
    const auto same = [](auto score) { return score; };
    time_type<double, double>(report, usual, "double", same);
    time_type<Float16, float>(report, usual, "float16", to_float16);
    time_type<Bfloat16, float>(report, usual, "bfloat16", to_bfloat16);
    time_type<float, float>(report, {142'928, 30, ScoreShape::three_decimals},
                            "float, rounded to 3 decimals", same);
    time_replicates(report, 142'928, 30);
    if (!quick) time_prevalences(report, 1'000'000);
    return 0;
  } catch (const std::exception& error) {
    fail(error.what());
  }
}
