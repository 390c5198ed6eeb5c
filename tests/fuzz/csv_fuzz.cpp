// SPDX-License-Identifier: Apache-2.0
/// Any bytes as predictions beside a truth, and as a truth beside predictions.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "cxrlt/io/load_dataset.hpp"

namespace {

void load(std::string_view predictions, std::string_view truth) {
  cxrlt::Dataset dataset;
  const auto sink = cxrlt::throw_errors([](const cxrlt::Problem&) {});
  try {
    cxrlt::detail::load_stored({}, {"p.csv", std::string(predictions)},
                               {"t.csv", std::string(truth)}, sink, cxrlt::Cpu{1}, dataset);
  } catch (const cxrlt::DataError&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // Problems are collected, so that reading goes on behind each of them.
  const cxrlt::ProblemSink collect = [](const cxrlt::Problem&) {};
  auto input = cxrlt::unpack_input({"p.csv", std::string(bytes)}, collect, 1U << 20);
  if (input) {
    const auto table = cxrlt::parse_csv(std::move(*input), collect);
    if (table) cxrlt::read_predictions(*table, {}, collect);
  }
  load(bytes, "id,A,B\nx,0,1\ny,1,0\n");
  load("id,A,B\nx,0.5,1\ny,1,0\n", bytes);
  return 0;
}
