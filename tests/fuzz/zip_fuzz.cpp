// SPDX-License-Identifier: Apache-2.0
/// Any bytes as a packed file; at most 1 MB is unpacked.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cxrlt/io/archive.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t limit = 1U << 20;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const cxrlt::ProblemSink collect = [](const cxrlt::Problem&) {};
  for (const auto& text : {cxrlt::unpack_zip("x.zip", bytes, collect, limit),
                           cxrlt::unpack_gzip("x.gz", bytes, collect, limit)}) {
    if (text && text->size() > limit) __builtin_trap();
  }
  return 0;
}
