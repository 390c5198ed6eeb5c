// SPDX-License-Identifier: Apache-2.0
/// What thresholds of several classes are chosen for together.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace cxrlt {

/// Whether each class is chosen for alone.
enum class ThresholdScope : std::uint8_t {
  each_class,  ///< every class has the best threshold for itself
  shared,      ///< one threshold for all classes
  micro,       ///< a threshold per class, for the best micro average of all together
};

/// All scopes with the names that files and the program use.
inline constexpr std::array<std::pair<ThresholdScope, std::string_view>, 3> threshold_scopes{
    {{ThresholdScope::each_class, "class"},
     {ThresholdScope::shared, "shared"},
     {ThresholdScope::micro, "micro"}}};

/// The scope's name.
constexpr std::string_view to_string(ThresholdScope scope) {
  for (const auto& [known, name] : threshold_scopes) {
    if (known == scope) return name;
  }
  return "";
}

/// The scope of that name, if there is one.
constexpr std::optional<ThresholdScope> find_threshold_scope(std::string_view wanted) {
  for (const auto& [scope, name] : threshold_scopes) {
    if (name == wanted) return scope;
  }
  return std::nullopt;
}

}  // namespace cxrlt
