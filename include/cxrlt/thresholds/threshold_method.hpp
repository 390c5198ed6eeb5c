// SPDX-License-Identifier: Apache-2.0
/// The names of the ways to choose a threshold.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace cxrlt {

/// How a threshold is chosen from the rows of one class.
enum class ThresholdMethod : std::uint8_t {
  automatic,  ///< between `best` and `plug_in`, as cross-validation says
  best,       ///< the optimum on these rows
  match,      ///< as many predictions as positives
  plug_in,    ///< the optimum of the expected counts, by recalibrated probabilities
  shrink,     ///< between the optimum and `match`, the nearer to it the fewer positives
};

/// All methods with the names that files and the program use.
inline constexpr std::array<std::pair<ThresholdMethod, std::string_view>, 5> threshold_methods{
    {{ThresholdMethod::automatic, "auto"},
     {ThresholdMethod::best, "best"},
     {ThresholdMethod::match, "match"},
     {ThresholdMethod::plug_in, "plug-in"},
     {ThresholdMethod::shrink, "shrink"}}};

/// The method's name.
constexpr std::string_view to_string(ThresholdMethod method) {
  for (const auto& [known, name] : threshold_methods) {
    if (known == method) return name;
  }
  return "";
}

/// The method of that name, if there is one.
constexpr std::optional<ThresholdMethod> find_threshold_method(std::string_view wanted) {
  for (const auto& [method, name] : threshold_methods) {
    if (name == wanted) return method;
  }
  return std::nullopt;
}

}  // namespace cxrlt
