// SPDX-License-Identifier: Apache-2.0
/// JSON from users: parsed with limits, without repeated keys, with errors that name the line.
#pragma once

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/detail/file_problem.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt::detail {

/// Deeper than this no file of ours is, and objects with more keys would take long to build.
inline constexpr int kMaxJsonDepth = 16;
inline constexpr std::size_t kMaxJsonKeys = 10'000;

[[noreturn]] inline void throw_bad_json(const std::string& file, const std::string& message,
                                        std::size_t line = 0) {
  Problem problem = file_problem(file, "bad_json", message);
  problem.line = line;
  throw DataError(std::move(problem));
}

/// The syntax error without the library's own prefix and place, which `line` gives.
inline std::string syntax_message(std::string_view what) {
  const std::size_t place = what.find(", column ");
  const std::size_t colon = what.find(": ", place == std::string_view::npos ? 0 : place);
  if (colon != std::string_view::npos) what.remove_prefix(colon + 2);
  return "not valid JSON: " + std::string(what);
}

/// Parses text; refuses repeated keys, of which JSON libraries silently keep one.
inline Json parse_json(std::string_view text, const std::string& file) {
  std::vector<std::unordered_set<std::string>> keys;
  const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
    using Event = Json::parse_event_t;
    if (depth > kMaxJsonDepth) throw_bad_json(file, "nested too deeply");
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end) keys.pop_back();
    if (event != Event::key) return true;
    const std::string key = parsed.get<std::string>();
    if (!keys.back().insert(key).second) {
      throw_bad_json(file, "the key " + in_quotes(key) + " stands twice");
    }
    if (keys.back().size() > kMaxJsonKeys) throw_bad_json(file, "too many keys in one object");
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::parse_error& error) {
    const std::size_t end = std::min(error.byte, text.size());
    const auto before =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    throw_bad_json(file, syntax_message(error.what()), static_cast<std::size_t>(before) + 1);
  } catch (const Json::exception& error) {
    throw_bad_json(file, syntax_message(error.what()));
  }
}

}  // namespace cxrlt::detail
