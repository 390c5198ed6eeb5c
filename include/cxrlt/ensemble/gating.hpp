// SPDX-License-Identifier: Apache-2.0
/// Findings lowered by the probability that there is none.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/ensemble/combine_rule.hpp"

namespace cxrlt {

/// How a finding's probability p follows from p_normal, that of the class "no finding".
enum class GateForm : std::uint8_t {
  power,   ///< p (1 - p_normal)^a
  linear,  ///< p (1 - a p_normal), a in [0, 1]
  hard,    ///< 0 where p_normal >= a, else p
};

/// All forms with their stable names.
inline constexpr std::array<std::pair<GateForm, std::string_view>, 3> gate_forms{{
    {GateForm::power, "power"},
    {GateForm::linear, "linear"},
    {GateForm::hard, "hard"},
}};

/// A gate. All three forms were used in CXR-LT challenges, and all can lose: measure before use.
struct Gate {
  GateForm form = GateForm::power;
  double strength = 0.5;  ///< a: at least 0, of `linear` and `hard` at most 1
};

/// As it is written: `power:0.5`.
inline std::string to_string(const Gate& gate) {
  return detail::name_in(gate_forms, gate.form) + ":" + number_text(gate.strength);
}

/// @throws InvalidArgument for a strength out of range.
inline void check_gate(const Gate& gate) {
  const double highest = gate.form == GateForm::power ? std::numeric_limits<double>::max() : 1;
  if (gate.strength >= 0 && gate.strength <= highest) return;
  throw InvalidArgument("gate: the strength " + number_text(gate.strength) +
                        (gate.form == GateForm::power ? " is below 0" : " lies outside [0, 1]"));
}

/// Reads `power:0.5`, `linear:0.5` or `hard:0.5`. @throws InvalidArgument for anything else, with
/// the closest name.
inline Gate parse_gate(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string name(text.substr(0, colon));
  std::vector<std::string> known;
  for (const auto& [form, known_name] : gate_forms) {
    known.emplace_back(known_name);
    if (known_name != name) continue;
    const std::optional<double> strength = colon == std::string_view::npos
                                               ? std::nullopt
                                               : number_of(std::string(text.substr(colon + 1)));
    if (!strength) {
      throw InvalidArgument("gate: '" + std::string(text) + "' lacks its strength: " + name +
                            ":0.5");
    }
    const Gate gate{form, *strength};
    check_gate(gate);
    return gate;
  }
  throw InvalidArgument("gate: there is no form '" + name + "'" + closest_hint(name, known));
}

/// The scores with every class gated but `normal_class` itself and those of `exceptions` (devices,
/// say, which normal lungs may have). Nothing is clipped: 0 stays possible.
/// @param scores  n_samples x n_classes probabilities in [0, 1]
/// @throws InvalidArgument for a class that is not there, or a strength out of range. O(cells).
inline ClassMatrix<double> gated(MatrixView<const double> scores, std::size_t normal_class,
                                 const Gate& gate, std::span<const std::size_t> exceptions = {}) {
  check_gate(gate);
  const std::size_t n_classes = scores.n_classes();
  std::vector<bool> stays(n_classes, false);
  const auto keep = [&](std::size_t k) {
    if (k >= n_classes) {
      throw InvalidArgument("gate: class " + std::to_string(k) + " of " +
                            std::to_string(n_classes));
    }
    stays[k] = true;
  };
  keep(normal_class);
  for (const std::size_t k : exceptions) keep(k);
  std::vector<double> factors(scores.n_samples());
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const double normal = std::clamp(scores(i, normal_class), 0.0, 1.0);
    switch (gate.form) {
      case GateForm::power:
        factors[i] = std::pow(1 - normal, gate.strength);
        break;
      case GateForm::linear:
        factors[i] = 1 - gate.strength * normal;
        break;
      case GateForm::hard:
        factors[i] = normal >= gate.strength ? 0 : 1;
        break;
    }
  }
  ClassMatrix<double> result(scores.n_samples(), n_classes);
  for (std::size_t k = 0; k < n_classes; ++k) {
    for (std::size_t i = 0; i < factors.size(); ++i) {
      result[k][i] = stays[k] ? scores(i, k) : scores(i, k) * factors[i];
    }
  }
  return result;
}

}  // namespace cxrlt
