// SPDX-License-Identifier: Apache-2.0
/// JSON as text.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace cxrlt::detail {

using Json = nlohmann::ordered_json;

/// The JSON, indented, with a line end. File names and arguments may not be UTF-8: what is not is
/// shown as U+FFFD.
inline std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cxrlt::detail
