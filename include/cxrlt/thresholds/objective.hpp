// SPDX-License-Identifier: Apache-2.0
/// What a threshold is chosen for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/threshold.hpp"

namespace cxrlt {

/// The kinds of objective.
enum class ObjectiveKind : std::uint8_t {
  f_beta,              ///< highest F-beta
  informedness,        ///< highest TPR - FPR (Youden 1950)
  mcc,                 ///< highest Matthews correlation
  cost,                ///< lowest cost of false positives and false negatives
  cardinality,         ///< as many predictions per row as labels, by one threshold for all classes
  recall_at_least,     ///< highest precision among thresholds with recall >= target
  precision_at_least,  ///< highest recall among thresholds with precision >= target
  specificity_at_least,  ///< highest recall among thresholds with specificity >= target
};

/// An objective with its parameters; those of other kinds do not matter.
struct Objective {
  ObjectiveKind kind = ObjectiveKind::f_beta;
  double beta = 1;                 ///< of F-beta: recall counts beta times as much as precision
  double target = 0.9;             ///< of the `_at_least` kinds, in [0, 1]
  double false_positive_cost = 1;  ///< finite, >= 0
  double false_negative_cost = 1;  ///< finite, >= 0; not both 0

  /// Whether thresholds must reach a target, instead of the best compromise.
  bool has_target() const { return kind >= ObjectiveKind::recall_at_least; }
};

/// Refuses parameters out of their range. @throws InvalidArgument
inline void check_objective(const Objective& objective) {
  const auto is_cost = [](double cost) { return is_finite(cost) && cost >= 0; };
  if (objective.kind == ObjectiveKind::f_beta) detail::check_beta(objective.beta, "f_beta");
  if (objective.has_target() && !(objective.target >= 0 && objective.target <= 1)) {
    throw InvalidArgument("the target is " + number_text(objective.target) +
                          "; expected a value in [0, 1]");
  }
  if (objective.kind != ObjectiveKind::cost) return;
  if (!is_cost(objective.false_positive_cost) || !is_cost(objective.false_negative_cost) ||
      objective.false_positive_cost + objective.false_negative_cost == 0) {
    throw InvalidArgument("costs are " + number_text(objective.false_positive_cost) + " and " +
                          number_text(objective.false_negative_cost) +
                          "; expected finite numbers of at least 0, one of them above 0");
  }
}

/// The mean cost of a row, (c_fp FP + c_fn FN) / n; lower is better. Undefined without rows.
template <class Count>
MetricValue mean_cost(const ConfusionCounts<Count>& counts, const Objective& objective) {
  const double cost = objective.false_positive_cost * static_cast<double>(counts.fp) +
                      objective.false_negative_cost * static_cast<double>(counts.fn);
  return detail::ratio(counts, cost, static_cast<double>(counts.total()), Undefined::no_samples);
}

namespace detail {

/// What the truth must hold of a class for the objective to be chosen and averaged.
inline Needs needs_of(const Objective& objective) {
  switch (objective.kind) {
    case ObjectiveKind::cost:
    case ObjectiveKind::cardinality:
      return Needs::samples;
    case ObjectiveKind::informedness:
    case ObjectiveKind::mcc:
    case ObjectiveKind::specificity_at_least:
      return Needs::both_labels;
    case ObjectiveKind::f_beta:
    case ObjectiveKind::recall_at_least:
    case ObjectiveKind::precision_at_least:
      break;
  }
  return Needs::positives;
}

}  // namespace detail

/// The share of rows that are predicted, (TP + FP) / n: what a class adds to the mean number of
/// predictions per row. Undefined without rows.
template <class Count>
MetricValue predicted_share(const ConfusionCounts<Count>& counts) {
  return detail::ratio(counts, static_cast<double>(counts.tp + counts.fp),
                       static_cast<double>(counts.total()), Undefined::no_samples);
}

/// What decisions with these counts attain: F-beta, informedness, MCC, the mean cost, the share
/// predicted; and for targets the value that is sought within them, precision or recall. Undefined
/// as that metric.
template <class Count>
MetricValue objective_value(const ConfusionCounts<Count>& counts, const Objective& objective) {
  switch (objective.kind) {
    case ObjectiveKind::f_beta:
      return f_beta(counts, objective.beta);
    case ObjectiveKind::informedness:
      return informedness(counts);
    case ObjectiveKind::mcc:
      return mcc(counts);
    case ObjectiveKind::cost:
      return mean_cost(counts, objective);
    case ObjectiveKind::cardinality:
      return predicted_share(counts);
    case ObjectiveKind::recall_at_least:
      return precision(counts);
    case ObjectiveKind::precision_at_least:
    case ObjectiveKind::specificity_at_least:
      break;
  }
  return recall(counts);
}

/// The objective as the program and files write it: `f1`, `fbeta:2`, `youden`, `mcc`, `cost:1,5`,
/// `cardinality`, `recall>=0.9`, `precision>=0.9`, `specificity>=0.9`.
inline std::string objective_text(const Objective& objective) {
  switch (objective.kind) {
    case ObjectiveKind::f_beta:
      return objective.beta == 1 ? "f1" : "fbeta:" + number_text(objective.beta);
    case ObjectiveKind::informedness:
      return "youden";
    case ObjectiveKind::mcc:
      return "mcc";
    case ObjectiveKind::cost:
      return "cost:" + number_text(objective.false_positive_cost) + "," +
             number_text(objective.false_negative_cost);
    case ObjectiveKind::cardinality:
      return "cardinality";
    case ObjectiveKind::recall_at_least:
      return "recall>=" + number_text(objective.target);
    case ObjectiveKind::precision_at_least:
      return "precision>=" + number_text(objective.target);
    case ObjectiveKind::specificity_at_least:
      break;
  }
  return "specificity>=" + number_text(objective.target);
}

namespace detail {

/// The number behind a prefix, or nothing where the text begins otherwise.
inline std::optional<double> number_behind(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return number_of(std::string(text.substr(prefix.size())));
}

inline std::optional<Objective> objective_of(const std::string& text) {
  if (text == "f1") return Objective{};
  if (text == "youden") return Objective{ObjectiveKind::informedness};
  if (text == "mcc") return Objective{ObjectiveKind::mcc};
  if (text == "cardinality") return Objective{ObjectiveKind::cardinality};
  Objective objective;
  if (const auto beta = number_behind(text, "fbeta:")) {
    objective.beta = *beta;
    return objective;
  }
  for (const auto& [kind, prefix] : {std::pair{ObjectiveKind::recall_at_least, "recall>="},
                                     {ObjectiveKind::precision_at_least, "precision>="},
                                     {ObjectiveKind::specificity_at_least, "specificity>="}}) {
    if (const auto target = number_behind(text, prefix)) {
      objective.kind = kind;
      objective.target = *target;
      return objective;
    }
  }
  const std::size_t comma = text.find(',');
  if (comma == std::string::npos) return std::nullopt;
  const auto false_positive = number_behind(text.substr(0, comma), "cost:");
  const auto false_negative = number_of(text.substr(comma + 1));
  if (!false_positive || !false_negative) return std::nullopt;
  objective.kind = ObjectiveKind::cost;
  objective.false_positive_cost = *false_positive;
  objective.false_negative_cost = *false_negative;
  return objective;
}

}  // namespace detail

/// The objective that a text names; the inverse of `objective_text`.
/// @throws InvalidArgument for another text or a parameter out of its range.
inline Objective parse_objective(const std::string& text) {
  const std::optional<Objective> objective = detail::objective_of(text);
  if (!objective) {
    throw InvalidArgument("there is no objective '" + text +
                          "'; expected f1, fbeta:2, youden, mcc, cost:FP,FN, cardinality, "
                          "recall>=0.9, precision>=0.9 or specificity>=0.9");
  }
  check_objective(*objective);
  return *objective;
}

}  // namespace cxrlt
