// SPDX-License-Identifier: Apache-2.0
/// An evaluation with where its numbers come from: what every report of `score` is made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/evaluate/evaluation.hpp"
#include "cxrlt/evaluate/requested_value.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/metrics/averaging.hpp"

namespace cxrlt {

/// The evaluation of the rows with one value of a metadata column.
struct SubgroupEvaluation {
  std::string column;
  std::string value;
  std::size_t n_samples = 0;
  bool suppressed = false;  ///< too few rows: no values
  Evaluation evaluation = {};
  std::vector<RequestedValue> requested = {};
};

/// Everything that a report of `score` shows.
struct ScoreReport {
  Evaluation evaluation;
  std::vector<SubgroupEvaluation> by;
  std::vector<RequestedValue> requested;  ///< empty: all values are shown
  std::vector<std::string> arguments;
  std::vector<InputInfo> inputs;
  std::string joined = "id";
  std::optional<std::string> counts_source;
  std::optional<std::string> profile;
  UndefinedPolicies undefined;
  std::vector<double> thresholds;  ///< as given; empty: 0.5
  int n_bins = 15;
  std::uint64_t seed = 0;
  std::string cluster;  ///< the column whose values were drawn for intervals; "": rows were
  std::vector<Problem> notes;
  bool headline_only = false;  ///< nothing that would tell a hidden truth's counts
};

/// The averages that `headline_only` shows.
inline bool is_headline(std::string_view metric) {
  return metric == "average_precision" || metric == "auroc" || metric == "f1" || metric == "ece";
}

/// The stable name of a policy.
constexpr std::string_view to_string(UndefinedPolicy policy) {
  switch (policy) {
    case UndefinedPolicy::skip:
      return "skip";
    case UndefinedPolicy::zero:
      return "zero";
    case UndefinedPolicy::one:
      return "one";
    case UndefinedPolicy::nan:
      return "nan";
    case UndefinedPolicy::error:
      return "error";
  }
  return "";
}

/// The policies as the program's option writes them: `skip`, or `zero,auroc=skip`.
inline std::string to_string(const UndefinedPolicies& policies) {
  std::string text(to_string(policies.otherwise));
  for (const auto& [metric, policy] : policies.by_metric) {
    text += "," + metric + "=" + std::string(to_string(policy));
  }
  return text;
}

}  // namespace cxrlt
