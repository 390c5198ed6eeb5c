// SPDX-License-Identifier: Apache-2.0
/// The value that a metric's name means in an evaluation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/evaluate/evaluation.hpp"
#include "cxrlt/metrics/metric_name.hpp"

namespace cxrlt {

/// One value that was asked for by name.
struct RequestedValue {
  std::string name;  ///< as it was written
  MetricValue value;
  std::optional<double> threshold = {};
  std::optional<Interval> interval = {};
  std::optional<ResampledInterval> resampled = {};
  std::optional<int> n_defined = {};  ///< of averages
  std::optional<int> n_classes = {};
  Scope scope = Scope::macro;
  std::string member = {};  ///< the class or group
  std::string metric = {};  ///< the metric's canonical name
};

namespace detail {

inline RequestedValue requested(const NamedAverage& found, const std::string& name) {
  return {name,
          {found.value.value, found.value.why},
          {},
          found.interval,
          found.resampled,
          found.value.n_defined,
          found.value.n_classes};
}

inline RequestedValue requested(const NamedValue& found, const std::string& name) {
  return {name, found.value, found.threshold, found.interval, found.resampled};
}

template <class Entries>
RequestedValue requested_of(const Entries& entries, const MetricName& name) {
  const auto* found = find_value(entries, name.key.name);
  if (found == nullptr) throw InvalidArgument("'" + name.text + "' was not computed");
  RequestedValue value = requested(*found, name.text);
  value.scope = name.scope;
  value.member = name.member;
  value.metric = name.key.name;
  return value;
}

/// The member (class or group) of that name. @throws InvalidArgument naming the closest.
template <class Members, class NameOf>
const auto& member_of(const Members& members, const MetricName& name, const NameOf& name_of) {
  std::vector<std::string> known;
  for (const auto& member : members) {
    if (name_of(member) == name.member) return member;
    known.push_back(name_of(member));
  }
  const std::string what(to_string(name.scope));
  if (known.empty()) throw InvalidArgument("'" + name.text + "': there are no groups");
  throw InvalidArgument("'" + name.text + "': there is no " + what + " '" + name.member + "'" +
                        closest_hint(name.member, known));
}

}  // namespace detail

/// The value that a metric name means in an evaluation.
/// @throws InvalidArgument for an unknown class or group, or a metric that was not computed.
inline RequestedValue requested_value(const Evaluation& evaluation, const MetricName& name) {
  switch (name.scope) {
    case Scope::macro:
      return detail::requested_of(evaluation.macro, name);
    case Scope::weighted:
      return detail::requested_of(evaluation.weighted, name);
    case Scope::micro:
      return detail::requested_of(evaluation.micro, name);
    case Scope::samples:
      return detail::requested_of(evaluation.samples, name);
    case Scope::pooled:
      return detail::requested_of(evaluation.pooled, name);
    case Scope::rows:
      return detail::requested_of(evaluation.rows, name);
    case Scope::group:
      return detail::requested_of(
          detail::member_of(evaluation.groups, name,
                            [](const GroupEvaluation& group) { return group.group.name; })
              .values,
          name);
    case Scope::class_:
      return detail::requested_of(
          detail::member_of(evaluation.classes, name,
                            [](const ClassEvaluation& one) { return one.name; })
              .values,
          name);
  }
  throw InvalidArgument("'" + name.text + "' has no known scope");
}

}  // namespace cxrlt
