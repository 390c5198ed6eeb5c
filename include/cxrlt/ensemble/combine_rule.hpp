// SPDX-License-Identifier: Apache-2.0
/// The ways in which scores of several models become one.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"

namespace cxrlt {

/// How m scores p_1, ..., p_m of one cell with weights w_1, ..., w_m become one; see `Combiner`.
enum class CombineMethod : std::uint8_t {
  mean,       ///< sum(w p) / sum(w)
  logit,      ///< sigmoid(sum(w logit(p)) / sum(w)): the mean of log-odds
  geometric,  ///< exp(sum(w log(p)) / sum(w)); 0 where a model with weight says 0
  power,      ///< (sum(w p^a) / sum(w))^(1/a)
  median,     ///< the middle one; of an even number the mean of the middle two
  rank,       ///< sum(w r) / (n sum(w)), r the rank among the n rows, ties averaged
  max,        ///< the largest
};

/// All methods with their stable names.
inline constexpr std::array<std::pair<CombineMethod, std::string_view>, 7> combine_methods{{
    {CombineMethod::mean, "mean"},
    {CombineMethod::logit, "logit"},
    {CombineMethod::geometric, "geometric"},
    {CombineMethod::power, "power"},
    {CombineMethod::median, "median"},
    {CombineMethod::rank, "rank"},
    {CombineMethod::max, "max"},
}};

/// A method with what it needs.
struct CombineRule {
  CombineMethod method = CombineMethod::mean;
  /// Of `power`, from 0.01 to 10 or the same below 0: beyond, powers of small scores vanish. 1 is
  /// the mean.
  double exponent = 2;
};

/// Whether weights have a meaning: not for the median and the largest.
constexpr bool takes_weights(CombineMethod method) {
  return method != CombineMethod::median && method != CombineMethod::max;
}

namespace detail {

/// The name of a value in such a list.
template <class Names, class Value>
std::string name_in(const Names& names, Value value) {
  for (const auto& [known, name] : names) {
    if (known == value) return std::string(name);
  }
  return "";
}

}  // namespace detail

/// As it is written: `mean`, `power:2`.
inline std::string to_string(const CombineRule& rule) {
  const bool is_power = rule.method == CombineMethod::power;
  return detail::name_in(combine_methods, rule.method) +
         (is_power ? ":" + number_text(rule.exponent) : "");
}

/// @throws InvalidArgument for an exponent that has no power mean.
inline void check_combine_rule(const CombineRule& rule) {
  if (rule.method != CombineMethod::power) return;
  const double size = std::abs(rule.exponent);
  if (!(size >= 0.01 && size <= 10)) {
    throw InvalidArgument(
        "combine: the exponent of a power mean must lie between 0.01 and 10, or "
        "between -10 and -0.01");
  }
}

namespace detail {

inline CombineRule with_parameter(CombineRule rule, const std::string& name,
                                  const std::optional<std::string>& parameter) {
  if (rule.method != CombineMethod::power) {
    if (!parameter) return rule;
    throw InvalidArgument("the method '" + name + "' takes no parameter, found '" + *parameter +
                          "'");
  }
  if (!parameter) throw InvalidArgument("a power mean needs its exponent: power:2");
  const std::optional<double> exponent = number_of(*parameter);
  if (!exponent) throw InvalidArgument("'" + *parameter + "' is no exponent of a power mean");
  rule.exponent = *exponent;
  check_combine_rule(rule);
  return rule;
}

}  // namespace detail

/// Reads `mean`, `logit`, `geometric`, `power:2`, `median`, `rank` or `max`.
/// @throws InvalidArgument for another name, with the closest; for a power without its exponent.
inline CombineRule parse_combine_rule(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string name(text.substr(0, colon));
  std::optional<std::string> parameter;
  if (colon != std::string_view::npos) parameter = text.substr(colon + 1);
  std::vector<std::string> known;
  for (const auto& [method, known_name] : combine_methods) {
    if (known_name == name) return detail::with_parameter({method}, name, parameter);
    known.emplace_back(known_name);
  }
  throw InvalidArgument("there is no method '" + name + "' to combine scores" +
                        closest_hint(name, known));
}

}  // namespace cxrlt
