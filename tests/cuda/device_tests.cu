// SPDX-License-Identifier: Apache-2.0
// All tests of this folder in one unit for nvcc. Where there is no device, the one thing to be seen
// is that the library says so.
#include <cub/device/device_radix_sort.cuh>

#include "cuda/count_thresholds_test.cpp"
#include "cuda/loss_gradient_test.cpp"
#include "cuda/loss_kernels.cuh"
#include "cuda/rank_replicates_test.cpp"
#include "cuda/ranking_summary_test.cpp"
#include "cuda/reduced_float_test.cpp"

namespace {

/// The clear words that a program without a device gets; "" where there is one.
std::string words_without_device() {
  try {
    cxrlt::summarise_ranking(cxrlt::DeviceMatrixView<const float>(), cxrlt::DeviceLabelMatrixView(),
                             cxrlt::Cuda{});
  } catch (const cxrlt::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("CUB's sort gives the order of Thrust's") {
  cxrlt::Random random(631);
  std::vector<std::uint64_t> words(100'000);
  for (std::uint64_t& word : words) word = std::uint64_t{random.below(37)} << 32 | random();
  thrust::device_vector<std::uint64_t> by_thrust(words.begin(), words.end());
  thrust::sort(by_thrust.begin(), by_thrust.end());
  thrust::device_vector<std::uint64_t> in(words.begin(), words.end());
  thrust::device_vector<std::uint64_t> other(words.size());
  cxrlt::detail::DeviceRun run(cxrlt::Cuda{});
  const std::uint64_t* const sorted = cxrlt::detail::sort_words(
      run, thrust::raw_pointer_cast(in.data()), thrust::raw_pointer_cast(other.data()),
      static_cast<std::uint32_t>(words.size()), 32 + 6);
  CHECK(run.download(sorted, words.size()) ==
        run.download(thrust::raw_pointer_cast(by_thrust.data()), words.size()));
}

TEST_CASE("work follows what the stream holds") {
  cudaStream_t stream = nullptr;
  REQUIRE(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) == cudaSuccess);
  const std::size_t n_samples = 1 << 22;
  std::vector<float> scores(n_samples);
  std::vector<std::uint8_t> labels(n_samples);
  for (std::size_t i = 0; i < n_samples; ++i) {
    scores[i] = static_cast<float>(i % 1000);
    labels[i] = i % 1000 >= 500 ? 1 : 0;
  }
  thrust::device_vector<float> device_scores(n_samples);
  thrust::device_vector<std::uint8_t> device_labels(n_samples);
  cudaMemcpyAsync(thrust::raw_pointer_cast(device_scores.data()), scores.data(),
                  n_samples * sizeof(float), cudaMemcpyHostToDevice, stream);
  cudaMemcpyAsync(thrust::raw_pointer_cast(device_labels.data()), labels.data(), n_samples,
                  cudaMemcpyHostToDevice, stream);
  const auto summaries = cxrlt::summarise_ranking(
      cxrlt::DeviceMatrixView<float>(device_scores.data(), n_samples, 1),
      cxrlt::DeviceLabelMatrixView(device_labels.data(), n_samples, 1), cxrlt::Cuda{0, stream});
  CHECK(summaries[0].auroc.value == 1);
  CHECK(cudaStreamDestroy(stream) == cudaSuccess);
}

TEST_CASE("a device that is not there is refused") {
  CHECK(complaint_of([] {
          cxrlt::summarise_ranking(cxrlt::DeviceMatrixView<const float>(),
                                   cxrlt::DeviceLabelMatrixView(), cxrlt::Cuda{1000});
        }).rfind("there is no CUDA device 1000", 0) == 0);
}

int main(int argc, char** argv) {
  const std::string words = words_without_device();
  if (words.empty()) return plain::run({argv + 1, argv + argc}) == 0 ? 0 : 1;
  std::printf("no device: %s\n", words.c_str());
  return words.rfind("CUDA: looking for a device: ", 0) == 0 ? 0 : 1;
}
