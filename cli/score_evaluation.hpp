// SPDX-License-Identifier: Apache-2.0
/// What the arguments say of how predictions are evaluated.
#pragma once

#include <cstddef>
#include <cxrlt/core/problem.hpp>
#include <cxrlt/evaluate/evaluation.hpp>
#include <cxrlt/evaluate/options.hpp>
#include <cxrlt/evaluate/requested_value.hpp>
#include <cxrlt/io/dataset.hpp>
#include <cxrlt/metrics/averaging.hpp>
#include <cxrlt/metrics/metric_name.hpp>
#include <cxrlt/uncertainty/resampling.hpp>
#include <span>
#include <string>
#include <vector>

#include "cli/score.hpp"

namespace cxrlt::cli {

/// The policies of `--undefined` or `--convention`. @throws UsageError
UndefinedPolicies policies_of(const std::string& undefined, const std::string& convention);

/// The metrics of `--metric`. @throws UsageError for a name that is none
std::vector<MetricName> metrics_of(const ScoreArguments& arguments);

/// Whether a metric reads scores only by their order, so that infinite ones do no harm.
bool ranks_only(const MetricName& name);

EvaluationOptions evaluation_options(const ScoreArguments& arguments,
                                     const std::vector<std::string>& classes,
                                     const UndefinedPolicies& policies,
                                     const std::vector<MetricName>& metrics);

/// The values that were asked for. @throws Error for one that scores beyond [0, 1] leave undefined
std::vector<RequestedValue> requested_values(const Evaluation& evaluation,
                                             const std::vector<MetricName>& metrics);

/// The cluster of each row by `--cluster`; none without it. @throws DataError for a lossy column
std::vector<std::size_t> clusters_of(const ScoreArguments& arguments, const Dataset& dataset);

/// So many replicates of the rows, or of clusters where they are given, by `--seed`.
Resampler resampler_of(const ScoreArguments& arguments, std::size_t n_rows, int n_replicates,
                       std::span<const std::size_t> clusters);

}  // namespace cxrlt::cli
