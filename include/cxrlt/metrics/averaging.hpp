// SPDX-License-Identifier: Apache-2.0
/// Averages over classes. Which classes an average runs over follows from the truth alone, never
/// from the predictions: otherwise two submissions would be averaged over different classes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

/// What an average does with a class for which the metric is undefined.
enum class UndefinedPolicy : std::uint8_t {
  skip,   ///< leave out the classes that the truth leaves undefined (default)
  zero,   ///< count 0
  one,    ///< count 1
  nan,    ///< the average is undefined, too
  error,  ///< refuse where the truth leaves a class undefined
};

/// What the truth must hold for a class to enter an average under `skip`.
enum class Needs : std::uint8_t { samples, positives, negatives, both_labels };

/// Labelled samples of one class, as counts or as sums of row weights.
struct ClassSupport {
  double n_positive = 0;
  double n_negative = 0;
};

/// Whether the truth alone defines the metric for a class.
constexpr bool truth_defines(Needs needs, const ClassSupport& support) {
  const bool positives = support.n_positive > 0;
  const bool negatives = support.n_negative > 0;
  switch (needs) {
    case Needs::samples:
      return positives || negatives;
    case Needs::positives:
      return positives;
    case Needs::negatives:
      return negatives;
    case Needs::both_labels:
      return positives && negatives;
  }
  return false;
}

/// How one metric is averaged.
struct AveragingRule {
  Needs needs = Needs::positives;
  UndefinedPolicy policy = UndefinedPolicy::skip;
  /// What a class counts, under `skip`, whose truth defines the metric but whose predictions do not
  /// (precision without predictions, say). NaN: the average is then undefined as well.
  double when_predictions_undefine = 0;
};

/// Which classes weigh how much.
enum class Weighting : std::uint8_t {
  equal,    ///< macro: every class the same
  support,  ///< weighted: by the number of positives
};

namespace detail {

/// What a class counts in an average: its value, what fills it, or a reason where nothing does.
inline MetricValue counted_value(const MetricValue& value, const AveragingRule& rule) {
  if (value.defined() || value.why == Undefined::not_probabilities) return value;
  switch (rule.policy) {
    case UndefinedPolicy::zero:
      return {0};
    case UndefinedPolicy::one:
      return {1};
    case UndefinedPolicy::nan:
      return value;
    case UndefinedPolicy::skip:
    case UndefinedPolicy::error:
      break;
  }
  return is_nan(rule.when_predictions_undefine) ? value
                                                : MetricValue{rule.when_predictions_undefine};
}

/// Which kind of label keeps every class out of an average under `skip`.
inline Undefined missing_labels(Needs needs, std::span<const ClassSupport> support) {
  bool positives = false;
  bool negatives = false;
  for (const ClassSupport& one : support) {
    positives = positives || one.n_positive > 0;
    negatives = negatives || one.n_negative > 0;
  }
  if (!positives && !negatives) return Undefined::no_samples;
  const bool wants_positives = needs == Needs::positives || needs == Needs::both_labels;
  return wants_positives && (!positives || negatives) ? Undefined::no_positives
                                                      : Undefined::no_negatives;
}

}  // namespace detail

/// The average of one metric over classes. Under `skip` it runs over the classes that the truth
/// defines; under the other policies over all, undefined values being filled. `n_defined` is the
/// number of classes that it runs over. Undefined where there is no such class (or their weights
/// are all 0), where one of them cannot be filled, and wherever scores are not probabilities.
/// Summed in class order. Cost: O(classes).
/// @throws InvalidArgument if sizes differ, or under `error` if the truth leaves a class undefined.
inline Average average(std::span<const MetricValue> values, std::span<const ClassSupport> support,
                       const AveragingRule& rule, Weighting weighting = Weighting::equal) {
  if (values.size() != support.size()) {
    throw InvalidArgument("average: " + std::to_string(values.size()) + " values for " +
                          std::to_string(support.size()) + " classes");
  }
  Average result;
  result.n_classes = static_cast<int>(values.size());
  double sum = 0;
  double total_weight = 0;
  for (std::size_t c = 0; c < values.size(); ++c) {
    if (!truth_defines(rule.needs, support[c])) {
      if (rule.policy == UndefinedPolicy::skip) continue;
      if (rule.policy == UndefinedPolicy::error) {
        throw InvalidArgument("average: the truth leaves class " + std::to_string(c) +
                              " undefined");
      }
    }
    ++result.n_defined;
    const MetricValue counted = detail::counted_value(values[c], rule);
    if (!counted.defined()) {
      if (result.why == Undefined::none) result.why = counted.why;
      continue;
    }
    const double weight = weighting == Weighting::equal ? 1 : support[c].n_positive;
    sum += weight * counted.value;
    total_weight += weight;
  }
  if (result.why != Undefined::none) return result;
  if (total_weight > 0) {
    result.value = sum / total_weight;
  } else {
    result.why = result.n_defined > 0 ? Undefined::no_positives
                                      : detail::missing_labels(rule.needs, support);
  }
  return result;
}

/// One policy for all metrics, and others for some of them by name.
struct UndefinedPolicies {
  UndefinedPolicy otherwise = UndefinedPolicy::skip;
  std::vector<std::pair<std::string, UndefinedPolicy>> by_metric;

  UndefinedPolicy of(std::string_view metric) const {
    for (const auto& [name, policy] : by_metric) {
      if (name == metric) return policy;
    }
    return otherwise;
  }

  /// The averages that scikit-learn users print: AP and threshold metrics count 0 for a class
  /// without positives, AUROC leaves it out.
  static UndefinedPolicies scikit_learn() {
    return {UndefinedPolicy::zero,
            {{"auroc", UndefinedPolicy::skip}, {"partial_auroc", UndefinedPolicy::skip}}};
  }
};

}  // namespace cxrlt
