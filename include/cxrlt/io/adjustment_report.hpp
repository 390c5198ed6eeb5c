// SPDX-License-Identifier: Apache-2.0
/// What an adjustment did, class by class, and what it rests on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/adjustment/logit_shift.hpp"
#include "cxrlt/adjustment/order_change.hpp"
#include "cxrlt/adjustment/search_tau.hpp"
#include "cxrlt/adjustment/training_counts.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/dataset.hpp"

namespace cxrlt {

/// How the shifts were found.
enum class AdjustmentMethod : std::uint8_t {
  logit_adjustment,    ///< -tau logit(prior)
  target_prior,        ///< to priors that were given
  maximum_likelihood,  ///< to priors estimated from probabilities, `estimate_prior`
  black_box,           ///< to priors estimated from decisions, `black_box_prior`
};

/// The stable name of a method.
constexpr std::string_view to_string(AdjustmentMethod method) {
  switch (method) {
    case AdjustmentMethod::logit_adjustment:
      return "logit-adjustment";
    case AdjustmentMethod::target_prior:
      return "target-prior";
    case AdjustmentMethod::maximum_likelihood:
      return "em";
    case AdjustmentMethod::black_box:
      return "bbse";
  }
  return "";
}

/// A prior of a class among the rows, given or estimated.
struct TargetPrior {
  MetricValue prior;
  double used = 0;                              ///< what was shifted to; see `inner_prior`
  std::optional<Interval> interval = {};        ///< of estimates
  std::optional<double> likelihood_ratio = {};  ///< of `em`
  std::optional<double> p_value = {};           ///< of `em`: no shift
  std::optional<double> unclipped = {};         ///< of `bbse`
};

/// One class of a report.
struct AdjustedClass {
  LogitShift shift;
  std::optional<TargetPrior> target = {};  ///< of prior shift
  OrderChange order = {};
};

/// A search for tau, and the metric that it went by.
struct NamedTauSearch {
  std::string metric;  ///< as it was written
  TauSearch search;
  TauSearchOptions grid;
};

/// Everything that a report of `adjust` shows.
struct AdjustmentReport {
  std::vector<InputInfo> inputs;
  std::size_t n_samples = 0;
  std::vector<std::string> class_names;
  AdjustmentMethod method = AdjustmentMethod::logit_adjustment;
  TrainingCounts counts;
  std::optional<double> tau = {};             ///< of logit adjustment
  std::optional<NamedTauSearch> search = {};  ///< where tau was searched
  std::vector<AdjustedClass> classes;
  std::vector<Problem> notes;
};

}  // namespace cxrlt
