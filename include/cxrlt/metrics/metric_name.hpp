// SPDX-License-Identifier: Apache-2.0
/// Metric names as users write them: `[scope:]metric[@parameter]`.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/metrics/metric_table.hpp"

namespace cxrlt {

/// What a value is of: an average, one class, one group, whole rows.
enum class Scope : std::uint8_t { macro, micro, weighted, samples, pooled, rows, group, class_ };

/// The stable name of a scope.
constexpr std::string_view to_string(Scope scope) {
  constexpr std::array<std::string_view, 8> names{"macro",  "micro", "weighted", "samples",
                                                  "pooled", "rows",  "group",    "class"};
  return names[static_cast<std::size_t>(scope)];
}

/// A metric with its parameter.
struct MetricKey {
  const Metric* metric = nullptr;
  double parameter = detail::no_parameter;
  std::string name;  ///< canonical: `f1`, `f_beta@2`

  bool operator==(const MetricKey& other) const { return name == other.name; }
};

/// A metric of a scope, as asked for by name.
struct MetricName {
  Scope scope = Scope::macro;
  std::string member;  ///< the class or group, for those scopes
  MetricKey key;
  std::string text;  ///< the name in full, as it was written

  bool operator==(const MetricName&) const = default;
};

/// The metric with a parameter of the caller's. The number of bins stays unnamed in `ece` and its
/// like unless it was asked for.
inline MetricKey metric_key(const Metric& metric, double parameter, bool named) {
  MetricKey key{&metric, parameter, std::string(metric.name)};
  if (named && metric.has_parameter()) {
    key.name += '@' + number_text(parameter);
  }
  return key;
}

/// The metric at its default parameter; `n_bins` replaces that of binned metrics.
inline MetricKey metric_key(const Metric& metric, int n_bins = default_bins) {
  const bool binned = metric.parameter == "bins";
  return metric_key(metric, binned ? n_bins : metric.default_parameter, !binned);
}

/// Whether a metric has a value in a scope.
inline bool has_scope(const Metric& metric, Scope scope) {
  const bool of_rows = std::holds_alternative<FromRows>(metric.function);
  switch (scope) {
    case Scope::macro:
    case Scope::weighted:
    case Scope::group:
    case Scope::class_:
      return !of_rows;
    case Scope::micro:
      return metric.micro;
    case Scope::samples:
      return metric.samples != nullptr;
    case Scope::pooled:
      return metric.pooled;
    case Scope::rows:
      return of_rows;
  }
  return false;
}

namespace detail {

/// Short names that users know.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 6> metric_aliases{
    {{"map", "average_precision"},
     {"ap", "average_precision"},
     {"mauc", "auroc"},
     {"mf1", "f1"},
     {"mece", "ece"},
     {"auc", "auroc"}}};

/// The metric that a plain name or alias means. @throws InvalidArgument naming the closest.
inline const Metric& metric_of(std::string_view name) {
  for (const auto& [alias, meant] : metric_aliases) {
    if (alias == name) name = meant;
  }
  if (const Metric* metric = find_metric(name)) return *metric;
  std::vector<std::string> known;
  for (const Metric& metric : metric_table) known.emplace_back(metric.name);
  for (const auto& [alias, meant] : metric_aliases) known.emplace_back(alias);
  throw InvalidArgument("there is no metric '" + std::string(name) + "'" +
                        closest_hint(name, known));
}

inline double checked_parameter(const Metric& metric, const std::string& text) {
  if (!metric.has_parameter()) {
    throw InvalidArgument("the metric '" + std::string(metric.name) +
                          "' takes no parameter; found '@" + text + "'");
  }
  const std::optional<double> number = number_of(text);
  const double value = number.value_or(0);
  const bool bins = metric.parameter == "bins";
  const bool beta = metric.parameter == "beta";
  const bool in_range =
      bins   ? value >= 1 && value <= 1e6 && value == std::floor(value)
      : beta ? value > 0
             : value >= 0 && value <= 1 && (value > 0 || metric.parameter != "max_fpr");
  if (!number || !in_range) {
    throw InvalidArgument("the parameter of '" + std::string(metric.name) + "' is '" + text +
                          "'; expected " +
                          (bins   ? "a whole number of bins, 1 or more"
                           : beta ? "a positive number"
                                  : "a number between 0 and 1"));
  }
  return value;
}

}  // namespace detail

/// Reads a metric's name: `map`, `micro:f1`, `f_beta@0.5`, `group/tail:average_precision`,
/// `class/Hernia:auroc`. A name is split at its first `/` and its last `@` only; without a scope it
/// means `macro:`, or `rows:` for metrics of whole rows.
/// @throws InvalidArgument for an unknown metric (naming the closest), an unknown scope, a scope
/// that the metric does not have, or a parameter out of range.
inline MetricName parse_metric_name(std::string_view text, int n_bins = default_bins) {
  MetricName name;
  name.text = std::string(text);
  std::string_view metric = text;
  bool scoped = false;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    std::string_view scope = text.substr(0, colon);
    metric = text.substr(colon + 1);
    if (const std::size_t slash = scope.find('/'); slash != std::string_view::npos) {
      name.member = std::string(scope.substr(slash + 1));
      scope = scope.substr(0, slash);
    }
    for (const Scope known : {Scope::macro, Scope::micro, Scope::weighted, Scope::samples,
                              Scope::pooled, Scope::rows, Scope::group, Scope::class_}) {
      const bool has_members = known == Scope::group || known == Scope::class_;
      if (scope == to_string(known) && has_members == !name.member.empty()) {
        name.scope = known;
        scoped = true;
      }
    }
    if (!scoped) {
      throw InvalidArgument("'" + name.text + "' has no known scope; expected macro:, micro:, " +
                            "weighted:, samples:, pooled:, rows:, group/NAME: or class/NAME:");
    }
  }
  const std::size_t at = metric.rfind('@');
  const Metric& found = detail::metric_of(metric.substr(0, at));
  name.key =
      at == std::string_view::npos
          ? metric_key(found, n_bins)
          : metric_key(found, detail::checked_parameter(found, std::string(metric.substr(at + 1))),
                       true);
  if (!scoped && has_scope(found, Scope::rows)) name.scope = Scope::rows;
  if (!has_scope(found, name.scope)) {
    throw InvalidArgument("the metric '" + std::string(found.name) + "' has no '" +
                          std::string(to_string(name.scope)) + ":' value");
  }
  return name;
}

}  // namespace cxrlt
