// SPDX-License-Identifier: Apache-2.0
/// Any text as a profile: read or refused, and what was read is written and read back alike.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cxrlt/core/error.hpp"
#include "cxrlt/io/profile_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const cxrlt::Profile profile = cxrlt::parse_profile(text, "profile.json");
    const std::string written = cxrlt::profile_to_json(profile);
    const cxrlt::Profile again = cxrlt::parse_profile(written, "again.json");
    if (cxrlt::profile_to_json(again) != written) std::abort();
  } catch (const cxrlt::DataError& error) {
    if (error.problem().file != "profile.json") std::abort();
  }
  return 0;
}
