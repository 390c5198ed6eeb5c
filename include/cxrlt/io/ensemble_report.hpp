// SPDX-License-Identifier: Apache-2.0
/// What an ensemble was made of, what was done to it, and what that was worth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/ensemble/combine_rule.hpp"
#include "cxrlt/ensemble/diversity.hpp"
#include "cxrlt/evaluate/comparison.hpp"
#include "cxrlt/evaluate/requested_value.hpp"
#include "cxrlt/evaluate/search_ensemble.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/submission_check.hpp"

namespace cxrlt {

/// One model of an ensemble.
struct EnsembleMember {
  std::string file;                       ///< base name
  std::vector<double> weights;            ///< one, or one a class; none where the method takes none
  std::optional<MetricValue> value = {};  ///< where there is a truth
};

/// Something done to the combined scores. `change` compares after (first) with before (second).
struct EnsembleStep {
  std::string what;  ///< as it was asked for: `gate power:0.5`
  std::optional<ComparedValue> change = {};
};

/// How the weights were searched.
struct NamedEnsembleSearch {
  WeightStrategy strategy = WeightStrategy::greedy;
  bool per_class = false;
  EnsembleSearch search;
};

/// Everything that a report of `ensemble` shows.
struct EnsembleReport {
  std::vector<std::string> arguments;
  std::vector<InputInfo> inputs;
  std::string output;  ///< base name of what was written
  CombineRule rule;
  std::size_t n_samples = 0;  ///< rows of the output
  std::vector<std::string> class_names;
  std::string joined = "id";  ///< or "position"
  std::size_t n_clipped = 0;
  std::vector<EnsembleMember> members;
  std::string metric;                        ///< of all values; "" without a truth
  std::size_t n_measured = 0;                ///< rows with a truth
  std::optional<RequestedValue> value = {};  ///< of the combined scores, before any step
  std::optional<NamedEnsembleSearch> search = {};
  std::vector<EnsembleStep> steps;
  std::size_t n_replicates = 0;  ///< behind the intervals of steps
  std::string cluster;           ///< what was drawn together; "": single rows
  double level = 0.95;
  std::uint64_t seed = 0;
  std::vector<PairDiversity> pairs;
  std::size_t n_compared = 0;  ///< rows behind `pairs`
  /// What the output was checked by, where anything says what is valid: then it is.
  std::optional<SubmissionReport> checked = {};
  std::vector<Problem> notes;
};

}  // namespace cxrlt
