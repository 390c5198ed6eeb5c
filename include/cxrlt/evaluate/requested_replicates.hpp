// SPDX-License-Identifier: Apache-2.0
/// The replicates of the value that a metric's name means.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "cxrlt/core/error.hpp"
#include "cxrlt/evaluate/replicates.hpp"
#include "cxrlt/metrics/metric_name.hpp"

namespace cxrlt {

/// The replicates of one value of an evaluation; valid as long as `replicates` is.
/// @throws InvalidArgument for an unknown class or group, or a metric that was not computed.
/// O(values).
inline std::span<const double> requested_replicates(const EvaluationReplicates& replicates,
                                                    const MetricName& name) {
  const Evaluation& estimate = replicates.estimate;
  const auto is_member = [&](std::size_t member) {
    if (name.scope == Scope::group) return estimate.groups[member].group.name == name.member;
    return name.scope != Scope::class_ || estimate.classes[member].name == name.member;
  };
  std::optional<std::size_t> found;
  std::size_t k = 0;
  for_each_value(estimate, [&](Scope scope, std::size_t member, const auto& entry) {
    if (scope == name.scope && entry.name == name.key.name && is_member(member) && !found) {
      found = k;
    }
    ++k;
  });
  if (!found) throw InvalidArgument("'" + name.text + "' was not computed");
  return replicates.of(*found);
}

}  // namespace cxrlt
