// SPDX-License-Identifier: Apache-2.0
/// The few types that every room speaks: labels, values that may not exist, averages, intervals.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace cxrlt {

/// One cell of the truth: 0 (absent), 1 (present) or `kMissing` (not known).
using Label = std::int8_t;

/// The label of a cell that nobody judged; it is left out for its class only.
inline constexpr Label kMissing = -1;

/// What the scores are. It is what the caller says, never guessed.
enum class ScoreKind : std::uint8_t {
  probabilities,  ///< in [0, 1]; otherwise only ranking metrics exist
  logits,         ///< ranking uses them as they are, everything else sigmoid(z) in double
};

/// Why a value does not exist.
enum class Undefined : std::uint8_t {
  none,               ///< the value exists
  no_samples,         ///< no labelled sample at all
  no_positives,       ///< the truth has no positive label
  no_negatives,       ///< the truth has no negative label
  no_predictions,     ///< nothing is predicted positive (for `npv`: nothing negative)
  one_margin_empty,   ///< a row or a column of the confusion matrix is empty
  not_probabilities,  ///< scores lie outside [0, 1] and were not declared as logits
  unattainable,       ///< no threshold reaches the wanted target
  not_estimable,  ///< the data leave the value open: labels separated, or scores that tell nothing
};

/// The stable name of a reason, as written in reports; `""` for `Undefined::none`.
constexpr std::string_view to_string(Undefined why) {
  switch (why) {
    case Undefined::none:
      return "";
    case Undefined::no_samples:
      return "no_samples";
    case Undefined::no_positives:
      return "no_positives";
    case Undefined::no_negatives:
      return "no_negatives";
    case Undefined::no_predictions:
      return "no_predictions";
    case Undefined::one_margin_empty:
      return "one_margin_empty";
    case Undefined::not_probabilities:
      return "not_probabilities";
    case Undefined::unattainable:
      return "unattainable";
    case Undefined::not_estimable:
      return "not_estimable";
  }
  return "";
}

/// A metric's value, or the reason why there is none (`value` is NaN then).
struct MetricValue {
  double value = std::numeric_limits<double>::quiet_NaN();
  Undefined why = Undefined::none;

  constexpr bool defined() const { return why == Undefined::none; }

  /// A value that does not exist, for the given reason.
  static constexpr MetricValue undefined(Undefined why) {
    return {std::numeric_limits<double>::quiet_NaN(), why};
  }
};

/// An average over classes, and how many of them it rests on.
struct Average {
  double value = std::numeric_limits<double>::quiet_NaN();
  int n_defined = 0;  ///< classes that entered the average
  int n_classes = 0;  ///< classes that might have entered it
  Undefined why = Undefined::none;

  constexpr bool defined() const { return why == Undefined::none; }
};

/// A decision threshold with the value that it attains: predict positive where score >= threshold.
struct OperatingPoint {
  double threshold = std::numeric_limits<double>::quiet_NaN();
  MetricValue value;
  bool attainable = true;  ///< false where no threshold reaches the wanted target
};

/// A confidence interval [lower, upper] at the given level in (0, 1), or the reason why there is
/// none (both ends are NaN then).
struct Interval {
  double lower = 0;
  double upper = 0;
  double level = 0.95;
  Undefined why = Undefined::none;

  constexpr bool defined() const { return why == Undefined::none; }
  constexpr bool contains(double value) const { return lower <= value && value <= upper; }

  /// An interval that does not exist, for the given reason.
  static constexpr Interval undefined(Undefined why, double level) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan, level, why};
  }
};

}  // namespace cxrlt
