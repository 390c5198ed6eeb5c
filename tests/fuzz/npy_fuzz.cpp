// SPDX-License-Identifier: Apache-2.0
/// Any bytes as an array of scores and as an array of labels.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cxrlt/io/npy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const cxrlt::ProblemSink collect = [](const cxrlt::Problem&) {};
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const cxrlt::StoredFile file{"a.npy", std::string(bytes)};
  const auto header = cxrlt::read_npy_header(file, collect);
  if (!header) return 0;
  std::size_t n_uncertain = 0;
  cxrlt::read_npy_scores(file, *header, {"A"}, true, collect);
  cxrlt::read_npy_labels(file, *header, {"A"}, cxrlt::UncertainPolicy::error, n_uncertain, collect);
  return 0;
}
